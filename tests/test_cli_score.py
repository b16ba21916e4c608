"""The doors for plans that come from elsewhere: score, compare, export."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from feeder import embedded_district
from feeder.cli import app

runner = CliRunner()


def run(*arguments: object) -> Result:
    return runner.invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def broken(village: Path, tmp_path: Path) -> Path:
    """Today's plan without Elm, with one campus parted and one school unknown."""
    text = (village / "plan.csv").read_text(encoding="utf-8")
    text = text.replace("ñandú,North\n", "").replace("h 1,South", "h 1,North")
    path = tmp_path / "mine.csv"
    path.write_text(f"{text}nobody,South\n", encoding="utf-8")
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_score_tells_figures_and_writes_nothing(village: Path, tmp_path: Path) -> None:
    result = run("score", village, village / "plan.csv")
    assert result.exit_code == 0, result.output
    assert "Village 2024" in result.stdout
    assert (
        "Students whose next school is in their community: 76.9% of observed flows; land whole."
        in result.stdout
    )
    assert "promises kept." in result.stdout
    assert "Broken" not in result.output
    assert files(tmp_path) == []


def test_export_takes_a_scenario_and_tells_what_it_cannot_write(
    village: Path, tmp_path: Path
) -> None:
    plan, out = village / "plan.csv", tmp_path / "out.csv"
    (tmp_path / "file").touch()
    asked = ("export", village, plan, "--to", "csv", "--out")
    done = run(*asked, tmp_path / "file" / "x.csv")
    assert (done.exit_code, done.exception.__class__) == (1, SystemExit)
    assert "cannot be written" in done.stderr
    (tmp_path / "mine.toml").write_text('nested_in = "nothing"\n', encoding="utf-8")
    done = run(*asked, out, "--scenario", tmp_path / "mine.toml")
    assert done.exit_code == 1
    assert "nothing" in done.stderr
    assert run(*asked, out, "--communities", 2).exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("school_id,community_id")


def test_a_terminal_that_knows_few_characters_is_no_failure(village: Path, broken: Path) -> None:
    command = [sys.executable, "-m", "feeder", "score", str(village), str(broken)]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert "Elm (ñandú) is in no community.".encode("latin-1") in done.stdout
    assert rb"Juniper Charter (\u03c7)" in done.stderr


def test_score_names_every_violation_by_community_and_school(village: Path, broken: Path) -> None:
    result = run("score", village, broken)
    assert result.exit_code == 0, result.output
    assert "  - Elm (ñandú) is in no community." in result.stdout
    assert (
        "  - one campus is parted: Alder (007) in South; South High (h 1) in North."
        in result.stdout
    )
    assert "  - South has no school that serves 9-12." in result.stdout
    assert "nobody" in result.stderr
    assert "1 school not in the plan, so in no community: Elm (ñandú)" in result.stderr


