"""The two values every chain works on: the ground it walks, and the plan it stands at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from feeder.partition.kernels.arrays import FloatArray, IntArray


class Ground(NamedTuple):
    """The problem as chains take it; see ``PartitionProblem``.

    ``rank`` is 0 for a tile, 1 for a landless unit that leans on tiles alone and 2 for one that
    leans on landless units too. Row ``u`` of ``amounts`` is what unit ``u`` adds to each bounded
    total, its schools last; ``low`` and ``high`` are the bounds in the same order. Row ``u`` of
    ``seats`` is the same for the totals that are bounded from below alone, by ``fewest``.
    ``land_from`` is the tail of each contact of ``land_to``. ``pair_sign`` is 1 for units that must
    be together and -1 for those that must be apart; every pair is listed at both its ends.
    ``flow_gain`` and ``cut_cost`` are what a student kept and a contact cut are worth, the flow of
    a typical unit being worth 1.
    """

    community_zone: IntArray
    rank: IntArray
    amounts: FloatArray
    low: FloatArray
    high: FloatArray
    seats: FloatArray
    fewest: FloatArray
    grades: IntArray
    required: int
    locked: IntArray
    land_start: IntArray
    land_from: IntArray
    land_to: IntArray
    anchor_start: IntArray
    anchor_to: IntArray
    anchor_share: FloatArray
    pair_start: IntArray
    pair_to: IntArray
    pair_sign: FloatArray
    flow_start: IntArray
    flow_to: IntArray
    flow_students: FloatArray
    flow_gain: float
    cut_cost: float


class Chain(NamedTuple):
    """One chain: its plan, its random state, and room for the merger under way.

    ``members[c, :size[c]]`` are the units of community ``c``, by rank. ``tally`` counts proposals,
    trees drawn and mergers divided anew.

    The units of a merger are numbered from 0, by rank: ``unit`` by number and ``number`` by unit.
    Of its tiles, ``near`` lists the neighbors from ``near_start`` on, ``parent`` and ``order``
    (parents first) hold the tree, ``step`` the walk that draws it, ``load`` what hangs below each
    tile and ``cuts`` the tiles whose upward edge may be cut. ``carrier`` is the tile each unit
    rides on and ``side`` the half it comes to. ``sorted`` is room to sort in.
    """

    label: IntArray
    members: IntArray
    size: IntArray
    rng: npt.NDArray[np.uint64]
    tally: IntArray
    unit: IntArray
    number: IntArray
    near_start: IntArray
    near: IntArray
    parent: IntArray
    order: IntArray
    step: IntArray
    load: FloatArray
    cuts: IntArray
    carrier: IntArray
    side: IntArray
    sorted: FloatArray
