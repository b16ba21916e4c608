"""Promises counted from labels agree with judges that share no code with them."""

import numpy as np
import pytest

from feeder.partition.broken import broken_constraints, communities_broken
from feeder.partition.cooling import Effort
from feeder.partition.growth import grow
from feeder.partition.search import search


@pytest.mark.parametrize("seed", range(60))
def test_promises_agree_with_the_judges(judges, seed):
    recipe = judges.recipe(
        totals=1 + seed % 2,
        ties=seed % 3,
        locks=seed % 4,
        by_pupils=seed % 2,
        zones=1 + seed % 2,
        schools=(5, 8),
    )
    problem = judges.random_problem(seed, recipe)
    rng = np.random.default_rng(seed)
    labels = grow(problem, rng)
    labels[rng.integers(0, problem.n_units, 2)] = rng.integers(0, problem.n_communities, 2)
    broken = broken_constraints(problem, labels)
    assert judges.is_whole(problem, labels) == ({"land", "anchors"}.isdisjoint(broken))
    told = {line.split(" of ")[0] for line in judges.broken_constraints(problem, labels)}
    assert set(broken) - {"land", "anchors"} == told
    for name in ("schools", "totals", "grades"):
        lines = [f"{name} of {c}" for c in broken.get(name, [])]
        assert lines == [
            line for line in judges.broken_constraints(problem, labels) if line.startswith(name)
        ]


def test_what_the_search_calls_feasible_breaks_nothing(judges):
    found = 0
    for seed in range(10):
        problem = judges.random_problem(seed, judges.recipe(ties=1, locks=1))
        partition = search(problem, seed=seed, effort=Effort(steps_per_unit=2000, chains=2))
        assert partition.feasible == (not broken_constraints(problem, partition.labels))
        assert partition.feasible == (communities_broken(problem, partition.labels) == 0)
        found += partition.feasible
    assert found > 0


def test_an_empty_community_has_no_land(judges):
    problem = judges.random_problem(0, judges.recipe())
    broken = broken_constraints(problem, np.zeros(problem.n_units, dtype=int))
    assert broken["land"].tolist() == [1, 2]
    assert broken["schools"].tolist() == [1, 2]
