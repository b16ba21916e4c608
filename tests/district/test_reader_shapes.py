"""Flow tables and plans laid out otherwise than a row a pair, or a row a school."""

from types import SimpleNamespace

import pandas as pd
import pytest

from feeder.district import read_district
from feeder.district.read import Reading, survey_district

FLOWS = '[flows]\npath = "flows.csv"\nsource = "observed"\n'
PLAN = '[existing_plan]\npath = "plan.csv"\n'
MATRIX = """\
,10,20,30
01,9,,0
02,18,-,
03,27,,
10,,30,
"""


def flows_of(reading: Reading) -> list[tuple[str, str, float]]:
    assert reading.district is not None, reading.problems
    flows = reading.district.flows
    assert flows is not None
    return list(flows[["from_id", "to_id", "students"]].itertuples(index=False, name=None))


def survey(small: SimpleNamespace, flows: str, keys: str = "") -> Reading:
    return survey_district(small.write(FLOWS + keys, flows_csv=flows))


@pytest.fixture
def pairs(small: SimpleNamespace) -> list[tuple[str, str, float]]:
    return flows_of(survey(small, small.flows))


@pytest.mark.parametrize(
    "text",
    [
        MATRIX,
        MATRIX.replace(",10", "from,10", 1),
        "\n".join(f"{line},{'Total' if n == 0 else ''}" for n, line in enumerate(MATRIX.split())),
        f"{MATRIX}Total,54,30,0\n",
        f"Where they go\nin a year\n{MATRIX}",
        MATRIX.replace("10,20,30", "Maple Middle,High,Nest").replace("01,", "Alder,", 1),
    ],
)
def test_a_matrix_is_read_as_pairs(
    small: SimpleNamespace, pairs: list[tuple[str, str, float]], text: str
) -> None:
    reading = survey(small, text, "header = 3" if text.startswith("Where") else "")
    assert flows_of(reading) == pairs
    assert "flows-matrix" in [warning.rule for warning in reading.warnings]


def test_what_is_wrong_in_a_matrix_is_told_by_row_and_receiver(small: SimpleNamespace) -> None:
    (problem,) = survey(small, MATRIX.replace("18", "many")).problems
    assert (problem.rule, problem.row, problem.column) == ("not-a-number", 3, "10")


def test_suppressed_cells_of_a_matrix_stay_suppressed(small: SimpleNamespace) -> None:
    reading = survey(small, MATRIX.replace("18", "<20"), "suppressed_range = [1, 19]")
    assert ("02", "10", 10.0) in flows_of(reading)


@pytest.mark.parametrize("whole", [1, 100])
def test_a_matrix_of_shares_is_told_by_its_sums(small: SimpleNamespace, whole: int) -> None:
    schools = small.schools + "04,Dogwood,40.006,-75.004,60,K-5,W\n"
    half, all_of_it = f"{whole / 2:g}", f"{whole}"
    lines = [",10,20", *(f"{i},{all_of_it}," for i in ("01", "02", "03", "04")), f"10,,{all_of_it}"]
    lines[1] = f"01,{half},{half}"
    folder = small.write(FLOWS, flows_csv="\n".join(lines), schools_csv=schools)
    reading = survey_district(folder)
    assert "matrix-of-shares" in [warning.rule for warning in reading.warnings]
    assert ("02", "10", 20.0) in flows_of(reading)  # all leavers of 120 pupils in six grades


def test_a_matrix_turned_round_is_an_error(small: SimpleNamespace) -> None:
    (problem,) = survey(small, "school,01,02,03\n10,9,18,27\n").problems
    assert problem.rule == "flows-exchanged"


def students(pairs: str) -> str:
    """Return one row a student, with ids and grades."""
    rows: list[str] = []
    for line in pairs.splitlines()[1:]:
        sender, receiver, count = line.split(",")
        grade = {"10": 8}.get(sender, 5)
        rows += [f"{sender},{grade},{receiver}"] * int(count)
    numbered = (f"{number:04d},{row}\n" for number, row in enumerate(rows, start=1))
    return "pupil,school,grade,next\n" + "".join(numbered)


KEYS = 'shape = "students"\ncolumns = { student_id = "pupil", from_id = "school", to_id = "next"'


def test_students_are_counted_by_pair(
    small: SimpleNamespace, pairs: list[tuple[str, str, float]]
) -> None:
    reading = survey(small, students(small.flows), f"{KEYS} }}")
    assert flows_of(reading) == pairs
    (told,) = reading.warnings
    assert "84 students" in told.message


