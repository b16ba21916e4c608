"""What each measure is, as its term says, and what its definition rests on in a district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np

from feeder.language import Message
from feeder.measures.capacity import has_capacity
from feeder.measures.grouping import HasNetwork
from feeder.measures.scorecard import Measure
from feeder.network.travel import STREETS
from feeder.terms import TERMS

_RESTS_ON: Final[Mapping[str, tuple[str, Message]]] = MappingProxyType(
    {
        "office_minutes_mean": ("travel", Message("definition.by_either")),
        "office_minutes_max": ("travel", Message("definition.by_either")),
        "capacity_utilization": ("without", Message("definition.no_capacity_no_count")),
    }
)
"""What a definition says of a district: its gap, and what stands there of any."""

DEFINITIONS: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        name: Measure(
            name,
            term.unit,
            term.sense,
            {**term.thresholds, **dict([_RESTS_ON[name]] if name in _RESTS_ON else [])},
            term.kind,
        )
        for name, term in TERMS.items()
    }
)
"""Every measure by name, in the order they are shown."""


def definitions_of(subject: HasNetwork) -> dict[str, Measure]:
    """Return every measure by name, defined by what its figures rest on in one district."""
    here = {"travel": _travel(subject), "without": _without(subject)}
    return {
        name: replace(
            measure,
            facts={key: here.get(key, fact) for key, fact in measure.facts.items()},
        )
        for name, measure in DEFINITIONS.items()
    }


def _travel(subject: HasNetwork) -> Message:
    if subject.network.travel.source == STREETS:
        return Message("definition.by_streets")
    access = subject.district.access
    return Message(
        "definition.by_distance",
        {"detour": _short(access.detour), "speed": _short(access.speed_km_h)},
    )


def _without(subject: HasNetwork) -> Message:
    schools = subject.district.schools.loc[list(subject.network.graph.school_ids)]
    without = int((~has_capacity(schools["capacity"].to_numpy(np.float64))).sum())
    return Message("definition.without_capacity", {"n": without, "all": len(schools)})


def _short(value: float) -> float:
    """Return a number that is told as it was given: 30, not 30.0."""
    return int(value) if value.is_integer() else value
