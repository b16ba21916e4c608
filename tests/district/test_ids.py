"""Ids as spreadsheets and web pages leave them, in every table."""

from types import SimpleNamespace

import pandas as pd
import pytest

from feeder.district import read_district
from feeder.district.read import Reading, survey_district
from feeder.district.tables.ids import alike, read_ids, zeros_restored
from feeder.district.tables.table import Table
from feeder.errors import Findings

FLOWS = '\n[flows]\npath = "flows.csv"\nsource = "observed"\n'


def rules(reading: Reading) -> tuple[list[str], list[str]]:
    return [p.rule for p in reading.problems], [w.rule for w in reading.warnings]


@pytest.mark.parametrize(
    ("cells", "ids", "rule"),
    [
        (['="0105"', "0106"], ["0105", "0106"], "id-guarded"),
        (["'0105", "0106"], ["0105", "0106"], "id-guarded"),
        (["0105\u200b", "\ufeff0106"], ["0105", "0106"], "id-invisible"),
        (["105.0", "106.0"], ["105", "106"], "id-pointed"),
        (["0105 ", "0106"], ["0105", "0106"], "id-trimmed"),
    ],
)
def test_what_is_no_part_of_an_id_is_taken_off_and_told(
    cells: list[str], ids: list[str], rule: str
) -> None:
    findings = Findings()
    table = Table("t.csv", pd.DataFrame({"id": cells}, dtype=str))
    assert read_ids(table, "id", findings).tolist() == ids
    assert [warning.rule for warning in findings.warnings] == [rule]


def test_ids_with_points_of_their_own_stay() -> None:
    findings = Findings()
    table = Table("t.csv", pd.DataFrame({"id": ["1.0", "1.1", "2.0"]}, dtype=str))
    assert read_ids(table, "id", findings).tolist() == ["1.0", "1.1", "2.0"]
    table = Table("t.csv", pd.DataFrame({"id": ["5", "5.0"]}, dtype=str))
    assert read_ids(table, "id", findings).tolist() == ["5", "5.0"]
    table = Table("t.csv", pd.DataFrame({"id": ["5.0", "6.0"]}, dtype=str))
    assert read_ids(table, "id", findings, {"5.0", "6.0"}).tolist() == ["5.0", "6.0"]
    assert not findings.warnings


def test_zeros_come_back_where_no_doubt_is_left() -> None:
    known = ["0105", "0106", "210", "007"]
    assert zeros_restored(["105", "106", "210", "99"], known) == (
        {"105": "0105", "106": "0106"},
        {},
    )
    assert zeros_restored(["0105", "105"], known)[0] == {}  # two forms of one: which is right?
    assert zeros_restored(["0210"], known)[0] == {"0210": "210"}
    sure, torn = zeros_restored(["12", "13"], ["012", "12", "0013"])
    assert sure == {"13": "0013"}
    assert torn == {"12": ["012", "12"]}
    assert zeros_restored(["012", "12"], ["012", "12"]) == ({}, {})


def test_ids_that_are_alike_but_for_how_they_are_written() -> None:
    assert alike("A-01 b") == alike("a01B")
    assert alike("1E3") == alike("1000")
    assert alike("105.0") == alike("0105")


def test_lost_zeros_in_flows_are_put_back_and_told(small: SimpleNamespace) -> None:
    flows = small.flows.replace("\n0", "\n")  # of senders only
    reading = survey_district(small.write(FLOWS, flows_csv=flows))
    assert rules(reading) == ([], ["id-zeros"])
    assert "1 is 01" in reading.warnings[0].message
    assert reading.district is not None
    pd.testing.assert_frame_equal(
        reading.district.flows, read_district(small.write(FLOWS, flows_csv=small.flows)).flows
    )


@pytest.mark.parametrize("column", ["school_id", "from_id"])
def test_rounded_ids_are_one_error_that_names_the_spreadsheet(
    small: SimpleNamespace, column: str
) -> None:
    text = small.schools if column == "school_id" else small.flows
    rounded = "\n".join(
        [text.splitlines()[0], *("1.96473E+13" + line[2:] for line in text.splitlines()[1:])]
    )
    name = "schools_csv" if column == "school_id" else "flows_csv"
    reading = survey_district(small.write(FLOWS, **{name: rounded}))
    (problem,) = reading.problems
    assert (problem.rule, problem.row) == ("id-rounded", 2)
    assert "spreadsheet" in problem.message
    assert "as text" in problem.fix


def test_zeros_that_two_schools_may_have_lost_are_an_error(small: SimpleNamespace) -> None:
    schools = small.schools.replace("\n10,", "\n1,")
    flows = small.flows.replace("10", "1").replace("\n0", "\n")
    reading = survey_district(small.write(FLOWS, schools_csv=schools, flows_csv=flows))
    assert "1 may be 01 or 1" in next(
        p.message for p in reading.problems if p.rule == "id-zeros-lost"
    )


def test_near_ids_are_told_and_a_blank_one_is_called_blank(small: SimpleNamespace) -> None:
    schools = small.schools.replace("\n10,", "\nM-10,")
    flows = small.flows.replace("\n10,", "\nm10,").replace(",10,", ",M-10,") + ",20,5\n"
    reading = survey_district(small.write(FLOWS, schools_csv=schools, flows_csv=flows))
    assert rules(reading) == ([], ["blank-id", "unknown-id"])
    assert "The schools table has M-10 for m10" in reading.warnings[1].message


def test_guarded_ids_are_the_same_school_everywhere(small: SimpleNamespace) -> None:
    schools = small.schools.replace("\n01,", '\n="01",').replace("\n02,", "\n'02,")
    reading = survey_district(small.write(FLOWS, schools_csv=schools))
    assert rules(reading) == ([], ["id-guarded"])
    assert reading.district is not None
    assert list(reading.district.schools.index)[:2] == ["01", "02"]
