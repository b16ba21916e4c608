"""What a plan is worth beside its scorecard: offices, money, goals, results."""

from __future__ import annotations

from feeder.analyses.funding.allocation import allocate
from feeder.analyses.funding.sections import funding_section
from feeder.analyses.goals.bottom_sections import performance_section
from feeder.analyses.goals.performance import performance
from feeder.analyses.goals.sections import goals_section
from feeder.analyses.offices.run import plan_offices
from feeder.analyses.offices.sections import offices_section
from feeder.errors import FeederError
from feeder.language import Message
from feeder.measures.grouping import today_of
from feeder.planning import Assignment
from feeder.telling.sections import Section


def worth_sections(assignment: Assignment) -> tuple[Section, ...]:
    """Return what the report tells of a plan beside its scorecard.

    Offices always; money, goals and results where the district folder speaks of them.

    Parameters
    ----------
    assignment
        The plan, redacted where the report is published.
    """
    district = assignment.district
    told = [offices_section(plan_offices(assignment))]
    if district.funding is not None:
        told.append(_money(assignment))
    if district.goals is not None:
        told.append(goals_section(assignment))
    results = performance(assignment)
    if results is not None:
        told.append(performance_section(results))
    return tuple(told)


def _money(assignment: Assignment) -> Section:
    """Return what the formula gives, or that it cannot be kept: no reason to lose a report."""
    funding = assignment.district.funding
    if funding is None:
        raise ValueError("the district has no formula")
    try:
        today = today_of(assignment)
        return funding_section(
            allocate(assignment, funding), None if today is None else allocate(today, funding)
        )
    except FeederError as error:
        return Section(
            Message("funding.title"), (Message("funding.cannot", {"reason": str(error)}),), ()
        )
