"""Where residents live: blocks, planning units or points, with how many of them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely

from feeder.district.files.folder import Folder
from feeder.district.files.formats import TEXT, WORKBOOK
from feeder.district.land.layers import clean_shapes
from feeder.district.land.whereabouts import check_together, is_afield
from feeder.district.model import WGS84
from feeder.district.schools.places import is_place
from feeder.district.schools.points import same_for_all
from feeder.district.settings.specs import ResidentsSpec
from feeder.district.tables.doubts import doubt_residents
from feeder.district.tables.numbers import read_all
from feeder.district.tables.numerals import Kind, Numbers
from feeder.district.tables.schemas import RESIDENTS, check
from feeder.district.tables.table import Table, kept_rows, read_as, require_columns, resolve_columns
from feeder.errors import Findings
from feeder.wording import counted, warn_grouped

_POINT, _AREA = 0, 2


def read_residents(
    spec: ResidentsSpec | None, folder: Folder, schools: pd.DataFrame, findings: Findings
) -> gpd.GeoDataFrame | None:
    """Read where residents live.

    Parameters
    ----------
    spec
        What ``[residents]`` says; None without it.
    folder, schools, findings
        The folder, its schools (for a layer far from all of them), and what collects problems.

    Returns
    -------
    GeoDataFrame or None
        As :attr:`feeder.district.model.District.residents`, blocks where nobody lives too, since
        they are land. None where the section is missing or cannot be used.
    """
    if spec is None:
        return None
    is_points = (
        "lat" in spec.table.columns or Path(spec.table.path).suffix.lower() in TEXT | WORKBOOK
    )
    raw = None if is_points else folder.layer(spec.table)
    table = folder.table(spec.table) if is_points or raw is not None else None
    if table is None:
        return None
    table = read_as(table, spec.table)
    keep = kept_rows(table, spec.table, findings)
    counts = _counts(table, spec, findings)
    if counts is None:
        return None
    table, counts = table.rows(pd.Series(keep)), counts[keep]
    places = (
        _points(table, spec, findings)
        if raw is None
        else _shapes(raw[keep], table, schools, findings)
    )
    counts, places = counts[~places.is_empty], places[~places.is_empty]
    check_together(places, raw, table.file, schools, findings)
    _warn_afield(counts["students"], places, table, schools, findings)
    if not (counts > 0).any(axis=None):
        if not any(error.file == table.file for error in findings.errors):
            message = "nobody lives in any of these places."
            fix = "Check the column of counts, and where."
            findings.errors.append(table.problem("no-residents", message, fix))
        return None
    return gpd.GeoDataFrame(counts, geometry=places, crs=WGS84)


def _counts(table: Table, spec: ResidentsSpec, findings: Findings) -> pd.DataFrame | None:
    """Return ``students``, the grades and levels counted; what is unknown is 0."""
    by = {**spec.by_grade, **spec.by_level}
    wanted = list(dict.fromkeys(by.values()))
    own = resolve_columns(table, spec.table, [], ["students"], findings)
    found = require_columns(table, wanted, spec.table.section, findings)
    if len(found) < len(wanted) or not (own or found):
        return None
    read = read_all(table, dict.fromkeys([*own.values(), *found], Kind.AMOUNT), findings)
    numbers = {column: _known(column, one, table, findings) for column, one in read.items()}
    counts = pd.DataFrame({name: numbers[column] for name, column in by.items()}, table.frame.index)
    every = numbers[own["students"]] if own else sum(numbers[column] for column in found)
    counts.insert(0, "students", every)
    return counts


def _known(column: str, read: Numbers, table: Table, findings: Findings) -> pd.Series[float]:
    """Return a column of counts; where a cell says how many at least and most, the middle.

    Where nothing is known nobody is counted, which is told.
    """
    found = read.found.fillna((read.low + read.high) / 2)
    for rule, unknown, what in (
        ("suppressed-residents", read.suppressed & found.isna(), "a suppressed"),
        ("residents-unknown", ~read.suppressed & found.isna() & ~read.strange, "an unknown"),
    ):
        warn_grouped(
            findings,
            rule=rule,
            before=f"{counted(int(unknown.sum()), 'place')} with {what} number of residents, "
            "taken as nobody",
            examples=[table.place(row) for row in found.index[unknown]],
            file=table.file,
            column=column,
        )
    check(
        pd.DataFrame({column: found}), pa.DataFrameSchema({column: RESIDENTS}), table, {}, findings
    )
    doubt_residents(read.found.dropna(), column, table, findings)
    return found.fillna(0.0)


def _points(table: Table, spec: ResidentsSpec, findings: Findings) -> gpd.GeoSeries:
    columns = resolve_columns(table, spec.table, ["lat", "lon"], [], findings)
    if not {"lat", "lon"} <= set(columns):
        return gpd.GeoSeries(shapely.points(np.full((len(table), 2), np.nan)), table.frame.index)
    kinds = {columns[name]: Kind.DEGREES for name in ("lat", "lon")}
    lat, lon = (read.found for read in read_all(table, kinds, findings).values())
    same_for_all(pd.DataFrame({"lat": lat, "lon": lon}), table, columns, findings, what="place")
    placed = is_place(lat, lon)
    points = gpd.GeoSeries.from_xy(lon.where(placed, 0.0), lat.where(placed, 0.0), crs=WGS84)
    shapes = points.to_numpy().copy()
    shapes[~placed.to_numpy()] = shapely.Point()
    _warn_without(table, list(placed.index[~placed]), "place", findings)
    return gpd.GeoSeries(shapes, index=table.frame.index, crs=WGS84)


def _shapes(
    raw: pd.DataFrame, table: Table, schools: pd.DataFrame, findings: Findings
) -> gpd.GeoSeries:
    labels = pd.Series([f"feature {row}" for row in raw.index], raw.index)
    shapes = clean_shapes(raw, labels, table.file, findings, schools).geometry.reindex(raw.index)
    valid = shapely.make_valid(shapes.to_numpy(), method="structure", keep_collapsed=False)
    fit = np.isin(shapely.get_dimensions(valid), (_POINT, _AREA)) & ~shapely.is_empty(valid)
    _warn_without(table, list(raw.index[~fit]), "polygon or point", findings)
    valid[~fit] = shapely.Point()
    return gpd.GeoSeries(valid, index=raw.index, crs=WGS84)


def _warn_afield(
    students: pd.Series[float],
    places: gpd.GeoSeries,
    table: Table,
    schools: pd.DataFrame,
    findings: Findings,
) -> None:
    """Tell residents who live where no school of the district is near."""
    afield = is_afield(places, schools) & (students > 0).to_numpy()
    many = f"{counted(int(afield.sum()), 'place')} with {students[afield].sum():,.0f} residents"
    warn_grouped(
        findings,
        rule="residents-afield",
        before=f"{many} far from every school, who count for none",
        examples=[table.place(row) for row in places.index[afield]],
        after="Check their coordinates.",
        file=table.file,
    )


def _warn_without(table: Table, rows: list[object], what: str, findings: Findings) -> None:
    unit = "line" if table.has_lines else "feature"
    warn_grouped(
        findings,
        rule="residents-without-place",
        before=f"{counted(len(rows), 'place')} of residents without a {what}, left out",
        examples=[f"{unit} {row}" for row in rows],
        file=table.file,
    )
