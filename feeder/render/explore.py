"""The plan as a folium map, for notebooks.

Folium writes texts into Jinja templates, JavaScript literals and HTML in turn, so a school's
name could run as any of the three. Every text is therefore neutralised before folium sees it:
all but letters, digits and plain punctuation becomes a numeric HTML entity, which is nothing
but text in each of these languages.
"""

from __future__ import annotations

from typing import Any, Final

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from feeder.district.model import LEVELS, WGS84
from feeder.district.schools.grades import span_label
from feeder.language import ENGLISH
from feeder.measures.scorecard import Scorecard
from feeder.network.globe import to_degrees
from feeder.planning import Assignment
from feeder.render.page.payload import home_bounds
from feeder.render.page.topology import simplified
from feeder.telling.figures import community_figures

_PLAIN: Final = frozenset(" .,-+")
_RADII: Final = dict(zip(LEVELS, (3, 4, 6, 5, 3), strict=True))
_DASHES: Final = {"estimated": "5 4"}
_NO_COLOR: Final = "#FFFFFF"


def explore(assignment: Assignment, scorecard: Scorecard) -> folium.Map:
    """Return the plan as an interactive map: communities, flows and schools.

    Parameters
    ----------
    assignment, scorecard
        The plan and its figures, as they stand: no count is hidden here, so the map is for
        the desk and not for publishing.

    Returns
    -------
    folium.Map
        Without a background map; ``folium.TileLayer().add_to(map)`` adds one.
    """
    south_west, north_east = home_bounds(assignment)
    view = folium.Map(tiles=None, control_scale=True, prefer_canvas=False)
    _tile_layer(assignment, scorecard).add_to(view)
    if len(assignment.network.flows):
        _flow_layer(assignment).add_to(view)
    _school_layer(assignment).add_to(view)
    folium.LayerControl(collapsed=False).add_to(view)
    view.fit_bounds([south_west, north_east])
    return view


def inert(text: object) -> str:
    """Return a text that templates, JavaScript and HTML all take for text, and show as typed.

    >>> inert("{{7*7}} Main St.")
    '&#123;&#123;7&#42;7&#125;&#125; Main St.'
    """
    return "".join(
        letter if letter.isalnum() or letter in _PLAIN else f"&#{ord(letter)};"
        for letter in str(text)
    )


def _tile_layer(assignment: Assignment, scorecard: Scorecard) -> folium.GeoJson:
    figures = community_figures(assignment, scorecard, ENGLISH)
    community = assignment.node_community[assignment.network.tiles["node"].to_numpy()]
    colors = np.array([*assignment.community_colors, _NO_COLOR], dtype=object)

    def column(values: list[Any], missing: str = "none") -> list[str]:
        return [inert(values[k] if k >= 0 else missing) for k in community.tolist()]

    tiles = simplified(assignment.network.tiles)[["tile_id", "geometry"]]
    tiles = tiles.set_geometry(to_degrees(tiles.geometry))
    tiles = tiles.assign(
        tile_id=[inert(tile) for tile in tiles["tile_id"]],
        community=column([one.label for one in assignment.communities]),
        schools=column(figures["schools"]),
        students=column(figures["enrollment"]),
        kept=column(figures["feeder_continuity"]),
        land=column(figures["land"]),
        color=colors[community],
    )
    return folium.GeoJson(
        tiles.to_json(drop_id=True),
        name="Communities",
        style_function=_tile_style,
        tooltip=folium.GeoJsonTooltip(
            ["community", "schools", "students", "kept", "land"],
            ["Community", "Schools", "Students", "Next school inside", "Land"],
        ),
    )


def _tile_style(feature: dict[str, Any]) -> dict[str, Any]:
    color = feature["properties"]["color"]
    return {"fillColor": color, "fillOpacity": 1.0, "color": "#FFFFFF", "weight": 0.8}


def _flow_layer(assignment: Assignment) -> folium.GeoJson:
    graph, schools = assignment.network.graph, _members(assignment)
    points = schools[["lon", "lat"]].to_numpy(np.float64)
    home = assignment.school_community
    names = [inert(name) for name in schools["name"]]
    ends = np.stack([points[graph.flow_from], points[graph.flow_to]], axis=1)
    estimated = graph.flow_source == "estimated"
    flows = gpd.GeoDataFrame(
        {
            "sender": [names[k] for k in graph.flow_from],
            "receiver": [names[k] for k in graph.flow_to],
            "students": [
                f"about {students:.0f}, estimated" if guess else f"{students:.0f}, {source}"
                for students, source, guess in zip(
                    graph.flow_students, graph.flow_source, estimated, strict=True
                )
            ],
            "source": graph.flow_source,
            "inside": (home[graph.flow_from] == home[graph.flow_to]) & (home[graph.flow_from] >= 0),
            "weight": np.clip(np.sqrt(graph.flow_students) / 3, 0.5, 6.0).round(1),
        },
        geometry=shapely.linestrings(ends),
        crs=WGS84,
    )
    return folium.GeoJson(
        flows.to_json(drop_id=True),
        name="Feeder flows",
        style_function=_flow_style,
        tooltip=folium.GeoJsonTooltip(
            ["sender", "receiver", "students"], ["From", "To", "Students a year"]
        ),
    )


def _flow_style(feature: dict[str, Any]) -> dict[str, Any]:
    flow = feature["properties"]
    return {
        "color": "#2F4B6E" if flow["inside"] else "#B4431F",
        "weight": flow["weight"],
        "opacity": 0.6,
        "dashArray": _DASHES.get(flow["source"]),
    }


def _school_layer(assignment: Assignment) -> folium.GeoJson:
    schools = _members(assignment)
    names = [*(one.label for one in assignment.communities), "none"]
    system = assignment.district.grade_system
    points = gpd.GeoDataFrame(
        {
            "name": [inert(name) for name in schools["name"]],
            "level": schools["level"].to_numpy(),
            "grades": [inert(span_label(mask, system)) for mask in schools["grades"].tolist()],
            "students": [f"{students:,}" for students in schools["enrollment"].tolist()],
            "community": [inert(names[k]) for k in assignment.school_community.tolist()],
        },
        geometry=gpd.points_from_xy(schools["lon"], schools["lat"]),
        crs=WGS84,
    )
    return folium.GeoJson(
        points.to_json(drop_id=True),
        name="Schools",
        marker=folium.CircleMarker(),
        style_function=_school_style,
        tooltip=folium.GeoJsonTooltip(
            ["name", "level", "grades", "students", "community"],
            ["School", "Level", "Grades", "Students", "Community"],
        ),
    )


def _school_style(feature: dict[str, Any]) -> dict[str, Any]:
    level = feature["properties"]["level"]
    filled = "#14202B" if level == "high" else "#9FB8CF" if level == "middle" else "#FFFFFF"
    return {
        "radius": _RADII[level],
        "color": "#14202B",
        "weight": 1,
        "fillColor": filled,
        "fillOpacity": 1.0,
    }


def _members(assignment: Assignment) -> pd.DataFrame:
    """Return the schools in the order of the network."""
    return assignment.district.schools.loc[list(assignment.network.graph.school_ids)]
