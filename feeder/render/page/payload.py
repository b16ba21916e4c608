"""What the page is told: one JSON value with land, facts and every plan of them.

The plans are published ones, all of one network: the page computes figures and promises from the
counts that may be told (``assets/page/arithmetic``). A scorecard gives only what it cannot compute:
the headlines, which are the true ones, the ranges over the variants of an estimate, and whether the
whole data keep a promise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from feeder.district.model import LEVELS, SOURCES
from feeder.district.schools.grade_systems import GradeSystem
from feeder.ensembles.agreement import percent
from feeder.language import Fact, Message
from feeder.measures.definitions import definitions_of
from feeder.measures.scorecard import Value
from feeder.network.globe import to_degrees
from feeder.network.travel import DISTANCE
from feeder.planning import Assignment
from feeder.planning.constraints.judged import ConstraintResult
from feeder.publishing.facts import facts
from feeder.render.labels import label_points
from feeder.render.page.context import context_layers
from feeder.render.page.topology import tile_topology
from feeder.render.page.views import PlanView, community_keys
from feeder.render.spoken import spoken
from feeder.telling.figures import community_shares
from feeder.terms import (
    AGAINST_TODAY,
    COUNT,
    COUNTED_UNITS,
    DECIMALS,
    HEADLINES,
    OF_FLOWS,
    PERCENT_UNITS,
    PURE_UNITS,
)

WIDTH_BREAKS: Final = (25, 50, 100, 200)
"""Students a year at which a flow's line grows wider."""
SHARE_STEP: Final = 5
"""Percent to which estimated shares are rounded, in the page too; more would be made up."""
LEFT_OUT: Final = "page.left_out_told"
"""Key of the text that says what was left out; it comes with the figures of the page."""
PAGE_TEXTS: Final = frozenset(
    (
        "amount",
        "broken",
        "card",
        "change",
        "color",
        "community",
        "definition",
        "edit",
        "facts",
        "figure",
        "island",
        "key",
        "ladder",
        "land",
        "level",
        "list",
        "measure",
        "missing",
        "page",
        "place",
        "promise",
        "search",
        "short",
        "source",
        "switch",
        "table",
        "unit",
    )
)
"""First parts of the keys whose texts the page shows."""
_OF_OFFICES: Final = ("office", "office_minutes_mean", "office_minutes_max")
"""Columns of the communities that rest on minutes; the last two are measures too."""
_DECIMALS: Final = 5
"""Of a degree: about a metre."""


def page_data(
    views: Sequence[PlanView],
    *,
    tags: Sequence[str],
    below: int,
    left_out: Mapping[str, str],
) -> dict[str, Any]:
    """Return all that the page draws and computes with, JSON-ready, in an order that never changes.

    Parameters
    ----------
    views
        ``plans`` holds what differs from plan to plan, in this order; the rest is the same in
        all. In a plan, ``school`` and ``node`` are the communities of schools and of campuses and
        vacant tiles, as places in its table of communities; -1 is none.
    tags
        Languages; the page opens in the first.
    below
        The smallest number of students that is published, 0 where nothing was left out.
    left_out
        What was left out, in words, by language.
    """
    land = views[0].assignment
    system = land.district.grade_system
    topology = tile_topology(land.network.tiles)
    schools = land.district.schools.loc[list(land.network.graph.school_ids)]
    return {
        "languages": [page_strings(tag, left_out[tag], system) for tag in tags],
        "home": home_bounds(land),
        "topology": topology,
        "context": context_layers(land, topology["transform"]),
        "background": _background(land),
        "levels": list(LEVELS),
        "sources": list(SOURCES),
        "widthBreaks": list(WIDTH_BREAKS),
        "below": below,
        "facts": facts(land, views[0].published.worlds),
        "definitions": _definitions(land),
        "headlines": list(HEADLINES),
        "columns": list(community_shares(views[0].scorecard)),
        "units": {
            "percent": list(PERCENT_UNITS),
            "bare": [*PURE_UNITS, *COUNTED_UNITS],
            "decimals": dict(DECIMALS),
        },
        "minutesToday": _minutes(land, views[0].scorecard.existing, None),
        "headlinesToday": _headlines(views[0], views[0].scorecard.existing),
        "kind": schools["kind"].tolist() if schools["kind"].any() else None,
        "plans": [_plan(*one) for one in zip(views, community_keys(views), strict=True)],
    }


