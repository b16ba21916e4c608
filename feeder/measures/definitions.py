"""What each measure is, as its term says, and what its definition rests on in a district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from feeder.district.model import Access
from feeder.language import Message
from feeder.measures.scorecard import Measure
from feeder.network.travel import STREETS, Travel
from feeder.terms import TERMS

_OF_MINUTES: Final = ("office_minutes_mean", "office_minutes_max")
"""Measures whose definition says what minutes rest on."""

DEFINITIONS: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        name: Measure(
            name,
            term.unit,
            term.sense,
            {**term.thresholds, "travel": Message("definition.by_either")}
            if name in _OF_MINUTES
            else term.thresholds,
            term.kind,
        )
        for name, term in TERMS.items()
    }
)
"""Every measure by name, in the order they are shown."""


def definitions_on(travel: Travel, access: Access) -> dict[str, Measure]:
    """Return every measure by name, defined by what the minutes of one district rest on."""
    rests = Message(
        "definition.by_distance",
        {"detour": _short(access.detour), "speed": _short(access.speed_km_h)},
    )
    if travel.source == STREETS:
        rests = Message("definition.by_streets")
    return {
        name: replace(measure, facts={**measure.facts, "travel": rests})
        if "travel" in measure.facts
        else measure
        for name, measure in DEFINITIONS.items()
    }


def _short(value: float) -> float:
    """Return a number that is told as it was given: 30, not 30.0."""
    return int(value) if value.is_integer() else value
