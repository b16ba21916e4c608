"""Where residents live: blocks and points with counts, read where they fit, else told."""

from types import SimpleNamespace

import pytest

from feeder.district.read import read_district, survey_district

BLOCKS = '[residents]\npath = "blocks.geojson"\ncolumns = { students = "pop" }\n'
POINTS = '[residents]\npath = "homes.csv"\ncolumns = { students = "n" }\n'


def block(small: SimpleNamespace, west: float, **counts: object) -> dict[str, object]:
    return small.feature(counts, small.square(west))


def test_blocks_keep_their_counts_and_empty_blocks_are_land(small: SimpleNamespace) -> None:
    layer = small.geojson(block(small, -75.01, pop=40), block(small, -75.0, pop=0))
    residents = read_district(small.write(BLOCKS, blocks_geojson=layer)).residents
    assert residents is not None
    assert residents["students"].tolist() == [40.0, 0.0]
    assert residents.crs == "EPSG:4326"
    assert residents.geom_type.tolist() == ["Polygon", "Polygon"]


def test_points_are_columns_of_a_table(small: SimpleNamespace) -> None:
    homes = "lat,lon,n\n40.005,-75.005,7\n40.006,-74.995,3\n"
    residents = read_district(small.write(POINTS, homes_csv=homes)).residents
    assert residents is not None
    assert residents.geom_type.unique().tolist() == ["Point"]
    assert residents["students"].sum() == 10


def test_counts_by_grade_add_up_to_all(small: SimpleNamespace) -> None:
    section = '[residents]\npath = "blocks.geojson"\nby_grade = { K = "k", 5 = "g5" }\n'
    layer = small.geojson(block(small, -75.01, k=4, g5=2), block(small, -75.0, k=1, g5=""))
    residents = read_district(small.write(section, blocks_geojson=layer)).residents
    assert residents is not None
    assert residents["K"].tolist() == [4.0, 1.0]
    assert residents["5"].tolist() == [2.0, 0.0]
    assert residents["students"].tolist() == [6.0, 1.0]


def test_a_district_without_residents_has_none(small: SimpleNamespace) -> None:
    assert read_district(small.write()).residents is None


@pytest.mark.parametrize(
    ("section", "rule"),
    [
        ('[residents]\npath = "blocks.geojson"\n', "missing-key"),
        (
            '[residents]\npath = "blocks.geojson"\ncolumns = { students = "people" }\n',
            "missing-column",
        ),
        (
            '[residents]\npath = "blocks.geojson"\nby_grade = { K = "pop" }\n'
            'by_level = { high = "pop" }\n',
            "manifest-value",
        ),
        ('[flows]\nuse = ["areas", "guess"]\n', "manifest-value"),
        ("[flows]\nuse = []\n", "manifest-value"),
        ('[flows]\nuse = ["areas", "areas"]\n', "manifest-value"),
    ],
)
def test_mistakes_are_told(small: SimpleNamespace, section: str, rule: str) -> None:
    layer = small.geojson(block(small, -75.01, pop=40))
    reading = survey_district(small.write(section, blocks_geojson=layer))
    assert rule in {problem.rule for problem in reading.problems}


def test_nobody_anywhere_is_an_error(small: SimpleNamespace) -> None:
    layer = small.geojson(block(small, -75.01, pop=0))
    reading = survey_district(small.write(BLOCKS, blocks_geojson=layer))
    assert "no-residents" in {problem.rule for problem in reading.problems}


def test_a_place_without_a_shape_is_named(small: SimpleNamespace) -> None:
    homes = "lat,lon,n\n40.005,-75.005,7\n,,3\n"
    district = read_district(small.write(POINTS, homes_csv=homes))
    assert district.residents is not None
    assert district.residents["students"].sum() == 7
    (warning,) = [one for one in district.warnings if one.rule == "residents-without-place"]
    assert "line 3" in warning.message
