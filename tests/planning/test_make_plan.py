"""From wishes to a plan with its ids and names."""

from typing import Any

import numpy as np
import pytest

from feeder.partition.cooling import Effort
from feeder.partition.methods.table import METHODS
from feeder.planning.make import make_plan, make_plan_by
from feeder.scenario import Scenario

SMALL = Effort(steps_per_unit=500, chains=4)


@pytest.fixture(scope="session")
def grid(draw: Any) -> Any:
    """Six by four schools K-12 of two regions: east and west halves of the grid."""
    ids = {(x, y): f"s{x}{y}" for x in range(6) for y in range(4)}
    schools = {
        name: draw.school(region="East" if x > 2 else "West", name=f"{'Zyxw'[y]}{x} High")
        for (x, y), name in ids.items()
    }
    borders = [(ids[x, y], ids[x + 1, y]) for x in range(5) for y in range(4)]
    borders += [(ids[x, y], ids[x, y + 1]) for x in range(6) for y in range(3)]
    return draw.sketch(schools, borders)


def plan(draw: Any, drawn: Any, **asked: Any) -> Any:
    defaults = {"communities": 4, "schools": (4, 8), "enrollment_tolerance": 0.35}
    return make_plan(
        drawn.district, draw.network(drawn), Scenario(**defaults | asked), effort=SMALL
    )


def test_a_plan_keeps_what_was_asked(draw, grid):
    found = plan(draw, grid, nested_in="region")
    assert found.feasible
    assignment = found.assignment
    judge = draw.judge(grid, assignment.scenario)
    assert judge.accepts(tuple(assignment.node_community.tolist()))
    assert assignment.community_ids == ("C01", "C02", "C03", "C04")
    assert len(set(assignment.community_names)) == 4
    region = grid.district.schools["region"].to_numpy()
    first = [region[assignment.school_community == c][0] for c in range(4)]
    assert first == ["East", "East", "West", "West"]


def test_locked_ids_are_the_plans_and_hold_their_schools(draw, grid):
    locked = {"s00": "North", "s53": "South", "s01": "North", "s30": "C02"}
    found = plan(draw, grid, locked=locked)
    assert found.feasible
    table = found.assignment.plan_table().set_index("school_id")["community_id"]
    assert {school: table[school] for school in locked} == locked
    assert set(table) == {"North", "South", "C02", "C01"}


def test_locks_and_regions_together(draw, grid):
    locked = {"s53": "Z", "s00": "A"}
    found = plan(draw, grid, locked=locked, nested_in="region")
    assert found.feasible
    table = found.assignment.plan_table().set_index("school_id")["community_id"]
    assert table["s53"] == "Z"
    assert table["s00"] == "A"
    region = grid.district.schools["region"]
    assert (region.groupby(table).nunique() == 1).all()


def test_wishes_are_granted(draw, grid):
    found = plan(
        draw,
        grid,
        keep_together=(("s00", "s03", "s02"), ("s50", "s52")),
        keep_apart=(("s20", "s30", "s21"), ("s12", "s13")),
    )
    assert found.feasible
    judge = draw.judge(grid, found.assignment.scenario)
    assert judge.accepts(tuple(found.assignment.node_community.tolist()))


def test_more_is_spent_where_the_usual_effort_finds_nothing(draw, grid):
    hard = {"enrollment_tolerance": 0.0, "schools": (6, 6)}
    tiny = Effort(steps_per_unit=1, chains=1)
    found = make_plan(
        grid.district, draw.network(grid), Scenario(communities=4, **hard), effort=tiny
    )
    if not found.feasible:
        assert found.effort.steps_per_unit == 4
    sizes = np.bincount(found.assignment.school_community, minlength=4)
    assert found.feasible == (set(sizes.tolist()) == {6})


def test_the_same_seed_gives_the_same_plan(draw, grid):
    first, again = (plan(draw, grid, seed=5).assignment for _ in range(2))
    np.testing.assert_array_equal(first.node_community, again.node_community)
    assert first.community_names == again.community_names


@pytest.mark.parametrize("method", METHODS)
def test_a_comparator_makes_a_plan_that_is_scored_like_any(draw, grid, method):
    scenario = Scenario(communities=4, schools=(5, 7), nested_in="region", locked={"s00": "North"})
    found = make_plan_by(method, grid.district, draw.network(grid), scenario)
    assignment = found.assignment
    assert found.method == method
    assert found.effort is None
    table = assignment.plan_table().set_index("school_id")["community_id"]
    assert table["s00"] == "North"
    assert table.nunique() == 4
    region = grid.district.schools["region"]
    assert (region.groupby(table).nunique() == 1).all()
    judge = draw.judge(grid, assignment.scenario)
    assert found.feasible == judge.accepts(tuple(assignment.node_community.tolist()))


def test_the_search_is_no_comparator(draw, grid):
    with pytest.raises(ValueError, match="'anneal'"):
        make_plan_by(
            "anneal", grid.district, draw.network(grid), Scenario(communities=4, schools=(4, 8))
        )