def test_every_violation_is_told_however_many(village: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.csv"
    short.write_text("school_id,community_id\n7,A\n")
    result = run("score", village, short)
    assert result.stdout.count("is in no community.") == 12


def test_score_holds_a_plan_against_the_scenario_asked_for(village: Path, tmp_path: Path) -> None:
    scenario = tmp_path / "what-if.toml"
    scenario.write_text("communities = 3\nschools = [7, 9]\n")
    plan = village / "plan.csv"
    told = run("score", village, plan, "--scenario", scenario).stdout
    assert "the plan has 2 communities, 3 were asked for." in told
    assert "South has 6 schools, the fewest allowed is 7." in told
    told = run("score", village, plan, "--scenario", scenario, "--communities", 2).stdout
    assert "were asked for" not in told
    assert "South has 6 schools" in told


def test_score_writes_the_whole_folder_where_asked(
    village: Path, broken: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "out"
    result = run("score", village, broken, "--out", out)
    assert result.exit_code == 0, result.output
    assert {"plan.csv", "scorecard.json", "map.html", "run.json"} <= set(files(out))
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert record["plan"] == "mine.csv"
    assert record["every_promise_kept"] is False
    assert record["inputs"][-1]["path"] == "mine.csv"
    assert any("nobody" in warning["message"] for warning in record["warnings"])
    card = json.loads((out / "scorecard.json").read_text(encoding="utf-8"))
    told = {promise["name"]: promise for promise in card["constraints"]}
    assert told["campus_whole"]["satisfied"] is False
    assert "ñandú,,\n" in (out / "plan.csv").read_text(encoding="utf-8")
    # What was written is a plan like any other.
    assert "Elm (ñandú) is in no community." in run("score", village, out).stdout


def test_a_plan_that_cannot_be_used_is_exit_code_1(village: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("school_id,community_id\n7,A\n7,B\n")
    for command in (["score"], ["compare"], ["export"]):
        more = ["--to", "csv", "--out", tmp_path / "x"] if command == ["export"] else []
        result = run(*command, village, wrong, *more)
        assert result.exit_code == 1
        assert "wrong.csv, line 3" in result.stderr
        assert "Traceback" not in result.output
    assert files(tmp_path) == ["wrong.csv"]


def test_without_an_argument_todays_plan_of_the_embedded_district_is_scored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What ``feeder plan`` wrote comes first, where it is there."""
    monkeypatch.chdir(tmp_path)
    result = run("score")
    assert result.exit_code == 0, result.output
    assert "Cormorant Bay" in result.stdout
    today = run("score", str(embedded_district()), "today")
    assert today.stdout == result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", ".", "no-such-plan.csv"],
        ["compare", ".", "no-such-plan.csv"],
        ["export", ".", "pyproject.toml", "--to", "paper", "--out", "x"],
        ["export", ".", "pyproject.toml", "--to", "csv"],
    ],
)
def test_a_wrong_command_line_is_exit_code_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage" in result.stderr


# ---------------------------------------------------------------- compare


def test_compare_shows_plans_beside_todays(village: Path, broken: Path, tmp_path: Path) -> None:
    out = tmp_path / "compared.csv"
    result = run("compare", village, village / "plan.csv", broken, "--out", out)
    assert result.exit_code == 0, result.output
    lines = {line.split("  ")[0].strip(): line.split() for line in result.stdout.splitlines()}
    assert lines["Measure"][-3:] == ["existing", "village", "mine"]
    assert lines["communities"][-3:] == ["2", "2", "2"]
    assert lines["schools placed"][-3:] == ["13", "13", "12"]
    assert lines["Next school inside"][-3:-1] == ["76.9%", "76.9%"]
    assert "1 of 13 schools change community from existing." in result.stdout
    # In no community of its plan, so it is in no count of who changes.
    assert "Elm (ñandú)" not in result.stdout
    assert "South High (h 1)" in result.stdout
    table = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert table["kind"].value_counts().to_dict()["school"] == 13
    row = table.set_index("id").loc["h 1"]
    assert row[["existing", "village", "mine", "changes"]].tolist() == [
        *("South", "South", "North", "true"),
    ]
    assert table.set_index("id").loc["campus_whole", "mine"] == "1"


def test_compare_matches_communities_by_their_schools(village: Path, tmp_path: Path) -> None:
    text = (village / "plan.csv").read_text(encoding="utf-8")
    swapped = tmp_path / "swapped.csv"
    swapped.write_text(text.replace("North", "X").replace("South", "North"), encoding="utf-8")
    result = run("compare", village, swapped)
    assert "0 of 13 schools change community from existing." in result.stdout


def test_compare_never_writes_over_what_it_reads(village: Path, broken: Path) -> None:
    before = broken.read_bytes()
    result = run("compare", village, broken, "--out", broken)
    assert result.exit_code == 1
    assert "among the files that are read" in result.stderr
    assert broken.read_bytes() == before


# ---------------------------------------------------------------- export


@pytest.mark.parametrize("to", ["csv", "districtr", "geojson", "gerrychain", "graphml"])
def test_what_is_exported_is_read_back(
    to: str, village: Path, broken: Path, tmp_path: Path
) -> None:
    ending = {"gerrychain": "json", "districtr": "csv"}.get(to, to)
    out = tmp_path / "made" / f"plan-{to}.{ending}"
    result = run("export", village, broken, "--to", to, "--out", out)
    assert result.exit_code == 0, result.output
    assert files(out.parent) == [out.name]
    result = run("compare", village, broken, out)
    assert result.exit_code == 0, result.output
    plan, back = (run("score", village, path).stdout for path in (broken, out))
    assert plan == back


def test_export_never_writes_over_what_it_reads(village: Path, tmp_path: Path) -> None:
    folder = tmp_path / "village"
    shutil.copytree(village, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for name in ("schools.csv", "plan.csv", "district.toml"):
        for plan in (village / "plan.csv", folder):
            result = run("export", folder, plan, "--to", "csv", "--out", folder / name)
            assert result.exit_code == 1, name
    result = run("export", folder, folder / "plan.csv", "--to", "csv", "--out", tmp_path)
    assert result.exit_code == 2
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
