"""What is said of every measure, each threshold and both slacks: said once, read by every room.

A measure that is only shown begins with its row here. What it counts is a function of
:mod:`feeder.measures`, its words stand in the files of strings under its keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

SPLIT_THRESHOLD: Final = 0.10
"""Share of a school's leavers that a next school must receive to count as a branch."""
SMALL_FEED_THRESHOLD: Final = 0.15
"""A flow that brings its receiver a smaller share of its intake is a small feed."""
OUTSIDE_M: Final = 1.0
"""Metres beyond its community's border from which a school counts as outside."""
PARTIAL_LAND: Final = 0.10
"""Share of landed campuses without a community above which a plan's land is not judged."""
LEAST_SHARE: Final = 0.1
"""Share of a landless school's own area, or of the pupils of a school of choice, that its community
must hold."""

FULL: Final = 1.0
"""Share of its capacity above which a school is too full."""
UNDERUSED: Final = 0.6
"""Share of its capacity below which a school has few students for its size."""

SLACK: Final = 1e-9
"""Relative slack of every threshold, so that rounding decides no count."""
SUM_SLACK: Final = 1e-9
"""Absolute slack of every sum that is held to a bound, in the unit of the sum."""

SENSES: Final = ("higher", "lower", "none")
"""Which figures are better."""
SHARE: Final = "share"
COUNT: Final = "count"
MEAN: Final = "mean"
LARGEST: Final = "largest"
INDEX: Final = "index"
"""Kinds of measures. Only a count is told out of its denominator ("3 of 60"); the denominator of
any other is what it is divided by."""

PERCENT_UNITS: Final = ("share", "share of the mean")
"""Units of figures that are told in percent."""
COUNTED_UNITS: Final = ("schools", "flows", "students")
"""Units of figures that are told in whole numbers, as more or fewer."""
DECIMALS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(PERCENT_UNITS, 1),
        "km": 1,
        "minutes": 1,
        "hours a year": 0,
        "0 to 1": 3,
        "nats": 3,
        "ratio": 2,
        "dollars": 2,
    }
)
"""Decimals of figures by unit, of percent where it is a share; of others see ``number_form``."""
PURE_UNITS: Final = (*PERCENT_UNITS, "0 to 1")
"""Units of figures that stand without a word for them."""
CONTIGUITY: Final = "contiguity"
"""A promise that is told as a figure: continuity never stands without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One measure as every room knows it.

    Attributes
    ----------
    name
        Its name in every table, and the end of its keys in the files of strings.
    unit
        What its figures count.
    sense
        Which is better, one of SENSES.
    kind
        SHARE, COUNT, MEAN, LARGEST or INDEX.
    thresholds
        Numbers that its definition names.
    headline
        Its place among the figures on top; None for one further down.
    against_today
        Whether it tells the distance from today's plan, which has no figure of its own then.
    rests_on_flows
        Whether it is rough where flows are estimated.
    needs_land
        Whether it has no value where the land of a plan is not known.
    needs_capacity
        Whether it has no value where no school's capacity is known.
    of_communities
        Whether it is a share that tables of communities show in a column of its own.
    on_labels
        Whether it is counted from who belongs where alone, so that many plans can be scored.
    weighable, budgetable
        Whether a scenario may weigh it, or hold it down by a budget.
    """

    name: str
    unit: str
    sense: str
    kind: str
    thresholds: Mapping[str, float] = field(default_factory=dict)
    headline: int | None = None
    against_today: bool = False
    rests_on_flows: bool = False
    needs_land: bool = False
    needs_capacity: bool = False
    of_communities: bool = False
    on_labels: bool = False
    weighable: bool = False
    budgetable: bool = False

    @property
    def label(self) -> str:
        """Key of what it is called."""
        return f"measure.{self.name}"

    @property
    def short(self) -> str:
        """Key of what a column of it is called."""
        return f"short.{self.name}"

    @property
    def definition(self) -> str:
        """Key of what it means."""
        return f"definition.{self.name}"


