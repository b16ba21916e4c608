"""Degrees as metres: points in space, between which the straight line is the distance."""

from __future__ import annotations

from typing import Final

import numpy as np
from pyproj import Transformer

from feeder.network.graph import FloatArray

_ROUND_EARTH: Final = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)


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
