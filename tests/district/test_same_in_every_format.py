"""The same district comes of a folder whatever formats its files have."""

import string
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from feeder.district import District, read_district

GRADES = ("K-5", "6-8", "9-12", "PK-8", "K 1 3", "PK")
ID = st.text(string.ascii_letters + string.digits + "éß_./", min_size=1, max_size=6)
NAME = st.text(string.ascii_letters + "ñøŠ中'&<>{}=,;\" -", min_size=1, max_size=20)


@dataclass(frozen=True)
class Tables:
    """A district as frames."""

    schools: pd.DataFrame
    areas: gpd.GeoDataFrame
    outline: gpd.GeoDataFrame
    flows: pd.DataFrame
    measures: pd.DataFrame
    plan: pd.DataFrame


@st.composite
def districts(draw: st.DrawFn) -> Tables:
    ids = draw(st.lists(ID, min_size=3, max_size=7, unique=True))
    n = len(ids)

    def some(what: st.SearchStrategy[object]) -> list[object]:
        return draw(st.lists(what, min_size=n, max_size=n))

    degrees = st.integers(0, 999_999).map(lambda k: k / 1e7)
    schools = pd.DataFrame(
        {
            "school_id": ids,
            "name": some(NAME),
            "lat": [40 + d for d in some(degrees)],
            "lon": [-75 + d for d in some(degrees)],
            "enrollment": some(st.integers(100, 4000)),
            "capacity": some(st.integers(0, 8000).map(lambda k: k / 2)),
            "grades": some(st.sampled_from(GRADES)),
            "region": some(st.sampled_from(["North", "Süd", ""])),
        }
    )
    boxes = [shapely.box(-75 + k / 50, 40, -75 + (k + 1) / 50, 40.1) for k in range(n)]
    areas = gpd.GeoDataFrame({"school_id": ids}, geometry=boxes, crs="EPSG:4326")
    outline = gpd.GeoDataFrame(
        {"what": ["outline"]}, geometry=[shapely.union_all(boxes)], crs="EPSG:4326"
    )
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), min_size=1, max_size=9)
    )
    flows = pd.DataFrame(pairs, columns=["from_id", "to_id"])
    flows["students"] = [float(k) for k in draw(st.permutations(range(1, len(pairs) + 1)))]
    measures = pd.DataFrame({"school_id": ids, "learners": (schools["enrollment"] * 0.25).round()})
    plan = pd.DataFrame({"school_id": ids, "community_id": some(st.sampled_from(["01", "1", "B"]))})
    return Tables(schools, areas, outline, flows, measures, plan)


def manifest(ending: Callable[[str], str], community: str = "community_id") -> str:
    """Return district.toml; ``ending`` gives the line that names a table's file."""
    return f"""
[schools]
{ending("schools")}
[[attendance_areas]]
{ending("areas")}
[boundary]
{ending("outline")}
[flows]
{ending("flows")}
source = "estimated"
[measures]
{ending("measures")}
counts = {{ learners = "learners" }}
need = {{ learners = 2 }}
[existing_plan]
{ending("plan")}
columns = {{ community_id = "{community}" }}
"""


def named(suffix: str) -> Callable[[str], str]:
    return lambda name: f'path = "{name}{suffix}"'


def placed(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give a table a point a row, which a Shapefile cannot do without."""
    if isinstance(table, gpd.GeoDataFrame):
        return table
    points = gpd.points_from_xy(np.full(len(table), -75.0), np.full(len(table), 40.0))
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def as_text(tables: Tables, folder: Path) -> str:
    for name, table in vars(tables).items():
        if isinstance(table, gpd.GeoDataFrame):
            table.to_file(folder / f"{name}.geojson")
        else:
            table.to_csv(folder / f"{name}.csv", index=False)
    layers = ("areas", "outline")
    return manifest(lambda name: named(".geojson" if name in layers else ".csv")(name))


def as_one_workbook(tables: Tables, folder: Path) -> str:
    book = Workbook()
    for name, table in vars(tables).items():
        if isinstance(table, gpd.GeoDataFrame):
            table.to_file(folder / f"{name}.geojson")
            continue
        sheet = book.create_sheet(name)
        for row in [list(table.columns), *table.itertuples(index=False, name=None)]:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(folder / "all.xlsx")
    layers = ("areas", "outline")
    return manifest(
        lambda name: (
            f'path = "{name}.geojson"' if name in layers else f'path = "all.xlsx"\nsheet = "{name}"'
        )
    )


def as_geojson(tables: Tables, folder: Path) -> str:
    for name, table in vars(tables).items():
        placed(table).to_file(folder / f"{name}.geojson")
    return manifest(named(".geojson"))


def as_one_geopackage(tables: Tables, folder: Path) -> str:
    for name, table in vars(tables).items():
        if isinstance(table, gpd.GeoDataFrame):
            table.to_crs("EPSG:4326").to_file(folder / "all.gpkg", layer=name)
        else:
            pyogrio.write_dataframe(table, folder / "all.gpkg", layer=name)
    return manifest(lambda name: f'path = "all.gpkg"\nlayer = "{name}"')


def as_shapefiles(tables: Tables, folder: Path) -> str:
    short = tables.plan.rename(columns={"community_id": "community_"})  # ten characters at most
    for name, table in {**vars(tables), "plan": short}.items():
        placed(table).to_file(folder / f"{name}.shp", encoding="UTF-8")
    return manifest(named(".shp"), "community_")


def as_parquet(tables: Tables, folder: Path) -> str:
    for name, table in vars(tables).items():
        table.to_parquet(folder / f"{name}.parquet")
    return manifest(named(".parquet"))


def as_geoparquet(tables: Tables, folder: Path) -> str:
    for name, table in vars(tables).items():
        placed(table).to_parquet(folder / f"{name}.geoparquet")
    return manifest(named(".geoparquet"))


def read(tables: Tables, write: Callable[[Tables, Path], str]) -> District:
    with tempfile.TemporaryDirectory() as place:
        text = write(tables, Path(place))
        (Path(place) / "district.toml").write_text(text, encoding="utf-8")
        return read_district(Path(place))


def assert_same(one: District, other: District) -> None:
    pd.testing.assert_frame_equal(one.schools, other.schools, rtol=1e-12)
    pd.testing.assert_frame_equal(one.flows, other.flows)
    pd.testing.assert_frame_equal(one.statistics.counts, other.statistics.counts)
    pd.testing.assert_series_equal(one.statistics.need, other.statistics.need)
    pd.testing.assert_series_equal(one.existing_plan, other.existing_plan)
    assert one.areas is not None
    assert other.areas is not None
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.areas.drop(columns="geometry")),
        pd.DataFrame(other.areas.drop(columns="geometry")),
    )
    shapes = (found.areas.geometry.normalize() for found in (one, other))  # rings may start anew
    assert next(shapes).geom_equals_exact(next(shapes), 1e-9).all()
    assert one.boundary is not None
    assert one.boundary.symmetric_difference(other.boundary).area < 1e-12
    assert [w.rule for w in one.warnings] == [w.rule for w in other.warnings]


@pytest.mark.parametrize(
    "write",
    [as_one_workbook, as_geojson, as_one_geopackage, as_shapefiles, as_parquet, as_geoparquet],
)
@settings(max_examples=6)
@given(tables=districts())
def test_the_same_district(write: Callable[[Tables, Path], str], tables: Tables) -> None:
    assert_same(read(tables, as_text), read(tables, write))
