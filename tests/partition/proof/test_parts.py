"""The parts of a proof, each by itself: rewards, reach, rows, solvers that stop or are missing."""

import sys
from dataclasses import replace
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest
import scipy.optimize

from feeder.errors import FeederError
from feeder.partition.proof import cpsat
from feeder.partition.proof.bound import Bound, tightest
from feeder.partition.proof.model import make_model
from feeder.partition.proof.prices import half_prices
from feeder.partition.proof.pricing import Care, Pricer
from feeder.partition.proof.prove import ProofEffort, prove
from feeder.partition.proof.rows import community_rows
from feeder.partition.proof.separators import Contiguity

CARE = Care(nodes=50, rounds=5)


def test_rewards_add_up_to_the_objective(judges):
    rng = np.random.default_rng(0)
    for seed in range(20):
        problem = judges.random_problem(seed, judges.recipe(cut_weight=0.3))
        model = make_model(problem)
        labels = rng.integers(0, 3, problem.n_units)
        together = labels[model.pairs[:, 0]] == labels[model.pairs[:, 1]]
        want = judges.objective(problem, labels)
        assert model.constant + model.rewards[together].sum() == pytest.approx(want, abs=1e-12)
        assert model.ceiling >= want
        assert half_prices(model).sum() == pytest.approx(model.rewards.sum())


def test_a_slot_holds_what_the_schools_on_the_way_allow(judges):
    """A row of tiles is a path: from its western end, three schools reach three tiles."""
    problem = judges.random_problem(0, judges.recipe(tiles=6, vacant=0, landless=0))
    ways = nx.to_numpy_array(nx.path_graph(6))
    a, b = np.nonzero(ways)
    land = problem.land._replace(
        start=np.concatenate([[0], np.cumsum(ways.sum(axis=1))]).astype(np.int64),
        to=b.astype(np.int64),
        weight=np.ones(len(a)),
    )
    points = np.stack([np.arange(6.0), np.zeros(6)], axis=1)
    row = replace(
        problem,
        land=land,
        school_bounds=(1, 3),
        totals_low=np.zeros(1),
        totals_high=np.full(1, 99.0),
        required_grades=1,
        points=points,
        schools=np.ones(6, dtype=np.int64),
        grades=np.array([1, 0, 0, 0, 1, 1]),
    )
    slots = make_model(row).slots
    assert [slot.representative for slot in slots] == [0, 4, 5]
    assert [slot.units.tolist() for slot in slots] == [[0, 1, 2], [2, 3, 4, 5], [5]]


@pytest.mark.parametrize("kind", [{}, {"landless": 6, "tiles": 7}, {"by_pupils": 3}, {"ties": 2}])
def test_communities_of_feasible_partitions_keep_every_row(judges, kind):
    checked = 0
    for seed in range(12):
        recipe = judges.recipe(**{"tiles": 8, "vacant": 1, "landless": 2, "tolerance": 0.8, **kind})
        model = make_model(judges.random_problem(seed, recipe))
        found = cpsat.solve(model, work=10.0)
        if found.labels is None:
            continue
        for at, units in model.communities(found.labels):
            slot = model.slots[at]
            rows, inside = community_rows(model, slot), np.isin(slot.units, units)
            contiguity = Contiguity(model, slot)
            contiguity.first_rows(rows)
            assert contiguity.add_broken(rows, inside, np.arange(len(inside)))
            kept = rows.matrix(len(inside)) @ inside.astype(float)
            assert (kept >= np.array(rows.low) - 1e-9).all()
            assert (kept <= np.array(rows.high) + 1e-9).all()
            checked += 1
    assert checked > 10


def test_rows_part_every_community_in_pieces(judges):
    """What the rows call whole is whole, and what is not breaks a row that was added."""
    rng = np.random.default_rng(1)
    pieces = 0
    for seed in range(10):
        problem = judges.random_problem(seed, judges.recipe(tiles=12, landless=4))
        model, graph = make_model(problem), judges.land_graph(problem)
        for slot in model.slots:
            inside = rng.random(len(slot.units)) < 0.5
            inside[slot.at] = True
            rows, contiguity = community_rows(model, slot), Contiguity(model, slot)
            before = len(rows)
            whole = contiguity.add_broken(rows, inside, np.arange(len(inside)))
            units = slot.units[inside]
            tiles = units[problem.has_land[units]].tolist()
            unit = slot.representative
            joined = problem.has_land[unit] or any(
                t in tiles for t in judges.leans_on(problem, unit)
            )
            really = joined and bool(tiles) and nx.is_connected(graph.subgraph(tiles))
            if tiles and joined:
                assert whole == really
            if not whole:
                pieces += 1
                added = rows.matrix(len(inside), before) @ inside.astype(float)
                assert (added < np.array(rows.low[before:]) - 0.5).any()
    assert pieces > 20


def answers(status, message, bound, x=None):
    return lambda *_, **__: SimpleNamespace(
        status=status, message=message, mip_dual_bound=bound, fun=bound, x=x
    )


@pytest.mark.parametrize(
    "answer",
    [
        answers(1, "Node limit reached", 0.0),
        answers(1, "Node limit reached", None),
        answers(1, "Node limit reached", -np.inf),
        answers(4, "Numerical trouble", np.nan),
        answers(2, "HiGHS Status 2: Model error", None),
    ],
    ids=["zero", "none", "endless", "trouble", "model error"],
)
def test_a_solver_without_an_answer_proves_nothing(judges, monkeypatch, answer):
    problem = judges.random_problem(0, judges.recipe(tiles=8, landless=2))
    model = make_model(problem)
    prices = half_prices(model)
    pricers = [Pricer(model, slot, 0.05) for slot in model.slots]
    honest = [pricer.price(prices, CARE).bound for pricer in pricers]
    monkeypatch.setattr(scipy.optimize, "milp", answer)
    for pricer, bound in zip(pricers, honest, strict=True):
        rough = pricer.price(prices, CARE)
        assert np.isfinite(rough.bound)
        assert rough.bound >= bound
        assert rough.column is None


def test_an_exact_model_stopped_at_once_proves_no_more_than_it_may(judges):
    for seed in range(6):
        problem = judges.random_problem(seed, judges.recipe(tiles=7, landless=1, tolerance=0.6))
        want = judges.best_of_all(problem)
        stopped = cpsat.solve(make_model(problem), work=1e-9)
        if want is not None:
            assert stopped.bound >= want


def test_a_missing_solver_is_named_with_the_way_to_it(judges, monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    problem = judges.random_problem(0, judges.recipe())
    with pytest.raises(FeederError, match="pip install ortools"):
        prove(problem, effort=ProofEffort(exact_work=1.0))
    bound = prove(problem, effort=ProofEffort(relaxed_passes=1, work=1))
    assert np.isfinite(bound.value)


def test_the_tightest_bound_counts_and_a_gap_is_never_negative():
    loose, tight = Bound(0.9, "a"), Bound(0.8, "b", 2.0)
    assert tightest([loose, tight]) is tight
    assert tight.gap(0.75) == pytest.approx(5.0)
    assert tight.gap(0.85) == 0.0
    assert tight.closes(0.8)
    assert not loose.closes(0.8)
    assert Bound(-np.inf, "c").infeasible
