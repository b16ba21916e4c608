"""The examples of the public names run as they are read.

``district`` is the embedded district, ``plan`` a plan of it, ``small`` a smaller invented district
and ``folder`` an empty folder: what takes long is made once for all examples.
"""

import doctest
import inspect
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import feeder
from feeder.analyses.contract import Result
from feeder.analyses.table import ANALYSES
from feeder.cli import app

NOT_RUN = {"download_district_streets"}
"""Needs the internet."""
NEEDS = {"ensemble": "arviz", "from_gerrychain": "gerrychain", "to_gerrychain": "gerrychain"}
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
PARSER = doctest.DocTestParser()


def needs_an_example(value: object) -> bool:
    """Tell whether a public name shows how it is used: all but errors and what analyses return."""
    return not (inspect.isclass(value) and issubclass(value, Exception | Result))


def examples(name: str) -> list[doctest.Example]:
    return PARSER.get_examples(inspect.getdoc(getattr(feeder, name)) or "")


SHOWN = [name for name in feeder.__all__ if examples(name)]


@pytest.fixture(scope="module")
def at_hand(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What every example may use: the public names, and what takes long to make."""
    folder: Path = tmp_path_factory.mktemp("examples")
    feeder.write_synthetic(folder / "small", schools=40, seed=3)
    district = feeder.read_district(feeder.embedded_district())
    return {
        **{name: getattr(feeder, name) for name in feeder.__all__},
        "Path": Path,
        "district": district,
        "plan": feeder.plan_district(district, method="anchored"),
        "small": feeder.read_district(folder / "small"),
        "folder": folder,
    }


@pytest.mark.parametrize("name", SHOWN)
def test_an_example_runs_as_it_is_read(name: str, at_hand: dict[str, Any]) -> None:
    if library := NEEDS.get(name):
        pytest.importorskip(library, reason=f"{library} is not installed")
    told: list[str] = []
    found = doctest.DocTest(examples(name), dict(at_hand), name, None, 0, None)
    result = doctest.DocTestRunner(optionflags=FLAGS, verbose=False).run(found, out=told.append)
    assert not result.failed, "".join(told)
    skipped = [one for one in examples(name) if one.options.get(doctest.SKIP)]
    assert bool(skipped) == (name in NOT_RUN)


def test_every_public_name_has_an_example() -> None:
    lacking = [
        name
        for name in feeder.__all__
        if needs_an_example(getattr(feeder, name)) and name not in SHOWN
    ]
    assert not lacking
    assert len(SHOWN) > 30


@pytest.mark.parametrize("command", [one.command for one in ANALYSES])
def test_help_on_the_command_line_ends_before_parameters_and_examples(command: str) -> None:
    told = CliRunner().invoke(app, [command, "--help"])
    assert told.exit_code == 0
    assert "Examples" not in told.output
    assert ">>>" not in told.output
