"""Money: from a district folder and a plan to what every school and community gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from feeder.analyses.contract import Result
from feeder.analyses.funding import tables
from feeder.analyses.funding.allocation import Allocation, allocate
from feeder.analyses.funding.sections import PLAN, TODAY, funding_section
from feeder.district.figures.funding import FORMULA, fitting_problems, formula_problems
from feeder.district.model import District, Funding
from feeder.errors import FeederError, InputError, Problem
from feeder.language import Message
from feeder.measures.grouping import today_of
from feeder.opening.record import origin
from feeder.opening.runs import PlanLike, assignment_of
from feeder.opening.stages import Progress, quiet, timed
from feeder.planning import Assignment
from feeder.telling.sections import Section


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FundedPlan(Result):
    """What a formula gives a plan, beside today's communities under the same formula.

    Attributes
    ----------
    allocation
        The plan's money.
    today
        Today's; None where the district has no plan of today.
    """

    allocation: Allocation
    today: Allocation | None

    @property
    def ledger(self) -> pd.DataFrame:
        """Where every cent goes (:func:`feeder.analyses.funding.tables.ledger`)."""
        return tables.ledger(self.allocation)

    @property
    def schools(self) -> pd.DataFrame:
        """One row a school (:func:`feeder.analyses.funding.tables.by_school`)."""
        return tables.by_school(self.allocation)

    @property
    def communities(self) -> pd.DataFrame:
        """One row a community (:func:`feeder.analyses.funding.tables.by_community`)."""
        return tables.by_community(self.allocation)

    @property
    def regions(self) -> pd.DataFrame:
        """One row a region (:func:`feeder.analyses.funding.tables.by_region`)."""
        return tables.by_region(self.allocation)

    @property
    def equity(self) -> pd.DataFrame:
        """One row a plan (:func:`feeder.analyses.funding.tables.equity_table`)."""
        plans = {PLAN: self.allocation} | ({} if self.today is None else {TODAY: self.today})
        return tables.equity_table(plans)

    @property
    def change(self) -> pd.DataFrame | None:
        """What the plan changes (:func:`feeder.analyses.funding.tables.change`), or None."""
        if self.today is None:
            return None
        return tables.change(self.allocation, self.today)

    @property
    def about(self) -> Assignment:
        """The plan."""
        return self.allocation.assignment

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``funding_schools`` and one table for each of the other properties."""
        found = {
            "funding_schools": self.schools,
            "funding_communities": self.communities,
            "funding_regions": self.regions,
            "funding_ledger": self.ledger,
            "funding_equity": self.equity,
        }
        change = self.change
        return found if change is None else {**found, "funding_change": change}

    @property
    def desk(self) -> frozenset[str]:
        """Every table: dollars are counts of students in another unit."""
        return frozenset(self.tables)

    @property
    def sections(self) -> tuple[Section, ...]:
        """All of it for a reader."""
        return (funding_section(self.allocation, self.today),)

    @property
    def record(self) -> dict[str, Any]:
        """What the tables rest on, the formula too."""
        formula = {key: getattr(self.allocation.funding, key) for key in FORMULA}
        return {**origin(self.about), "funding": formula}


def funded(
    plan: PlanLike, formula: Mapping[str, float], *, progress: Progress | None = None
) -> FundedPlan:
    """Share a district's budget among the schools and communities of a plan.

    ``formula`` has keys of ``[funding]`` that override the folder's. Raises what
    :func:`feeder.analyses.funding.funding` raises.
    """
    assignment = assignment_of(plan)
    problems = formula_problems(formula)
    if problems:
        raise InputError(problems)
    funding = funding_of(assignment.district, formula)
    with timed("score", {}, progress or quiet):
        today = today_of(assignment)
        return FundedPlan(
            allocation=allocate(assignment, funding),
            today=None if today is None else allocate(today, funding),
        )


def told_in_report(plan: Assignment) -> tuple[Section, ...]:
    """Return what the formula gives, or that it cannot be kept: no reason to lose a report."""
    if plan.district.funding is None:
        return ()
    try:
        return funded(plan, {}).sections
    except FeederError as error:
        reason = Message("funding.cannot", {"reason": str(error)})
        return (Section(Message("funding.title"), (reason,), ()),)


def funding_of(district: District, formula: Mapping[str, float]) -> Funding:
    """Return a district's formula with the keys of ``formula`` laid over it.

    Raises
    ------
    InputError
        Where there is none, or it asks for what the district does not have.
    """
    if district.funding is None and not formula:
        message = f"{district.name} has no [funding], so nothing says how money is shared."
        raise InputError([Problem(rule="no-funding", message=message, fix=_example(district))])
    base = district.funding or Funding()
    given = {key: getattr(base, key) for key in FORMULA} | dict(formula)
    funding = Funding(**given, last_year=base.last_year)
    has_table = funding.last_year is not None
    problems = fitting_problems(funding, has_table=has_table, measures=district.statistics)
    if problems:
        raise InputError(problems)
    return funding


def _example(district: District) -> str:
    """Return a section to paste; need stands in it where the district has a need figure."""
    need, option = "per_need = 0.4\n", " --per-need 0.4"
    if district.statistics.need is None:
        need = option = ""
    return str(Message("funding.example", {"need": need, "option": option}))
