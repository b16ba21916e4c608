"""``feeder candidates`` from a district folder to an output folder."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from feeder import candidates, open_plan
from feeder.cli import app
from feeder.errors import NoPlanFoundError
from feeder.language import languages
from feeder.partition.cooling import Effort
from feeder.render.frame import page_file

runner = CliRunner()
SMALL = Effort(steps_per_unit=8_000, chains=3, rounds=1, part_steps_per_unit=1_000)


@pytest.fixture(autouse=True)
def _little_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Effort, "for_size", classmethod(lambda _, __: SMALL))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def run(*arguments: object) -> Result:
    return runner.invoke(app, ["candidates", *(str(argument) for argument in arguments)])


def test_candidates_are_written_and_hold_what_they_say(village: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    result = run(village, "--n", 3, "--out", out)
    assert result.exit_code == 0, result.output
    table = pd.read_csv(out / "candidates.csv").set_index("plan")
    names = [name for name in table.index if name != "existing"]
    assert 2 <= len(names) <= 3
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [*(f"plan_{name}.csv" for name in names), "candidates.csv", "map.html", "run.json",
         *(page_file("candidates", tag) for tag in languages())]
    )  # fmt: skip
    told = " ".join(result.stdout.split())
    assert "Today" in told
    assert "existing" not in told
    for name in names:
        made = open_plan(village, out / f"plan_{name}.csv")
        assert made.scorecard.satisfied
        assert made.plan_id == table.loc[name, "plan_id"]
        for measure, value in made.scorecard.plan.items():
            if value.value is not None:
                assert table.loc[name, measure] == pytest.approx(value.value)
        assert f"{name} {table.loc[name, 'sentence']}" in told
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in record["candidates"]] == names
    assert record["every_promise_kept"] is True
    page = (out / "map.html").read_text(encoding="utf-8")
    assert all(f'"name":"{name}"' in page for name in ("Today", *names))


def test_each_is_ahead_of_each_other_one_in_both_readings(embedded: Path) -> None:
    found = candidates(embedded, n=5)
    assert len(found.chosen) > 1
    published = found.frontier.told_by([plan.scorecard for plan in found.published])
    for reading in (found.frontier, published):
        for i, row in enumerate(reading.duels()):
            assert [bool(words) for words in row] == [i != j for j in range(len(row))]
    tables = {tuple(plan.plan_table()["community_id"]) for plan in found.plans}
    assert len(tables) == len(found.plans) == found.making.kept
    own = max(card.certificate["objective"] for card in found.frontier.cards)
    assert found.frontier.chosen_cards[0].certificate["objective"] == own


def test_the_same_seed_gives_the_same_bytes(village: Path, tmp_path: Path) -> None:
    """An earlier run's folder is replaced as a whole: plans it had too many are gone."""
    once, twice = tmp_path / "once", tmp_path / "twice"
    assert run(village, "--n", 4, "--out", once).exit_code == 0
    assert run(village, "--n", 4, "--out", twice).exit_code == 0
    kept = {path.name: path.read_bytes() for path in once.iterdir()}
    assert {path.name: path.read_bytes() for path in twice.iterdir()} == kept
    assert run(village, "--n", 1, "--out", once).exit_code == 0
    assert "plan_B.csv" not in {path.name for path in once.iterdir()}
    assert (once / "plan_A.csv").read_bytes() == kept["plan_A.csv"]


def test_fewer_than_asked_is_said(village: Path, tmp_path: Path) -> None:
    result = run(village, "--n", 26, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "26 were asked for" in result.stdout
    assert "26 were asked for" in (tmp_path / "out" / "candidates.html").read_text(encoding="utf-8")


def test_promises_that_cannot_hold_leave_nothing(village: Path, tmp_path: Path) -> None:
    result = run(village, "--communities", 9, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "cannot hold together" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_number_is_exit_code_2(village: Path) -> None:
    assert run(village, "--n", 0).exit_code == 2
    with pytest.raises(ValueError, match="n must be between 1 and 26"):
        candidates(village, n=27)


def test_the_way_out_is_one_that_is_there(village: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise NoPlanFoundError(["Community A has 2,000 students."])

    monkeypatch.setattr("feeder.analyses.candidates.run.chosen_candidates", nothing)
    result = run(village)
    assert result.exit_code == 1
    assert "Community A has 2,000 students." in result.stderr
    assert "feeder plan --best-effort writes this closest plan" in result.stderr
    assert "--best-effort" not in run("--help").stdout
