"""The schools at the bottom, by hand.

english: 1 has e1, e4, m1 (west) and h1 (east); 2 has e7 (west) and e2 (east); 3 has e8 (west) and
e3, e5, e6 (east). h2 (west) and m2 (east) have none: 5 schools of each side are rated. mathematics:
e1 has 1 and e2 has 2.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeder.analyses.goals.bottom_sections import performance_section
from feeder.analyses.goals.performance import performance
from feeder.errors import InputError
from feeder.language import languages, words
from feeder.planning import Assignment
from feeder.telling.sections import headings, rows
from feeder.telling.units import units_of

ENGLISH = {"e1": 1, "e4": 1, "m1": 1, "h1": 1, "e7": 2, "e2": 2, "e8": 3, "e3": 3, "e5": 3, "e6": 3}
MATHEMATICS = {"e1": 1, "e2": 2}


def with_ratings(plan: Assignment, **ratings: dict[str, float]) -> Assignment:
    index = plan.district.schools.index
    table = pd.DataFrame({name: pd.Series(r, dtype=float) for name, r in ratings.items()})
    measures = replace(plan.district.statistics, ratings=table.reindex(index))
    return replace(plan, district=replace(plan.district, statistics=measures))


@pytest.fixture
def rated(grid: Assignment) -> Assignment:
    return with_ratings(grid, english=ENGLISH, mathematics=MATHEMATICS)


def test_the_lowest_grade_by_community_and_by_board(rated: Assignment) -> None:
    """Four schools are at the bottom, three of them in the west, where half of the rated are.

    A balanced share of them were 2, so the west has one too many. Only e1 is at both bottoms.
    """
    found = performance(rated, by="board")
    assert found is not None
    west, east = (found.communities.iloc[k] for k in (0, 1))
    counts = ["schools_rated", "schools_unrated", "schools_at_bottom", "schools_at_every_bottom"]
    shares = ["share_of_bottom", "balanced_share", "over_balance"]
    assert west[counts].tolist() == [5, 1, 3, 1]
    assert east[counts].tolist() == [5, 1, 1, 0]
    assert west[shares].tolist() == [0.75, 0.5, 1.0]
    assert east[shares].tolist() == [0.25, 0.5, -1.0]
    assert found.groups["name"].tolist() == ["N", "S"]
    assert found.groups["schools_at_bottom"].tolist() == [3, 1]
    assert found.schools["school_id"].tolist() == ["e1", "e4", "m1", "h1"]
    assert found.schools["at_every_bottom"].tolist() == [True, False, False, False]
    assert found.schools["ratings"].tolist()[0] == "english 1, mathematics 1"
    assert found.schools["group"].tolist() == ["N", "N", "N", "S"]
    told = found.ratings.set_index("rating")
    assert told.loc["english"].tolist() == [1, 3, 1, 10, 2, 4]
    assert told.loc["mathematics"].tolist() == [1, 2, 1, 2, 10, 1]


@pytest.mark.parametrize(
    ("share", "grade", "schools"),
    [(0.01, 1, 4), (0.4, 1, 4), (0.41, 2, 6), (0.6, 2, 6), (1, 3, 10)],
)
def test_a_share_takes_whole_grades(
    grid: Assignment, share: float, grade: float, schools: int
) -> None:
    """Ten are rated: four have 1, two have 2. Four tenths are the 1s; one more needs the 2s."""
    found = performance(with_ratings(grid, english=ENGLISH), bottom=share)
    assert found is not None
    assert found.ratings["at_most"].tolist() == [grade]
    assert found.ratings["schools_at_bottom"].tolist() == [schools]


def test_no_ratings_are_no_performance(grid: Assignment) -> None:
    assert performance(grid) is None
    assert performance(with_ratings(grid, english={"e1": np.nan})) is None


def test_wishes_that_cannot_be_met_are_told_together(rated: Assignment) -> None:
    with pytest.raises(InputError) as caught:
        performance(rated, bottom=5, by="bord")
    told = [(problem.rule, problem.fix) for problem in caught.value.problems]
    assert [rule for rule, _ in told] == ["by", "bottom"]
    assert "board" in told[0][1]
    assert "0.05" in told[1][1]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    grades=st.lists(st.sampled_from([np.nan, 1.0, 2.0, 3.0]), min_size=12, max_size=12),
    labels=st.lists(st.integers(-1, 3), min_size=12, max_size=12),
)
def test_every_school_is_counted_once(
    grid: Assignment, grades: list[float], labels: list[int]
) -> None:
    ids = ("A", "B", "C", "D")
    index = grid.district.schools.index
    plan = with_ratings(grid, english=dict(zip(index, grades, strict=True)))
    plan = replace(plan, school_community=np.array(labels)).renamed(ids, ids)
    found = performance(plan)
    if found is None:
        assert np.isnan(grades).all()
        return
    bottom = int(np.sum(np.array(grades) == np.nanmin(grades)))
    for table in (found.communities, found.groups):
        assert table["schools_rated"].sum() + table["schools_unrated"].sum() == 12
        assert table["schools_at_bottom"].sum() == bottom == len(found.schools)
        sums = table[["share_of_bottom", "balanced_share", "over_balance"]].sum()
        np.testing.assert_allclose(sums, [1, 1, 0], atol=1e-9)


@pytest.mark.parametrize("tag", languages())
def test_a_reader_is_told_in_every_language(tag: str, rated: Assignment) -> None:
    said = words(tag)
    labels = rated.school_community.copy()
    labels[list(rated.network.graph.school_ids).index("e4")] = -1
    found = performance(replace(rated, school_community=labels))
    assert found is not None
    section = performance_section(found)
    told = "\n".join(said.say(sentence) for sentence in section.sentences)
    cells = [cell.text for table in section.tables for row in rows(table, said) for cell in row]
    heads = [cell.text for table in section.tables for cell in headings(table, said)]
    assert "{" not in told + "".join(heads)
    assert "School e4" in cells
    assert said("goals.in_none") in cells
    assert all(len(units_of(table.frame)) == len(table.frame.columns) for table in section.tables)
