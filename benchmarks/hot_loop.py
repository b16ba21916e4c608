"""A profile of the hot loop: what a proposal costs by kind, and where its time goes.

``python benchmarks/hot_loop.py --instances synthetic_1000`` prints two tables an instance. The
first runs proposals of one kind alone on a partition that the search has brought to rest at each
temperature. The second takes moves apart by ablation, on that partition held still: drawing alone,
then with the change of value, then with the search of the land for what passes the Metropolis rule;
each difference is what the step adds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numba
import numpy as np
from instances import read_instance
from machine import reference_nanoseconds, timed
from peers import DATA

from feeder.partition.cooling import Effort, typical_flow
from feeder.partition.flat import flatten
from feeder.partition.kernels.arrays import ProblemArrays, State
from feeder.partition.kernels.constraints import constraint_change
from feeder.partition.kernels.family import try_family
from feeder.partition.kernels.moves import holds_without, pins
from feeder.partition.kernels.objectives import move_worth
from feeder.partition.kernels.proposals import keeps, propose_community, try_move, try_swap
from feeder.partition.kernels.resplit import try_resplit
from feeder.partition.kernels.rng import below
from feeder.partition.problem import IntArray, PartitionProblem
from feeder.partition.search import search
from feeder.partition.tallies import make_state

TEMPERATURES = {"hot": 0.5, "midway": 0.16, "cold": 0.05}
"""In typical flows; the search cools from the first to the last."""
HARD = 3.0
"""Weight of a school too many, in typical flows."""
PROPOSALS = 3_000_000
RESPLITS = 30_000
SETTLING = 300
"""Proposals for each unit that bring the partition to rest at a temperature."""

Loop = Callable[[ProblemArrays, State, int, float, float], int]


def _loop(attempt: Callable) -> Loop:
    """Compile a loop over one kind of proposal; it returns how many were accepted."""

    def loop(
        given: ProblemArrays, state: State, steps: int, temperature: float, weight: float
    ) -> int:
        accepted = 0
        for _ in range(steps):
            gained, eased = attempt(given, state, temperature, weight)
            accepted += gained != 0.0 or eased != 0.0
        return accepted

    return numba.njit(loop)


MOVES = _loop(try_move)
KINDS = {
    "move": (MOVES, PROPOSALS),
    "swap": (_loop(try_swap), PROPOSALS),
    "family": (_loop(try_family), PROPOSALS),
    "resplit": (_loop(try_resplit), RESPLITS),
}


@numba.njit
def drawn(
    given: ProblemArrays, state: State, steps: int, _temperature: float, _weight: float
) -> int:
    """Draw units and communities next to them."""
    proposed = 0
    for _ in range(steps):
        u = below(state.rng, len(state.label))
        proposed += propose_community(given, state, u) >= 0
    return proposed


@numba.njit
def valued(
    given: ProblemArrays, state: State, steps: int, temperature: float, weight: float
) -> int:
    """Draw, and judge the change of value."""
    kept = 0
    for _ in range(steps):
        u = below(state.rng, len(state.label))
        a, b = state.label[u], propose_community(given, state, u)
        if b >= 0:
            worth = move_worth(given, state, u, a, b)
            change = constraint_change(given, state, u, a, b)
            pinned = pins(given, state, u, a)
            kept += not pinned and keeps(state, weight * change - worth, temperature)
    return kept


@numba.njit
def searched(
    given: ProblemArrays, state: State, steps: int, temperature: float, weight: float
) -> int:
    """Draw, judge, and search the land of what is about to be accepted."""
    kept = 0
    for _ in range(steps):
        u = below(state.rng, len(state.label))
        a, b = state.label[u], propose_community(given, state, u)
        if b >= 0:
            worth = move_worth(given, state, u, a, b)
            change = constraint_change(given, state, u, a, b)
            pinned = pins(given, state, u, a)
            if not pinned and keeps(state, weight * change - worth, temperature):
                kept += holds_without(given, state, u, a)
    return kept


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bench:
    """A problem, a good partition of it, and the yardstick of its temperatures."""

    given: ProblemArrays
    labels: IntArray
    scale: float

    @classmethod
    def of(cls, problem: PartitionProblem) -> Bench:
        """Find a partition to measure on."""
        found = search(problem, seed=0, effort=Effort(steps_per_unit=3000, chains=1))
        return cls(given=flatten(problem), labels=found.labels, scale=typical_flow(problem))

    def at_rest(self, heat: float) -> State:
        """Return the state of the partition brought to rest at a temperature."""
        state = make_state(self.given, self.labels, np.random.default_rng(0))
        self.run(MOVES, state, SETTLING * len(self.labels), heat)
        return state

    def run(self, loop: Loop, state: State, steps: int, heat: float) -> int:
        """Run a loop."""
        return loop(self.given, state, steps, heat * self.scale, HARD * self.scale)

    def nanoseconds(self, loop: Loop, state: State, steps: int, heat: float) -> tuple[float, float]:
        """Return the time of one step of a loop, and the share it accepts; compiled before."""
        self.run(loop, state, 10, heat)
        accepted, seconds = timed(lambda: self.run(loop, state, steps, heat))
        return seconds / steps * 1e9, accepted / steps


def kinds(bench: Bench) -> None:
    """Print what proposals of each kind cost."""
    print("| proposal | temperature | ns | accepted |")
    print("| --- | --- | --- | --- |")
    for name, (loop, steps) in KINDS.items():
        for heat_name, heat in TEMPERATURES.items():
            time, share = bench.nanoseconds(loop, bench.at_rest(heat), steps, heat)
            print(f"| {name} | {heat_name} | {time:,.0f} | {share:.2%} |", flush=True)


def steps_of_a_move(bench: Bench) -> None:
    """Print what each step of a move adds until it is accepted."""
    print("\n| temperature | draw, ns | value, ns | land search, ns | land search, share |")
    print("| --- | --- | --- | --- | --- |")
    for heat_name, heat in TEMPERATURES.items():
        state = bench.at_rest(heat)
        draw, value, land = (
            min(bench.nanoseconds(loop, state, PROPOSALS, heat)[0] for _ in range(3))
            for loop in (drawn, valued, searched)
        )
        cells = f"{draw:.0f} | {value - draw:.0f} | {land - value:.0f} | {1 - value / land:.0%}"
        print(f"| {heat_name} | {cells} |", flush=True)


def main() -> None:
    """Read what is asked for, profile, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--instances", nargs="+", default=["synthetic_1000"])
    parser.add_argument("--data", type=Path, default=DATA / "instances")
    asked = parser.parse_args()
    print(f"The reference loop takes {reference_nanoseconds():.2f} ns a step on this machine.")
    for name in asked.instances:
        problem = read_instance(asked.data / name)
        bench = Bench.of(problem)
        print(f"\n{name}: {problem.n_units} units, {problem.n_communities} communities\n")
        kinds(bench)
        steps_of_a_move(bench)


if __name__ == "__main__":
    main()
