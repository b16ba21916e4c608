"""Every comparator over random problems: what it must hold, and what it sees of the land."""

import networkx as nx
import numpy as np
import pytest

from feeder.partition.methods.divide import divide
from feeder.partition.methods.ground import hosts, make_ground
from feeder.partition.methods.table import METHODS
from feeder.partition.problem import PartitionProblem, csr_from_pairs, symmetric_csr

SEEDS = range(4)
every_method = pytest.mark.parametrize("method", METHODS)


def with_land_cut(judges, problem, tile):
    """The same problem, with one tile that touches no other."""
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.land.start))
    keep = (tail != tile) & (problem.land.to != tile)
    land = csr_from_pairs(
        problem.n_units, tail[keep], problem.land.to[keep], problem.land.weight[keep]
    )
    return judges.with_ties(problem, land=land)


@every_method
@pytest.mark.parametrize("seed", SEEDS)
def test_zones_and_numbers_of_communities_hold(judges, method, seed):
    recipe = judges.recipe(tiles=24, vacant=4, landless=6, communities=4, zones=2)
    problem = judges.random_problem(seed, recipe)
    labels = divide(problem, method=method, seed=seed)
    assert labels.shape == (problem.n_units,)
    assert set(labels.tolist()) == set(range(4))
    zone = problem.community_zone[labels]
    assert ((problem.unit_zone < 0) | (zone == problem.unit_zone)).all()


@every_method
def test_as_many_communities_as_campuses_or_one(judges, method):
    recipe = judges.recipe(tiles=5, vacant=0, landless=0, communities=5)
    labels = divide(judges.random_problem(0, recipe), method=method, seed=0)
    assert sorted(labels.tolist()) == [0, 1, 2, 3, 4]
    recipe = judges.recipe(communities=1)
    assert not divide(judges.random_problem(0, recipe), method=method, seed=0).any()


@every_method
def test_a_seed_fixes_the_labels(judges, method):
    problem = judges.random_problem(3, judges.recipe(tiles=40, communities=5))
    first, again = (divide(problem, method=method, seed=11) for _ in range(2))
    np.testing.assert_array_equal(first, again)


@every_method
def test_land_in_pieces_and_schools_without_flows_are_no_hindrance(judges, method):
    recipe = judges.recipe(tiles=20, communities=3, flows=6)
    problem = judges.random_problem(5, recipe)
    for tile in range(2):
        problem = with_land_cut(judges, problem, tile)
    labels = divide(problem, method=method, seed=0)
    assert set(labels.tolist()) == {0, 1, 2}


@every_method
def test_as_many_locks_hold_as_can(judges, method):
    problem = judges.random_problem(7, judges.recipe(tiles=20, vacant=0, landless=0))
    free = divide(problem, method=method, seed=0)
    locked = np.full(problem.n_units, -1)
    asked = (free + 1) % problem.n_communities
    locked[:6] = asked[:6]
    again = divide(judges.with_ties(problem, locked=locked), method=method, seed=0)
    np.testing.assert_array_equal(again[:6], asked[:6])
    agree = (free[:, None] == free) == (again[:, None] == again)
    assert agree.all()  # the same groups under other numbers


@pytest.mark.parametrize("seed", SEEDS)
def test_a_vacant_tile_goes_with_the_campus_nearest_over_the_land(judges, seed):
    problem = judges.random_problem(seed, judges.recipe(tiles=30, vacant=12))
    host = hosts(problem)
    vacant = problem.schools == 0
    own = np.arange(problem.n_units)
    np.testing.assert_array_equal(host[~vacant], own[~vacant])
    graph = judges.land_graph(problem)
    for u, v in graph.edges:
        graph.edges[u, v]["m"] = 1.0 + np.hypot(*(problem.points[u] - problem.points[v]))
    campuses = [int(u) for u in np.flatnonzero(~vacant & problem.has_land)]
    for u in np.flatnonzero(vacant).tolist():
        far = nx.single_source_dijkstra_path_length(graph, u, weight="m")
        assert far[int(host[u])] == pytest.approx(min(far[v] for v in campuses))


