"""Where a community's name stands: deep inside its largest piece of land."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.measures.shape import community_land
from feeder.network.globe import to_degrees
from feeder.network.graph import FloatArray
from feeder.planning import Assignment


def label_points(assignment: Assignment) -> tuple[FloatArray, FloatArray]:
    """Return the pole of inaccessibility of each community's largest onshore piece.

    Returns
    -------
    Shape (n_communities, 2): latitude and longitude in degrees; shape (n_communities,): radius
    of the largest circle inside the piece in metres. NaN for a community without land. The
    pole is exact to within a hundredth of the piece's size.
    """
    poles = np.full((assignment.n_communities, 2), np.nan)
    radii = np.full(assignment.n_communities, np.nan)
    tiles, offshore = assignment.network.tiles, assignment.network.offshore
    community = assignment.node_community[tiles["node"].to_numpy()]
    whole = community_land(tiles.geometry.to_numpy(), community, assignment.n_communities)
    for k, land in enumerate(shapely.difference(whole, offshore.geometry.union_all())):
        piece = _largest_piece(land)
        if piece is not None:
            circle = shapely.maximum_inscribed_circle(piece, tolerance=_size(piece) / 100)
            poles[k] = shapely.get_coordinates(circle)[0]
            radii[k] = shapely.length(circle)
    points = gpd.GeoSeries.from_xy(poles[:, 0], poles[:, 1], crs=assignment.network.crs)
    degrees = to_degrees(points)
    return np.stack([degrees.y.to_numpy(), degrees.x.to_numpy()], axis=1), radii


def _largest_piece(land: BaseGeometry) -> shapely.Polygon | None:
    pieces = [piece for piece in shapely.get_parts(land) if isinstance(piece, shapely.Polygon)]
    largest = max(pieces, key=lambda piece: float(piece.area), default=None)
    return None if largest is None or largest.is_empty else largest


def _size(piece: shapely.Polygon) -> float:
    west, south, east, north = piece.bounds
    return float(max(east - west, north - south))
