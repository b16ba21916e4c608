"""Degrees as metres: points in space, between which the straight line is the distance."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
from pyproj import CRS, Transformer

from feeder.network.graph import FloatArray

_DEGREES: Final = "EPSG:4326"
_ROUND_EARTH: Final = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)


def to_degrees(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes of a projection in degrees, whole where they lie across the meridian of 180.

    There longitudes run on beyond 180, so that no shape goes round the world.
    """
    degrees = shapes.to_crs(_DEGREES)
    return degrees.transform(lambda xy: whole(xy, shapes.crs)) if _is_far(shapes.crs) else degrees


def whole(degrees: FloatArray, crs: CRS | str) -> FloatArray:
    """Return longitudes (first column) within half a turn of the middle of a UTM zone."""
    if not _is_far(crs):
        return degrees
    east = degrees[:, 0] + np.where(degrees[:, 0] < 0, 360.0, 0.0)
    return np.column_stack([east, degrees[:, 1:]])


def _is_far(crs: CRS | str) -> bool:
    """Return whether a UTM zone lies at the meridian of 180 degrees."""
    zone = CRS.from_user_input(crs).utm_zone
    return zone is not None and zone[:-1] in {"1", "60"}


def metres_from_middle(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return points in metres from the middle of the earth (WGS 84, height 0).

    Parameters
    ----------
    lon, lat
        Shape (n,): degrees east and north; NaN where a place has none.

    Returns
    -------
    array
        Shape (n, 3). At the size of a district the straight line between two of them is the
        distance over the ground, less a millimetre or so. Points without a place are not finite.
    """
    x, y, z = _ROUND_EARTH.transform(lon, lat, np.zeros(len(lon)))
    return np.column_stack([x, y, z]).reshape(-1, 3)
