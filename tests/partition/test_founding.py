"""Wishes far apart on the map: locks, pairs across the district, neighbours to be parted."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from feeder.partition.cooling import Effort
from feeder.partition.founding import found_communities, hops
from feeder.partition.growth import grow
from feeder.partition.problem import (
    IntArray,
    PartitionProblem,
    csr_from_pairs,
    symmetric_csr,
)
from feeder.partition.routing import route
from feeder.partition.search import search

SIDE = 10
MIDDLES, HIGHS = 10, 10
FAIR = Effort(steps_per_unit=4000, chains=3, rounds=0)


def grid_problem(communities: int = 5, tolerance: float = 0.25) -> PartitionProblem:
    """Ten by ten elementary schools with a tile; middle and high schools stand on some tiles."""
    rng = np.random.default_rng(0)
    tiles, n = SIDE * SIDE, SIDE * SIDE + MIDDLES + HIGHS
    x, y = np.arange(tiles) % SIDE, np.arange(tiles) // SIDE
    right, down = np.flatnonzero(x + 1 < SIDE), np.flatnonzero(y + 1 < SIDE)
    a, b = np.concatenate([right, down]), np.concatenate([right + 1, down + SIDE])
    under = rng.permutation(tiles)[: n - tiles]
    place = np.concatenate([np.arange(tiles), under])
    kind = np.repeat([0, 1, 2], [tiles, MIDDLES, HIGHS])
    sizes = np.array([400.0, 700.0, 1200.0])[kind] + rng.integers(0, 200, n)
    sender = np.flatnonzero(kind < 2)
    receiver = np.empty_like(sender)
    for level in (0, 1):
        to = np.flatnonzero(kind == level + 1)
        mine = kind[sender] == level
        apart = np.abs(x[place[sender[mine]], None] - x[place[to]]) + np.abs(
            y[place[sender[mine]], None] - y[place[to]]
        )
        receiver[mine] = to[apart.argmin(axis=1)]
    students = np.where(kind[sender] == 0, 60.0, 300.0)
    mean = np.array([sizes.sum() / communities])
    none = np.zeros((0, 2), dtype=np.int64)
    return PartitionProblem(
        community_zone=np.zeros(communities, dtype=np.int64),
        unit_zone=np.zeros(n, dtype=np.int64),
        schools=np.ones(n, dtype=np.int64),
        grades=np.array([0b111111, 0b111 << 6, 0b1111 << 9])[kind],
        has_land=np.arange(n) < tiles,
        totals=sizes[None, :],
        locked=np.full(n, -1),
        land=symmetric_csr(n, a, b, np.ones(len(a))),
        anchors=csr_from_pairs(n, np.arange(tiles, n), under, np.ones(n - tiles)),
        flows=symmetric_csr(n, sender, receiver, students),
        flow_inside=0.0,
        flow_total=float(students.sum()),
        together=none,
        apart=none,
        school_bounds=(10, 34),
        totals_low=mean * (1 - tolerance),
        totals_high=mean * (1 + tolerance),
        required_grades=(1 << 13) - 1,
        points=1000.0 * np.stack([x[place], y[place]], axis=1),
        today=np.full(n, -1, dtype=np.int64),
        weights={"feeder_continuity": 1.0, "cut_contacts": 0.1},
    )


@pytest.fixture(scope="session")
def grid() -> PartitionProblem:
    return grid_problem()


def planted(problem: PartitionProblem, seed: int) -> IntArray:
    """Find a feasible partition that cares for its shape only."""
    found = search(
        replace(problem, weights={"cut_contacts": 1.0}),
        seed=seed,
        effort=Effort(steps_per_unit=3000, chains=2, rounds=0, cold=0.5),
    )
    assert found.feasible
    return found.labels


def granted(judges: Any, problem: PartitionProblem, seed: int) -> bool:
    found = search(problem, seed=seed, effort=FAIR)
    assert found.feasible == judges.is_feasible(problem, found.labels)
    return found.feasible


@pytest.mark.parametrize("each", [1, 3, 5, 10])
def test_locks_all_over_the_map_are_kept(judges, grid, each):
    for seed in range(4):
        plan, rng = planted(grid, seed), np.random.default_rng(seed)
        locked = np.full(grid.n_units, -1)
        for c in range(grid.n_communities):
            locked[rng.choice(np.flatnonzero(plan == c), each, replace=False)] = c
        assert granted(judges, replace(grid, locked=locked), seed), f"seed {seed}"


def test_locks_of_two_communities_only_are_kept(judges, grid):
    for seed in range(4):
        plan, rng = planted(grid, seed), np.random.default_rng(seed)
        locked = np.full(grid.n_units, -1)
        for c in (1, 3):
            locked[rng.choice(np.flatnonzero(plan == c), 6, replace=False)] = c
        assert granted(judges, replace(grid, locked=locked), seed), f"seed {seed}"


@pytest.mark.parametrize(
    "pair", [(0, 99), (9, 90), (4, 94), (40, 49), (0, 9), (5, 96)], ids=lambda p: f"{p[0]}-{p[1]}"
)
def test_schools_on_opposite_sides_come_together(judges, grid, pair):
    for seed in range(2):
        assert granted(judges, replace(grid, together=np.array([pair])), seed), f"seed {seed}"


def test_two_pairs_that_cross_share_a_community(judges):
    problem = grid_problem(communities=3)
    crossing = np.array([[4, 94], [40, 49]])
    assert granted(judges, replace(problem, school_bounds=(20, 60), together=crossing), 0)


def test_ten_pairs_of_one_plan_come_together(judges, grid):
    for seed in range(4):
        plan, rng = planted(grid, seed), np.random.default_rng(seed)
        pairs = [
            rng.choice(np.flatnonzero(plan == c), 2, replace=False) for c in range(5) for _ in "ab"
        ]
        assert granted(judges, replace(grid, together=np.array(pairs)), seed), f"seed {seed}"


@pytest.mark.parametrize("count", [3, 8])
def test_neighbours_of_one_good_plan_are_parted(judges, grid, count):
    """Pairs that one plan parts and the best plan would join."""
    best = search(grid, seed=0, effort=FAIR).labels
    tail = np.repeat(np.arange(grid.n_units), np.diff(grid.land.start))
    for seed in range(4):
        plan, rng = planted(grid, seed), np.random.default_rng(seed)
        parted = (plan[tail] != plan[grid.land.to]) & (best[tail] == best[grid.land.to])
        drawn = rng.choice(np.flatnonzero(parted & (tail < grid.land.to)), count, replace=False)
        apart = np.stack([tail[drawn], grid.land.to[drawn]], axis=1)
        assert granted(judges, replace(grid, apart=apart), seed), f"seed {seed}"


def test_locks_on_a_real_district_are_kept(judges, instance):
    problem = instance("fairfax_va")
    plan = search(problem, seed=1, effort=Effort(steps_per_unit=3000, chains=2, rounds=0)).labels
    for seed, each in ((0, 3), (1, 5)):
        rng = np.random.default_rng(seed)
        locked = np.full(problem.n_units, -1)
        for c in range(problem.n_communities):
            locked[rng.choice(np.flatnonzero(plan == c), each, replace=False)] = c
        assert granted(judges, replace(problem, locked=locked), seed)


def test_a_first_partition_is_whole_and_keeps_locks_and_ties(judges, grid):
    for seed in range(10):
        plan, rng = planted(grid, 0), np.random.default_rng(seed)
        locked = np.full(grid.n_units, -1)
        for c in range(3):
            locked[rng.choice(np.flatnonzero(plan == c), 4, replace=False)] = c
        pair = rng.choice(np.flatnonzero(plan == 4), 2, replace=False)
        problem = replace(grid, locked=locked, together=pair[None, :])
        labels = grow(problem, rng)
        assert judges.is_whole(problem, labels)
        assert {"locks", "together"}.isdisjoint(judges.broken_constraints(problem, labels))


def test_ways_do_not_cross(grid):
    rng = np.random.default_rng(0)
    nets = {
        0: [(0,), (90,)],
        1: [(5,), (95,)],
        2: [(9,), (99,), (59,)],
        3: [
            (42, 43),
        ],
    }
    ways, clash = route(grid, nets, rng)
    assert clash == ()
    tiles = [tile for way in ways.values() for tile in way]
    assert len(tiles) == len(set(tiles))
    for c, net in nets.items():
        assert all(set(terminal) & set(ways[c]) for terminal in net)
        far = hops(grid, np.array(ways[c]))[:, ways[c]]
        assert (np.sort(far, axis=1)[:, 1:2] == 1).all()


def test_ways_that_must_cross_are_told_and_merged(grid):
    rng = np.random.default_rng(0)
    _, clash = route(grid, {0: [(4,), (94,)], 1: [(40,), (49,)]}, rng)
    assert clash == (0, 1)
    problem = replace(grid, together=np.array([[4, 94], [40, 49]]))
    held, ways = found_communities(problem, rng)
    assert [sorted(units) for units in held.values()] == [[4, 40, 49, 94]]
    assert {4, 40, 49, 94} <= set(*ways.values())
    parted = replace(problem, apart=np.array([[4, 40]]))
    held, _ = found_communities(parted, rng)
    assert len(held) == 2