@pytest.mark.parametrize("seed", SEEDS)
def test_contacts_kept_whole_keep_land_whole(judges, seed):
    recipe = judges.recipe(tiles=30, vacant=12, landless=0, communities=3)
    problem = judges.random_problem(seed, recipe)
    labels = divide(problem, method="ward", seed=0)
    graph = judges.land_graph(problem)
    for c in range(3):
        assert nx.is_connected(graph.subgraph(np.flatnonzero(labels == c).tolist()))


def test_ground_counts_links_once_and_bridges_pieces():
    # A row of tiles: school, vacant, school, and two schools across a sea; a school without land
    # leans on the last tile and on the vacant one.
    points = np.array([[0.0, 0], [900, 0], [2000, 0], [9000, 0], [9000, 1000], [9000, 500]])
    a, b = np.array([0, 1, 3]), np.array([1, 2, 4])
    anchors = csr_from_pairs(6, np.array([5, 5]), np.array([4, 1]), np.array([0.8, 0.2]))
    land = symmetric_csr(6, a, b, np.ones(3))
    problem = row_of_tiles(points, land, anchors)
    host = hosts(problem)
    assert host.tolist() == [0, 0, 2, 3, 4, 5]
    ground = make_ground(problem, host, np.array([0, 2, 3, 4, 5]))
    expected = np.zeros((5, 5))
    for u, v in [(0, 1), (2, 3), (4, 3), (4, 0)]:  # (0, 1) over the vacant tile, (4, 0) on it
        expected[u, v] = expected[v, u] = 1
    np.testing.assert_array_equal(ground.contacts.toarray(), expected)
    at_sea = row_of_tiles(points, land, csr_from_pairs(6, *np.zeros((2, 0), int), np.zeros(0)))
    ground = make_ground(at_sea, host, np.array([0, 2, 3, 4]))
    expected = np.zeros((4, 4))
    for u, v in [(0, 1), (2, 3), (1, 2)]:  # the last over the sea
        expected[u, v] = expected[v, u] = 1
    np.testing.assert_array_equal(ground.contacts.toarray(), expected)
    flows = np.zeros((4, 4))
    flows[0, 2] = flows[2, 0] = 7
    np.testing.assert_array_equal(ground.flows.toarray(), flows)
    affinity = ground.affinity.toarray()
    assert affinity.sum() == pytest.approx(1.3)
    assert affinity[0, 2] == pytest.approx(0.5)


def row_of_tiles(points, land, anchors):
    n = len(points)
    schools = np.array([1, 0, 1, 1, 1, 1])
    return PartitionProblem(
        community_zone=np.zeros(2, dtype=int),
        unit_zone=np.zeros(n, dtype=int),
        schools=schools,
        grades=schools,
        has_land=np.arange(n) < 5,
        totals=100.0 * schools[None, :],
        locked=np.full(n, -1),
        land=land,
        anchors=anchors,
        flows=symmetric_csr(n, np.array([0]), np.array([3]), np.array([7.0])),
        flow_inside=0.0,
        flow_total=7.0,
        together=np.zeros((0, 2), dtype=int),
        apart=np.zeros((0, 2), dtype=int),
        school_bounds=(1, 3),
        totals_low=np.array([0.0]),
        totals_high=np.array([300.0]),
        required_grades=1,
        points=points,
        today=np.full(n, -1),
        weights={"feeder_continuity": 1.0},
    )


def test_an_unknown_method_is_told_with_those_there_are(judges):
    problem = judges.random_problem(0, judges.recipe())
    with pytest.raises(ValueError, match=r"no method is called 'wards'.*anchored, ward,"):
        divide(problem, method="wards", seed=0)
