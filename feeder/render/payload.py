"""What the page is told: one JSON value with land, schools and flows, and every plan of them.

Assignments and scorecards are redacted already, all on one network, so that the figures of every
plan are sums of the same published cells. Estimated flows are given as rounded shares and a
width, never as students.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from feeder.district.grades import span_label
from feeder.district.model import LEVELS, SOURCES, WGS84
from feeder.ensemble.agreement import percent
from feeder.language import ENGLISH
from feeder.network.graph import FloatArray
from feeder.planning import Assignment
from feeder.render.colours import matched_colours
from feeder.render.figures import (
    community_figures,
    figures,
    plan_facts,
    promises,
    rests_on_estimates,
)
from feeder.render.labels import label_points
from feeder.render.topology import tile_topology
from feeder.render.views import PlanView

WIDTH_BREAKS: Final = (25, 50, 100, 200)
"""Students a year at which a flow's line grows wider."""
SHARE_STEP: Final = 5
"""Percent to which estimated shares are rounded: more would look like knowledge."""
_DECIMALS: Final = 5
"""Of a degree: about a metre."""


def page_data(views: Sequence[PlanView], *, below: int) -> dict[str, Any]:
    """Return everything the page draws, JSON-ready, in an order that never changes.

    ``plans`` holds what differs from plan to plan, in the order given; the rest is the same in
    all. ``below`` is the smallest number of students that is published, 0 where nothing was left
    out. Tables are given by column. ``from`` and ``to`` hold positions in the table of schools,
    ``tileCommunity`` and ``schoolCommunity`` in the plan's table of communities; -1 is none.
    """
    land = views[0].assignment
    assignments = [view.assignment for view in views]
    colours = matched_colours(assignments)
    keys = {one: None for plan in assignments for one in plan.community_ids}
    key = {one: number for number, one in enumerate(keys, start=1)}
    return {
        "home": home_bounds(land),
        "topology": tile_topology(land.network.tiles),
        "levels": list(LEVELS),
        "sources": list(SOURCES),
        "widthBreaks": list(WIDTH_BREAKS),
        "below": below,
        "rough": rests_on_estimates(land),
        "schools": _schools(land),
        "flows": _flows(land, below),
        "plans": [_plan(view, own, key) for view, own in zip(views, colours, strict=True)],
    }


def inert_json(value: object) -> str:
    """Return JSON that no HTML parser takes for markup, in a ``script`` element or elsewhere."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def home_bounds(assignment: Assignment) -> list[list[float]]:
    """Return the south-west and north-east corner (latitude, longitude) of the onshore land."""
    land = gpd.GeoSeries([assignment.network.land()], crs=assignment.network.crs).to_crs(WGS84)
    west, south, east, north = land.total_bounds
    return [_rounded([south, west]), _rounded([north, east])]


def leaver_shares(flows: pd.DataFrame) -> FloatArray:
    """Shape (n_flows,): percent of what its sender's flows carry, in steps of SHARE_STEP."""
    sent = flows.groupby("from_id")["students"].transform("sum").to_numpy(np.float64)
    share = np.zeros(len(flows))
    np.divide(flows["students"].to_numpy(np.float64), sent, out=share, where=sent > 0)
    rounded: FloatArray = np.round(100 * share / SHARE_STEP) * SHARE_STEP
    return rounded


def _rounded(values: Any) -> list[float]:  # noqa: ANN401 - any sequence of numbers
    return [float(value) for value in np.round(np.asarray(values, dtype=np.float64), _DECIMALS)]


def _plan(view: PlanView, colours: Sequence[str], key: Mapping[str, int]) -> dict[str, Any]:
    """Return what a plan makes of the land, the schools and the flows."""
    plan = view.assignment
    return {
        "name": view.name,
        "facts": plan_facts(plan, ENGLISH),
        "tileCommunity": plan.node_community[plan.network.tiles["node"].to_numpy()].tolist(),
        "schoolCommunity": plan.school_community.tolist(),
        "communities": _communities(view, colours, key),
        "figures": figures(plan, view.scorecard, ENGLISH),
        "promises": promises(view.scorecard, ENGLISH),
        "certainty": _certainty(view),
    }


def _certainty(view: PlanView) -> list[int | None] | None:
    """Return each school's certainty in percent; None for one in no community, or for all."""
    if view.certainty is None:
        return None
    known = np.isfinite(view.certainty)
    shown = percent(np.where(known, view.certainty, 0.0)).tolist()
    return [value if sure else None for value, sure in zip(shown, known, strict=True)]


def _communities(
    view: PlanView, colours: Sequence[str], key: Mapping[str, int]
) -> dict[str, list[Any]]:
    """Return the table of communities; ``key`` is a community's number, the same in all plans."""
    plan = view.assignment
    points, radius = label_points(plan)
    labels = [_rounded(point) if np.isfinite(point).all() else None for point in points]
    return {
        "id": list(plan.community_ids),
        "key": [key[one] for one in plan.community_ids],
        "name": list(plan.community_names),
        "colour": list(colours),
        "label": labels,
        "labelRadius": [round(metres) for metres in np.nan_to_num(radius).tolist()],
        **community_figures(plan, view.scorecard, ENGLISH),
    }


def _schools(assignment: Assignment) -> dict[str, list[Any]]:
    schools = assignment.district.schools.loc[list(assignment.network.graph.school_ids)]
    return {
        "id": list(schools.index),
        "name": schools["name"].tolist(),
        "level": [LEVELS.index(level) for level in schools["level"]],
        "grades": [span_label(mask) for mask in schools["grades"].tolist()],
        "enrollment": schools["enrollment"].tolist(),
        "kind": schools["kind"].tolist(),
        "lat": _rounded(schools["lat"]),
        "lon": _rounded(schools["lon"]),
    }


def _flows(assignment: Assignment, below: int) -> dict[str, list[Any]]:
    graph, flows = assignment.network.graph, assignment.network.flows
    estimated = graph.flow_source == "estimated"
    students = [
        None if guess else round(count)
        for guess, count in zip(estimated.tolist(), graph.flow_students.tolist(), strict=True)
    ]
    return {
        "from": graph.flow_from.tolist(),
        "to": graph.flow_to.tolist(),
        "students": students,
        "range": [
            None if guess or low == high else [low if low >= below else 0, high]
            for low, high, guess in zip(
                flows["students_low"].round().astype(int).tolist(),
                flows["students_high"].round().astype(int).tolist(),
                estimated.tolist(),
                strict=True,
            )
        ],
        "percent": leaver_shares(flows).astype(int).tolist(),
        "width": np.digitize(graph.flow_students, WIDTH_BREAKS).tolist(),
        "source": [SOURCES.index(source) for source in graph.flow_source.tolist()],
    }
