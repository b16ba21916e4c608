"""How full schools are, on the grid with capacities that are worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from publication import published

from feeder.language import ENGLISH
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.score import score
from feeder.planning import Assignment
from feeder.render.report.words import measure_rows
from feeder.telling.figures import figures
from feeder.terms import OF_CAPACITY

CAPACITY = {"e1": 50.0, "m1": 120.0, "m2": np.nan, "h1": 400.0, "h2": 200.0}
"""All others have room for 100. Of 60 students each, and 120 to 200 in the larger schools."""


def with_capacity(plan: Assignment, given: dict[str, float], rest: float = np.nan) -> Assignment:
    schools = plan.district.schools.copy()
    schools["capacity"] = [given.get(one, rest) for one in schools.index]
    return replace(plan, district=replace(plan.district, schools=schools))


@pytest.fixture
def roomy(grid: Assignment) -> Assignment:
    return with_capacity(grid, CAPACITY, 100.0)


def test_every_measure_of_capacity(roomy: Assignment) -> None:
    """60 of 50 is too many, 200 of 400 too few; 60 of 100 and 120 of 120 are neither."""
    card = score(roomy)
    used = card.plan["capacity_utilization"]
    assert (used.numerator, used.denominator) == (960, 1470)
    assert used.value == pytest.approx(960 / 1470)
    over, under = (card.plan[f"schools_{side}_capacity"] for side in ("over", "under"))
    assert (over.value, over.denominator) == (1, 11)
    assert (under.value, under.denominator) == (1, 11)
    table = card.communities
    students, places = (
        table[f"capacity_utilization_{part}"] for part in ("numerator", "denominator")
    )
    assert (students.sum(), places.sum()) == (960, 1470)
    assert table["capacity_utilization"].tolist() == pytest.approx((students / places).tolist())
    assert table["schools_without_capacity"].sum() == 1
    assert table["schools_over_capacity"].sum() == 1
    assert table["schools_under_capacity"].sum() == 1
    most = (table["capacity_utilization"] / (960 / 1470) - 1).abs().max()
    assert card.plan["capacity_deviation"].value == pytest.approx(most)
    assert most > 0.01
    assert card.existing["capacity_utilization"].value == used.value


def test_the_definition_says_how_many_schools_are_left_out(roomy: Assignment) -> None:
    for plan, told in (
        (roomy, "1 of 12 schools has no capacity"),
        (with_capacity(roomy, {"e1": 60.0}), "11 of 12 schools have no capacity"),
    ):
        measure = score(plan).definitions["capacity_utilization"]
        assert told in ENGLISH.say(measure.definition)


@pytest.mark.parametrize("none", [np.nan, 0.0])
def test_without_any_capacity_there_is_a_reason_and_no_column(
    grid: Assignment, none: float
) -> None:
    card = score(with_capacity(grid, {}, none))
    for name in OF_CAPACITY:
        assert card.plan[name].value is None
        assert ENGLISH.say(card.plan[name].reason) == "no school of a community has a capacity"
    assert not [name for name in card.communities if "capacity" in name]
    assert set(OF_CAPACITY).isdisjoint(
        entry["name"] for entry in figures(grid, card, ENGLISH) if entry["name"] in DEFINITIONS
    )


def test_it_stands_in_the_report(roomy: Assignment) -> None:
    (row,) = [
        row for row in measure_rows(roomy, score(roomy), ENGLISH) if row.label.startswith("Seats")
    ]
    assert (row.plan, row.today, row.change) == ("65.3%", "65.3%", "the same")
    assert row.main


def test_a_school_of_few_students_leaves_a_range_that_holds_the_truth(roomy: Assignment) -> None:
    """Of e1, which has 9 students, all that is known is that there are 1 to 9."""
    schools = roomy.district.schools.copy()
    schools.loc["e1", "enrollment"] = 9
    few = replace(roomy, district=replace(roomy.district, schools=schools))
    true, card = score(few), published(few).scorecard
    home = few.community_ids[int(few.school_community[schools.index.get_loc("e1")])]
    for part in ("capacity_utilization", "capacity_utilization_numerator"):
        low, high = card.ends(part)
        assert (low <= true.communities[part]).all()
        assert (true.communities[part] <= high).all()
        assert low[home] < high[home]
    low, high = card.ends("capacity_utilization_numerator")
    students = true.communities.loc[home, "capacity_utilization_numerator"]
    assert low[home] <= students - 8
    assert high[home] >= students
    for name in OF_CAPACITY:
        told, value = card.plan[name], true.plan[name].value
        if told.value is None:
            assert told.reason.key == "missing.not_told"
        else:
            low, high = (told.value if end is None else end for end in (told.low, told.high))
            assert low - 0.0005 <= value <= high + 0.0005
