"""Exact coverages: rough polygons become faces that fill the land once.

All lines are noded together by snap rounding (Hobby 1999; shapely) and polygonised. The resulting
faces share their vertices exactly, so which faces are neighbours, and how long their borders are,
is a matter of comparing numbers. A tile is a set of faces with one label; mending and filling gaps
change labels, never coordinates, so that no land is lost or counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from feeder.network.graph import FloatArray, IntArray

GeometryArray = npt.NDArray[np.object_]

GRID_M: Final = 1e-4
"""Grid of the snap rounding in metres: far below any survey, far above float64's noise."""
OUTSIDE: Final = -1
"""Label of a face that is not land of the district."""
GAP: Final = -2
"""Label of a face that is land of the district without a tile."""


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Pairs ``a < b`` that share a border of ``length_m`` metres, sorted by (a, b)."""

    a: IntArray
    b: IntArray
    length_m: FloatArray

    def both_ways(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Return from, to and length of every border, seen from each side once."""
        return (
            np.concatenate([self.a, self.b]),
            np.concatenate([self.b, self.a]),
            np.concatenate([self.length_m, self.length_m]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Polygons without overlap whose neighbours share exact vertices."""

    polygons: GeometryArray
    area_m2: FloatArray
    borders: Borders

    @classmethod
    def from_polygons(cls, polygons: GeometryArray) -> Faces:
        """Make faces of polygons that already share exact vertices."""
        return cls(polygons, shapely.area(polygons), shared_borders(polygons))


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Connected pieces of equal label: ``of_face`` by face; ``label``, ``area_m2`` by piece."""

    of_face: IntArray
    label: IntArray
    area_m2: FloatArray


def as_geometries(items: list[BaseGeometry]) -> GeometryArray:
    """Return a one-dimensional object array of the geometries."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def total_by(group: IntArray, weight: FloatArray, n: int) -> FloatArray:
    """Add up weights by group; shape (n,)."""
    return np.bincount(group, weights=weight, minlength=n).astype(np.float64)


def arrange(lines: GeometryArray) -> Faces:
    """Node all lines together and return the bounded faces between them."""
    noded = shapely.union_all(lines, grid_size=GRID_M)
    polygons = shapely.get_parts(shapely.polygonize([noded]))
    return Faces.from_polygons(polygons[np.lexsort(shapely.bounds(polygons).T)])


def shared_borders(polygons: GeometryArray) -> Borders:
    """Measure the borders between polygons that share exact vertices.

    Every ring is taken apart into segments; a segment found in two polygons is border.
    """
    rings, of_polygon = shapely.get_rings(polygons, return_index=True)
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    _, vertex = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    inner = of_ring[1:] == of_ring[:-1]
    start, end = vertex[:-1][inner], vertex[1:][inner]
    owner = of_polygon[of_ring[:-1][inner]]
    length = np.hypot(*(xy[1:] - xy[:-1])[inner].T)
    key = np.minimum(start, end) * (len(xy) + 1) + np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    twin = np.flatnonzero(key[order][1:] == key[order][:-1])
    first, second = order[twin], order[twin + 1]
    return sum_borders(owner[first], owner[second], length[first])


def sum_borders(a: IntArray, b: IntArray, length_m: FloatArray) -> Borders:
    """Add up lengths by unordered pair; pairs of a number with itself are no border."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    differ = low < high
    pairs, where = np.unique(
        np.column_stack([low[differ], high[differ]]), axis=0, return_inverse=True
    )
    total = total_by(where, length_m[differ], len(pairs))
    return Borders(pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64), total)


def group_borders(borders: Borders, group: IntArray) -> Borders:
    """Return the borders between groups of faces; negative groups have none."""
    a, b = group[borders.a], group[borders.b]
    real = (a >= 0) & (b >= 0)
    return sum_borders(a[real], b[real], borders.length_m[real])


def connected(n: int, a: IntArray, b: IntArray) -> IntArray:
    """Return the component of each of ``n`` items linked by pairs ``(a, b)``."""
    if not len(a):
        return np.arange(n, dtype=np.int64)
    links = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))
    _, component = connected_components(links, directed=False)
    return component.astype(np.int64)


def find_pieces(faces: Faces, label: IntArray) -> Pieces:
    """Return the connected pieces of equal label; corners do not connect."""
    a, b = faces.borders.a, faces.borders.b
    same = label[a] == label[b]
    of_face = connected(len(label), a[same], b[same])
    area = total_by(of_face, faces.area_m2, int(of_face.max(initial=-1)) + 1)
    of_piece = np.empty(len(area), dtype=np.int64)
    of_piece[of_face] = label
    return Pieces(of_face, of_piece, area)


def dissolve(faces: Faces, label: IntArray, n_tiles: int) -> GeometryArray:
    """Unite the faces of each label; a tile without a face is an empty polygon."""
    order = np.argsort(label, kind="stable")
    cuts = np.searchsorted(label[order], np.arange(n_tiles + 1))
    members = [order[start:end] for start, end in pairwise(cuts)]
    return as_geometries(
        [
            shapely.coverage_union_all(faces.polygons[group]) if len(group) else shapely.Polygon()
            for group in members
        ]
    )
