"""One plan that merges, splits and renames communities: every product tells the same change.

The grid has twelve schools. Today's two communities become three: what the west was is split, its
smaller part joins the east, and all are renamed.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from vectors.node import MISSING, NODE, page_scorecards

from feeder.analyses.candidates.aims import aims_of, figure
from feeder.analyses.comparison.comparison import compare_plans
from feeder.analyses.difference.between import plan_difference
from feeder.analyses.difference.sections import difference_sections
from feeder.language import ENGLISH
from feeder.measures.grouping import today_of
from feeder.measures.score import score
from feeder.planning import Assignment
from feeder.planning.identity import Community
from feeder.publishing.cells import every_cell
from feeder.publishing.worlds import worlds_of
from feeder.telling.figures import figures


@pytest.fixture
def plan(grid: Assignment) -> Assignment:
    """Today A merges with B, C is split, D is renamed; one school has no community today."""
    ids = list(grid.network.graph.school_ids)
    today = pd.Series(["A", "A", "B", "B", "C", "C", "C", "C", "D", "D", "D", None], index=ids)
    new = ["One", "One", "One", "One", "Two", "Two", "Three", "Two", "D", "Four", "Four", "Four"]
    names = ("D", "Four", "One", "Three", "Two")
    homes = np.array([names.index(one) for one in new])
    node = grid.node_community.copy()
    node[:] = 0
    node[grid.network.graph.school_node] = homes
    return replace(
        grid,
        district=replace(grid.district, existing_plan=today.dropna()),
        school_community=homes,
        node_community=node,
        communities=tuple(Community(name, k, name) for k, name in enumerate(names, start=1)),
    )


def by_hand(plan: Assignment) -> tuple[list[str], int]:
    """Only the third of C's schools and the first of D's are not where most of these are."""
    ids = list(plan.network.graph.school_ids)
    schools = plan.district.schools["enrollment"].reindex(ids)
    assert schools.iloc[8] < schools.iloc[[9, 10]].sum()
    assert schools.iloc[6] < schools.iloc[[4, 5, 7]].sum()
    moved = [ids[6], ids[8]]
    return moved, int(schools[moved].sum())


def test_every_product_tells_the_hand_count(plan: Assignment) -> None:
    moved, students = by_hand(plan)
    card = score(plan)
    schools, pupils = card.plan["schools_moved"], card.plan["students_moved"]
    assert (schools.value, schools.denominator) == (2, 11)
    assert pupils.value == students
    told = {one["name"]: one["text"] for one in figures(plan, card, ENGLISH)}
    assert told["schools_moved"] == "2 of 11"
    aims = {aim.measure: aim for aim in aims_of([card], rough=False)}
    assert str(figure(aims["students_moved"], pupils)) == told["students_moved"]

    today = today_of(plan)
    assert today is not None
    difference = plan_difference(today, plan)
    assert difference.schools.loc[difference.moved, "school_id"].tolist() == sorted(moved)
    said = [ENGLISH.say(one) for one in difference_sections(difference)[0].sentences]
    assert said[0].startswith(f"2 of 11 schools change community, with {students:,} of ")
    assert said[1] == "1 school was in no community before and is not counted among these."

    compared = compare_plans({"plan": plan}).schools
    assert sorted(compared.index[compared["changes"].fillna(value=False)]) == sorted(moved)
    assert int(compared["changes"].notna().sum()) == 11


@pytest.mark.skipif(NODE is None, reason=MISSING)
def test_the_page_tells_the_hand_count(plan: Assignment) -> None:
    _, students = by_hand(plan)
    every = worlds_of(plan, every_cell(plan.district, plan.network))
    ((card,), _) = page_scorecards(every.of(plan), every, [plan.school_community])
    schools, pupils = card["plan"]["schools_moved"], card["plan"]["students_moved"]
    assert (schools["value"], schools["denominator"]) == (2, 11)
    assert (pupils["value"], pupils["denominator"]) == (students, 1080 - 120)


def test_no_row_goes_from_a_community_to_itself(plan: Assignment) -> None:
    """A school of D is in one that is called D, but the others are not."""
    today = today_of(plan)
    assert today is not None
    sections = difference_sections(plan_difference(today, plan))
    rows = sections[1].tables[0].frame[["from_name", "to_name"]].to_numpy().tolist()
    told = [(before, after if isinstance(after, str) else str(after)) for before, after in rows]
    assert ("D", "D (new)") in told
    assert all(before != after for before, after in told)
