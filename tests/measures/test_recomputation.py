"""Every figure of a scorecard is worked out again from the exported tables alone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from recompute.compare import differences

from feeder.measures.score import score
from feeder.planning import Assignment
from feeder.render.gis import layers
from feeder.render.tables import tables


def write(assignment: Assignment, folder: Path) -> Path:
    card = score(assignment)
    for name, text in {**tables(assignment, card), **layers(assignment, card)}.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.mark.parametrize("name", ["grid", "island", "suppressed", "estimated"])
def test_hand_made_districts(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    assert differences(write(request.getfixturevalue(name), tmp_path)) == []


@pytest.mark.parametrize(
    "homes",
    [{"e4": "E"}, {"h2": "E"}, {"m1": ""}, {"e8": "E", "v9": "W"}],
    ids=["in parts", "no high school", "school in none", "land swapped"],
)
def test_plans_that_break_promises(
    homes: dict[str, str], moved: Callable[..., Assignment], tmp_path: Path
) -> None:
    assert differences(write(moved(**homes), tmp_path)) == []


def test_a_wrong_figure_is_noticed(grid: Assignment, tmp_path: Path) -> None:
    folder = write(grid, tmp_path)
    path = folder / "scorecard.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["plan"]["k12_continuity"] += 1e-6
    record["communities"][0]["feeder_continuity_numerator"] += 1
    record["constraints"][0]["satisfied"] = False
    path.write_text(json.dumps(record), encoding="utf-8")
    assert len(differences(folder)) == 3


@pytest.mark.parametrize("name", ["embedded", "fairfax_va", "lausd"])
def test_planned_districts(name: str, planned_folder: Callable[[str], Path]) -> None:
    assert differences(planned_folder(name)) == []
