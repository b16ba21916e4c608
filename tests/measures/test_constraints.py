"""Every promise, kept by the grid's plan and broken one at a time."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from feeder.district.model import GRADE_COLUMNS
from feeder.language import ENGLISH
from feeder.measures.score import score
from feeder.planning import Assignment
from feeder.planning.constraints.judged import Violation


def violations(assignment: Assignment, name: str) -> tuple[Violation, ...]:
    results = {c.name: c for c in score(assignment).constraints}
    assert results[name].satisfied == (not results[name].violations)
    return results[name].violations


def with_scenario(assignment: Assignment, **changes: object) -> Assignment:
    return replace(assignment, scenario=replace(assignment.scenario, **changes))


def test_the_plan_keeps_every_promise(grid: Assignment) -> None:
    card = score(grid)
    assert [c.name for c in card.constraints] == [
        "communities",
        "no_empty_community",
        "schools",
        "enrollment_tolerance",
        "need_tolerance",
        "k12_coverage",
        "contiguity",
        "every_school_placed",
        "campus_whole",
        "nested_in",
        "keep_together",
        "keep_apart",
        "locked",
    ]
    assert card.satisfied
    assert all(str(c.definition) for c in card.constraints)


def test_promises_not_made_are_left_out(grid: Assignment) -> None:
    plain = with_scenario(
        grid,
        need_tolerance=None,
        nested_in=None,
        keep_together=(),
        keep_apart=(),
        locked=MappingProxyType({}),
    )
    names = {c.name for c in score(plain).constraints}
    assert names.isdisjoint(
        {"need_tolerance", "nested_in", "keep_together", "keep_apart", "locked"}
    )


def test_number_of_communities(grid: Assignment) -> None:
    (broken,) = violations(with_scenario(grid, communities=3), "communities")
    assert (broken.value, broken.bound) == (2, 3)


def test_schools_per_community(grid: Assignment, moved: Callable[..., Assignment]) -> None:
    assert len(violations(with_scenario(grid, schools=(7, 9)), "schools")) == 2
    few, many = violations(with_scenario(moved(e8="E"), schools=(6, 6)), "schools")
    assert (few.community_id, few.value, few.bound) == ("W", 5, 6)
    assert (many.community_id, many.value, many.bound) == ("E", 7, 6)
    assert "West side" in str(few.message)


def test_enrollment_band(grid: Assignment, moved: Callable[..., Assignment]) -> None:
    """Without e8 the west has 460 students, 14.8 % under the mean of 540."""
    assert not violations(
        with_scenario(grid, enrollment_tolerance=20 / 540), "enrollment_tolerance"
    )
    low, high = violations(moved(e8="E"), "enrollment_tolerance")
    assert (low.community_id, low.value, low.bound) == ("W", 460, pytest.approx(513))
    assert (high.value, high.bound) == (620, pytest.approx(567))
    assert "14.8%" in str(low.message)


def test_need_band(grid: Assignment) -> None:
    """Need 100 and 160 about a mean of 130: 23 % off."""
    assert len(violations(with_scenario(grid, need_tolerance=0.2), "need_tolerance")) == 2
    measures = replace(grid.district.statistics, need=None)
    without = replace(grid, district=replace(grid.district, statistics=measures))
    (broken,) = violations(without, "need_tolerance")
    assert "no need figure" in str(broken.message)


def test_grades_served(moved: Callable[..., Assignment]) -> None:
    (broken,) = violations(moved(h2="E"), "k12_coverage")
    assert (broken.community_id, broken.value, broken.bound) == ("W", "9-12", "K-12")


def shrunk(grid: Assignment, school: str, students: int) -> Assignment:
    schools = grid.district.schools.copy()
    schools.loc[school, "enrollment"] = students
    return replace(grid, district=replace(grid.district, schools=schools))


def test_a_few_seats_do_not_serve_a_grade(grid: Assignment) -> None:
    """h2 with 20 students has 5 seats a grade; h1 has 180 / 4, so the mean is 25."""
    few = shrunk(shrunk(grid, "h1", 180), "h2", 20)
    (broken,) = violations(with_scenario(few, coverage_share=0.25), "k12_coverage")
    assert (broken.community_id, broken.value, broken.bound) == ("W", 5.0, pytest.approx(6.25))
    assert "too few seats in 9-12: 5 in grade 9, where 6 is the fewest" in str(broken.message)
    assert not violations(with_scenario(few, coverage_share=0.2), "k12_coverage"), "just enough"
    assert not violations(with_scenario(few, coverage_share=0.0), "k12_coverage")


def test_counted_students_are_seats(grid: Assignment) -> None:
    """All of h2's students are counted in grade 9, so it seats nobody in 10 to 12."""
    names = list(GRADE_COLUMNS)
    counts = pd.DataFrame(np.nan, index=grid.district.schools.index, columns=names)
    counts.loc["h2"] = 0.0
    counts.loc["h2", "9"] = 100.0
    counted = replace(grid, district=replace(grid.district, grade_enrollment=counts))
    (broken,) = violations(with_scenario(counted, coverage_share=0.1), "k12_coverage")
    assert (broken.community_id, broken.value) == ("W", 0.0)
    assert "too few seats in 10-12" in str(broken.message)


