"""Our chains against GerryChain's: the same means and spreads on the same graphs.

Errors of means come from batches of consecutive plans, so that dependence between plans counts.
Seeds are fixed: these tests either always pass or always fail.
"""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from chains import only_enrollment, peer_chain

from feeder.partition.problem import symmetric_csr
from feeder.partition.sampling.ground import make_ground
from feeder.partition.sampling.walk import Position, Recipe, draw, first_position

BATCHES = 25
FAR = 4.0
"""Standard errors of a difference that chance alone hardly makes."""
MOST_CUTS = {"grid": 10, "instance": 14}
"""Most edges that a tree of two communities may be cut at; GerryChain raises where there are
more, and stays where it is the longer the larger this bound."""


def grid(judges, side, k):
    n = side * side
    at = np.arange(n).reshape(side, side)
    a = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    recipe = judges.recipe(tiles=n, vacant=0, landless=0, communities=k)
    return replace(
        judges.random_problem(0, recipe),
        land=symmetric_csr(n, a, b, np.ones(len(a))),
        totals=np.ones((1, n)),
    )


def flow_variants(problem, plans):
    """Contacts cut, and the largest community's tiles, of every plan."""
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.land.start))
    cut = (plans[:, tail] != plans[:, problem.land.to]).sum(axis=1) / 2
    largest = [np.bincount(plan, minlength=problem.n_communities).max() for plan in plans]
    return {"cut": cut, "cut squared": cut**2, "largest": np.array(largest, dtype=float)}


def mean_and_error(values):
    means = values[: len(values) // BATCHES * BATCHES].reshape(BATCHES, -1).mean(axis=1)
    return means.mean(), means.std(ddof=1) / np.sqrt(BATCHES)


def theirs(problem, labels, proposal, tolerance, steps, most_cuts=None):
    """Readings of GerryChain's plans, and how well each mean is known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chain = peer_chain(
            problem,
            labels,
            proposal,
            tolerance=tolerance,
            steps=steps,
            seed=2,
            most_cuts=most_cuts,
        )
        plans = np.array([list(state.assignment.to_vector()) for state in chain], dtype=int)
    found = {
        name: mean_and_error(values) for name, values in flow_variants(problem, plans[500:]).items()
    }
    assert all(error < 0.05 * mean for mean, error in found.values()), "too few steps to compare"
    return found


def ours(problem, labels, method):
    recipe, start = Recipe(method=method, every=20), Position(labels=labels.astype(np.int16), rng=5)
    plans = draw(make_ground(problem), start, recipe, 20_000).plans[1_000:]
    return {name: mean_and_error(values) for name, values in flow_variants(problem, plans).items()}


def distances(mine, peer):
    """How far apart the means are, in standard errors."""
    return {
        name: abs(mine[name][0] - peer[name][0]) / np.hypot(mine[name][1], peer[name][1])
        for name in peer
    }


@pytest.mark.parametrize(
    ("method", "proposal", "steps"),
    [("recom", "cut_edges_ust", 3_000), ("reversible", "reversible", 15_000)],
)
def test_on_a_grid(judges, method, proposal, steps):
    problem, start = grid(judges, 6, 3), np.repeat([0, 1, 2], 12)
    peer = theirs(only_enrollment(problem, 0.34), start, proposal, 0.34, steps, MOST_CUTS["grid"])
    mine = ours(only_enrollment(problem, 0.34), start, method)
    assert max(distances(mine, peer).values()) < FAR, (mine, peer)
    tighter = ours(only_enrollment(problem, 0.25), start, method)
    assert max(distances(tighter, peer).values()) > 2 * FAR, "the comparison tells nothing"


@pytest.mark.parametrize(
    ("method", "proposal", "steps"),
    [("recom", "cut_edges_ust", 2_500), ("reversible", "reversible", 15_000)],
)
def test_on_an_instance(instance, method, proposal, steps):
    problem = only_enrollment(instance("synthetic_100"), 0.2)
    ground = make_ground(problem)
    first = first_position(problem, Recipe(), 0)
    settled = draw(ground, first, Recipe(method="reversible", every=5_000), 1).plans[0]
    start = settled.astype(np.int64)
    peer = theirs(problem, start, proposal, 0.2, steps, MOST_CUTS["instance"])
    mine = ours(problem, start, method)
    assert max(distances(mine, peer).values()) < FAR, (mine, peer)
