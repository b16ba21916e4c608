"""``feeder ensemble`` from the command line."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from feeder.cli import app

runner = CliRunner()


def run(*arguments: object) -> Result:
    return runner.invoke(app, ["ensemble", *map(str, arguments)])


def quick(district: Path, out: Path, *more: object) -> Result:
    return run(district, "--plans", 40, "--chains", 2, "--every", 20, "--out", out, *more)


@pytest.fixture(scope="module")
def first(village: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    out = tmp_path_factory.mktemp("village") / "ensemble"
    return out, quick(village, out, "--method", "reversible", "--plan", village / "plan.csv")


def test_it_prints_the_places_and_where_the_files_are(first: tuple[Path, Result]) -> None:
    out, result = first
    assert result.exit_code == 0, result.output
    assert "Candidate" in result.stdout
    assert "feeder_continuity" in result.stdout
    assert re.search(r"\d+ schools are firm, \d+ swing, of 13, among the \d+ plans?", result.stdout)
    assert re.search(r"Measure +Today +Candidate +5% +Half +95%", result.stdout)
    assert f"Open {out / 'ensemble.html'} and {out / 'map.html'}" in result.stdout
    assert "have not mixed" in result.stderr
    record = json.loads((out / "ensemble.json").read_text(encoding="utf-8"))
    assert record["ensemble"]["warnings"]


def test_a_second_run_goes_on_and_another_recipe_is_refused(
    first: tuple[Path, Result], village: Path
) -> None:
    out, _ = first
    again = quick(village, out, "--method", "reversible")
    assert again.exit_code == 0, again.output
    other = quick(village, out, "--seed", 5)
    assert other.exit_code == 1
    assert "method reversible, not recom" in other.stderr
    assert "--out" in other.stderr


def test_other_peoples_files_stay(village: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = quick(village, tmp_path)
    assert result.exit_code == 1
    assert "mine.txt" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert quick(village, village).exit_code == 1


def test_a_pull_goes_with_reversible_alone(village: Path, tmp_path: Path) -> None:
    result = quick(village, tmp_path / "out", "--pull", 1)
    assert result.exit_code == 2
    assert "--method reversible" in result.stderr


@pytest.mark.parametrize("pull", ["inf", "nan", "-1"])
def test_a_pull_is_a_number_in_range(village: Path, tmp_path: Path, pull: str) -> None:
    result = quick(village, tmp_path / "out", "--method", "reversible", "--pull", pull)
    assert result.exit_code == 2
    assert "--pull" in result.stderr


def test_the_help_says_what_a_pull_prefers() -> None:
    told = " ".join(run("--help").stdout.replace("│", " ").split())
    assert "keep flow and cut few contacts" in told


def test_a_plan_to_place_is_looked_for_first(village: Path, tmp_path: Path) -> None:
    result = quick(village, tmp_path / "out", "--plan", tmp_path / "none.csv")
    assert result.exit_code == 2
    assert "--plan: there is no plan" in " ".join(result.stderr.split())
    assert not (tmp_path / "out").exists()


def test_the_plan_to_place_may_be_todays(village: Path, tmp_path: Path) -> None:
    result = quick(village, tmp_path / "out", "--plan", "today")
    assert result.exit_code == 0, result.output
