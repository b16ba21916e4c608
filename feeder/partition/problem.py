"""The partition problem alone: units, contacts, flows and limits as arrays.

A *unit* is what moves as a whole: a campus, or a vacant tile. Landed units are held together by
land contacts; a landless unit is *anchored*: the shares of its own area on the tiles of its
community must sum to at least ``MIN_ANCHOR``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MIN_ANCHOR: Final = 0.1
N_GRADES: Final = 13
"""Kindergarten to grade 12."""


class Csr(NamedTuple):
    """Neighbours of each unit: those of ``u`` are ``to[start[u]:start[u + 1]]``."""

    start: IntArray
    to: IntArray
    weight: FloatArray


def csr_from_pairs(n: int, a: IntArray, b: IntArray, weight: FloatArray) -> Csr:
    """Build the neighbour lists of directed pairs ``a -> b``, ordered by (a, b)."""
    order = np.lexsort((b, a))
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(a, minlength=n), out=start[1:])
    return Csr(start, b[order].astype(np.int64), weight[order].astype(np.float64))


def symmetric_csr(n: int, a: IntArray, b: IntArray, weight: FloatArray) -> Csr:
    """Build the neighbour lists of undirected pairs; repeated pairs add up, loops are dropped."""
    keep = a != b
    low, high = np.minimum(a, b)[keep], np.maximum(a, b)[keep]
    keys, inverse = np.unique(low * n + high, return_inverse=True)
    total = np.bincount(inverse, weights=weight[keep], minlength=len(keys)).astype(np.float64)
    low, high = keys // n, keys % n
    return csr_from_pairs(
        n, np.concatenate([low, high]), np.concatenate([high, low]), np.concatenate([total, total])
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limits:
    """Bounds every community must keep, ends included.

    ``totals_low`` and ``totals_high`` have one entry for each row of
    :attr:`PartitionProblem.totals` (enrollment, then need where it is bounded).
    """

    schools: tuple[int, int]
    totals_low: FloatArray
    totals_high: FloatArray
    grades: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartitionProblem:
    """Everything the search needs to know.

    Attributes
    ----------
    community_zone
        Shape (n_communities,): the zone (a connected piece of a region) of each community.
    unit_zone
        Shape (n_units,): zone of each unit; -1 may join any community (vacant tiles).
    schools, grades, has_land
        Shape (n_units,): number of schools, bit mask of grades served, whether it has land.
    totals
        Shape (n_totals, n_units): what must be balanced, enrollment first.
    locked
        Shape (n_units,): the community a unit must be in, or -1.
    land
        Land contacts between landed units, symmetric, weight 1.
    anchors
        From each landless unit to landed units, weight the share of its area; or to units it
        exchanges students with, weight their share. Landless ones of these lean on land alone.
    flows
        Symmetric; weight the students who move between two units, both ways together.
    flow_inside, flow_total
        Students who change school within one unit, and all who change school.
    together, apart
        Shape (n_pairs, 2): units that share a community, or must not.
    limits
        Bounds of each community.
    points
        Shape (n_units, 2): metres east and north of each campus, or of a point inside a vacant
        tile.
    today
        Shape (n_units,): community of each unit in the existing plan, numbered from 0; -1 where
        it has none.
    weights
        Weight of each objective by measure name; one that is missing weighs 0.
    """

    community_zone: IntArray
    unit_zone: IntArray
    schools: IntArray
    grades: IntArray
    has_land: BoolArray
    totals: FloatArray
    locked: IntArray
    land: Csr
    anchors: Csr
    flows: Csr
    flow_inside: float
    flow_total: float
    together: IntArray
    apart: IntArray
    limits: Limits
    points: FloatArray
    today: IntArray
    weights: Mapping[str, float]

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.schools)

    @property
    def n_communities(self) -> int:
        """Number of communities."""
        return len(self.community_zone)

    @property
    def n_contacts(self) -> int:
        """Number of land contacts, each counted once."""
        return len(self.land.to) // 2

    @property
    def flow_weight(self) -> float:
        """Weight of the share of students kept."""
        return self.weights.get("feeder_continuity", 0.0)

    @property
    def cut_weight(self) -> float:
        """Weight of the share of land contacts cut."""
        return self.weights.get("cut_contacts", 0.0)

    def kept_share(self, labels: IntArray) -> float:
        """Share of students who change school without leaving their community; 1 if none do."""
        if self.flow_total <= 0:
            return 1.0
        tail = np.repeat(np.arange(self.n_units), np.diff(self.flows.start))
        same = labels[tail] == labels[self.flows.to]
        return float((self.flow_inside + self.flows.weight[same].sum() / 2) / self.flow_total)

    def cut_share(self, labels: IntArray) -> float:
        """Share of land contacts whose two ends lie in different communities."""
        if self.n_contacts == 0:
            return 0.0
        tail = np.repeat(np.arange(self.n_units), np.diff(self.land.start))
        return float((labels[tail] != labels[self.land.to]).mean())

    def objective(self, labels: IntArray) -> float:
        """Weighted sum the search maximises: flow kept less contacts cut."""
        return self.flow_weight * self.kept_share(labels) - self.cut_weight * self.cut_share(labels)
