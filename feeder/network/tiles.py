"""Tiles from attendance areas: the lowest level's areas, made to cover the district once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.errors import Problem
from feeder.network.coverage import (
    GAP,
    OUTSIDE,
    Faces,
    GeometryArray,
    Pieces,
    arrange,
    as_geometries,
    dissolve,
    find_pieces,
    group_borders,
)
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.land import (
    NOTABLE_SHARE,
    Land,
    clean_outline,
    km2,
    listed,
    nearest_tile,
    offshore_warning,
)
from feeder.network.mending import Move, fill, hand_over, share_slivers
from feeder.wording import counted

SAME_LAND: Final = 0.95
"""Share of both areas that must coincide for two areas to be one."""
LOWEST_LEVEL: Final = "elementary"


def tile_level(areas: gpd.GeoDataFrame | None, schools: pd.DataFrame) -> str | None:
    """Return the level whose areas are the tiles; None where the lowest grades have no areas.

    ``elementary`` is that level where it exists. Under other names it is the level whose
    schools start lowest (median), provided that hardly a school of the district starts lower.
    """
    if areas is None or len(areas) == 0:
        return None
    if (areas["level"] == LOWEST_LEVEL).any():
        return LOWEST_LEVEL
    start = schools["grade_low"].clip(lower=0)
    by_level = areas.assign(start=areas["school_id"].map(start)).groupby("level")["start"].median()
    by_level = by_level.dropna()
    if by_level.empty or by_level.min() > start.quantile(0.1):
        return None
    return str(by_level.idxmin())


def same_land(areas: GeometryArray) -> IntArray:
    """Return shape (k, 2): pairs ``i < j`` of areas that are the same land to 95 %."""
    size = shapely.area(areas)
    i, j = shapely.STRtree(areas).query(areas, predicate="intersects")
    alike = (i < j) & (np.minimum(size[i], size[j]) >= SAME_LAND * np.maximum(size[i], size[j]))
    i, j = i[alike], j[alike]
    common = shapely.area(shapely.intersection(areas[i], areas[j]))
    same = common >= SAME_LAND * np.maximum(size[i], size[j])
    pairs = np.column_stack([i[same], j[same]]).astype(np.int64)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def area_tiles(
    areas: GeometryArray,
    tile_of_area: IntArray,
    names: Sequence[str],
    outline: BaseGeometry | None,
    points: FloatArray,
    mend_share: float,
) -> Land:
    """Turn attendance areas into tiles that cover the district once.

    Overlaps go to the smaller area; gaps inside the outline go to the tile with the longest
    shared border; without an outline, holes up to 0.1 % of the land count as gaps. Areas win
    over the outline. Small pieces are mended.

    Parameters
    ----------
    areas
        Shape (n_areas,): valid polygons in metres.
    tile_of_area
        Shape (n_areas,): the tile of each area.
    names
        Name of each tile, for messages.
    outline
        The district's outline in metres, or None.
    points
        Shape (n_schools, 2), metres: a part of the outline without a school is offshore.
    mend_share
        Pieces under this share of their tile go to the tile around them.
    """
    warnings: list[Problem] = []
    lines = shapely.boundary(areas)
    if outline is not None:
        outline = _fitting_outline(clean_outline(outline), areas, warnings)
    if outline is not None:
        lines = np.concatenate([lines, as_geometries([outline.boundary])])
    faces = arrange(lines)
    inner = shapely.point_on_surface(faces.polygons)
    label = _claim(faces, inner, areas, tile_of_area, names, warnings)
    if outline is None:
        label = _holes(faces, label, warnings)
    else:
        label = _inside(faces, label, inner, outline, names, warnings)
    faces, label, shared = share_slivers(faces, label)
    label, filled = fill(faces, label)
    land = float(faces.area_m2[label >= 0].sum())
    warnings += _handed(
        "gaps-filled", "belonged to no attendance area", shared + filled, names, land
    )
    label, offshore, offshore_tile = _islands(faces, label, points, len(names))
    label, mended = hand_over(faces, label, lambda pieces: _small(pieces, mend_share))
    if mended:
        warnings.append(_mended(mended, names, mend_share))
    if len(offshore):
        warnings.append(offshore_warning(offshore, [names[tile] for tile in offshore_tile]))
    return Land(
        dissolve(faces, label, len(names)),
        group_borders(faces.borders, label),
        offshore,
        offshore_tile,
        tuple(warnings),
    )


def _fitting_outline(
    outline: BaseGeometry, areas: GeometryArray, warnings: list[Problem]
) -> BaseGeometry | None:
    """Return the outline, or None where it is not the outline of these areas.

    Land that more than doubles what the areas cover cannot be told to be the district's; given
    to whichever tile it touches, it would swallow the map.
    """
    covered = shapely.union_all(areas)
    beyond = outline.difference(covered).area
    if beyond <= covered.area:
        return outline
    warnings.append(
        Problem(
            rule="outline-too-large",
            message=f"the outline holds {km2(beyond)} outside every attendance area, more than "
            f"the areas cover ({km2(covered.area)}); it was left aside, and the areas "
            "alone are the district's land.",
            fix="Give the outline of the district itself, or the missing attendance areas.",
        )
    )
    return None


def _claim(
    faces: Faces,
    inner: GeometryArray,
    areas: GeometryArray,
    tile_of_area: IntArray,
    names: Sequence[str],
    warnings: list[Problem],
) -> IntArray:
    """Label each face with the tile of the smallest area over it; OUTSIDE where there is none."""
    face, area = shapely.STRtree(areas).query(inner, predicate="intersects")
    order = np.lexsort((area, shapely.area(areas)[area], face))
    face, tile = face[order], tile_of_area[area[order]]
    claimed, first = np.unique(face, return_index=True)
    label = np.full(len(faces.polygons), OUTSIDE, dtype=np.int64)
    label[claimed] = tile[first]
    contested = np.flatnonzero(tile != label[face])
    _, once = np.unique(face[contested], return_index=True)
    overlaps = [
        Move(int(tile[k]), int(label[face[k]]), float(faces.area_m2[face[k]]))
        for k in contested[once]
    ]
    land = float(faces.area_m2[label >= 0].sum())
    warnings += _handed(
        "overlaps-resolved", "lay in several attendance areas", overlaps, names, land
    )
    return label


def _inside(
    faces: Faces,
    label: IntArray,
    inner: GeometryArray,
    outline: BaseGeometry,
    names: Sequence[str],
    warnings: list[Problem],
) -> IntArray:
    """Mark the faces inside the outline without an area as gaps; tell of areas beyond it."""
    shapely.prepare(outline)
    inside = shapely.intersects(outline, inner)
    beyond = np.where(inside, OUTSIDE, label)
    land = faces.area_m2[label >= 0].sum()
    outside = faces.area_m2[beyond >= 0].sum()
    if outside > NOTABLE_SHARE * land:
        size = np.bincount(beyond[beyond >= 0], weights=faces.area_m2[beyond >= 0])
        order = [tile for tile in np.argsort(-size, kind="stable") if size[tile] > 0]
        warnings.append(
            Problem(
                rule="areas-beyond-outline",
                message=f"{km2(outside)} of attendance areas lie outside the outline and stay: "
                + listed([f"{km2(size[tile])} of {names[tile]}" for tile in order])
                + ".",
            )
        )
    return np.where((label == OUTSIDE) & inside, GAP, label)


def _holes(faces: Faces, label: IntArray, warnings: list[Problem]) -> IntArray:
    """Mark the small holes between areas as gaps; tell of the large ones."""
    pieces = find_pieces(faces, label)
    land = faces.area_m2[label >= 0].sum()
    hole = pieces.label == OUTSIDE
    large = hole & (pieces.area_m2 > NOTABLE_SHARE * land)
    if large.any():
        size = np.sort(pieces.area_m2[large])[::-1]
        warnings.append(
            Problem(
                rule="holes-left",
                message=f"{counted(len(size), 'hole')} between the attendance areas taken as land "
                f"of others: {listed([km2(one) for one in size])}.",
                fix="Give the district's outline in [boundary] if they belong to it.",
            )
        )
    return np.where((hole & ~large)[pieces.of_face], GAP, label)


def _islands(
    faces: Faces, label: IntArray, points: FloatArray, n_tiles: int
) -> tuple[IntArray, GeometryArray, IntArray]:
    """Give land of the outline that touches no tile to the nearest tile.

    Where a school stands on it, it becomes a piece of that tile; otherwise it is offshore.
    """
    pieces = find_pieces(faces, label)
    island = np.flatnonzero(pieces.label == GAP)
    if len(island) == 0:
        return label, np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
    rank = np.full(len(pieces.label), OUTSIDE, dtype=np.int64)
    rank[island] = np.arange(len(island))
    parts = dissolve(faces, rank[pieces.of_face], len(island))
    tile = nearest_tile(parts, dissolve(faces, label, n_tiles))
    settled = np.zeros(len(island), dtype=np.bool_)
    settled[shapely.STRtree(parts).query(shapely.points(points), predicate="intersects")[1]] = True
    label = label.copy()
    for one in np.flatnonzero(settled):
        label[pieces.of_face == island[one]] = tile[one]
    return label, parts[~settled], tile[~settled]


def _small(pieces: Pieces, mend_share: float) -> BoolArray:
    """Return the pieces under ``mend_share`` of their tile; a tile's largest piece never is."""
    tile = pieces.label
    land = tile >= 0
    whole = np.bincount(tile[land], weights=pieces.area_m2[land])
    small = np.zeros(len(tile), dtype=np.bool_)
    small[land] = pieces.area_m2[land] < mend_share * whole[tile[land]]
    order = np.lexsort((-pieces.area_m2, tile))
    largest = order[np.append(True, tile[order][1:] != tile[order][:-1])]
    small[largest] = False
    return small


