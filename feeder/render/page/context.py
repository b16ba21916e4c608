"""What readers find their way by, light enough to mail: streets, water and neighborhood names.

Lines and water are simplified until they fit a budget of points; of a neighborhood only its name
is kept, at the point farthest inside its border.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from feeder.network.globe import to_degrees
from feeder.planning import Assignment

MOST_POINTS: Final = 12_000
"""Corners of all streets and waters on a page: some 60 kB."""
MOST_NAMES: Final = 150
"""Neighborhoods whose names a page holds; the largest stay."""
_FINEST_M: Final = 10.0
_COARSER: Final = 1.5

Shapes = npt.NDArray[np.object_]


def context_layers(assignment: Assignment, transform: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context of a page, JSON-ready.

    Parameters
    ----------
    assignment
        A plan; its district's context is drawn where the network has land.
    transform
        ``scale`` and ``translate`` of the page's topology, on whose grid all coordinates lie.

    Returns
    -------
    ``streets`` and ``water``: lists of lines, each a list of ``[dx, dy]`` steps in whole numbers,
    the first one absolute; of water those that are closed are areas. ``places``: lists of ``name``,
    ``lat`` and ``lon``, the largest first. Empty where the district has none.
    """
    context = assignment.district.context
    if context is None:
        return {}
    crs = assignment.network.crs
    window = shapely.box(*assignment.network.tiles.total_bounds)
    metric = context.to_crs(crs)
    by_kind = dict(list(metric.groupby("kind", sort=True)))
    drawn = {
        kind: shapely.intersection(by_kind[kind].geometry.to_numpy(), window)
        for kind in ("streets", "water")
        if kind in by_kind
    }
    found: dict[str, Any] = {
        kind: _lines(shapes, crs, transform) for kind, shapes in _within_budget(drawn).items()
    }
    if "neighborhoods" in by_kind:
        found["places"] = _places(by_kind["neighborhoods"], window)
    return found


def _within_budget(drawn: Mapping[str, Shapes]) -> dict[str, Shapes]:
    """Simplify all shapes alike until their corners are few enough, then drop what has none."""
    joined = {kind: _joined(shapes) for kind, shapes in drawn.items()}
    tolerance = _FINEST_M
    while True:
        simple = {kind: _simplified(*shapes, tolerance) for kind, shapes in joined.items()}
        if sum(int(shapely.get_num_coordinates(s).sum()) for s in simple.values()) <= MOST_POINTS:
            return simple
        tolerance *= _COARSER


def _joined(shapes: Shapes) -> tuple[Shapes, Shapes]:
    """Return lines put together where they meet, and polygons where they overlap."""
    merged = shapely.line_merge(shapely.union_all(shapes[shapely.get_dimensions(shapes) == 1]))
    lines = shapely.get_parts(merged)
    areas = shapely.get_parts(shapes[shapely.get_dimensions(shapes) == 2])  # noqa: PLR2004 - areas
    return lines, shapely.get_parts(shapely.union_all(areas)) if len(areas) else areas


def _simplified(lines: Shapes, areas: Shapes, tolerance: float) -> Shapes:
    """Return lines and polygons without what is smaller than the tolerance."""
    kept = [
        lines[shapely.length(lines) > 2 * tolerance],
        areas[shapely.area(areas) > (2 * tolerance) ** 2],
    ]
    simple: Shapes = shapely.simplify(np.concatenate(kept), tolerance)
    return simple[~shapely.is_empty(simple)]


def _lines(shapes: Shapes, crs: str, transform: Mapping[str, Any]) -> list[list[list[int]]]:
    """Return lines and rings as steps on the page's grid."""
    rings = shapely.get_rings(shapes[shapely.get_dimensions(shapes) == 2])  # noqa: PLR2004 - areas
    parts = np.concatenate([shapely.get_parts(shapes[shapely.get_dimensions(shapes) == 1]), rings])
    degrees = to_degrees(gpd.GeoSeries(parts, crs=crs))
    scale, translate = np.array(transform["scale"]), np.array(transform["translate"])
    found = []
    for line in degrees:
        grid = np.rint((shapely.get_coordinates(line) - translate) / scale).astype(np.int64)
        moved = np.append(True, np.any(np.diff(grid, axis=0) != 0, axis=1))
        steps = np.diff(grid[moved], axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
        if len(steps) > 1:
            found.append(steps.tolist())
    return found


def _places(rows: gpd.GeoDataFrame, window: shapely.Polygon) -> list[dict[str, Any]]:
    """Return the names of neighborhoods inside the window, the largest first."""
    shapes = rows.geometry.to_numpy()
    named = (rows["name"] != "").to_numpy() & shapely.intersects(shapes, window)
    shapes, names = shapes[named], rows["name"].to_numpy()[named]
    order = np.lexsort((names.astype(str), -shapely.area(shapes)))[:MOST_NAMES]
    points = to_degrees(gpd.GeoSeries(shapely.point_on_surface(shapes[order]), crs=rows.crs))
    return [
        {"name": str(name), "lat": round(point.y, 5), "lon": round(point.x, 5)}
        for name, point in zip(names[order], points, strict=True)
        if not point.is_empty
    ]
