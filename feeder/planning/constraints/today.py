"""Figures of change against today's plan that a district cannot have."""

from __future__ import annotations

from collections.abc import Iterator

from feeder.errors import Problem
from feeder.planning.constraints.asked import Asked


def without_today(asked: Asked, key: str, name: str) -> Iterator[Problem]:
    """Tell why a weight or budget (``key``) on a figure of change cannot be read here."""
    plan, noun = asked.district.existing_plan, key.removesuffix("s")
    if plan is None or not plan.nunique():
        way_out = f"Give [existing_plan], or leave the {noun} out."
        yield without_measure(key, name, "the district has no existing plan", way_out)


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
