"""The partition problem alone: units, contacts, flows and constraints as arrays.

A *unit* is what moves as a whole: a campus, or a vacant tile. Landed units are held together by
land contacts; a landless unit is *anchored*: the shares of its own area on the tiles of its
community must sum to at least ``MIN_ANCHOR``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from feeder.partition import values
from feeder.terms import BUDGETABLE, LEAST_SHARE

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MIN_ANCHOR: Final = LEAST_SHARE
N_GRADES: Final = 13
"""Kindergarten to grade 12."""
DISRUPTIONS: Final = BUDGETABLE
"""What a budget may hold down: figures of what changes against the existing plan."""


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


class Origins(NamedTuple):
    """Where schools are in the existing plan: a row for each unit and community it has schools of.

    Rows are ordered by unit. ``students`` and ``schools`` count those of the unit that are in the
    community today, ``squares`` sums the squares of the students of each of these schools.
    """

    unit: IntArray
    community: IntArray
    students: FloatArray
    schools: IntArray
    squares: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offices:
    """The way to an office on any unit.

    Attributes
    ----------
    travel
        Shape (n_units, n_units): minutes that the schools of one unit need to the other, added up.
    beyond
        Same shape: minutes of these beyond ``most``, added up; 0 where there is no limit.
    hosts
        Shape (n_units,): schools that an office on the unit can serve; 0 where it can hold none.
    most
        Longest way of a school to its office, in minutes; None where there is no limit.
    """

    travel: FloatArray
    beyond: FloatArray
    hosts: FloatArray
    most: float | None


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
        Shape (n_totals, n_units): what sums up within bounds in every community, enrollment
        first; others may be below 0.
    total_names
        What each row of ``totals`` is; ``NAME_deviation`` is the measure of how uneven it is.
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
    school_bounds
        Fewest and most schools of each community.
    totals_low, totals_high
        Shape (n_totals,): bounds of each community's totals, ends included; infinite for none.
    required_grades
        Bit mask of the grades that each community serves.
    points
        Shape (n_units, 2): metres east and north of each campus, or of a point inside a vacant
        tile.
    today
        Shape (n_units,): community that each unit goes with in the existing plan, numbered from 0;
        -1 where it has none. It is what a search begins with.
    today_parts
        Where the schools of each unit are today, which is what changes are counted against; None
        where all of them are in the unit's ``today``.
    weights
        Weight of each objective by measure name; one that is missing weighs 0.
    offices
        The way to offices; None where neither a limit nor an objective asks for it.
    budgets
        The most of each of DISRUPTIONS; one that is missing is not held down.
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
    school_bounds: tuple[int, int]
    totals_low: FloatArray
    totals_high: FloatArray
    required_grades: int
    points: FloatArray
    today: IntArray
    weights: Mapping[str, float]
    total_names: tuple[str, ...] = ("enrollment",)
    offices: Offices | None = None
    budgets: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    today_parts: Origins | None = None

    @property
    def origins(self) -> Origins:
        """Where the schools of each unit are in the existing plan."""
        if self.today_parts is not None:
            return self.today_parts
        unit = np.flatnonzero((self.today >= 0) & (self.schools > 0))
        students = self.totals[0][unit].astype(np.float64)
        return Origins(unit, self.today[unit], students, self.schools[unit], students**2)

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

    @property
    def total_measures(self) -> tuple[str, ...]:
        """The measure of deviation that belongs to each row of ``totals``."""
        return tuple(f"{name}_deviation" for name in self.total_names)

    @property
    def n_today(self) -> int:
        """Number of communities in the existing plan."""
        return int(max(self.today.max(initial=-1), self.origins.community.max(initial=-1))) + 1

    @property
    def students_today(self) -> float:
        """Students of schools that have a community in the existing plan."""
        return float(self.origins.students.sum())

    @property
    def schools_today(self) -> int:
        """Schools that have a community in the existing plan."""
        return int(self.origins.schools.sum())

    @property
    def pairs_today(self) -> float:
        """Pairs of students at two schools of one community in the existing plan."""
        students = values.overlaps(self, np.zeros(self.n_units, dtype=np.int64))[0].sum(axis=0)
        return float((students**2).sum() - self.origins.squares.sum()) / 2

    def kept_share(self, labels: IntArray) -> float:
        """Share of students who change school without leaving their community; 1 if none do."""
        return values.kept_share(self, labels)

    def cut_share(self, labels: IntArray) -> float:
        """Share of land contacts whose two ends lie in different communities."""
        return values.cut_share(self, labels)

    def objective(self, labels: IntArray) -> float:
        """Weighted sum that the search maximises: flow kept less what counts against a plan."""
        weigh = self.weights.get
        worth = self.flow_weight * self.kept_share(labels)
        worth -= self.cut_weight * self.cut_share(labels)
        for row, name in enumerate(self.total_measures):
            if weigh(name):
                worth -= self.weights[name] * values.deviation(self, labels, row)
        if weigh("diameter_km"):
            worth -= self.weights["diameter_km"] * values.diameter_km(self, labels)
        if weigh("office_minutes_mean"):
            worth -= self.weights["office_minutes_mean"] * values.office_minutes(self, labels)
        for name in DISRUPTIONS:
            if weigh(name):
                worth -= self.weights[name] * values.disruption_share(self, labels, name)
        return worth
