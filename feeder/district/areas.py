"""Attendance areas and the outline: polygons tied to schools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.district.folder import Folder
from feeder.district.layers import clean_polygons
from feeder.district.model import WGS84
from feeder.district.places import is_place
from feeder.district.roster import Place, Roster
from feeder.district.specs import AreasSpec, TableSpec
from feeder.district.tables import Table, kept_rows, resolve_columns
from feeder.errors import Findings, Problem
from feeder.wording import counted, warn_grouped

_NEAR_DEG: Final = 0.5
"""A layer this far from every school belongs elsewhere (degrees, some 50 km)."""


def read_areas(
    specs: Sequence[AreasSpec],
    folder: Folder,
    schools: pd.DataFrame,
    roster: Roster,
    findings: Findings,
) -> gpd.GeoDataFrame | None:
    """Read the attendance areas of every level.

    Returns
    -------
    GeoDataFrame or None
        As :attr:`feeder.district.model.District.areas`: one row a level and school, and one a
        vacant area; in order of the levels as given, then of ``area_id``. None without areas.
    """
    layers = []
    for spec in specs:
        layer = _read_level(spec, folder, roster, findings)
        if layer is not None:
            check_together(layer["geometry"].to_numpy(), spec.table, schools, findings)
            layers.append(layer)
    if not layers:
        return None
    united = _united(pd.concat(layers, ignore_index=True))
    order = {level: rank for rank, level in enumerate(dict.fromkeys(s.level for s in specs))}
    united["rank"] = united["level"].map(order)
    united = united.sort_values(["rank", "area_id"], ignore_index=True).drop(columns="rank")
    return gpd.GeoDataFrame(united, geometry="geometry", crs=WGS84)


def read_boundary(
    spec: TableSpec | None, folder: Folder, schools: pd.DataFrame, findings: Findings
) -> BaseGeometry | None:
    """Return the union of the features of the outline, in EPSG:4326; None without one."""
    raw = folder.layer(spec) if spec else None
    table = folder.table(spec) if spec and raw is not None else None
    if spec is None or raw is None or table is None:
        return None
    keep = kept_rows(table, spec, findings)
    labels = pd.Series([f"feature {row}" for row in raw.index], raw.index)
    polygons = clean_polygons(raw[keep], labels, table.file, findings)
    if polygons.empty:
        _tell_no_polygon(table, findings)
        return None
    shapes = polygons.geometry.to_numpy()
    check_together(shapes, spec, schools, findings)
    outline: BaseGeometry = shapely.union_all(shapes)
    return outline


def check_together(
    shapes: npt.NDArray[np.object_], spec: TableSpec, schools: pd.DataFrame, findings: Findings
) -> None:
    """Report a layer far from every school: one of the two is misplaced."""
    if not len(shapes):
        return
    placed = schools[is_place(schools["lat"], schools["lon"])]
    if placed.empty:
        return
    lon, lat = (placed[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    west, south, east, north = bounds = shapely.total_bounds(shapes)
    near = shapely.box(*bounds).buffer(_NEAR_DEG)
    if not shapely.contains_xy(near, lon, lat).any():
        message = (
            f"no school stands anywhere near this layer (lon {west:.2f} to {east:.2f}, "
            f"lat {south:.2f} to {north:.2f}; the median school has {np.median(lon):.2f}, "
            f"{np.median(lat):.2f})."
        )
        fix = "Check the layer's CRS, and whether lat and lon are swapped."
        findings.errors.append(
            Problem(rule="layers-apart", message=message, fix=fix, file=spec.path)
        )


def _read_level(
    spec: AreasSpec, folder: Folder, roster: Roster, findings: Findings
) -> pd.DataFrame | None:
    """Return ``level``, ``area_id``, ``school_id`` and ``geometry`` of each feature."""
    raw = folder.layer(spec.table)
    table = folder.table(spec.table) if raw is not None else None
    if raw is None or table is None:
        return None
    if raw.empty:
        _tell_no_polygon(table, findings)
        return None
    columns = resolve_columns(table, spec.table, ["school_id"], [], findings)
    keep = kept_rows(table, spec.table, findings)
    if not columns:
        return None
    ids = roster.read(table, columns, findings)["school_id"][keep]
    ids = ids.mask(ids.isin(spec.table.missing), "")
    labels = pd.Series(
        [roster.name(i) if i else f"feature {row}" for row, i in ids.items()], ids.index, dtype=str
    )
    polygons = clean_polygons(raw[keep], labels, table.file, findings)
    if polygons.empty:
        _tell_no_polygon(table, findings)
        return None
    ids = ids.loc[polygons.index]
    _warn_nameless(table, columns["school_id"], ids, findings)
    named = ids[ids != ""]
    place = Place(table, columns["school_id"])
    named = ids[ids != ""].to_frame()
    for tell in (roster.tell_unheard, roster.tell_left_out):
        tell(named, place, noun="area", fate="kept vacant", findings=findings)
    members = roster.are_members(ids.to_frame())
    keys = [i or f"feature-{row}" for row, i in ids.items()]
    frame = pd.DataFrame({"level": spec.level}, index=polygons.index)
    frame["area_id"] = [f"{spec.level}-{key}" for key in keys]
    frame["school_id"] = ids.astype(object).where(members, None)
    frame["geometry"] = polygons.geometry.to_numpy()
    return frame


def _tell_no_polygon(table: Table, findings: Findings) -> None:
    """Report a layer that no land comes of, unless it was told already why."""
    if not any(error.file == table.file for error in findings.errors):
        message = "the layer holds no polygon."
        findings.errors.append(table.problem("no-polygon", message, "Name a polygon layer."))


def _warn_nameless(table: Table, column: str, ids: pd.Series[str], findings: Findings) -> None:
    nameless = [f"feature {row}" for row in ids.index[ids == ""]]
    warn_grouped(
        findings,
        rule="area-without-id",
        before=f"{counted(len(nameless), 'area')} without a school id, kept vacant",
        examples=nameless,
        file=table.file,
        column=column,
    )


def _united(features: pd.DataFrame) -> pd.DataFrame:
    """Unite the features of one area; most areas are one feature already."""
    groups = features.groupby("area_id", sort=False)["geometry"]
    shapes = [
        shapely.union_all(parts.to_numpy()) if len(parts) > 1 else parts.iloc[0]
        for _, parts in groups
    ]
    united = features.drop_duplicates("area_id").drop(columns="geometry")
    return united.assign(geometry=np.array(shapes, dtype=object))