def test_students_who_stay_leave_or_arrive_are_told(
    small: SimpleNamespace, pairs: list[tuple[str, str, float]]
) -> None:
    others = "a1,01,3,01\na2,01,4,01\na3,02,5,\na4,,5,10\na5,02,2,10\n"
    keys = f'{KEYS}, grade = "grade" }}'
    reading = survey(small, students(small.flows) + others, keys)
    assert flows_of(reading) == pairs
    (told,) = reading.warnings
    for words in ("2 stay", "1 leave the district", "1 are new to it", "1 change school before"):
        assert words in told.message


def test_a_student_counts_once_and_is_never_named(
    small: SimpleNamespace, pairs: list[tuple[str, str, float]]
) -> None:
    text = students(small.flows)
    again = text.splitlines()[1]
    reading = survey(small, f"{text}{again}\n", f"{KEYS} }}")
    assert flows_of(reading) == pairs
    assert "line 86" in reading.warnings[0].message
    elsewhere = again.replace(",10", ",20")
    (problem,) = survey(small, f"{text}{elsewhere}\n", f"{KEYS} }}").problems
    assert problem.rule == "student-again"
    assert problem.value is None
    assert again.split(",")[0] not in problem.message


def test_students_unsaid_are_an_error_with_the_line_to_write(small: SimpleNamespace) -> None:
    columns = 'columns = { from_id = "school", to_id = "next" }'
    (problem,) = survey(small, students(small.flows), columns).problems
    assert problem.rule == "missing-column"
    assert 'shape = "students"' in problem.fix


def test_ids_are_no_counts(small: SimpleNamespace) -> None:
    rows = students(small.flows).replace("\n0", "\n5000")
    columns = 'columns = { from_id = "school", to_id = "next", students = "pupil" }'
    (problem,) = survey(small, rows, columns).problems
    assert problem.rule == "ids-as-students"
    assert "5000" not in problem.message


@pytest.mark.parametrize(
    ("students", "level"), [(60, "leavers"), (61, "warning"), (180, "warning"), (181, "error")]
)
def test_flows_above_enrollment(small: SimpleNamespace, students: int, level: str) -> None:
    """Alder has 60 pupils; the others send what they may."""
    reading = survey(small, small.flows.replace("01,10,9", f"01,10,{students}"))
    rule = "flows-above-enrollment"
    assert (rule in [problem.rule for problem in reading.problems]) == (level == "error")
    assert (rule in [warning.rule for warning in reading.warnings]) == (level == "warning")


def test_exchanged_columns_are_an_error(small: SimpleNamespace) -> None:
    flows = small.flows.replace("from_id,to_id", "to_id,from_id")
    assert [problem.rule for problem in survey(small, flows).problems] == ["flows-exchanged"]


TODAY = {"01": "North", "02": "North", "03": "South", "10": "North", "20": "South", "30": "North"}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("North,South\n01,03\n02,20\n10,\n30,\n", ""),
        ("No.,North,South\n1,01,03\n2,02,20\n3,10,\n4,30,\n", ""),
        ("North,South\nAlder,Cedar\nBirch,High\nMaple Middle,\nNest,\n", ""),
        (
            "community,s1,s2,s3,s4\nNorth,01,02,10,30\nSouth,03,20,,\n",
            'columns = { community_id = "community" }',
        ),
    ],
)
def test_a_plan_in_columns_or_rows_is_read(small: SimpleNamespace, text: str, keys: str) -> None:
    reading = survey_district(small.write(PLAN + keys, plan_csv=text))
    assert reading.district is not None, reading.problems
    plan = reading.district.existing_plan
    assert isinstance(plan, pd.Series)
    assert dict(plan) == TODAY
    assert "plan-as-columns" in [warning.rule for warning in reading.warnings]


def test_rows_of_schools_want_their_community_named(small: SimpleNamespace) -> None:
    text = "group,s1,s2\nNorth,01,02\nSouth,03,20\n"
    (problem,) = survey_district(small.write(PLAN, plan_csv=text)).problems
    assert problem.rule == "plan-as-columns"
    assert 'community_id = "group"' in problem.fix


def test_a_school_in_two_columns_is_told_where(small: SimpleNamespace) -> None:
    text = "North,South\n01,03\n02,20\n10,01\n30,\n"
    (problem,) = survey_district(small.write(PLAN, plan_csv=text)).problems
    assert (problem.rule, problem.row, problem.column) == ("duplicate-id", 4, "South")


def test_the_usual_shapes_are_as_before(small: SimpleNamespace) -> None:
    plan = "school_id,community_id\n" + "".join(f"{i},{c}\n" for i, c in TODAY.items())
    district = read_district(small.write(FLOWS + PLAN, plan_csv=plan))
    assert district.warnings == ()
