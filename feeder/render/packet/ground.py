"""The ground that every map of the packet stands on, and the view of it through a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.measures.shape import GeometryArray, community_land, onshore, school_points
from feeder.network.graph import FloatArray, IntArray
from feeder.planning import Assignment
from feeder.render.packet.paper import Box
from feeder.render.page.topology import simplified

SMALLEST_M: Final = 1_500.0
"""No map shows less than this from side to side."""
_PAD: Final = 0.04
"""Room around what a map must show, as a share of its longer side."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Land and schools in the network's metric CRS, as fine as paper shows them.

    Attributes
    ----------
    tiles
        Shape (n_tiles,): polygons, one coverage, without offshore parts.
    tile_home
        Shape (n_tiles,): community of each tile; -1 is none.
    land
        Shape (n_communities,): the tiles of each community united; empty without land.
    points
        Shape (n_schools, 2): where the schools of the network stand.
    """

    tiles: GeometryArray
    tile_home: IntArray
    land: GeometryArray
    points: FloatArray

    @property
    def bounds(self) -> FloatArray:
        """West, south, east, north of the land; of the schools where there is none."""
        bounds = shapely.total_bounds(self.tiles)
        return bounds if np.isfinite(bounds).all() else _bounds_of(self.points)

    def bounds_of(self, community: int, members: IntArray) -> FloatArray:
        """Return the bounds of a community's land and its schools."""
        found = [self.points[members]] if len(members) else []
        if not shapely.is_empty(self.land[community]):
            found.append(shapely.bounds(self.land[community]).reshape(2, 2))
        return _bounds_of(np.concatenate(found)) if found else self.bounds


@dataclass(frozen=True, slots=True)
class View:
    """A window of a page through which the ground is seen.

    Attributes
    ----------
    box
        The window, in points of the page.
    west, north
        Coordinates of its top left corner, in metres.
    metres
        Metres to a point.
    """

    box: Box
    west: float
    north: float
    metres: float

    def points(self, xy: FloatArray) -> FloatArray:
        """Return places on the page, shape (n, 2), of points in metres."""
        found: FloatArray = np.column_stack(
            [
                self.box.left + (xy[:, 0] - self.west) / self.metres,
                self.box.top + (self.north - xy[:, 1]) / self.metres,
            ]
        )
        return found

    def shapes(self, shapes: GeometryArray) -> GeometryArray:
        """Return what is seen of shapes, on the page."""
        east = self.west + self.box.width * self.metres
        south = self.north - self.box.height * self.metres
        near = shapes[shapely.intersects(shapes, shapely.box(self.west, south, east, self.north))]
        seen = shapely.clip_by_rect(near, self.west, south, east, self.north)
        moved: GeometryArray = shapely.transform(seen, self.points)
        return moved

    def shape(self, shape: BaseGeometry) -> BaseGeometry:
        """Return what is seen of one shape, on the page; empty where nothing is."""
        found = self.shapes(np.array([shape], dtype=object))
        return found[0] if len(found) else shapely.Polygon()


def ground(assignment: Assignment) -> Ground:
    """Return the ground of a plan."""
    network = assignment.network
    tiles = gpd.GeoDataFrame(geometry=onshore(network), crs=network.crs)
    shapes = np.asarray(simplified(tiles).geometry.array, dtype=object)
    home = assignment.node_community[network.tiles["node"].to_numpy(np.int64)]
    schools = assignment.district.schools.loc[list(network.graph.school_ids)]
    return Ground(
        tiles=shapes,
        tile_home=home,
        land=community_land(shapes, home, assignment.n_communities),
        points=shapely.get_coordinates(school_points(schools, network.crs)),
    )


def metres_to_a_point(bounds: FloatArray, width: float, height: float) -> float:
    """Return the scale at which bounds, with room around them, fill a window."""
    west, south, east, north = bounds
    pad = _PAD * max(east - west, north - south, SMALLEST_M)
    across = max(east - west + 2 * pad, SMALLEST_M)
    down = max(north - south + 2 * pad, SMALLEST_M)
    return float(max(across / width, down / height))


def view(bounds: FloatArray, box: Box) -> View:
    """Return the view of bounds through a window, in its middle."""
    metres = metres_to_a_point(bounds, box.width, box.height)
    west, south, east, north = bounds
    return View(
        box=box,
        west=float((west + east) / 2 - box.width * metres / 2),
        north=float((south + north) / 2 + box.height * metres / 2),
        metres=metres,
    )


def _bounds_of(xy: FloatArray) -> FloatArray:
    return np.array([*xy.min(axis=0), *xy.max(axis=0)])
