"""Points that cannot be right, or can be only by chance: found by comparing schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from feeder.district.land.layers import clean_shapes
from feeder.district.schools.places import FAR_M, across_180, distance_m, is_place
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, shown, warn_grouped

NEAR_M: Final = 100_000.0
"""A point that a repair brings this near to the others was broken that way (metres)."""
_CROWDED: Final = 0.1
"""Share of the schools on the point of another of their level from which it is told."""
_LEAST_CROWDED: Final = 4
_COARSE: Final = 2
"""Decimals of a degree with which no school is placed: the second is a kilometre."""
_LEAST_COARSE: Final = 10
_LONELY_M: Final = 25_000.0
_LONELY: Final = 5.0
"""Times as far from the middle as nine in ten schools, from which a school is told."""
_STATES: Final = ((24.0, 72.0), (66.0, 172.0))
"""Latitudes, and longitudes without their sign, of the United States."""
_MOST_APART: Final = 3
"""Schools wrong in one way that are told one by one."""
_CHILE: Final = 80.0
"""West of this many degrees there is no land in the south."""
_KM: Final = 1000.0
_SOUTHERNMOST: Final = -60.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Repair:
    """What may have gone wrong with a point, and where it then is."""

    what: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class _Astray:
    """A school whose point cannot be right: which rule it breaks, in words, and what may help."""

    row: int
    name: str
    rule: str
    told: str
    lat: float
    lon: float
    repair: Repair | None


def repairs(lat: float, lon: float, middle: tuple[float, float]) -> Repair | None:
    """Return what was done to a point that would be near ``middle`` without it; None if nothing."""
    tried = [
        Repair("lat and lon are swapped in this row", lon, lat),
        Repair("the minus sign of lon is lost", lat, -lon),
        Repair("the minus sign of lat is lost", -lat, lon),
        Repair("lat and lon are swapped in this row, and a minus sign is lost", lon, -lat),
        Repair("the decimal point is lost", _pointed(lat, middle[0]), _pointed(lon, middle[1])),
    ]
    for repair in tried:
        if abs(repair.lat) <= 90:  # noqa: PLR2004 - the pole
            away = distance_m(*(np.array([v]) for v in (repair.lat, repair.lon, *middle)))
            if float(away[0]) <= NEAR_M:
                return repair
    return None


def check_points(
    schools: pd.DataFrame, table: Table, columns: Mapping[str, str], findings: Findings
) -> None:
    """Report schools whose point is none, or over 200 km from the median school.

    ``schools`` has ``name``, ``lat`` and ``lon`` by row of the table; most of them are places. What
    is wrong with many in one way is one error.
    """
    located = schools[["name", "lat", "lon"]].dropna()
    places = located[is_place(located["lat"], located["lon"])]
    lon = across_180(places["lon"].to_numpy(dtype=float))
    middle = (float(places["lat"].median()), float(np.median(lon)) if len(lon) else np.nan)
    astray = [
        one
        for row, name, lat, lon in located.itertuples()
        if (one := _astray(int(row), str(name), float(lat), float(lon), middle)) is not None
    ]
    alike: dict[tuple[str, str], list[_Astray]] = {}
    for one in astray:
        alike.setdefault((one.rule, one.repair.what if one.repair else ""), []).append(one)
    for group in alike.values():
        for one in group if len(group) <= _MOST_APART else group[:1]:
            _tell_astray(one, group, table, columns, findings)
    findings.grouped.update(
        (table.file, one.row, columns[name]) for one in astray for name in ("lat", "lon")
    )


def _astray(
    row: int, name: str, lat: float, lon: float, middle: tuple[float, float]
) -> _Astray | None:
    """Return what is wrong with one point; None where it is a place near the others."""
    if not _SOUTHERNMOST <= lat <= 90:  # noqa: PLR2004 - the pole
        told = f"{shown(name)}: {lat:.12g} is no latitude"
        return _Astray(row, name, "latitude-range", told, lat, lon, repairs(lat, lon, middle))
    if abs(lon) > 180:  # noqa: PLR2004 - half a turn
        told = f"{shown(name)}: {lon:.12g} is no longitude"
        return _Astray(row, name, "longitude-range", told, lat, lon, repairs(lat, lon, middle))
    away = float(distance_m(*(np.array([v]) for v in (lat, lon, *middle)))[0])
    if away <= FAR_M:
        return None
    told = f"{shown(name)} stands {away / _KM:,.0f} km from the median school"
    return _Astray(row, name, "far-away", told, lat, lon, repairs(lat, lon, middle))


def _tell_astray(
    one: _Astray,
    group: Sequence[_Astray],
    table: Table,
    columns: Mapping[str, str],
    findings: Findings,
) -> None:
    message, fix = f"{one.told}.", "Correct lat and lon; are the columns swapped?"
    if len(group) > _MOST_APART:
        names = listed([other.name for other in group], limit=3)
        message = f"{counted(len(group), 'school')} at impossible places: {names}. {one.told}."
        fix = "Are lat and lon the right columns?"
    if one.repair is not None:
        fix = f"It seems that {one.repair.what}: {one.repair.lat:.6g}, {one.repair.lon:.6g}?"
    column = "lon" if one.rule == "longitude-range" else "lat"
    value = (
        f"{one.lat:g}, {one.lon:g}" if one.rule == "far-away" else f"{getattr(one, column):.12g}"
    )
    findings.errors.append(
        table.problem(one.rule, message, fix, row=one.row, column=columns[column], value=value)
    )


def same_for_all(
    schools: pd.DataFrame,
    table: Table,
    columns: Mapping[str, str],
    findings: Findings,
    *,
    what: str = "school",
) -> None:
    """Tell a latitude or a longitude that is the same for every school; zero is an error.

    ``what`` says what stands there, if not schools.
    """
    located = schools[["lat", "lon"]].dropna()
    if len(located) < _LEAST_COARSE or len(located.drop_duplicates()) == 1:
        return  # few, or all on one point, which is told as such
    for name, degrees in (("lat", "latitude"), ("lon", "longitude")):
        found = located[name]
        if (found == found.iloc[0]).all():
            message = f"every {what} has the same {degrees}, {found.iloc[0]:g}."
            fix = f"Name the column that tells where {what}s stand."
            problem = table.problem("same-coordinate", message, fix, column=columns[name])
            (findings.warnings if found.iloc[0] else findings.errors).append(problem)


def lost_decimal_point(lat: pd.Series[float], lon: pd.Series[float]) -> str:
    """Return where the first school would stand if both columns had lost their decimal points.

    Empty where they cannot have: that is told from degrees in the United States, since meters
    and feet may look like degrees elsewhere when they are divided.
    """
    whole = (lat == lat.round()) & (lon == lon.round())
    if not whole.all() or not len(lat):
        return ""
    y = _shifted(np.asarray(lat, dtype=np.float64), (2,))
    x = _shifted(np.asarray(lon, dtype=np.float64), (2, 3))
    (south, north), (east, west) = _STATES
    fits = (y > south) & (y < north) & (np.abs(x) > east) & (np.abs(x) < west)
    if not fits.all() or np.ptp(y) > 4 or np.ptp(x) > 4:  # noqa: PLR2004 - no district is as wide
        return ""
    return f"{y[0]:.6f}, {x[0]:.6f}"


def warn_sign(
    schools: pd.DataFrame, table: Table, columns: Mapping[str, str], findings: Findings
) -> None:
    """Warn where every school would stand in the United States with a minus before its lon."""
    (south, north), (east, west) = _STATES
    located = schools[["lat", "lon"]].dropna()
    if located.empty:
        return
    lat, lon = located["lat"], located["lon"]
    mirrored = lat.between(south, north).all() and lon.between(east, west).all()
    upside_down = lat.between(-north, -south).all() and lon.between(-west, -_CHILE).all()
    if mirrored or upside_down:
        where = "in Asia" if mirrored else "in the South Pacific"
        message = (
            f"every school stands {where}, at {lat.median():.2f}, {lon.median():.2f}: is the minus "
            f"sign {'of lon lost' if mirrored else 'before lat one too many'}?"
        )
        fix = "Latitudes of the United States are positive, longitudes negative."
        column = columns["lon" if mirrored else "lat"]
        findings.warnings.append(table.problem("sign-lost", message, fix, column=column))


def warn_crowded(
    schools: pd.DataFrame, table: Table, columns: Mapping[str, str], findings: Findings
) -> None:
    """Warn of points that many schools of one level share, and of points with few decimals.

    ``schools`` has ``name``, ``lat``, ``lon``, ``level`` and ``campus_id``, one row a school.
    """
    located = schools[is_place(schools["lat"], schools["lon"])]
    decimals = max(
        (_decimals(value) for name in ("lat", "lon") for value in located[name]), default=9
    )
    spot = ["lat", "lon", "level"]
    own_site = located["campus_id"].where(located["campus_id"] != "", located["name"])
    sites = own_site.groupby([located[name] for name in spot]).transform("nunique")
    crowded = located[sites > 1]
    coarse = decimals <= _COARSE and len(located) >= _LEAST_COARSE
    rounded = ""
    if coarse:
        rounded = f"No coordinate has more than {counted(decimals, 'decimal')}."
    if len(crowded) >= max(_LEAST_CROWDED, _CROWDED * len(located)):
        names = listed(crowded.sort_values([*spot, "name"])["name"], limit=3)
        message = (
            f"{counted(len(crowded), 'school')} of {len(located):,} share a point with others of "
            f"their level: {names}. {rounded} Are these centers of cities or ZIP codes?"
        )
        fix = "Give each its own place: schools of one point stay together in every plan."
        problem = table.problem(
            "crowded-points", message.replace("  ", " "), fix, column=columns["lat"]
        )
        findings.warnings.append(problem)
    elif coarse:
        fix = "The second decimal is about a kilometer: give at least four."
        findings.warnings.append(
            table.problem("coarse-points", rounded, fix, column=columns["lat"])
        )


def warn_lonely(
    schools: pd.DataFrame, table: Table, columns: Mapping[str, str], findings: Findings
) -> None:
    """Warn of schools that stand far from all others, though not too far to be believed."""
    located = schools.loc[is_place(schools["lat"], schools["lon"]), ["name", "lat", "lon"]]
    if len(located) < _LEAST_COARSE:
        return
    lat, lon = (located[name].to_numpy(dtype=float) for name in ("lat", "lon"))
    away = distance_m(lat, lon, np.array([np.median(lat)]), np.array([np.median(lon)]))
    limit = max(_LONELY_M, _LONELY * float(np.quantile(away, 0.9)))
    far = np.flatnonzero((away > limit) & (away <= FAR_M))
    warn_grouped(
        findings,
        rule="far-from-others",
        before=f"{counted(len(far), 'school')} far from all others",
        examples=[f"{located['name'].iloc[i]} ({away[i] / _KM:,.0f} km)" for i in far.tolist()],
        after="Distances are from the median school.",
        file=table.file,
        column=columns["lat"],
    )


def with_points(table: Table, layer: pd.DataFrame, findings: Findings) -> Table:
    """Return the table of a layer with columns ``lat`` and ``lon`` of its points, told.

    Of a shape that is no point, a point inside it serves.
    """
    if not isinstance(layer, gpd.GeoDataFrame):
        return table
    labels = pd.Series([f"feature {row}" for row in layer.index], layer.index)
    placed = clean_shapes(layer, labels, table.file, findings)
    shapes = placed.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    points = shapely.point_on_surface(shapes[there])
    frame = table.frame.assign(lat="", lon="")
    rows = placed.index[there]
    frame.loc[rows, "lat"] = [f"{value:.7f}" for value in shapely.get_y(points)]
    frame.loc[rows, "lon"] = [f"{value:.7f}" for value in shapely.get_x(points)]
    message = "lat and lon are those of the layer's points, for want of such columns."
    findings.warnings.append(table.problem("points-of-layer", message))
    return replace(table, frame=frame)


def _pointed(value: float, like: float) -> float:
    """Return a number divided by the power of ten that brings it nearest to another."""
    if not value or not like or value != round(value):
        return value
    power = round(np.log10(abs(value) / abs(like)))
    return float(value / 10**power) if power > 0 else value


def _shifted(values: Floats, digits: tuple[int, ...]) -> Floats:
    """Divide whole numbers by powers of ten so that they lie nearest to each other.

    ``digits`` says how many may stand before the point; trailing zeros may be lost with it.
    """
    length = np.floor(np.log10(np.maximum(np.abs(values), 1))) + 1
    tries = np.stack([values / 10.0 ** (length - number) for number in digits])
    middle = np.median(tries[0])
    if len(digits) > 1:
        wide = np.abs(tries[1]) < 180  # noqa: PLR2004 - half a turn
        if wide.mean() > 1 / 2 and not (np.abs(tries[0]) >= _STATES[1][0]).mean() > 1 / 2:
            middle = np.median(tries[1][wide])
    nearest = np.abs(tries - middle).argmin(axis=0)
    found: Floats = tries[nearest, np.arange(len(values))]
    return found


def _decimals(value: float) -> int:
    text = f"{value:.7f}".rstrip("0")
    return len(text) - text.index(".") - 1
