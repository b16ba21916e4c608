"""From a district folder and a plan to what it is worth: money and goals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from feeder.analyses.funding.run import FundedPlan, fund_assignment
from feeder.analyses.goals.run import PlanGoals, goals_of
from feeder.opening.runs import open_plan
from feeder.opening.stages import Progress


def fund_plan(
    folder: Path | str | None,
    plan: Path | str,
    *,
    formula: Mapping[str, float] | None = None,
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario]
) -> FundedPlan:
    """Share a district's budget among the schools and communities of a plan.

    Parameters
    ----------
    folder, plan, scenario, progress, **overrides
        As for :func:`~feeder.pipeline.open_plan`.
    formula
        Keys of ``[funding]`` that override the folder's: ``{"total": 1e9, "per_pupil": 1.0}``.

    Raises
    ------
    InputError
        What :func:`~feeder.pipeline.open_plan` raises; and where there is no formula, or it cannot
        be kept (:func:`feeder.analyses.funding.allocation.allocate`).
    """
    assignment = open_plan(folder, plan, scenario=scenario, progress=progress, **overrides)
    return fund_assignment(assignment, formula or {})


def plan_goals(
    folder: Path | str | None,
    plan: Path | str,
    *,
    bottom: float | None = None,
    by: str = "region",
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> PlanGoals:
    """Sum the goals of a plan's schools, and list the schools at the bottom of the ratings.

    ``bottom`` and ``by`` are those of :func:`feeder.analyses.goals.performance.performance`; the
    other parameters and the errors those of :func:`feeder.pipeline.open_plan`.
    """
    assignment = open_plan(folder, plan, scenario=scenario, progress=progress, **overrides)
    return goals_of(assignment, bottom=bottom, by=by)
