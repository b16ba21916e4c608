"""A mesh of small cells over the land: Voronoi cells of random points, relaxed.

Cells are smaller where more children live and along the outline, which is simply the edge of
the cells that lie on land.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi

from feeder.district.synthetic.terrain import BoolArray, FloatArray, IntArray, Terrain

LAT0: Final = 34.2
LON0: Final = -140.0
"""Middle of the map: open water in the North Pacific, where nobody lives."""
KM_PER_DEGREE: Final = 111.195
DECIMALS: Final = 6
"""Of a coordinate in degrees: a tenth of a metre."""
RELAXATIONS: Final = 4
OFFSHORE_KM: Final = 2.0
"""How far out points are scattered over the water, to shape the cells on the shore."""
RIM_DETAIL: Final = 2.5
"""How much finer the cells are along the outline."""
SHORTEST_EDGE_KM: Final = 0.03
"""Cells that touch along less count as touching in a corner."""
MERGED_KM: Final = 0.004
"""Corners nearer to each other become one."""


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Cells of land.

    Attributes
    ----------
    xy
        Shape (n, 2): a point inside each cell, kilometres east and north of the middle.
    area
        Shape (n,): square kilometres.
    cells
        Shape (n,): polygons in degrees (longitude, latitude), rounded to ``DECIMALS``.
    a, b
        Shape (n_edges,): cells that share a border, ``a < b``.
    """

    xy: FloatArray
    area: FloatArray
    cells: npt.NDArray[np.object_]
    a: IntArray
    b: IntArray


def make_mesh(terrain: Terrain, n_cells: int, rng: np.random.Generator) -> Mesh:
    """Cut the land into about ``n_cells`` cells, in one piece."""
    points = _points(terrain, n_cells, rng)
    for _ in range(RELAXATIONS):
        points = _relaxed(points)
    return _mesh(terrain, Voronoi(points))


def _points(terrain: Terrain, n_cells: int, rng: np.random.Generator) -> FloatArray:
    """Scatter points over land and the water around it, more where more children live."""
    frame = 1.3 * terrain.reach
    kept = [_frame(frame)]
    on_land = 0
    while on_land < n_cells:
        xy = rng.uniform(-frame, frame, (4 * n_cells, 2))
        land = terrain.land(xy)
        near = land * terrain.reach > -OFFSHORE_KM
        xy, land = xy[near], land[near]
        rim = 1 + RIM_DETAIL * np.exp(-((land / 0.03) ** 2))
        chance = np.minimum(terrain.density(xy), 0.6) ** 0.5 * rim / (1 + RIM_DETAIL)
        drawn = rng.random(len(xy)) < chance
        inside = np.cumsum(land[drawn] > 0)
        enough = int(np.searchsorted(inside, n_cells - on_land)) + 1
        kept.append(xy[drawn][:enough])
        on_land += min(int(inside[-1]), n_cells - on_land)
    return np.asarray(np.round(np.concatenate(kept), DECIMALS), dtype=np.float64)


def _frame(half: float) -> FloatArray:
    """Return points on a square around everything, so that no cell on land is open."""
    side = np.linspace(-1.0, 1.0, 41)
    edge = np.ones_like(side)
    square = np.concatenate(
        [np.stack(pair, 1) for pair in ((side, edge), (side, -edge), (edge, side), (-edge, side))]
    )
    return np.asarray(half * np.unique(square, axis=0))


def _relaxed(points: FloatArray) -> FloatArray:
    """Move every point to the middle of its Voronoi cell (Lloyd 1982); those on the rim stay."""
    diagram = Voronoi(points)
    area, middle, closed = _fans(diagram)
    moved = np.where((closed & (area > 0))[:, None], middle, points)
    inside = (np.abs(moved) < np.abs(points).max()).all(axis=1)
    # Rounded, so that the last bits of another processor's sine do not live on.
    return np.asarray(
        np.round(np.where(inside[:, None], moved, points), DECIMALS), dtype=np.float64
    )


