"""Tiles without attendance areas: every campus holds the land that is nearest to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from feeder.errors import Problem
from feeder.network.coverage import (
    OUTSIDE,
    Faces,
    GeometryArray,
    Pieces,
    arrange,
    as_geometries,
    dissolve,
    group_borders,
)
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.land import Land, clean_outline, km2, nearest_tile, offshore_warning
from feeder.network.mending import hand_over
from feeder.wording import counted

FAR_OUTSIDE_M: Final = 1000.0
"""Schools further outside the outline than this are told to the planner."""
MARGIN_M: Final = 500.0
"""Least width of land around the outermost schools where no outline is given."""
NUDGE_M: Final = 1.0
"""How far apart campuses at one point are taken to be."""


def voronoi_tiles(centre: FloatArray, outline: BaseGeometry | None, names: Sequence[str]) -> Land:
    """Share the land among campuses: each point goes to the nearest campus of its part.

    Voronoi cells (Aurenhammer 1991), cut to the outline.

    Parameters
    ----------
    centre
        Shape (n_campuses, 2), metres.
    outline
        The district's outline in metres; None takes the convex hull of the campuses.
    names
        Name of each campus, for messages.

    Returns
    -------
    Land
        One tile a campus. A piece of a cell that an inlet or an enclave cuts off from its
        campus goes to the neighbouring tile with the longest shared border: the line is
        only drawn by this method, so nothing is lost. Parts of the outline without a campus
        are offshore and go whole to the nearest tile.
    """
    warnings: list[Problem] = []
    if outline is None:
        outline = _hull(centre, warnings)
    parts = shapely.get_parts(clean_outline(outline))
    home = shapely.STRtree(parts).nearest(shapely.points(centre))
    seeds = _apart(_on_land(centre, parts[home], names, warnings))
    inhabited = np.isin(np.arange(len(parts)), home)
    faces, label = _cells(seeds, shapely.union_all(parts[inhabited]))
    label, moves = hand_over(faces, label, _homeless(faces, label, seeds))
    if moves:
        warnings.append(
            Problem(
                rule="cells-joined",
                message=f"{counted(len(moves), 'piece')} of land cut off from the nearest campus, "
                f"{km2(sum(move.area_m2 for move in moves))}, went to a neighbor.",
            )
        )
    onshore = dissolve(faces, label, len(centre))
    offshore = parts[~inhabited]
    tile = nearest_tile(offshore, onshore)
    if len(offshore):
        warnings.append(offshore_warning(offshore, [names[one] for one in tile]))
    return Land(onshore, group_borders(faces.borders, label), offshore, tile, tuple(warnings))


def _hull(centre: FloatArray, warnings: list[Problem]) -> BaseGeometry:
    """Return the convex hull of the campuses, widened by the usual distance between them."""
    margin = MARGIN_M
    if len(centre) > 1:
        distance, _ = cKDTree(centre).query(centre, k=[2])
        margin = max(margin, float(np.median(distance)))
    warnings.append(
        Problem(
            rule="no-outline",
            message="the district has no outline; its land is taken to be the convex hull of "
            f"the schools, widened by {margin:,.0f} m.",
            fix="Give the outline in [boundary].",
        )
    )
    hull: BaseGeometry = shapely.MultiPoint(centre).convex_hull.buffer(margin)
    return hull


def _on_land(
    centre: FloatArray, part: GeometryArray, names: Sequence[str], warnings: list[Problem]
) -> FloatArray:
    """Move campuses outside the outline to the nearest point on it."""
    points = np.asarray(shapely.points(centre), dtype=object)
    distance = np.asarray(shapely.distance(points, part))
    outside = distance > 0
    seeds = centre.copy()
    paths = shapely.shortest_line(points[outside], part[outside])
    seeds[outside] = shapely.get_coordinates(shapely.get_point(paths, -1))
    far = np.flatnonzero(distance > FAR_OUTSIDE_M)
    if len(far):
        listed = ", ".join(f"{names[int(one)]} ({distance[one] / 1000:.1f} km)" for one in far)
        warnings.append(
            Problem(
                rule="campus-outside-outline",
                message=f"{counted(len(far), 'campus', 'campuses')} outside the outline: {listed}.",
                fix="Check their coordinates; they are planned with the nearest land.",
            )
        )
    return seeds


def _apart(seeds: FloatArray) -> FloatArray:
    """Nudge campuses at one and the same point eastwards, so that each has a cell."""
    _, where = np.unique(seeds.round(3), axis=0, return_inverse=True)
    order = np.argsort(where, kind="stable")
    start = np.searchsorted(where[order], where[order])
    rank = np.empty(len(seeds))
    rank[order] = np.arange(len(seeds)) - start
    return seeds + np.column_stack([rank * NUDGE_M, np.zeros(len(seeds))])


def _cells(seeds: FloatArray, land: BaseGeometry) -> tuple[Faces, IntArray]:
    """Cut the land along the Voronoi edges and label each face with its nearest seed."""
    lines = [land.boundary]
    if len(seeds) > 1:
        sites = shapely.MultiPoint(seeds)
        lines.append(
            shapely.voronoi_polygons(sites, extend_to=land.envelope.buffer(1), only_edges=True)
        )
    faces = arrange(as_geometries(lines))
    inner = shapely.point_on_surface(faces.polygons)
    shapely.prepare(land)
    _, nearest = cKDTree(seeds).query(shapely.get_coordinates(inner))
    label = np.where(shapely.intersects(land, inner), nearest, OUTSIDE)
    return faces, label.astype(np.int64)


def _homeless(faces: Faces, label: IntArray, seeds: FloatArray) -> Callable[[Pieces], BoolArray]:
    """Return a judge of pieces: homeless are those without the face nearest to the campus."""
    land = np.flatnonzero(label >= 0)
    distance = shapely.distance(faces.polygons[land], shapely.points(seeds[label[land]]))
    order = np.lexsort((distance, label[land]))
    tile, first = np.unique(label[land][order], return_index=True)
    home = np.full(len(seeds), OUTSIDE, dtype=np.int64)
    home[tile] = land[order][first]

    def homeless(pieces: Pieces) -> BoolArray:
        stays = np.zeros(len(pieces.label), dtype=np.bool_)
        stays[pieces.of_face[home[home >= 0]]] = True
        return ~stays

    return homeless
