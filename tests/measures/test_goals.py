"""Goals by hand, and what holds for any goals of any plan."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeder.analyses.goals.sections import goals_section
from feeder.analyses.goals.summed import goals_table
from feeder.district.model import Goal
from feeder.language import languages, words
from feeder.planning import Assignment
from feeder.telling.sections import headings, rows
from feeder.telling.units import units_of

ADD_UP = ["schools_with_figures", "schools_without_figures", "numerator", "denominator"]
ADD_UP += ["target_numerator", "gap", "schools_less_ambitious"]
BY_HAND = {
    #      absent, of, target, absent in the past year, of
    "e1": (10, 100, 0.05, 4, 100),
    "e4": (40, 50, 0.20, 30, 60),
    "e8": (30, 60, 0.10, np.nan, np.nan),
    "e5": (5, 50, 0.03, 1, 50),
    "e6": (1, 50, 0.10, 2, 50),
    "m2": (7, 70, np.nan, np.nan, np.nan),
}


def with_goal(plan: Assignment, rows: dict[str, tuple[float, ...]], better: str) -> Assignment:
    columns = ["numerator", "denominator", "target", "past_numerator", "past_denominator"]
    schools = pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=float)
    schools = schools.reindex(plan.district.schools.index)
    goal = Goal(name="chronic_absence", better=better, schools=schools)
    return replace(plan, district=replace(plan.district, goals=(goal,)))


def divided(plan: Assignment, labels: list[int], n: int) -> Assignment:
    """Put the schools into any communities, -1 for none."""
    ids = tuple(f"C{k}" for k in range(n))
    return replace(plan, school_community=np.array(labels)).renamed(ids, ids)


def of_level(table: pd.DataFrame, level: str) -> pd.DataFrame:
    return table[table["level"] == level].set_index("id")


@pytest.fixture
def by_hand(grid: Assignment) -> Assignment:
    return with_goal(grid, BY_HAND, "lower")


def test_goals_are_sums_and_no_average_of_averages(by_hand: Assignment) -> None:
    """W has e1, e4 and e8: 10 + 40 + 30 = 80 of 210 are absent, 38.1 %.

    The mean of 10 %, 80 % and 50 % would be 46.7 %. Its target is 5 + 10 + 6 = 21 students, 10 %
    (the mean of 5, 20 and 10 % is 11.7 %); 59 are too many. E has e5 and e6 (m2 has no target): 6
    of 100, and 1.5 + 5 = 6.5 are allowed, so its target is passed by half a student. Today e8 is
    of the east: 50 of 150 and 36 of 160, targets of 15 and 12.5.
    """
    table = goals_table(by_hand)
    west, east = (of_level(table, "community").loc[one] for one in "WE")
    assert (west["numerator"], west["denominator"], west["target_numerator"]) == (80, 210, 21)
    assert west["baseline"] == pytest.approx(80 / 210)
    assert west["target"] == pytest.approx(0.1)
    assert (west["gap"], west["students_behind"]) == (pytest.approx(59), 59)
    assert (east["baseline"], east["target"]) == (pytest.approx(0.06), pytest.approx(0.065))
    assert (east["gap"], east["students_behind"]) == (pytest.approx(-0.5), 0)
    assert (east["schools_with_figures"], east["schools_without_figures"]) == (2, 4)
    district = of_level(table, "district").loc["district"]
    assert (district["numerator"], district["denominator"]) == (86, 310)
    assert (district["gap"], district["students_behind"]) == (pytest.approx(58.5), 59)
    today = of_level(table, "today")
    assert today["numerator"].to_dict() == {"T1": 50, "T2": 36}
    assert today["target_numerator"].to_dict() == {"T1": 15, "T2": 12.5}
    regions = of_level(table, "region").drop(columns=["level", "name"])
    same = of_level(table, "community").drop(columns=["level", "name"])
    pd.testing.assert_frame_equal(regions, same.set_axis(regions.index))


def test_a_target_that_asks_for_less_than_the_past_year(by_hand: Assignment) -> None:
    """E: 3 of 100 were absent in the past year, and 6.5 % may be. Both of its schools ask less.

    W: 34 of 160 were absent, 21.3 %; e1 and e4 may have 15 of 150, so W asks for more, though e1
    (4 % last year, 5 % may be) asks for less. Nobody knows of e8, which is left out of both.
    """
    communities = of_level(goals_table(by_hand), "community")
    assert communities["less_ambitious"].to_dict() == {"W": False, "E": True}
    assert communities["schools_less_ambitious"].to_dict() == {"W": 1, "E": 2}
    assert communities["past"].to_dict() == {"W": pytest.approx(34 / 160), "E": pytest.approx(0.03)}


def test_where_higher_is_better_the_gap_is_what_is_missing(grid: Assignment) -> None:
    """e1: 60 of 100 attend, 97.5 should: 37.5 more, told as 38. e4 has 50 of 50: 5 more than 45."""
    plan = with_goal(grid, {"e1": (60, 100, 0.975, 60, 100), "e4": (50, 50, 0.9, 50, 50)}, "higher")
    table = goals_table(plan)
    schools = of_level(table, "school")
    assert schools.loc["e1", ["gap", "students_behind"]].tolist() == [pytest.approx(37.5), 38]
    assert schools.loc["e4", ["gap", "students_behind"]].tolist() == [pytest.approx(-5), 0]
    assert schools["less_ambitious"][["e1", "e4"]].tolist() == [False, True]
    assert pd.isna(schools.loc["e5", "students_behind"])
    assert schools.loc["e5", "less_ambitious"] is None
    assert of_level(table, "community").loc["W", "gap"] == pytest.approx(32.5)


def test_nobody_to_count_is_no_division_by_zero(grid: Assignment) -> None:
    district = of_level(
        goals_table(with_goal(grid, {"e1": (0, 0, 0.1, 0, 0)}, "lower")), "district"
    )
    assert district["baseline"].isna().all()
    assert district["students_behind"].tolist() == [0]
    assert district["less_ambitious"].tolist() == [None]


@st.composite
def goal_rows(draw: st.DrawFn) -> tuple[float, ...]:
    """Draw what one school has, or lacks."""
    of, past_of = draw(st.integers(0, 400)), draw(st.integers(0, 400))
    row = [draw(st.integers(0, of)), of, draw(st.integers(0, 1000)) / 1000]
    row += [draw(st.integers(0, past_of)), past_of]
    lost = draw(st.sets(st.integers(0, 4), max_size=1))
    return tuple(np.nan if k in lost else float(value) for k, value in enumerate(row))


ANY_PLAN = {
    "rows": st.lists(goal_rows(), min_size=12, max_size=12),
    "labels": st.lists(st.integers(-1, 3), min_size=12, max_size=12),
    "better": st.sampled_from(["lower", "higher"]),
}
QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(**ANY_PLAN)
def test_the_parts_of_any_plan_add_up_to_the_district(
    grid: Assignment, rows: list[tuple[float, ...]], labels: list[int], better: str
) -> None:
    given = dict(zip(grid.district.schools.index, rows, strict=True))
    table = goals_table(divided(with_goal(grid, given, better), labels, 4))
    whole = of_level(table, "district")[ADD_UP].sum()
    for level in ("region", "community", "today", "school"):
        parts = of_level(table, level)[ADD_UP].sum()
        np.testing.assert_allclose(parts.astype(float), whole.astype(float), atol=1e-7)
    behind = table[["gap", "students_behind"]].dropna()
    assert ((behind["students_behind"] - behind["gap"].clip(lower=0)).between(-1e-5, 1)).all()


@QUICK
@given(**ANY_PLAN, school=st.integers(0, 11), to=st.integers(0, 3))
def test_a_move_changes_two_communities_by_just_that_school(
    grid: Assignment,
    rows: list[tuple[float, ...]],
    labels: list[int],
    better: str,
    school: int,
    to: int,
) -> None:
    given = dict(zip(grid.district.schools.index, rows, strict=True))
    plan = with_goal(grid, given, better)
    labels[school] = (to + 1) % 4
    after = [to if k == school else label for k, label in enumerate(labels)]
    old, new = (
        of_level(goals_table(divided(plan, one, 4)), "community")[ADD_UP].drop("", errors="ignore")
        for one in (labels, after)
    )
    alone = of_level(goals_table(plan), "school")[ADD_UP].iloc[school].astype(float)
    change = (new - old).astype(float)
    np.testing.assert_allclose(change.loc[f"C{to}"], alone, atol=1e-7)
    np.testing.assert_allclose(change.loc[f"C{(to + 1) % 4}"], -alone, atol=1e-7)
    others = change.drop([f"C{to}", f"C{(to + 1) % 4}"])
    assert (others == 0).all(axis=None)


def test_every_column_has_a_unit_and_a_district_may_have_no_goals(grid: Assignment) -> None:
    table = goals_table(grid)
    assert table.empty
    assert list(units_of(table)) == list(table)
    assert units_of(table)["students_behind"] == "students"


@pytest.mark.parametrize("tag", languages())
def test_a_reader_is_told_in_every_language(
    tag: str, by_hand: Assignment, moved: Callable[..., Assignment]
) -> None:
    said = words(tag)
    placeless = replace(moved(e8=""), district=by_hand.district)
    section = goals_section(placeless)
    told = "\n".join(said.say(sentence) for sentence in section.sentences)
    cells = [cell.text for table in section.tables for row in rows(table, said) for cell in row]
    heads = [cell.text for table in section.tables for cell in headings(table, said)]
    assert "{" not in told + "".join(heads)
    assert said("goals.in_none") in cells
    assert said.number(59.0, ",.0f") in told


def test_what_a_reader_is_told(by_hand: Assignment) -> None:
    told = [words("en").say(sentence) for sentence in goals_section(by_hand).sentences]
    assert told[0].startswith("Chronic absence: 27.7% of the students")  # 86 of 310
    assert "8.9%" in told[0]  # 27.5 of 310
    assert "59 students fewer" in told[0]
    assert told[1] == "Chronic absence: West side has most students behind its target, 59."
    assert "in the communities of this plan, from" in told[2]
    assert "7 schools without a baseline or a target count in no sum." in told[3]
    assert told[4].endswith("asks for less than its schools reached last year: East side.")
    assert "the targets of 3 schools ask for less" in told[5]
