"""The two values every compiled loop works on: what is arrays, and what changes."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

JOINS, STAYS, LEAVES = (cast("int", np.int64(sign)) for sign in (1, 0, -1))
"""What a unit does of which a kernel is asked. A plain figure would be a type of its own to numba,
and all that is asked with it would be compiled once for each."""
NO_UNIT = cast("int", np.int64(0))
"""Any unit will do where none joins or leaves."""


class ProblemArrays(NamedTuple):
    """The problem, flat and typed for the compiled loops; see ``PartitionProblem``.

    ``land_pull`` is how much the two tiles of a contact belong together.
    ``dependent_*`` is the transpose of ``anchor_*``: the landless units that lean on a unit.
    ``tie_*`` lists, for each unit, the units it must be with (positive cost of a broken pair) or
    apart from (negative).
    ``total_unit`` scales each row of ``totals``: the mean over units that have any.
    ``origin`` are the communities of today that a unit has schools of, from ``origin_start[u]`` on,
    with the students and number of these; ``n_today`` counts today's communities.
    ``travel[u, v]`` are the minutes that the schools of ``u`` need to an office on ``v``, and
    ``beyond[u, v]`` those beyond ``most_minutes`` (0: no limit); ``hosts`` is the number of
    schools that an office on a unit can serve. ``counts_offices`` tells whether these matter.
    ``students_today`` and ``pairs_today`` are all students, and pairs of them, that have a
    community today. ``budget`` (inf: none) and ``budget_unit`` (of a typical school) are by figure
    of disruption (``kernels.disruption``); ``counts_disruption`` tells whether these matter.
    ``*_cost`` and ``flow_gain`` are the energy of one student kept, one contact cut, one km of the
    largest diameter, the whole mean of the largest deviation (by row of ``totals``), one
    minute of one school to its office, and one of each figure of disruption.
    """

    community_zone: IntArray
    unit_zone: IntArray
    schools: IntArray
    grades: IntArray
    landed: IntArray
    totals: FloatArray
    locked: IntArray
    land_start: IntArray
    land_to: IntArray
    land_pull: FloatArray
    anchor_start: IntArray
    anchor_to: IntArray
    anchor_share: FloatArray
    dependent_start: IntArray
    dependent_to: IntArray
    dependent_share: FloatArray
    flow_start: IntArray
    flow_to: IntArray
    flow_students: FloatArray
    pair_start: IntArray
    pair_to: IntArray
    pair_cost: FloatArray
    schools_low: int
    schools_high: int
    totals_low: FloatArray
    totals_high: FloatArray
    total_unit: FloatArray
    total_mean: FloatArray
    required: int
    km: FloatArray
    origin_start: IntArray
    origin: IntArray
    origin_students: FloatArray
    origin_schools: FloatArray
    n_today: int
    flow_gain: float
    cut_cost: float
    diameter_cost: float
    deviation_cost: FloatArray
    travel: FloatArray
    beyond: FloatArray
    hosts: FloatArray
    most_minutes: float
    counts_offices: bool
    office_cost: float
    students_today: float
    pairs_today: float
    budget: FloatArray
    budget_unit: FloatArray
    counts_disruption: bool
    disruption_cost: FloatArray


class State(NamedTuple):
    """The partition under search: the one mutable value, private to it.

    ``members[c, :size[c]]`` are the units of community ``c`` and ``place[u]`` is where ``u``
    stands there. ``serving[c, g]`` counts the units of ``c`` that serve grade ``g``.
    ``anchored[u]`` is the share of a landless unit's area on its own community.
    ``diameter[c]`` is the longest way, in km, between two campuses of ``c``, and ``ends[c]`` are
    these two. ``overlap[c, d]`` counts students of ``c`` whose community today is ``d``,
    ``overlap_schools[c, d]`` their schools, and ``placed[c]`` students that have any;
    ``carrier[d]`` is the community that carries on ``d`` and the one that would without it (-1:
    none), and ``spent`` are the figures of disruption. All of these are kept up only where
    disruption counts.
    ``reach[v]`` are the minutes that all schools of the community of ``v`` need to ``v``,
    ``late[v]`` those beyond the limit, and ``office[c]`` both (late first) to its best office.
    ``penalty[c]`` is how far ``c`` is from its constraints.
    ``open[c]`` tells whether ``c`` is under search, and ``window[:n_window[0]]`` are the units of
    the communities that are. ``stamp`` (the ``clock`` reading of a unit's last visit), ``queue``,
    ``scratch``, ``keys`` and ``sums`` serve searches of the land.
    """

    label: IntArray
    members: IntArray
    size: IntArray
    place: IntArray
    tiles: IntArray
    schools: IntArray
    totals: FloatArray
    serving: IntArray
    anchored: FloatArray
    diameter: FloatArray
    ends: IntArray
    overlap: FloatArray
    overlap_schools: FloatArray
    placed: FloatArray
    carrier: IntArray
    spent: FloatArray
    reach: FloatArray
    late: FloatArray
    office: FloatArray
    penalty: FloatArray
    open: BoolArray
    window: IntArray
    n_window: IntArray
    stamp: IntArray
    queue: IntArray
    clock: IntArray
    scratch: IntArray
    keys: FloatArray
    sums: FloatArray
    rng: npt.NDArray[np.uint64]
