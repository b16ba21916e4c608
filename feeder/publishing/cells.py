"""What may be known of every count of students: a range, whose ends are equal where it is told.

Counts of few students are suppressed, and with them those that would give them away: primary
and secondary suppression (Hundepool and others 2012). Whatever is published is computed from these ranges, but for the headlines, which are audited
(:mod:`feeder.publishing.audit`). So a figure of any plan, given or edited, gives away no more of
a count than its range does, however many plans are published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from feeder.district.model import District
from feeder.network.model import Network

SMALLEST: Final = 10
"""Fewest students of a count that is told."""
GOAL_COUNTS: Final = ("numerator", "denominator", "past_numerator", "past_denominator")
"""Columns of a goal that count students."""


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """What may be known of the cells of one table.

    Attributes
    ----------
    low, high
        Float, shaped like the table: the least and the most a cell may be; equal where it is told,
        NaN where the table has no cell.
    """

    low: pd.DataFrame
    high: pd.DataFrame

    @property
    def is_open(self) -> pd.DataFrame:
        """Which cells are known as a range only."""
        return self.low < self.high


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """What may be known of every count of a district, whatever the plan.

    Attributes
    ----------
    enrollment
        By school, in the order of ``District.schools``; one column, ``enrollment``.
    grades
        Of ``District.grade_enrollment``; None without.
    counts
        Of ``Statistics.counts``.
    parts, wholes
        Of each rate in ``Statistics.rates`` that has a denominator: the students of whom it is
        true (share times denominator), and the denominator.
    flows
        By row of ``Network.flows``; one column, ``students``.
    goals
        Of each goal's counted columns (``numerator``, ``denominator``, ``past_numerator``,
        ``past_denominator``); empty without goals.
    """

    enrollment: Range
    grades: Range | None
    counts: Range
    parts: Range
    wholes: Range
    flows: Range
    goals: tuple[Range, ...] = ()

    @property
    def tables(self) -> tuple[Range, ...]:
        """The ranges of every table."""
        grades = () if self.grades is None else (self.grades,)
        own = (self.counts, self.parts, self.wholes)
        return (self.enrollment, *grades, *own, self.flows, *self.goals)

    @property
    def is_open(self) -> bool:
        """Whether any count is told as a range only."""
        return any(bool(one.is_open.to_numpy().any()) for one in self.tables)


def every_cell(district: District, network: Network) -> Told:
    """Return every count of a district as it is: nothing is hidden."""

    def exactly(table: pd.DataFrame) -> Range:
        cells = table.astype(float)
        return Range(cells, cells)

    statistics = district.statistics
    rates = statistics.rates
    shares = [str(name) for name in rates if f"{name}_denominator" in rates]
    wholes = rates[[f"{name}_denominator" for name in shares]].set_axis(shares, axis=1)
    return Told(
        enrollment=exactly(district.schools[["enrollment"]]),
        grades=None if district.grade_enrollment is None else exactly(district.grade_enrollment),
        counts=exactly(statistics.counts),
        parts=exactly(rates[shares] * wholes),
        wholes=exactly(wholes),
        flows=exactly(network.flows[["students"]]),
        goals=tuple(exactly(goal.schools[list(GOAL_COUNTS)]) for goal in district.goals or ()),
    )


def told_cells(district: District, network: Network) -> Told:
    """Return what may be known of every count of a district."""
    exact = every_cell(district, network)

    def few(cells: Range, low: float = 0.0) -> Range:
        is_few = (cells.low > 0) & (cells.low < SMALLEST)
        return Range(cells.low.mask(is_few, low), cells.high.mask(is_few, SMALLEST - 1.0))

    return Told(
        enrollment=few(exact.enrollment, 1.0),
        grades=None if exact.grades is None else few(exact.grades),
        counts=few(exact.counts),
        parts=few(exact.parts),
        wholes=few(exact.wholes),
        flows=few(exact.flows, 1.0),
        goals=tuple(few(one) for one in exact.goals),
    )
