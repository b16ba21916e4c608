"""Budgets of change where today's plan parts a campus, which no plan here does."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InfeasibleError
from feeder.measures import disruption as measures
from feeder.network.build import build_network
from feeder.partition.values import disruption
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.budgets import search_budgets
from feeder.planning.prepared import Prepared, prepare
from feeder.scenario import Scenario
from feeder.terms import BUDGETABLE

VILLAGE = Path(__file__).resolve().parents[1] / "village"


@pytest.fixture(scope="module")
def parted() -> District:
    """The village: Alder (200 students) and South High (400) on one campus, parted today."""
    found = read_district(VILLAGE)
    homes = pd.read_csv(VILLAGE / "plan.csv", dtype=str).set_index("school_id")["community_id"]
    homes["h 1"] = "North"
    return replace(found, existing_plan=homes.sort_index())


def prepared(district: District, **budgets: float) -> Prepared:
    scenario = Scenario(communities=2, schools=(2, 12), enrollment_tolerance=0.9, budgets=budgets)
    return prepare(district, build_network(district), scenario)


def test_what_must_move_is_told_before_any_search(parted: District) -> None:
    with pytest.raises(InfeasibleError, match="at least 1 schools must move"):
        prepared(parted, schools_moved=0)
    with pytest.raises(InfeasibleError, match="at least 200 students must move"):
        prepared(parted, students_moved=199)


def test_room_is_held_back_for_schools_that_move_though_their_campus_stays(
    parted: District,
) -> None:
    """The campus goes with Alder in the south, so South High counts as moved."""
    found = prepared(parted, schools_moved=3, students_moved=1000)
    assert found.problem.budgets == {"schools_moved": 2, "students_moved": 600}


def test_what_keeps_a_budget_in_the_search_keeps_it_in_the_scorecard(parted: District) -> None:
    """For many plans, a budget just under what the scorecard counts is never kept."""
    network = build_network(parted)
    graph = network.graph
    problem = prepare(parted, network, Scenario(communities=2, schools=(2, 12))).problem
    ids = {"North": 0, "South": 1}
    today = parted.existing_plan.reindex(list(graph.school_ids)).map(ids).to_numpy(np.int64)
    students = parted.schools["enrollment"].reindex(list(graph.school_ids)).to_numpy(np.float64)
    rng = np.random.default_rng(5)
    for _ in range(300):
        labels = np.where(rng.random(problem.n_units) < 0.3, 1 - problem.today, problem.today)
        counted = disruption(problem, labels)
        measured = measures.disruption(labels[graph.school_node], today, students, (2, 2))
        for name in BUDGETABLE:
            under = {name: 0.999 * measured[name].value - 1e-9}
            if under[name] >= 0:
                asked = Asked(parted, graph, Scenario(communities=2, budgets=under))
                assert counted[name] > search_budgets(asked)[name] - 1e-12, name


def test_a_whole_plan_of_today_needs_no_room(parted: District) -> None:
    whole = parted.existing_plan.copy()
    whole["h 1"] = "South"
    found = prepared(replace(parted, existing_plan=whole), schools_moved=0)
    assert found.problem.budgets == {"schools_moved": 0}
