"""The door of the heart: a problem goes in, the best partition found comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import numpy as np

from feeder.partition.cooling import CHUNKS, Effort, cool, polish
from feeder.partition.flat import flatten
from feeder.partition.kernels.arrays import ProblemArrays
from feeder.partition.master import combine
from feeder.partition.problem import (
    IntArray,
    PartitionProblem,
    csr_from_pairs,
    symmetric_csr,
)

Progress = Callable[[float], None]
Made = TypeVar("Made")
COOLING: Final = 0.75
"""Share of the work, told as progress, that is done when the chains have cooled."""
PARTS_PER_COMMUNITY: Final = 5
"""Communities for each part that a round searches anew: each is in two parts on average."""


class Runner(Protocol):
    """Runs numbered tasks side by side and returns what they made, in order."""

    def __call__(self, task: Callable[[int], Made], count: int) -> list[Made]:
        """Run tasks 0 to ``count - 1``."""
        ...


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
        Whether every constraint the search knows is kept.
    """

    labels: IntArray
    objective: float
    feasible: bool


def search(
    problem: PartitionProblem,
    *,
    seed: int,
    effort: Effort | None = None,
    progress: Progress | None = None,
    workers: int = 2,
) -> Partition:
    """Search for the partition with the highest objective that keeps every constraint.

    Chains of simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) with moves, families, swaps
    and resplits; then rounds in which parts of the best partition are annealed anew side by side,
    and the communities of all that was found are put together exactly
    (:mod:`feeder.partition.master`). Land is kept whole at every step; the other constraints are
    soft at first and harden while the search cools.

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
    The best feasible partition, else the one with the least excess. Ties go to the first chain.
    """
    effort = effort or Effort()
    arrays = flatten(problem)
    tell = progress or (lambda _: None)
    with _side_by_side(workers) as run:
        cooled = _cool(problem, arrays, seed, effort, run, lambda share: tell(COOLING * share))
        plans = [labels for labels, left in cooled if left == 0.0]
        if not plans:
            labels = min(cooled, key=lambda outcome: outcome[1])[0]
            tell(1.0)
            return Partition(labels, problem.objective(labels), feasible=False)
        best = combine(problem, plans)
        for turn in range(effort.rounds):
            parts = _polish(problem, arrays, best, [seed, turn], effort, run)
            best = combine(problem, [best, *parts, *plans])
            tell(COOLING + (1 - COOLING) * (turn + 1) / effort.rounds)
    tell(1.0)
    return Partition(best, problem.objective(best), feasible=True)


def _cool(
    problem: PartitionProblem,
    arrays: ProblemArrays,
    seed: int,
    effort: Effort,
    run: Runner,
    tell: Progress,
) -> list[tuple[IntArray, float]]:
    """Run every chain; returns labels and the excess left of each."""
    done = np.zeros(effort.chains)

    def chain(number: int) -> tuple[IntArray, float]:
        def report(share: float) -> None:
            done[number] = share
            tell(float(done.mean()))

        return cool(problem, arrays, np.random.default_rng([seed, number]), effort, report)

    return run(chain, effort.chains)


def _polish(
    problem: PartitionProblem,
    arrays: ProblemArrays,
    best: IntArray,
    seed: list[int],
    effort: Effort,
    run: Runner,
) -> list[IntArray]:
    """Search parts of the best partition anew, as many as cover it twice or there are chains."""
    count = max(effort.chains, -(-problem.n_communities // PARTS_PER_COMMUNITY))

    def part(number: int) -> IntArray:
        rng = np.random.default_rng([*seed, effort.chains + number])
        return polish(problem, arrays, best, rng, effort)

    return run(part, count)


@contextmanager
def _side_by_side(workers: int) -> Iterator[Runner]:
    """Run tasks on threads; one after another, in this one, where one is all there is."""
    if workers <= 1:
        yield lambda task, count: [task(number) for number in range(count)]
        return
    with ThreadPoolExecutor(max_workers=workers) as pool:
        yield lambda task, count: list(pool.map(task, range(count)))


def warm_up() -> None:
    """Compile the loops, or load them from the cache of an earlier compilation.

    The first call on a machine takes about a minute; later ones, in any process, a moment.
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
        school_bounds=(1, 1),
        totals_low=np.ones(1),
        totals_high=np.ones(1),
        required_grades=0,
        points=np.zeros((2, 2)),
        today=np.full(2, -1, dtype=np.int64),
        weights={"feeder_continuity": 1.0, "cut_contacts": 0.1},
    )
    search(problem, seed=0, effort=Effort(steps_per_unit=CHUNKS, chains=1))
