"""The plan as one GeoPackage that QGIS opens in color: a file for the desk, every count as it is.

The styles travel inside, in the table ``layer_styles`` that QGIS looks for. Everything is in
longitude and latitude (EPSG:4326) like the GeoJSON files beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from feeder.district.model import WGS84
from feeder.measures.scorecard import Scorecard
from feeder.measures.shape import community_land
from feeder.network.globe import to_degrees
from feeder.network.graph import IntArray
from feeder.planning import Assignment
from feeder.render.files.qml import (
    LABEL,
    LABEL_FIELDS,
    communities_style,
    flows_style,
    schools_style,
    tiles_style,
)
from feeder.render.files.tables import flows_table, schools_table
from feeder.render.labels import label_points
from feeder.writing.moment import run_moment

GEOMETRY: Final = "geom"
ROW_ID: Final = "fid"
STYLES: Final = "layer_styles"
"""Where QGIS looks for the styles of a GeoPackage's layers."""
_SHAPES: Final[Mapping[str, str]] = {
    "communities": "MultiPolygon",
    "tiles": "MultiPolygon",
    "flows": "LineString",
    "schools": "Point",
}
"""Layers in the order they are drawn, the lowest first."""
_ABOUT: Final[Mapping[str, str]] = {
    "communities": "Communities of schools with their figures",
    "tiles": "Pieces of land that move with a school",
    "flows": "Students a year from school to school, by source",
    "schools": "Schools as used, with their community",
}
_HOME: Final = ("community_id", "community")
_OPTIONS: Final = {"VERSION": "1.2"}
"""What older programs read without a remark."""
_CLOCK: Final = "OGR_CURRENT_DATE"


def geopackage(assignment: Assignment, scorecard: Scorecard) -> bytes:
    """Return the plan as the bytes of a GeoPackage.

    Parameters
    ----------
    assignment, scorecard
        The plan and its figures, as they stand.

    Returns
    -------
    bytes
        Layers ``communities``, ``tiles``, ``flows`` and ``schools``, and their styles. With
        SOURCE_DATE_EPOCH set, the same plan gives the same bytes.

    Notes
    -----
    GDAL takes the time it writes from a setting of the whole process, which is put back after.
    """
    moment = run_moment()
    layers = {
        "communities": _communities(assignment, scorecard),
        "tiles": _tiles(assignment),
        "flows": _flows(assignment),
        "schools": _schools(assignment),
    }
    with TemporaryDirectory(prefix="feeder-") as folder, _clock_at(moment):
        path = Path(folder) / "plan.gpkg"
        for name, layer in layers.items():
            _write(path, name, layer)
        _write(path, STYLES, _styles(assignment, moment))
        return path.read_bytes()


def field_names(names: list[str]) -> list[str]:
    """Return names that are different columns of one table, whatever their case.

    A name that is taken, or that belongs to the row's id or geometry, gets a number.

    >>> field_names(["Foster", "foster", "fid"])
    ['Foster', 'foster_2', 'fid_2']
    """
    taken = {GEOMETRY, ROW_ID, ""}
    unique: list[str] = []
    for name in names:
        plain, number = name.replace("\0", ""), 1
        chosen = plain
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{plain}_{number}"
        taken.add(chosen.casefold())
        unique.append(chosen)
    return unique


def _communities(assignment: Assignment, scorecard: Scorecard) -> gpd.GeoDataFrame:
    """Return each community's land, its color and every figure of its row of the scorecard."""
    tiles = assignment.network.tiles
    by_tile = assignment.node_community[tiles["node"].to_numpy(np.int64)]
    land = community_land(tiles.geometry.to_numpy(), by_tile, assignment.n_communities)
    lat_lon, _ = label_points(assignment)
    own = pd.DataFrame(
        {
            "community_id": assignment.community_ids,
            "number": [one.number for one in assignment.communities],
            "name": assignment.community_names,
            LABEL: [one.label for one in assignment.communities],
            "color": assignment.community_colors,
            LABEL_FIELDS[0]: lat_lon[:, 1],
            LABEL_FIELDS[1]: lat_lon[:, 0],
        }
    )
    rows = scorecard.communities.reindex(list(assignment.community_ids)).drop(columns="name")
    table = pd.concat([own, rows.reset_index(drop=True)], axis=1)
    return _layer(table, to_degrees(gpd.GeoSeries(land, crs=assignment.network.crs)))


