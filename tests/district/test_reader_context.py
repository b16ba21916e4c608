"""Streets, water and neighborhoods: read where they fit, told where they do not."""

from types import SimpleNamespace

import pytest
import shapely

from feeder.district.read import read_district, survey_district
from feeder.errors import InputError

STREETS = '[[context]]\nkind = "streets"\npath = "streets.geojson"\ncolumns = { name = "label" }\n'
WATER = '[[context]]\nkind = "water"\npath = "water.geojson"\n'


def shape(kind: str, coordinates: object, **properties: str) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_layers_keep_their_kind_names_and_order(small: SimpleNamespace) -> None:
    lines = small.geojson(
        shape("LineString", [[-75.01, 40.005], [-74.98, 40.005]], label="Main Street"),
        shape("LineString", [[-75.0, 40.0], [-75.0, 40.01]], label=""),
    )
    lake = small.geojson(shape("Polygon", [small.square(-74.995, 40.002, 0.002)]))
    folder = small.write(WATER + STREETS, streets_geojson=lines, water_geojson=lake)
    district = read_district(folder)
    context = district.context
    assert context is not None
    assert context["kind"].tolist() == ["water", "streets", "streets"]
    assert context["name"].tolist() == ["", "Main Street", ""]
    assert context.crs == "EPSG:4326"
    assert shapely.get_dimensions(context.geometry.to_numpy()).tolist() == [2, 1, 1]
    assert {"streets.geojson", "water.geojson"} <= {file.path for file in district.inputs}
    assert not district.warnings


def test_a_district_without_context_has_none(small: SimpleNamespace) -> None:
    assert read_district(small.write()).context is None


def test_shapes_that_nothing_is_drawn_from_are_named(small: SimpleNamespace) -> None:
    mixed = small.geojson(
        shape("Point", [-75.0, 40.0], label="a pole"),
        shape("LineString", [[-75.01, 40.005], [-74.98, 40.005]], label="Main Street"),
    )
    district = read_district(small.write(STREETS, streets_geojson=mixed))
    assert district.context is not None
    assert district.context["name"].tolist() == ["Main Street"]
    (warning,) = [one for one in district.warnings if one.rule == "context-shape"]
    assert "feature 1" in warning.message
    assert "Give lines" in warning.message


def test_mistakes_are_told_all_at_once(small: SimpleNamespace) -> None:
    far = small.geojson(shape("LineString", [[10.0, 50.0], [10.1, 50.0]]))
    sections = (
        STREETS + '[[context]]\nkind = "rivers"\npath = "streets.geojson"\n'
        '[[context]]\npath = "nowhere.geojson"\n'
    )
    reading = survey_district(small.write(sections, streets_geojson=far))
    rules = {problem.rule for problem in reading.problems}
    assert {"manifest-value", "missing-key", "missing-column", "layers-apart"} <= rules
    with pytest.raises(InputError, match="streets"):
        read_district(small.write(sections, streets_geojson=far))


def test_a_background_names_one_host_and_its_publisher(small: SimpleNamespace) -> None:
    url = "https://tiles.example.org:8080/osm/{z}/{x}/{y}.png?key=a1"
    section = f'[background]\nurl = "{url}"\nattribution = "Example"\n'
    background = read_district(small.write(section)).background
    assert background is not None
    assert background.url == url
    assert background.host == "https://tiles.example.org:8080"
    assert read_district(small.write()).background is None


@pytest.mark.parametrize(
    "url",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://{s}.example.org/{z}/{x}/{y}.png",
        "https://a.org;script-src 'unsafe-inline'/{z}/{x}/{y}",
        "https://a.org/{z}/{x}/{y}.png; img-src *",
    ],
)
def test_a_background_that_asks_elsewhere_is_refused(small: SimpleNamespace, url: str) -> None:
    section = f'[background]\nurl = "{url}"\nattribution = "Example"\n'
    (problem,) = survey_district(small.write(section)).problems
    assert problem.rule == "manifest-value"
    assert "https address" in problem.message
