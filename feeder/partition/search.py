"""The door of the heart: a problem goes in, the best partition found comes out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from feeder.partition.growth import grow
from feeder.partition.kernels.annealing import anneal, total_penalty
from feeder.partition.kernels.arrays import Given, State
from feeder.partition.kernels.moves import penalty_with
from feeder.partition.problem import (
    N_GRADES,
    BoolArray,
    FloatArray,
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
    given = _given(problem)
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
    state = make_state(problem, given, start, rng)
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
    feasible = bool(np.isfinite(value[0]))
    labels = best if feasible else state.label.copy()
    left = 0.0 if feasible else round(float(total_penalty(given, state)), 9)
    return left, Partition(labels, problem.objective(labels), feasible, chain)


def typical_flow(problem: PartitionProblem) -> float:
    """Objective that one typical unit's flow is worth: the yardstick of the search."""
    return max(problem.flow_weight, problem.cut_weight, 1e-3) / max(
        1, int((problem.schools > 0).sum())
    )


def _given(problem: PartitionProblem) -> Given:
    """Flatten the problem into the types the compiled loops were made for."""
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.anchors.start))
    dependents = csr_from_pairs(problem.n_units, problem.anchors.to, tail, problem.anchors.weight)
    pairs = np.concatenate([problem.together, problem.apart]).reshape(-1, 2)
    sign = np.repeat([1.0, -1.0], [len(problem.together), len(problem.apart)])
    ties = csr_from_pairs(
        problem.n_units,
        np.concatenate([pairs[:, 0], pairs[:, 1]]),
        np.concatenate([pairs[:, 1], pairs[:, 0]]),
        np.concatenate([sign, sign]),
    )
    used = np.maximum(1, (problem.totals > 0).sum(axis=1))
    limits = problem.limits
    return Given(
        community_zone=problem.community_zone.astype(np.int64),
        unit_zone=problem.unit_zone.astype(np.int64),
        schools=problem.schools.astype(np.int64),
        grades=problem.grades.astype(np.int64),
        landed=problem.has_land.astype(np.int64),
        totals=np.ascontiguousarray(problem.totals, dtype=np.float64),
        locked=problem.locked.astype(np.int64),
        land_start=problem.land.start,
        land_to=problem.land.to,
        anchor_start=problem.anchors.start,
        anchor_to=problem.anchors.to,
        anchor_share=problem.anchors.weight,
        dependent_start=dependents.start,
        dependent_to=dependents.to,
        dependent_share=dependents.weight,
        flow_start=problem.flows.start,
        flow_to=problem.flows.to,
        flow_students=problem.flows.weight,
        tie_start=ties.start,
        tie_to=ties.to,
        tie_sign=ties.weight.astype(np.int64),
        schools_low=int(limits.schools[0]),
        schools_high=int(limits.schools[1]),
        totals_low=limits.totals_low.astype(np.float64),
        totals_high=limits.totals_high.astype(np.float64),
        total_unit=np.maximum(problem.totals.sum(axis=1) / used, 1e-9),
        required=int(limits.grades),
        flow_gain=float(problem.flow_weight / problem.flow_total)
        if problem.flow_total > 0
        else 0.0,
        cut_cost=float(problem.cut_weight / max(1, problem.n_contacts)),
    )


def make_state(
    problem: PartitionProblem, given: Given, labels: IntArray, rng: np.random.Generator
) -> State:
    """Build every tally of a partition from scratch."""
    n, k = problem.n_units, problem.n_communities
    members = np.zeros((k, n), dtype=np.int64)
    place = np.zeros(n, dtype=np.int64)
    for c in range(k):
        units = np.flatnonzero(labels == c)
        members[c, : len(units)] = units
        place[units] = np.arange(len(units))
    grades = (problem.grades[:, None] >> np.arange(N_GRADES)) & 1
    serving = np.zeros((k, N_GRADES), dtype=np.int64)
    np.add.at(serving, labels, grades)
    state = State(
        label=labels.astype(np.int64).copy(),
        members=members,
        size=_tally(labels, np.ones(n), k).astype(np.int64),
        place=place,
        tiles=_tally(labels, problem.has_land, k).astype(np.int64),
        schools=_tally(labels, problem.schools, k).astype(np.int64),
        totals=np.stack([_tally(labels, row, k) for row in problem.totals]),
        serving=serving,
        anchored=_anchored(problem, labels),
        penalty=np.zeros(k),
        stamp=np.zeros(n, dtype=np.int64),
        queue=np.zeros(n + 1, dtype=np.int64),
        clock=np.zeros(1, dtype=np.int64),
        scratch=np.zeros((7, n + len(problem.land.to) + 1), dtype=np.int64),
        weights=np.zeros(n, dtype=np.float64),
        rng=rng.integers(0, 2**63, size=1, dtype=np.uint64),
    )
    for c in range(k):
        state.penalty[c] = penalty_with(given, state, c, 0, 0)
    return state


def _tally(labels: IntArray, weights: IntArray | FloatArray | BoolArray, k: int) -> FloatArray:
    return np.bincount(labels, weights=weights.astype(np.float64), minlength=k).astype(np.float64)


def _anchored(problem: PartitionProblem, labels: IntArray) -> FloatArray:
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.anchors.start))
    own = labels[tail] == labels[problem.anchors.to]
    shares = np.where(own, problem.anchors.weight, 0.0)
    return np.bincount(tail, weights=shares, minlength=problem.n_units).astype(np.float64)


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
        flow_weight=1.0,
        cut_weight=0.1,
    )
    search(problem, seed=0, effort=Effort(steps_per_unit=CHUNKS, chains=1))
