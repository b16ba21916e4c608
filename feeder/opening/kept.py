"""What a planner wrote into an output folder outlives the next run into it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feeder.errors import Findings, InputError, Problem
from feeder.opening.communities import COMMUNITIES_CSV, tell_left
from feeder.opening.reading import PLAN_CSV, read_plan
from feeder.opening.record import COMMUNITIES_KEY, RUN_FILE
from feeder.planning import Assignment
from feeder.planning.carrying import carried, unplaced
from feeder.planning.identity import Community
from feeder.wording import counted, shown, warn_grouped

PREVIOUS_CSV: Final = "communities.previous.csv"
"""Where identities wait that no community of the plan took over."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """A plan under the identities that a planner edited in the folder it goes to.

    Attributes
    ----------
    plan
        The plan.
    left
        Identities that found no place.
    unread
        The bytes of the file where it cannot be read; it is kept as it is.
    warnings
        What is told of that.
    """

    plan: Assignment
    left: tuple[Community, ...] = ()
    unread: bytes | None = None
    warnings: tuple[Problem, ...]


def kept_identities(folder: Path, plan: Assignment) -> Kept | None:
    """Carry the identities that were edited in a run's folder on to a new plan.

    Names, numbers, colors and contacts go one to one to the communities that share most students.

    Parameters
    ----------
    folder
        An output folder; it need not be there.
    plan
        The plan that is to be written there.

    Returns
    -------
    None where nothing was edited: the file is as its run made it, or there is none.
    """
    file = folder / COMMUNITIES_CSV
    if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() == _made(folder):
        return None
    try:
        before = read_plan(folder / PLAN_CSV, plan.district, plan.network, scenario=plan.scenario)
    except InputError as error:
        told = [_unread(error.problems), *error.problems]
        return Kept(plan=plan, unread=file.read_bytes(), warnings=tuple(told))
    findings = Findings()
    found, left = carried(plan, before), unplaced(plan, before)
    offices = {one.office_school_id for one in (*found.communities, *left)}
    gone = [one for one in before.communities if one.office_school_id not in offices]
    tell_left(gone, found, findings)
    _tell(left, len(before.communities) - len(left), findings)
    return Kept(plan=found, left=left, warnings=tuple(findings.warnings))


def _made(folder: Path) -> str | None:
    """Return the hash of the file as the run that made the folder wrote it of itself."""
    try:
        told = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        return str(told.get(COMMUNITIES_KEY))
    except (OSError, ValueError, AttributeError):  # nothing, or not written by a run
        return None


def _tell(left: Sequence[Community], kept: int, findings: Findings) -> None:
    message = (
        f"names, numbers, colors and contacts of {counted(kept, 'community', 'communities')} were "
        "kept as they were edited: each went to the community that shares most students with it."
    )
    findings.warnings.append(
        Problem(rule="communities-kept", message=message, file=COMMUNITIES_CSV)
    )
    warn_grouped(
        findings,
        rule="communities-left",
        before=f"{counted(len(left), 'community', 'communities')} of before found no place",
        examples=[one.label for one in left],
        fix=f"What was written of them stands in {PREVIOUS_CSV}.",
        file=COMMUNITIES_CSV,
    )


def _unread(problems: Sequence[Problem]) -> Problem:
    return Problem(
        rule="communities-unread",
        message=f"the edited file cannot be read ({counted(len(problems), 'problem')}); it is kept "
        f"as {shown(PREVIOUS_CSV)}.",
        fix=f"Correct it there, and copy it over {COMMUNITIES_CSV}.",
        file=COMMUNITIES_CSV,
    )
