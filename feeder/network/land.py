"""The land of a district: its tiles, its outline, and how to tell what was done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.errors import Problem
from feeder.network.coverage import GRID_M, Borders, GeometryArray
from feeder.network.graph import IntArray
from feeder.network.mending import SLIVER_M
from feeder.wording import counted

NOTABLE_SHARE: Final = 0.001
"""Share of the land from which on an irregularity is told to the planner."""
_TINY_M2: Final = 100.0
NAMED: Final = 5
"""How many places a warning names before it counts the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """Tiles that cover the district once.

    Attributes
    ----------
    onshore
        Shape (n_tiles,): the land of each tile; empty where nothing is left of it.
    borders
        Borders between tiles.
    offshore, offshore_tile
        Parts of the outline without a school, and the tile to which each belongs.
    warnings
        What was mended or left out.
    """

    onshore: GeometryArray
    borders: Borders
    offshore: GeometryArray
    offshore_tile: IntArray
    warnings: tuple[Problem, ...]

    def whole(self) -> GeometryArray:
        """Return shape (n_tiles,): each tile with its offshore parts."""
        tiles = self.onshore.copy()
        for part, tile in zip(self.offshore, self.offshore_tile, strict=True):
            tiles[tile] = shapely.union(tiles[tile], part)
        return tiles


def clean_outline(outline: BaseGeometry) -> BaseGeometry:
    """Close the sliver holes that remain where the features of an outline do not quite meet.

    A hole is a sliver when it is under 0.1 % of the land and under 30 m wide on average;
    every other hole is an enclave and stays.
    """
    outline = shapely.set_precision(outline, GRID_M)
    limit = NOTABLE_SHARE * outline.area
    rings, part = shapely.get_rings(shapely.get_parts(outline), return_index=True)
    is_hole = np.concatenate([[False], part[1:] == part[:-1]])
    filled = np.asarray(shapely.polygons(rings), dtype=object)
    area, width = shapely.area(filled), 2 * shapely.area(filled) / shapely.length(filled)
    sliver = is_hole & (area < limit) & (width < SLIVER_M)
    cleaned: BaseGeometry = shapely.union_all([outline, *filled[sliver]], grid_size=GRID_M)
    return cleaned


def nearest_tile(parts: GeometryArray, tiles: GeometryArray) -> IntArray:
    """Return the tile nearest to each part, the first of equals; empty tiles are passed over."""
    part, tile = shapely.STRtree(tiles).query_nearest(parts, all_matches=True)
    nearest = np.full(len(parts), len(tiles), dtype=np.int64)
    np.minimum.at(nearest, part, tile)
    return nearest


def offshore_warning(parts: GeometryArray, names: Sequence[str]) -> Problem:
    """Name the tiles to which parts of the outline without a school went."""
    size = shapely.area(parts)
    order = np.argsort(-size, kind="stable")
    return Problem(
        rule="offshore",
        message=f"{counted(len(parts), 'part')} of the outline without a school, counted as "
        "offshore: " + listed([f"{km2(size[i])} go to {names[i]}" for i in order]) + ".",
    )


def listed(items: Sequence[str]) -> str:
    """Join the first items and count the rest."""
    rest = len(items) - NAMED
    return "; ".join(items[:NAMED]) + (f"; and {rest} more" if rest > 0 else "")


def km2(area_m2: float) -> str:
    """Write an area with three digits: square kilometres, or square metres where it is tiny."""
    if area_m2 < 1:
        return "under 1 m2"
    return f"{area_m2:.3g} m2" if area_m2 < _TINY_M2 else f"{area_m2 / 1e6:.3g} km2"
