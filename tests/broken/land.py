"""Layers: attendance areas and the outline, in every format."""

import json
import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from broken.case import Change, areas_as, broken, cut, gone, odd, put, recoded, swap, toml
from town import AREAS, box, cell, feature, layer

Feature = dict[str, Any]


def areas(*features: Feature, **members: Any) -> Change:
    """Put other elementary areas in place, ``e3`` to ``e8`` as they are after those given."""
    rest = [feature({"school_id": f"e{n}"}, cell(n)) for n in range(1 + len(features), 9)]
    return put("areas.geojson", layer(*features, *rest, **members))


def first(kind: str, coordinates: Sequence[Any]) -> Change:
    """Give the area of e1 another geometry."""
    geometry = {"type": kind, "coordinates": coordinates}
    return areas({"type": "Feature", "properties": {"school_id": "e1"}, "geometry": geometry})


def collection(*geometries: tuple[str, Sequence[Any]]) -> Change:
    parts = [{"type": kind, "coordinates": points} for kind, points in geometries]
    geometry = {"type": "GeometryCollection", "geometries": parts}
    return areas({"type": "Feature", "properties": {"school_id": "e1"}, "geometry": geometry})


def scaled(x: float, y: float, scale: float) -> Change:
    """Write the coordinates of the areas as numbers of a projection, and say nothing of it."""

    def change(folder: Path) -> None:
        found = gpd.read_file(folder / "areas.geojson")
        found.geometry = shapely.transform(
            found.geometry.to_numpy(), lambda xy: (xy - [-75, 40]) * scale + [x, y]
        )
        (folder / "areas.geojson").unlink()
        found.to_file(folder / "areas.geojson", driver="GeoJSON")

    return change


def shapefile(*missing: str, crs: str = "EPSG:4326") -> Change:
    """Write the areas as a Shapefile of which some parts are missing."""

    def change(folder: Path) -> None:
        areas_as(".shp", crs)(folder)
        gone(*(f"areas.{suffix}" for suffix in missing))(folder)

    return change


def two_layers(folder: Path) -> None:
    found = gpd.read_file(folder / "areas.geojson")
    found.to_file(folder / "areas.gpkg", layer="north")
    found.to_file(folder / "areas.gpkg", layer="south")
    toml("areas.geojson", "areas.gpkg")(folder)


def bare_parquet(folder: Path) -> None:
    pd.DataFrame({"school_id": ["e1"]}).to_parquet(folder / "areas.parquet")
    toml("areas.geojson", "areas.parquet")(folder)


def linked_dbf(folder: Path) -> None:
    areas_as(".shp")(folder)
    shutil.move(folder / "areas.dbf", folder.parent / "outside.dbf")
    (folder / "areas.dbf").symlink_to(folder.parent / "outside.dbf")


def no_crs(folder: Path) -> None:
    found = gpd.read_file(folder / "areas.geojson").set_crs(None, allow_override=True)
    found.to_parquet(folder / "areas.parquet")
    toml("areas.geojson", "areas.parquet")(folder)


def infinite(folder: Path) -> None:
    found = gpd.read_file(folder / "areas.geojson")
    ring = np.array(cell(1))
    ring[2, 0] = np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found.loc[0, "geometry"] = shapely.polygons(ring)
        found.to_parquet(folder / "areas.parquet")
    toml("areas.geojson", "areas.parquet")(folder)


def crs(name: object) -> Change:
    return areas(crs={"type": "name", "properties": {"name": name}})


BOW = [[-75.0, 40.0], [-74.99, 40.01], [-74.99, 40.0], [-75.0, 40.01], [-75.0, 40.0]]
HIGH = [[[x, y, 12.5] for x, y in cell(1)]]
HOLE = box(-74.998, 40.002, -74.992, 40.008)
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)
NAN = AREAS.replace("[-74.99, 40.01]", "[-74.99, NaN]", 1)

