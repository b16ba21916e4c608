"""Budgets of change where today's plan parts a campus, which no plan here does."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InfeasibleError
from feeder.network.build import build_network
from feeder.planning.prepared import Prepared, prepare
from feeder.scenario import Scenario

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
    found = prepared(parted, schools_moved=3, students_moved=1000, students_separated=0.5)
    assert found.problem.budgets == {
        "schools_moved": 2,
        "students_moved": 600,
        "students_separated": 0.5,
    }


def test_a_whole_plan_of_today_needs_no_room(parted: District) -> None:
    whole = parted.existing_plan.copy()
    whole["h 1"] = "South"
    found = prepared(replace(parted, existing_plan=whole), schools_moved=0)
    assert found.problem.budgets == {"schools_moved": 0}
