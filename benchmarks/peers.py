"""The search beside its peers: flow kept, limits broken and CPU seconds, on the same instances.

``python benchmarks/peers.py --instances synthetic_200 fairfax_va`` prints one table an instance,
medians over the seeds. What an engine keeps stands in brackets where its plans break a limit: flow
is easily kept by a plan in pieces. Peers come with ``pip install -e ".[peers]"``.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, median_high

import metis
import sklearn.cluster as _loaded  # noqa: F401 - loading it is no engine's time
from bursts import bursts
from instances import read_instance
from machine import reference_nanoseconds, timed

from feeder.partition.broken import broken_constraints, communities_broken
from feeder.partition.cooling import Effort
from feeder.partition.methods.divide import divide, divide_by
from feeder.partition.methods.table import METHODS
from feeder.partition.problem import IntArray, PartitionProblem
from feeder.partition.search import PARTS_PER_COMMUNITY, search, warm_up

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FEEDER_DATA", ROOT.parent / "shared" / "data"))
STARTS = 40
"""Plans of METIS tried for one that keeps every limit, from which GerryChain may start."""
TRIAL = Effort(steps_per_unit=20_000, chains=1, rounds=0)
CHAINS = 0.7
"""Share of the proposals that go to chains."""
METIS_FLOWS, METIS_ROUTES = "METIS, contacts + flows", "METIS, routed flows, contiguous"

Engine = Callable[[int], IntArray]
"""From a seed to labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one engine reaches, medians over its seeds."""

    engine: str
    kept: float
    broken: int
    limits: Counter[str]
    seconds: float


def measured(problem: PartitionProblem, name: str, engine: Engine, seeds: int) -> Row:
    """Run an engine once a seed and judge what it gives."""
    runs = [timed(lambda seed=seed: engine(seed)) for seed in range(seeds)]
    found = [labels for labels, _ in runs]
    told = [broken_constraints(problem, labels) for labels in found]
    limits = {
        name: median_high([len(broken.get(name, ())) for broken in told])
        for name in dict.fromkeys(name for broken in told for name in broken)
    }
    return Row(
        engine=name,
        kept=median([problem.kept_share(labels) for labels in found]),
        broken=median_high([communities_broken(problem, labels) for labels in found]),
        limits=+Counter(limits),
        seconds=median([seconds for _, seconds in runs]),
    )


def ours(problem: PartitionProblem, budgets: list[float]) -> Iterator[tuple[str, Engine]]:
    """List the search at about each budget of CPU seconds, reckoned from a short trial."""
    _, seconds = timed(lambda: search(problem, seed=0, effort=TRIAL))
    per_step = seconds / (TRIAL.steps_per_unit * problem.n_units)
    for budget in budgets:
        effort = affordable(problem, budget / per_step)
        yield (
            f"feeder, about {budget:g} s ({effort.chains} x {effort.steps_per_unit:,} a unit, "
            f"{effort.rounds} rounds)",
            lambda seed, effort=effort: search(problem, seed=seed, effort=effort).labels,
        )


def affordable(problem: PartitionProblem, proposals: float) -> Effort:
    """Spend a number of proposals: most on chains of the usual length, the rest on rounds."""
    usual, n, k = Effort.for_size(problem.n_units), problem.n_units, problem.n_communities
    chains = max(1, round(CHAINS * proposals / (usual.steps_per_unit * n)))
    steps = min(usual.steps_per_unit, CHAINS * proposals / (chains * n))
    parts = max(chains, -(-k // PARTS_PER_COMMUNITY))
    round_of_parts = parts * n * min(1.0, usual.part / k) * usual.part_steps_per_unit
    return replace(
        usual,
        chains=chains,
        steps_per_unit=max(1000, 1000 * round(steps / 1000)),
        rounds=int((1 - CHAINS) * proposals / round_of_parts),
    )


def peers(problem: PartitionProblem) -> Iterator[tuple[str, Engine]]:
    """List METIS and the comparators."""
    yield METIS_FLOWS, lambda seed: divide_by(problem, metis.on_flows, seed=seed)
    yield METIS_ROUTES, lambda seed: divide_by(problem, metis.on_routes, seed=seed)
    for name in METHODS:
        yield name, lambda seed, name=name: divide(problem, method=name, seed=seed)


def start_of_bursts(problem: PartitionProblem) -> IntArray | None:
    """Return the first plan of METIS that keeps every limit; None where some tries find none."""
    for seed in range(STARTS):
        labels = divide_by(problem, metis.on_routes, seed=seed)
        if not broken_constraints(problem, labels):
            return labels
    return None


def rows(
    problem: PartitionProblem, *, seeds: int, budgets: list[float], burst_seconds: float
) -> Iterator[Row | str]:
    """Measure every engine; a text is why one cannot be measured."""
    engines = [*ours(problem, budgets), *peers(problem)]
    yield from (measured(problem, name, engine, seeds) for name, engine in engines)
    if burst_seconds <= 0:
        return
    name = "GerryChain bursts from there"
    start = start_of_bursts(problem)
    if start is None:
        yield f"{name}: cannot start, {STARTS} plans of METIS all break limits"
        return
    yield measured(
        problem,
        name,
        lambda seed: bursts(problem, start, seed=seed, seconds=burst_seconds)[0],
        seeds,
    )


def told(row: Row | str, problem: PartitionProblem, unit: float) -> str:
    """Write a row of the table; ``unit`` is the CPU seconds of the row to compare with."""
    if isinstance(row, str):
        return f"| {row} | | | | | |"
    kept = f"{row.kept:.4f}" if row.broken == 0 else f"({row.kept:.4f})"
    why = ", ".join(f"{name} {count}" for name, count in sorted(row.limits.items()))
    broken = f"{row.broken} of {problem.n_communities}"
    time = f"{row.seconds:.2f} | {row.seconds / unit:.3g}"
    return f"| {row.engine} | {kept} | {broken} | {why} | {time} |"


def main() -> None:
    """Read what is asked, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--instances", nargs="+", default=["synthetic_200"])
    parser.add_argument("--data", type=Path, default=DATA / "instances")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--budgets", type=float, nargs="+", default=[1, 10, 60])
    parser.add_argument("--bursts", type=float, default=60, help="CPU seconds; 0 leaves them out")
    asked = parser.parse_args()
    warm_up()
    print(f"The reference loop takes {reference_nanoseconds():.2f} ns a step on this machine.")
    for name in asked.instances:
        problem = read_instance(asked.data / name)
        units, k = problem.n_units, problem.n_communities
        print(f"\n{name}: {problem.schools.sum()} schools, {units} units, {k} communities\n")
        print("| engine | kept | broken | limits broken by | CPU s | times the first |")
        print("| --- | --- | --- | --- | --- | --- |")
        unit = 0.0
        found = rows(problem, seeds=asked.seeds, budgets=asked.budgets, burst_seconds=asked.bursts)
        for row in found:
            unit = unit or (row.seconds if isinstance(row, Row) else 1.0)
            print(told(row, problem, unit), flush=True)


if __name__ == "__main__":
    main()
