"""Points that cannot be right: lost points and signs, centers of cities, schools far from home."""

import json
from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from feeder.district.read import Reading, survey_district
from feeder.district.schools.points import repairs

AREAS = '\n[[attendance_areas]]\nlevel = "elementary"\npath = "areas.geojson"\n'


def town(points: Sequence[tuple[object, object]], level: str = "K-5") -> str:
    lines = ["school_id,name,lat,lon,enrollment,grades"]
    for number, (lat, lon) in enumerate(points):
        lines.append(f"s{number:02},School {number},{lat},{lon},{100 + number},{level}")
    return "\n".join(lines)


GRID = [(40.01234 + 0.011 * (n % 4), -75.01234 + 0.013 * (n // 4)) for n in range(16)]


def read(small: SimpleNamespace, points: Sequence[tuple[object, object]]) -> Reading:
    return survey_district(small.write(schools_csv=town(points)))


def test_points_apart_are_told_nothing(small: SimpleNamespace) -> None:
    reading = read(small, GRID)
    assert not reading.problems
    assert not reading.warnings


def test_a_lost_decimal_point_is_named(small: SimpleNamespace) -> None:
    lost = [(f"{lat:.6f}".replace(".", ""), f"{lon:.6f}".replace(".", "")) for lat, lon in GRID]
    (problem,) = read(small, lost).problems
    assert problem.rule == "point-lost"
    assert "40.012340, -75.012340" in problem.message


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ((-75.01, 40.01), "swapped in this row: 40.01, -75.01"),
        ((40.01, 75.01), "minus sign of lon is lost: 40.01, -75.01"),
        ((4001234, -7501234), "decimal point is lost: 40.0123, -75.0123"),
        ((43.9, -75.01), "are the columns swapped?"),
    ],
)
def test_one_row_that_is_wrong_says_how(
    small: SimpleNamespace, point: tuple[float, float], words: str
) -> None:
    (problem,) = read(small, [*GRID, point]).problems
    assert problem.row == 18
    assert "School 16" in problem.message
    assert words in problem.fix


def test_many_that_are_wrong_in_one_way_are_one_error(small: SimpleNamespace) -> None:
    wrong = [(lat, -lon) for lat, lon in GRID[:6]]
    (problem,) = read(small, [*GRID, *wrong]).problems
    assert (problem.rule, problem.row) == ("far-away", 18)
    assert "6 schools at impossible places: School 16; School 17; School 18" in problem.message
    (problem,) = read(small, [(lat + 80, lon) for lat, lon in GRID]).problems
    assert problem.rule == "latitude-range"


@pytest.mark.parametrize("place", [(0, None), (None, -75.0)])
def test_one_latitude_or_longitude_for_all(
    small: SimpleNamespace, place: tuple[float | None, float | None]
) -> None:
    same = [tuple(p if p is not None else q for p, q in zip(place, at, strict=True)) for at in GRID]
    reading = read(small, same)
    told = reading.problems if place[0] == 0 else reading.warnings
    assert "same-coordinate" in [p.rule for p in told]


def test_repairs_do_nothing_where_nothing_helps() -> None:
    assert repairs(10.0, 20.0, (40.0, -75.0)) is None


def test_a_minus_sign_lost_by_all(small: SimpleNamespace) -> None:
    reading = read(small, [(lat, -lon) for lat, lon in GRID])
    assert [w.rule for w in reading.warnings] == ["sign-lost"]


def test_centers_of_cities_are_counted_by_level(small: SimpleNamespace) -> None:
    reading = read(small, [(round(lat, 1), round(lon, 1)) for lat, lon in GRID])
    (warning,) = reading.warnings
    assert warning.rule == "crowded-points"
    assert "16 schools of 16 share a point" in warning.message
    assert "No coordinate has more than 0 decimals" in warning.message
    mixed = town(GRID[:8]) + "\n" + town(GRID[:8], "6-8").partition("\n")[2].replace("s0", "m0")
    assert not survey_district(small.write(schools_csv=mixed)).warnings  # of two levels


def test_few_decimals_are_told_where_no_point_is_shared(small: SimpleNamespace) -> None:
    reading = read(small, [(40 + n / 100, -75 + n / 50) for n in range(12)])
    assert [w.rule for w in reading.warnings] == ["coarse-points"]


def test_a_school_far_from_all_others_is_named(small: SimpleNamespace) -> None:
    reading = read(small, [*GRID, (40.81234, -75.01234)])
    (warning,) = reading.warnings
    assert warning.rule == "far-from-others"
    assert "School 16 (87 km)" in warning.message


def test_a_school_far_from_its_own_area_is_named(small: SimpleNamespace) -> None:
    schools = small.schools.replace("03,Cedar,40.005,-74.985", "03,Cedar,40.105,-74.985")
    reading = survey_district(small.write(AREAS, schools_csv=schools))
    (warning,) = reading.warnings
    assert warning.rule == "far-from-area"
    assert "Cedar (11 km from its elementary area)" in warning.message


@pytest.mark.parametrize("shape", ["Point", "Polygon"])
def test_points_of_a_layer_serve_where_there_are_no_columns(
    small: SimpleNamespace, shape: str
) -> None:
    features = []
    for number, (lat, lon) in enumerate(GRID):
        ring = small.square(round(lon - 0.001, 6), round(lat - 0.001, 6), 0.002)
        at = [lon, lat] if shape == "Point" else [ring]
        properties = {"school_id": f"{number:02}", "name": f"S{number}", "grades": "K-5"}
        features.append(
            {
                "type": "Feature",
                "properties": properties | {"enrollment": 100 + number},
                "geometry": {"type": shape, "coordinates": at},
            }
        )
    layer = json.dumps({"type": "FeatureCollection", "features": features})
    manifest = small.manifest.replace("schools.csv", "schools.geojson")
    folder = small.write(district_toml=manifest, schools_geojson=layer)
    reading = survey_district(folder)
    assert [w.rule for w in reading.warnings] == ["points-of-layer"]
    assert reading.district is not None
    found = reading.district.schools.loc["05", ["lat", "lon"]].tolist()
    assert found == pytest.approx(list(GRID[5]), abs=1e-6)
