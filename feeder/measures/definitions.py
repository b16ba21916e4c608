"""What each measure is: name, unit, sense, and a definition that can be checked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from feeder.measures.scorecard import Measure

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

_MEASURES: Final = (
    Measure(
        "feeder_continuity",
        "share",
        "higher",
        "Students whose next school is in the same community, divided by all students who change "
        "school; a school in no community keeps nobody.",
    ),
    Measure(
        "k12_continuity",
        "share",
        "higher",
        "Expected share of entering kindergartners who stay in their community from kindergarten "
        "to the last grade the district serves: from its highest grade a child moves along the "
        "flows with probability students / (leavers, or all students of the school's flows where "
        "these are more), the rest leaves the district; weighted by entering kindergartners.",
    ),
    Measure(
        "split_feeders",
        "schools",
        "lower",
        f"Schools that send at least {SPLIT_THRESHOLD:.0%} of their leavers to each of two or more "
        "next schools; the denominator is the schools that send students on.",
    ),
    Measure(
        "split_across_communities",
        "schools",
        "lower",
        f"Split feeders whose next schools of at least {SPLIT_THRESHOLD:.0%} of the leavers lie in "
        "two or more communities; the denominator is all split feeders.",
    ),
    Measure(
        "small_feeds",
        "flows",
        "lower",
        f"Flows that bring less than {SMALL_FEED_THRESHOLD:.0%} of the students their receiver "
        "takes in through all flows; the denominator is all flows.",
    ),
    Measure(
        "enrollment_deviation",
        "share of the mean",
        "lower",
        "Largest absolute deviation of a community's enrollment from the mean community, divided "
        "by the mean.",
    ),
    Measure(
        "need_deviation",
        "share of the mean",
        "lower",
        "Largest absolute deviation of a community's need figure from the mean community, divided "
        "by the mean.",
    ),
    Measure(
        "polsby_popper",
        "0 to 1",
        "higher",
        "4 pi area / perimeter squared of a community's land without offshore parts, in the "
        "metric CRS of the notes; the mean over the communities.",
    ),
    Measure(
        "cut_contacts",
        "share",
        "lower",
        "Contacts between two tiles (borders and bridges) whose tiles lie in different "
        "communities, divided by all such contacts between tiles that have a community.",
    ),
    Measure(
        "diameter_km",
        "km",
        "lower",
        "Largest geodesic distance (WGS 84) between two schools of one community.",
    ),
    Measure(
        "office_minutes_mean",
        "minutes",
        "lower",
        "Mean travel time from the member schools to the community's office.",
    ),
    Measure(
        "office_minutes_max",
        "minutes",
        "lower",
        "Longest travel time from a member school to its community's office.",
    ),
    Measure(
        "schools_moved",
        "schools",
        "lower",
        "Schools whose community differs from today's after the relabelling that keeps most "
        "schools (then most students) in place; the denominator is the schools placed by both "
        "plans.",
    ),
    Measure(
        "students_moved",
        "students",
        "lower",
        "Students of the schools counted by schools_moved; the denominator is the students of "
        "the schools placed by both plans.",
    ),
    Measure(
        "variation_of_information",
        "nats",
        "lower",
        "H(today | plan) + H(plan | today), natural logarithms, each school placed by both plans "
        "weighted by its share of their enrollment.",
    ),
    Measure(
        "students_separated",
        "share",
        "lower",
        "Pairs of students of two different schools that share a community today and no longer do "
        "(products of the schools' enrollments), divided by all pairs that share one today.",
    ),
    Measure(
        "schools_outside_their_community",
        "schools",
        "lower",
        f"Schools whose point lies more than {OUTSIDE_M:g} m outside the polygon of their "
        "community, those included that belong there by their area or their pupils; the "
        "denominator is the schools that have a community.",
    ),
)

DEFINITIONS: Final[Mapping[str, Measure]] = MappingProxyType({m.name: m for m in _MEASURES})
"""Every measure by name, in the order they are shown."""
