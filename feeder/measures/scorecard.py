"""Scorecard: every measure of one plan, by name, with unit and definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from feeder.language import ENGLISH, Fact, Message
from feeder.planning.constraints.judged import ConstraintResult
from feeder.terms import INDEX


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure is: its name, unit, sense, and what its definition counts with.

    ``sense`` is ``higher`` or ``lower`` (which is better) or ``none``; ``facts`` are the
    thresholds that the definition names; ``kind`` is one of those of :mod:`feeder.terms`.
    """

    name: str
    unit: str
    sense: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    kind: str = INDEX

    @property
    def label(self) -> Message:
        """What it is called."""
        return Message(f"measure.{self.name}")

    @property
    def definition(self) -> Message:
        """What it counts."""
        return Message(f"definition.{self.name}", self.facts)


def unit_message(unit: str) -> Message:
    """Return a unit of measures, in any language; as it is where only an analyst has it."""
    key = f"unit.{unit.replace(' ', '_')}"
    return Message(key) if key in ENGLISH.texts else Message("text.own", {"text": unit})


@dataclass(frozen=True, slots=True)
class Value:
    """A measure's value for a plan.

    ``value`` is None where it cannot be given, and ``reason`` then says why. Rates keep
    ``numerator`` and ``denominator``; a figure that rests on suppressed or estimated flows
    keeps its interval. Where ``is_range``, no more than the interval is known, and ``value`` is a
    figure in it that is good for comparing. ``decimals`` are those that may be told, of percent
    where it is a share; None where all that its unit has may be.

    Examples
    --------
    >>> Value(0.75, numerator=3, denominator=4).value
    0.75
    """

    value: float | int | None
    reason: Message | None = None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    is_range: bool = False
    decimals: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Scorecard:
    """Every measure of one plan.

    Attributes
    ----------
    plan
        Measure name to value, in the order of the definitions.
    existing
        The same for the existing plan; None where there is none.
    communities
        One row a community, indexed by ``community_id``: ``name``, ``n_schools``,
        ``enrollment`` (students) and measures.
    constraints
        Every promise, kept or broken.
    island_communities
        Communities whose polygon has several pieces since one of their tiles has, or since
        a bridge joins them: ``community_id``, ``name``, ``pieces`` and ``reason`` (a sentence
        in any language).
    certificate
        ``objective``, ``bound``, ``gap`` and, where a figure is null, ``reason`` (a sentence in
        any language; else an empty text).
    definitions
        Measure definitions by name.
    notes
        Thresholds, CRS and other facts needed to recompute the figures, JSON-ready.
    least, most
        Of a published scorecard: the least and the greatest that figures of ``communities`` may
        be, only the columns that counts of few students leave open. None where all are certain.

    Examples
    --------
    >>> plan.scorecard.definitions["polsby_popper"].unit
    '0 to 1'
    >>> [one.name for one in plan.scorecard.constraints][:2]
    ['communities', 'no_empty_community']
    """

    plan: dict[str, Value]
    existing: dict[str, Value] | None
    communities: pd.DataFrame
    constraints: tuple[ConstraintResult, ...]
    island_communities: tuple[dict[str, Any], ...]
    certificate: dict[str, Any]
    definitions: dict[str, Measure]
    notes: dict[str, Any]
    least: pd.DataFrame | None = None
    most: pd.DataFrame | None = None

    def ends(self, column: str) -> tuple[pd.Series[float], pd.Series[float]]:
        """Return the least and the greatest that a column of the communities may be."""
        if self.least is None or self.most is None or column not in self.least:
            return self.communities[column], self.communities[column]
        return self.least[column], self.most[column]

    def _repr_html_(self) -> str:
        """Show every measure, today's figure beside it, and the broken promises in a notebook."""
        today = self.existing or {}
        figures = pd.DataFrame(
            [
                {
                    "measure": str(self.definitions[name].label),
                    "plan": value.value,
                    "today": today[name].value if name in today else None,
                    "unit": self.definitions[name].unit,
                }
                for name, value in self.plan.items()
            ]
        )
        broken = [str(rule.definition) for rule in self.constraints if not rule.satisfied]
        promises = pd.DataFrame({"broken promises": broken or ["none"]})
        shown = (figures.to_html(index=False, na_rep="\N{EN DASH}"), promises.to_html(index=False))
        return "".join(shown)

    @property
    def satisfied(self) -> bool:
        """Whether every promise is kept."""
        return all(constraint.satisfied for constraint in self.constraints)
