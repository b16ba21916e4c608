"""Efforts by name: each searches longer than the one before, and the run tells what was spent."""

from pathlib import Path
from typing import get_args

import pytest

from feeder import plan_district
from feeder.partition.cooling import Effort
from feeder.partition.efforts import EffortName


@pytest.mark.parametrize("n_units", [10, 130, 1_400])
def test_each_effort_searches_longer_than_the_one_before(n_units: int) -> None:
    efforts = [Effort.of(name, n_units) for name in get_args(EffortName)]
    steps = [effort.steps_per_unit * effort.chains for effort in efforts]
    assert steps == sorted(set(steps))
    assert efforts[1] == Effort.for_size(n_units)


def test_an_effort_of_ones_own_is_taken_as_it_is() -> None:
    own = Effort(steps_per_unit=7, chains=1)
    assert Effort.of(own, 130) is own


def test_no_effort_of_that_name_is_told_with_those_there_are(village: Path) -> None:
    with pytest.raises(ValueError, match="quick, standard or long, not thorough"):
        plan_district(village, effort="thorough")


def test_a_plan_tells_the_effort_it_took(village: Path) -> None:
    plan = plan_district(village, effort="quick")
    spent = Effort.of("quick", 13)
    assert plan.record["search"]["chains"] == spent.chains
    assert plan.record["search"]["steps_per_unit"] == spent.steps_per_unit