def _tiles(assignment: Assignment) -> gpd.GeoDataFrame:
    """Return each tile with its school (none when vacant) and its community."""
    tiles = assignment.network.tiles
    home = assignment.node_community[tiles["node"].to_numpy(np.int64)]
    ids = tiles[["tile_id", "school_id"]].reset_index(drop=True)
    table = pd.concat([ids, _homes(assignment, home)], axis=1)
    return _layer(table, to_degrees(tiles.geometry))


def _flows(assignment: Assignment) -> gpd.GeoDataFrame:
    """Return a line from school to school for each flow, and whether it stays inside."""
    graph, home = assignment.network.graph, assignment.school_community
    schools = assignment.district.schools.loc[list(graph.school_ids)]
    table = flows_table(assignment).reset_index(drop=True)
    sender, receiver = graph.flow_from, graph.flow_to
    names = schools["name"].to_numpy()
    table.insert(2, "from_name", names[sender])
    table.insert(3, "to_name", names[receiver])
    table["inside"] = (home[sender] == home[receiver]) & (home[sender] >= 0)
    points = schools[["lon", "lat"]].to_numpy(np.float64)
    ends = np.stack([points[sender], points[receiver]], axis=1)
    return _layer(table, gpd.GeoSeries(shapely.linestrings(ends), crs=WGS84))


def _schools(assignment: Assignment) -> gpd.GeoDataFrame:
    """Return the schools as used, each with its community."""
    schools, graph = assignment.district.schools, assignment.network.graph
    place = pd.Index(graph.school_ids).get_indexer(schools.index)
    home = np.where(place >= 0, assignment.school_community[place], -1)
    given = schools_table(assignment).iloc[:, :-1]
    whole = pd.concat([given.iloc[:, :2], _homes(assignment, home), given.iloc[:, 2:]], axis=1)
    return _layer(whole, gpd.GeoSeries.from_xy(schools["lon"], schools["lat"], crs=WGS84))


def _homes(assignment: Assignment, community: IntArray) -> pd.DataFrame:
    """Return id and name of communities by their number; none for -1."""
    ids = np.array([*assignment.community_ids, None], dtype=object)
    names = np.array([*assignment.community_names, None], dtype=object)
    return pd.DataFrame(dict(zip(_HOME, (ids[community], names[community]), strict=True)))


def _styles(assignment: Assignment, moment: datetime) -> pd.DataFrame:
    """Return the table of styles as QGIS writes it, one default style a layer."""
    styles = {
        "communities": communities_style(assignment.communities),
        "tiles": tiles_style(),
        "flows": flows_style(sorted(set(assignment.network.graph.flow_source.tolist()))),
        "schools": schools_style(),
    }
    return pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": list(styles),
            "f_geometry_column": GEOMETRY,
            "styleName": list(styles),
            "styleQML": list(styles.values()),
            "styleSLD": "",
            "useAsDefault": True,
            "description": [_ABOUT[name] for name in styles],
            "owner": "",
            "ui": "",
            "update_time": pd.Series([moment] * len(styles), dtype="datetime64[ms, UTC]"),
        }
    )


def _layer(table: pd.DataFrame, geometry: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Put geometry beside a table whose columns may be called anything; empty land is none."""
    named = table.set_axis(field_names([str(name) for name in table.columns]), axis=1)
    shapes = geometry.to_numpy()
    shapes = np.where(shapely.is_empty(shapes), None, shapes)
    return gpd.GeoDataFrame(named, geometry=gpd.GeoSeries(shapes, index=named.index, crs=WGS84))


def _write(path: Path, name: str, table: pd.DataFrame) -> None:
    """Add one layer to the file."""
    shaped: dict[str, Any] = {"layer_options": {"FID": "id"}}
    if name in _SHAPES:
        shaped = {
            "geometry_type": _SHAPES[name],
            "layer_options": {
                "FID": ROW_ID,
                "GEOMETRY_NAME": GEOMETRY,
                "IDENTIFIER": name,
                "DESCRIPTION": _ABOUT[name],
            },
        }
        if _SHAPES[name] == "MultiPolygon":
            shaped["promote_to_multi"] = True
    pyogrio.write_dataframe(
        table,
        path,
        layer=name,
        driver="GPKG",
        append=path.exists(),
        dataset_options={} if path.exists() else _OPTIONS,
        **shaped,
    )


@contextmanager
def _clock_at(moment: datetime) -> Iterator[None]:
    """Let GDAL write this moment wherever a GeoPackage holds one."""
    before = pyogrio.get_gdal_config_option(_CLOCK)
    stamp = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
    pyogrio.set_gdal_config_options({_CLOCK: stamp})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_CLOCK: before})
