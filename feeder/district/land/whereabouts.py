"""Whether a layer lies where the schools are, and where it would, were it read another way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import ProjError

from feeder.district.model import WGS84
from feeder.district.schools.places import is_place
from feeder.errors import Findings, Problem
from feeder.wording import listed

_NEAR_DEG: Final = 0.5
"""A layer this far from every school belongs elsewhere (degrees, some 50 km)."""
_WORLD: Final = (WGS84, "EPSG:3857")
_TOLD: Final = 3
"""Projections that a message names."""

Floats = npt.NDArray[np.float64]


def check_together(
    placed: gpd.GeoDataFrame | gpd.GeoSeries,
    raw: pd.DataFrame | None,
    file: str,
    schools: pd.DataFrame,
    findings: Findings,
) -> None:
    """Report a layer far from every school: one of the two is misplaced.

    Parameters
    ----------
    placed
        The layer in EPSG:4326.
    raw
        The layer as the file has it; None where it is a table.
    file
        The file's path inside the district folder.
    schools
        ``lat`` and ``lon`` of each school.
    findings
        Collects an error that says, where it can be seen, how the layer was misread.
    """
    points = _points(schools)
    if placed.empty or not len(points):
        return
    west, south, east, north = bounds = placed.total_bounds
    if np.isfinite(bounds).all() and _meets(bounds, points):
        return
    lon, lat = np.median(points, axis=0)
    message = (
        f"no school stands anywhere near this layer (lon {west:.2f} to {east:.2f}, lat "
        f"{south:.2f} to {north:.2f}; the median school has {lon:.2f}, {lat:.2f})."
    )
    fix = misreading(raw, schools) or "Check the layer's CRS, and where the schools stand."
    findings.errors.append(Problem(rule="layers-apart", message=message, fix=fix, file=file))


def is_afield(places: gpd.GeoSeries, schools: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which places lie some 50 km or more beyond the outermost schools."""
    points = _points(schools)
    if not len(points):
        return np.zeros(len(places), dtype=bool)
    middle, half = (points.max(axis=0) + points.min(axis=0)) / 2, np.ptp(points, axis=0) / 2
    bounds = places.bounds.to_numpy()
    at = (bounds[:, :2] + bounds[:, 2:]) / 2 - middle
    away = np.column_stack([np.abs((at[:, 0] + 180.0) % 360.0 - 180.0), np.abs(at[:, 1])])
    reach = (bounds[:, 2:] - bounds[:, :2]) / 2 + half + _NEAR_DEG
    afield: npt.NDArray[np.bool_] = (away > reach).any(axis=1)
    return afield


def misreading(raw: pd.DataFrame | None, schools: pd.DataFrame | None) -> str:
    """Return how the numbers of a layer would lie with the schools; empty where nothing fits."""
    if not isinstance(raw, gpd.GeoDataFrame) or schools is None:
        return ""
    points, crs = _points(schools), raw.crs
    west, south, east, north = bounds = raw.total_bounds
    if not len(points) or not np.isfinite(bounds).all():
        return ""
    if _meets(np.array([south, west, north, east]), points):
        return "Its lat and lon are exchanged: export the layer again with lon first, then lat."
    known = [name for name in _WORLD if _fits(name, bounds, points)]
    known = known or [name for name in _near_crs(points) if _fits(name, bounds, points)]
    if not known:
        return ""
    said = f", not {crs.name}," if crs is not None else ""
    names = listed([f"{name} ({CRS.from_user_input(name).name})" for name in known[:_TOLD]])
    return f"Its numbers{said} would fit the schools in {names}: give the layer this CRS."


def _points(schools: pd.DataFrame) -> Floats:
    """Shape (n, 2): lon and lat of the schools that have a place."""
    placed = schools[is_place(schools["lat"], schools["lon"])]
    return placed[["lon", "lat"]].to_numpy(dtype=np.float64)


def _meets(bounds: Floats, points: Floats) -> bool:
    """Return whether any point lies near a box (west, south, east, north), round the globe."""
    turned = points + np.array([[[-360.0, 0.0]], [[0.0, 0.0]], [[360.0, 0.0]]])
    near = (turned >= bounds[:2] - _NEAR_DEG) & (turned <= bounds[2:] + _NEAR_DEG)
    return bool(near.all(axis=2).any())


def _fits(name: str, bounds: Floats, points: Floats) -> bool:
    """Whether numbers within ``bounds`` would lie with the schools in a CRS."""
    try:
        transformer = Transformer.from_crs(name, WGS84, always_xy=True)
        x, y = transformer.transform(bounds[[0, 2]], bounds[[1, 3]])
    except ProjError:
        return False
    corners = np.array([min(x), min(y), max(x), max(y)])
    return bool(np.isfinite(corners).all()) and _meets(corners, points) and _is_small(corners)


def _is_small(corners: Floats) -> bool:
    return bool((corners[2:] - corners[:2] < 10 * _NEAR_DEG).all())


def _near_crs(points: Floats) -> Iterator[str]:
    """Yield the projections in use where the schools stand."""
    lon, lat = np.median(points, axis=0)
    for info in query_crs_info(
        auth_name="EPSG",
        pj_types=PJType.PROJECTED_CRS,
        area_of_interest=AreaOfInterest(lon, lat, lon, lat),
        contains=True,
    ):
        yield f"EPSG:{info.code}"
