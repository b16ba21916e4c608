"""The command that tells goals and the schools at the bottom."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from feeder import embedded_district, open_plan
from feeder.analyses.goals.run import NO_GOALS
from feeder.cli import app

runner = CliRunner()
EXAMPLE = str(NO_GOALS).partition("\n\n")[2]


def run(*arguments: object) -> Result:
    return runner.invoke(app, ["goals", *map(str, arguments)])


@pytest.fixture
def own_village(village: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "village"
    shutil.copytree(village, folder)
    return folder


def schools(folder: Path) -> list[str]:
    return pd.read_csv(folder / "schools.csv", dtype=str).iloc[:, 0].tolist()


def add(folder: Path, text: str) -> None:
    with (folder / "district.toml").open("a", encoding="utf-8") as target:
        target.write(text)


def test_a_district_without_either_is_shown_what_to_write(own_village: Path) -> None:
    result = run(own_village, own_village / "plan.csv")
    assert result.exit_code == 1
    assert EXAMPLE.strip() in result.stderr
    assert "name them in [measures] ratings" in result.stderr


def test_what_is_shown_to_write_can_be_used(own_village: Path, tmp_path: Path) -> None:
    add(own_village, f"\n{EXAMPLE}")
    goals = pd.DataFrame({"school_id": schools(own_village), "absent": 30, "enrolled": 120})
    goals.assign(target_percent=5).to_csv(own_village / "goals.csv", index=False)
    out = tmp_path / "goals.csv"
    result = run(own_village, own_village / "plan.csv", "--out", out)
    assert result.exit_code == 0, result.output
    assert "25.0%" in result.stdout
    assert "Schools at the bottom" not in result.stdout
    table = pd.read_csv(out)
    n = len(schools(own_village))
    assert table.loc[table["level"] == "district", "gap"].tolist() == [24 * n]
    assert table.loc[table["level"] == "community", "gap"].sum() == 24 * n


def test_ratings_alone_are_told_and_goals_asked_for(own_village: Path, tmp_path: Path) -> None:
    add(own_village, '\n[measures]\npath = "r.csv"\nratings = { english = "english" }\n')
    ids = schools(own_village)
    english = [1 + at % 3 for at in range(len(ids))]
    ratings = pd.DataFrame({"school_id": ids, "english": english})
    ratings.to_csv(own_village / "r.csv", index=False)
    out = tmp_path / "bottom.csv"
    result = run(own_village, own_village / "plan.csv", "--bottom-out", out)
    assert result.exit_code == 0, result.output
    assert EXAMPLE.strip() in result.stderr
    assert "Schools at the bottom of the ratings" in result.stdout
    assert len(pd.read_csv(out)) == -(-len(schools(own_village)) // 3)
    refused = run(own_village, own_village / "plan.csv", "--out", tmp_path / "no.csv")
    assert refused.exit_code == 1
    assert not (tmp_path / "no.csv").exists()
    strange = run(own_village, own_village / "plan.csv", "--by", "regoin")
    assert strange.exit_code == 1
    assert "region" in strange.stderr


def test_one_call_gives_every_figure_of_the_embedded_district() -> None:
    folder = embedded_district()
    made = open_plan(folder, folder / "existing_plan.csv").goals()
    assert made.performance is not None
    assert len(made.sections) == 2
    assert set(made.goals["goal"]) == {"chronic_absence", "on_track"}
    given = pd.read_csv(folder / "goals.csv")
    district = made.goals[made.goals["level"] == "district"].set_index("goal")
    assert district.loc["chronic_absence", "numerator"] == given["absent_2022_23"].sum()
    allowed = (given["absence_target_percent"] * given["enrolled_2022_23"]).sum() / 100
    assert district.loc["chronic_absence", "target_numerator"] == pytest.approx(allowed)
    worse = given["absence_target_percent"] > (
        100 * given["absent_2024_25"] / given["enrolled_2024_25"]
    )
    assert district.loc["chronic_absence", "schools_less_ambitious"] == worse.sum() > 0
