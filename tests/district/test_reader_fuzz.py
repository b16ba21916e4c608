"""Whatever stands in a table, a district or a list of problems comes of it, never a crash."""

import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from fuzzing import examples
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from feeder.district import District, read_district
from feeder.errors import InputError

ODD = [
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "nan",
    "*",
    "<5",
    "=1",
    "01",
    "02 ",
    "x",
    "K-5",
    "AO",
    "40,5",
    '"',
]
SECTIONS = """
missing_location = "drop"
missing_enrollment = "drop"
enrollment_by_grade = { PK = "pk", K = "k" }
[[attendance_areas]]
level = "elementary"
path = "areas.geojson"
[flows]
path = "flows.csv"
source = "zoned"
suppressed_range = [1, 9]
[existing_plan]
path = "schools.csv"
columns = { community_id = "region" }
[measures]
path = "schools.csv"
counts = { k = "k" }
need = { k = 1 }
"""
CHANGES = st.lists(
    st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 8), st.sampled_from(ODD)),
    min_size=1,
    max_size=6,
)


def changed(text: str, changes: list[tuple[int, int, str]]) -> str:
    cells = [line.split(",") for line in text.splitlines()]
    for row, column, value in changes:
        line = cells[row % len(cells)]
        line[column % len(line)] = value
    return "\n".join(",".join(line) for line in cells)


def read(folder: Path) -> District | InputError:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return read_district(folder)
        except InputError as error:
            return error


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_odd_cells(small: SimpleNamespace, changes: list[tuple[bool, int, int, str]]) -> None:
    head, *rows = small.schools.splitlines()
    schools = "\n".join([head + ",pk,k", *(f"{row},0,{n}" for n, row in enumerate(rows))])
    folder = small.write(
        SECTIONS,
        schools_csv=changed(schools, [c[1:] for c in changes if c[0]]),
        flows_csv=changed(small.flows, [c[1:] for c in changes if not c[0]]),
    )
    found = read(folder)
    if isinstance(found, InputError):
        assert found.problems
        assert all(problem.message and problem.rule for problem in found.problems)
        return
    assert found.schools.index.is_unique
    assert np.isfinite(found.schools[["lat", "lon", "leavers", "entering"]].to_numpy()).all()
    assert found.flows is not None
    assert found.flows[["from_id", "to_id"]].isin(found.schools.index).all().all()
    assert (found.flows["students"] > 0).all()
