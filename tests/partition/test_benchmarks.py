"""What the benchmarks make of a problem: routes, copies and rows that hide nothing."""

from collections import Counter

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

from feeder.partition.methods.ground import Ground

metis = pytest.importorskip("metis", reason="pymetis is missing: pip install -e '.[peers]'")
growth = pytest.importorskip("growth", reason="a peer is missing: pip install -e '.[peers]'")
peers = pytest.importorskip("peers", reason="a peer is missing: pip install -e '.[peers]'")
bursts = pytest.importorskip("bursts", reason="gerrychain is missing: pip install -e '.[peers]'")


def test_flows_are_routed_along_the_shortest_way():
    # A row 0-1-2-3 and a long way around by 4; 0 and 3 exchange 10, 1 and 2 exchange 4.
    points = np.array([[0, 0], [1, 0], [2, 0], [3, 0], [1, 90]], dtype=float) * 100
    contacts, flows = np.zeros((5, 5)), np.zeros((5, 5))
    for u, v in [(0, 1), (1, 2), (2, 3), (0, 4), (4, 3)]:
        contacts[u, v] = contacts[v, u] = 1
    flows[0, 3] = flows[3, 0] = 10
    flows[1, 2] = flows[2, 1] = 4
    ground = Ground(
        points=points,
        enrollment=np.ones(5),
        grades=np.ones(5, dtype=int),
        flows=sp.csr_array(flows),
        contacts=sp.csr_array(contacts),
    )
    both_ways = (metis.routed(ground) + metis.routed(ground).T).toarray() / 2
    expected = np.zeros((5, 5))
    for (u, v), students in {(0, 1): 10, (1, 2): 14, (2, 3): 10}.items():
        expected[u, v] = expected[v, u] = students
    np.testing.assert_allclose(both_ways, expected)


def test_copies_side_by_side_conserve_everything_and_join_their_land(judges, monkeypatch):
    monkeypatch.setattr(growth, "SEAM", 3)
    problem = judges.random_problem(0, judges.recipe(tiles=20, landless=5))
    made = growth.tiled(problem, 3)
    assert made.n_units == 3 * problem.n_units
    assert made.flow_total == 3 * problem.flow_total
    np.testing.assert_allclose(made.totals.sum(axis=1), 3 * problem.totals.sum(axis=1))
    assert nx.is_connected(judges.land_graph(made))
    labels = np.random.default_rng(1).integers(0, 3, problem.n_units)
    tiled = np.concatenate([labels + 3 * i for i in range(3)])
    assert made.kept_share(tiled) == pytest.approx(problem.kept_share(labels))
    for u in np.flatnonzero(~problem.has_land):
        shifted = {t + problem.n_units: w for t, w in judges.leans_on(problem, u).items()}
        assert judges.leans_on(made, u + problem.n_units) == shifted


def test_flow_kept_by_broken_plans_stands_in_brackets(judges):
    problem = judges.random_problem(0, judges.recipe())
    row = peers.Row(engine="x", kept=0.9, broken=2, limits=Counter(land=2), seconds=3.0)
    assert "| (0.9000) | 2 of 3 | land 2 | 3.00 | 2 |" in peers.told(row, problem, 1.5)
    row = peers.Row(engine="x", kept=0.9, broken=0, limits=Counter(), seconds=3.0)
    assert "| 0.9000 | 0 of 3 |" in peers.told(row, problem, 1.5)


def test_bursts_never_break_a_limit_nor_lose_what_they_had(judges):
    problem = judges.random_problem(2, judges.recipe(tiles=24, tolerance=0.9, grades=1))
    start = peers.start_of_bursts(problem)
    assert start is not None
    labels, steps = bursts.bursts(problem, start, seed=0, seconds=0.5)
    assert steps > 0
    assert judges.is_feasible(problem, labels)
    assert problem.kept_share(labels) >= problem.kept_share(start)
