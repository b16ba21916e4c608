"""The two values every compiled loop works on: what is given, and what changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


class Given(NamedTuple):
    """The problem, flat and typed for the compiled loops; see ``PartitionProblem``.

    ``dependent_*`` is the transpose of ``anchor_*``: the landless units that lean on a unit.
    ``tie_*`` lists, for each unit, the units it must be with (positive cost of a broken tie) or
    apart from (negative).
    ``flow_gain`` and ``cut_cost`` are the energy of one student kept and one contact cut.
    ``total_unit`` scales each row of ``totals``: the mean over units that have any.
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
    anchor_start: IntArray
    anchor_to: IntArray
    anchor_share: FloatArray
    dependent_start: IntArray
    dependent_to: IntArray
    dependent_share: FloatArray
    flow_start: IntArray
    flow_to: IntArray
    flow_students: FloatArray
    tie_start: IntArray
    tie_to: IntArray
    tie_cost: FloatArray
    schools_low: int
    schools_high: int
    totals_low: FloatArray
    totals_high: FloatArray
    total_unit: FloatArray
    required: int
    flow_gain: float
    cut_cost: float


class State(NamedTuple):
    """The partition under search: the one mutable value, private to it.

    ``members[c, :size[c]]`` are the units of community ``c`` and ``place[u]`` is where ``u``
    stands there. ``serving[c, g]`` counts the units of ``c`` that serve grade ``g``.
    ``anchored[u]`` is the share of a landless unit's area on its own community.
    ``penalty[c]`` is how far ``c`` is from its limits. ``stamp`` (the ``clock`` reading of a
    unit's last visit), ``queue``, ``scratch`` and ``weights`` serve searches of the land.
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
    penalty: FloatArray
    stamp: IntArray
    queue: IntArray
    clock: IntArray
    scratch: IntArray
    weights: FloatArray
    rng: npt.NDArray[np.uint64]
