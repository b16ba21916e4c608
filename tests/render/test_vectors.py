"""The page's arithmetic is Python's: on the committed vectors, and on random edits in a row."""

import json
import subprocess
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from render.conftest import build_toy
from vectors.cases import DISTRICTS, FOLDER, district, vector
from vectors.expected import compact, relabelled, score_used, told
from vectors.node import MISSING, NODE, PAGE_TESTS, differences, page_scorecards

from feeder.language import words
from feeder.planning import Assignment
from feeder.publishing.cells import every_cell
from feeder.publishing.worlds import worlds_of

needs_node = pytest.mark.skipif(NODE is None, reason=MISSING)
EDITS = 200


@pytest.mark.parametrize("name", DISTRICTS)
def test_the_vectors_are_what_python_computes(name: str) -> None:
    """Where a definition changed on purpose: PYTHONPATH=tests python -m vectors."""
    committed = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    made = json.loads(compact(vector(name)))
    assert differences(committed, made) == []


def test_every_vector_is_made_here_and_they_stay_small() -> None:
    files = sorted(FOLDER.glob("*.json"))
    assert [file.stem for file in files] == sorted(DISTRICTS)
    assert sum(file.stat().st_size for file in files) < 540_000


def test_the_vectors_break_every_promise_in_every_way() -> None:
    strings = words("en").texts
    texts = "".join(file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.json")))
    kinds = ("promise.", "broken.", "place.", "community.id")
    keys = [key for key in strings if key.startswith(kinds)]
    assert [key for key in keys if f'"{key}"' not in texts] == []


@needs_node
def test_node_makes_the_same_of_every_vector() -> None:
    files = sorted(map(str, PAGE_TESTS.glob("*.test.mjs")))
    done = subprocess.run(
        [str(NODE), "--test", *files], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    assert "fail 0" in done.stdout


@needs_node
@pytest.mark.parametrize("name", ["toy", "embedded"])
def test_random_edits_one_after_another_are_scored_alike(name: str) -> None:
    assignment, worlds = district(name)
    plans = edits(assignment, np.random.default_rng(11))
    cards, _ = page_scorecards(assignment, worlds, plans)
    for number, (school, card) in enumerate(zip(plans, cards, strict=True)):
        plan = relabelled(assignment, school)
        python = {**told(score_used(plan)), "node": plan.node_community.tolist()}
        assert differences(card, json.loads(compact(python))) == [], f"after edit {number + 1}"
        assert printed(card) == printed(python), f"after edit {number + 1}"


@needs_node
@pytest.mark.parametrize("seed", range(8))
def test_random_flows_and_their_ranges_are_scored_alike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plan = with_random_flows(build_toy(), rng)
    worlds = worlds_of(plan, every_cell(plan.district, plan.network))
    assignment = worlds.of(plan)
    n_schools = len(assignment.school_community)
    plans = [rng.integers(-1 if k else 0, 1 + k, n_schools) for k in range(4)]
    cards, _ = page_scorecards(assignment, worlds, plans)
    for school, card in zip(plans, cards, strict=True):
        python = told(score_used(relabelled(assignment, school)))
        assert differences({**card, "node": 0}, {**json.loads(compact(python)), "node": 0}) == []


def with_random_flows(assignment: Assignment, rng: np.random.Generator) -> Assignment:
    """Give the toy flows up, down and in rings, many as a range, and leavers to match some."""
    schools = assignment.district.schools.copy()
    ids = schools.index
    pairs = sorted({(a, b) for a, b in rng.integers(0, len(ids), (160, 2)).tolist() if a != b})
    sender, receiver = np.array(pairs).T
    students = rng.integers(0, 40, len(pairs)) / 2
    spread = rng.integers(0, 30, (2, len(pairs))) / 4 * (rng.random(len(pairs)) < 0.6)
    flows = pd.DataFrame(
        {
            "from_id": ids[sender],
            "to_id": ids[receiver],
            "students": students,
            "students_low": np.maximum(students - spread[0], 0.0),
            "students_high": students + spread[1],
            "source": np.where(rng.random(len(pairs)) < 0.1, "estimated", "observed"),
        }
    )
    sent = np.bincount(sender, students, minlength=len(ids))
    schools["leavers"] = np.where(rng.random(len(ids)) < 0.7, np.round(sent * 1.1), 0.0)
    graph = replace(
        assignment.network.graph,
        flow_from=sender,
        flow_to=receiver,
        flow_students=students,
        flow_source=flows["source"].to_numpy(dtype=str),
    )
    return replace(
        assignment,
        district=replace(assignment.district, schools=schools, flows=flows, grade_enrollment=None),
        network=replace(assignment.network, graph=graph, flows=flows),
    )


def edits(assignment: Assignment, rng: np.random.Generator) -> list[np.ndarray]:
    """Return the communities of schools after each of many moves of a campus; a few go nowhere."""
    graph, home = assignment.network.graph, assignment.school_community
    plans = []
    for _ in range(EDITS):
        home = home.copy()
        community = rng.integers(-1 if rng.random() < 0.1 else 0, assignment.n_communities)
        home[graph.school_node == rng.integers(graph.n_campuses)] = community
        plans.append(home)
    return plans


def printed(card: dict) -> list[str]:
    """Return every number of a scorecard with a digit more than any page shows of a measure."""
    figures = [part for value in card["plan"].values() for part in value.values()]
    columns = [one for column in card["communities"].values() for one in column]
    return [f"{number:,.4f}" for number in (*figures, *columns) if isinstance(number, int | float)]


def test_differences_are_found() -> None:
    python = {"plan": {"a": {"value": 0.5}}, "communities": {"polsby_popper": [0.3]}, "n": [1]}
    assert differences(python, python) == []
    for page in (
        {**python, "plan": {"a": {"value": 0.5 + 1e-8}}},
        {**python, "plan": {"a": {}}},
        {**python, "communities": {"polsby_popper": [0.3 + 1e-6]}},
        {**python, "n": [2]},
        {**python, "n": [1, 1]},
        {**python, "n": ["1"]},
    ):
        assert len(differences(page, python)) == 1
    assert differences({**python, "communities": {"polsby_popper": [0.3 + 1e-7]}}, python) == []
