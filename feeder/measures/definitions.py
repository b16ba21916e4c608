"""What each measure is: name, unit, sense; its definition stands in the files of strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from feeder.district.model import Access
from feeder.language import Message
from feeder.measures.scorecard import Measure
from feeder.network.travel import STREETS, Travel

SPLIT_THRESHOLD: Final = 0.10
"""Share of a school's leavers that a next school must receive to count as a branch."""
SMALL_FEED_THRESHOLD: Final = 0.15
"""A flow that brings its receiver a smaller share of its intake is a small feed."""
OUTSIDE_M: Final = 1.0
"""Metres beyond its community's border from which a school counts as outside."""
PARTIAL_LAND: Final = 0.10
"""Share of landed campuses without a community above which a plan's land is not judged."""
TIE: Final = 1e-9
"""Relative slack of every threshold, so that rounding decides no count."""

OF_CHANGE: Final = frozenset(
    {"schools_moved", "students_moved", "variation_of_information", "students_separated"}
)
"""Measures against today's plan, in which it is best by definition and so does not compete."""

_MEASURES: Final = (
    Measure("feeder_continuity", "share", "higher"),
    Measure("k12_continuity", "share", "higher"),
    Measure("split_feeders", "schools", "lower", {"threshold": SPLIT_THRESHOLD}),
    Measure("split_across_communities", "schools", "lower", {"threshold": SPLIT_THRESHOLD}),
    Measure("small_feeds", "flows", "lower", {"threshold": SMALL_FEED_THRESHOLD}),
    Measure("enrollment_deviation", "share of the mean", "lower"),
    Measure("need_deviation", "share of the mean", "lower"),
    Measure("polsby_popper", "0 to 1", "higher"),
    Measure("cut_contacts", "share", "lower"),
    Measure("diameter_km", "km", "lower"),
    Measure("office_minutes_mean", "minutes", "lower", {"travel": Message("definition.by_either")}),
    Measure("office_minutes_max", "minutes", "lower", {"travel": Message("definition.by_either")}),
    Measure("schools_moved", "schools", "lower"),
    Measure("students_moved", "students", "lower"),
    Measure("variation_of_information", "nats", "lower"),
    Measure("students_separated", "share", "lower"),
    Measure("schools_outside_their_community", "schools", "lower", {"meters": OUTSIDE_M}),
)

DEFINITIONS: Final[Mapping[str, Measure]] = MappingProxyType({m.name: m for m in _MEASURES})
"""Every measure by name, in the order they are shown."""


def definitions_on(travel: Travel, access: Access) -> dict[str, Measure]:
    """Return every measure by name, defined by what the minutes of one district rest on."""
    rests = Message(
        "definition.by_distance",
        {"detour": _short(access.detour), "speed": _short(access.speed_km_h)},
    )
    if travel.source == STREETS:
        rests = Message("definition.by_streets")
    return {
        name: replace(measure, facts={**measure.facts, "travel": rests})
        if "travel" in measure.facts
        else measure
        for name, measure in DEFINITIONS.items()
    }


def _short(value: float) -> float:
    """Return a number that is told as it was given: 30, not 30.0."""
    return int(value) if value.is_integer() else value
