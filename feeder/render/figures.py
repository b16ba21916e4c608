"""The scorecard in plain words: the figures, the promises and one row a community."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment

PLAIN_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "feeder_continuity": "Students whose next school is in their community",
        "contiguity": "Communities that hang together",
        "k12_continuity": "Kindergartners expected to stay to the last grade",
        "enrollment_deviation": "Largest distance from the mean enrollment",
        "need_deviation": "Largest distance from the mean need",
        "split_across_communities": "Split feeders torn between communities",
        "schools_moved": "Schools in another community than today",
        "students_moved": "Students of these schools",
    }
)
"""The figures on top of the page, in order. Continuity never stands without contiguity."""
COUNTED_UNITS: Final = ("schools", "flows", "students")
_PERCENT_UNITS: Final = ("share", "share of the mean")
_BARE_UNITS: Final = (*_PERCENT_UNITS, *COUNTED_UNITS, "0 to 1")
_OF_FLOWS: Final = ("feeder_continuity", "k12_continuity")
_MANY: Final = 1_000


def rests_on_estimates(assignment: Assignment) -> bool:
    """Whether any flow is estimated, so that figures of flows are given as rough."""
    return bool((assignment.network.graph.flow_source == "estimated").any())


def figures(assignment: Assignment, scorecard: Scorecard) -> list[dict[str, Any]]:
    """Return the figures to show, each with ``name``, ``label``, ``text`` and ``definition``.

    ``today`` is the existing plan's figure and ``range`` what suppressed cells or the variants
    of an estimate leave open; both may be missing. ``main`` marks the figures on top; the
    others follow in the scorecard's order. A measure without a value is left out.
    """
    rough = rests_on_estimates(assignment)
    found = {}
    for name, value in scorecard.plan.items():
        if value.value is None:
            continue
        unit = scorecard.definitions[name].unit
        about = rough and name in _OF_FLOWS
        entry = {
            "name": name,
            "label": PLAIN_NAMES.get(name, name.replace("_", " ")),
            "main": name in PLAIN_NAMES,
            "text": _worded(value, unit, about=about),
            "definition": scorecard.definitions[name].definition,
        }
        if value.low is not None and value.high is not None:
            low, high = (_number(bound, unit, about=about) for bound in (value.low, value.high))
            entry["range"] = f"{low} to {high}"
        today = None if scorecard.existing is None else scorecard.existing.get(name)
        if today is not None and today.value is not None and not name.endswith("_moved"):
            entry["today"] = _worded(today, unit, about=about)
        found[name] = entry
    found["contiguity"] = _contiguity(assignment, scorecard)
    order = [*(name for name in PLAIN_NAMES if name in found), *found]
    return [found[name] for name in dict.fromkeys(order)]


def promises(scorecard: Scorecard) -> list[dict[str, Any]]:
    """Return every promise with ``text``, ``kept`` and the messages of its violations."""
    return [
        {
            "name": promise.name,
            "text": promise.definition,
            "kept": promise.satisfied,
            "violations": [violation.message for violation in promise.violations],
        }
        for promise in scorecard.constraints
    ]


def community_figures(assignment: Assignment, scorecard: Scorecard) -> dict[str, list[Any]]:
    """Return columns of texts and numbers, one entry a community, in the plan's order."""
    decimals = 0 if rests_on_estimates(assignment) else 1
    table = scorecard.communities.reindex(list(assignment.community_ids))
    torn = {
        violation.community_id
        for promise in scorecard.constraints
        if promise.name == "contiguity"
        for violation in promise.violations
    }
    islands = {str(row["community_id"]): row for row in scorecard.island_communities}
    ids = assignment.community_ids
    return {
        "schools": table["n_schools"].astype(int).tolist(),
        "enrollment": [f"{students:,.0f}" for students in table["enrollment"]],
        "deviation": [_signed(share) for share in table["enrollment_deviation"]],
        "continuity": [_percent(share, decimals) for share in table["feeder_continuity"]],
        "k12": [_percent(share, decimals) for share in table["k12_continuity"]],
        "land": [_land(one in torn, islands.get(one)) for one in ids],
        "landNote": [str(islands[one]["reason"]) if one in islands else "" for one in ids],
    }


def figure_text(value: float, unit: str) -> str:
    """Return one figure as it is shown: a share in percent, a length or a time with its unit."""
    text = _number(value, unit)
    return text if unit in _BARE_UNITS else f"{text} {unit}"


def _contiguity(assignment: Assignment, scorecard: Scorecard) -> dict[str, Any]:
    """Return how many communities hang together; islands are named, not counted as broken."""
    promise = next(one for one in scorecard.constraints if one.name == "contiguity")
    torn = {violation.community_id for violation in promise.violations}
    entry = {
        "name": "contiguity",
        "label": PLAIN_NAMES["contiguity"],
        "main": True,
        "text": f"{assignment.n_communities - len(torn)} of {assignment.n_communities}",
        "definition": promise.definition,
    }
    if scorecard.island_communities:
        names = ", ".join(str(row["name"]) for row in scorecard.island_communities)
        entry["note"] = f"in several pieces because a tile is, or joined by a bridge: {names}"
    return entry


def _land(torn: bool, island: dict[str, Any] | None) -> str:
    if torn:
        return "broken"
    return f"{island['pieces']} pieces" if island else "whole"


def _worded(value: Value, unit: str, *, about: bool) -> str:
    """Return a figure with its denominator where it counts something out of many."""
    text = _number(value.value, unit, about=about)
    counts = unit not in _PERCENT_UNITS and value.denominator is not None
    return f"{text} of {value.denominator:,.0f}" if counts else text


def _number(value: float | None, unit: str, *, about: bool = False) -> str:
    if value is None:
        return "unknown"
    if unit in _PERCENT_UNITS:
        return f"about {_percent(value, 0)}" if about else _percent(value, 1)
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= _MANY else f"{value:.2f}"


def _percent(value: float | None, decimals: int) -> str:
    return "none" if value is None or pd.isna(value) else f"{100 * value:.{decimals}f} %"


def _signed(share: float) -> str:
    return "" if not np.isfinite(share) else f"{100 * share:+z.1f} %".replace("-", "\u2212")
