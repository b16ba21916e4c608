"""Plans as files say them: every format becomes one table of ids and communities.

What may be read:

- **CSV and workbooks**: ``school_id,community_id``, or Districtr's ``id,assignment``.
- **Layers** (GeoJSON, GeoPackage, Shapefile, GeoParquet): points of schools by id; polygons of
  tiles or attendance areas by id; polygons of communities, which take the schools inside them.
- **Graphs** (GerryChain's JSON, GraphML): nodes that are campuses and vacant tiles.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from feeder.district.csvfile import parse_csv
from feeder.district.folder import layer_table
from feeder.district.formats import GEOJSON, KNOWN, TEXT, WORKBOOK, check_format, companions
from feeder.district.layers import clean_polygons, layer_names, read_layer
from feeder.district.layout import Sought, table_of
from feeder.district.model import District
from feeder.district.tables import Table
from feeder.district.workbook import read_sheet
from feeder.errors import Findings, InputError, Problem
from feeder.opening.plan_graphs import graphml_nodes, json_nodes, node_table
from feeder.wording import listed, shown

LAYERS: Final = KNOWN - TEXT - WORKBOOK - {".json"}
ID_COLUMNS: Final = ("school_id", "id")
COMMUNITY_COLUMNS: Final = ("community_id", "community_", "community", "assignment")
"""Headers that are understood, best first; a Shapefile keeps ten characters."""
TILE_COLUMN: Final = "tile_id"
PLAN_LAYER: Final = "schools"
"""The layer that is read where a file has several."""
_HOW: Final = (
    "Name the columns school_id and community_id (or, as in Districtr, id and assignment)."
)


@dataclass(frozen=True, slots=True, eq=False)
class PlanRows:
    """What a file says about a plan.

    Attributes
    ----------
    table
        One row a statement.
    ids, communities
        Headers of the columns of ids (schools, or vacant tiles) and of communities.
    by_land
        Whether the ids name land: schools that are not named then go with the tile they
        stand on.
    """

    table: Table
    ids: str
    communities: str
    by_land: bool = False


def read_rows(path: Path, district: District, findings: Findings) -> PlanRows:
    """Read a plan file of any format.

    Parameters
    ----------
    path
        The file; its ending tells the format.
    district
        Whose schools stand where, for polygons of communities.
    findings
        Collects what was repaired and what is wrong.

    Raises
    ------
    InputError
        Where the file cannot be read at all.
    """
    suffix, file = path.suffix.lower(), path.name
    if suffix in TEXT:
        return _of_table(parse_csv(_bytes(path), file, findings))
    if suffix in WORKBOOK:
        return _of_table(table_of(read_sheet(_bytes(path), file, findings), Sought(), findings))
    if suffix == ".graphml":
        return PlanRows(node_table(graphml_nodes(_bytes(path), file), file), "id", "community")
    if suffix == ".json":
        record = _json(_bytes(path), file)
        if "nodes" in record:
            nodes = json_nodes(record, file)
            plain = not any("schools" in node for node in nodes)
            return PlanRows(node_table(nodes, file), "id", "community", by_land=plain)
    if suffix in LAYERS or (suffix == ".json" and record.get("type") == "FeatureCollection"):
        return _of_layer(path, district, findings)
    fix = "Give a CSV file, a workbook (.xlsx), GeoJSON, GeoPackage, GraphML or GerryChain's JSON."
    raise InputError([_wrong(file, "plan-format", "the file is no plan that can be read.", fix)])


def _of_table(table: Table) -> PlanRows:
    """Find the columns of a table of ids and communities."""
    headers = [str(name) for name in table.frame.columns]
    ids = _header(headers, ID_COLUMNS) or _districtr_id(headers)
    communities = _header(headers, COMMUNITY_COLUMNS)
    if ids is None or communities is None:
        what = "ids of schools" if ids is None else "communities"
        message = f"there is no column of {what}; the file has: {listed(headers, limit=12)}."
        raise InputError([table.problem("plan-columns", message, _HOW)])
    return PlanRows(table, ids, communities)


def _header(headers: list[str], known: tuple[str, ...]) -> str | None:
    """Return the first header that is known, whatever its case."""
    by_name = {header.casefold(): header for header in reversed(headers)}
    return next((by_name[name] for name in known if name in by_name), None)


def _districtr_id(headers: list[str]) -> str | None:
    """Return Districtr's first header, ``id-<place>-<units>-<parts>``."""
    return headers[0] if headers and headers[0].startswith("id-") else None


