"""A plan as a layer: points of schools, polygons of tiles or areas, or polygons of communities."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from feeder.district.files.folder import layer_table
from feeder.district.files.formats import GEOJSON, GEOPACKAGE, check_format, companions
from feeder.district.land.layers import clean_polygons, layer_names, read_layer
from feeder.district.model import District
from feeder.district.tables.table import Table
from feeder.errors import Findings, InputError, Problem
from feeder.opening.plan_tables import (
    ID_COLUMNS,
    PlanRows,
    community_header,
    community_names,
    header,
)
from feeder.wording import counted, listed

TILES: Final = "tiles"
SCHOOLS: Final = "schools"
"""The layers of feeder's own GeoPackage that say where schools belong."""
TILE_COLUMN: Final = "tile_id"
_GEOMETRY: Final = "geometry"
_SURFACE: Final = 2

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


def split_layer(path: Path) -> tuple[Path, str | None]:
    """Return a file and the layer of it that is named behind it: ``plan.gpkg/tiles``."""
    file = path.parent
    named = file.suffix.lower() == GEOPACKAGE and file.is_file()
    return (file, path.name) if named else (path, None)


def layer_rows(
    path: Path, layer: str | None, content: bytes, district: District, findings: Findings
) -> PlanRows:
    """Read points by school, polygons by tile or school, or polygons of communities.

    Parameters
    ----------
    path, content
        The file and its bytes.
    layer
        The layer that is named; None where the file should know.
    district
        Whose schools stand where.
    findings
        Collects what was repaired and what is wrong.

    Raises
    ------
    InputError
        Where it cannot be read, or its layers contradict each other.
    """
    file = path.name
    check_format(content, file)
    companions(path, file)
    names = layer_names(path) if path.suffix.lower() == GEOPACKAGE else []
    own = {TILES, SCHOOLS} <= set(names)
    if own and layer in {None, TILES}:
        tiles, schools = (read_layer(path, file, one, findings) for one in (TILES, SCHOOLS))
        return _of_both(tiles, schools, file, layer, district, findings)
    if layer is None and len(names) > 1 and SCHOOLS not in names:
        message = f"the file has several layers: {listed(names, limit=20)}."
        fix = f"Name the one with the plan: {file}/{names[0]}."
        raise InputError([_wrong(file, "several-layers", message, fix)])
    chosen = layer or (SCHOOLS if len(names) > 1 else None)
    raw = _as_written(read_layer(path, file, chosen, findings), path, content)
    return _of_features(raw, file, district, findings)


def _of_both(
    tiles: pd.DataFrame,
    schools: pd.DataFrame,
    file: str,
    layer: str | None,
    district: District,
    findings: Findings,
) -> PlanRows:
    """Read the tiles and the schools of one GeoPackage: as one plan, or the tiles where named."""
    if layer == TILES:
        rows = _of_features(tiles, file, district, findings)
        points = _of_features(schools, file, district, findings)
        homes = dict(
            zip(points.table.text(points.ids), points.table.text(points.communities), strict=True)
        )
        return replace(rows, by_land=True, beside=homes)
    return _of_features(pd.concat([tiles, schools], ignore_index=True), file, district, findings)


def _of_features(raw: pd.DataFrame, file: str, district: District, findings: Findings) -> PlanRows:
    """Read the features of a layer."""
    raw = raw.set_axis(pd.RangeIndex(1, len(raw) + 1))
    table = layer_table(raw, file, findings)
    headers = [str(name) for name in table.frame.columns]
    communities = community_header(headers)
    if communities is None:
        message = f"no field holds the communities; the layer has: {listed(headers, limit=12)}."
        raise InputError([table.problem("plan-columns", message, "Name the field community_id.")])
    tile, school = header(headers, (TILE_COLUMN,)), header(headers, ID_COLUMNS)
    if tile is None and school is None:
        return _by_place(raw, table, communities, district, findings)
    areal, ids = _areal(raw), _unit_ids(table, tile, school)
    by_land = bool(areal[ids != ""].all())
    homes = table.text(communities)
    names = community_names(table, str(school or tile), communities, findings)
    if not by_land and tile is not None and school is not None:
        _check_agreement(ids, homes, areal, file, district)
        # Points speak for the schools; of the tiles only the vacant ones have more to say.
        ids = ids.where(~areal | (table.text(school) == "").to_numpy(), "")
    frame = pd.DataFrame({"id": ids, "community": homes})
    told = Table(file, frame[ids != ""], has_lines=False)
    return PlanRows(told, "id", "community", by_land, names=names)


