"""Problems as a planner reads them: one line for all of a kind, and none too long to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from feeder.errors import Problem
from feeder.wording import counted

EXAMPLES: Final = 3
"""Cells named of a problem that many have."""
LONGEST: Final = 300
"""Characters of one line."""


def gathered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems with those of one rule and one file told as one, in order of appearance.

    A few with ways out of their own, or of no one column, stay as they are. Of others the first
    are named with their places (those that say something else before those that repeat it), and
    the rest is counted. Their way out is told where it is the same.
    """
    kinds: dict[tuple[str, str | None], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.rule, problem.file), []).append(problem)
    told: list[Problem] = []
    for members in kinds.values():
        told += [_one(members)] if len(members) > EXAMPLES or _are_alike(members) else members
    return tuple(told)


def _are_alike(members: Sequence[Problem]) -> bool:
    """Return whether several cells of one column share a problem, and its way out if any."""
    cells = all(one.file is not None and one.row is not None for one in members)
    return cells and len(members) > 1 and len({(one.column, one.fix) for one in members}) == 1


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text cut at a word where it is too long to read."""
    return text if len(text) <= longest else text[: longest - 4].rsplit(" ", 1)[0] + " ..."


def _one(members: Sequence[Problem]) -> Problem:
    """Return one problem that stands for many of a kind."""
    columns = {member.column for member in members}
    column = columns.pop() if len(columns) == 1 else None
    fixes = {member.fix for member in members}
    first = dict.fromkeys(member.message for member in members)
    others = {message: next(one for one in members if one.message == message) for message in first}
    rest = [one for one in members if one is not others[one.message]]
    examples = [*others.values(), *rest][:EXAMPLES]
    if len(first) == 1:
        same = [replace(member, message="") for member in members[:EXAMPLES]]
        said, places = members[0].message.rstrip("."), [_example(one, column) for one in same]
        message = f"{said}: {counted(len(members), 'time')}, in {'; '.join(places)}"
    else:
        message = f"{counted(len(members), 'time')}: " + "; ".join(
            _example(one, column) for one in examples
        )
    more = f" and {len(members) - EXAMPLES:,} more." if len(members) > EXAMPLES else "."
    return replace(
        members[0],
        message=message.rstrip(".") + more,
        fix=fixes.pop() if len(fixes) == 1 else "",
        row=None,
        column=column,
        value=None,
    )


def _example(member: Problem, column: str | None) -> str:
    """Return where a problem stands inside its file, and what it says."""
    of_column = replace(member, column=None) if member.column == column else member
    place = of_column.place.removeprefix(f"{member.file}").removeprefix(", ")
    said = member.message.rstrip(".")
    return f"{place}: {said}" if place and said else place or said
