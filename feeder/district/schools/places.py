"""Where schools stand: coordinates read, checked against each other and against the globe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import shown

EARTH_RADIUS_M: Final = 6_371_009.0
SITE_M: Final = 60.0
"""Records within this distance stand on one site (metres)."""
FAR_M: Final = 200_000.0
"""A school further than this from the median school is misplaced (metres)."""
_SOUTHERNMOST: Final = -60.0
_MOVE: Final = "Correct lat and lon; are the columns swapped?"
_WIDEST: Final = 20.0
"""Degrees of longitude that a district across that meridian may be wide."""
_TURN: Final = 360.0
"""Whatever exceeds it is no number of degrees."""

Floats = npt.NDArray[np.float64]


def distance_m(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Return great-circle distances in metres between points in degrees (haversine)."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    rise = np.sin((phi_b - phi_a) / 2) ** 2
    run = np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    half = np.clip(rise + np.cos(phi_a) * np.cos(phi_b) * run, 0.0, 1.0)
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))
    return metres


def extent_m(points: pd.DataFrame) -> float:
    """Return the largest distance between any two of a few points (``lat``, ``lon``)."""
    lat, lon = (points[name].to_numpy(dtype=float) for name in ("lat", "lon"))
    return float(distance_m(lat[:, None], lon[:, None], lat, lon).max())


def misread(lat: pd.Series[float], lon: pd.Series[float]) -> tuple[str, str, str] | None:
    """Return how the columns of coordinates are misread: the rule, what is wrong, the way out.

    None where most rows are degrees, as they should be.
    """
    located = pd.DataFrame({"lat": lat, "lon": lon}).dropna()
    if 2 * is_place(located["lat"], located["lon"]).sum() >= len(located):
        return None
    if 2 * is_place(located["lon"], located["lat"]).sum() > len(located):
        return "swapped-columns", "are swapped.", "Exchange lat and lon in [schools].columns."
    largest = located.abs().max().max()
    if located.abs().max(axis=1).median() > _TURN:
        what = f"hold no degrees but, it seems, meters or feet (up to {largest:,.0f})."
        return "projected-columns", what, "Give degrees (EPSG:4326), with a decimal point."
    return None


def across_180(lon: Floats) -> Floats:
    """Return longitudes that run on beyond 180 where places lie on both sides of that meridian."""
    turned = lon % _TURN
    found = np.isfinite(lon)
    if not found.any() or np.ptp(lon[found]) < _TURN / 2 or np.ptp(turned[found]) > _WIDEST:
        return lon
    return turned


def on_globe(lon: Floats) -> Floats:
    """Return longitudes from -180 to 180 where some run on beyond, as :func:`across_180` writes.

    They are left alone where they are not those of a district across that meridian.
    """
    found = lon[np.isfinite(lon)]
    beyond = np.abs(found) > _TURN / 2
    if not beyond.any() or np.ptp(found) > _WIDEST or np.abs(found).max() > _TURN / 2 + _WIDEST:
        return lon
    return (lon + _TURN / 2) % _TURN - _TURN / 2


def is_place(lat: pd.Series[float], lon: pd.Series[float]) -> pd.Series[bool]:
    """Return which pairs of degrees are a place where schools may stand.

    Longitudes may run on beyond 180 a little, as those of a district across that meridian do.
    """
    y, x = lat.to_numpy(dtype=float), lon.to_numpy(dtype=float)
    is_one = (y >= _SOUTHERNMOST) & (y <= 90) & (np.abs(x) <= _TURN / 2 + _WIDEST)  # noqa: PLR2004 - pole
    return pd.Series(is_one, lat.index)


def check_far(
    schools: pd.DataFrame, table: Table, columns: Mapping[str, str], findings: Findings
) -> None:
    """Report schools over 200 km from the median school; ``schools`` has name, lat, lon."""
    located = schools.loc[is_place(schools["lat"], schools["lon"]), ["name", "lat", "lon"]]
    lat, lon = (located[name].to_numpy(dtype=float) for name in ("lat", "lon"))
    centre = np.array([np.median(lat), np.median(lon)]) if len(lat) else np.zeros(2)
    away = distance_m(lat, lon, centre[:1], centre[1:])
    mirrored = distance_m(lon, lat, centre[:1], centre[1:])
    for position in np.flatnonzero(away > FAR_M).tolist():
        swapped = mirrored[position] <= FAR_M
        fix = "lat and lon are swapped in this row." if swapped else _MOVE
        message = (
            f"{shown(located['name'].iloc[position])} stands {away[position] / 1000:,.0f} km from "
            "the median school."
        )
        value = f"{lat[position]:g}, {lon[position]:g}"
        row = located.index[position]
        findings.errors.append(
            table.problem("far-away", message, fix, row=row, column=columns["lat"], value=value)
        )
