"""Every real district is planned within its own limits, and every figure is worked out again."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from recompute.compare import differences

from feeder.district import read_district
from feeder.opening.validate import validate_district

NAMES = [
    "washington_dc",
    "philadelphia_pa",
    "seattle_wa",
    "santa_rosa_ca",
    "virginia_beach",
    "floyd",
    "accomack",
]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_planned_within_its_limits(
    name: str, planned_folder: Callable[[str], Path], district_folder: Callable[[str], Path]
) -> None:
    assert validate_district(district_folder(name)).usable
    district = read_district(district_folder(name))
    plan = pd.read_csv(planned_folder(name) / "plan.csv", dtype=str, keep_default_na=False)
    assert sorted(plan["school_id"]) == list(district.schools.index)
    placed = plan["community_id"] != ""  # virtual schools are in no community
    members = plan.loc[placed, "community_id"].value_counts()
    low, high = district.scenario.schools
    assert len(members) == district.scenario.communities
    assert members.between(low, high).all()


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_worked_out_again(name: str, planned_folder: Callable[[str], Path]) -> None:
    assert differences(planned_folder(name)) == []
