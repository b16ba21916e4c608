"""Every figure of a scorecard is worked out again from the exported tables alone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from recompute.compare import differences

from feeder import open_plan, plan_district
from feeder.measures.score import objective, score
from feeder.planning import Assignment
from feeder.render.files.geojson import tiles_layer
from feeder.render.files.tables import tables


def write(assignment: Assignment, folder: Path) -> Path:
    card = score(assignment)
    files = {**tables(assignment, card), "tiles.geojson": tiles_layer(assignment)}
    for name, text in files.items():
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


def test_a_plan_with_every_objective_weighed(
    embedded: Path, planned_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    weights = {
        "feeder_continuity": 1.0,
        "cut_contacts": 0.1,
        "diameter_km": 0.01,
        "enrollment_deviation": 0.3,
        "need_deviation": 0.2,
        "students_separated": 0.2,
    }
    plain = open_plan(embedded, planned_folder("embedded"))
    weighed = plan_district(embedded, effort="quick", weights=weights)
    folder = weighed.write(tmp_path / "weighed")
    assert differences(folder) == []
    # What is weighed gets better, and the whole is worth more under these weights.
    for name in ("diameter_km", "need_deviation", "students_separated"):
        assert weighed.scorecard.plan[name].value <= plain.scorecard.plan[name].value
    assert objective(weighed.scorecard.plan, weights) > objective(plain.scorecard.plan, weights)
