"""Degrees as metres: points in space, between which the straight line is the way, and zones."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
from pyproj import CRS, Transformer

from feeder.network.graph import FloatArray

_DEGREES: Final = "EPSG:4326"
_ROUND_EARTH: Final = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
_RIM: Final = 0.1
"""Degrees from the rim of a UTM zone within which PROJ says whose a place is."""


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


def utm_zone(points: gpd.GeoSeries) -> CRS:
    """Return the UTM zone (WGS 84) of the middle of points given in EPSG:4326.

    Zones are six degrees wide, from the equator to 84 degrees north or 80 south. PROJ looks
    through all it knows for the zone of a place, which takes it a tenth of a second; so it is
    asked at the rim only, where its zones overlap a little.
    """
    west, south, east, north = points.total_bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    in_zone, from_equator = (lon + 180) % 6, abs(lat)
    if not (_RIM < in_zone < 6 - _RIM and _RIM < from_equator < 80 - _RIM):
        found: CRS = points.estimate_utm_crs()
        return found
    number = int((lon + 180) % 360 // 6) + 1
    return CRS.from_epsg((32600 if lat > 0 else 32700) + number)
