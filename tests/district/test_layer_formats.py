"""Layers in the formats of mapping programs, and what looks like a layer and is none."""

import zipfile
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from feeder.district import read_district
from feeder.errors import InputError, Problem

AREAS = '\n[[attendance_areas]]\nlevel = "elementary"\npath = "areas.geojson"\n'


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(InputError) as raised:
        read_district(folder)
    return list(raised.value.problems)


def saved(small: SimpleNamespace, name: str, **options: str) -> Path:
    """Write the areas under another name, and return the folder that names them."""
    folder: Path = small.write(AREAS.replace("areas.geojson", name))
    frame = gpd.read_file(folder / "areas.geojson")
    frame.to_file(folder / name, **options)
    return folder


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("areas.fgb", {"driver": "FlatGeobuf"}),
        ("areas.gdb", {"driver": "OpenFileGDB"}),
        ("areas.kml", {"driver": "LIBKML"}),
        ("areas.kmz", {"driver": "LIBKML"}),
    ],
)
def test_formats_of_mapping_programs_are_read(
    small: SimpleNamespace, name: str, options: dict[str, str]
) -> None:
    folder = saved(small, name, **options)
    district = read_district(folder)
    assert district.areas is not None
    assert district.areas["school_id"].tolist() == ["01", "02", "03"]
    own = read_district(small.write(AREAS)).areas
    assert own is not None
    shapes = (areas.geometry.to_numpy() for areas in (district.areas, own))
    assert (shapely.area(shapely.symmetric_difference(*shapes)) < 1e-12).all()


def test_every_file_of_a_geodatabase_is_an_input(small: SimpleNamespace) -> None:
    folder = saved(small, "areas.gdb", driver="OpenFileGDB")
    (folder / "areas.gdb" / "someone.lock").write_bytes(b"")
    inside = [file.path for file in read_district(folder).inputs if ".gdb" in file.path]
    assert "areas.gdb/a00000001.gdbtable" in inside
    assert inside == sorted(inside)
    assert "areas.gdb/someone.lock" not in inside


def test_a_folder_that_is_no_geodatabase_is_told(small: SimpleNamespace) -> None:
    folder = small.write(AREAS.replace("areas.geojson", "areas.gdb"))
    (folder / "areas.gdb").mkdir()
    (problem,) = problems(folder)
    assert problem.rule == "not-its-format"
    assert "no file geodatabase" in problem.message


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("areas.zip", "the .gdb folder, inside"),
        ("areas.gdb/a00000009.gdbtable", "Name the folder that ends in .gdb"),
        ("areas.dbf", "Name the file that ends in .shp"),
        ("areas.gml", "Save it as"),
    ],
)
def test_other_files_are_named_with_the_way_out(
    small: SimpleNamespace, name: str, way_out: str
) -> None:
    folder = small.write(AREAS.replace("areas.geojson", name))
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"?")
    (problem,) = problems(folder)
    assert way_out in problem.fix


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ('{"spatialReference": {"wkid": 4326}, "features": []}', "esri-json", "f=geojson"),
        ('{"type": "Topology", "objects": {}}', "topojson", "TopoJSON"),
        ('{"error": {"code": 400, "message": "Invalid query"}}', "server-error", "Invalid query"),
        ("<!DOCTYPE html><html></html>", "not-json", "a web page"),
    ],
)
def test_what_is_no_geojson_is_told_as_what_it_is(
    small: SimpleNamespace, text: str, rule: str, words: str
) -> None:
    (problem,) = problems(small.write(AREAS, areas_geojson=text))
    assert problem.rule == rule
    assert words in str(problem)