def _mended(moves: list[Move], names: Sequence[str], mend_share: float) -> Problem:
    """List every piece that was too small to stay with its tile."""
    every = [
        f"{km2(move.area_m2)} of {names[move.source]} to {names[move.target]}" for move in moves
    ]
    return Problem(
        rule="pieces-mended",
        message=f"{counted(len(moves), 'piece')} under {mend_share:.0%} of a tile went to the tile "
        f"around them: {'; '.join(every)}.",
    )


def _handed(
    rule: str, what: str, moves: list[Move], names: Sequence[str], land_m2: float
) -> list[Problem]:
    """Tell of land that changed hands, where it is over 0.1 % of the land."""
    total = sum(move.area_m2 for move in moves)
    if total <= NOTABLE_SHARE * land_m2:
        return []
    pairs: dict[tuple[int, int], float] = {}
    for move in moves:
        key = (move.source, move.target)
        pairs[key] = pairs.get(key, 0.0) + move.area_m2
    largest_first = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    places = [
        f"{km2(size)}" + (f" of {names[source]}" if source >= 0 else "") + f" to {names[target]}"
        for (source, target), size in largest_first
    ]
    share = total / land_m2
    message = (
        f"{km2(total)} ({share:.1%} of the land) {what}; it went as follows: {listed(places)}."
    )
    return [Problem(rule=rule, message=message)]
