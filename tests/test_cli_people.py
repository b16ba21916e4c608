"""The desk's two questions: why is this school here, and what differs?"""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from feeder.cli import app

runner = CliRunner()


def run(*arguments: object) -> Result:
    return runner.invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def edited(village: Path, tmp_path: Path) -> Path:
    """Today's plan with Ginkgo in the south."""
    text = (village / "plan.csv").read_text(encoding="utf-8")
    path = tmp_path / "edited.csv"
    path.write_text(text.replace("o'hare,North", "o'hare,South"), encoding="utf-8")
    return path


def test_explain_says_why_first_and_writes_every_change(village: Path, tmp_path: Path) -> None:
    out = tmp_path / "ginkgo.csv"
    result = run("explain", village, village / "plan.csv", "ginkgo", "--out", out)
    assert result.exit_code == 0, result.output
    told = result.stdout
    assert told.index("Ginkgo (o'hare) is in North.") < told.index("Each possible move")
    assert "Most go to Low Middle (30)." in told
    assert "A move to South would gain" in told
    table = pd.read_csv(out)
    assert set(table["community_id"]) == {"South"}
    assert "feeder_continuity" in set(table["measure"])


def test_explain_lists_the_schools_it_could_mean(village: Path) -> None:
    result = run("explain", village, village / "plan.csv", "middle")
    assert result.exit_code == 1
    assert "High Middle (m 2)" in result.stderr
    assert "Low Middle (m;1)" in result.stderr


def test_diff_tells_schools_classmates_and_years(
    village: Path, edited: Path, tmp_path: Path
) -> None:
    out = tmp_path / "diff.csv"
    result = run("diff", village, "today", edited, "--out", out)
    assert result.exit_code == 0, result.output
    assert "1 of 13 schools changes community, with 320 of 3,770 students." in result.stdout
    assert "Newly together: 30 students a year" in result.stdout
    assert "wholly under the new plan in year 6" in result.stdout
    table = pd.read_csv(out, dtype=str).set_index("school_id")
    assert len(table) == 13
    assert table.loc["o'hare", ["from_id", "to_id", "moved"]].tolist() == ["North", "South", "true"]
    assert (table["moved"] == "true").sum() == 1


def test_a_plan_is_compared_with_another_plan_only(village: Path) -> None:
    result = run("diff", village, "today", "today")
    assert result.exit_code == 1
    assert "today is compared with itself" in result.stderr
    assert run("diff", village, village / "none.csv", "today").exit_code == 2
