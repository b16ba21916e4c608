"""From a district folder and a plan to its goals, and to the schools at the bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from feeder.analyses.contract import Result
from feeder.analyses.goals.bottom_sections import performance_section
from feeder.analyses.goals.performance import Performance, performance
from feeder.analyses.goals.sections import goals_section
from feeder.analyses.goals.summed import goals_table
from feeder.errors import FeederError
from feeder.language import Message
from feeder.opening.runs import PlanLike, assignment_of
from feeder.opening.stages import Progress, quiet, timed
from feeder.planning import Assignment
from feeder.telling.sections import Section

NO_GOALS: Final = Message("goals.none")
"""What to write into district.toml, to be pasted."""
NO_RATINGS: Final = Message("goals.no_ratings")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanGoals(Result):
    """What a plan's communities are to reach, and where the schools at the bottom are.

    Attributes
    ----------
    assignment
        The plan.
    goals
        One row a goal and group (:func:`feeder.analyses.goals.summed.goals_table`); no rows without
        ``[goals]``.
    performance
        The schools at the bottom of the ratings; None without ratings.
    """

    assignment: Assignment
    goals: pd.DataFrame
    performance: Performance | None

    @property
    def about(self) -> Assignment:
        """The plan."""
        return self.assignment

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``goals``, and ``bottom``: the schools at the bottom; each where there are some."""
        found = {} if self.goals.empty else {"goals": self.goals}
        if self.performance is not None:
            found["bottom"] = self.performance.schools
        return found

    @property
    def desk(self) -> frozenset[str]:
        """Every table: each tells schools one by one."""
        return frozenset(self.tables)

    @property
    def first(self) -> str:
        """The table that is written where one file is asked for."""
        return "goals"

    def why_not(self, name: str) -> str:
        """Return what district.toml lacks for a table."""
        return str(NO_RATINGS if name == "bottom" else NO_GOALS)

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


def told_goals(
    plan: PlanLike, *, bottom: float | None, by: str, progress: Progress | None
) -> PlanGoals:
    """Sum and list (:func:`feeder.analyses.goals.goals`).

    Raises
    ------
    FeederError
        Where there is nothing to tell.
    """
    with timed("score", {}, progress or quiet):
        found = goals_of(assignment_of(plan), bottom=bottom, by=by)
    if found.goals.empty and found.performance is None:
        raise FeederError(f"{NO_GOALS}\n\n{NO_RATINGS}")
    return found
