"""The land of communities: polygons, pieces, compactness, cut contacts, reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Geod, Transformer

from feeder.district.model import WGS84
from feeder.language import Message
from feeder.measures.scorecard import Value
from feeder.network.graph import BoolArray, FeederGraph, FloatArray, IntArray
from feeder.network.model import Network
from feeder.terms import OUTSIDE_M

GeometryArray = npt.NDArray[np.object_]

_GEOD: Final = Geod(ellps="WGS84")


def offshore_parts(network: Network) -> list[IntArray]:
    """Return, for each tile, which parts of its (multi)polygon are offshore.

    A list in the order of ``network.tiles`` of arrays of part numbers, mostly empty.
    """
    found: list[IntArray] = [np.empty(0, dtype=np.int64)] * len(network.tiles)
    place = {tile: index for index, tile in enumerate(network.tiles["tile_id"])}
    for tile, offshore in network.offshore.groupby("tile_id")["geometry"]:
        index = place[tile]
        parts = shapely.get_parts(network.tiles.geometry.iloc[index])
        inside = shapely.contains(
            shapely.union_all(offshore.to_numpy()), shapely.point_on_surface(parts)
        )
        found[index] = np.flatnonzero(inside)
    return found


def onshore(network: Network) -> GeometryArray:
    """Return each tile's land without its offshore parts, in the order of ``network.tiles``."""
    land: GeometryArray = network.tiles.geometry.to_numpy().copy()
    for index, parts in enumerate(offshore_parts(network)):
        if len(parts):
            kept = np.delete(shapely.get_parts(land[index]), parts)
            land[index] = kept[0] if len(kept) == 1 else shapely.multipolygons(kept)
    return land


def community_land(tiles: GeometryArray, community: IntArray, n: int) -> GeometryArray:
    """Unite tiles by community.

    Parameters
    ----------
    tiles
        Polygons that share exact borders.
    community
        Shape (n_tiles,): community of each tile; -1 is none.
    n
        Number of communities.

    Returns
    -------
    Shape (n,): a polygon or multipolygon each; an empty polygon without land.
    """
    land = np.full(n, shapely.Polygon(), dtype=object)
    for index in range(n):
        members = tiles[community == index]
        if len(members):
            land[index] = shapely.coverage_union_all(members)
    return land


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """Shape (n_communities,): the polygons of a division, with and without offshore parts."""

    whole: GeometryArray
    onshore: GeometryArray


def pieces(land: GeometryArray) -> IntArray:
    """Return the number of separate polygons of each geometry; 0 where it is empty."""
    return np.where(shapely.is_empty(land), 0, shapely.get_num_geometries(land)).astype(np.int64)


def polsby_popper(land: GeometryArray) -> FloatArray:
    """Return ``4 pi area / perimeter ** 2`` of each geometry; NaN where it is empty.

    The compactness of Polsby and Popper (1991). The perimeter counts every ring, holes too.
    """
    perimeter = shapely.length(land)
    whole = np.full(len(land), np.nan)
    np.divide(4 * np.pi * shapely.area(land), perimeter**2, out=whole, where=perimeter > 0)
    return whole


def mean_polsby_popper(land: GeometryArray) -> Value:
    """Return the mean over the communities that have land (Polsby and Popper 1991)."""
    each = polsby_popper(land)
    if np.isnan(each).all():
        return Value(None, Message("missing.no_land"))
    return Value(float(np.nanmean(each)))


def cut_contacts(graph: FeederGraph, node: IntArray) -> Value:
    """Return the share of contacts between tiles that a division cuts.

    Cut edges (Duchin and Tenner 2018), as a share of all edges of the graph of tiles.
    """
    a, b = (node[ends[graph.is_land_contact]] for ends in (graph.contact_a, graph.contact_b))
    placed = (a >= 0) & (b >= 0)
    cut, total = int((placed & (a != b)).sum()), int(placed.sum())
    if total == 0:
        return Value(None, Message("missing.no_contacts"), 0, 0)
    return Value(cut / total, numerator=cut, denominator=total)


def diameters_km(schools: pd.DataFrame, community: IntArray, n: int) -> FloatArray:
    """Return the largest geodesic distance between two schools of each community, in km.

    Shape (n,): 0 for one school, NaN for none. On the WGS84 ellipsoid (Karney 2013; pyproj).
    """
    lon, lat = (schools[name].to_numpy(np.float64) for name in ("lon", "lat"))
    reach = np.full(n, np.nan)
    for index in range(n):
        members = np.flatnonzero(community == index)
        if len(members):
            one, other = (members[ends] for ends in np.triu_indices(len(members), k=1))
            metres = _GEOD.inv(lon[one], lat[one], lon[other], lat[other])[2]
            reach[index] = np.max(metres, initial=0.0) / 1000
    return reach


def school_distances_km(schools: pd.DataFrame) -> FloatArray:
    """Return the geodesic distance between every two schools, in km (Karney 2013; pyproj).

    Shape (n_schools, n_schools), symmetric: what :func:`diameters_km` measures, for many plans.
    """
    lon, lat = (schools[name].to_numpy(np.float64) for name in ("lon", "lat"))
    one, other = np.triu_indices(len(schools), k=1)
    distances = np.zeros((len(schools), len(schools)))
    distances[one, other] = _GEOD.inv(lon[one], lat[one], lon[other], lat[other])[2] / 1000
    return np.maximum(distances, distances.T)


def largest_diameter(reach: FloatArray) -> Value:
    """Return the largest diameter of a community."""
    if np.isnan(reach).all():
        return Value(None, Message("missing.no_school"))
    return Value(float(np.nanmax(reach)))


def school_points(schools: pd.DataFrame, crs: str) -> GeometryArray:
    """Return the schools' points in a metric CRS."""
    move = Transformer.from_crs(WGS84, crs, always_xy=True)
    x, y = move.transform(schools["lon"].to_numpy(), schools["lat"].to_numpy())
    points: GeometryArray = shapely.points(x, y)
    return points


def outside(points: GeometryArray, community: IntArray, land: GeometryArray) -> BoolArray:
    """Shape (n_schools,): points more than 1 m outside the land of their community.

    Schools in no community are inside nothing and count as False; schools of a community
    without land count as True.
    """
    away = np.zeros(len(points), dtype=bool)
    placed = np.flatnonzero(community >= 0)
    home = land[community[placed]]
    metres = shapely.distance(points[placed], home)
    away[placed] = ~(metres <= OUTSIDE_M)
    return away
