"""Budgets of change, also where today's plan parts a campus, which no plan here does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InfeasibleError
from feeder.measures import disruption as measures
from feeder.network.build import build_network
from feeder.partition.values import disruption
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


def prepared(district: District, **asked: Any) -> Prepared:
    budgets = {name: asked.pop(name) for name in BUDGETABLE if name in asked}
    usual = {"communities": 2, "schools": (2, 12), "enrollment_tolerance": 0.9}
    scenario = Scenario(**usual | asked, budgets=budgets)
    return prepare(district, build_network(district), scenario)


def test_what_must_move_is_told_before_any_search(parted: District) -> None:
    """What the larger of today's communities has above what a community may have."""
    sizes = parted.existing_plan.value_counts()
    most = int(sizes.max()) - 2
    with pytest.raises(InfeasibleError, match="at least 2 schools must move"):
        prepared(parted, schools=(2, most), schools_moved=1)
    students = parted.schools["enrollment"].groupby(parted.existing_plan).sum()
    tolerance = 0.01
    over = int(np.ceil(students.max() - parted.schools["enrollment"].sum() / 2 * (1 + tolerance)))
    with pytest.raises(InfeasibleError, match=f"at least {over:,} students must move"):
        prepared(parted, enrollment_tolerance=tolerance, students_moved=over - 1)


def test_more_communities_than_today_fill_with_what_moves(parted: District) -> None:
    with pytest.raises(InfeasibleError, match="at least 2 schools must move"):
        prepared(parted, communities=3, schools_moved=1)


def test_budgets_hold_where_the_numbers_of_communities_differ(parted: District) -> None:
    """One community carries on both of today's, so nothing moves."""
    found = prepared(parted, communities=1, schools=(2, 99), schools_moved=0)
    counted = disruption(found.problem, np.zeros(found.problem.n_units, dtype=np.int64))
    assert (counted["schools_moved"], counted["students_moved"]) == (0, 0)


def test_the_search_counts_what_the_scorecard_counts(parted: District) -> None:
    """Of many plans of 1 to 4 communities, though today's plan parts a campus."""
    network = build_network(parted)
    graph = network.graph
    scenario = Scenario(communities=2, schools=(2, 12), enrollment_tolerance=0.9)
    problem = prepare(parted, network, scenario).problem
    ids = {"North": 0, "South": 1}
    today = parted.existing_plan.reindex(list(graph.school_ids)).map(ids).to_numpy(np.int64)
    students = parted.schools["enrollment"].reindex(list(graph.school_ids)).to_numpy(np.float64)
    rng = np.random.default_rng(5)
    for _ in range(300):
        k = int(rng.integers(1, 5))
        asked = replace(problem, community_zone=np.zeros(k, dtype=np.int64))
        labels = rng.integers(0, k, problem.n_units)
        labels = np.where(rng.random(problem.n_units) < 0.5, problem.today % k, labels)
        counted = disruption(asked, labels)
        measured = measures.disruption(labels[graph.school_node], today, students)
        for name in BUDGETABLE:
            assert counted[name] == pytest.approx(measured[name].value, abs=1e-12), name


def test_a_whole_plan_of_today_needs_no_room(parted: District) -> None:
    whole = parted.existing_plan.copy()
    whole["h 1"] = "South"
    found = prepared(replace(parted, existing_plan=whole), schools_moved=0)
    assert found.problem.budgets == {"schools_moved": 0}