def _fans(diagram: Voronoi) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return area and centroid of every Voronoi cell, and whether the cell is closed.

    A cell is the fan of triangles that its point spans with each of its borders.
    """
    points = diagram.points
    sides = np.asarray(diagram.ridge_vertices)
    owners = np.asarray(diagram.ridge_points)
    finite = (sides >= 0).all(axis=1)
    closed = np.ones(len(points), dtype=np.bool_)
    closed[owners[~finite].ravel()] = False
    owner = owners[finite].T.ravel()
    start, end = (np.tile(diagram.vertices[sides[finite, i]], (2, 1)) for i in (0, 1))
    home = points[owner]
    u, v = start - home, end - home
    triangle = np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]) / 2
    area = np.asarray(np.bincount(owner, triangle, len(points)), dtype=np.float64)
    moment = (home + start + end) / 3 * triangle[:, None]
    safe = np.where(area > 0, area, 1.0)
    middle = np.stack([np.bincount(owner, moment[:, i], len(points)) / safe for i in (0, 1)], 1)
    return area, middle, closed


def _mesh(terrain: Terrain, diagram: Voronoi) -> Mesh:
    """Keep the largest connected piece of cells on land."""
    n = len(diagram.points)
    area, _, closed = _fans(diagram)
    land = closed & (terrain.land(diagram.points) > 0)
    owners = np.asarray(diagram.ridge_points)
    sides = np.asarray(diagram.ridge_vertices)
    length = np.hypot(*(diagram.vertices[sides[:, 0]] - diagram.vertices[sides[:, 1]]).T)
    shared = land[owners].all(axis=1) & (length > SHORTEST_EDGE_KM)
    pairs = owners[shared]
    links = coo_array((np.ones(len(pairs)), pairs.T), shape=(n, n))
    _, piece = connected_components(links, directed=False)
    main = np.bincount(piece[land]).argmax()
    keep = np.flatnonzero(land & (piece == main)).astype(np.int64)
    number = np.full(n, -1, dtype=np.int64)
    number[keep] = np.arange(len(keep))
    edges = np.sort(number[pairs[number[pairs[:, 0]] >= 0]], axis=1)
    edges = edges[np.lexsort((edges[:, 1], edges[:, 0]))]
    cells = _rings(diagram, keep)
    return Mesh(diagram.points[keep], area[keep], cells, edges[:, 0], edges[:, 1])


def _rings(diagram: Voronoi, keep: IntArray) -> npt.NDArray[np.object_]:
    """Return the kept cells as polygons whose corners are rounded once for all of them."""
    corner = _corners(diagram)
    corners = degrees(diagram.vertices)
    wanted = np.zeros(len(diagram.points), dtype=bool)
    wanted[keep] = True
    owners = np.repeat(np.asarray(diagram.ridge_points), 2, axis=0)
    vertex = np.asarray(diagram.ridge_vertices).ravel()
    pairs = np.concatenate([np.stack([owners[:, i], vertex], axis=1) for i in (0, 1)])
    pairs = pairs[wanted[pairs[:, 0]]]
    pairs[:, 1] = corner[pairs[:, 1]]
    pairs = np.unique(pairs, axis=0)
    spoke = corners[pairs[:, 1]] - degrees(diagram.points)[pairs[:, 0]]
    order = np.lexsort((np.arctan2(spoke[:, 1], spoke[:, 0]), pairs[:, 0]))
    _, ring = np.unique(pairs[order, 0], return_inverse=True)
    return np.asarray(shapely.polygons(shapely.linearrings(corners[pairs[order, 1]], indices=ring)))


def _corners(diagram: Voronoi) -> IntArray:
    """Return for each Voronoi vertex the first of those so near that rounding might swap them."""
    sides = np.asarray(diagram.ridge_vertices)
    sides = sides[(sides >= 0).all(axis=1)]
    length = np.hypot(*(diagram.vertices[sides[:, 0]] - diagram.vertices[sides[:, 1]]).T)
    near = sides[length < MERGED_KM]
    n = len(diagram.vertices)
    links = coo_array((np.ones(len(near)), near.T), shape=(n, n))
    _, group = connected_components(links, directed=False)
    return np.asarray(np.unique(group, return_index=True)[1][group], dtype=np.int64)


def degrees(xy: FloatArray) -> FloatArray:
    """Turn kilometres into rounded longitude and latitude, true to scale at ``LAT0``."""
    scale = [KM_PER_DEGREE * np.cos(np.radians(LAT0)), KM_PER_DEGREE]
    return np.asarray(np.round(xy / scale + [LON0, LAT0], DECIMALS))
