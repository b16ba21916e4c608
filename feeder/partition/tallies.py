"""The state of a search, every tally counted from scratch."""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from feeder.partition.kernels.arrays import NO_UNIT, STAYS, ProblemArrays, State
from feeder.partition.kernels.compiler import entry
from feeder.partition.kernels.constraints import penalty_with
from feeder.partition.kernels.disruption import N_DISRUPTIONS
from feeder.partition.kernels.objectives import count_diameter
from feeder.partition.kernels.office import count_office
from feeder.partition.problem import N_GRADES, FloatArray, IntArray
from feeder.partition.values import carriers

SCRATCH: int = 7
SUMS: int = 3
"""Rows of scratch space that the loops use at once."""


def make_state(arrays: ProblemArrays, labels: IntArray, rng: np.random.Generator) -> State:
    """Build every tally of a partition from scratch; all of it is under search."""
    n, k = len(arrays.unit_zone), len(arrays.community_zone)
    members = np.zeros((k, n), dtype=np.int64)
    place = np.zeros(n, dtype=np.int64)
    for c in range(k):
        units = np.flatnonzero(labels == c)
        members[c, : len(units)] = units
        place[units] = np.arange(len(units))
    serving = np.zeros((k, N_GRADES), dtype=np.int64)
    np.add.at(serving, labels, (arrays.grades[:, None] >> np.arange(N_GRADES)) & 1)
    tail = np.repeat(np.arange(n), np.diff(arrays.anchor_start))
    on_own = np.where(labels[tail] == labels[arrays.anchor_to], arrays.anchor_share, 0.0)
    overlap, overlap_schools = _overlaps(arrays, labels)
    state = State(
        label=labels.astype(np.int64),
        members=members,
        size=_tally(labels, np.ones(n), k).astype(np.int64),
        place=place,
        tiles=_tally(labels, arrays.landed, k).astype(np.int64),
        schools=_tally(labels, arrays.schools, k).astype(np.int64),
        totals=np.stack([_tally(labels, row, k) for row in arrays.totals]),
        serving=serving,
        anchored=_tally(tail, on_own, n),
        diameter=np.zeros(k),
        ends=np.full((k, 2), -1, dtype=np.int64),
        overlap=overlap,
        overlap_schools=overlap_schools,
        placed=overlap.sum(axis=1),
        carrier=_two_carriers(overlap, overlap_schools),
        spent=_spent(arrays, overlap, overlap_schools),
        reach=np.zeros(n),
        late=np.zeros(n),
        office=np.zeros((k, 2)),
        penalty=np.zeros(k),
        open=np.ones(k, dtype=np.bool_),
        window=np.arange(n),
        n_window=np.array([n]),
        stamp=np.zeros(n, dtype=np.int64),
        queue=np.zeros(n + 1, dtype=np.int64),
        clock=np.zeros(1, dtype=np.int64),
        scratch=np.zeros((SCRATCH, n + len(arrays.land_to) + 1), dtype=np.int64),
        keys=np.zeros(len(arrays.land_to) + 1),
        sums=np.zeros((SUMS, n)),
        rng=rng.integers(0, 2**63, size=1, dtype=np.uint64),
    )
    _count(arrays, state)
    return state


def _overlaps(arrays: ProblemArrays, labels: IntArray) -> tuple[FloatArray, FloatArray]:
    """Shape (n_communities, n_today) each: students and schools by community and that of today."""
    unit = np.repeat(np.arange(len(labels)), np.diff(arrays.origin_start))
    where, shape = (labels[unit], arrays.origin), (len(arrays.community_zone), arrays.n_today)
    students, schools = np.zeros(shape), np.zeros(shape)
    np.add.at(students, where, arrays.origin_students)
    np.add.at(schools, where, arrays.origin_schools)
    return students, schools


def _two_carriers(students: FloatArray, schools: FloatArray) -> IntArray:
    """Shape (n_today, 2): who carries on each community of today, and who would without it."""
    first = carriers(students, schools)
    rest = students.copy()
    rest[first, np.arange(len(first))] = -1.0
    second = carriers(rest, schools) if len(students) > 1 else np.full(len(first), -1)
    return np.stack([first, second], axis=1)


def _spent(arrays: ProblemArrays, students: FloatArray, schools: FloatArray) -> FloatArray:
    """Shape (N_DISRUPTIONS,): what changes against today's plan."""
    if not arrays.counts_disruption:
        return np.zeros(N_DISRUPTIONS)
    kept = (carriers(students, schools), np.arange(arrays.n_today))
    sums = (xlogy(x, x).sum() for x in (students.sum(axis=1), students.sum(axis=0), students))
    own, today, joint = sums
    apart = (float((students.sum(axis=0) ** 2).sum()) - float((students**2).sum())) / 2
    return np.array(
        [
            float(schools.sum() - schools[kept].sum()),
            float(students.sum() - students[kept].sum()),
            (own + today - 2 * joint) / arrays.students_today,
            apart / arrays.pairs_today if arrays.pairs_today > 0 else 0.0,
        ]
    )


@entry
def _count(arrays: ProblemArrays, state: State) -> None:
    """Count each community's penalty and, where they matter, its diameter and its office."""
    for c in range(len(state.size)):
        if arrays.counts_offices:
            count_office(arrays, state, c)
        state.penalty[c] = penalty_with(arrays, state, c, NO_UNIT, STAYS)
        if arrays.diameter_cost > 0.0:
            count_diameter(arrays, state, c)


def look_at(state: State, communities: IntArray) -> None:
    """Put only these communities under search."""
    state.open[:] = False
    state.open[communities] = True
    units = np.flatnonzero(state.open[state.label])
    state.window[: len(units)] = units
    state.n_window[0] = len(units)


def _tally(group: IntArray, weights: IntArray | FloatArray, n_groups: int) -> FloatArray:
    """Sum ``weights`` by group."""
    return np.bincount(group, weights=weights, minlength=n_groups).astype(np.float64)
