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


HOMES = [(40.001 + n / 1000, -75.009 + n / 500) for n in range(12)]


def homes_of(values: list[object]) -> str:
    lines = [f"{lat:.4f},{lon:.4f},{n}" for (lat, lon), n in zip(HOMES, values, strict=True)]
    return "\n".join(["lat,lon,n", *lines])


@pytest.mark.parametrize(
    ("values", "rules", "total"),
    [
        (["", *[20] * 10, 25], ["residents-unknown"], 225),
        (["*", "s", *[20] * 9, 25], ["suppressed-residents"], 205),
        (["10-19", *[20] * 10, 25], [], 239.5),
        ([12.3 + n for n in range(12)], ["percent-as-count"], 213.6),
        ([0.05 + n / 100 for n in range(12)], ["percent-as-count"], 1.26),
        ([0.5 + 20 * n for n in range(12)], [], 1326),
        ([2024] * 12, ["same-for-all"], 24288),
        ([*range(1, 12), 66], ["is-total"], 132),
        ([*range(1, 12), 67], [], 133),
    ],
)
def test_counts_that_may_be_none_are_told(
    small: SimpleNamespace, values: list[object], rules: list[str], total: float
) -> None:
    reading = survey_district(small.write(POINTS, homes_csv=homes_of(values)))
    assert [one.rule for one in reading.warnings] == rules
    assert reading.district is not None
    assert reading.district.residents is not None
    assert reading.district.residents["students"].sum() == pytest.approx(total)


@pytest.mark.parametrize("value", [-20, 51012600000101])
def test_no_number_of_residents_is_refused_with_the_way_out(
    small: SimpleNamespace, value: int
) -> None:
    reading = survey_district(small.write(POINTS, homes_csv=homes_of([value, *range(11)])))
    (problem,) = reading.problems
    assert problem.row == 2
    assert problem.fix


def test_residents_far_from_every_school_are_told(small: SimpleNamespace) -> None:
    homes = homes_of([20] * 12).replace("40.0010", "0.0").replace("40.0020", "-1")
    reading = survey_district(small.write(POINTS, homes_csv=homes.replace(",20", ",21", 1)))
    (told,) = reading.warnings
    assert told.rule == "residents-afield"
    assert "2 places with 41 residents" in told.message


def test_one_latitude_for_all_residents_is_told(small: SimpleNamespace) -> None:
    lines = [f"40.0,{lon:.4f},{n + 3}" for n, (_, lon) in enumerate(HOMES)]
    text = "\n".join(["lat,lon,n", *lines])
    (told,) = survey_district(small.write(POINTS, homes_csv=text)).warnings
    assert told.rule == "same-coordinate"
    assert "every place has the same latitude, 40." in told.message
