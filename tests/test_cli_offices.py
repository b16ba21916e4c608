"""``feeder offices``: the tables a planner reads, and the file a spreadsheet reads."""

from pathlib import Path

import pandas as pd
from typer.testing import CliRunner, Result

from feeder.cli import app

runner = CliRunner()


def run(*arguments: object) -> Result:
    return runner.invoke(app, ["offices", *map(str, arguments)], env={"COLUMNS": "200"})


def test_every_table_and_the_file(village: Path, tmp_path: Path) -> None:
    out = tmp_path / "offices.csv"
    plan = village / "plan.csv"
    wishes = ("--offices", 1, "--headquarters", 1, "--visits", 6, "--weigh", "enrollment")
    result = run(village, plan, *wishes, "--out", out)
    assert result.exit_code == 0, result.output
    assert "The plan: an office at a school of each community" in result.stdout
    assert "6 visits a year" in result.stdout
    assert "Regional headquarters" in result.stdout
    assert "proven" in result.stdout
    table = pd.read_csv(out)
    assert table["community"].tolist() == ["North", "South", "All communities"]
    assert table["n_schools"].iloc[:-1].sum() == table["n_schools"].iloc[-1]
    assert table["crew_hours"].iloc[:-1].sum() == table["crew_hours"].iloc[-1]


def test_wishes_that_cannot_be_are_told_and_nothing_is_written(
    village: Path, tmp_path: Path
) -> None:
    out = tmp_path / "offices.csv"
    plan = village / "plan.csv"
    for wishes, told in (
        (("--hosts", "hihg"), "Did you mean high?"),
        (("--offices", 1000), "1000 offices are asked for, and 13 schools may hold one."),
        (("--visits", "calls"), "calls is not known"),
        (("--headquarters", "some"), "some is not known"),
    ):
        result = run(village, plan, *wishes, "--out", out)
        assert result.exit_code == 1
        assert told in " ".join(result.output.split())
    assert run(village, plan, "--headquarters", 0).exit_code == 2
    assert run(village, plan, "--visits", -1).exit_code == 2
    assert not out.exists()


def test_blank_levels_are_no_levels_and_blank_regions_no_column(village: Path) -> None:
    plan = village / "plan.csv"
    everywhere = run(village, plan, "--hosts", "high, ,")
    assert everywhere.exit_code == 0, everywhere.output
    assert everywhere.stdout == run(village, plan, "--hosts", "high").stdout
    not_nested = run(village, plan, "--headquarters", 1, "--nested-in", "").stdout
    assert "Region" not in not_nested.split("Regional headquarters")[1].splitlines()[1]


def test_a_scenario_beside_the_folder_limits_the_way_and_is_told(
    village: Path, tmp_path: Path
) -> None:
    scenario = tmp_path / "near.toml"
    scenario.write_text("max_office_minutes = 7.5\n")
    told = "Before that it spares schools minutes beyond the limit of 7.5."
    limited = run(village, village / "plan.csv", "--scenario", scenario)
    assert limited.exit_code == 0, limited.output
    assert told in limited.stdout
    assert "Before that" not in run(village, village / "plan.csv").stdout
