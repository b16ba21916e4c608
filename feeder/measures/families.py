"""What is measured of a division, a family at a time: every measure, every column of a community.

A family knows its measures and what stands of them in the row of a community. The scorecard and
the table of communities are made from :data:`FAMILIES` alone; a measure is added to its family, or
begins one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import numpy as np
import shapely

from feeder.language import Message
from feeder.measures import balance, capacity, continuity, disruption, feeders, hosts, shape
from feeder.measures.flow_variants import across
from feeder.measures.grouping import Grouping
from feeder.measures.inputs import MeasureInputs
from feeder.measures.scorecard import Value
from feeder.measures.shape import Land
from feeder.network.graph import FloatArray
from feeder.planning import Assignment
from feeder.planning.community_totals import deviations, totals
from feeder.terms import AGAINST_TODAY, OF_LAND, TERMS

_SQUARE_METRES: Final = 1e6

Columns = Mapping[str, object]
"""Columns of the table of communities, by name; shape (n_communities,) each."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A division of a district, and what several families look at, worked out once.

    Attributes
    ----------
    assignment
        A plan of the district: its network, its scenario.
    inputs
        What does not depend on the division.
    grouping
        The division: the plan's own, or today's.
    today
        Today's division; None where there is none.
    """

    assignment: Assignment
    inputs: MeasureInputs
    grouping: Grouping
    today: Grouping | None

    @cached_property
    def land(self) -> Land:
        """The land of each community."""
        return self.inputs.land(self.grouping)

    @cached_property
    def hosts(self) -> hosts.Hosts:
        """Where the office of each community stands."""
        most = self.assignment.scenario.max_office_minutes
        return hosts.hosts_of(self.inputs, self.grouping, most)


@dataclass(frozen=True, slots=True)
class Family:
    """Measures that look at the same things.

    Attributes
    ----------
    measures
        Returns its measures by name.
    columns
        Returns its columns of the table of communities, in their order.
    counts
        Whether they rest on counts of students.
    """

    measures: Callable[[Subject], dict[str, Value]]
    columns: Callable[[Subject], Columns] = lambda _: {}
    counts: bool = False


def measured(subject: Subject) -> dict[str, Value]:
    """Return every measure of a division, in the order of the terms."""
    found = {name: value for one in FAMILIES for name, value in one.measures(subject).items()}
    return {name: found[name] for name in TERMS}


def community_columns(subject: Subject) -> dict[str, object]:
    """Return what every family tells of each community."""
    return {name: column for one in FAMILIES for name, column in one.columns(subject).items()}


def counted_measures(subject: Subject) -> dict[str, Value]:
    """Return the measures that rest on counts of students."""
    counted = (one for one in FAMILIES if one.counts)
    return {name: value for one in counted for name, value in one.measures(subject).items()}


def counted_columns(subject: Subject) -> dict[str, object]:
    """Return the columns of communities that rest on counts of students."""
    counted = (one for one in FAMILIES if one.counts)
    return {name: column for one in counted for name, column in one.columns(subject).items()}


def _size_measures(subject: Subject) -> dict[str, Value]:
    inputs, home, n = subject.inputs, subject.grouping.school, subject.grouping.n
    enrollment = balance.largest_deviation(totals(inputs.enrollment, home, n), "students")
    if inputs.need is None:
        need = Value(None, Message("missing.no_need_figure"))
    else:
        need = balance.largest_deviation(totals(inputs.need, home, n), "need")
    return {"enrollment_deviation": enrollment, "need_deviation": need}


def _size_columns(subject: Subject) -> Columns:
    inputs, home, n = subject.inputs, subject.grouping.school, subject.grouping.n
    enrollment = totals(inputs.enrollment, home, n)
    columns: dict[str, object] = {
        "enrollment": enrollment.astype(np.int64),
        "enrollment_deviation": _deviation(enrollment),
    }
    if inputs.need is not None:
        need = totals(inputs.need, home, n)
        columns |= {"need": need, "need_deviation": _deviation(need)}
    return columns


def _capacity_measures(subject: Subject) -> dict[str, Value]:
    inputs, grouping = subject.inputs, subject.grouping
    return capacity.capacity_measures(
        inputs.enrollment, inputs.capacity, grouping.school, grouping.n
    )


def _capacity_columns(subject: Subject) -> Columns:
    inputs, grouping = subject.inputs, subject.grouping
    return capacity.capacity_columns(
        inputs.enrollment, inputs.capacity, grouping.school, grouping.n
    )


def _flow_measures(subject: Subject) -> dict[str, Value]:
    schools, home = subject.inputs.schools, subject.grouping.school
    every = partial(across, tables=subject.inputs.flows)
    return {
        "feeder_continuity": every(lambda flows: continuity.feeder_continuity(flows, home)),
        "k12_continuity": every(lambda flows: continuity.k12_continuity(flows, home, schools)),
        "split_feeders": every(lambda flows: feeders.split_feeders(flows, schools)),
        "split_across_communities": every(
            lambda flows: feeders.split_across_communities(flows, home, schools)
        ),
        "small_feeds": every(lambda flows: feeders.small_feeds(flows, len(home))),
    }


def _flow_columns(subject: Subject) -> Columns:
    inputs, home, n = subject.inputs, subject.grouping.school, subject.grouping.n
    used = inputs.flows[0]
    kept, changing = continuity.continuity_by_community(used, home, n)
    entering = inputs.schools["entering"].to_numpy(np.float64)
    staying = entering * continuity.stay_probability(used, home, inputs.schools)
    return {
        **_rate("feeder_continuity", kept, changing),
        **_rate("k12_continuity", totals(staying, home, n), totals(entering, home, n)),
    }


def _land_measures(subject: Subject) -> dict[str, Value]:
    inputs, grouping, graph = subject.inputs, subject.grouping, subject.assignment.network.graph
    reach = shape.diameters_km(inputs.schools, grouping.school, grouping.n)
    diameter = {"diameter_km": shape.largest_diameter(reach)}
    if grouping.land_reason is not None:
        return {**dict.fromkeys(OF_LAND, Value(None, grouping.land_reason)), **diameter}
    away = int(shape.outside(inputs.points, grouping.school, subject.land.whole).sum())
    return {
        "polsby_popper": shape.mean_polsby_popper(subject.land.onshore),
        "cut_contacts": shape.cut_contacts(graph, grouping.node),
        **diameter,
        "schools_outside_their_community": Value(
            away, numerator=away, denominator=int((grouping.school >= 0).sum())
        ),
    }


def _land_columns(subject: Subject) -> Columns:
    inputs, home, n = subject.inputs, subject.grouping.school, subject.grouping.n
    away = shape.outside(inputs.points, home, subject.land.whole)
    return {
        "polsby_popper": shape.polsby_popper(subject.land.onshore),
        "diameter_km": shape.diameters_km(inputs.schools, home, n),
        "pieces": shape.pieces(subject.land.onshore),
        "area_km2": shapely.area(subject.land.onshore) / _SQUARE_METRES,
        "schools_outside": np.bincount(home[away], minlength=n),
    }


def _office_measures(subject: Subject) -> dict[str, Value]:
    return hosts.office_minutes(subject.hosts, subject.grouping)


def _office_columns(subject: Subject) -> Columns:
    return hosts.office_columns(subject.inputs, subject.grouping, subject.hosts)


def _disruption_measures(subject: Subject) -> dict[str, Value]:
    grouping, today = subject.grouping, subject.today
    if today is None:
        return dict.fromkeys(AGAINST_TODAY, Value(None, Message("missing.no_existing_plan")))
    if grouping is today:
        return dict.fromkeys(AGAINST_TODAY, Value(None, Message("missing.is_today")))
    return disruption.disruption(grouping.school, today.school, subject.inputs.enrollment)


def _deviation(sums: FloatArray) -> FloatArray:
    relative = deviations(sums)
    return np.full(len(sums), np.nan) if relative is None else relative


def _rate(name: str, part: FloatArray, whole: FloatArray) -> dict[str, FloatArray]:
    value = np.full(len(part), np.nan)
    np.divide(part, whole, out=value, where=whole > 0)
    return {name: value, f"{name}_numerator": part, f"{name}_denominator": whole}


FAMILIES: Final = (
    Family(_size_measures, _size_columns, counts=True),
    Family(_capacity_measures, _capacity_columns, counts=True),
    Family(_flow_measures, _flow_columns, counts=True),
    Family(_land_measures, _land_columns),
    Family(_office_measures, _office_columns),
    Family(_disruption_measures, counts=True),
)
"""Every family, in the order of their columns."""
