"""What may be known of every count of students: a range, whose ends are equal where it is told.

Counts of few students are suppressed, and with them those that would give them away: primary
and secondary suppression (Hundepool and others 2012). Whatever is published is computed from these
ranges, but for the headlines, which are audited (:mod:`feeder.publishing.audit`). So a figure of
any plan, given or edited, gives away no more of a count than its range does, however many plans are
published.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from feeder.district.model import GRADE_COLUMNS, District
from feeder.network.model import Network
from feeder.publishing.flow_cells import flow_ends
from feeder.publishing.primary import SMALLEST
from feeder.publishing.school_cells import GOAL_COLUMNS, Ends, rate_names, school_cells

__all__ = ["SMALLEST", "Range", "Told", "every_cell", "told_cells"]


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

    @classmethod
    def of(cls, ends: Ends, columns: dict[str, str]) -> Range:
        """Return columns of a larger table under names of their own (theirs to ours)."""
        low, high = (end[list(columns)].set_axis(list(columns.values()), axis=1) for end in ends)
        return cls(low, high)


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
    def is_open(self) -> bool:
        """Whether anything is known as a range only."""
        return any(bool(one.is_open.to_numpy().any()) for one in self.tables.values())

    @property
    def tables(self) -> dict[str, Range]:
        """Every table by its kind; goals are numbered."""
        grades = {} if self.grades is None else {"grade": self.grades}
        return {
            "enrollment": self.enrollment,
            **grades,
            "count": self.counts,
            "part": self.parts,
            "whole": self.wholes,
            **{f"goal {number}": goal for number, goal in enumerate(self.goals)},
            "flow": self.flows,
        }


def every_cell(district: District, network: Network) -> Told:
    """Return every count of a district as it is: nothing is hidden."""

    def exactly(table: pd.DataFrame) -> Range:
        cells = table.astype(float)
        return Range(cells, cells)

    rates, names = district.statistics.rates, rate_names(district)
    wholes = rates[[f"{name}_denominator" for name in names]].set_axis(names, axis=1)
    return Told(
        enrollment=exactly(district.schools[["enrollment"]]),
        grades=None if district.grade_enrollment is None else exactly(district.grade_enrollment),
        counts=exactly(district.statistics.counts),
        parts=exactly(rates[names] * wholes),
        wholes=exactly(wholes),
        flows=exactly(network.flows[["students"]]),
        goals=tuple(exactly(goal.schools[list(GOAL_COLUMNS)]) for goal in district.goals or ()),
    )


def told_cells(district: District, network: Network) -> Told:
    """Return what may be known of every count: by the data alone, never by a plan.

    Parameters
    ----------
    district, network
        As they were read and made, whole.
    """
    schools = school_cells(district)
    ends = schools.low, schools.high
    low, high = flow_ends(district, network, *ends)
    rates = rate_names(district)
    return Told(
        enrollment=Range.of(ends, {"enrollment": "enrollment"}),
        grades=None
        if district.grade_enrollment is None
        else Range.of(ends, {f"grade {name}": name for name in GRADE_COLUMNS}),
        counts=Range.of(ends, {f"count {name}": str(name) for name in district.statistics.counts}),
        parts=Range.of(ends, {f"part {name}": name for name in rates}),
        wholes=Range.of(ends, {f"whole {name}": name for name in rates}),
        flows=Range(
            pd.DataFrame({"students": low}, network.flows.index),
            pd.DataFrame({"students": high}, network.flows.index),
        ),
        goals=tuple(
            Range.of(ends, {f"goal {number} {name}": name for name in GOAL_COLUMNS})
            for number in range(len(district.goals or ()))
        ),
    )
