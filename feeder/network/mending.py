"""Mending: pieces and gaps go to the tile with which they share the longest border."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from feeder.network.coverage import (
    GAP,
    OUTSIDE,
    Faces,
    Pieces,
    arrange,
    find_pieces,
    group_borders,
    total_by,
)
from feeder.network.graph import BoolArray, FloatArray, IntArray

SLIVER_M: Final = 30.0
"""Mean width in metres under which a hole or a gap is a flaw of drawing rather than a place."""
WHISKER_TILES: Final = 3
"""Along so many tiles a sliver given to one of them would part the others."""


@dataclass(frozen=True, slots=True)
class Move:
    """A piece of land of ``area_m2`` that went from one tile (or GAP) to another."""

    source: int
    target: int
    area_m2: float


def hand_over(
    faces: Faces, label: IntArray, movable: Callable[[Pieces], BoolArray]
) -> tuple[IntArray, list[Move]]:
    """Give movable pieces to the neighbouring tile with the longest shared border.

    The smallest piece goes first, and pieces are found anew after every move. A moved piece
    joins at least one other, so there is one piece fewer each time and the loop ends.

    Parameters
    ----------
    faces, label
        The land; tiles have labels from 0.
    movable
        Tells which pieces should go; those that touch no other tile stay.

    Returns
    -------
    label, moves
        The new labels, and what went where.
    """
    label = label.copy()
    moves: list[Move] = []
    while True:
        pieces = find_pieces(faces, label)
        near, far, length = group_borders(
            faces.borders, np.where(label >= 0, pieces.of_face, OUTSIDE)
        ).both_ways()
        candidates = np.intersect1d(np.flatnonzero(movable(pieces)), near)
        if len(candidates) == 0:
            return label, moves
        piece = candidates[np.argmin(pieces.area_m2[candidates])]
        along = near == piece
        _, tile = _longest_border(near[along], pieces.label[far[along]], length[along])
        moves.append(Move(int(pieces.label[piece]), int(tile[0]), float(pieces.area_m2[piece])))
        label[pieces.of_face == piece] = tile[0]


def fill(faces: Faces, label: IntArray) -> tuple[IntArray, list[Move]]:
    """Give every gap to the tile with the longest shared border; those that touch none stay."""
    pieces = find_pieces(faces, label)
    near, far, length = group_borders(
        faces.borders, np.where(label == OUTSIDE, OUTSIDE, pieces.of_face)
    ).both_ways()
    rim = pieces.label[near] == GAP
    gaps, tiles = _longest_border(near[rim], pieces.label[far[rim]], length[rim])
    filled = pieces.label.copy()
    filled[gaps] = tiles
    moves = [
        Move(GAP, tile, area)
        for tile, area in zip(tiles.tolist(), pieces.area_m2[gaps].tolist(), strict=True)
    ]
    return filled[pieces.of_face], moves


def share_slivers(faces: Faces, label: IntArray) -> tuple[Faces, IntArray, list[Move]]:
    """Share gaps that run as slivers along three or more tiles among these tiles.

    Given to one tile, such a gap would run as a whisker between all the others and keep true
    neighbours apart. So it is cut into short triangles, each of which goes to the nearest tile.

    Returns
    -------
    faces, label, moves
        The finer faces, their labels, and what went where.
    """
    pieces = find_pieces(faces, label)
    cut = _whiskers(faces, label, pieces)[pieces.of_face]
    if not cut.any():
        return faces, label, []
    triangles = shapely.get_parts(
        shapely.constrained_delaunay_triangles(shapely.segmentize(faces.polygons[cut], SLIVER_M))
    )
    finer = arrange(shapely.boundary(np.concatenate([faces.polygons, triangles])))
    inner = shapely.point_on_surface(finer.polygons)
    origin = shapely.STRtree(faces.polygons).nearest(inner)
    shared = np.flatnonzero(cut[origin])
    new = label[origin]
    land = label >= 0
    sliver, face = shapely.STRtree(faces.polygons[land]).query_nearest(
        shapely.centroid(finer.polygons[shared])
    )
    nearest = np.full(len(shared), np.iinfo(np.int64).max)
    np.minimum.at(nearest, sliver, label[land][face])
    new[shared] = nearest
    moves = [
        Move(GAP, tile, area)
        for tile, area in zip(nearest.tolist(), finer.area_m2[shared].tolist(), strict=True)
    ]
    return finer, new, moves


def _whiskers(faces: Faces, label: IntArray, pieces: Pieces) -> BoolArray:
    """Return by piece whether it is a thin gap along three or more tiles."""
    n = len(pieces.label)
    borders = group_borders(faces.borders, np.where(label == OUTSIDE, OUTSIDE, pieces.of_face))
    near, far, _ = borders.both_ways()
    beside = np.column_stack([near, pieces.label[far]])
    beside = np.unique(beside[beside[:, 1] >= 0], axis=0)
    tiles = np.bincount(beside[:, 0], minlength=n)
    inner = pieces.of_face[faces.borders.a] == pieces.of_face[faces.borders.b]
    within = total_by(pieces.of_face[faces.borders.a[inner]], faces.borders.length_m[inner], n)
    rim = total_by(pieces.of_face, shapely.length(faces.polygons), n) - 2 * within
    thin = 2 * pieces.area_m2 < SLIVER_M * rim
    return np.asarray((pieces.label == GAP) & (tiles >= WHISKER_TILES) & thin)


def _longest_border(
    unit: IntArray, tile: IntArray, length_m: FloatArray
) -> tuple[IntArray, IntArray]:
    """Return each unit, rising, and the tile with which it shares most, to the millimetre.

    Of tiles that share equally much, the first is taken.
    """
    pairs, where = np.unique(np.column_stack([unit, tile]), axis=0, return_inverse=True)
    total = total_by(where, length_m, len(pairs)).round(3)
    pairs = pairs[np.lexsort((pairs[:, 1], -total, pairs[:, 0]))]
    units, first = np.unique(pairs[:, 0], return_index=True)
    return units, pairs[first, 1]
