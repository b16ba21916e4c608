"""Plans side by side: matched communities, measures, promises and schools that change."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeder.analyses.comparison import compare
from feeder.analyses.comparison.comparison import Comparison, compare_plans
from feeder.measures.score import score
from feeder.planning import Assignment

LAW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def named(plan: Assignment, *ids: str) -> Assignment:
    return plan.renamed(ids, tuple(f"{i} side" for i in ids))


@pytest.fixture
def found(grid: Assignment, moved: Callable[..., Assignment]) -> Comparison:
    """Today, the plan with its communities renamed, and the plan with e8 as it is today."""
    return compare({"first": named(grid, "1", "2"), "second": named(moved(e8="E"), "2", "1")})


def test_communities_keep_what_they_go_by_and_todays_its_names(found: Comparison) -> None:
    """Both sides are mostly the same school by school, so all three plans share two colors."""
    assert found.names == ("existing", "first", "second")
    today, first, second = found.assignments
    assert [plan.community_ids for plan in found.assignments] == [("1", "2")] * 3
    assert first.communities == second.communities
    assert first.community_names == ("1 side", "2 side")
    assert today.community_names == ("T1", "T2")
    assert today.community_colors == first.community_colors
    assert [one.number for one in today.communities] == [1, 2]
    assert found.communities == {"1": "1 side", "2": "2 side"}
    assert [str(one) for section in found.sections for one in section.sentences]


def test_schools_that_change_are_named(found: Comparison) -> None:
    schools = found.schools
    assert list(schools.columns) == ["name", "existing", "first", "second", "changes"]
    assert schools.index[schools["changes"]].tolist() == ["e8"]
    assert schools.loc["e8", ["name", "existing", "first", "second"]].tolist() == [
        *("School e8", "2", "1", "2"),
    ]


def test_measures_are_those_of_the_scorecards(
    found: Comparison, grid: Assignment, moved: Callable[..., Assignment]
) -> None:
    table = found.measures
    one, other = score(grid), score(moved(e8="E"))
    assert list(table.index) == list(one.plan)
    for name, row in table.iterrows():
        for column, value in (
            ("existing", one.existing[name].value),
            ("first", one.plan[name].value),
            ("second", other.plan[name].value),
        ):
            assert row[column] == value or (value is None and np.isnan(row[column]))
        assert row["unit"] == one.definitions[name].unit


def test_the_best_plan_of_a_measure_is_marked(found: Comparison) -> None:
    """Only the first is even; today moves nobody and does not compete; e8 sends 5 each way.

    The longest way is from e8 to e4 today, 2 km from m2 to e3 in the first.
    """
    best = found.best
    assert best["feeder_continuity"] == ()
    assert best["enrollment_deviation"] == ("first",)
    assert best["schools_moved"] == ("second",)
    assert best["cut_contacts"] == ("existing", "second")
    assert best["office_minutes_max"] == ("existing", "second")


def test_a_plan_cut_short_does_not_compete(moved: Callable[..., Assignment]) -> None:
    short = compare({"whole": moved(), "short": moved(m2="", v9="E")})
    assert np.isfinite(short.measures.loc["split_across_communities", "short"])
    assert all("short" not in names for names in short.best.values())


def test_promises_are_counted_for_every_plan(found: Comparison) -> None:
    table = found.promises
    assert pd.isna(table.loc["enrollment_tolerance"].iloc[0])  # a limit of the new plan's
    assert table.loc["enrollment_tolerance"].iloc[1:].tolist() == [0, 2]
    assert table.loc["contiguity"].tolist() == [0, 0, 0]
    assert "campus_whole" in table.index


def test_without_a_plan_of_today_the_first_one_names(
    grid: Assignment, moved: Callable[..., Assignment]
) -> None:
    alone = replace(grid.district, existing_plan=None)
    plans = [named(grid, "1", "2"), named(moved(e8="E"), "b", "a")]
    found = compare({str(i): replace(p, district=alone) for i, p in enumerate(plans)})
    assert found.names == ("0", "1")
    assert found.assignments[1].community_ids == ("1", "2")
    assert found.assignments[1].community_names == ("1 side", "2 side")
    assert found.best["schools_moved"] == ()


def test_a_new_community_keeps_its_name_or_takes_a_free_one(grid: Assignment) -> None:
    """e7, e8 and h2 leave the west with most of its students, and so with what it goes by."""
    graph = grid.network.graph
    node = grid.node_community.copy()
    node[[graph.node_ids.index(n) for n in ("e7", "e8", "h2")]] = 2
    for name, after in (("1", "1 2"), ("N", "N")):
        three = Assignment.of_nodes(
            grid.district,
            grid.network,
            grid.scenario,
            node,
            ids=(name, "b", "c"),
            names=(name, "b", "c"),
        )
        plan = compare({"two": grid.renamed("12", "12"), "three": three}).assignments[2]
        assert plan.community_ids == (after, "2", "1")
        assert plan.community_names == (after, "2", "1")
        assert [one.number for one in plan.communities] == [3, 2, 1]
        assert len(set(plan.community_colors)) == 3


def test_warnings_are_told_once(found: Comparison, grid: Assignment) -> None:
    assert len(found.warnings) == len(set(found.warnings))
    assert set(grid.network.warnings) <= set(found.warnings)


def test_progress_reaches_the_end(grid: Assignment) -> None:
    seen: list[float] = []
    compare_plans({"one": grid, "two": grid}, progress=seen.append)
    assert seen == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1]


@LAW
@given(st.lists(st.integers(-1, 3), min_size=12, max_size=12), st.permutations(range(4)))
def test_matching_changes_names_only_and_undoes_any_renaming(
    grid: Assignment, home: list[int], order: list[int]
) -> None:
    """A plan beside itself under other names is the same plan: no school changes."""
    ids = ("A", "B", "C", "D")
    node = np.array(home)
    codes = np.array([*order, -1])
    alone = replace(grid.district, existing_plan=None)
    plans = [
        Assignment.of_schools(
            alone,
            grid.network,
            grid.scenario,
            which,
            vacant=np.array([-1]),
            ids=ids,
            names=ids,
        )
        for which in (node, codes[node])
    ]
    found = compare({"one": plans[0], "two": plans[1]})
    assert not found.schools["changes"].any()
    for before, after in zip(plans, found.assignments, strict=True):
        assert (before.school_community == after.school_community).all()
        assert (before.node_community == after.node_community).all()
        assert len(set(after.community_ids)) == len(set(after.community_names)) == 4