FILES = [
    broken("an empty layer file", "empty-file", put("areas.geojson", "")),
    broken("GeoJSON cut short", "not-json", cut("areas.geojson", 300)),
    broken("JSON that is no GeoJSON", "not-its-format", put("areas.geojson", '{"areas": []}')),
    broken("JSON nested without end", "not-json", put("areas.geojson", "[" * 100_000)),
    broken("GeoJSON in UTF-16", "encoding", recoded("areas.geojson", "utf-16")),
    broken(
        "GeoJSON in Latin-1",
        "encoding",
        swap("areas.geojson", "e1", "é1"),
        recoded("areas.geojson", "latin-1"),
    ),
    odd("GeoJSON with a byte order mark", "", recoded("areas.geojson", "utf-8-sig")),
    broken("a layer without features", "no-polygon", put("areas.geojson", layer())),
    broken("a layer that sends GDAL to another file", "not-json", put("areas.geojson", VRT)),
    broken("a table in place of a layer", "no-geometry", toml("areas.geojson", "plan.csv")),
    broken(
        "a GeoPackage that is none",
        "not-its-format",
        put("areas.gpkg", "x"),
        toml("areas.geojson", "areas.gpkg"),
    ),
    broken(
        "a GeoPackage cut short", "layer-unreadable", areas_as(".gpkg"), cut("areas.gpkg", 5000)
    ),
    broken("a GeoPackage with several layers", "several-layers", two_layers),
    broken(
        "a layer that is not there",
        "missing-layer",
        two_layers,
        toml('"areas.gpkg"', '"areas.gpkg"\nlayer = "noth"'),
    ),
    broken("a Shapefile without .dbf", "shapefile-incomplete", shapefile("dbf")),
    broken(
        "a Shapefile of the .shp alone",
        "shapefile-incomplete",
        shapefile("dbf", "shx", "prj", "cpg"),
    ),
    broken("a Shapefile whose .dbf is a link out of the folder", "outside-folder", linked_dbf),
    broken("a Shapefile whose .dbf is cut short", "cut-short", shapefile(), cut("areas.dbf", 40)),
    broken("a Shapefile cut short", "cut-short", shapefile(), cut("areas.shp", 300)),
    broken(
        "GeoParquet cut short", "layer-unreadable", areas_as(".parquet"), cut("areas.parquet", 900)
    ),
    broken("Parquet without geometry", "no-geometry", bare_parquet),
    broken(
        "no column of school ids", "missing-column", toml('"areas.geojson"', '"outline.geojson"')
    ),
    broken(
        "a misspelt column of school ids",
        "missing-column",
        toml('{ school_id = "high" }', '{ school_id = "hihg" }'),
    ),
]

PLACES = [
    odd("a GeoPackage in meters, and says so", "", areas_as(".gpkg", "EPSG:32618")),
    odd("a Shapefile in feet, and says so", "", areas_as(".shp", "EPSG:2272")),
    odd("a Shapefile without .prj, in degrees", "crs-assumed", shapefile("prj")),
    broken(
        "a Shapefile without .prj, in meters", "crs-missing", shapefile("prj", crs="EPSG:32618")
    ),
    odd("GeoParquet without a CRS, in degrees", "crs-assumed", no_crs),
    broken("GeoJSON in meters (UTM)", "crs-missing", scaled(500_000, 4_430_000, 85_000)),
    broken("GeoJSON in feet (EPSG:2283)", "crs-missing", scaled(11_800_000, 7_000_000, 280_000)),
    broken("GeoJSON with lat and lon swapped", "layers-apart", scaled(40, -75, 1)),
    broken("GeoJSON of another town", "layers-apart", scaled(-85, 40, 1)),
    broken("a CRS that nobody knows", "unknown-crs", crs("EPSG:99999999")),
    broken("a CRS that is no text", "unknown-crs", crs([])),
    broken(
        "a CRS that is a link",
        "unknown-crs",
        areas(crs={"type": "link", "properties": {"href": "http://x"}}),
    ),
    broken("a CRS of another place", "layers-apart", crs("EPSG:2272")),
]

