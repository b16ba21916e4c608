"""Land without areas of the lowest level: a campus holds what is nearest and crosses no line.

What a district drew stays whole: a campus' cell ends where an area of a higher level ends. Where it
says which blocks its residents live in, a cell is made of whole blocks, so that a border runs along
streets and not along a line of geometry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from feeder.network.coverage import GRID_M, Faces, GeometryArray, Pieces, as_geometries
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.mending import hand_over
from feeder.network.voronoi import voronoi_tiles

_POLYGON: Final = 2
_SLIVER: Final = 0.02
"""Share of the smaller of two areas under which their common part is where lines do not meet."""


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """Land inside one area of every higher level: its polygon, and the schools its areas name."""

    land: BaseGeometry
    named: tuple[str, ...]


def campus_cells(
    areas: gpd.GeoDataFrame | None,
    blocks: GeometryArray,
    outline: BaseGeometry | None,
    seeds: FloatArray,
    ids: Sequence[str],
    names: Sequence[str],
) -> gpd.GeoDataFrame:
    """Return the land of each campus as if it were its attendance area.

    Parameters
    ----------
    areas
        Areas of higher levels in metres: ``level``, ``area_id``, ``school_id``, ``geometry``; None
        without any.
    blocks
        Shape (n_blocks,): polygons in which residents live, to be kept whole; may be empty.
    outline
        The district's outline in metres; None takes the union of areas and blocks.
    seeds
        Shape (n_campuses, 2), metres: the campuses that hold land.
    ids, names
        Shape (n_campuses,): the school by which each goes, and its name.

    Returns
    -------
    ``area_id``, ``school_id`` (None: a vacant area), ``geometry``, sorted by ``area_id``. Land
    where no campus stands goes to the school that its areas name, the lowest level first; else it
    is vacant.
    """
    regions = _regions(areas, outline, blocks)
    home = _homes(regions, np.asarray(shapely.points(seeds), dtype=object))
    place = {school: campus for campus, school in enumerate(ids)}
    pieces: dict[str, list[BaseGeometry]] = {}
    for one, region in enumerate(regions):
        inside = np.flatnonzero(home == one)
        if not len(inside):
            owner = next((name for name in region.named if name in place), None)
            key = owner if owner is not None else f"\0{one}"
            pieces.setdefault(key, []).append(region.land)
            continue
        for campus, land in zip(inside, _shared(region, blocks, seeds, names, inside), strict=True):
            pieces.setdefault(ids[int(campus)], []).append(land)
    rows = [
        {
            "area_id": f"vacant-{key[1:]}" if key.startswith("\0") else key,
            "school_id": None if key.startswith("\0") else key,
            "geometry": shapely.union_all(parts, grid_size=GRID_M),
        }
        for key, parts in pieces.items()
    ]
    cells = pd.DataFrame(rows).sort_values("area_id", ignore_index=True)
    crs = None if areas is None else areas.crs
    return gpd.GeoDataFrame(cells, geometry="geometry", crs=crs)


def _regions(
    areas: gpd.GeoDataFrame | None, outline: BaseGeometry | None, blocks: GeometryArray
) -> list[_Region]:
    """Cut the district's land by the areas of each level in turn."""
    if outline is None:
        drawn = [] if areas is None else list(areas.geometry)
        outline = shapely.union_all([*drawn, *blocks], grid_size=GRID_M)
    regions = [_Region(outline, ())]
    if areas is None:
        return regions
    for level in areas["level"].unique():
        layer = areas[areas["level"] == level]
        regions = [part for region in regions for part in _cut(region, layer)]
    return regions


def _cut(region: _Region, layer: gpd.GeoDataFrame) -> list[_Region]:
    """Cut a region by the areas of one level; overlaps go to the smaller area."""
    parts, rest = [], region.land
    order = np.argsort(layer.area.to_numpy(), kind="stable")
    for row in order:
        area = layer.geometry.iloc[row]
        common = _polygons(shapely.intersection(rest, area, grid_size=GRID_M))
        if common.area <= _SLIVER * min(area.area, region.land.area):
            continue
        school = layer["school_id"].iloc[row]
        named = region.named if school is None else (*region.named, str(school))
        parts.append(_Region(common, named))
        rest = _polygons(shapely.difference(rest, area, grid_size=GRID_M))
    if rest.area > _SLIVER * region.land.area:
        parts.append(_Region(rest, region.named))
    return parts


def _polygons(land: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry, without the lines and points where two only touch."""
    parts = shapely.get_parts(land)
    flat = parts[shapely.get_dimensions(parts) == _POLYGON]
    return shapely.MultiPolygon(list(shapely.get_parts(flat)))


def _homes(regions: Sequence[_Region], points: GeometryArray) -> IntArray:
    """Return the region in which each point lies, or to which it is nearest."""
    lands = as_geometries([region.land for region in regions])
    point, region = shapely.STRtree(lands).query_nearest(points, all_matches=True)
    home = np.full(len(points), len(regions), dtype=np.int64)
    np.minimum.at(home, point, region)
    return home


def _shared(
    region: _Region,
    blocks: GeometryArray,
    seeds: FloatArray,
    names: Sequence[str],
    inside: IntArray,
) -> GeometryArray:
    """Share a region's land among the campuses inside it, by whole blocks where there are any."""
    there = _blocks_in(region, blocks)
    if not len(there):
        return voronoi_tiles(seeds[inside], region.land, [names[one] for one in inside]).whole()
    faces = Faces.from_polygons(shapely.set_precision(there, GRID_M))
    centre = shapely.get_coordinates(shapely.centroid(faces.polygons))
    label = np.asarray(cKDTree(seeds[inside]).query(centre)[1], dtype=np.int64)
    label, _ = hand_over(faces, label, _cut_off)
    return as_geometries(
        [
            shapely.union_all(faces.polygons[label == one], grid_size=GRID_M)
            for one in range(len(inside))
        ]
    )


def _blocks_in(region: _Region, blocks: GeometryArray) -> GeometryArray:
    """Return the blocks whose middle lies in a region."""
    middle = shapely.point_on_surface(blocks)
    shapely.prepare(region.land)
    return blocks[shapely.intersects(region.land, middle)]


def _cut_off(pieces: Pieces) -> BoolArray:
    """Return the pieces of each campus' land but its largest."""
    order = np.lexsort((-pieces.area_m2, pieces.label))
    largest = order[np.append(True, np.diff(pieces.label[order]) != 0)]
    away = np.ones(len(pieces.label), dtype=np.bool_)
    away[largest] = False
    return away
