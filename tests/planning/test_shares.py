"""Sharing communities among regions otherwise than by enrollment alone."""

from itertools import product

import numpy as np
import pytest

from feeder import read_district
from feeder.network.build import build_network
from feeder.partition.cooling import Effort
from feeder.partition.proof.prove import ProofEffort
from feeder.partition.search import search
from feeder.planning.apportion import apportion, other_shares
from feeder.planning.make import make_plan
from feeder.planning.prepared import prepare_shares
from feeder.planning.proving import SAME_SHARES, bound_with_effort
from feeder.scenario import Scenario

QUICK = Effort(steps_per_unit=2000, chains=2, rounds=0)


def test_the_other_shares_are_the_fairest_one_step_away():
    rng = np.random.default_rng(3)
    for _ in range(30):
        cost = rng.random((3, 8))
        cost[rng.random(cost.shape) < 0.3] = np.inf
        counts, total = apportion(cost, 7)
        if not np.isfinite(total):
            continue
        want = sorted(
            float(cost[range(3), way].sum())
            for way in product(range(8), repeat=3)
            if sum(way) == 7 and np.abs(np.array(way) - counts).sum() == 2
        )
        found = [float(cost[range(3), way].sum()) for way in other_shares(cost, counts, 4)]
        assert found == pytest.approx([value for value in want if np.isfinite(value)][:4])


def test_searching_over_shares_finds_a_plan_at_least_as_good(embedded):
    district = read_district(embedded)
    network = build_network(district)
    fair = Scenario(communities=8, schools=(6, 40), enrollment_tolerance=0.45, nested_in="region")
    ways = prepare_shares(district, network, fair, others=5)
    shares = [tuple(np.bincount(way.problem.community_zone)) for way in ways]
    assert len(set(shares)) == len(shares) > 1
    asked = fair.overridden({"apportion": "search"})
    searched = make_plan(district, network, asked, effort=QUICK)
    assert searched.feasible
    plain = make_plan(district, network, fair, effort=QUICK)
    prepared = ways[0].problem
    worth = [prepared.objective(ways[0].units_of(found.assignment)) for found in (searched, plain)]
    assert worth[0] >= worth[1] - 0.005


def test_a_plan_that_shares_otherwise_is_never_above_its_bound(embedded):
    district = read_district(embedded)
    network = build_network(district)
    fair = Scenario(
        communities=8,
        schools=(8, 30),
        enrollment_tolerance=0.3,
        nested_in="region",
        weights={"cut_contacts": 0.0},
    )
    way = prepare_shares(district, network, fair, others=7)[-1]
    labels = search(way.problem, seed=0, effort=QUICK).labels
    bound = bound_with_effort(way.assignment(labels), ProofEffort(relaxed_passes=12, work=1))
    assert bound.method.endswith(SAME_SHARES)
    assert bound.value >= way.problem.objective(labels)
