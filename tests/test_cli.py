"""The command line: exit codes, messages, and what a planner sees."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from feeder.cli import app

runner = CliRunner()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "district"
    result = runner.invoke(app, ["synth", "--schools", "40", "--seed", "3", "--out", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


def test_plan_writes_every_file_and_tells_the_promises(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "parents" / "out"
    arguments = ["plan", str(small), "--effort", "quick", "--out", str(out)]
    result = runner.invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == [
        "communities.csv",
        "communities.geojson",
        "contacts.csv",
        "flows.csv",
        "map.html",
        "plan.csv",
        "plan.gpkg",
        "report.es.html",
        "report.html",
        "run.json",
        "schools.csv",
        "scorecard.csv",
        "scorecard.json",
        "tiles.geojson",
    ]
    assert "promises kept" in result.stdout
    assert "land whole" in result.stdout
    record = json.loads((out / "run.json").read_text())
    assert record["every_promise_kept"] is True
    assert record["seed"] == 0
    assert all(len(file["sha256"]) == 64 for file in record["inputs"])


def test_a_comparators_plan_is_written_with_the_promises_it_breaks(
    small: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = runner.invoke(app, ["plan", str(small), "--method", "kmeans", "--out", str(out)])
    assert result.exit_code == 0, result.output
    record = json.loads((out / "run.json").read_text())
    assert record["method"] == "kmeans"
    assert record["search"] is None
    assert record["every_promise_kept"] is False
    card = json.loads((out / "scorecard.json").read_text())
    broken = [v["message"] for c in card["constraints"] for v in c["violations"]]
    assert broken
    assert all(f"Broken promise: {message}" in result.stderr for message in broken)


def test_noise_of_an_invented_district_is_told_and_repeats_it(tmp_path: Path) -> None:
    arguments = ["synth", "--schools", "20", "--noise", "0.5", "--out", str(tmp_path / "made")]
    assert runner.invoke(app, arguments).exit_code == 0
    readme = (tmp_path / "made" / "README.md").read_text()
    assert "feeder synth --schools 20 --seed 0 --noise 0.5 --out DIR" in readme
    assert runner.invoke(app, [*arguments[:-1], str(tmp_path / "again")]).exit_code == 0
    flows = [(tmp_path / name / "flows.csv").read_bytes() for name in ("made", "again")]
    assert flows[0] == flows[1]


def test_utilization_in_a_band_needs_capacities(tmp_path: Path) -> None:
    village = Path(__file__).with_name("village")
    asked = ["plan", str(village), "--capacity-tolerance", "0.1", "--out", str(tmp_path / "out")]
    result = runner.invoke(app, asked)
    assert result.exit_code == 1
    told = " ".join(result.stderr.split())
    assert "capacity_tolerance is set, but no school has a capacity." in told
    assert "Give schools a capacity, or leave capacity_tolerance out." in told


def test_options_override_the_scenario_file_which_overrides_the_folder(
    small: Path, tmp_path: Path
) -> None:
    scenario = tmp_path / "what-if.toml"
    scenario.write_text("[scenario]\nseed = 5\nenrollment_tolerance = 0.4\n")
    out = tmp_path / "out"
    arguments = ["plan", str(small), "--scenario", str(scenario), "--seed", "6"]
    arguments += ["--effort", "quick", "--out", str(out)]
    assert runner.invoke(app, arguments).exit_code == 0
    used = json.loads((out / "run.json").read_text())["scenario"]
    assert used["seed"] == 6
    assert used["enrollment_tolerance"] == 0.4
    assert used["schools"] == [12, 24]


def test_impossible_limits_are_told_with_numbers_and_leave_nothing(
    small: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = runner.invoke(app, ["plan", str(small), "--communities", "9", "--out", str(out)])
    assert result.exit_code == 1
    assert "cannot hold together" in result.stderr
    assert "do not make 9 communities of 12 to 24 schools" in result.stderr
    assert not out.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_broken_folder_tells_every_problem(small: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(small, broken)
    table = pd.read_csv(broken / "schools.csv", dtype=str, keep_default_na=False)
    table.loc[2, "lat"] = "north"
    table.loc[5, "enrollment"] = "many"
    table.to_csv(broken / "schools.csv", index=False)
    result = runner.invoke(app, ["plan", str(broken), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "line 4" in result.stderr
    assert "line 7" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "no-such-folder"],
        ["plan", "--schools", "a lot"],
        ["plan", "--communities", "0"],
        ["plan", "--seed", "-1"],
        ["plan", "--no-such-option"],
        ["plan", "--method", "wards"],
        ["plan", "--effort", "none"],
        ["synth", "--noise", "1.5"],
        ["no-such-command"],
    ],
)
def test_a_wrong_command_line_is_exit_code_2(arguments: list[str]) -> None:
    result = runner.invoke(app, arguments)
    assert result.exit_code == 2
    assert "Usage" in result.stderr


@pytest.mark.parametrize("flag", ["--enrollment-tolerance", "--max-office-minutes"])
def test_a_limit_that_is_no_number_is_told_as_such(small: Path, tmp_path: Path, flag: str) -> None:
    result = runner.invoke(app, ["plan", str(small), flag, "nan", "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "NaN: must be a number" in " ".join(result.stderr.split())


def test_a_strange_folder_is_not_overwritten(small: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    result = runner.invoke(app, ["plan", str(small), "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "thesis.txt" in result.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_help_needs_no_heavy_library() -> None:
    """Heavy libraries are imported where they are used; ``benchmarks`` time what that saves."""
    helped = (
        "import sys, feeder.cli\n"
        "sys.argv = ['feeder', '--help']\n"
        "try: feeder.cli.main()\n"
        "except SystemExit: pass\n"
        "print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    out = subprocess.run([sys.executable, "-c", helped], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pandas", "geopandas", "shapely", "numba", "scipy", "folium", "networkx"}
    assert heavy.isdisjoint(out.stdout.splitlines()[-1].split())
