"""The door of the heart: a problem goes in, the best partition found comes out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from feeder.partition.flat import flatten, make_state
from feeder.partition.growth import grow
from feeder.partition.kernels.annealing import anneal, loose_units, total_penalty
from feeder.partition.kernels.arrays import Given
from feeder.partition.problem import (
    IntArray,
    Limits,
    PartitionProblem,
    csr_from_pairs,
    symmetric_csr,
)

CHUNKS: Final = 40
SWAP_SHARE: Final = 0.25
RESPLIT_SHARE: Final = 0.004
"""Shares of the proposals that swap two units, or merge and resplit two communities."""

TOTAL_STEPS: Final = 80_000_000
"""Proposals of all chains together: some ten seconds of one processor."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long and how hot to search.

    Temperatures and penalties are in units of one typical unit's flow, so one setting serves
    districts of every size.

    Parameters
    ----------
    steps_per_unit
        Proposals of one chain for each unit.
    chains
        Independent chains; the best one counts. Fixed by the caller, so that the outcome does
        not depend on the number of processors.
    hot, cold
        First and last temperature.
    soft, hard
        First and last weight of one school too many.
    """

    steps_per_unit: int = 40_000
    chains: int = 4
    hot: float = 1.0
    cold: float = 0.1
    soft: float = 1.0
    hard: float = 6.0

    @classmethod
    def for_size(cls, n_units: int) -> Effort:
        """Return the default effort: the smaller the district, the more chains it affords."""
        chain = cls().steps_per_unit * max(1, n_units)
        return cls(chains=int(np.clip(TOTAL_STEPS // chain, 2, 12)))

    def times(self, factor: int) -> Effort:
        """Return this effort with chains that many times as long."""
        return replace(self, steps_per_unit=self.steps_per_unit * factor)


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """The outcome of a search.

    Attributes
    ----------
    labels
        Shape (n_units,): community of each unit.
    objective
        Value of :meth:`PartitionProblem.objective`.
    feasible
        Whether every limit the search knows is kept.
    chain
        Which chain found it.
    """

    labels: IntArray
    objective: float
    feasible: bool
    chain: int


def search(
    problem: PartitionProblem,
    *,
    seed: int,
    effort: Effort | None = None,
    progress: Progress | None = None,
    workers: int = 2,
) -> Partition:
    """Search for the partition with the highest objective that keeps every limit.

    Simulated annealing with moves, swaps and resplits. Land is kept whole at every step;
    the other limits are soft at first and harden while the search cools.

    Parameters
    ----------
    problem
        What to partition.
    seed
        Fixes the outcome, whatever the number of workers.
    effort
        Length and temperatures.
    progress
        Called with the share done, 0 to 1.
    workers
        Threads; the compiled loops run side by side.

    Returns
    -------
    The best feasible partition, else the one with the least penalty. Ties go to the first chain.
    """
    effort = effort or Effort()
    given = flatten(problem)
    rngs = [np.random.default_rng([seed, chain]) for chain in range(effort.chains)]
    done = np.zeros(effort.chains)

    def run(chain: int) -> tuple[float, Partition]:
        def report(share: float) -> None:
            done[chain] = share
            if progress is not None:
                progress(float(done.mean()))

        return _run_chain(problem, given, rngs[chain], effort, chain, report)

    if workers > 1 and effort.chains > 1:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            outcomes = list(pool.map(run, range(effort.chains)))
    else:
        outcomes = [run(chain) for chain in range(effort.chains)]
    return max(
        outcomes, key=lambda o: (o[1].feasible, -o[0], round(o[1].objective, 12), -o[1].chain)
    )[1]


def _run_chain(
    problem: PartitionProblem,
    given: Given,
    rng: np.random.Generator,
    effort: Effort,
    chain: int,
    report: Progress,
) -> tuple[float, Partition]:
    """Run one chain; returns the penalty left and the partition."""
    start = grow(problem, rng)
    state = make_state(given, start, rng)
    # The search counts from its own start, so its running value stays small and exact.
    best, value = start.copy(), np.array([-np.inf, 0.0])
    scale = typical_flow(problem)
    steps = max(1, effort.steps_per_unit * problem.n_units // CHUNKS)
    temperatures = scale * np.geomspace(effort.hot, effort.cold, CHUNKS + 1)
    weights = scale * np.geomspace(effort.soft, effort.hard, CHUNKS + 1)
    for chunk in range(CHUNKS):
        anneal(
            given,
            state,
            steps,
            temperatures[chunk],
            temperatures[chunk + 1],
            weights[chunk],
            weights[chunk + 1],
            SWAP_SHARE,
            RESPLIT_SHARE,
            best,
            value,
        )
        report((chunk + 1) / CHUNKS)
    labels = best if np.isfinite(value[0]) else state.label.copy()
    anew = make_state(given, labels, rng)
    left = round(float(total_penalty(given, anew)) + loose_units(given, anew), 9)
    return left, Partition(labels, problem.objective(labels), left == 0.0, chain)


def typical_flow(problem: PartitionProblem) -> float:
    """Objective that one typical unit's flow is worth: the yardstick of the search."""
    return max(problem.flow_weight, problem.cut_weight, 1e-3) / max(
        1, int((problem.schools > 0).sum())
    )


def warm_up() -> None:
    """Compile the loops, or load them from the cache of an earlier compilation.

    The first call on a machine takes some twenty seconds; later ones, in any process, a moment.
    """
    pair = np.array([0, 1])
    none = np.zeros((0, 2), dtype=np.int64)
    problem = PartitionProblem(
        community_zone=np.zeros(2, dtype=np.int64),
        unit_zone=np.zeros(2, dtype=np.int64),
        schools=np.ones(2, dtype=np.int64),
        grades=np.zeros(2, dtype=np.int64),
        has_land=np.ones(2, dtype=np.bool_),
        totals=np.ones((1, 2)),
        locked=np.full(2, -1, dtype=np.int64),
        land=symmetric_csr(2, pair[:1], pair[1:], np.ones(1)),
        anchors=csr_from_pairs(2, pair[:0], pair[:0], np.zeros(0)),
        flows=symmetric_csr(2, pair[:1], pair[1:], np.ones(1)),
        flow_inside=0.0,
        flow_total=1.0,
        together=none,
        apart=none,
        limits=Limits(schools=(1, 1), totals_low=np.ones(1), totals_high=np.ones(1), grades=0),
        points=np.zeros((2, 2)),
        today=np.full(2, -1, dtype=np.int64),
        weights={"feeder_continuity": 1.0, "cut_contacts": 0.1},
    )
    search(problem, seed=0, effort=Effort(steps_per_unit=CHUNKS, chains=1))
