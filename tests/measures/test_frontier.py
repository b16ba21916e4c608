"""Which plans nothing beats, how far apart plans are, and how a few are chosen."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from feeder.analyses.candidates.pareto import leads, parted, spread, undominated

GAINS = npst.arrays(
    np.float64,
    st.tuples(st.integers(1, 12), st.integers(1, 4)),
    elements=st.integers(0, 4).map(float),
)


def test_the_pareto_set_by_hand() -> None:
    """The third is beaten by the first, the fourth ties with the second, the fifth is beaten."""
    gains = np.array([[3.0, 1.0], [1.0, 3.0], [3.0, 0.0], [1.0, 3.0], [0.0, 3.0], [2.0, 2.0]])
    assert undominated(gains).tolist() == [True, True, False, True, False, True]


@given(GAINS)
def test_the_pareto_set_by_brute_force(gains: np.ndarray) -> None:
    def beats(a: list[float], b: list[float]) -> bool:
        return all(x >= y for x, y in zip(a, b, strict=True)) and a != b

    rows = gains.tolist()
    assert undominated(gains).tolist() == [not any(beats(b, a) for b in rows) for a in rows]


@given(GAINS)
def test_whatever_is_beaten_is_beaten_by_one_of_the_set(gains: np.ndarray) -> None:
    front = gains[undominated(gains)]
    for own in gains:
        assert (front >= own).all(axis=1).any()


def test_parted_by_hand() -> None:
    """Pairs together: 2*3 = 6 and 4*5 = 20; 2*4 = 8 and 3*5 = 15; none in both."""
    homes = np.array([[0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 0, 0]])
    apart = parted(homes, np.array([2.0, 3.0, 4.0, 5.0]))
    every = 6 + 20 + 8 + 15 + 2 * 5 + 3 * 4
    assert apart[0] == pytest.approx([0, 1, 0, 1 - 26 / every])
    assert np.array_equal(apart, apart.T)


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(
    npst.arrays(np.int64, (3, n), elements=st.integers(-1, 2)),
    npst.arrays(np.int64, n, elements=st.integers(0, 4)),
)))  # fmt: skip
def test_parted_counts_pairs_of_students(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    homes, students = drawn
    placed = [s for s in range(len(students)) if (homes[:, s] >= 0).all()]
    pupils = [s for s in placed for _ in range(students[s])]
    together = [
        {(i, j) for i, j in combinations(range(len(pupils)), 2)
         if pupils[i] != pupils[j] and home[pupils[i]] == home[pupils[j]]}
        for home in homes
    ]  # fmt: skip
    found = parted(homes, students.astype(np.float64))
    for a in range(3):
        for b in range(3):
            either, both = together[a] | together[b], together[a] & together[b]
            wanted = 1 - len(both) / len(either) if either else 0.0
            assert found[a, b] == pytest.approx(wanted)


def test_leads_are_shares_of_the_range_and_only_what_is_worth_telling() -> None:
    gains = np.array([[0.90, -10.0], [0.95, -12.0], [0.951, -20.0]])
    lead = leads(gains, np.array([0.01, 1.0]), np.array([0.1, 10.0]))
    assert lead == pytest.approx(np.array([[0, 0.2, 1.0], [0.5, 0, 0.8], [0.51, 0, 0]]))


def test_the_farthest_come_first_and_those_that_lead_nobody_never() -> None:
    """Plan 3 groups the students as plan 0 does; plan 4 is ahead of nobody."""
    lead = np.full((5, 5), 0.5) - 0.5 * np.eye(5)
    lead[2, 0], lead[4, :] = 0.9, 0.0
    apart = np.full((5, 5), 0.4) - 0.4 * np.eye(5)
    apart[0, 3] = apart[3, 0] = 0.0
    best = np.zeros((5, 2), dtype=np.bool_)
    assert spread(lead, apart, best, first=0, n=5) == (0, 2, 1)
    assert spread(lead, apart, best, first=0, n=2) == (0, 2)
    assert spread(lead, apart, best, first=4, n=3) == (4,)
    best[1, 0] = best[4, 1] = True  # the best at something come first, but never without a lead
    assert spread(lead, apart, best, first=0, n=5) == (0, 1, 2)
    best[0, 0] = True  # as good as the first one chosen: nothing new
    assert spread(lead, apart, best, first=0, n=5) == (0, 2, 1)


@given(GAINS, st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_every_chosen_plan_leads_every_other(gains: np.ndarray, n: int, seed: int) -> None:
    plans, measures = gains.shape
    homes = np.random.default_rng(seed).integers(0, 3, size=(plans, 8))
    lead = leads(gains, np.full(measures, 0.5), np.ones(measures))
    best = gains == gains.max(axis=0)
    chosen = spread(lead, parted(homes, np.full(8, 7.0)), best, first=0, n=n)
    assert chosen[0] == 0
    assert len(set(chosen)) == len(chosen) <= n
    for one in chosen:
        for other in chosen:
            assert one == other or (gains[one] > gains[other]).any()
