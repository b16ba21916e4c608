"""The GeoPackage: whole, consistent, styled, the same bytes, and no text in it runs."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from feeder.measures.score import score
from feeder.planning import Assignment
from feeder.planning.identity import Community
from feeder.render.files.geopackage import field_names, geopackage

EPOCH = "1767225600"
LAYERS = {"communities": 4, "tiles": 36, "flows": None, "schools": 60}


@pytest.fixture(scope="module")
def path(toy: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        content = geopackage(toy, score(toy))
    path = tmp_path_factory.mktemp("desk") / "plan.gpkg"
    path.write_bytes(content)
    return path


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute(query).fetchall()


def layer(path: Path, name: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(path, layer=name)


def test_four_layers_and_their_styles(path: Path, toy: Assignment) -> None:
    found = dict(pyogrio.list_layers(path).tolist())
    assert found == {
        "communities": "MultiPolygon",
        "tiles": "MultiPolygon",
        "flows": "LineString",
        "schools": "Point",
        "layer_styles": None,
    }
    for name, count in LAYERS.items():
        frame = layer(path, name)
        assert len(frame) == (count or len(toy.network.flows))
        assert frame.crs == "EPSG:4326"


def test_tables_of_contents_agree_with_the_tables(path: Path) -> None:
    contents = rows(path, "SELECT table_name, data_type, srs_id FROM gpkg_contents")
    assert contents == [
        *((name, "features", 4326) for name in LAYERS),
        ("layer_styles", "attributes", 0),
    ]
    columns = rows(path, "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns")
    assert columns == [(name, "geom", 4326) for name in LAYERS]
    tables = {name for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type='table'")}
    assert {name for name, *_ in contents} <= tables
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "PRAGMA foreign_key_check") == []
    for name in LAYERS:
        west, south, east, north = rows(
            path,
            f"SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name='{name}'",  # noqa: S608 - our own name
        )[0]
        assert (west, south, east, north) == pytest.approx(layer(path, name).total_bounds)


def test_communities_are_the_land_in_the_colors_of_the_map(path: Path, toy: Assignment) -> None:
    frame = layer(path, "communities")
    assert frame["community_id"].tolist() == list(toy.community_ids)
    assert frame["name"].tolist() == list(toy.community_names)
    assert frame["color"].tolist() == list(toy.community_colors)
    table = score(toy).communities
    for column in ("n_schools", "enrollment", "feeder_continuity", "meals"):
        assert frame[column].to_numpy() == pytest.approx(table[column].to_numpy())
    land = layer(path, "tiles").dissolve("community_id").geometry
    missing = shapely.area(shapely.symmetric_difference(land.array, frame.geometry.array))
    assert missing.max() < 1e-12
    points = gpd.points_from_xy(frame["label_lon"], frame["label_lat"])
    assert shapely.contains(frame.geometry.array, points).all()


def test_the_plan_comes_back(path: Path, toy: Assignment) -> None:
    schools = layer(path, "schools")
    plan = toy.plan_table()
    assert schools["school_id"].tolist() == plan["school_id"].tolist()
    assert schools["community_id"].tolist() == plan["community_id"].tolist()
    names = dict(zip(toy.community_ids, toy.community_names, strict=True))
    assert schools["community"].tolist() == [names[one] for one in plan["community_id"]]
    assert schools["name"].tolist() == toy.district.schools["name"].tolist()
    assert schools.geometry.x.to_numpy() == pytest.approx(toy.district.schools["lon"].to_numpy())
    tiles = layer(path, "tiles").set_index("tile_id")
    assert pd.isna(tiles.loc["vacant-14", "school_id"])
    assert (
        tiles.loc["E07", "community_id"] == plan.set_index("school_id").loc["E07", "community_id"]
    )


def test_flows_run_from_school_to_school(path: Path, toy: Assignment) -> None:
    flows, table = layer(path, "flows"), toy.network.flows
    for column in ("from_id", "to_id", "students", "source"):
        assert flows[column].tolist() == table[column].tolist()
    schools = toy.district.schools
    ends = shapely.get_coordinates(flows.geometry.array).reshape(-1, 2, 2)
    for k, column in enumerate(("from_id", "to_id")):
        assert ends[:, k] == pytest.approx(schools.loc[table[column], ["lon", "lat"]].to_numpy())
    home = toy.plan_table().set_index("school_id")["community_id"]
    inside = home[table["from_id"]].to_numpy() == home[table["to_id"]].to_numpy()
    assert flows["inside"].tolist() == inside.tolist()
    assert 0 < inside.sum() < len(inside)


def test_every_layer_has_a_default_style_that_names_its_fields(path: Path) -> None:
    styles = rows(
        path,
        "SELECT f_table_catalog, f_table_schema, f_table_name, f_geometry_column, useAsDefault, "
        "styleSLD, owner, ui, styleQML FROM layer_styles",
    )
    assert {row[2] for row in styles} == set(LAYERS)
    assert all(row[:2] == ("", "") and row[3:8] == ("geom", 1, "", "", "") for row in styles)
    for row in styles:
        root = ET.fromstring(str(row[8]))  # noqa: S314 - our own text
        fields = set(layer(path, str(row[2])).columns)
        assert root.tag == "qgis"
        for renderer in root.iter("renderer-v2"):
            assert renderer.get("attr", "source") in fields | {"source"}
        for text in root.iter("text-style"):
            assert text.get("fieldName") in fields
            assert text.get("isExpression") == "0"
        for option in root.iter("Option"):
            if option.get("name") == "field":
                assert option.get("value") in fields


def test_the_same_plan_gives_the_same_bytes(
    path: Path, build: Callable[[int], Assignment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    again = build(0)
    assert geopackage(again, score(again)) == path.read_bytes()
    times = rows(path, "SELECT last_change FROM gpkg_contents")
    times += rows(path, "SELECT update_time FROM layer_styles")
    assert set(times) == {("2026-01-01T00:00:00.000Z",)}


def test_the_clock_of_gdal_is_put_back(toy: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    geopackage(toy, score(toy))
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == before


def test_own_measures_may_be_called_anything(toy: Assignment, tmp_path: Path) -> None:
    """Names that SQLite, GDAL or a style already use, and one that ends a statement."""
    names = ["fid", "GEOM", "color", "Name", "label_lon", "community", 'a"; DROP TABLE x; --', "é"]
    counts = pd.DataFrame(
        {name: toy.district.statistics.counts["meals"] + k for k, name in enumerate(names)}
    )
    measures = replace(toy.district.statistics, counts=counts, need=None, need_weights={})
    odd = replace(toy, district=replace(toy.district, statistics=measures))
    path = tmp_path / "plan.gpkg"
    path.write_bytes(geopackage(odd, score(odd)))
    communities, schools = layer(path, "communities"), layer(path, "schools")
    assert communities["color"].tolist() == list(toy.community_colors)
    assert schools["community"].tolist()[0] in toy.community_names
    for k, name in enumerate(names):
        shown = next(one for one in (f"{name}_2", name) if one in schools)
        assert schools[shown].tolist() == counts[name].tolist(), (k, name)


def test_plans_cut_short_are_written(toy: Assignment, tmp_path: Path) -> None:
    """No flows, a school in no community, a community without land or schools."""
    none = np.array([], dtype=np.int64)
    graph = replace(
        toy.network.graph,
        flow_from=none,
        flow_to=none,
        flow_students=none.astype(float),
        flow_source=none.astype(str),
    )
    home = toy.school_community.copy()
    home[0] = -1
    short = replace(
        toy,
        network=replace(toy.network, graph=graph, flows=toy.network.flows.iloc[:0]),
        school_community=home,
        communities=(*toy.communities, Community("C05", 5, "Nowhere", "#88CCEE")),
    )
    path = tmp_path / "plan.gpkg"
    path.write_bytes(geopackage(short, score(short)))
    assert len(layer(path, "flows")) == 0
    assert layer(path, "communities").geometry.isna().tolist() == [False] * 4 + [True]
    assert pd.isna(layer(path, "schools")["community_id"][0])


@given(st.lists(st.text(alphabet="aAbBéÉ_2\0 ", max_size=4) | st.sampled_from(["fid", "geom"])))
def test_fields_differ_whatever_their_case(names: list[str]) -> None:
    made = field_names(names)
    taken = [name.casefold() for name in [*made, "fid", "geom"]]
    assert len(made) == len(names)
    assert len(set(taken)) == len(taken)
    assert all(
        name.startswith(given.replace("\0", "")) for name, given in zip(made, names, strict=True)
    )