def test_only_grades_the_district_serves_are_asked_for(grid: Assignment) -> None:
    schools = grid.district.schools.copy()
    schools["grades"] &= 0b1_1111_1111
    lower = replace(grid, district=replace(grid.district, schools=schools))
    assert not violations(lower, "k12_coverage")


def test_land_in_parts(moved: Callable[..., Assignment]) -> None:
    """Without e4 the west is e1 apart from e7 and e8; m1 does not bridge them."""
    (broken,) = violations(moved(e4="E"), "contiguity")
    assert (broken.community_id, broken.value, broken.bound) == ("W", 2, 1)
    assert "e1" in str(broken.message)


def test_a_bridge_holds_land_together(grid: Assignment, moved: Callable[..., Assignment]) -> None:
    graph = grid.network.graph
    ends = [graph.node_ids.index(n) for n in ("e1", "e7")]
    bridged = replace(
        graph,
        contact_a=np.append(graph.contact_a, ends[0]),
        contact_b=np.append(graph.contact_b, ends[1]),
        contact_kind=np.append(graph.contact_kind, "bridge"),
        contact_border_m=np.append(graph.contact_border_m, 0.0),
        contact_share=np.append(graph.contact_share, np.nan),
    )
    plan = moved(e4="E")
    plan = replace(plan, network=replace(plan.network, graph=bridged))
    assert not violations(plan, "contiguity")
    (named,) = score(plan).island_communities
    assert (named["pieces"], ENGLISH.say(named["reason"])) == (2, "bridges: e1 to e7")


def test_no_land_at_all(moved: Callable[..., Assignment]) -> None:
    plan = moved(**{f"e{i}": "E" for i in (1, 4, 7, 8)})
    messages = [str(v.message) for v in violations(plan, "contiguity")]
    assert any("no land" in message for message in messages)


def test_landless_school_needs_a_tenth_of_its_area(moved: Callable[..., Assignment]) -> None:
    """m2 has 5 % of its area on e2: alone with e2 in the west that is too little."""
    plan = moved(e2="W", m2="W")
    (broken,) = violations(plan, "contiguity")
    assert (broken.value, broken.bound) == (pytest.approx(0.05), 0.1)
    assert "School m2 (m2)" in str(broken.message)
    assert not violations(moved(m1="E"), "contiguity")


def test_every_school_and_tile_is_placed(moved: Callable[..., Assignment]) -> None:
    one, other, tiles = violations(moved(e8="", m1="", v9=""), "every_school_placed")
    assert str(one.message) == "School e8 (e8) is in no community."
    assert str(other.message) == "School m1 (m1) is in no community."
    assert (tiles.value, str(tiles.message)) == (
        2,
        "land in no community: School e8 (e8); the vacant area v9.",
    )


