"""Figures of change against today's plan that a district cannot have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from feeder.errors import Problem
from feeder.planning.constraints.asked import Asked

NUMBERED: Final = ("schools_moved", "students_moved")
"""Measures that have a value only where both plans have as many communities."""


def without_today(asked: Asked, key: str, name: str) -> Iterator[Problem]:
    """Tell why a weight or budget (``key``) on a figure of change cannot be read here."""
    plan, wanted = asked.district.existing_plan, asked.scenario.communities
    today, noun = 0 if plan is None else plan.nunique(), key.removesuffix("s")
    if not today:
        reason = "the district has no existing plan"
        way_out = f"Give [existing_plan], or leave the {noun} out."
    elif name in NUMBERED and today != wanted:
        reason = f"today's plan has {today} communities and this one {wanted}"
        way_out = "Use students_separated instead."
    else:
        return
    yield without_measure(key, name, reason, way_out)


def without_measure(key: str, name: str, reason: str, way_out: str) -> Problem:
    """Return a weight or budget on a measure without a value."""
    noun = key.removesuffix("s")
    return Problem(
        rule=f"{noun}-without-measure",
        message=f"{name} has a {noun}, but {reason}.",
        fix=way_out,
        column=key,
        value=name,
    )
