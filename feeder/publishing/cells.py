"""What may be known of every count of students: a range, whose ends are equal where it is told.

Whatever is published is computed from these ranges, but for the headlines, which are audited
(:mod:`feeder.publishing.audit`). So a figure of any plan, given or edited, gives away no more of
a count than its range does, however many plans are published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

SMALLEST: Final = 10
"""Fewest students of a count that is told."""


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
