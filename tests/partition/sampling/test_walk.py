"""What every chain holds, whatever it draws."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from feeder.partition.kernels.uniform_tree import draw_tree, find_cuts, load_tree, merge, most_cuts
from feeder.partition.sampling import walk
from feeder.partition.sampling.ground import make_chain, make_ground
from feeder.partition.sampling.walk import (
    METHODS,
    Recipe,
    burn_in,
    draw,
    first_position,
)


def loose(judges, seed, **changes):
    recipe = {"tiles": 24, "landless": 6, "by_pupils": 2, "communities": 4, "tolerance": 0.6}
    return judges.random_problem(seed, judges.recipe(**recipe | changes))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", [0, 1, 3, 6])
@pytest.mark.parametrize(
    "changes",
    [
        {"totals": 2, "schools": (5, 15)},
        {"zones": 2, "vacant": 4},
        {"ties": 2, "locks": 2, "grades": 1},
        {"utilization": 0.6, "schools": (5, 15)},
        {"seats": 0.3, "schools": (5, 15)},
        {"communities": 1},
    ],
    ids=["bounds", "zones", "wishes", "capacity", "seats", "one"],
)
def test_every_plan_keeps_every_limit(judges, method, seed, changes):
    problem = loose(judges, seed, **changes)
    recipe = Recipe(method=method, every=20 if method == "recom" else 200)
    start = first_position(problem, recipe, 0)
    assert start is not None
    assert judges.is_feasible(problem, start.labels.astype(int))
    plans = draw(make_ground(problem), start, recipe, 40).plans
    if problem.n_communities == 1:
        assert len(plans) == (0 if method == "recom" else 40)
        assert (plans == start.labels).all()
        return
    assert len(plans) == 40
    assert len(np.unique(plans, axis=0)) > 5
    assert all(judges.is_feasible(problem, plan) for plan in plans.astype(int))


def test_vacant_tiles_stay_in_the_zone_of_the_start(judges):
    problem = loose(judges, 3, zones=2, vacant=6)
    recipe = Recipe(every=20)
    start = first_position(problem, recipe, 0)
    zone = problem.community_zone[start.labels]
    plans = draw(make_ground(problem), start, recipe, 50).plans
    assert (problem.community_zone[plans.astype(int)] == zone).all()


def test_a_chain_goes_on_from_its_position_alone(judges):
    problem, recipe = loose(judges, 1), Recipe(every=10)
    ground = make_ground(problem)
    start = first_position(problem, recipe, 0)
    first = draw(ground, start, recipe, 30)
    second = draw(ground, first.position, recipe, 30)
    kept = pickle.loads(pickle.dumps((ground, first.position)))  # noqa: S301 - our own bytes
    again = draw(*kept, recipe, 30)
    assert (again.plans == second.plans).all()
    assert again.position.rng == second.position.rng
    assert (first.plans[-1] == first.position.labels).all()
    assert not (first.plans == second.plans).all()


def test_chains_start_apart_and_by_the_seed(judges):
    problem = loose(judges, 2)
    starts = [
        first_position(problem, Recipe(seed=seed), chain) for seed in (0, 1) for chain in (0, 1)
    ]
    assert len({start.rng for start in starts}) == 4
    again = first_position(problem, Recipe(seed=0), 1)
    assert (again.labels == starts[1].labels).all()
    assert again.rng == starts[1].rng


def test_burn_in_moves_the_chain(judges):
    problem = loose(judges, 2)
    start = first_position(problem, Recipe(), 0)
    ground = make_ground(problem)
    assert burn_in(ground, start, Recipe(burn_in=0)).position is start
    assert burn_in(ground, start, Recipe(burn_in=50)).position.rng != start.rng


def test_a_chain_that_cannot_move_stops_short(judges, monkeypatch):
    """Limits that no plan keeps: ReCom gives up, reversible ReCom stays where it is."""
    monkeypatch.setattr(walk, "PATIENCE", 50)
    problem = loose(judges, 1)
    start = first_position(problem, Recipe(), 0)
    tight = replace(problem, school_bounds=(1, 1))
    ground = make_ground(tight)
    assert len(draw(ground, start, Recipe(every=3), 50).plans) == 0
    batch = draw(ground, start, Recipe(every=3, method="reversible"), 50)
    assert (batch.plans == start.labels).all()
    assert batch.splits == 0
    assert batch.proposals == 150


def test_no_tree_has_more_cuts_than_the_bound(judges):
    """The bound holds for every tree drawn, and is no larger than the number of edges."""
    tried = 0
    for seed in range(30):
        problem = loose(judges, seed, communities=2, totals=2, schools=(4, 99), tolerance=0.4)
        start = first_position(problem, Recipe(), 0)
        if start is None:
            continue
        tried += 1
        ground = make_ground(problem)
        chain = make_chain(ground, start.labels, 1 + seed)
        tiles, count = merge(ground, chain, 0, 1)
        bound = most_cuts(ground, chain, tiles, count)
        most = 0
        for _ in range(300):
            draw_tree(chain, tiles)
            load_tree(ground, chain, 0, 1, tiles, count)
            most = max(most, find_cuts(ground, chain, tiles))
        assert 0 < most <= bound <= tiles - 1
    assert tried >= 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "flip"},
        {"plans": 0},
        {"chains": 0},
        {"every": 0},
        {"burn_in": -1},
        {"pull": 1.0},
        {"pull": -1.0, "method": "reversible"},
    ],
    ids=str,
)
def test_a_recipe_is_checked(wrong):
    with pytest.raises(ValueError, match=r"is none of|or more"):
        Recipe(**wrong)
