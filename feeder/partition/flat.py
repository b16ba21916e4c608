"""From a problem to what the compiled loops work on: flat arrays, and tallies from scratch."""

from __future__ import annotations

from typing import Final

import numpy as np

from feeder.partition.bonds import tie_lengths
from feeder.partition.kernels.arrays import Given, State
from feeder.partition.kernels.moves import penalty_with
from feeder.partition.problem import (
    N_GRADES,
    FloatArray,
    IntArray,
    PartitionProblem,
    csr_from_pairs,
)

TIE_COST: Final = 4.0
"""Cost of a broken tie between neighbours, in typical schools."""


def flatten(problem: PartitionProblem) -> Given:
    """Flatten the problem into the types the compiled loops were made for."""
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.anchors.start))
    dependents = csr_from_pairs(problem.n_units, problem.anchors.to, tail, problem.anchors.weight)
    pairs = np.concatenate([problem.together, problem.apart]).reshape(-1, 2)
    # The land to cross to join a pair again is what makes parting it dear.
    cost = TIE_COST * np.concatenate([tie_lengths(problem), np.full(len(problem.apart), -1.0)])
    ties = csr_from_pairs(
        problem.n_units,
        np.concatenate([pairs[:, 0], pairs[:, 1]]),
        np.concatenate([pairs[:, 1], pairs[:, 0]]),
        np.concatenate([cost, cost]),
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
        tie_cost=ties.weight,
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


def make_state(given: Given, labels: IntArray, rng: np.random.Generator) -> State:
    """Build every tally of a partition from scratch."""
    n, k = len(given.unit_zone), len(given.community_zone)
    members = np.zeros((k, n), dtype=np.int64)
    place = np.zeros(n, dtype=np.int64)
    for c in range(k):
        units = np.flatnonzero(labels == c)
        members[c, : len(units)] = units
        place[units] = np.arange(len(units))
    serving = np.zeros((k, N_GRADES), dtype=np.int64)
    np.add.at(serving, labels, (given.grades[:, None] >> np.arange(N_GRADES)) & 1)
    tail = np.repeat(np.arange(n), np.diff(given.anchor_start))
    on_own = np.where(labels[tail] == labels[given.anchor_to], given.anchor_share, 0.0)
    state = State(
        label=labels.astype(np.int64),
        members=members,
        size=_tally(labels, np.ones(n), k).astype(np.int64),
        place=place,
        tiles=_tally(labels, given.landed, k).astype(np.int64),
        schools=_tally(labels, given.schools, k).astype(np.int64),
        totals=np.stack([_tally(labels, row, k) for row in given.totals]),
        serving=serving,
        anchored=_tally(tail, on_own, n),
        penalty=np.zeros(k),
        stamp=np.zeros(n, dtype=np.int64),
        queue=np.zeros(n + 1, dtype=np.int64),
        clock=np.zeros(1, dtype=np.int64),
        scratch=np.zeros((7, n + len(given.land_to) + 1), dtype=np.int64),
        weights=np.zeros(n),
        rng=rng.integers(0, 2**63, size=1, dtype=np.uint64),
    )
    for c in range(k):
        state.penalty[c] = penalty_with(given, state, c, 0, 0)
    return state


def _tally(group: IntArray, weights: IntArray | FloatArray, n_groups: int) -> FloatArray:
    """Sum ``weights`` by group."""
    return np.bincount(group, weights=weights, minlength=n_groups).astype(np.float64)
