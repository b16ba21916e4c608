"""Bounds against brute force: never below the best partition, and where they are exact, it."""

from dataclasses import replace

import numpy as np
import pytest

from feeder.partition.proof import cpsat
from feeder.partition.proof.model import make_model
from feeder.partition.proof.prices import best_sum, half_prices, lower_prices, typical_reward
from feeder.partition.proof.pricing import Care, Pricer
from feeder.partition.proof.prove import ProofEffort, prove
from feeder.partition.proof.quick import quick_bound, reach_bound

KINDS = {
    "plain": {"tiles": 8, "vacant": 1, "landless": 0, "communities": 2},
    "landless": {"tiles": 5, "vacant": 0, "landless": 3, "communities": 2},
    "by pupils": {"tiles": 5, "vacant": 0, "landless": 1, "by_pupils": 2, "communities": 2},
    "three": {"tiles": 6, "vacant": 1, "landless": 1, "tolerance": 0.6},
    "tight": {"tiles": 6, "vacant": 0, "landless": 1, "tolerance": 0.25},
    "sizes": {"tiles": 6, "vacant": 0, "landless": 2, "communities": 2, "schools": (5, 6)},
    "ties": {"tiles": 6, "landless": 2, "ties": 1, "locks": 2, "tolerance": 0.8},
    "locks": {"tiles": 7, "vacant": 1, "landless": 1, "locks": 4, "tolerance": 0.9, "grades": 1},
    "zones": {"tiles": 9, "vacant": 4, "landless": 1, "zones": 2, "tolerance": 0.8, "grades": 1},
    "need": {"tiles": 7, "landless": 1, "communities": 2, "totals": 2, "tolerance": 0.4},
    "capacity": {"tiles": 7, "landless": 1, "communities": 2, "utilization": 0.25},
    "seats": {"tiles": 6, "landless": 1, "communities": 2, "tolerance": 0.8, "seats": 0.5},
    "room": {"tiles": 6, "landless": 1, "totals": 2, "tolerance": 0.8, "utilization": 0.5},
    "alone": {"tiles": 5, "vacant": 1, "landless": 2, "communities": 1},
    "shape": {"tiles": 7, "landless": 1, "communities": 2, "flows": 0, "cut_weight": 1.0},
}
CAREFUL = Care(nodes=100, rounds=4)
CARELESS = Care(nodes=1, rounds=1)


def lowered(problem, care, passes, plan=None, workers=1):
    model = make_model(problem)
    pricers = [Pricer(model, slot, typical_reward(model)) for slot in model.slots]
    start = half_prices(model)
    return lower_prices(model, pricers, start, care=care, passes=passes, plan=plan, workers=workers)


@pytest.mark.parametrize("kind", KINDS)
def test_the_exact_model_finds_the_optimum_or_that_there_is_none(judges, kind):
    feasible = 0
    for seed in range(10):
        problem = judges.random_problem(seed, judges.recipe(**KINDS[kind]))
        want = judges.best_of_all(problem)
        found = cpsat.solve(make_model(problem), work=20.0)
        assert quick_bound(problem).value >= (-np.inf if want is None else want), f"seed {seed}"
        if want is None:
            assert found.bound == -np.inf, f"seed {seed}"
            assert found.labels is None
        else:
            feasible += 1
            assert found.bound == pytest.approx(want, abs=1e-5), f"seed {seed}"
            assert found.bound >= want
            assert judges.is_feasible(problem, found.labels), f"seed {seed}"
            assert judges.objective(problem, found.labels) == pytest.approx(want, abs=1e-5)
    assert feasible > 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("care", [CAREFUL, CARELESS], ids=["careful", "stopped at once"])
def test_prices_never_fall_below_the_optimum(judges, kind, care):
    for seed in range(30, 34):
        problem = judges.random_problem(seed, judges.recipe(**KINDS[kind]))
        want = judges.best_of_all(problem)
        if want is not None:
            assert lowered(problem, care, passes=3).bound >= want, f"seed {seed}"


def test_whatever_the_prices_the_bound_holds(judges):
    for seed in range(12):
        problem = judges.random_problem(seed, judges.recipe(**KINDS["three"]))
        want = judges.best_of_all(problem)
        if want is None:
            continue
        model = make_model(problem)
        prices = np.random.default_rng(seed).normal(0.0, 0.1, problem.n_units)
        worth = np.array(
            [Pricer(model, slot, 0.05).price(prices, CAREFUL).bound for slot in model.slots]
        )
        assert model.constant + prices.sum() + best_sum(model, worth) >= want, f"seed {seed}"


