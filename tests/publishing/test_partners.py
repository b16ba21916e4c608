"""Partners of hidden counts against brute force: every world of small tables."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from feeder.publishing.partners import Sum, completed
from feeder.publishing.primary import parts_of, whole_counts


def _told(students: list[float]) -> tuple[Sum, np.ndarray, np.ndarray]:
    values = np.array(students)
    low, high = whole_counts(values)
    sums = Sum(
        students=values,
        low=low,
        high=high,
        sign=np.ones(len(values)),
        is_few=low < high,
        rank=np.zeros(len(values)),
    )
    return sums, *completed(sums)


def _possible(low: np.ndarray, high: np.ndarray, total: int) -> list[tuple[int, ...]]:
    cells = [range(int(a), int(b) + 1) for a, b in zip(low, high, strict=True)]
    return [world for world in product(*cells) if sum(world) == total]


@pytest.mark.parametrize("seed", range(150))
def test_a_known_total_narrows_no_small_count(seed: int) -> None:
    """Random rows of flows whose sum is known: all of 1 to 9 stays possible, told or not."""
    rng = np.random.default_rng(seed)
    students = rng.choice([1, 3, 5, 8, 9, 10, 11, 12, 14, 20, 40], rng.integers(2, 5)).tolist()
    sums, low, high = _told(students)
    worlds = _possible(low, high, int(sum(students)))
    assert tuple(students) in worlds
    for i in np.flatnonzero(sums.is_few):
        most = min(9, int(sum(students)) - (len(students) - 1))
        assert {world[i] for world in worlds} >= set(range(1, most + 1))


def test_the_largest_count_becomes_the_partner() -> None:
    """5 of 145 is hidden: 120 is told as 116 to 124, 20 stays."""
    _, low, high = _told([5, 120, 20])
    assert low.tolist() == [1, 116, 20]
    assert high.tolist() == [9, 124, 20]


def test_nothing_is_opened_where_nothing_is_hidden() -> None:
    """Counts of ten and more are told as they are."""
    _, low, high = _told([10, 120, 20])
    assert (low == high).all()


def test_a_partner_is_never_known_to_be_large_at_the_cost_of_the_small_one() -> None:
    """3 and 12 together 15: a partner of 10 or more would leave 1 to 5 to the small one."""
    _, low, high = _told([3, 12])
    assert [low[0], high[0]] == [low[1], high[1]]
    assert low[0] <= 1
    assert high[0] >= 9


@pytest.mark.parametrize(
    "students", [(21, 20, 3), (40, 38, 3), (17, 17, 1), (3, 4, 30, 29), (3, 12, 11), (28, 2, 21)]
)
def test_who_is_the_partner_narrows_no_small_count(students: tuple[int, ...]) -> None:
    """Who knows how partners are chosen finds all of 1 to 9 among the tables told just so.

    Of 21, 20 and 3 the largest alone would be told as 15 to 23: it is no less than 20, so that the
    small one would be no more than 4.
    """
    sums, low, high = _told(list(map(float, students)))
    alike = [
        world
        for world in _possible(np.maximum(low, 1), high, sum(students))
        if np.array_equal(_told(list(map(float, world)))[1:], (low, high))
    ]
    for i in np.flatnonzero(sums.is_few):
        most = min(9, sum(students) - (len(students) - 1))
        assert {world[i] for world in alike} >= set(range(1, most + 1))


def test_everybody_and_nobody_are_not_told() -> None:
    """All 34 of a school, none of 34, 90 and 295 of 300."""
    low, high = parts_of(np.array([34.0, 0.0, 90.0, 295.0]), np.array([34.0, 34.0, 300.0, 300.0]))
    assert low.tolist() == [25, 0, 90, 291]
    assert high.tolist() == [34, 9, 90, 300]


@pytest.mark.parametrize("whole", range(1, 41))
def test_what_is_told_of_a_part_says_no_more_than_its_range(whole: int) -> None:
    """Every part of a whole that is in a range is told as that range: 9 of 18 as 0 to 18."""
    students = np.arange(whole + 1.0)
    low, high = parts_of(students, np.full(whole + 1, float(whole)))
    for least, most in set(zip(low.tolist(), high.tolist(), strict=True)):
        told_so = students[(low == least) & (high == most)]
        assert told_so.tolist() == list(np.arange(least, min(most, whole) + 1))
