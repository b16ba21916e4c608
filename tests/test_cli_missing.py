"""What is named on the command line and is not there is wrong usage, whatever the command."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from feeder.analyses.contract import Subject
from feeder.analyses.table import ANALYSES
from feeder.cli import app

runner = CliRunner()
NONE, PLAN = "none.csv", "plan.csv"
OF_A_PLAN = [
    ["score", NONE],
    ["prove", NONE],
    ["print", NONE],
    ["export", NONE, "--to", "csv", "--out", "x.csv"],
    ["ensemble", "--plan", NONE],
    *(
        [one.command, *plans, *(["000001"] if one.command == "explain" else [])]
        for one in ANALYSES
        for plans in {
            Subject.DISTRICT: [],
            Subject.PLAN: [[NONE]],
            Subject.PLANS: [[NONE], [PLAN, NONE]],
            Subject.TWO_PLANS: [[NONE, PLAN], [PLAN, NONE]],
        }[one.subject]
    ),
]
"""Every command that takes a plan, with one that is not there, in every place of it."""


@pytest.mark.parametrize("words", OF_A_PLAN, ids=" ".join)
def test_a_plan_that_is_not_there_is_wrong_usage(
    words: list[str], village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / PLAN).write_bytes((village / PLAN).read_bytes())
    command, *rest = words
    result = runner.invoke(app, [command, str(village), *rest])
    assert result.exit_code == 2, result.output
    assert "there is no plan none.csv" in " ".join(result.stderr.split())


@pytest.mark.parametrize("command", ["plan", "score", "diff", "goals", "print", "validate"])
def test_so_is_a_district_that_is_not_there(command: str) -> None:
    assert runner.invoke(app, [command, "no-such-folder"]).exit_code == 2
