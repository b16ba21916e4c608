"""Contacts: which tiles border each other, and to which tiles a campus without land belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from feeder.errors import Problem
from feeder.network.coverage import Borders, GeometryArray, connected
from feeder.network.graph import (
    BORDER,
    BRIDGE,
    CAMPUS,
    OVERLAP,
    FloatArray,
    IntArray,
)
from feeder.network.land import nearest_tile
from feeder.terms import LEAST_SHARE, SUM_SLACK

CORNER_M: Final = 1.0
"""Borders up to this length are corners: no contact."""
NOTICED_SHARE: Final = 0.005
"""Shares of an area under this are noise of drawing, unless they are needed."""


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Contacts as the arrays of :class:`~feeder.network.graph.FeederGraph`."""

    a: IntArray
    b: IntArray
    kind: npt.NDArray[np.str_]
    border_m: FloatArray
    share: FloatArray

    @classmethod
    def of_kind(
        cls, kind: str, pairs: IntArray, *, border_m: FloatArray | float, share: FloatArray | float
    ) -> Contacts:
        """Make contacts of one kind; ``pairs`` has shape (k, 2)."""
        n = len(pairs)
        return cls(
            pairs[:, 0].astype(np.int64),
            pairs[:, 1].astype(np.int64),
            np.full(n, kind),
            np.broadcast_to(np.asarray(border_m, dtype=np.float64), n).copy(),
            np.broadcast_to(np.asarray(share, dtype=np.float64), n).copy(),
        )

    def on_nodes(self, node_of_a: IntArray, node_of_b: IntArray) -> Contacts:
        """Return the contacts with each end renumbered."""
        return replace(self, a=node_of_a[self.a], b=node_of_b[self.b])

    @classmethod
    def joined(cls, parts: Sequence[Contacts]) -> Contacts:
        """Put contacts of several kinds together, sorted by (a, b)."""
        a = np.concatenate([part.a for part in parts])
        b = np.concatenate([part.b for part in parts])
        kind = np.concatenate([part.kind for part in parts])
        border_m = np.concatenate([part.border_m for part in parts])
        share = np.concatenate([part.share for part in parts])
        order = np.lexsort((b, a))
        return cls(a[order], b[order], kind[order], border_m[order], share[order])


def border_contacts(borders: Borders) -> Contacts:
    """Return a contact for every border longer than a corner."""
    real = borders.length_m > CORNER_M
    pairs = np.column_stack([borders.a, borders.b])[real]
    return Contacts.of_kind(BORDER, pairs, border_m=borders.length_m[real], share=np.nan)


def bridge_contacts(
    tiles: GeometryArray, land: Contacts, names: Sequence[str]
) -> tuple[Contacts, tuple[Problem, ...]]:
    """Join separate pieces of land by their nearest pairs of tiles.

    The bridges are the minimum spanning tree of the pieces under the distance between their
    nearest tiles, grown from the first tile by Prim's method (Prim 1957).

    Parameters
    ----------
    tiles
        Shape (n_tiles,): onshore land of each tile, none empty.
    land
        Border contacts between tiles.
    names
        Name of each tile, for messages.
    """
    piece = connected(len(tiles), land.a, land.b)
    joined = piece == piece[:1]
    pairs: list[tuple[int, int]] = []
    warnings: list[Problem] = []
    while not joined.all():
        inside, outside = np.flatnonzero(joined), np.flatnonzero(~joined)
        (far, near), distance = shapely.STRtree(tiles[inside]).query_nearest(
            tiles[outside], return_distance=True, all_matches=True
        )
        far, near = outside[far], inside[near]
        best = np.lexsort((far, near, distance.round(3)))[0]
        a, b = sorted((near[best], far[best]))
        pairs.append((a, b))
        joined |= piece == piece[far[best]]
        warnings.append(
            Problem(
                rule="land-bridged",
                message=f"{names[a]} and {names[b]} share no border but were joined, "
                f"{distance[best] / 1000:.2f} km apart: the land between them is missing or water.",
            )
        )
    return (
        Contacts.of_kind(
            BRIDGE, np.array(pairs, dtype=np.int64).reshape(-1, 2), border_m=0.0, share=np.nan
        ),
        tuple(warnings),
    )


def overlap_shares(areas: GeometryArray, campus: IntArray, tiles: GeometryArray) -> pd.DataFrame:
    """Measure which share of its own area a campus has on each tile.

    Parameters
    ----------
    areas
        One area a school (its areas of all levels united).
    campus
        The campus of each area. A campus with several areas has the least of their shares on
        a tile, so that a sum of shares holds for each of its schools.
    tiles
        Shape (n_tiles,).

    Returns
    -------
    DataFrame
        ``campus``, ``tile``, ``share`` (positive), sorted by campus and falling share.
    """
    area, tile = shapely.STRtree(tiles).query(areas, predicate="intersects")
    common = shapely.area(shapely.intersection(areas[area], tiles[tile]))
    share = common / shapely.area(areas)[area]
    there = share > 0
    pairs, where, size = np.unique(
        np.column_stack([campus[area], tile])[there],
        axis=0,
        return_inverse=True,
        return_counts=True,
    )
    least = np.full(len(pairs), np.inf)
    np.minimum.at(least, where, share[there])
    complete = size == np.bincount(campus, minlength=1)[pairs[:, 0]]
    of_campus, on_tile = pairs[complete, 0], pairs[complete, 1]
    least = least[complete]
    order = np.lexsort((on_tile, -least, of_campus))
    return pd.DataFrame({"campus": of_campus[order], "tile": on_tile[order], "share": least[order]})


def landless_contacts(
    landless: IntArray,
    points: GeometryArray,
    names: Sequence[str],
    areas: GeometryArray,
    campus: IntArray,
    tiles: GeometryArray,
) -> tuple[Contacts, tuple[Problem, ...]]:
    """Tie campuses without land to tiles: by their own area, else by where they stand.

    Parameters
    ----------
    landless
        Shape (k,): the campuses without land, sorted.
    points, names
        Shape (k,): where each of them stands, and its name for messages.
    areas, campus
        The areas of their schools, as for :func:`overlap_shares`.
    tiles
        Shape (n_tiles,).
    """
    shares = overlap_shares(areas, campus, tiles)
    total = shares.groupby("campus")["share"].sum().reindex(np.unique(campus), fill_value=0.0)
    by_area = total.index[total >= LEAST_SHARE]
    kept = shares[shares["campus"].isin(by_area)]
    before = kept.groupby("campus")["share"].cumsum() - kept["share"]
    kept = kept[(kept["share"] >= NOTICED_SHARE) | (before < LEAST_SHARE + SUM_SLACK)]
    overlap = Contacts.of_kind(
        OVERLAP,
        kept[["campus", "tile"]].to_numpy(),
        border_m=np.nan,
        share=kept["share"].to_numpy(),
    )
    standing = ~np.isin(landless, by_area)
    tile = nearest_tile(points[standing], tiles)
    by_point = Contacts.of_kind(
        CAMPUS, np.column_stack([landless[standing], tile]), border_m=np.nan, share=1.0
    )
    warnings = [
        Problem(
            rule="area-off-the-land",
            message=f"only {total[one]:.0%} of the attendance area of {name} lies on the "
            "district's tiles; it belongs with the tile in which it stands.",
        )
        for one, name in zip(landless, names, strict=True)
        if one in total.index and one not in by_area
    ]
    return Contacts.joined([overlap, by_point]), tuple(warnings)
