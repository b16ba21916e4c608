"""Equity between groups: by hand, against a double sum, and the laws that make it a measure."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.analyses.funding.equity import equity, gini, theil, theil_parts

GROUPS = st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**4)), min_size=1, max_size=12)


def test_by_hand() -> None:
    """Two groups of one student with 10 and 30 dollars: mean 20.

    The ratio is 3. Of the four ordered pairs two differ by 20: mean difference 10, half of it over
    the mean: a Gini coefficient of 0.25. Theil: 1/4 ln(1/4 : 1/2) + 3/4 ln(3/4 : 1/2).
    """
    found = equity([10, 30], [1, 1])
    assert found is not None
    assert (found.highest, found.lowest, found.ratio) == (30, 10, 3)
    assert found.gini == pytest.approx(0.25)
    assert found.theil == pytest.approx(0.25 * math.log(0.5) + 0.75 * math.log(1.5))


def test_groups_without_students_say_nothing() -> None:
    assert equity([5, 10, 30], [0, 1, 1]) == equity([10, 30], [1, 1])
    assert equity([5.0], [0.0]) is None
    assert equity([0.0], [3.0]) is None


def test_a_group_without_dollars() -> None:
    """Half the students have all: Gini 1/2, Theil ln 2, and no finite ratio."""
    found = equity([0, 8], [2, 2])
    assert found is not None
    assert (found.ratio, found.gini) == (math.inf, 0.5)
    assert found.theil == pytest.approx(math.log(2))


@given(GROUPS)
def test_gini_is_half_the_mean_difference_over_the_mean(groups: list[tuple[int, int]]) -> None:
    dollars, students = np.array(groups, dtype=float).T
    each, size = dollars / students, students / students.sum()
    double = (size[:, None] * size * np.abs(each[:, None] - each)).sum()
    expected = double / (2 * dollars.sum() / students.sum())
    assert gini(dollars, students) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.integers(1, 10**4), min_size=1, max_size=12), st.integers(1, 10**5))
def test_the_same_for_every_student_is_even(students: list[int], each: int) -> None:
    found = equity([each * n for n in students], students)
    assert found is not None
    assert found.ratio == pytest.approx(1)
    assert (found.gini, found.theil) == pytest.approx((0, 0), abs=1e-12)


@given(GROUPS, st.integers(2, 5))
def test_replication_and_another_currency_change_nothing(
    groups: list[tuple[int, int]], times: int
) -> None:
    dollars, students = np.array(groups, dtype=float).T
    for measure in (gini, theil):
        once = measure(dollars, students)
        assert measure(np.tile(dollars, times), np.tile(students, times)) == pytest.approx(
            once, abs=1e-9
        )
        assert measure(dollars * times, students) == pytest.approx(once, abs=1e-9)


@given(GROUPS, st.integers(0, 3))
def test_theil_is_the_sum_of_within_and_between(groups: list[tuple[int, int]], seed: int) -> None:
    dollars, students = np.array(groups, dtype=float).T
    group = np.random.default_rng(seed).integers(0, 3, len(groups))
    within, between = theil_parts(dollars, students, group)
    assert within + between == pytest.approx(theil(dollars, students), abs=1e-9)
    assert theil_parts(dollars, students, np.arange(len(groups)))[0] == pytest.approx(0, abs=1e-9)
