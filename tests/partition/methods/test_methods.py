"""Each comparator by itself, on grounds small enough to work out by hand."""

import numpy as np
import pytest
import scipy.sparse as sp

from feeder.partition.methods.ground import Ground
from feeder.partition.methods.groups import halved, merged
from feeder.partition.methods.table import METHODS

ELEMENTARY, MIDDLE, HIGH = 0b1, 0b10, 0b100


def square(n, links):
    matrix = np.zeros((n, n))
    for (u, v), weight in links.items():
        matrix[u, v] = matrix[v, u] = weight
    return sp.csr_array(matrix)


def ground(points, flows, contacts, grades=None, enrollment=None):
    n = len(points)
    return Ground(
        points=np.array(points, dtype=float),
        enrollment=np.full(n, 100.0) if enrollment is None else np.array(enrollment, dtype=float),
        grades=np.ones(n, dtype=int) if grades is None else np.array(grades),
        flows=square(n, flows),
        contacts=square(n, dict.fromkeys(contacts, 1.0)),
    )


def clusters(name, land, k):
    labels = METHODS[name].cluster(land, k, 0)
    assert set(labels.tolist()) == set(range(k))
    return {frozenset(np.flatnonzero(labels == c).tolist()) for c in range(k)}


def test_anchored_follows_the_flows_to_their_end_not_their_first_step():
    # 0 sends 60 to middle 2 and 40 to middle 3; 2 sends half to each high school, 3 all to 5:
    # 30 of 100 end in high school 4, and 70 in 5. Middle 2 leans to 4 by a little.
    flows = {(0, 2): 60, (0, 3): 40, (2, 4): 51, (2, 5): 49, (3, 5): 80, (1, 4): 5}
    grades = [ELEMENTARY, ELEMENTARY, MIDDLE, MIDDLE, HIGH, HIGH]
    row = [(u, u + 1) for u in range(5)]
    land = ground([(u, 0) for u in range(6)], flows, row, grades)
    assert clusters("anchored", land, 2) == {frozenset({1, 2, 4}), frozenset({0, 3, 5})}


def test_anchored_gives_a_school_that_leads_nowhere_to_the_nearest_high_school():
    grades = [ELEMENTARY, HIGH, HIGH, ELEMENTARY]
    land = ground([(0, 0), (4, 0), (9, 0), (5, 0)], {(0, 2): 9}, [(0, 1), (1, 3), (3, 2)], grades)
    assert clusters("anchored", land, 2) == {frozenset({1, 3}), frozenset({0, 2})}


def test_anchored_merges_the_smallest_family_and_halves_the_largest():
    grades = [HIGH, HIGH, HIGH, ELEMENTARY]
    land = ground(
        [(0, 0), (1, 0), (2, 0), (3, 0)],
        {(2, 3): 30, (0, 1): 1},
        [(0, 1), (1, 2), (2, 3)],
        grades,
        enrollment=[500, 100, 300, 200],
    )
    assert clusters("anchored", land, 2) == {frozenset({0, 1}), frozenset({2, 3})}
    assert clusters("anchored", land, 4) == {frozenset({u}) for u in range(4)}


def two_towns():
    """Two towns of five side by side; flows run inside each."""
    points = [
        (x + 3 * town, y) for town in (0, 20) for x, y in [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1)]
    ]
    flows = {(5 * t + u, 5 * t + v): 20 for t in (0, 1) for u in range(5) for v in range(u)}
    contacts = [(5 * t + u, 5 * t + u + 1) for t in (0, 1) for u in range(4)] + [(4, 5)]
    return ground(points, flows | {(4, 5): 1}, contacts)


@pytest.mark.parametrize("name", [name for name in METHODS if name != "anchored"])
def test_two_towns_are_told_apart(name):
    towns = {frozenset(range(5)), frozenset(range(5, 10))}
    assert clusters(name, two_towns(), 2) == towns


@pytest.mark.parametrize("name", ["spectral", "louvain"])
def test_flows_tell_groups_apart_that_places_do_not(name):
    # Eight schools on one spot but for a hair; flows hold even and odd ones together.
    points = [(u * 1e-3, 0) for u in range(8)]
    flows = {(u, v): 50 for u in range(8) for v in range(u) if (u - v) % 2 == 0}
    land = ground(points, flows, [(u, u + 1) for u in range(7)])
    assert clusters(name, land, 2) == {frozenset({0, 2, 4, 6}), frozenset({1, 3, 5, 7})}


def test_louvain_finds_more_groups_than_it_would_of_itself():
    assert len(clusters("louvain", two_towns(), 7)) == 7


def test_ward_holds_contacts_that_kmeans_does_not_see():
    # 0 and 1 stand close but do not touch: a river, and the way around is long.
    points = [(0, 0), (0, 1), (4, 0), (4, 1), (8, 0), (8, 1)]
    land = ground(points, {}, [(0, 2), (2, 4), (4, 5), (5, 3), (3, 1)])
    assert frozenset({0, 1}) in clusters("kmeans", land, 3)
    assert clusters("ward", land, 3) == {frozenset({0, 2}), frozenset({4, 5}), frozenset({1, 3})}


def test_merged_joins_only_what_touches_and_halved_halves():
    land = ground(
        [(u, 0) for u in range(4)],
        {(0, 3): 99, (0, 1): 1},
        [(0, 1), (1, 2), (2, 3)],
        enrollment=[10, 90, 90, 90],
    )
    assert merged(land, np.array([7, 3, 5, 5]), 2).tolist() == [0, 0, 1, 1]
    assert halved(land, np.zeros(4, dtype=int), 3).tolist() == [1, 1, 2, 0]


def test_a_merged_group_weighs_what_its_parts_weigh():
    # 0 joins 1, which is then no longer the smallest: 2 joins 3.
    land = ground(
        [(u, 0) for u in range(4)],
        {(0, 1): 9, (1, 2): 2, (2, 3): 3},
        [(0, 1), (1, 2), (2, 3)],
        enrollment=[10, 20, 25, 90],
    )
    assert merged(land, np.arange(4), 2).tolist() == [0, 0, 1, 1]


def test_ward_takes_a_school_that_exchanges_nobody_for_where_it_stands():
    towns = two_towns()
    quiet = {(u, v): 20 for t in (0, 5) for u in range(t, t + 5) for v in range(t + 1, u)}
    land = ground(
        (towns.points + 1000).tolist(),
        quiet,
        list(zip(*towns.contacts.nonzero(), strict=True)),
    )
    assert clusters("ward", land, 2) == {frozenset(range(5)), frozenset(range(5, 10))}
