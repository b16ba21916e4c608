"""Nodes and their land: each campus and each vacant area with its tile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.errors import Problem
from feeder.network.campuses import Campuses
from feeder.network.coverage import connected
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.land import Land
from feeder.network.tiles import area_tiles
from feeder.network.voronoi import voronoi_tiles


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Campuses, then vacant tiles, both sorted by id, and the land they hold.

    Attributes
    ----------
    ids, names
        Shape (n_nodes,): a campus goes by its first school, a vacant tile by its area.
    n_campuses
        Nodes ``0 .. n_campuses - 1`` are campuses.
    land
        The tiles; none is empty.
    tile_node
        Shape (n_tiles,), rising: the node of each tile.
    warnings
        Nodes of which no land is left.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    n_campuses: int
    land: Land
    tile_node: IntArray
    warnings: tuple[Problem, ...] = ()

    @property
    def tile_names(self) -> list[str]:
        """Name of each tile."""
        return [self.names[node] for node in self.tile_node]

    @property
    def has_land(self) -> BoolArray:
        """Shape (n_nodes,): whether the node has a tile."""
        return np.isin(np.arange(len(self.ids)), self.tile_node)


def campus_nodes(
    campuses: Campuses,
    names: tuple[str, ...],
    outline: BaseGeometry | None,
    loose: BoolArray,
) -> Nodes:
    """Give every campus the land nearest to it, but the loose ones; for districts without areas."""
    holding = np.flatnonzero(~loose)
    land = voronoi_tiles(campuses.centre[holding], outline, [names[one] for one in holding])
    return _without_empty(Nodes(campuses.ids, names, len(names), land, holding))


def area_nodes(
    layer: gpd.GeoDataFrame,
    alike: IntArray,
    area_campus: IntArray,
    campuses: Campuses,
    names: tuple[str, ...],
    outline: BaseGeometry | None,
    points: FloatArray,
    mend_share: float,
) -> Nodes:
    """Make a tile of each campus with an area and of each vacant area.

    Areas that are the same land are one: with a campus' area, a vacant one is not vacant.

    Parameters
    ----------
    layer
        The areas of the lowest level, sorted by ``area_id``, in metres.
    alike
        Shape (k, 2): areas that are the same land.
    area_campus
        Shape (n_areas,): the campus of each area; -1 is vacant.
    campuses, names
        The campuses and the name of each.
    outline, points, mend_share
        As for :func:`~feeder.network.tiles.area_tiles`.
    """
    same = connected(len(layer), alike[:, 0], alike[:, 1])
    owner = np.full(len(layer), -1, dtype=np.int64)
    np.maximum.at(owner, same, area_campus)
    node = owner[same]
    vacant = np.flatnonzero(node < 0)
    ids = _vacant_ids(layer["area_id"].to_numpy(), same, vacant, set(campuses.ids))
    vacant_ids = sorted(set(ids))
    node[vacant] = len(names) + np.searchsorted(np.array(vacant_ids, dtype=object), ids)
    all_names = (*names, *(f"the vacant area {area_id}" for area_id in vacant_ids))
    tile_node, tile = np.unique(node, return_inverse=True)
    land = area_tiles(
        layer.geometry.to_numpy(),
        tile,
        [all_names[one] for one in tile_node],
        outline,
        points,
        mend_share,
    )
    return _without_empty(
        Nodes((*campuses.ids, *vacant_ids), all_names, len(names), land, tile_node)
    )


def _vacant_ids(
    area_ids: Sequence[str], same: IntArray, vacant: IntArray, taken: set[str]
) -> list[str]:
    """Return the tile id of each vacant area: its first namesake's, unlike any campus' id."""
    first: dict[int, str] = {}
    for area in vacant:
        tile_id = area_ids[area]
        while tile_id in taken:
            tile_id += " vacant"
        first.setdefault(int(same[area]), tile_id)
    return [first[int(same[area])] for area in vacant]


def _without_empty(nodes: Nodes) -> Nodes:
    """Drop tiles of which nothing is left: their campus has no land, a vacant area no node."""
    empty = shapely.is_empty(nodes.land.onshore)
    if not empty.any():
        return nodes
    lost = nodes.tile_node[empty]
    gone = set(lost[lost >= nodes.n_campuses].tolist())
    kept = [node for node in range(len(nodes.ids)) if node not in gone]
    new_node = np.full(len(nodes.ids), -1, dtype=np.int64)
    new_node[kept] = np.arange(len(kept))
    new_tile = np.cumsum(~empty) - 1
    borders = replace(
        nodes.land.borders, a=new_tile[nodes.land.borders.a], b=new_tile[nodes.land.borders.b]
    )
    land = replace(
        nodes.land,
        onshore=nodes.land.onshore[~empty],
        borders=borders,
        offshore_tile=new_tile[nodes.land.offshore_tile],
    )
    names = ", ".join(nodes.names[node] for node in lost)
    warning = Problem(
        rule="no-land-left",
        message=f"no land is left for {names}: it all belongs to smaller areas or other schools.",
        fix="Check whether the attendance areas repeat each other.",
    )
    return Nodes(
        tuple(nodes.ids[node] for node in kept),
        tuple(nodes.names[node] for node in kept),
        nodes.n_campuses,
        land,
        new_node[nodes.tile_node[~empty]],
        (warning,),
    )
