"""Runs for people's questions: why a school is where it is, what differs between two plans."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, Final

from feeder.analyses.difference.difference import Difference, plan_difference
from feeder.analyses.explanation.explanation import Explanation, explain_school
from feeder.errors import InputError, Problem
from feeder.measures.grouping import today_of
from feeder.opening.reading import TODAY
from feeder.opening.runs import open_plan, open_plans
from feeder.opening.stages import Progress, quiet, timed
from feeder.planning import Assignment

TODAY_WORD: Final = "today"
MOST_NAMED: Final = 8


def explain(
    folder: Path | str | None,
    plan: Path | str,
    school: str,
    *,
    progress: Progress | None = None,
    **options: Any,  # noqa: ANN401 - those of open_plan
) -> Explanation:
    """Say why a school is in its community, and what each possible move of it would change.

    Parameters
    ----------
    folder, plan, progress, **options
        As for :func:`~feeder.pipeline.runs.open_plan`.
    school
        The id of a school, or a part of its name that no other has.

    Raises
    ------
    InputError
        Where the folder, the plan or the scenario cannot be used, and where the school is not
        there or could be several.
    """
    report = progress or quiet
    assignment = open_plan(folder, plan, progress=report, **options)
    school_id = find_school(assignment, school)
    with timed("score", {}, report):
        return explain_school(assignment, school_id)


def difference(
    folder: Path | str | None,
    before: Path | str,
    after: Path | str,
    *,
    progress: Progress | None = None,
    **options: Any,  # noqa: ANN401 - those of open_plan
) -> Difference:
    """Say what differs between two plans; either may be the word ``today``.

    Parameters and errors are those of :func:`~feeder.pipeline.runs.open_plan`.
    """
    given = [plan for plan in (before, after) if str(plan) != TODAY_WORD]
    if not given:
        raise InputError([_problem("two-todays", "today is compared with itself.", "Name a plan.")])
    read = iter(open_plans(folder, given, progress=progress, **options))
    plans = [None if str(plan) == TODAY_WORD else next(read) for plan in (before, after)]
    known = next(plan for plan in plans if plan is not None)
    today = today_of(known)
    if None in plans and today is None:
        message = "the district has no plan of today."
        raise InputError(
            [_problem("no-today", message, "Give [existing_plan], or name two plans.")]
        )
    first, second = (today if plan is None else plan for plan in plans)
    if first is None or second is None:
        raise InputError([_problem("no-today", f"{TODAY} is not there.", "Name two plans.")])
    return plan_difference(first, second)


def find_school(assignment: Assignment, wanted: str) -> str:
    """Return the id of a school by its id, its name, or a part of its name that no other has.

    Raises
    ------
    InputError
        Where no school is meant, or several could be.
    """
    ids = assignment.network.graph.school_ids
    if wanted in ids:
        return wanted
    names = {one: str(assignment.district.schools["name"][one]) for one in ids}
    asked = wanted.casefold().strip()
    whole = [one for one, name in names.items() if name.casefold() == asked]
    found = whole or [one for one, name in names.items() if asked and asked in name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        shown = [f"{names[one]} ({one})" for one in found[:MOST_NAMED]]
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        message = f"{wanted} could be any of {len(found)} schools: {'; '.join(shown)}{more}."
        raise InputError([_problem("ambiguous-school", message, "Give its id.", wanted)])
    close = difflib.get_close_matches(wanted, [*names.values(), *ids], n=3, cutoff=0.5)
    fix = f"Did you mean {' or '.join(close)}?" if close else "Give an id as it stands in plan.csv."
    raise InputError([_problem("unknown-school", f"there is no school {wanted}.", fix, wanted)])


def _problem(rule: str, message: str, fix: str, value: str | None = None) -> Problem:
    return Problem(rule=rule, message=message, fix=fix, value=value)
