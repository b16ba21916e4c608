"""Attendance areas and the outline: polygons tied to schools."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.district.files.folder import Folder
from feeder.district.land.area_layer import AreaLayer, tell_no_polygon
from feeder.district.land.layers import clean_polygons
from feeder.district.land.whereabouts import check_together
from feeder.district.model import WGS84
from feeder.district.schools.names import Names
from feeder.district.schools.roster import Roster
from feeder.district.settings.specs import AreasSpec, TableSpec
from feeder.district.tables.table import kept_rows
from feeder.errors import Findings


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
        As :attr:`feeder.district.model.District.areas`: one row an area and school that it
        serves, and one a vacant area; in order of the levels as given, then of ``area_id``. None
        without areas.
    """
    names = Names(roster, schools["level"])
    features = []
    for spec in specs:
        raw = folder.layer(spec.table)
        table = folder.table(spec.table) if raw is not None else None
        if raw is not None and table is not None:
            layer = AreaLayer(spec, raw, table, schools, roster, names, findings)
            features += layer.features()
    if not features:
        return None
    areas = _united(pd.concat(features, ignore_index=True))
    order = {level: rank for rank, level in enumerate(areas["level"].unique())}
    rows = [
        (level, area_id, school_id, shape)
        for level, area_id, schools_of, shape in areas.itertuples(index=False)
        for school_id in schools_of
    ]
    rows.sort(key=lambda row: (order[row[0]], row[1], row[2] or ""))
    columns = {
        "level": pd.Series([row[0] for row in rows], dtype=str),
        "area_id": pd.Series([row[1] for row in rows], dtype=str),
        "school_id": pd.Series([row[2] for row in rows], dtype=object),
    }
    return gpd.GeoDataFrame(columns, geometry=[row[3] for row in rows], crs=WGS84)


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
    chosen = raw if keep.all() else raw[keep]
    polygons = clean_polygons(chosen, labels, table.file, findings, schools)
    if polygons.empty:
        tell_no_polygon(table, findings)
        return None
    check_together(polygons, raw, spec.path, schools, findings)
    outline: BaseGeometry = shapely.union_all(polygons.geometry.to_numpy())
    return outline


def _united(features: pd.DataFrame) -> pd.DataFrame:
    """Unite the features of one area; most areas are one feature already."""
    if features["area_id"].is_unique:
        return features
    groups = features.groupby("area_id", sort=False)["geometry"]
    shapes = [
        shapely.union_all(parts.to_numpy()) if len(parts) > 1 else parts.iloc[0]
        for _, parts in groups
    ]
    united = features.drop_duplicates("area_id").drop(columns="geometry")
    return united.assign(geometry=np.array(shapes, dtype=object))
