"""Texts that would open a formula, all over a district: told at the door, tame in every table."""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest
from rich.table import Table
from spreadsheet import records

from feeder import Plan, open_plan, read_district
from feeder.cli.telling import on_one_line, show_table
from feeder.district.files.linebreaks import on_one_line as joined
from feeder.errors import Findings
from feeder.scenario import Scenario, read_scenario
from feeder.writing.texts import csv_text

FORMULA = re.compile(r"[\s\0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?")
BREAKS = ("\r", "\n", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
NORTH, SOUTH = "North\r=1+1", "South\u2028@x"
"""Two communities of today."""


@pytest.fixture(scope="module")
def hostile(village: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The village with a formula behind a line break in each of its texts."""
    folder = tmp_path_factory.mktemp("hostile")
    for path in village.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    schools = pd.read_csv(village / "schools.csv", dtype=str, keep_default_na=False)
    marks = [BREAKS[at % len(BREAKS)] for at in range(len(schools))]
    schools["name"] = [f"{n}{m}=1+1" for n, m in zip(schools["name"], marks, strict=True)]
    schools.loc[0, "name"] = "\t=cmd|x"
    schools.loc[1, "name"] = "\uff1d1+1"
    schools["kind"] = schools["kind"].where(schools["kind"] == "charter", "+kind\r-2")
    schools["region"] = "@Region\r=2"
    plan = pd.read_csv(village / "plan.csv", dtype=str, keep_default_na=False)
    plan["community_id"] = plan["community_id"].map({"North": NORTH, "South": SOUTH})
    for name, table in (("schools.csv", schools), ("plan.csv", plan)):
        table.to_csv(folder / name, index=False, quoting=csv.QUOTE_ALL, lineterminator="\n")
    return folder


@pytest.fixture(scope="module")
def plan(hostile: Path) -> Plan:
    return open_plan(hostile, "today")


def cells(text: str) -> Iterator[str]:
    """Give every cell that is no number, of a table as a spreadsheet reads it."""
    rows = records(text.removeprefix("\ufeff"))
    assert len({len(row) for row in rows}) == 1
    yield from (cell for row in rows for cell in row if not NUMBER.fullmatch(cell))


def test_line_breaks_are_told_once_a_column(hostile: Path) -> None:
    told = [str(one) for one in read_district(hostile).warnings if one.rule == "line-breaks"]
    assert [re.split(": ", one)[0] for one in told if one.startswith("schools.csv")] == [
        f"schools.csv, column {name}" for name in ("name", "kind", "region")
    ]
    assert (
        "schools.csv, column region: 13 cells had line breaks, read as spaces: @Region =2." in told
    )
    assert any(one.startswith("plan.csv, column community_id: ") for one in told)


def test_no_text_of_a_district_has_two_lines(hostile: Path, plan: Plan) -> None:
    schools = read_district(hostile).schools
    for name in ("name", "kind", "region"):
        for text in schools[name].dropna():
            assert len(str(text).splitlines()) <= 1
    assert set(plan.assignment.community_ids) == {"North =1+1", "South @x"}


def test_no_table_of_a_plan_opens_a_formula(plan: Plan, tmp_path: Path) -> None:
    folder = plan.write(tmp_path / "plan")
    tables = sorted(folder.glob("*.csv"))
    assert {"plan.csv", "schools.csv", "flows.csv", "scorecard.csv"} <= {t.name for t in tables}
    for path in tables:
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        found = list(cells(content.decode()))
        assert not [cell for cell in found if FORMULA.match(cell)], path.name
        again = pd.read_csv(path, dtype=str)
        assert len(again.columns) == len(records(content.decode())[0])
    back = open_plan(plan.district, folder)
    assert back.plan_id == plan.plan_id


def test_no_table_of_an_analysis_opens_a_formula(plan: Plan) -> None:
    found: dict[str, Mapping[str, pd.DataFrame]] = {
        "diff": plan.difference("today").tables,
        "compare": plan.compare({"today": plan}).tables,
        "explain": plan.explain("007").tables,
        "offices": plan.offices().tables,
    }
    for command, tables in found.items():
        for name, table in tables.items():
            wild = [cell for cell in cells(csv_text(table)) if FORMULA.match(cell)]
            assert not wild, (command, name)


@pytest.mark.parametrize("mark", BREAKS)
def test_texts_of_a_scenario_stand_on_one_line(mark: str, tmp_path: Path) -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in mark)
    file = tmp_path / "scenario.toml"
    file.write_text(f'locked = {{ "a{escaped}1" = "North{escaped}=1" }}\nnested_in = "x{escaped}y"')
    asked = read_scenario(Scenario(), file, {})
    assert dict(asked.locked) == {"a 1": "North =1"}
    assert asked.nested_in == "x y"


@pytest.mark.parametrize("mark", BREAKS)
def test_cells_are_joined_and_counted(mark: str) -> None:
    findings = Findings()
    frame = pd.DataFrame({"a": [f"x{mark}y", f" {mark}z", "plain  text"], "b": ["1", "2", ""]})
    assert joined(frame, "t.csv", findings)["a"].tolist() == ["x y", "z", "plain  text"]
    (told,) = findings.warnings
    assert str(told) == "t.csv, column a: 2 cells had line breaks, read as spaces: x y; z."


@pytest.mark.parametrize("name", [":smile: School", "[bold]Elm[/bold]", "Back\\", "a\\[b", "[/x]"])
def test_names_stay_as_they_are_on_a_terminal(name: str, capsys: pytest.CaptureFixture) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column(on_one_line(name))
    table.add_row(on_one_line(name))
    show_table(table)
    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [name, name]
