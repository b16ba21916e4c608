"""Reversible ReCom against its target, by full enumeration: each plan's chance, worked out apart.

The target of a plan is the product over communities of their numbers of spanning trees (a minor
of the Laplacian, Kirchhoff) and over landless units of their shares on their own community.
"""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

from feeder.partition.cooling import typical_flow
from feeder.partition.problem import symmetric_csr
from feeder.partition.sampling.ground import make_ground
from feeder.partition.sampling.walk import Position, Recipe, draw

SIGNIFICANCE = 1e-4
"""Seeds are fixed: these tests either always pass or always fail."""


def weight(problem, labels, graph, leans_on):
    worth = 1.0
    for c in range(problem.n_communities):
        tiles = np.flatnonzero((labels == c) & problem.has_land).tolist()
        laplacian = nx.laplacian_matrix(graph.subgraph(tiles)).toarray()
        worth *= np.linalg.det(laplacian[1:, 1:])
    for u in np.flatnonzero(~problem.has_land).tolist():
        worth *= sum(s for t, s in leans_on(problem, u).items() if labels[t] == labels[u])
    return worth


def target(problem, judges):
    """Chance of every feasible plan, by its labels."""
    graph = judges.land_graph(problem)
    worth = {
        tuple(labels.tolist()): weight(problem, labels, graph, judges.leans_on)
        for labels in judges.every_partition(problem)
        if not judges.broken_constraints(problem, labels)
        and judges.is_whole(problem, labels, graph)
    }
    total = sum(worth.values())
    return {labels: w / total for labels, w in worth.items()}


def grid_problem(judges, side, k, **changes):
    n = side * side
    at = np.arange(n).reshape(side, side)
    a = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    plain = judges.random_problem(0, judges.recipe(tiles=n, vacant=0, landless=0, communities=k))
    return replace(
        plain,
        land=symmetric_csr(n, a, b, np.ones(len(a))),
        totals=np.ones((1, n)),
        schools=np.ones(n, dtype=np.int64),
        grades=np.ones(n, dtype=np.int64),
        school_bounds=changes.pop("schools"),
        totals_low=np.zeros(1),
        totals_high=np.full(1, float(n)),
        required_grades=1,
        **changes,
    )


def sampled(problem, start, seed, n, every, pull):
    recipe = Recipe(method="reversible", every=every, pull=pull)
    position = Position(labels=np.array(start, dtype=np.int16), rng=seed)
    return draw(make_ground(problem), position, recipe, n).plans


def fits(problem, chances, *, every, n=20_000, seed=1, pull=0.0):
    """Chi-square of thinned plans against the target; plans too rare for it are put together."""
    assert len(chances) > 5
    plans = sampled(problem, min(chances), seed, n, every, pull)
    found, counts = np.unique(plans, axis=0, return_counts=True)
    seen = {tuple(row): count for row, count in zip(found.tolist(), counts.tolist(), strict=True)}
    assert set(seen) <= set(chances), "a plan that breaks a limit"
    order = sorted(chances, key=lambda labels: (chances[labels], labels))
    expected = n * np.array([chances[labels] for labels in order])
    observed = np.array([seen.get(labels, 0) for labels in order])
    rare = expected < 8
    if rare.any():
        expected = np.append(expected[~rare], expected[rare].sum())
        observed = np.append(observed[~rare], observed[rare].sum())
    return chisquare(observed, expected).pvalue


def test_a_grid_of_nine_in_three(judges):
    problem = grid_problem(judges, 3, 3, schools=(2, 5))
    chances = target(problem, judges)
    assert fits(problem, chances, every=60) > SIGNIFICANCE


def test_the_test_tells_even_chances_apart(judges):
    problem = grid_problem(judges, 3, 3, schools=(2, 5))
    chances = target(problem, judges)
    even = dict.fromkeys(chances, 1 / len(chances))
    assert fits(problem, even, every=60) < 1e-12


@pytest.mark.parametrize("seed", range(4))
def test_landless_units_needs_and_grades(judges, seed):
    recipe = judges.recipe(
        tiles=8, vacant=1, landless=3, communities=2, totals=2, tolerance=0.45, schools=(3, 14)
    )
    problem = judges.random_problem(seed, recipe)
    chances = target(problem, judges)
    assert fits(problem, chances, every=60) > SIGNIFICANCE


@pytest.mark.parametrize("seed", range(2))
def test_schools_that_lean_on_schools(judges, seed):
    recipe = judges.recipe(tiles=7, vacant=0, landless=2, by_pupils=2, communities=2, tolerance=0.8)
    problem = judges.random_problem(seed, recipe)
    chances = target(problem, judges)
    assert fits(problem, chances, every=60) > SIGNIFICANCE


@pytest.mark.parametrize("seed", range(2))
def test_locks_and_ties(judges, seed):
    recipe = judges.recipe(
        tiles=9, landless=2, communities=2, ties=2, locks=1, tolerance=0.9, grades=1
    )
    problem = judges.random_problem(seed + 10, recipe)
    chances = target(problem, judges)
    assert fits(problem, chances, every=100) > SIGNIFICANCE


@pytest.mark.parametrize("pull", [0.5, 2.0])
def test_a_pull_multiplies_the_target(judges, pull):
    recipe = judges.recipe(
        tiles=9, landless=2, communities=2, tolerance=0.9, cut_weight=0.3, grades=1
    )
    problem = judges.random_problem(1, recipe)
    plain = target(problem, judges)
    unit = typical_flow(problem)
    pulled = {
        labels: chance * np.exp(pull * judges.objective(problem, np.array(labels)) / unit)
        for labels, chance in plain.items()
    }
    total = sum(pulled.values())
    pulled = {labels: chance / total for labels, chance in pulled.items()}
    assert fits(problem, pulled, every=100, pull=pull) > SIGNIFICANCE
    assert fits(problem, plain, every=100, pull=pull) < 1e-12
