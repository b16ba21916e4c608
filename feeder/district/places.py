"""Where schools stand: coordinates read, checked against each other and against the globe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.tables import Table
from feeder.district.wording import counted, warn_grouped
from feeder.errors import Findings

EARTH_RADIUS_M: Final = 6_371_009.0
SITE_M: Final = 60.0
"""Records within this distance stand on one site (metres)."""
FAR_M: Final = 200_000.0
"""A school further than this from the median school is misplaced (metres)."""
CAMPUS_M: Final = 2_000.0
"""Sites of one campus further apart than this deserve a look (metres)."""
_SOUTHERNMOST: Final = -60.0

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


def look_swapped(lat: pd.Series[float]) -> bool:
    """Return whether most latitudes are none, as when the two columns are exchanged."""
    located = lat.dropna()
    wrong = (located < _SOUTHERNMOST) | (located > 90)  # noqa: PLR2004 - the pole
    return bool(2 * wrong.sum() > len(located))


def check_far(
    schools: pd.DataFrame, table: Table, columns: Mapping[str, str], findings: Findings
) -> None:
    """Report schools over 200 km from the median school; ``schools`` has name, lat, lon."""
    located = schools[["name", "lat", "lon"]].dropna()
    lat, lon = (located[name].to_numpy(dtype=float) for name in ("lat", "lon"))
    centre = np.array([np.median(lat), np.median(lon)]) if len(lat) else np.zeros(2)
    away = distance_m(lat, lon, centre[:1], centre[1:])
    mirrored = distance_m(lon, lat, centre[:1], centre[1:])
    for position in np.flatnonzero(away > FAR_M).tolist():
        swapped = mirrored[position] <= FAR_M
        fix = "lat and lon are swapped in this row." if swapped else "Correct lat and lon."
        message = (
            f"{located['name'].iloc[position]} stands {away[position] / 1000:,.0f} km from the "
            "median school."
        )
        value = f"{lat[position]:g}, {lon[position]:g}"
        row = located.index[position]
        findings.errors.append(
            table.problem("far-away", message, fix, row=row, column=columns["lat"], value=value)
        )


def check_campuses(
    schools: pd.DataFrame, table: Table, columns: Mapping[str, str], findings: Findings
) -> None:
    """Warn of a ``campus_id`` shared by sites over 2 km apart."""
    shared = schools[(schools["campus_id"] != "") & schools["campus_id"].duplicated(keep=False)]
    wide = []
    for campus_id, members in shared.groupby("campus_id"):
        metres = extent_m(members)
        if metres > CAMPUS_M:
            names = ", ".join(members["name"])
            wide.append(f"{campus_id} ({names}, {metres / 1000:.1f} km)")
    warn_grouped(
        findings,
        rule="wide-campus",
        before=f"{counted(len(wide), 'campus', 'campuses')} with sites over 2 km apart",
        examples=wide,
        after="The schools of a campus never part.",
        file=table.file,
        column=columns.get("campus_id"),
    )
