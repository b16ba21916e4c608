"""Two plans put beside each other, today's where the word says so."""

from __future__ import annotations

from typing import Literal

from feeder.analyses.difference.between import Difference, plan_difference
from feeder.opening.runs import Opened, PlanLike, assignment_of, open_today
from feeder.opening.stages import Progress, quiet, timed


def differing(
    plan: PlanLike, before: PlanLike | Literal["today"], *, progress: Progress | None
) -> Difference:
    """Compare (:func:`feeder.analyses.difference.difference`)."""
    after = assignment_of(plan)
    if isinstance(before, str):
        before = open_today(Opened(after.district, after.network, after.scenario))
    with timed("score", {}, progress or quiet):
        return plan_difference(assignment_of(before), after)