_TERMS: Final = (
    Term(
        name="feeder_continuity",
        unit="share",
        sense="higher",
        kind=SHARE,
        headline=1,
        rests_on_flows=True,
        of_communities=True,
        on_labels=True,
        weighable=True,
    ),
    Term(
        name="k12_continuity",
        unit="share",
        sense="higher",
        kind=SHARE,
        headline=2,
        rests_on_flows=True,
        of_communities=True,
        on_labels=True,
    ),
    Term(
        name="split_feeders",
        unit="schools",
        sense="lower",
        kind=COUNT,
        thresholds={"threshold": SPLIT_THRESHOLD},
    ),
    Term(
        name="split_across_communities",
        unit="schools",
        sense="lower",
        kind=COUNT,
        thresholds={"threshold": SPLIT_THRESHOLD},
        headline=6,
    ),
    Term(
        name="small_feeds",
        unit="flows",
        sense="lower",
        kind=COUNT,
        thresholds={"threshold": SMALL_FEED_THRESHOLD},
    ),
    Term(
        name="enrollment_deviation",
        unit="share of the mean",
        sense="lower",
        kind=LARGEST,
        headline=3,
        on_labels=True,
        weighable=True,
    ),
    Term(
        name="need_deviation",
        unit="share of the mean",
        sense="lower",
        kind=LARGEST,
        headline=4,
        on_labels=True,
        weighable=True,
    ),
    Term(
        name="capacity_utilization",
        unit="share",
        sense="none",
        kind=SHARE,
        headline=5,
        needs_capacity=True,
        of_communities=True,
    ),
    Term(
        name="capacity_deviation",
        unit="share",
        sense="lower",
        kind=LARGEST,
        needs_capacity=True,
        on_labels=True,
    ),
    Term(
        name="schools_over_capacity",
        unit="schools",
        sense="lower",
        kind=COUNT,
        thresholds={"threshold": FULL},
        needs_capacity=True,
    ),
    Term(
        name="schools_under_capacity",
        unit="schools",
        sense="lower",
        kind=COUNT,
        thresholds={"threshold": UNDERUSED},
        needs_capacity=True,
    ),
    Term(name="polsby_popper", unit="0 to 1", sense="higher", kind=INDEX, needs_land=True),
    Term(
        name="cut_contacts",
        unit="share",
        sense="lower",
        kind=SHARE,
        needs_land=True,
        on_labels=True,
        weighable=True,
    ),
    Term(
        name="diameter_km",
        unit="km",
        sense="lower",
        kind=LARGEST,
        on_labels=True,
        weighable=True,
    ),
    Term(name="office_minutes_mean", unit="minutes", sense="lower", kind=MEAN, weighable=True),
    Term(name="office_minutes_max", unit="minutes", sense="lower", kind=LARGEST),
    Term(
        name="schools_moved",
        unit="schools",
        sense="lower",
        kind=COUNT,
        headline=7,
        against_today=True,
        on_labels=True,
        weighable=True,
        budgetable=True,
    ),
    Term(
        name="students_moved",
        unit="students",
        sense="lower",
        kind=COUNT,
        headline=8,
        against_today=True,
        on_labels=True,
        weighable=True,
        budgetable=True,
    ),
    Term(
        name="variation_of_information",
        unit="nats",
        sense="lower",
        kind=INDEX,
        against_today=True,
        on_labels=True,
        weighable=True,
        budgetable=True,
    ),
    Term(
        name="students_separated",
        unit="share",
        sense="lower",
        kind=SHARE,
        against_today=True,
        on_labels=True,
        weighable=True,
        budgetable=True,
    ),
    Term(
        name="schools_outside_their_community",
        unit="schools",
        sense="lower",
        kind=COUNT,
        thresholds={"meters": OUTSIDE_M},
        needs_land=True,
    ),
)

TERMS: Final[Mapping[str, Term]] = MappingProxyType({term.name: term for term in _TERMS})
"""Every measure by name, in the order they are shown."""


def _names(wanted: Callable[[Term], bool]) -> tuple[str, ...]:
    return tuple(term.name for term in _TERMS if wanted(term))


AGAINST_TODAY: Final = _names(lambda term: term.against_today)
"""Measures against today's plan, of which today's has no figure: it would be best by definition."""
OF_FLOWS: Final = _names(lambda term: term.rests_on_flows)
"""Measures that are rough where flows are estimated."""
OF_LAND: Final = _names(lambda term: term.needs_land)
"""Measures without a value where the land of a plan is not known."""
OF_CAPACITY: Final = _names(lambda term: term.needs_capacity)
"""Measures without a value where no school's capacity is known."""
OF_COMMUNITIES: Final = _names(lambda term: term.of_communities)
"""Shares that tables of communities show."""
ON_LABELS: Final = _names(lambda term: term.on_labels)
"""Measures that many plans can be scored on: the rest needs drawn polygons."""
WEIGHABLE: Final = _names(lambda term: term.weighable)
"""Measures that a scenario may weigh."""
BUDGETABLE: Final = _names(lambda term: term.budgetable)
"""Measures that a budget may hold down."""


def _headlines() -> tuple[str, ...]:
    placed = sorted((term.headline, term.name) for term in _TERMS if term.headline is not None)
    first, *rest = (name for _, name in placed)
    return (first, CONTIGUITY, *rest)


HEADLINES: Final = _headlines()
"""The figures on top of the page, in order. Continuity never stands without contiguity."""
OF_SUMS: Final = ("students_moved", "schools_over_capacity", "schools_under_capacity")
"""Figures that grow, or fall, with every count: the true one lies between their two ends."""
TRUE_HEADLINES: Final = tuple(name for name in HEADLINES if name in TERMS and name not in OF_SUMS)
"""Headlines that are published as they are, with fewer digits."""