def test_a_school_that_stays_apart_needs_no_community(
    grid: Assignment, moved: Callable[..., Assignment]
) -> None:
    plan = moved(m1="")
    assert violations(plan, "every_school_placed")
    graph = grid.network.graph
    others = graph.contact_a != graph.node_ids.index("m1")
    names = ("contact_a", "contact_b", "contact_kind", "contact_border_m", "contact_share")
    apart = replace(graph, **{name: getattr(graph, name)[others] for name in names})
    plan = replace(plan, network=replace(plan.network, graph=apart))
    assert not violations(plan, "every_school_placed")


def test_nesting_in_any_column(moved: Callable[..., Assignment]) -> None:
    (broken,) = violations(moved(e8="E"), "nested_in")
    assert (broken.community_id, broken.value) == ("E", "North, South")
    (extra,) = violations(with_scenario(moved(e8="E"), nested_in="board"), "nested_in")
    assert extra.value == "N, S"


def test_groups_and_locks(grid: Assignment) -> None:
    (parted,) = violations(with_scenario(grid, keep_together=(("e1", "e2"),)), "keep_together")
    assert "W, E" in str(parted.message)
    (joined,) = violations(with_scenario(grid, keep_apart=(("e1", "e2", "e4"),)), "keep_apart")
    assert (joined.community_id, joined.value) == ("W", 2)
    locks = MappingProxyType({"h1": "W", "e1": "W"})
    (broken,) = violations(with_scenario(grid, locked=locks), "locked")
    assert (broken.value, broken.bound) == ("E", "W")
    assert "School h1" in str(broken.message)


def test_empty_community(grid: Assignment, moved: Callable[..., Assignment]) -> None:
    alone = moved(**dict.fromkeys(grid.network.graph.node_ids, "W"))
    (broken,) = violations(alone, "no_empty_community")
    assert broken.community_id == "E"


def test_the_way_to_the_office(grid: Assignment) -> None:
    """A limit just under the longest way is broken by that community, and says by which school."""
    card = score(grid)
    longest = card.plan["office_minutes_max"].value
    assert not violations(with_scenario(grid, max_office_minutes=longest), "max_office_minutes")
    broken = violations(with_scenario(grid, max_office_minutes=longest / 2), "max_office_minutes")
    assert {one.bound for one in broken} == {longest / 2}
    assert all("minutes to the office at" in str(one.message) for one in broken)
    nowhere = grid.district.schools.assign(office_capacity=0.0)
    none = replace(grid, district=replace(grid.district, schools=nowhere))
    broken = violations(with_scenario(none, max_office_minutes=60.0), "max_office_minutes")
    assert [one.value for one in broken] == ["none", "none"]


def test_the_limit_chooses_the_host(grid: Assignment) -> None:
    """The office moves to where nobody is too far, though the mean is longer there."""
    free = score(grid).plan
    longest = free["office_minutes_max"].value
    held = score(with_scenario(grid, max_office_minutes=longest * 0.9)).plan
    assert held["office_minutes_mean"].value >= free["office_minutes_mean"].value - 1e-9


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("schools_moved", "schools"),
        ("students_moved", "students"),
        ("variation_of_information", "nats"),
        ("students_separated", "share"),
    ],
)
def test_a_budget_is_kept_to_the_last_and_not_beyond(
    moved: Callable[..., Assignment], name: str, unit: str
) -> None:
    plan = moved(e8="E", e7="E")
    value = score(plan).plan[name].value
    assert value > 0
    promise = f"budget_{name}"
    assert not violations(with_scenario(plan, budgets={name: value}), promise)
    (broken,) = violations(with_scenario(plan, budgets={name: 0.9 * value}), promise)
    assert (broken.value, broken.unit) == (pytest.approx(value), unit)


def test_one_school_over_a_budget_is_told_as_one(grid: Assignment) -> None:
    asked = with_scenario(grid, budgets={"schools_moved": 0.0})
    (broken,) = violations(asked, "budget_schools_moved")
    assert str(broken.message) == "1 school is in another community than today; the budget is 0."


def test_a_budget_without_a_plan_of_today(grid: Assignment) -> None:
    alone = replace(grid, district=replace(grid.district, existing_plan=None))
    asked = with_scenario(alone, budgets={"schools_moved": 3.0})
    (broken,) = violations(asked, "budget_schools_moved")
    assert broken.value == "unknown"
