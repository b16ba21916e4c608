"""The offices of a plan, as a planner asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from feeder.analyses.offices.office_plan import OfficeOptions, OfficePlan, office_plan
from feeder.district.model import LEVELS
from feeder.errors import InputError, Problem
from feeder.network.graph import FloatArray
from feeder.opening.runs import PlanLike, assignment_of
from feeder.opening.stages import Progress, quiet, timed
from feeder.planning import Assignment
from feeder.wording import nearest

WEIGHS: Final = ("schools", "enrollment", "visits")
"""What the minutes of each school may count by."""
REGIONS: Final = "regions"


def placed_offices(
    plan: PlanLike,
    *,
    weigh: str,
    hosts: Iterable[str],
    offices: int | None,
    headquarters: int | str | None,
    visits: float | str | None,
    progress: Progress | None,
) -> OfficePlan:
    """Check what is asked for, and place (:func:`feeder.analyses.offices.offices`)."""
    assignment = assignment_of(plan)
    problems = []
    levels = tuple(hosts)
    if weigh not in WEIGHS:
        problems.append(_problem("weigh", weigh, WEIGHS))
    problems += [_problem("hosts", level, LEVELS) for level in levels if level not in LEVELS]
    if isinstance(headquarters, str) and headquarters != REGIONS:
        problems.append(_problem("headquarters", headquarters, (REGIONS,)))
    counts = assignment.district.statistics.counts
    if isinstance(visits, str) and visits not in counts:
        problems.append(_problem("visits", visits, map(str, counts)))
    if problems:
        raise InputError(problems)
    with timed("score", {}, progress or quiet):
        return office_plan(
            assignment,
            OfficeOptions(
                weigh=weigh,
                visits=_visits(assignment, visits),
                hosts=levels,
                offices=offices,
                headquarters=0 if isinstance(headquarters, str) else headquarters,
            ),
        )


def _visits(assignment: Assignment, visits: float | str | None) -> FloatArray:
    """Shape (n_schools,): visits a year; none where a count does not know."""
    district, ids = assignment.district, list(assignment.network.graph.school_ids)
    if isinstance(visits, str):
        return district.statistics.counts[visits].loc[ids].fillna(0.0).to_numpy(np.float64)
    return np.full(len(ids), district.access.visits if visits is None else float(visits))


def _problem(name: str, value: str, known: Iterable[str]) -> Problem:
    words = list(known)
    fix = nearest(value, words) if words else "The district gives no counts in [measures]."
    return Problem(rule=name, message=f"{name}: {value} is not known.", fix=fix, value=value)
