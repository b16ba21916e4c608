"""Firm and swing schools and the consensus, against counting by hand and by brute force."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest

from feeder.ensembles.agreement import (
    FIRM,
    SWING,
    agree,
    chosen_plans,
    good_plans,
    percent,
    school_pairs,
    standing,
)


def random_plans(seed, n_plans=7, n_units=9, k=3):
    rng = np.random.default_rng(seed)
    base = rng.integers(0, k, n_units)
    plans = np.tile(base, (n_plans, 1))
    for plan in plans:
        moved = rng.choice(n_units, 3, replace=False)
        plan[moved] = rng.integers(0, k, 3)
        plan[:] = rng.permutation(k)[plan]
        plan[1 + rng.permutation(n_units - 1)[:k]] = np.arange(k)  # each community has a school
    schools = rng.integers(1, 3, n_units)
    schools[0] = 0
    return plans.astype(np.int16), schools


@pytest.mark.parametrize("seed", range(20))
def test_pairs_and_consensus_by_counting(seed):
    plans, schools = random_plans(seed)
    found = agree(plans, schools)
    n = plans.shape[1]
    for u, v in combinations(range(n), 2):
        share = np.mean([plan[u] == plan[v] for plan in plans])
        assert found.together[u, v] == pytest.approx(share)
        assert found.together[v, u] == pytest.approx(share)

    def distance(a, b):
        """Pairs of schools that one plan joins and the other parts."""
        return sum(
            schools[u] * schools[v] * ((a[u] == a[v]) != (b[u] == b[v]))
            for u, v in combinations(range(n), 2)
        )

    total = [sum(distance(a, b) for b in plans) for a in plans]
    own = next(i for i, plan in enumerate(plans) if (plan == found.consensus).all())
    assert total[own] == min(total)


@pytest.mark.parametrize("seed", range(20))
def test_certainty_by_trying_every_renaming(seed):
    plans, schools = random_plans(seed)
    found = agree(plans, schools)
    best = []
    for plan in plans:
        kept = max(
            (schools * (np.array(names)[plan] == found.consensus)).sum()
            for names in permutations(range(3))
        )
        best.append(kept)
    assert (schools * found.certainty).sum() * len(plans) == pytest.approx(sum(best))
    assert ((found.certainty >= 0) & (found.certainty <= 1)).all()


def test_names_of_communities_do_not_matter():
    plans, schools = random_plans(3)
    renamed = np.stack([np.roll([0, 1, 2], i)[plan] for i, plan in enumerate(plans)])
    one, other = agree(plans, schools), agree(renamed.astype(np.int16), schools)
    assert (one.together == other.together).all()
    assert (one.certainty == other.certainty).all()


def test_good_plans_are_the_best_tenth():
    scores = pd.DataFrame(
        {"chain": np.repeat([0, 1], 10), "draw": np.tile(np.arange(10), 2), "worth": 0.0}
    )
    scores.loc[[4, 15, 17], "worth"] = [1.0, 3.0, 1.0]
    wanted = good_plans(scores, "worth")
    assert wanted.to_numpy().tolist() == [[1, 5], [0, 4]]
    batches = [
        (np.array([[0, 4], [1, 5]]), np.array([[1, 2], [3, 4]], dtype=np.int16)),
        (np.array([[0, 5], [1, 6]]), np.array([[5, 6], [7, 8]], dtype=np.int16)),
    ]
    assert chosen_plans(batches, wanted).tolist() == [[1, 2], [3, 4]]


def test_standing_at_its_bounds():
    assert standing(np.array([1.0, 0.9, 0.8999, 0.5, 0.4999, 0.0])) == [
        "firm",
        "firm",
        "between",
        "between",
        "swing",
        "swing",
    ]


def test_pairs_of_schools_on_campuses():
    together = np.array([[1.0, 0.25, 0.0], [0.25, 1.0, 0.5], [0.0, 0.5, 1.0]])
    found = school_pairs(together, np.array([0, 0, 1, -1, 2]), ("a", "b", "c", "d", "e"))
    rows = [tuple(row) for row in found.itertuples(index=False)]
    assert rows == [("a", "b", 1.0), ("a", "c", 0.25), ("b", "c", 0.25), ("c", "e", 0.5)]


def test_percents_are_rounded_down_but_never_by_the_last_bit():
    shares = np.array([0.4999, 0.8999, 0.29, 0.57, 9 / 10, 1.0, 0.0])
    assert percent(shares).tolist() == [49, 89, 29, 57, 90, 100, 0]
    bounds = {"firm": percent(shares) >= 100 * FIRM, "swing": percent(shares) < 100 * SWING}
    for word, told in bounds.items():
        assert told.tolist() == [one == word for one in standing(shares)]
