"""Layers, rows by grade and rows of students are read in the grades that the district has."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from feeder.district import District, read_district
from feeder.district.land.area_levels import level_of_word
from feeder.district.read import survey_district
from feeder.district.schools.grade_systems import SYSTEMS

Replaced = Callable[..., str]


@dataclass(frozen=True)
class Elsewhere:
    """A system: its section, what stands for K-5, 6-8 and 9-12, and two grades of the first."""

    section: str
    first: str
    second: str
    last: str
    early: str
    late: str
    words: tuple[str, str, str]


PLACES = {
    "scotland": Elsewhere(
        '[grades]\nsystem = "scotland"\n',
        *("P1-P7", "S1-S3", "S4-S6", "P6", "P7"),
        ("Primary", "Secondary", "Secondary schools"),
    ),
    "england": Elsewhere(
        '[grades]\nsystem = "england"\n[levels]\nInfant = "Year 1-Year 6"\n'
        'Lower = "Year 7-Year 9"\nUpper = "Year 10-Year 13"\n',
        *("Year 1-Year 6", "Y7-Y9", "Y10-Y13", "Year 5", "Year 6"),
        ("Infant schools", "Lower", "Upper school"),
    ),
    "own": Elsewhere(
        '[grades]\nnames = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]\n'
        '[levels]\nGrundschule = "1-4"\nMittelstufe = "5-7"\nOberstufe = "8-10"\n',
        *("1-4", "5-7", "8-10", "3", "4"),
        ("Grundschule", "Mittelstufe", "Oberstufe"),
    ),
}
LEVELS = {
    "scotland": ("elementary", "high", "high"),
    "england": ("elementary", "middle", "high"),
    "own": ("elementary", "middle", "high"),
}


@pytest.fixture(params=PLACES)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def there(name: str) -> Elsewhere:
    return PLACES[name]


@pytest.fixture
def schools(small: SimpleNamespace, replaced: Replaced, there: Elsewhere) -> str:
    return replaced(
        small.schools,
        ("K-5", there.first),
        ("6-8", there.second),
        ("9-12", there.last),
        (",PK,", ",,"),
    )


def areas(small: SimpleNamespace, *words: str) -> str:
    """Return the three areas, one of each kind of school, with a word each."""
    layer = json.loads(small.areas)
    for feature, school, word in zip(layer["features"], ("01", "10", "20"), words, strict=True):
        feature["properties"] = {"school_id": school, "band": word}
    return json.dumps(layer)


def levels_of(district: District) -> dict[str, str]:
    assert district.areas is not None
    return dict(zip(district.areas["school_id"], district.areas["level"], strict=True))


def test_an_area_is_of_its_schools_level(
    small: SimpleNamespace, schools: str, there: Elsewhere, name: str
) -> None:
    layer = areas(small, "", "", "")
    section = '[[attendance_areas]]\npath = "areas.geojson"\n'
    district = read_district(
        small.write(there.section + section, schools_csv=schools, areas_geojson=layer)
    )
    assert levels_of(district) == dict(zip(("01", "10", "20"), LEVELS[name], strict=True))


@pytest.mark.parametrize("by", ["spans", "words"])
def test_a_word_of_an_area_is_the_districts_own(
    small: SimpleNamespace, schools: str, there: Elsewhere, name: str, by: str
) -> None:
    words = there.words if by == "words" else (there.first, there.second, there.last)
    section = '[[attendance_areas]]\npath = "areas.geojson"\nlevel_column = "band"\n'
    district = read_district(
        small.write(
            there.section + section, schools_csv=schools, areas_geojson=areas(small, *words)
        )
    )
    assert levels_of(district) == dict(zip(("01", "10", "20"), LEVELS[name], strict=True))
    assert not [one for one in district.warnings if one.rule == "level-unknown"]


def test_a_mixed_layer_names_the_column_that_tells_the_levels_apart(
    small: SimpleNamespace, schools: str, there: Elsewhere
) -> None:
    layer = json.loads(small.areas)
    places = [*layer["features"], *json.loads(small.areas)["features"]]
    ids = ("01", "02", "03", "10", "20", "20")
    spans = (*(there.first,) * 3, there.second, *(there.last,) * 2)
    for feature, school, word in zip(places, ids, spans, strict=True):
        feature["properties"] = {"school_id": school, "band": word}
    text = json.dumps({**layer, "features": places})
    section = '[[attendance_areas]]\npath = "areas.geojson"\nlevel = "elementary"\n'
    found = survey_district(
        small.write(there.section + section, schools_csv=schools, areas_geojson=text)
    )
    (problem,) = [one for one in found.problems if one.rule == "levels-mixed"]
    assert f'where = {{ band = ["{there.first}"] }}' in problem.fix


def test_rows_by_grade_are_added_up(small: SimpleNamespace, schools: str, there: Elsewhere) -> None:
    head, *rows = schools.splitlines()
    cells = [row.split(",") for row in rows if not row.startswith("30")]
    parts = [
        ",".join([*row[:4], str(int(row[4]) // 3 * share), row[5], row[6], grade])
        for row in cells
        for grade, share in ((there.early, 1), (there.late, 2))
    ]
    text = "\n".join([f"{head},grade", *parts])
    reading = survey_district(small.write(there.section, schools_csv=text))
    assert [one.rule for one in reading.warnings] == ["rows-added"]
    assert reading.district is not None
    assert reading.district.schools["enrollment"].to_dict() == {
        "01": 60, "02": 120, "03": 180, "10": 90, "20": 198,
    }  # fmt: skip


def test_grades_that_say_so_themselves_need_no_header(small: SimpleNamespace) -> None:
    head, *rows = small.schools.replace("K-5", "P1-P7").splitlines()[:4]
    parts = [f"{row},{stage}" for row in rows for stage in ("P1", "P2")]
    text = "\n".join([f"{head},stage", *parts])
    reading = survey_district(small.write(PLACES["scotland"].section, schools_csv=text))
    assert [one.rule for one in reading.warnings] == ["rows-added"]
    assert reading.district is not None
    assert reading.district.schools.loc["01", "enrollment"] == 120


def test_students_who_leave_before_the_last_grade_are_left_out(
    small: SimpleNamespace, schools: str, there: Elsewhere
) -> None:
    rows = [("01", "10", there.late)] * 3 + [("01", "10", there.early)] * 2
    text = "\n".join(["from_id,to_id,grade", *map(",".join, rows)])
    section = '[flows]\npath = "flows.csv"\nsource = "observed"\nshape = "students"\n'
    district = read_district(
        small.write(there.section + section, schools_csv=schools, flows_csv=text)
    )
    assert district.flows is not None
    assert district.flows["students"].tolist() == [3.0]
    (told,) = [one for one in district.warnings if one.rule == "flows-students"]
    assert "2 change school before its last grade" in told.message


@pytest.mark.parametrize(
    ("word", "system", "level"),
    [
        ("P1-P7", "scotland", "elementary"),
        ("S1-S6", "scotland", "high"),
        ("S1", "scotland", "high"),
        ("P1-S6", "scotland", "elementary"),
        ("Primary Zones", "scotland", "elementary"),
        ("Reception-Year 6", "england", "elementary"),
        ("Year 7-13", "england", "high"),
        ("Secondary", "england", "high"),
        ("6-8", "scotland", None),
        ("2", "scotland", None),
        ("K-5", "england", None),
    ],
)
def test_words_of_levels_in_other_systems(word: str, system: str, level: str | None) -> None:
    assert level_of_word(word, SYSTEMS[system]) == level
