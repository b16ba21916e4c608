"""A school by its id or its name, wherever one is asked for."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

import pandas as pd

from feeder.errors import InputError, Problem

MOST_NAMED: Final = 8


def find_school(
    names: pd.Series[str],
    wanted: str,
    *,
    among: Sequence[str],
    kind: str = "school of this district",
) -> str:
    """Return the id of a school by its id, its name, or a part of its name that no other has.

    Parameters
    ----------
    names
        Name by id.
    wanted
        What the planner wrote.
    among
        Ids of the schools that may be meant.
    kind
        What such a school is called.

    Raises
    ------
    InputError
        Where no school is meant, or several could be.
    """
    if wanted in among:
        return wanted
    known = {one: str(names[one]) for one in among}
    asked = wanted.casefold().strip()
    whole = [one for one, name in known.items() if name.casefold() == asked]
    found = whole or [one for one, name in known.items() if asked and asked in name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        shown = [f"{known[one]} ({one})" for one in found[:MOST_NAMED]]
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        message = f"{wanted} could be any of {len(found)} schools: {'; '.join(shown)}{more}."
        raise InputError([_problem("ambiguous-school", message, "Give its id.", wanted)])
    close = difflib.get_close_matches(wanted, [*known.values(), *among], n=3, cutoff=0.5)
    fix = f"Did you mean {' or '.join(close)}?" if close else "Give an id as it stands in plan.csv."
    raise InputError([_problem("unknown-school", f"{wanted} is no {kind}.", fix, wanted)])


def _problem(rule: str, message: str, fix: str, value: str) -> Problem:
    return Problem(rule=rule, message=message, fix=fix, value=value)
