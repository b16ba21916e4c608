"""From a district folder and a plan to its goals, and to the schools at the bottom."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from feeder.analyses.goals.bottom_sections import performance_section
from feeder.analyses.goals.goals import goals_table
from feeder.analyses.goals.performance import Performance, performance
from feeder.analyses.goals.sections import goals_section
from feeder.planning import Assignment
from feeder.telling.sections import Section


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanGoals:
    """What a plan's communities are to reach, and where the schools at the bottom are.

    Attributes
    ----------
    assignment
        The plan.
    goals
        One row a goal and group (:func:`feeder.analyses.goals.goals.goals_table`); no rows without
        ``[goals]``.
    performance
        The schools at the bottom of the ratings; None without ratings.
    """

    assignment: Assignment
    goals: pd.DataFrame
    performance: Performance | None

    @property
    def sections(self) -> tuple[Section, ...]:
        """What a reader is told of them; empty where there is neither."""
        told = []
        if not self.goals.empty:
            told.append(goals_section(self.assignment))
        if self.performance is not None:
            told.append(performance_section(self.performance))
        return tuple(told)


def goals_of(
    assignment: Assignment, *, bottom: float | None = None, by: str = "region"
) -> PlanGoals:
    """Sum the goals of a plan, and list the schools at the bottom of the ratings.

    Raises
    ------
    InputError
        As :func:`feeder.analyses.goals.performance.performance`.
    """
    return PlanGoals(
        assignment=assignment,
        goals=goals_table(assignment),
        performance=performance(assignment, bottom=bottom, by=by),
    )
