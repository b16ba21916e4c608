"""``feeder validate``: what is told, the JSON, the exit codes; runs that fail leave no trace."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from broken.book import fingerprint
from broken.case import Change, add, put, swap, toml
from mutations import toml as written
from town import DISTRICT, write_town
from typer.testing import CliRunner, Result

from feeder.cli import app
from feeder.opening.validate import validate_district


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_town(tmp_path / "town")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_sound_folder_is_told_so(town: Path) -> None:
    result = run("validate", town)
    assert result.exit_code == 0
    assert result.stdout == "0 errors, 0 warnings: it can be planned.\n"


def test_errors_come_before_warnings(town: Path) -> None:
    swap("schools.csv", "60,PK", "60,nest")(town)
    add("zz,m1,5\n", "flows.csv")(town)
    toml('"observed"', '"obsrved"')(town)
    result = run("validate", town)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    told = [line.split()[:2] for line in lines[:-1] if not line.startswith(" ")]
    assert told == [
        ["error", "district.toml:"], ["error", "schools.csv,"], ["warning", "flows.csv,"]
    ]  # fmt: skip
    assert "schools.csv, line 15, column grades" in result.stdout
    assert "Did you mean observed?" in result.stdout
    assert lines[-1] == "2 errors, 1 warning: it cannot be planned yet."


def test_what_many_rows_have_is_told_once_and_the_json_keeps_each(town: Path) -> None:
    text = (town / "schools.csv").read_text()
    (town / "schools.csv").write_text(text.replace("K-5", "K-Q"))
    result = run("validate", town)
    (line,) = [line for line in result.stdout.splitlines() if "column grades" in line]
    assert line.startswith("error    schools.csv, column grades: 8 times: line 2: Alder (e1): ")
    assert line.endswith("and 5 more.")
    records = json.loads(run("validate", town, "--json", "-").stdout)
    assert sum(record["column"] == "grades" for record in records) == 8


def test_limits_are_told_without_a_search(town: Path) -> None:
    toml("communities = 2", "communities = 3")(town)
    result = run("validate", town)
    assert result.exit_code == 1
    assert "only 2 campuses serve them" in result.stdout


@pytest.mark.parametrize("text", ["communities = 3\n", "[scenario]\ncommunities = 3\n"])
def test_a_scenario_file_is_checked_too(town: Path, tmp_path: Path, text: str) -> None:
    scenario = tmp_path / "more.toml"
    scenario.write_text(text)
    assert run("validate", town, "--scenario", scenario).exit_code == 1
    scenario.write_text("comunities = 3\n")
    assert "Did you mean communities?" in run("validate", town, "--scenario", scenario).stdout
    for content in (b"\xff\xfe", b"communities = ", b"a = " + b"[" * 9999, b"[scenario]\n[more]\n"):
        scenario.write_bytes(content)
        result = run("validate", town, "--scenario", scenario)
        assert result.exit_code == 1
        assert "scenario" in result.stdout


def test_json_has_one_flat_record_a_finding(town: Path, tmp_path: Path) -> None:
    swap("flows.csv", "e1,m1,36", "e1,m1,lots")(town)
    add("zz,m1,5\n", "flows.csv")(town)
    printed = run("validate", town, "--json", "-")
    assert printed.exit_code == 1
    error, warning = json.loads(printed.stdout)
    assert error == {
        "file": "flows.csv",
        "row": 2,
        "column": "students",
        "value": "lots",
        "rule": "not-a-number",
        "severity": "error",
        "message": '"lots" is not a number.',
        "fix": "Write a number, or leave the cell blank.",
    }
    assert list(warning) == list(error)
    assert (warning["severity"], warning["rule"]) == ("warning", "unknown-id")
    target = tmp_path / "findings.json"
    target.write_text("of an earlier run")
    assert run("validate", town, "--json", target).exit_code == 1
    assert target.read_text() == printed.stdout


@pytest.mark.parametrize("name", ["schools.csv", "district.toml"])
def test_json_never_takes_the_place_of_an_input(town: Path, name: str) -> None:
    before = fingerprint(town)
    result = run("validate", town, "--json", town / name)
    assert result.exit_code == 1
    assert "is among the files that are read" in result.stderr
    assert fingerprint(town) == before


def test_json_into_what_is_no_folder_is_told(town: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("validate", town, "--json", tmp_path / "file" / "x.json")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert run("validate", town, "--json", tmp_path).exit_code == 2


def test_limits_of_the_command_line_are_checked_too(town: Path) -> None:
    assert run("validate", town).exit_code == 0
    result = run("validate", town, "--communities", 40)
    assert result.exit_code == 1
    assert "it cannot be planned" in result.stdout


def test_hostile_texts_stay_texts_on_the_terminal(town: Path) -> None:
    swap("schools.csv", "Birch", "\x1b[2J[red]Birch[/red]")(town)
    swap("schools.csv", "-74.985,300", "-74.985,\x1b]0;x")(town)
    result = run("validate", town)
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
    assert "line 3, column enrollment" in result.stdout


FAILING = {
    "broken input": swap("schools.csv", "480,6-8", "480,some"),
    "impossible limits": toml("communities = 2", "communities = 3"),
    "no plan found": toml("tolerance = 0.5", "tolerance = 0.0001"),
    "no manifest": lambda folder: (folder / "district.toml").unlink(),
}


@pytest.mark.parametrize("change", FAILING.values(), ids=FAILING.keys())
def test_a_failed_run_leaves_everything_as_it_was(
    town: Path, tmp_path: Path, change: Change
) -> None:
    out = tmp_path / "out"
    assert run("plan", town, "--effort", "quick", "--out", out).exit_code == 0
    change(town)
    before = fingerprint(tmp_path)
    for target in (out, tmp_path / "new" / "folder"):
        result = run("plan", town, "--effort", "quick", "--out", target)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
    assert fingerprint(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "town"]


def _into_the_district(folder: Path) -> Path:
    return folder


def _over_a_file(folder: Path) -> Path:
    (folder.parent / "thesis.txt").write_text("years of work")
    return folder.parent / "thesis.txt"


def _below_a_file(folder: Path) -> Path:
    return _over_a_file(folder) / "out"


def _over_strangers(folder: Path) -> Path:
    (folder.parent / "desk").mkdir()
    (folder.parent / "desk" / "thesis.txt").write_text("years of work")
    return folder.parent / "desk"


def _to_nowhere(_folder: Path) -> Path:
    return Path("/proc/no/such/place")


@pytest.mark.parametrize(
    "place", [_into_the_district, _over_a_file, _below_a_file, _over_strangers, _to_nowhere]
)
def test_an_occupied_or_unwritable_output_folder_is_refused_before_any_work(
    town: Path, place: Callable[[Path], Path]
) -> None:
    out = place(town)
    before = fingerprint(town.parent)
    result = run("plan", town, "--out", out)
    assert result.exit_code in {1, 2}
    assert isinstance(result.exception, SystemExit)
    assert fingerprint(town.parent) == before


def _values(record: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = record.items() if isinstance(record, dict) else enumerate(record)
    found = []
    for key, value in items:
        found.append((*path, key))
        if isinstance(value, dict | list):
            found += _values(value, (*path, key))
    return found


PATHS = _values(tomllib.loads(DISTRICT))
ODD = [0, -1, 1.5, float("nan"), 10**20, True, "", "x", [], ["x"], [[]], {}, {"x": 1}, "\u202e"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_a_value_of_any_wrong_kind_is_told(town: Path, path: tuple[Any, ...]) -> None:
    (town / "schools.csv").unlink()  # so that reading ends with district.toml
    for value in ODD:
        record = tomllib.loads(DISTRICT)
        inner = record
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        put("district.toml", written(record))(town)
        report = validate_district(town)
        assert not report.usable
        assert all(problem.message for problem in report.problems)


def test_a_date_where_a_text_is_expected_is_told(town: Path) -> None:
    toml('"2024"', "2024-09-01")(town)
    (problem,) = validate_district(town).problems
    assert "expected a text in quotes" in problem.message
