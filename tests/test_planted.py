"""Planted communities are found where noise is low, from a district folder to the labels."""

import numpy as np
import planted
import pytest

from feeder import CommunityMethod, CommunitySearch
from feeder.partition.broken import broken_constraints
from feeder.partition.cooling import Effort

FLOORS = {"anchored": 0.6, "ward": 0.5, "spectral": 0.5, "kmeans": 0.3, "louvain": 0.6}
QUICK = Effort(steps_per_unit=6000, chains=3)


@pytest.fixture(scope="module")
def quiet():
    return planted.plant(schools=60, seed=4, noise=0.0)


def test_the_planted_communities_keep_the_limits_and_most_flows(quiet):
    assert len(quiet.truth) == len(quiet.campuses)
    assert len(set(quiet.truth.tolist())) == quiet.problem.n_communities
    assert quiet.problem.schools[quiet.campuses].sum() == quiet.problem.schools.sum() == 60
    assert not broken_constraints(quiet.problem, quiet.planted)
    assert quiet.share_out < 0.05


@pytest.mark.parametrize(("seed", "noise"), [(4, 0.0), (5, 0.12), (6, 0.12)])
def test_the_search_finds_them_or_better(seed, noise):
    planted_district = planted.plant(schools=60, seed=seed, noise=noise)
    search = CommunitySearch(effort=QUICK).fit(planted_district.problem)
    assert search.feasible_
    assert search.objective_ >= planted_district.problem.objective(planted_district.planted) - 1e-9
    assert planted_district.recovered(search) > 0.9


@pytest.mark.parametrize("method", FLOORS)
def test_comparators_find_most_of_them(quiet, method):
    assert quiet.recovered(CommunityMethod(method)) > FLOORS[method]


def test_the_index_of_chance_is_nought(quiet):
    class Chance:
        def fit(self, problem):
            rng = np.random.default_rng(0)
            self.labels_ = rng.integers(0, problem.n_communities, problem.n_units)
            return self

    assert abs(quiet.recovered(Chance())) < 0.1


def test_strays_conserve_students_and_leave_their_communities(quiet):
    before, after = quiet.problem, quiet.strayed(0.4, np.random.default_rng(0))
    inside = after.problem.flow_inside - before.flow_inside
    assert after.problem.flows.weight.sum() / 2 + inside == pytest.approx(
        before.flows.weight.sum() / 2
    )
    assert after.problem.flow_total == before.flow_total
    assert quiet.share_out + 0.1 < after.share_out < quiet.share_out + 0.4
