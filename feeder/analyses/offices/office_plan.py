"""The offices of a plan beside today's: one table of communities, one of ways to place offices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from feeder.analyses.contract import Result
from feeder.analyses.offices.arrangements import (
    Arrangement,
    arranged,
    nearest_of,
    served_from,
    shared_among,
    todays_places,
)
from feeder.analyses.offices.headquarters import headquarters_table, one_a_region, some_headquarters
from feeder.errors import InfeasibleError
from feeder.language import Message
from feeder.measures.grouping import Grouping, existing, planned
from feeder.measures.hosts import Hosts, choose_hosts
from feeder.measures.inputs import MeasureInputs, measure_inputs
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.planning import Assignment
from feeder.planning.constraints.nested import nesting
from feeder.telling.sections import Section
from feeder.telling.units import TEXT, with_units

ALL: Final = Message("offices.all")
SHARED: Final = "offices.way.shared"
FREE: Final = "offices.way.free"
_COLUMNS: Final = MappingProxyType(
    {"mean": "minutes_mean", "p90": "minutes_p90", "max": "minutes_max", "hours": "crew_hours"}
)
"""Columns by the figures of an arrangement."""
_BESIDE: Final = MappingProxyType({"offices.way.plan": "", "offices.way.today": "today_"})
"""What stands before the columns of the ways that are told by community."""
_CLOSED: Final = 1e-6
"""A gap that is told as none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfficeOptions:
    """What is asked for.

    Attributes
    ----------
    weigh
        What the minutes of each school count by: ``schools``, ``enrollment`` or ``visits``.
    visits
        Shape (n_schools,): visits a year of each school of the network.
    hosts
        Levels whose schools may hold an office; empty for all.
    offices
        Offices that the communities share; None where each has its own.
    headquarters
        Regional headquarters: how many, 0 for one in each region of a nested plan, None for none.
    """

    weigh: str
    visits: FloatArray
    hosts: tuple[str, ...] = ()
    offices: int | None = None
    headquarters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfficePlan(Result):
    """Where the offices of a plan stand, and what the ways cost; every table has units.

    Attributes
    ----------
    assignment
        The plan.
    communities
        One row a community, then one of all: ``community_id``, ``community``, ``n_schools``,
        ``office`` (name of its host), ``minutes_mean``, ``minutes_p90``, ``minutes_max``,
        ``crew_hours`` and, where the district names today's offices, the same four of the same
        schools with ``today_`` before.
    ways
        One row a way to place offices, on all schools of the plan: ``way`` (a sentence),
        ``n_offices``, ``n_schools`` and the four figures.
    headquarters
        One row a headquarters: ``headquarters`` (the school's name), ``region``, ``n_offices``,
        ``serves`` (communities), ``minutes_mean`` and ``minutes_max`` from their offices; None
        where none are asked for.
    without_host
        Names of communities in which no school may hold the office.
    proofs
        What is proven of offices that are shared.
    source
        What minutes rest on: ``streets`` or ``distance``.
    most
        Minutes that no school should have to go beyond, by the scenario; None for no limit.
    options
        What was asked for.
    """

    assignment: Assignment
    communities: pd.DataFrame
    ways: pd.DataFrame
    headquarters: pd.DataFrame | None
    without_host: tuple[str, ...]
    proofs: tuple[Message, ...]
    source: str
    most: float | None
    options: OfficeOptions

    @property
    def about(self) -> Assignment:
        """The plan."""
        return self.assignment

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``offices`` (communities), ``office_ways`` and, where asked for, ``headquarters``."""
        found = {"offices": self.communities, "office_ways": self.ways}
        return found if self.headquarters is None else {**found, "headquarters": self.headquarters}

    @property
    def sections(self) -> tuple[Section, ...]:
        """The tables for a reader, and what their figures rest on."""
        from feeder.analyses.offices.sections import offices_section

        return (offices_section(self),)


def office_plan(assignment: Assignment, options: OfficeOptions) -> OfficePlan:
    """Place the offices of a plan, and put today's and other ways beside them.

    Raises
    ------
    InfeasibleError
        Where too few schools may hold what is asked for, or have too little room, or where one
        headquarters a region is asked of a plan that straddles regions.
    """
    asked = _Asked(measure_inputs(assignment), options, assignment.scenario.max_office_minutes)
    plan, today = planned(assignment), existing(assignment)
    chosen = asked.hosts(plan)
    ways = {"offices.way.plan": asked.at_hosts(chosen, plan)}
    todays = todays_places(assignment.district, asked.inputs)
    if todays is not None:
        ways |= asked.at_todays_places(assignment, plan, todays)
    if today is not None:
        ways["offices.way.today_hosts"] = asked.at_hosts(asked.hosts(today), today)
    proofs: list[Message] = []
    if options.offices is not None:
        limits = {SHARED: asked.capacity, FREE: np.where(asked.capacity < 1, 0.0, np.nan)}
        for name, group in ((SHARED, plan.school), (FREE, _each_alone(plan))):
            ways[name], proof = asked.shared(group, options.offices, name, limits[name])
            proofs.append(proof)
    without = (np.bincount(plan.school[plan.school >= 0], minlength=plan.n) > 0) & (chosen.host < 0)
    names = assignment.community_names
    return OfficePlan(
        assignment=assignment,
        communities=_community_rows(assignment, asked, plan, ways),
        ways=_way_rows(ways, options.visits, plan),
        headquarters=asked.headquarters(assignment, chosen),
        without_host=tuple(names[one] for one in np.flatnonzero(without)),
        proofs=tuple(proofs),
        source=asked.inputs.travel.source,
        most=asked.most,
        options=options,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What is known of a district, and what is asked for."""

    inputs: MeasureInputs
    options: OfficeOptions
    most: float | None

    @property
    def capacity(self) -> FloatArray:
        """Shape (n_schools,): schools that an office may serve; 0 where it may not stand."""
        schools, hosts = self.inputs.schools, self.options.hosts
        own = schools["office_capacity"].to_numpy(np.float64)
        return np.where(schools["level"].isin(hosts or schools["level"]), own, 0.0)

    @property
    def weights(self) -> FloatArray:
        """Shape (n_schools,): how much the minutes of each school count."""
        if self.options.weigh == "enrollment":
            return self.inputs.enrollment
        if self.options.weigh == "visits":
            return self.options.visits
        return np.ones(len(self.inputs.schools))

    def hosts(self, grouping: Grouping) -> Hosts:
        """Choose the host of each community of a grouping."""
        return choose_hosts(
            self.inputs.travel,
            grouping.school,
            grouping.n,
            capacity=self.capacity,
            weights=self.weights,
            most=self.most,
            wanted=grouping.host,
        )

    def at_hosts(self, hosts: Hosts, grouping: Grouping) -> Arrangement:
        """Every school goes to the host of its community."""
        return arranged(self.inputs.travel, np.append(hosts.host, -1)[grouping.school])

    def at_todays_places(
        self, assignment: Assignment, plan: Grouping, todays: IntArray
    ) -> dict[str, Arrangement]:
        """Today's offices: as they serve today, the nearest, and the plan's communities there."""
        travel, n = self.inputs.travel, len(self.inputs.schools)
        offices = assignment.district.offices
        places = n + np.arange(0 if offices is None else len(offices))
        found = {
            "offices.way.today": todays,
            "offices.way.nearest": nearest_of(travel, places, n),
            "offices.way.plan_today": served_from(travel, plan.school, places, self.weights),
        }
        return {name: arranged(travel, place) for name, place in found.items()}

    def shared(
        self, group: IntArray, p: int, name: str, capacity: FloatArray
    ) -> tuple[Arrangement, Message]:
        """Place ``p`` offices for groups of schools; say what is proven of them."""
        found = shared_among(self.inputs.travel, group, p, capacity=capacity, weights=self.weights)
        if found is None:
            raise InfeasibleError([_no_room(p, capacity)])
        place, medians = found
        way = Message(name)
        proof = Message("offices.proven", {"way": way})
        if medians.gap > _CLOSED:
            proof = Message("offices.gap", {"way": way, "share": medians.gap})
        return arranged(self.inputs.travel, place), proof

    def headquarters(self, assignment: Assignment, chosen: Hosts) -> pd.DataFrame | None:
        """Place the headquarters that are asked for."""
        wanted = self.options.headquarters
        if wanted is None:
            return None
        own = np.flatnonzero(chosen.host >= 0)
        office, sites = chosen.host[own], np.flatnonzero(~(self.capacity <= 0))
        names = [assignment.community_names[one] for one in own]
        nested = nesting(assignment)
        home = [""] * len(self.inputs.schools) if nested is None else nested.tolist()
        regions = [
            ", ".join(
                sorted({home[one] for one in np.flatnonzero(assignment.school_community == c)})
            )
            for c in own
        ]
        if wanted > 0:
            at = some_headquarters(self.inputs, office, wanted, sites)
        else:
            _check_nested(names, regions, set(home), nested=nested is not None)
            at = one_a_region(self.inputs, office, regions, home, sites)
        return headquarters_table(self.inputs, office, at, names, regions)


