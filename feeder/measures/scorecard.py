"""Scorecard: every measure of one plan, by name, with unit and definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from feeder.language import ENGLISH, Said


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure is: its name, unit, sense and definition in one sentence.

    ``sense`` is ``higher`` or ``lower`` (which is better) or ``none``.
    """

    name: str
    unit: str
    sense: str
    definition: str


@dataclass(frozen=True, slots=True)
class Value:
    """A measure's value for a plan.

    ``value`` is None where it cannot be given, and ``reason`` then says why. Rates keep
    ``numerator`` and ``denominator``; a figure that rests on suppressed or estimated flows
    keeps its interval.
    """

    value: float | int | None
    reason: str = ""
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise: which community, what value, against which bound, in which unit.

    ``said`` is the sentence that tells it, in any language.
    """

    community_id: str
    value: float | str
    bound: float | str
    unit: str
    said: Said

    @property
    def message(self) -> str:
        """The sentence in English."""
        return ENGLISH.say(self.said)


@dataclass(frozen=True, slots=True)
class ConstraintResult:
    """One promise of the scenario, and where it is broken."""

    name: str
    said: Said
    satisfied: bool
    violations: tuple[Violation, ...]

    @property
    def definition(self) -> str:
        """The promise in English."""
        return ENGLISH.say(self.said)


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
        a bridge joins them: ``community_id``, ``name``, ``pieces``, ``reason``.
    certificate
        ``objective``, ``bound``, ``gap`` and ``reason`` where a figure is null.
    definitions
        Measure definitions by name.
    notes
        Thresholds, CRS and other facts needed to recompute the figures, JSON-ready.
    """

    plan: dict[str, Value]
    existing: dict[str, Value] | None
    communities: pd.DataFrame
    constraints: tuple[ConstraintResult, ...]
    island_communities: tuple[dict[str, Any], ...]
    certificate: dict[str, Any]
    definitions: dict[str, Measure]
    notes: dict[str, Any]

    @property
    def satisfied(self) -> bool:
        """Whether every promise is kept."""
        return all(constraint.satisfied for constraint in self.constraints)