def test_prices_and_the_exact_model_agree_on_more_than_brute_force_can_do(judges):
    problem = judges.random_problem(0, judges.recipe(tiles=11, vacant=2, landless=3, flows=25))
    exact = cpsat.solve(make_model(problem), work=60.0)
    assert judges.is_feasible(problem, exact.labels)
    best = judges.objective(problem, exact.labels)
    assert best == pytest.approx(exact.bound, abs=1e-5)
    bound = lowered(problem, CAREFUL, passes=12, plan=exact.labels).bound
    assert best <= bound <= best + 0.1
    assert bound < quick_bound(problem, plan=exact.labels).value + 1e-9


def test_a_plan_only_guides_a_bound(judges):
    """A plan that breaks limits may be worth more than any that keeps them: the bound holds."""
    for seed in range(6):
        problem = judges.random_problem(seed, judges.recipe(**KINDS["tight"]))
        want = judges.best_of_all(problem)
        everyone_together = np.zeros(problem.n_units, dtype=np.int64)
        if want is not None:
            effort = ProofEffort(relaxed_passes=3, work=1, exact_work=5.0)
            bound = prove(problem, plan=everyone_together, effort=effort)
            assert bound.value >= want, f"seed {seed}"


@pytest.mark.parametrize("kind", ["three", "landless", "zones", "need"])
def test_a_poor_plan_drops_nothing_that_could_be_better(judges, kind):
    """The plan is the best one under other flows: it keeps the limits, and is worth less."""
    poorer = 0
    for seed in range(8):
        problem = judges.random_problem(seed, judges.recipe(**KINDS[kind]))
        other = judges.random_problem(seed + 100, judges.recipe(**KINDS[kind]))
        plan = cpsat.solve(make_model(replace(problem, flows=other.flows)), work=10.0).labels
        if plan is None:
            continue
        want = judges.best_of_all(problem)
        effort = ProofEffort(relaxed_passes=3, work=1, exact_work=10.0)
        bound = prove(problem, plan=plan, effort=effort).value
        assert want <= bound <= want + 1e-5, f"seed {seed}"
        poorer += judges.objective(problem, plan) < want - 1e-3
    assert poorer > 0


def test_a_proof_closes_the_gap_of_the_best_partition(judges):
    problem = judges.random_problem(0, judges.recipe(**KINDS["three"]))
    best = cpsat.solve(make_model(problem), work=20.0)
    told = []
    effort = ProofEffort(exact_work=20.0)
    bound = prove(problem, plan=best.labels, effort=effort, progress=told.append)
    assert bound.closes(problem.objective(best.labels))
    assert bound.gap(problem.objective(best.labels)) < 0.01
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_limits_that_cannot_hold_are_proven_so(judges):
    recipe = judges.recipe(tiles=4, vacant=0, landless=1, communities=5)
    problem = judges.random_problem(1, recipe)
    assert judges.best_of_all(problem) is None
    bound = prove(problem, effort=ProofEffort(exact_work=5.0))
    assert bound.infeasible


def test_threads_change_nothing(judges):
    problem = judges.random_problem(5, judges.recipe(tiles=16, vacant=2, landless=4, flows=40))
    one, two = (lowered(problem, CAREFUL, passes=5, workers=workers) for workers in (1, 2))
    assert one.bound == two.bound
    assert one.prices.tolist() == two.prices.tolist()
    assert quick_bound(problem).value == quick_bound(problem).value


def test_a_bound_on_a_district_of_a_hundred_schools(instance):
    problem = instance("synthetic_100")
    bound = quick_bound(problem)
    assert 0.9729 < bound.value < 0.998
    assert bound.seconds < 20


def test_flow_between_zones_is_lost_at_once(judges):
    for seed in range(8):
        problem = judges.random_problem(
            seed, judges.recipe(tiles=10, vacant=0, zones=2, landless=0, cut_weight=0.0)
        )
        model = make_model(problem)
        zone = problem.unit_zone[model.pairs]
        across = model.rewards[zone[:, 0] != zone[:, 1]].sum()
        assert across > 0
        assert reach_bound(model) <= model.ceiling - across + 1e-12
