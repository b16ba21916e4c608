"""One battery for every analysis: a command, a method, a function, one shape of result."""

import inspect
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import feeder
from feeder import Plan, open_plan
from feeder.analyses.contract import Analysis, OptionsError, Subject
from feeder.analyses.table import ANALYSES
from feeder.cli import app
from feeder.cli.options import SCENARIO
from feeder.opening.keys import ScenarioKeys
from feeder.scenario import Scenario

OPTIONS = {
    "candidates": {"n": 1, "communities": 2, "schools": (3, 10), "effort": "quick"},
    "explain": {"school": "Ginkgo"},
    "funding": {"total": 1e7, "per_school": 1e5, "per_pupil": 1.0},
    "models": {"only": ["families", "cohort"], "effort": "quick"},
    "price": {"of": "enrollment_tolerance", "steps": [0.9], "effort": "quick"},
}
"""What an analysis needs to be told on the village."""
each = pytest.mark.parametrize("analysis", ANALYSES, ids=lambda one: one.command)
runner = CliRunner()


@pytest.fixture(scope="module")
def plan(village: Path) -> Plan:
    return open_plan(village, village / "plan.csv")


@pytest.fixture(scope="module")
def asked(plan: Plan) -> Callable[[str], Any]:
    """Ask an analysis by its command, once for all that is asked of its result."""

    @cache
    def ask(command: str) -> Any:
        if command == "goals":  # the village has neither goals nor ratings
            return open_plan(None, "today").goals()
        (run,) = (one.run for one in ANALYSES if one.command == command)
        return getattr(plan, run.__name__)(**OPTIONS.get(command, {}))

    return ask


@each
def test_it_is_a_function_of_the_package_and_a_method_of_a_plan(analysis: Analysis) -> None:
    name = analysis.run.__name__
    assert getattr(feeder, name) is analysis.run
    assert getattr(Plan, name) is analysis.run


@each
def test_its_options_are_typed_keywords_and_flags_of_its_command(analysis: Analysis) -> None:
    told = runner.invoke(app, [analysis.command, "--help"], env={"COLUMNS": "200"}).stdout
    subject, *options = inspect.signature(analysis.run).parameters.values()
    assert subject.kind is subject.POSITIONAL_OR_KEYWORD
    for one in options:
        assert one.annotation is not one.empty
        flagged = str(one.annotation).startswith("Annotated[")
        assert not flagged or one.kind is one.KEYWORD_ONLY or "argument=True" in one.annotation
        if flagged and "argument=True" not in one.annotation and "name=" not in one.annotation:
            assert f"--{one.name.replace('_', '-')} " in told
    assert all(f"--{name.replace('_', '-')} " in told for name in SCENARIO)
    assert "--out " in told
    assert inspect.cleandoc(analysis.run.__doc__ or "").splitlines()[0] in " ".join(told.split())


@each
def test_its_result_is_tables_sections_and_a_folder(
    analysis: Analysis, asked: Callable[[str], Any], tmp_path: Path
) -> None:
    found = asked(analysis.command)
    assert found.tables
    assert all(isinstance(table, pd.DataFrame) for table in found.tables.values())
    assert found.first in found.tables
    out = found.write(tmp_path / "out")
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    written = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert written == set(record["files"])
    names = {path.rpartition("/")[2] for path in written} - {"README.txt"}
    assert names == {f"{name}.csv" for name in found.tables} | {*found.pages, "run.json"}
    assert record["district"] == found.about.district.name
    assert found.write(out) == out  # its own folder may be replaced


@each
def test_it_shows_itself_in_a_notebook(analysis: Analysis, asked: Callable[[str], Any]) -> None:
    shown = asked(analysis.command)._repr_html_()
    assert "<table" in shown or "<p>" in shown
    assert "{" not in shown


def test_what_the_report_tells_comes_from_the_registry() -> None:
    told = [one.command for one in ANALYSES if one.in_report]
    assert told == ["offices", "funding", "goals"]
    assert all(one.subject is Subject.PLAN for one in ANALYSES if one.in_report)


def test_every_key_of_a_scenario_is_a_typed_keyword() -> None:
    keys = set(ScenarioKeys.__annotations__)
    assert keys == set(Scenario.__dataclass_fields__)
    for function in (feeder.plan_district, feeder.open_plan, feeder.prepare_district):
        assert keys <= set(inspect.signature(function).parameters)


def test_options_that_do_not_go_together_are_wrong_usage(plan: Plan, village: Path) -> None:
    with pytest.raises(OptionsError, match="not both"):
        plan.regions(number=2, keep="region")
    both = ("regions", str(village), str(village / "plan.csv"), "--regions", "2", "--keep", "x")
    assert runner.invoke(app, both).exit_code == 2
