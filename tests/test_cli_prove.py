"""The certificate: printed, written, on every scorecard, and not on what is published."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from feeder import open_plan
from feeder.cli import app
from feeder.cli.telling import certified
from feeder.language import Message
from feeder.measures.score import score
from feeder.planning.prepared import prepare
from feeder.planning.proving import CHECKS, bound_in_a_moment

runner = CliRunner()
KEYS = {"objective", "bound", "gap", "unit", "method", "seconds", "reason"}


def run(*arguments: object) -> Result:
    return runner.invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("effort", ["quick", "standard", "exact"])
def test_prove_prints_a_sentence_and_writes_the_certificate(
    village: Path, tmp_path: Path, effort: str
) -> None:
    out = tmp_path / "proof.json"
    plan = village / "plan.csv"
    result = run("prove", village, plan, "--effort", effort, "--schools", "3-12", "--out", out)
    assert result.exit_code == 0, result.output
    assert "Objective" in result.stdout
    assert "proven at most" in result.stdout
    record = json.loads(out.read_text(encoding="utf-8"))
    assert record.keys() >= KEYS
    assert record["unit"] == "points"
    assert record["bound"] <= 1.0
    assert record["district"] == "Village"


def test_efforts_agree_and_the_exact_one_is_the_tightest(village: Path, tmp_path: Path) -> None:
    bounds = []
    for effort in ("quick", "standard", "exact"):
        out = tmp_path / f"{effort}.json"
        plan = village / "plan.csv"
        assert run("prove", village, plan, "--effort", effort, "--out", out).exit_code == 0
        bounds.append(json.loads(out.read_text(encoding="utf-8"))["bound"])
    quick, standard, exact = bounds
    assert exact <= standard + 1e-5
    assert standard <= quick + 1e-5


def test_the_certificate_and_the_engine_mean_one_objective(
    village: Path, embedded: Path, planned_folder: Callable[[str], Path]
) -> None:
    for folder, plan in ((village, village), (embedded, planned_folder("embedded"))):
        assignment = open_plan(folder, plan).assignment
        prepared = prepare(assignment.district, assignment.network, assignment.scenario)
        told = score(assignment, bound=bound_in_a_moment(assignment)).certificate
        objective = prepared.problem.objective(prepared.units_of(assignment))
        assert told["objective"] == pytest.approx(objective, abs=1e-9)
        assert told["bound"] >= objective


def test_a_plan_carries_its_certificate(planned_folder: Callable[[str], Path]) -> None:
    text = (planned_folder("embedded") / "scorecard.json").read_text(encoding="utf-8")
    told = json.loads(text)["certificate"]
    assert told["objective"] < told["bound"] < 1.0
    assert told["gap"] == pytest.approx(100 * (told["bound"] - told["objective"]), abs=1e-3)


def test_score_tells_the_bound_and_its_bytes_repeat(
    village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    result = run("score", village, village / "plan.csv", "--out", tmp_path / "scored")
    assert result.exit_code == 0, result.output
    assert "proven at most" in result.stdout
    card = json.loads((tmp_path / "scored" / "scorecard.json").read_text(encoding="utf-8"))
    assert set(card["certificate"]) == KEYS
    assert card["certificate"]["seconds"] is None
    assert card["certificate"]["bound"] is not None
    for published in ("map.html", "report.html"):
        text = (tmp_path / "scored" / published).read_text(encoding="utf-8")
        assert str(card["certificate"]["bound"]) not in text


def test_limits_that_contradict_one_another_are_a_proof(village: Path) -> None:
    assignment = open_plan(village, village / "plan.csv", communities=2, schools=[3, 4]).assignment
    bound = bound_in_a_moment(assignment)
    assert bound.infeasible
    assert bound.method == CHECKS


def test_a_certificate_as_a_sentence() -> None:
    base = {"objective": 0.9, "bound": 0.912, "method": "prices", "reason": ""}
    assert certified({**base, "gap": 1.2}) == (
        "Objective 0.9000, proven at most 0.9120 (prices): "
        "the best plan is at most 1.20 points better."
    )
    assert certified({**base, "gap": 0.001}).endswith(
        "no plan is better by more than 0.005 points."
    )
    assert certified({**base, "gap": None, "reason": Message("proof.broken")}).endswith("above it.")
    assert certified(
        {**base, "bound": None, "gap": None, "reason": Message("proof.outside")}
    ).endswith("told.")