SHAPES = [
    odd("a bow tie", "ring-repaired gaps-filled", first("Polygon", [BOW])),
    odd("a ring that runs the other way", "", first("Polygon", [cell(1)[::-1]])),
    odd("a ring that is not closed", "layer-notes", first("Polygon", [cell(1)[:-1]])),
    odd("a third dimension", "", first("Polygon", HIGH)),
    odd(
        "an area without a geometry", "no-polygon gaps-filled", areas(feature({"school_id": "e1"}))
    ),
    odd("an area that is an empty polygon", "no-polygon gaps-filled", first("Polygon", [])),
    odd(
        "an area without any area",
        "no-polygon gaps-filled",
        first("Polygon", [[[-75.0, 40.0], [-74.99, 40.01], [-75.0, 40.0], [-75.0, 40.0]]]),
    ),
    odd("an area that is a line", "no-polygon gaps-filled", first("LineString", cell(1))),
    odd("an area that is a point", "no-polygon gaps-filled", first("Point", [-74.995, 40.005])),
    odd(
        "a line and a polygon in one area",
        "",
        collection(("LineString", cell(2)), ("Polygon", [cell(1)])),
    ),
    odd("a collection of points", "no-polygon gaps-filled", collection(("Point", [-75, 40]))),
    odd(
        "two polygons over each other in one area",
        "ring-repaired",
        first("MultiPolygon", [[cell(1)], [cell(1)]]),
    ),
    odd(
        "one area twice",
        "",
        areas(
            *(
                feature({"school_id": i}, cell(n))
                for i, n in [
                    ("e1", 1),
                    ("e2", 2),
                    ("e3", 3),
                    ("e4", 4),
                    ("e5", 5),
                    ("e6", 6),
                    ("e7", 7),
                    ("e8", 8),
                    ("e1", 1),
                ]
            )
        ),
    ),
    broken("a coordinate that is no number", "nan-coordinates", put("areas.geojson", NAN)),
    broken("a coordinate without end", "nan-coordinates", infinite),
    broken("coordinates of 1e300", "crs-missing", first("Polygon", [box(-1e300, 40, 1e300, 41)])),
    odd(
        "a gap",
        "gaps-filled",
        areas(feature({"school_id": "e1"}, box(-75.0, 40.0, -74.995, 40.01))),
    ),
    odd(
        "an overlap",
        "overlaps-resolved pieces-mended",
        areas(feature({"school_id": "e1"}, box(-75.0, 40.0, -74.985, 40.01))),
    ),
    odd("a hole in an area", "gaps-filled", first("Polygon", [cell(1), HOLE])),
    odd(
        "one area over all the others",
        "overlaps-resolved pieces-mended",
        areas(feature({"school_id": "e1"}, box(-75.0, 40.0, -74.96, 40.02))),
    ),
    odd(
        "an area far out",
        "land-bridged areas-beyond-outline gaps-filled far-from-area",
        areas(feature({"school_id": "e1"}, box(-75.4, 40.0, -75.39, 40.01))),
    ),
    odd(
        "an area without a school id",
        "area-without-id",
        areas(feature({"school_id": None}, cell(1))),
    ),
    odd(
        "an area of a school nobody knows",
        "unknown-id",
        areas(feature({"school_id": "zz"}, cell(1))),
    ),
    broken(
        "areas of other schools", "unknown-id", put("areas.geojson", AREAS.replace('"e', '"0e'))
    ),
    odd(
        "an outline that is far too large",
        "outline-too-large",
        put("outline.geojson", layer(feature({}, box(-75.2, 40.0, -74.96, 40.2)))),
    ),
    broken(
        "an outline of lines",
        "no-polygon",
        put(
            "outline.geojson",
            json.dumps(
                {
                    "type": "Feature",
                    "properties": {},
                    "geometry": {"type": "LineString", "coordinates": cell(1)},
                }
            ),
        ),
    ),
    odd(
        "an outline that is a bow tie",
        "ring-repaired areas-beyond-outline",
        put(
            "outline.geojson",
            layer(feature({}, [[-75, 40], [-74.96, 40.02], [-74.96, 40], [-75, 40.02], [-75, 40]])),
        ),
    ),
    odd(
        "no outline",
        "",
        gone("outline.geojson"),
        toml('[boundary]\npath = "outline.geojson"\n', ""),
    ),
    odd(
        "no areas of the lowest grades",
        "no-lowest-areas",
        toml('[[attendance_areas]]\nlevel = "elementary"\npath = "areas.geojson"\n', ""),
    ),
]
CASES = [*FILES, *PLACES, *SHAPES]