def inert_json(value: object) -> str:
    """Return JSON that no HTML parser takes for markup, in a ``script`` element or elsewhere."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def page_strings(tag: str, left_out: str, system: GradeSystem) -> dict[str, Any]:
    """Return a language as ``language.mjs`` speaks it: only the texts of the page."""
    own = spoken(tag, system)
    texts = {
        key: text if isinstance(text, str) else dict(text)
        for key, text in sorted(own.texts.items())
        if key.partition(".")[0] in PAGE_TEXTS
    }
    return {
        "tag": own.tag,
        "name": own.name,
        "numbers": dict(own.numbers),
        "plural": dict(own.plural),
        "texts": {**texts, LEFT_OUT: left_out},
    }


def home_bounds(assignment: Assignment) -> list[list[float]]:
    """Return the south-west and north-east corner (latitude, longitude) of the onshore land."""
    land = to_degrees(gpd.GeoSeries([assignment.network.land()], crs=assignment.network.crs))
    west, south, east, north = land.total_bounds
    return [_rounded([south, west]), _rounded([north, east])]


def _rounded(values: Any) -> list[float]:  # noqa: ANN401 - any sequence of numbers
    return [float(value) for value in np.round(np.asarray(values, dtype=np.float64), _DECIMALS)]


def _background(assignment: Assignment) -> dict[str, str] | None:
    """Return where a reader may ask for map pictures, and whose they are."""
    found = assignment.district.background
    return None if found is None else {"url": found.url, "attribution": found.attribution}


def _plan(view: PlanView, keys: Sequence[int]) -> dict[str, Any]:
    """Return what a plan makes of the land and the schools, and what the page cannot compute."""
    plan = view.assignment
    return {
        "name": view.name,
        "today": view.today,
        "planId": view.published.plan_id,
        "school": plan.school_community.tolist(),
        "node": plan.node_community.tolist(),
        "communities": _communities(view, keys),
        "headlines": _headlines(view, view.scorecard.plan),
        "ranges": _ranges(view.scorecard.plan),
        "broken": {one.name: _broken(one) for one in view.scorecard.constraints},
        "certainty": _certainty(view),
        "minutes": _minutes(plan, view.scorecard.plan, view.scorecard.communities),
    }


def _definitions(land: Assignment) -> dict[str, dict[str, Any]]:
    """Return what every measure is, for any plan of the land."""
    return {
        name: {
            "unit": measure.unit,
            "facts": _told(measure.facts),
            "counts": measure.kind == COUNT,
            "ofFlows": name in OF_FLOWS,
            "againstToday": name in AGAINST_TODAY,
        }
        for name, measure in definitions_of(land).items()
    }


def _minutes(
    plan: Assignment, measures: Mapping[str, Value] | None, communities: pd.DataFrame | None
) -> dict[str, Any] | None:
    """Return what rests on minutes by streets; None by distance, where the page computes it."""
    if plan.network.travel.source == DISTANCE or measures is None:
        return None
    columns = {} if communities is None else communities[[*_OF_OFFICES]].to_dict(orient="list")
    return {
        "plan": {name: _value(measures[name]) for name in _OF_OFFICES if name in measures},
        "communities": {str(name): [_known(one) for one in columns[name]] for name in columns},
    }


def _value(value: Value) -> dict[str, Any]:
    """Return a value as the page holds its own."""
    reason = value.reason
    said = None if reason is None else _said(reason)
    return {
        "value": value.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "low": value.low,
        "high": value.high,
        "said": said,
        **({} if value.decimals is None else {"decimals": value.decimals}),
    }


def _told(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return what fills gaps, JSON-ready; a sentence is its key and its facts."""
    return {name: _fact(fact) for name, fact in facts.items()}


def _fact(fact: Fact) -> Any:  # noqa: ANN401 - JSON
    if isinstance(fact, tuple):
        return [_fact(part) for part in fact]
    return _said(fact) if isinstance(fact, Message) else fact


def _known(value: object) -> object:
    """Return a cell; None for an unknown number."""
    return None if isinstance(value, float) and np.isnan(value) else value


def _headlines(
    view: PlanView, measures: Mapping[str, Value] | None
) -> dict[str, dict[str, Any]] | None:
    """Return the true headlines, as far as they can be told."""
    if measures is None:
        return None
    decimals = view.published.decimals
    told = (name for name, places in decimals.items() if places is not None and name in measures)
    return {name: _value(measures[name]) for name in told}


def _ranges(measures: Mapping[str, Value]) -> dict[str, list[float]]:
    """Return what suppressed cells or the variants of an estimate leave open, by measure."""
    return {
        name: [value.low, value.high]
        for name, value in measures.items()
        if value.low is not None and value.high is not None
    }


def _broken(promise: ConstraintResult) -> list[dict[str, Any]]:
    """Return where a promise is broken, as far as it can be told."""
    return [
        {"community_id": one.community_id, "said": _said(one.message)} for one in promise.violations
    ]


def _said(message: Message) -> dict[str, Any]:
    return {"key": message.key, "facts": _told(message.facts)}


def _certainty(view: PlanView) -> list[int | None] | None:
    """Return each school's certainty in percent; None for one in no community, or for all."""
    if view.certainty is None:
        return None
    known = np.isfinite(view.certainty)
    shown = percent(np.where(known, view.certainty, 0.0)).tolist()
    return [value if sure else None for value, sure in zip(shown, known, strict=True)]


def _communities(view: PlanView, keys: Sequence[int]) -> dict[str, list[Any]]:
    """Return the table of communities; ``key`` is the same in all plans for the same community.

    ``office`` is the school that is to hold the office; -1 where the best is chosen.
    """
    plan = view.assignment
    points, radius = label_points(plan)
    labels = [_rounded(point) if np.isfinite(point).all() else None for point in points]
    school = {one: at for at, one in enumerate(plan.network.graph.school_ids)}
    return {
        "id": list(plan.community_ids),
        "key": list(keys),
        "number": [one.number for one in plan.communities],
        "name": list(plan.community_names),
        "color": list(plan.community_colors),
        "ink": [one.ink for one in plan.communities],
        "dashed": [one.dashed for one in plan.communities],
        "office": [school.get(one.office_school_id, -1) for one in plan.communities],
        "label": labels,
        "labelRadius": [round(metres) for metres in np.nan_to_num(radius).tolist()],
    }