def _no_room(p: int, capacity: FloatArray) -> str:
    """Say why schools cannot hold ``p`` offices: they are too few, or have too little room."""
    may = int((~(capacity < 1)).sum())
    if may < p:
        return f"{p} offices are asked for, and {may} schools may hold one."
    return (
        f"{p} offices cannot serve the schools of the plan: {may} schools may hold one, each for "
        "as many schools as its office_capacity."
    )


def _check_nested(names: list[str], regions: list[str], known: set[str], *, nested: bool) -> None:
    if not nested:
        reason = "One headquarters a region needs a plan that is nested: give nested_in a column."
        raise InfeasibleError([reason])
    astray = [name for name, one in zip(names, regions, strict=True) if one not in known]
    if astray:
        raise InfeasibleError(
            [
                f"{name} straddles regions, so that no one headquarters is its own."
                for name in astray
            ]
        )


def _each_alone(plan: Grouping) -> IntArray:
    """Shape (n_schools,): every school of a community is a group of its own."""
    placed = plan.school >= 0
    return np.where(placed, np.cumsum(placed) - 1, -1)


def _community_rows(
    assignment: Assignment, asked: _Asked, plan: Grouping, ways: Mapping[str, Arrangement]
) -> pd.DataFrame:
    """Return a row a community and one of all."""
    names = asked.inputs.schools["name"].to_numpy(dtype=object)
    groups: list[tuple[object, object, BoolArray]] = [
        (plan.ids[c], assignment.community_names[c], plan.school == c) for c in range(plan.n)
    ]
    rows = []
    for one, name, members in [*groups, ("", ALL, plan.school >= 0)]:
        place = ways["offices.way.plan"].place[members]
        row: dict[str, object] = {
            "community_id": one,
            "community": name,
            "n_schools": int(members.sum()),
            "office": "" if name is ALL or not len(place) or place[0] < 0 else names[place[0]],
        }
        for way, before in _BESIDE.items():
            if way in ways:
                figures = ways[way].figures(asked.options.visits, members)
                row |= {f"{before}{key}": figures[own] for own, key in _COLUMNS.items()}
        rows.append(row)
    table = pd.DataFrame(rows)
    texts = dict.fromkeys(("community_id", "community", "office"), TEXT)
    units = {**texts, "n_schools": "schools"}
    return with_units(table, {str(name): _unit(str(name), units) for name in table})


def _unit(name: str, units: Mapping[str, str]) -> str:
    if name in units:
        return units[name]
    return "hours a year" if name.endswith("hours") else "minutes"


def _way_rows(ways: Mapping[str, Arrangement], visits: FloatArray, plan: Grouping) -> pd.DataFrame:
    """Return a row a way, on the schools of the plan."""
    placed = plan.school >= 0
    rows = []
    for name, way in ways.items():
        figures = way.figures(visits, placed)
        rows.append(
            {
                "way": Message(name),
                "n_offices": len(np.unique(way.place[placed & (way.place >= 0)])),
                "n_schools": int((placed & (way.place >= 0)).sum()),
                **{key: figures[own] for own, key in _COLUMNS.items()},
            }
        )
    table = pd.DataFrame(rows)
    units = {"way": TEXT, "n_offices": "offices", "n_schools": "schools"}
    return with_units(table, {str(name): _unit(str(name), units) for name in table})
