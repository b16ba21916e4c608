"""Whatever is wrong with one table, what is wrong with the others is told in the same run."""

import json
from pathlib import Path

import pytest
from town import AREAS, DISTRICT, FLOWS, MEASURES, OFFICES, PLAN, SCHOOLS, write_town

from feeder.opening.validate import validate_district

FAULTS = {
    "flows.csv": FLOWS.replace("e1,m1,36", "e1,m1,many"),
    "measures.csv": MEASURES.replace("e1,60", "e1,lots").replace("absent", "away"),
    "plan.csv": PLAN.replace("community_id", "community"),
    "offices.csv": OFFICES.replace("40.01", "north"),
    "areas.geojson": AREAS.replace("school_id", "school"),
    "highs.geojson": "{",
    "outline.geojson": None,
    "goals.csv": "school_id,n,of\ne1,some,240\n",
    "budget.csv": "school_id,dollars\ne1,much\n",
    "homes.csv": "lat,lon,students\n40.005,-74.995,all\n40.015,-74.995,40\n",
    "district.toml": DISTRICT
    + """
[residents]
path = "homes.csv"
columns = { students = "students" }
[funding]
path = "budget.csv"
columns = { last_year = "dollars" }
per_pupil = 1
[goals]
path = "goals.csv"
[goals.measures.reading]
numerator = "n"
denominator = "of"
target = 0.9
unit = "share"
better = "higher"
colour = "red"
[streets]
path = "roads.graphml"
""",
}
TOLD = {
    ("flows.csv", "not-a-number"),
    ("measures.csv", "not-a-number"),
    ("measures.csv", "missing-column"),
    ("plan.csv", "missing-column"),
    ("offices.csv", "not-a-number"),
    ("areas.geojson", "missing-column"),
    ("highs.geojson", "not-json"),
    ("goals.csv", "not-a-number"),
    ("budget.csv", "not-a-number"),
    ("homes.csv", "not-a-number"),
    ("district.toml", "unknown-key"),
    ("district.toml", "missing-file"),
}
"""What is wrong with every table but the schools; two files are not there."""


def told(folder: Path) -> list[tuple[str | None, str]]:
    return [(problem.file, problem.rule) for problem in validate_district(folder).problems]


@pytest.mark.parametrize(
    ("schools", "rules"),
    [
        (SCHOOLS.replace("240", "x", 1), {"not-a-number"}),
        (SCHOOLS.replace("lat,", "latitud,").replace("240", "x", 1),
         {"missing-column", "not-a-number"}),
        (SCHOOLS.replace("school_id,", "key,").replace("K-5", "some", 1),
         {"missing-column", "grades"}),
        (SCHOOLS.replace("e1,", "5.10126E+11,"), {"id-rounded"}),
        (SCHOOLS.splitlines()[0], {"no-schools"}),
        ("<html><table><tr><td>1", {"not-its-format"}),
    ],
    ids=["a cell", "a column", "no ids", "lost ids", "no rows", "no table"],
)  # fmt: skip
def test_a_fault_in_every_table_is_told_in_one_run(
    schools: str, rules: set[str], tmp_path: Path
) -> None:
    found = told(write_town(tmp_path, {**FAULTS, "schools.csv": schools}))
    assert set(found) == TOLD | {("schools.csv", rule) for rule in rules}
    assert found.count(("district.toml", "missing-file")) == 2  # the outline and the streets


def test_without_a_file_of_schools_the_others_are_read(tmp_path: Path) -> None:
    found = told(write_town(tmp_path, {**FAULTS, "schools.csv": None}))
    assert set(found) == TOLD
    assert found.count(("district.toml", "missing-file")) == 3


MATRIX = "from_id,m1,m2,h1,h2\ne1,36,,,\ne3,,27,,\nm1,,,150,\nm2,,,,155\n"
WIDE = "A,B\ne1,e3\nm1,m2\nh1,h2\n"
SEVERAL = AREAS.replace('"e1"', '"e1/e2"')
NAMED = json.dumps(json.loads(AREAS.replace('"e1"', '"Alder"').replace('"e2"', '"Birch"')))


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"flows.csv": MATRIX},
        {"plan.csv": WIDE},
        {"areas.geojson": SEVERAL},
        {"areas.geojson": NAMED},
        {"flows.csv": FLOWS.replace("e1,", "'e1,").replace("e2,", '"=""e2""",')},
        {"plan.csv": PLAN.replace(",A", ",0")},
    ],
)
def test_tables_in_order_are_not_blamed_for_schools_that_cannot_be_read(
    others: dict[str, str], tmp_path: Path
) -> None:
    schools = SCHOOLS.replace("lat,", "latitud,")
    found = told(write_town(tmp_path, {"schools.csv": schools, **others}))
    assert found == [("schools.csv", "missing-column")]


def test_a_column_that_lacks_does_not_hide_the_cells_of_others(tmp_path: Path) -> None:
    flows = FLOWS.replace("to_id", "into").replace("e1,m1,36", "e1,m1,many")
    found = told(write_town(tmp_path, {"flows.csv": flows}))
    assert found == [("flows.csv", "missing-column"), ("flows.csv", "not-a-number")]