def _check_agreement(
    ids: pd.Series[str], homes: pd.Series[str], areal: Flags, file: str, district: District
) -> None:
    """Refuse tiles and points of schools that say different things: one of them was edited."""
    frame = pd.DataFrame({"id": ids, "home": homes})[(ids != "") & (homes != "")]
    is_tile = pd.Series(areal, ids.index).loc[frame.index]
    of_tile = frame[is_tile].drop_duplicates("id").set_index("id")["home"]
    points = frame[~is_tile].drop_duplicates("id").set_index("id")["home"]
    both = pd.DataFrame({"tile": of_tile, "school": points}).dropna()
    odd = both[both["tile"] != both["school"]]
    if odd.empty:
        return
    names = district.schools["name"]
    told = [
        f"{names.get(one, one)} ({one}) is in {row['tile']} by its tile, in {row['school']} by its "
        "point"
        for one, row in odd.iterrows()
    ]
    message = f"tiles and schools disagree about {counted(len(odd), 'school')}: {listed(told)}."
    fix = "Delete the tiles, or the points, that are not right."
    if file.lower().endswith(GEOPACKAGE):
        fix = f"Name the layer that is right: {file}/{TILES} or {file}/{SCHOOLS}."
    raise InputError([_wrong(file, "layers-disagree", message, fix)])


def _as_written(raw: pd.DataFrame, path: Path, content: bytes) -> pd.DataFrame:
    """Return a layer with the fields of GeoJSON as they stand there: GDAL takes some for dates."""
    if path.suffix.lower() not in GEOJSON or _GEOMETRY not in raw:
        return raw
    record = json.loads(content.decode("utf-8-sig"))
    features = record.get("features") if isinstance(record, dict) else None
    if not isinstance(features, list) or len(features) != len(raw):
        return raw
    fields = pd.DataFrame([_properties(feature) for feature in features], dtype=object)
    fields[_GEOMETRY] = raw[_GEOMETRY].to_numpy()
    written: pd.DataFrame = gpd.GeoDataFrame(fields, geometry=_GEOMETRY, crs=raw[_GEOMETRY].crs)
    return written


def _properties(feature: object) -> dict[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _unit_ids(table: Table, tile: str | None, school: str | None) -> pd.Series[str]:
    """Return the school of each feature, or its tile where it names no school."""
    if school is None or tile is None:
        return table.text(str(school or tile))
    schools = table.text(school)
    return schools.where(schools != "", table.text(tile))


def _areal(raw: pd.DataFrame) -> Flags:
    """Shape (n_features,): whether each feature is a polygon."""
    if not isinstance(raw, gpd.GeoDataFrame):
        return np.zeros(len(raw), dtype=np.bool_)
    return np.asarray(shapely.get_dimensions(raw.geometry.to_numpy()) == _SURFACE, dtype=np.bool_)


def _by_place(
    raw: pd.DataFrame, table: Table, communities: str, district: District, findings: Findings
) -> PlanRows:
    """Give each school the community in whose polygon it stands."""
    named = table.text(communities)
    labels = pd.Series(
        [name or f"feature {row}" for row, name in named.items()], named.index, dtype=str
    )
    schools = district.schools
    land = clean_polygons(raw, labels, table.file, findings, schools)
    findings.raise_if_any()
    points = shapely.points(schools["lon"].to_numpy(), schools["lat"].to_numpy())
    inside, over = shapely.STRtree(land.geometry.to_numpy()).query(points, predicate="intersects")
    frame = pd.DataFrame(
        {
            "id": schools.index.to_numpy()[inside],
            "community": named.loc[land.index].to_numpy()[over],
        }
    ).drop_duplicates()
    frame = frame.sort_values(["id", "community"], ignore_index=True)
    twice = frame["id"].duplicated(keep=False)
    for school_id, homes in frame[twice].groupby("id")["community"]:
        findings.errors.append(
            Problem(
                rule="several-polygons",
                message=f"{schools['name'][school_id]} ({school_id}) stands in the polygons of "
                f"several communities: {listed(homes)}.",
                fix="Draw communities that do not overlap.",
                file=table.file,
            )
        )
    return PlanRows(Table(table.file, frame[~twice], has_lines=False), "id", "community")


def _wrong(file: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(rule=rule, message=message, fix=fix, file=file)