@pytest.mark.parametrize(
    "body",
    [
        "<gml></gml>",
        "<kml><NetworkLink/></kml>",
        "<kml><NetworkLink><Link><href>https://example.org/a.kml</href></Link></NetworkLink></kml>",
        "<kml><NetworkLink><href>../a.kml</href></NetworkLink></kml>",
        '<!DOCTYPE kml [<!ENTITY x "y">]><kml></kml>',
        "<kml><!-- <OGRVRTDataSource> --></kml>",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_kml_that_is_none_or_looks_elsewhere_is_refused(
    small: SimpleNamespace, body: str, packed: bool
) -> None:
    name = "areas.kmz" if packed else "areas.kml"
    folder = small.write(AREAS.replace("areas.geojson", name))
    if packed:
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("doc.kml", body)
    else:
        (folder / name).write_text(body, encoding="utf-8")
    (problem,) = problems(folder)
    assert problem.rule in {"not-its-format", "kml-links"}


def test_a_name_cut_by_a_shapefile_is_recognised(small: SimpleNamespace) -> None:
    folder: Path = small.write(
        AREAS.replace("geojson", "shp") + 'columns = { school_id = "SCHOOL_ID_2025" }'
    )
    areas = gpd.read_file(folder / "areas.geojson")
    areas = areas.rename(columns={"school_id": "SCHOOL_ID_"}).assign(SCHOOL_I_1="x", OTHER="y")
    areas.to_file(folder / "areas.shp")
    (problem,) = problems(folder)
    assert problem.fix == "A Shapefile keeps ten letters of a name: is it SCHOOL_ID_ or SCHOOL_I_1?"


@pytest.mark.parametrize("said", ["UTF-8", "none", "wrong"])
def test_texts_of_a_shapefile_are_read_whatever_it_says(small: SimpleNamespace, said: str) -> None:
    schools = small.schools.replace("01,Alder", "01,Peña")
    keys = AREAS.replace("geojson", "shp") + 'match = "name"\ncolumns = { school_id = "name" }'
    folder = small.write(keys, schools_csv=schools)
    areas = gpd.read_file(folder / "areas.geojson").assign(name=["Peña", "Birch", "Cedar"])
    areas.to_file(folder / "areas.shp", encoding="cp1252" if said == "wrong" else "UTF-8")
    cpg = folder / "areas.cpg"
    if said == "none":
        cpg.unlink()
    elif said == "wrong":
        cpg.write_text("UTF-8", encoding="ascii")
    found = read_district(folder).areas
    assert found is not None
    assert found["school_id"].tolist() == ["01", "02", "03"]


@pytest.mark.parametrize(
    ("to", "said", "words"),
    [
        (None, "EPSG:4326", "lat and lon are exchanged"),
        ("EPSG:3857", "EPSG:4326", "EPSG:3857"),
        ("EPSG:2272", "EPSG:4326", "EPSG:2272"),
        ("EPSG:2272", "EPSG:32129", "EPSG:2272"),  # feet, said to be metres
        ("EPSG:4326", "EPSG:3857", "EPSG:4326"),  # degrees, said to be metres
    ],
)
def test_how_a_layer_was_misread_is_told(
    small: SimpleNamespace, to: str | None, said: str, words: str
) -> None:
    folder: Path = small.write(AREAS.replace("geojson", "gpkg"))
    areas = gpd.read_file(folder / "areas.geojson")
    if to is None:
        areas.geometry = shapely.transform(areas.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    else:
        areas = areas.to_crs(to)
    areas.set_crs(said, allow_override=True).to_file(folder / "areas.gpkg")
    (problem,) = problems(folder)
    assert problem.rule in {"crs-missing", "layers-apart"}
    assert words in problem.fix


def test_heights_and_measures_are_left_out(small: SimpleNamespace) -> None:
    folder: Path = small.write(AREAS.replace("geojson", "gpkg"))
    areas = gpd.read_file(folder / "areas.geojson")
    areas.geometry = shapely.force_3d(areas.geometry.to_numpy(), np.arange(3.0))
    areas.to_file(folder / "areas.gpkg")
    found = read_district(folder).areas
    assert found is not None
    assert not found.geometry.has_z.any()
