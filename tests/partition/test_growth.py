"""Where a search under a budget begins: with today's communities, merged whole or with new ones."""

from dataclasses import replace

import numpy as np
import pytest

from feeder.partition.growth import grow
from feeder.partition.problem import PartitionProblem
from feeder.partition.values import disruption


@pytest.fixture
def divided(judges):
    def make(seed: int, now: int, today: int) -> PartitionProblem:
        """A problem of ``now`` communities whose existing plan has ``today`` whole ones."""
        recipe = judges.recipe(tiles=40, vacant=0, landless=0, communities=today)
        before = replace(judges.random_problem(seed, recipe), today_parts=None)
        homes = grow(before, np.random.default_rng(seed))
        return replace(
            before,
            community_zone=np.zeros(now, dtype=np.int64),
            today=homes,
            budgets={"schools_moved": 0.0},
        )

    return make


@pytest.mark.parametrize("seed", range(6))
def test_fewer_communities_than_today_begin_with_todays_merged_whole(judges, divided, seed):
    problem = divided(seed, 3, 8)
    labels = grow(problem, np.random.default_rng(1))
    assert judges.is_whole(problem, labels)
    assert len(set(labels)) == 3
    assert disruption(problem, labels)["schools_moved"] == 0


@pytest.mark.parametrize("seed", range(6))
def test_more_communities_than_today_begin_with_a_seed_each(judges, divided, seed):
    problem = divided(seed, 6, 4)
    labels = grow(problem, np.random.default_rng(1))
    assert len(set(labels)) == 6
    assert judges.is_whole(problem, labels)
