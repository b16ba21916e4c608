"""The tiles as quantised TopoJSON: every border once, on a grid of whole numbers.

Neighbouring tiles share their arcs, so a page can derive the borders of communities (arcs
whose two sides belong to different ones) and never shows a gap between two tiles.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from topojson.core.topology import Topology

from feeder.district.model import WGS84
from feeder.network.globe import to_degrees

GRID: Final = 20_000
"""Steps of the quantised coordinates along each side of the district's bounding box."""
STEPS_ACROSS: Final = 2_500
"""Detail: a border keeps what can be seen when the district is this many pixels wide."""
FINEST_M: Final = 3.0
"""No border is drawn finer than this, however small the district."""


def tile_topology(tiles: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the tiles as a compact TopoJSON topology in degrees.

    Parameters
    ----------
    tiles
        ``Network.tiles``: polygons in a metric CRS that cover the district once and share
        exact vertices.

    Returns
    -------
    ``transform`` (``scale`` and ``translate``), ``arcs`` (lists of ``[dx, dy]`` steps in whole
    numbers, the first one absolute) and ``tiles``: per tile a list of polygons, each a list of
    rings, each a list of arc numbers (``~i`` is arc ``i`` backwards).

    Notes
    -----
    Borders are simplified with the tiles as one coverage, so that both
    sides of a border stay the same line.
    """
    simple = simplified(tiles)
    frame = gpd.GeoDataFrame(geometry=to_degrees(simple.geometry).to_numpy(), crs=WGS84)
    made = Topology(frame, topology=True, prequantize=GRID, shared_coords=False).to_dict()
    (collection,) = made["objects"].values()
    return {
        "transform": {
            "scale": [float(value) for value in made["transform"]["scale"]],
            "translate": [float(value) for value in made["transform"]["translate"]],
        },
        "arcs": [[[int(x), int(y)] for x, y in arc] for arc in made["arcs"]],
        "tiles": [_polygons(geometry) for geometry in collection["geometries"]],
    }


def simplified(tiles: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the tiles with borders as fine as a screen shows them, still one coverage.

    Points that make the smallest triangles are left out (Visvalingam and Whyatt 1993; shapely).
    """
    west, south, east, north = tiles.total_bounds
    tolerance = max(FINEST_M, float(max(east - west, north - south)) / STEPS_ACROSS)
    geometry = shapely.coverage_simplify(np.asarray(tiles.geometry.array), tolerance)
    return tiles.set_geometry(gpd.GeoSeries(geometry, index=tiles.index, crs=tiles.crs))


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return a geometry's arcs with the nesting of a multipolygon."""
    arcs: list[Any] = geometry["arcs"]
    return [arcs] if geometry["type"] == "Polygon" else arcs
