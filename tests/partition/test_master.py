"""Plans put together from the communities of others, against every way to do so."""

from itertools import combinations

import numpy as np
import pytest

from feeder.partition.cooling import Effort
from feeder.partition.master import combine, settle
from feeder.partition.search import search

KINDS = {
    "plain": {"tiles": 22, "vacant": 2, "landless": 4, "communities": 4},
    "zones": {"tiles": 16, "vacant": 5, "landless": 3, "zones": 2, "communities": 4, "grades": 1},
    "locks": {"tiles": 14, "landless": 2, "locks": 4, "ties": 2, "tolerance": 0.8, "grades": 1},
    "others": {"tiles": 14, "landless": 2, "others": 0.1},
}
QUICK = Effort(steps_per_unit=40, chains=1, rounds=0, cold=0.2)


def some_plans(problem, number=14):
    found = [search(problem, seed=seed, effort=QUICK) for seed in range(number)]
    return [partition.labels for partition in found if partition.feasible]


def groups(labels):
    return {frozenset(np.flatnonzero(labels == c).tolist()) for c in set(labels.tolist())}


def best_by_hand(judges, problem, plans):
    """Try every choice of communities that holds each unit once."""
    columns = sorted({group for labels in plans for group in groups(labels)}, key=sorted)
    worth = []
    for chosen in combinations(columns, problem.n_communities):
        if sum(map(len, chosen)) != problem.n_units or len(frozenset().union(*chosen)) != sum(
            map(len, chosen)
        ):
            continue
        labels = settle(problem, [np.array(sorted(group)) for group in chosen])
        if judges.is_feasible(problem, labels):
            worth.append(judges.objective(problem, labels))
    return max(worth)


@pytest.mark.parametrize("kind", ["plain", "zones", "locks"])
def test_the_best_combination_is_found(judges, kind):
    gained = 0
    for seed in range(12):
        problem = judges.random_problem(seed, judges.recipe(**KINDS[kind]))
        plans = some_plans(problem)
        if len(plans) < 2:
            continue
        joined = combine(problem, plans)
        assert judges.is_feasible(problem, joined), f"seed {seed}"
        want = best_by_hand(judges, problem, plans)
        assert judges.objective(problem, joined) == pytest.approx(want, abs=1e-9), f"seed {seed}"
        gained += want > max(judges.objective(problem, labels) for labels in plans) + 1e-9
    assert gained or kind != "plain"  # a plan better than all it is made of


@pytest.mark.parametrize("kind", KINDS)
def test_a_combination_is_no_worse_than_what_it_is_made_of(judges, kind):
    for seed in range(6):
        problem = judges.random_problem(seed, judges.recipe(**KINDS[kind]))
        plans = some_plans(problem, 6)
        if plans:
            joined = combine(problem, plans)
            assert judges.is_feasible(problem, joined)
            assert problem.objective(joined) >= max(map(problem.objective, plans)) - 1e-12


def test_settling_numbers_a_plan_as_it_was_where_locks_and_zones_say_so(judges):
    for seed in range(8):
        problem = judges.random_problem(seed, judges.recipe(**KINDS["zones"] | {"locks": 5}))
        for labels in some_plans(problem, 3):
            shuffled = [np.flatnonzero(labels == c) for c in range(problem.n_communities)][::-1]
            settled = settle(problem, shuffled)
            assert groups(settled) == groups(labels)
            assert judges.is_feasible(problem, settled)


def test_parts_put_together_beat_chains_alone(judges, instance):
    problem = instance("synthetic_200")
    alone = Effort(steps_per_unit=2000, chains=2, rounds=0)
    rounds = Effort(steps_per_unit=2000, chains=2, rounds=2, part=5, part_steps_per_unit=1000)
    gains = []
    for seed in range(5):
        one = search(problem, seed=seed, effort=alone)
        more = search(problem, seed=seed, effort=rounds)
        assert judges.is_feasible(problem, more.labels)
        gains.append(more.objective - one.objective)
    assert min(gains) >= -1e-12
    assert sum(gain > 1e-6 for gain in gains) >= 2
