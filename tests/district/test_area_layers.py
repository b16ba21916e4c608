"""Layers of areas as districts publish them: levels, names, several schools, several years."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from feeder.district import District, read_district
from feeder.district.land.area_levels import level_of_word
from feeder.errors import InputError, Problem

WEST, MIDDLE, EAST = -75.01, -75.0, -74.99
Section = Callable[..., str]


def layer(*keys: str) -> str:
    """Return a section of areas with other keys than a level."""
    return "\n".join(["\n[[attendance_areas]]", 'path = "areas.geojson"', *keys, ""])


def rows(district: District) -> list[tuple[str, str, str | None]]:
    areas = district.areas
    assert areas is not None
    return list(areas[["level", "area_id", "school_id"]].itertuples(index=False, name=None))


def told(district: District, rule: str) -> Problem:
    (found,) = [one for one in district.warnings if one.rule == rule]
    return found


def refused(folder: Any) -> Problem:
    with pytest.raises(InputError) as raised:
        read_district(folder)
    (problem,) = raised.value.problems
    return problem


@pytest.fixture
def squares(small: SimpleNamespace) -> Callable[..., str]:
    """Make a layer of squares from west to east, each with fields."""

    def make(*fields: dict[str, Any]) -> str:
        features = [
            small.feature(field, small.square(WEST + 0.01 * (at % 3), 40.0 + 0.01 * (at // 3)))
            for at, field in enumerate(fields)
        ]
        return small.geojson(*features)

    return make


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("ES", "elementary"),
        ("Elementary School", "elementary"),
        ("K-5", "elementary"),
        ("K-8", "elementary"),
        ("1", "elementary"),
        ("Jr. High", "middle"),
        ("Middle Schools", "middle"),
        ("6-8", "middle"),
        ("6-12", "middle"),
        ("2", "middle"),
        ("HIGH", "high"),
        ("9-12", "high"),
        ("Senior High Zone", "high"),
        ("4", "elementary"),
        ("Career", None),
        ("", None),
    ],
)
def test_words_of_levels(word: str, level: str | None) -> None:
    assert level_of_word(word) == level


def test_a_column_tells_the_level_of_each_area(small: SimpleNamespace, squares: Section) -> None:
    areas = squares(
        {"school_id": "01", "GRADES": "K-5"},
        {"school_id": "10", "GRADES": "MS"},
        {"school_id": "20", "GRADES": "High School"},
        {"school_id": "02", "GRADES": "Lower"},
        {"school_id": "03", "GRADES": "Open"},
    )
    keys = 'level_column = "GRADES"', 'levels = { Lower = "elementary" }'
    district = read_district(small.write(layer(*keys), areas_geojson=areas))
    assert rows(district) == [
        ("elementary", "elementary-01", "01"),
        ("elementary", "elementary-02", "02"),
        ("middle", "middle-10", "10"),
        ("high", "high-20", "20"),
    ]
    assert 'Open (1). If they are of one, say so: levels = { "Open" = "elementary" }' in (
        told(district, "level-unknown").message
    )


def test_without_a_level_areas_are_of_their_schools(
    small: SimpleNamespace, squares: Section
) -> None:
    areas = squares({"school_id": "20"}, {"school_id": "01"}, {"school_id": "10"})
    district = read_district(small.write(layer(), areas_geojson=areas))
    assert {school: level for level, _, school in rows(district)} == {
        "20": "high",
        "01": "elementary",
        "10": "middle",
    }
    assert told(district, "levels-by-school")


def test_a_column_a_level_is_said_once(small: SimpleNamespace, squares: Section) -> None:
    units = squares(
        {"es": "01", "ms": "10", "hs": "20"},
        {"es": "02", "ms": "10", "hs": "20"},
        {"es": "02", "ms": "0", "hs": "N/A"},
        {"es": "Unassigned", "ms": "10", "hs": "20"},
    )
    keys = 'columns = { elementary = "es", middle = "ms", high = "hs" }'
    district = read_district(small.write(layer(keys), areas_geojson=units))
    assert rows(district) == [
        ("elementary", "elementary-01", "01"),
        ("elementary", "elementary-02", "02"),
        ("elementary", "elementary-feature-4", None),
        ("middle", "middle-10", "10"),
        ("middle", "middle-feature-3", None),
        ("high", "high-20", "20"),
        ("high", "high-feature-3", None),
    ]
    vacant = [one.message for one in district.warnings if one.rule == "area-without-id"]
    assert [one.split(": ")[1] for one in vacant] == [
        "feature 4 (Unassigned).",
        "feature 3 (0).",
        "feature 3 (N/A).",
    ]


def test_a_level_is_told_in_one_way(small: SimpleNamespace) -> None:
    problem = refused(small.write(layer('level = "high"', 'level_column = "x"')))
    assert "level and by level_column" in problem.message


@pytest.mark.parametrize("cell", ["01/02", "01; 02", "01 & 02", "01 and 02", "01,02", "01\n02"])
def test_several_schools_in_one_cell_share_the_area(
    small: SimpleNamespace, squares: Section, cell: str
) -> None:
    areas = squares({"school_id": cell}, {"school_id": "02"}, {"school_id": "03"})
    section = layer('level = "elementary"')
    district = read_district(small.write(section, areas_geojson=areas))
    assert rows(district) == [
        ("elementary", "elementary-01+02", "01"),
        ("elementary", "elementary-01+02", "02"),
        ("elementary", "elementary-02", "02"),
        ("elementary", "elementary-03", "03"),
    ]
    assert district.areas is not None
    assert district.areas.geometry.iloc[0].equals(district.areas.geometry.iloc[1])
    assert "Alder (01) and Birch (02) (feature 1)" in told(district, "several-schools").message


def test_what_only_looks_like_several_schools_is_one_unknown_id(
    small: SimpleNamespace, squares: Section
) -> None:
    areas = squares({"school_id": "01/77"}, {"school_id": "02"}, {"school_id": "03"})
    folder = small.write(layer('level = "elementary"'), areas_geojson=areas)
    assert rows(read_district(folder))[0] == ("elementary", "elementary-01/77", None)
    said = small.write(layer('level = "elementary"', 'separator = "/"'), areas_geojson=areas)
    district = read_district(said)
    assert rows(district)[0] == ("elementary", "elementary-01", "01")
    assert "77" in told(district, "unknown-id").message


def test_names_are_taken_where_each_is_a_school(small: SimpleNamespace, squares: Section) -> None:
    areas = squares({"school_id": "ALDER"}, {"school_id": "Birch"}, {"school_id": "cedar"})
    district = read_district(small.write(layer('level = "elementary"'), areas_geojson=areas))
    assert [school for _, _, school in rows(district)] == ["01", "02", "03"]
    assert told(district, "names-as-ids")


def test_a_name_too_many_asks_for_the_key(small: SimpleNamespace, squares: Section) -> None:
    areas = squares({"school_id": "Alder"}, {"school_id": "Birch"}, {"school_id": "Dogwood"})
    problem = refused(small.write(layer('level = "elementary"'), areas_geojson=areas))
    assert problem.fix == (
        'These are names of schools: write match = "name" in [attendance_areas].'
    )
    keys = 'level = "elementary"', 'match = "name"'
    district = read_district(small.write(layer(*keys), areas_geojson=areas))
    assert [school for _, _, school in rows(district)] == ["01", "02", None]
    assert "Dogwood" in told(district, "unknown-id").message


def test_names_match_by_kind_and_never_by_guess(
    small: SimpleNamespace, squares: Section, replaced: Callable[..., str]
) -> None:
    schools = replaced(
        small.schools,
        ("01,Alder", "01,Núñez & Alder Elementary School"),
        ("02,Birch", "02,Mount Birch ES"),
        ("03,Cedar", "03,Cedar North"),
        ("30,Nest", "30,Cedar  north"),
        ("15,PK", "15,K-5"),
        ("Maple Middle", "Mt. Birch Middle"),
    )
    areas = squares(
        {"school_id": "NUNEZ AND ALDER"},
        {"school_id": "Mt. Birch"},
        {"school_id": "Cedar North"},
        {"school_id": "Mt Birch M.S."},
        {"school_id": "Mount Birch High"},
    )
    keys = 'level = "elementary"', 'match = "name"'
    district = read_district(small.write(layer(*keys), areas_geojson=areas, schools_csv=schools))
    found = {area: school for _, area, school in rows(district)}
    assert found == {
        "elementary-01": "01",
        "elementary-02": "02",  # the middle school of that name has no elementary areas
        "elementary-feature-3": None,
        "elementary-10": "10",
        "elementary-Mount Birch High": None,  # no other kind of school is meant
    }
    assert "Cedar North" in told(district, "name-of-several").message
    assert "Mt. Birch is Mount Birch ES (02)" in told(district, "name-shortened").message


def test_exchanged_layers_are_refused(small: SimpleNamespace) -> None:
    problem = refused(small.write(layer('level = "high"')))
    assert problem.rule == "levels-exchanged"
    assert 'level = "elementary"' in problem.fix


def test_a_layer_of_all_levels_is_refused_with_the_line_to_write(
    small: SimpleNamespace, squares: Section
) -> None:
    kinds = {"01": "E", "02": "E", "03": "E", "10": "M", "20": "H"}
    section = layer('level = "elementary"')
    bare = squares(*({"school_id": one} for one in kinds))
    assert "Leave the key level out" in refused(small.write(section, areas_geojson=bare)).fix
    told_by = squares(*({"school_id": one, "TYPE": kind} for one, kind in kinds.items()))
    problem = refused(small.write(section, areas_geojson=told_by))
    assert problem.rule == "levels-mixed"
    assert 'level_column = "TYPE"' in problem.fix
    assert 'where = { TYPE = ["E"] }' in problem.fix


def test_areas_of_two_years_are_told_with_the_column_of_years(small: SimpleNamespace) -> None:
    square, feature = small.square, small.feature
    areas = small.geojson(
        feature({"school_id": "01", "YR": "2023-24"}, square(WEST)),
        feature({"school_id": "01", "YR": "2024-25"}, square(WEST, side=0.008)),
        feature({"school_id": "02", "YR": "2024-25"}, square(MIDDLE)),
        feature({"school_id": "03", "YR": "2024-25"}, square(EAST)),
        feature({"school_id": "03", "YR": "2024-25"}, square(EAST, 40.01)),  # a second piece
    )
    district = read_district(small.write(layer('level = "elementary"'), areas_geojson=areas))
    message = told(district, "areas-overlap").message
    assert "1 school with several areas that overlap, united: Alder (01) (features 1 and 2)" in (
        message
    )
    assert 'where: { YR = "2024-25" }' in message


def test_a_layer_cut_by_its_server_is_refused(small: SimpleNamespace) -> None:
    for cut in (
        small.areas.replace('"type"', '"exceededTransferLimit": true, "type"', 1),
        small.areas.replace('"type"', '"properties": {"exceededTransferLimit":true}, "type"', 1),
    ):
        problem = refused(small.write(layer('level = "elementary"'), areas_geojson=cut))
        assert problem.rule == "layer-cut"
        assert "cut the layer at 3 features" in problem.message
        assert "resultOffset=3" in problem.fix


def test_a_round_number_of_features_is_told_where_schools_lack_areas(
    small: SimpleNamespace,
) -> None:
    more = [f"{100 + n},School {n},40.005,-75.00{n % 10},60,K-5,W" for n in range(20)]
    schools = small.schools + "\n".join(more) + "\n"
    square, feature = small.square, small.feature
    strips = [
        feature({"school_id": "01" if n else "02"}, square(WEST, 40.0 + n / 100)) for n in range(20)
    ]
    section = layer('level = "elementary"')
    whole = small.write(section, areas_geojson=small.geojson(*strips), schools_csv=schools)
    message = told(read_district(whole), "layer-cut").message
    assert "exactly 20 features, and 21 of 23 elementary schools have no area" in message
    less = small.geojson(*strips[:-1])
    other = read_district(small.write(section, areas_geojson=less, schools_csv=schools))
    assert all(one.rule != "layer-cut" for one in other.warnings)


def test_zeros_that_a_spreadsheet_dropped_come_back(
    small: SimpleNamespace, squares: Section
) -> None:
    areas = squares({"school_id": 1}, {"school_id": 2}, {"school_id": "03"})
    district = read_district(small.write(layer('level = "elementary"'), areas_geojson=areas))
    assert [school for _, _, school in rows(district)] == ["01", "02", "03"]


def test_flows_may_go_by_name(small: SimpleNamespace) -> None:
    flows = pd.DataFrame(
        {"from_id": ["Alder", "birch"], "to_id": ["Maple M.S.", "Maple"], "students": [9, 18]}
    ).to_csv(index=False)
    section = '[flows]\npath = "flows.csv"\nsource = "observed"\nmatch = "name"\n'
    district = read_district(small.write(section, flows_csv=flows))
    assert district.flows is not None
    assert district.flows[["from_id", "to_id"]].to_numpy().tolist() == [["01", "10"], ["02", "10"]]


def test_an_unknown_level_is_that_of_the_school(
    small: SimpleNamespace, squares: Callable[..., str]
) -> None:
    text = squares(
        {"school_id": "01", "TYPE": "Elementary"},
        {"school_id": "10", "TYPE": "Unknown"},
        {"school_id": "20", "TYPE": ""},
        {"school_id": "03", "TYPE": "Career"},
    )
    district = read_district(small.write(layer('level_column = "TYPE"'), areas_geojson=text))
    assert [(level, school) for level, _, school in rows(district)] == [
        ("elementary", "01"), ("middle", "10"), ("high", "20"),
    ]  # fmt: skip
    assert "2 areas of an unknown level" in told(district, "level-by-school").message
    assert "Career (1)" in told(district, "level-unknown").message