def _of_layer(path: Path, district: District, findings: Findings) -> PlanRows:
    """Read points by school, polygons by tile or school, or polygons of communities."""
    file = path.name
    check_format(_bytes(path), file)
    companions(path, file)
    raw = _as_written(read_layer(path, file, _layer_name(path), findings), path)
    raw = raw.set_axis(pd.RangeIndex(1, len(raw) + 1))
    table = layer_table(raw, file, findings)
    headers = [str(name) for name in table.frame.columns]
    communities = _header(headers, COMMUNITY_COLUMNS)
    if communities is None:
        message = f"no field holds the communities; the layer has: {listed(headers, limit=12)}."
        fix = "Name the field community_id."
        raise InputError([table.problem("plan-columns", message, fix)])
    tile, school = _header(headers, (TILE_COLUMN,)), _header(headers, ID_COLUMNS)
    areal = _areal(raw)
    if tile is None and school is None:
        return _by_place(raw, table, communities, district, findings)
    ids = _unit_ids(table, tile, school)
    by_land = bool(areal[ids != ""].all())
    if not by_land and tile is not None and school is not None:
        # Points speak for the schools; of the tiles only the vacant ones have more to say.
        ids = ids.where(~areal | (table.text(school) == "").to_numpy(), "")
    frame = pd.DataFrame({"id": ids, "community": table.text(communities)})
    return PlanRows(Table(file, frame[ids != ""], has_lines=False), "id", "community", by_land)


def _as_written(raw: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return a layer with the fields of GeoJSON as they stand there: GDAL takes some for dates."""
    if path.suffix.lower() not in GEOJSON or "geometry" not in raw:
        return raw
    features = _json(_bytes(path), path.name).get("features")
    if not isinstance(features, list) or len(features) != len(raw):
        return raw
    fields = pd.DataFrame([_properties(feature) for feature in features], dtype=object)
    fields["geometry"] = raw["geometry"].to_numpy()
    written: pd.DataFrame = gpd.GeoDataFrame(fields, geometry="geometry", crs=raw["geometry"].crs)
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


def _layer_name(path: Path) -> str | None:
    names = layer_names(path) if path.suffix.lower() == ".gpkg" else []
    return PLAN_LAYER if len(names) > 1 and PLAN_LAYER in names else None


def _areal(raw: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Shape (n_features,): whether each feature is a polygon."""
    if not isinstance(raw, gpd.GeoDataFrame):
        return np.zeros(len(raw), dtype=np.bool_)
    return np.asarray(shapely.get_dimensions(raw.geometry.to_numpy()) == 2, dtype=np.bool_)  # noqa: PLR2004 - a surface


def _by_place(
    raw: pd.DataFrame, table: Table, communities: str, district: District, findings: Findings
) -> PlanRows:
    """Give each school the community in whose polygon it stands."""
    named = table.text(communities)
    labels = pd.Series(
        [name or f"feature {row}" for row, name in named.items()], named.index, dtype=str
    )
    land = clean_polygons(raw, labels, table.file, findings)
    findings.raise_if_any()
    schools = district.schools
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


def _json(content: bytes, file: str) -> dict[str, Any]:
    try:
        record = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        fix = "Save it again as UTF-8 JSON."
        message = f"the file is no JSON ({shown(str(error))})."
        raise InputError([_wrong(file, "plan-format", message, fix)]) from error
    return record if isinstance(record, dict) else {}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"the plan cannot be read ({error})."
        raise InputError([_wrong(path.name, "plan-unreadable", message, "")]) from error


def _wrong(file: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(rule=rule, message=message, fix=fix, file=file)
