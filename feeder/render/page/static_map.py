"""The plan as one inline SVG: what a reader sees where no script runs."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from markupsafe import Markup, escape

from feeder.district.model import LEVELS
from feeder.language import Words
from feeder.measures.shape import school_points
from feeder.network.graph import BoolArray, FloatArray
from feeder.planning import Assignment
from feeder.render.report.locator import Locator, locator

MOST_SCHOOLS: Final = 100
"""Schools whose symbols are drawn, the larger ones first."""
_RIM: Final = 6
_OUTLINES: Final = {
    "elementary": "m-5,0a5,5 0 1,0 10,0a5,5 0 1,0-10,0z",
    "middle": "m-5,-5h10v10h-10z",
    "high": "m0,-8l8,8l-8,8l-8,-8z",
    "span": "m-3,-6h6l4,6l-4,6h-6l-4,-6z",
    "other": "m0,-7l7,12h-14z",
}
"""The shape of each level around a place, as SVG path data."""


def static_svg(assignment: Assignment, words: Words, *, width: int) -> str:
    """Return a plan as one inline SVG; empty where no community has land.

    Parameters
    ----------
    assignment
        The plan as it is drawn.
    words
        The language.
    width
        Pixels; the height follows. Style sheets may change both.

    Notes
    -----
    It carries classes and no styles: ``static-map``, ``dashes`` for the line inside a border,
    ``school`` with a level for symbols.
    """
    drawing = locator(assignment)
    if drawing is None:
        return ""
    across, down = drawing.width + 2 * _RIM, drawing.height + 2 * _RIM
    size = f'width="{width}" height="{width * down // across}"'
    seen = f'viewBox="{-_RIM} {-_RIM} {across} {down}"'
    parts = [
        f'<svg class="static-map" role="img" {size} {seen}>',
        f"<title>{escape(words('static.map'))}</title>",
        f"<desc>{escape(words('static.map_words'))}</desc>",
        *_areas(drawing),
        *_dashes(drawing),
        *_schools(assignment, drawing),
        *_numbers(drawing),
        "</svg>",
    ]
    return Markup("").join(Markup(part) for part in parts)  # noqa: S704 - escaped where it is data


def _areas(drawing: Locator) -> list[str]:
    return [
        f'<path fill="{area.color}" d="{area.path}">'
        f"<title>{area.number} {escape(area.name)}</title></path>"
        for area in drawing.areas
        if area.path
    ]


def _dashes(drawing: Locator) -> list[str]:
    """Return the dashed lines inside borders: half of each line's width is cut off."""
    return [
        f'<clipPath id="static-{area.number}"><path d="{area.path}"/></clipPath>'
        f'<path class="dashes" clip-path="url(#static-{area.number})" d="{area.path}"/>'
        for area in drawing.areas
        if area.path and area.dashed
    ]


def _numbers(drawing: Locator) -> list[str]:
    return [
        f'<text x="{area.label[0]:.0f}" y="{area.label[1]:.0f}" font-size="{area.size:.0f}">'
        f"{area.number}</text>"
        for area in drawing.areas
        if area.label is not None
    ]


def _schools(assignment: Assignment, drawing: Locator) -> list[str]:
    """Return one path a level that holds the symbols of its larger schools."""
    network = assignment.network
    schools = assignment.district.schools.loc[list(network.graph.school_ids)]
    places = drawing.drawn(shapely.get_coordinates(school_points(schools, network.crs)))
    size = schools["enrollment"].to_numpy(np.int64)
    larger = np.argsort(-size, kind="stable")[:MOST_SCHOOLS]
    larger = larger[~_under_numbers(places[larger], drawing)]
    level = schools["level"].to_numpy(dtype=object)
    drawn = [(one, places[np.sort(larger[level[larger] == one])]) for one in LEVELS]
    return [f'<path class="school {one}" d="{_symbols(one, at)}"/>' for one, at in drawn if len(at)]


def _under_numbers(at: FloatArray, drawing: Locator) -> BoolArray:
    """Shape (n,): which places a community's number would cover."""
    covered = np.zeros(len(at), dtype=np.bool_)
    for area in drawing.areas:
        if area.label is not None:
            reach = 0.35 * area.size * np.array([len(str(area.number)), 1.4]) + 4
            covered |= (np.abs(at - np.array(area.label)) < reach).all(axis=1)
    return covered


def _symbols(level: str, at: FloatArray) -> str:
    return "".join(f"M{x:.0f},{y:.0f}{_OUTLINES[level]}" for x, y in at.tolist())
