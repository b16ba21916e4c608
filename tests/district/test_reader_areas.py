"""Attendance areas and outlines: CRS, repairs, vacant land."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import box

from feeder.district import District, read_district

AREAS = '\n[[attendance_areas]]\nlevel = "elementary"\npath = "areas.geojson"\n'
CELL = 1e-4
"""Square degrees of one square of the small district."""


def message(district: District, rule: str) -> str:
    (found,) = [str(warning) for warning in district.warnings if warning.rule == rule]
    return found


def sizes(areas: gpd.GeoDataFrame) -> list[float]:
    return [float(size) for size in shapely.area(areas.geometry.to_numpy())]


def test_one_row_a_school_in_degrees(small: SimpleNamespace) -> None:
    district = read_district(small.write(AREAS))
    areas = district.areas
    assert areas is not None
    assert areas.crs.to_epsg() == 4326
    assert list(areas.columns) == ["level", "area_id", "school_id", "geometry"]
    assert areas["area_id"].tolist() == ["elementary-01", "elementary-02", "elementary-03"]
    assert areas["school_id"].tolist() == ["01", "02", "03"]
    assert sum(sizes(areas)) == pytest.approx(3 * CELL)
    assert not district.warnings


def test_numeric_ids_of_a_layer_are_text(small: SimpleNamespace) -> None:
    layer = small.geojson(
        small.feature({"school_id": 10}, small.square(-75.01)),
        small.feature({"school_id": None}, small.square(-75.0)),
    )
    areas = read_district(small.write(AREAS, areas_geojson=layer)).areas
    assert areas is not None
    assert areas["school_id"].tolist() == ["10", None]
    assert areas["area_id"].tolist() == ["elementary-10", "elementary-feature-2"]


def test_strangers_and_schools_left_out_leave_vacant_areas(small: SimpleNamespace) -> None:
    square, feature = small.square, small.feature
    layer = small.geojson(
        feature({"school_id": "01"}, square(-75.01)),
        feature({"school_id": "77"}, square(-75.0)),
        feature({"school_id": "03"}, square(-74.99)),
        feature({"school_id": "77"}, square(-75.0, 40.01)),
        feature({"school_id": "02"}, square(-75.01, 40.01)),
        feature({"school_id": ""}, square(-74.99, 40.01)),
    )
    section = 'where = { region = "W" }' + AREAS
    district = read_district(small.write(section, areas_geojson=layer))
    areas = district.areas
    assert areas is not None
    vacant = areas[areas["school_id"].isna()]
    assert vacant["area_id"].tolist() == [
        "elementary-03", "elementary-77", "elementary-feature-6"
    ]  # fmt: skip
    assert sizes(vacant) == pytest.approx([CELL, 2 * CELL, CELL])
    assert sum(sizes(areas)) == pytest.approx(6 * CELL)
    assert "77" in message(district, "unknown-id")
    assert "Cedar (03)" in message(district, "school-left-out")
    assert "feature 6" in message(district, "area-without-id")


def test_features_and_layers_of_one_school_are_united(small: SimpleNamespace) -> None:
    square, feature = small.square, small.feature
    more = small.geojson(feature({"id": "01"}, square(-75.01, 40.01)))
    second = AREAS.replace("areas", "more").replace("attendance_more", "attendance_areas")
    district = read_district(
        small.write(AREAS + second + 'columns = { school_id = "id" }', more_geojson=more)
    )
    areas = district.areas
    assert areas is not None
    assert areas["school_id"].tolist() == ["01", "02", "03"]
    assert sizes(areas) == pytest.approx([2 * CELL, CELL, CELL])


def test_levels_keep_their_order(small: SimpleNamespace) -> None:
    high = '\n[[attendance_areas]]\nlevel = "high"\npath = "high.geojson"\n'
    layer = small.geojson(small.feature({"school_id": "20"}, small.square(-75.01, side=0.03)))
    areas = read_district(small.write(high + AREAS, high_geojson=layer)).areas
    assert areas is not None
    assert areas["area_id"].tolist() == [
        "high-20", "elementary-01", "elementary-02", "elementary-03"
    ]  # fmt: skip


def test_invalid_rings_are_repaired_and_shapes_without_area_left_out(
    small: SimpleNamespace,
) -> None:
    feature, square = small.feature, small.square
    bow = [[-75.01, 40.0], [-75.0, 40.01], [-75.0, 40.0], [-75.01, 40.01], [-75.01, 40.0]]
    layer = small.geojson(
        feature({"school_id": "01"}, bow),
        feature({"school_id": "02"}),
        feature({"school_id": "03"}, square(-74.99)[:-1]),
    )
    district = read_district(small.write(AREAS, areas_geojson=layer))
    areas = district.areas
    assert areas is not None
    assert areas.geometry.is_valid.all()
    assert areas["school_id"].tolist() == ["01", "03"]
    assert sizes(areas) == pytest.approx([CELL / 2, CELL])
    assert "Alder (01)" in message(district, "ring-repaired")
    assert "Birch (02)" in message(district, "no-polygon")
    assert "Non closed ring" in message(district, "layer-notes")


def test_a_layer_in_metres_is_brought_to_degrees(small: SimpleNamespace) -> None:
    folder = small.write(AREAS.replace("geojson", "gpkg"))
    expected = gpd.read_file(folder / "areas.geojson")
    expected.to_crs("EPSG:32618").to_file(folder / "areas.gpkg")
    areas = read_district(folder).areas
    assert areas is not None
    assert areas.geometry.geom_equals_exact(expected.geometry, 1e-9).all()


def test_a_layer_without_crs_is_taken_as_degrees_with_a_warning(small: SimpleNamespace) -> None:
    folder = small.write(AREAS.replace("geojson", "shp"))
    layer = gpd.read_file(folder / "areas.geojson").set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"):
        layer.to_file(folder / "areas.shp")
    district = read_district(folder)
    assert "EPSG:4326 was taken" in message(district, "crs-assumed")
    names = {file.path for file in district.inputs}
    assert {"areas.shp", "areas.dbf", "areas.shx"} <= names


def test_the_boundary_is_the_union_of_its_features(small: SimpleNamespace) -> None:
    section = '[boundary]\npath = "areas.geojson"'
    boundary = read_district(small.write(section)).boundary
    assert boundary is not None
    assert boundary.geom_type == "Polygon"
    assert boundary.symmetric_difference(box(-75.01, 40.0, -74.98, 40.01)).area < 1e-12
    some = read_district(small.write(section + '\nwhere = { school_id = ["01", "02"] }')).boundary
    assert some is not None
    assert some.area == pytest.approx(2 * CELL)


def test_of_a_mixed_shape_the_polygons_stay(small: SimpleNamespace) -> None:
    line = {"type": "LineString", "coordinates": [[-75.01, 40.0], [-75.0, 40.02]]}
    area = small.feature({}, small.square(-75.01))["geometry"]
    mixed = {"type": "GeometryCollection", "geometries": [line, area]}
    layer = small.geojson(
        {"type": "Feature", "properties": {"school_id": "01"}, "geometry": mixed},
        {"type": "Feature", "properties": {"school_id": "02"}, "geometry": line},
    )
    district = read_district(small.write(AREAS, areas_geojson=layer))
    assert district.areas is not None
    assert sizes(district.areas) == pytest.approx([CELL])
    assert "Birch (02)" in message(district, "no-polygon")


def test_a_geopackage_that_another_program_left_open_is_read_and_stays_as_it_is(
    small: SimpleNamespace, tmp_path: Path
) -> None:
    folder = small.write(AREAS.replace("geojson", "gpkg"))
    desk = tmp_path / "areas.gpkg"
    gpd.read_file(folder / "areas.geojson").to_file(desk, SPATIAL_INDEX="NO")
    with closing(sqlite3.connect(desk)) as database:
        database.execute("PRAGMA journal_mode=wal")
        database.execute("UPDATE areas SET school_id = '30' WHERE school_id = '03'")
        database.commit()
        for file in tmp_path.glob("areas.gpkg*"):  # as they lie on a disk after a crash
            shutil.copy(file, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert "areas.gpkg-wal" in before
    district = read_district(folder)
    assert district.areas is not None
    assert district.areas["school_id"].tolist() == ["01", "02", "30"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "areas.gpkg-wal" in {file.path for file in district.inputs}
