"""A small map for paper: the land of each community in its color, with its number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.district.model import WGS84
from feeder.measures.shape import GeometryArray, community_land, onshore
from feeder.network.graph import FloatArray
from feeder.planning import Assignment
from feeder.render.labels import label_points

LONGER_SIDE: Final = 1_000
"""Steps of the drawing along its longer side; coordinates are whole numbers of them."""
NUMBER_SIZES: Final = (17.0, 34.0)
"""Least and greatest size of a community's number, in steps."""
_TOLERANCE: Final = 1.0
"""Steps: what is finer cannot be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One community: its outline as SVG path data, its number's place and size, if it has land."""

    number: int
    name: str
    color: str
    dashed: bool
    path: str
    label: tuple[float, float] | None
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """The drawing, north up: width and height in steps, one area a community.

    ``west`` and ``north`` are the corner it begins at and ``step`` its unit, in the metric CRS.
    """

    width: int
    height: int
    areas: tuple[Area, ...]
    west: float
    north: float
    step: float

    def drawn(self, xy: FloatArray) -> FloatArray:
        """Return places in the drawing, shape (n, 2), of points in the metric CRS."""
        return _drawn(xy, self.west, self.north, self.step)


def locator(assignment: Assignment) -> Locator | None:
    """Return the map of the onshore land; None where no community has any."""
    network = assignment.network
    home = assignment.node_community[network.tiles["node"].to_numpy(np.int64)]
    land = community_land(onshore(network), home, assignment.n_communities)
    west, south, east, north = shapely.total_bounds(land)
    if not np.isfinite(west):
        return None
    step = max(east - west, north - south) / LONGER_SIDE

    def drawn(xy: FloatArray) -> FloatArray:
        return _drawn(xy, west, north, step)

    points, radii = _label_places(assignment)
    places = drawn(points).round(1).tolist()
    sizes = np.clip(np.nan_to_num(radii) / step, *NUMBER_SIZES).round(1).tolist()
    shapes = shapely.transform(_simple(land, step * _TOLERANCE), drawn)
    return Locator(
        width=round((east - west) / step),
        height=round((north - south) / step),
        areas=tuple(
            Area(
                number=one.number,
                name=one.name,
                color=one.color,
                dashed=one.dashed,
                path=_path(shapes[k]),
                label=(places[k][0], places[k][1]) if np.isfinite(radii[k]) else None,
                size=sizes[k],
            )
            for k, one in enumerate(assignment.communities)
        ),
        west=float(west),
        north=float(north),
        step=float(step),
    )


def _drawn(xy: FloatArray, west: float, north: float, step: float) -> FloatArray:
    found: FloatArray = np.column_stack([(xy[:, 0] - west) / step, (north - xy[:, 1]) / step])
    return found


def _simple(land: GeometryArray, tolerance: float) -> GeometryArray:
    """Simplify the communities as one coverage, so that no gap opens between two of them."""
    found: GeometryArray = shapely.coverage_simplify(land, tolerance)
    return found


def _label_places(assignment: Assignment) -> tuple[FloatArray, FloatArray]:
    """Return where each number stands and how much room it has, in the metric CRS.

    Shape (n_communities, 2) and (n_communities,); NaN without land.
    """
    lat_lon, radii = label_points(assignment)
    points = gpd.GeoSeries.from_xy(lat_lon[:, 1], lat_lon[:, 0], crs=WGS84)
    metric = points.to_crs(assignment.network.crs)
    return np.stack([metric.x.to_numpy(), metric.y.to_numpy()], axis=1), radii


def _path(shape: BaseGeometry) -> str:
    """Return a (multi)polygon as SVG path data: whole numbers, one subpath a ring."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(_ring(shapely.get_coordinates(ring)) for ring in rings)


def _ring(xy: FloatArray) -> str:
    grid = np.rint(xy).astype(np.int64)
    steps = np.diff(grid, axis=0)
    steps = steps[steps.any(axis=1)][:-1]
    if len(steps) < 2:  # noqa: PLR2004 - a ring of fewer than three corners has no area
        return ""
    moves = " ".join(f"{x},{y}" for x, y in steps.tolist())
    return f"M{grid[0, 0]},{grid[0, 1]}l{moves}z"
