"""A first partition: communities grown over the land from seeds far apart."""

from __future__ import annotations

import heapq

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from feeder.partition.problem import MIN_ANCHOR, Csr, IntArray, PartitionProblem

FAR = np.iinfo(np.int64).max


def grow(problem: PartitionProblem, rng: np.random.Generator) -> IntArray:
    """Grow one connected community from each seed until every unit has one.

    The community with the least enrolment grows next, by the neighbouring unit it exchanges
    most students with. Locked units and units that must be together seed their community
    first, joined by the shortest way over the land.

    Returns
    -------
    Shape (n_units,): community of each unit. Every community's land is connected unless the
    land of its zone is not; limits may be broken.
    """
    label = np.full(problem.n_units, -1, dtype=np.int64)
    _seed_bound_units(problem, label)
    for zone in np.unique(problem.community_zone):
        communities = np.flatnonzero(problem.community_zone == zone)
        _seed_zone(problem, label, int(zone), communities, rng)
    _grow_land(problem, label, rng)
    _place_landless(problem, label)
    return label


def _neighbours(csr: Csr, u: int) -> IntArray:
    return csr.to[csr.start[u] : csr.start[u + 1]]


def _allowed(problem: PartitionProblem, u: int, community: int) -> bool:
    zone = problem.unit_zone[u]
    return bool(zone < 0 or zone == problem.community_zone[community]) and bool(
        problem.locked[u] in (-1, community)
    )


def _seed_bound_units(problem: PartitionProblem, label: IntArray) -> None:
    """Give locked units, and groups that must be together, a community of their own."""
    groups = _bound_groups(problem)
    used: set[int] = {int(c) for c, _ in groups if c >= 0}
    for community, units in groups:
        home = community
        if home < 0:
            zone = problem.unit_zone[units[0]]
            free = [
                c
                for c in range(problem.n_communities)
                if c not in used and (zone < 0 or problem.community_zone[c] == zone)
            ]
            if not free:
                continue
            home = free[0]
            used.add(home)
        _join_by_land(problem, label, units, home)


def _bound_groups(problem: PartitionProblem) -> list[tuple[int, list[int]]]:
    """List the groups of units that must share a community, and where each is locked."""
    locked = np.flatnonzero(problem.locked >= 0)
    home = locked[np.argsort(problem.locked[locked], kind="stable")]
    same = problem.locked[home[1:]] == problem.locked[home[:-1]]
    a = np.concatenate([problem.together[:, 0], home[:-1][same]])
    b = np.concatenate([problem.together[:, 1], home[1:][same]])
    shape = (problem.n_units, problem.n_units)
    _, group = connected_components(sp.coo_array((np.ones(len(a)), (a, b)), shape=shape))
    bound = np.union1d(problem.together.ravel(), locked)
    return [
        (int(problem.locked[units].max()), units.tolist())
        for g in np.unique(group[bound])
        for units in [bound[group[bound] == g]]
    ]


def _land_of(problem: PartitionProblem, u: int) -> int:
    """Return the tile of a unit: its own, or the one a landless unit leans on most."""
    if problem.has_land[u]:
        return u
    first, last = problem.anchors.start[u], problem.anchors.start[u + 1]
    if first == last:
        return -1
    return int(problem.anchors.to[first + np.argmax(problem.anchors.weight[first:last])])


def _join_by_land(problem: PartitionProblem, label: IntArray, units: list[int], home: int) -> None:
    """Give ``units`` and the shortest way over free land between them to community ``home``."""
    for u in units:
        tile = _land_of(problem, u)
        if tile < 0:
            continue
        way = _way_to(problem, label, tile, home)
        label[[t for t in way if label[t] < 0]] = home
        label[u] = home


def _way_to(problem: PartitionProblem, label: IntArray, tile: int, home: int) -> list[int]:
    """Shortest way over the land from ``tile`` to community ``home``; just ``tile`` if none."""
    came: dict[int, int] = {tile: -1}
    queue = [tile]
    for u in queue:
        if label[u] == home and u != tile:
            way = [u]
            while came[way[-1]] >= 0:
                way.append(came[way[-1]])
            return way
        for v in _neighbours(problem.land, u):
            if int(v) not in came and label[v] in (-1, home) and _allowed(problem, int(v), home):
                came[int(v)] = u
                queue.append(int(v))
    return [tile]


def _seed_zone(
    problem: PartitionProblem,
    label: IntArray,
    zone: int,
    communities: IntArray,
    rng: np.random.Generator,
) -> None:
    """Seed the zone's remaining communities, each far over the land from all others."""
    taken = set(label[label >= 0].tolist())
    tiles = np.flatnonzero(problem.has_land & (problem.unit_zone == zone) & (label < 0))
    distance = np.full(problem.n_units, FAR)
    for u in np.flatnonzero(np.isin(label, communities)):
        _spread(problem.land, distance, int(u))
    for community in communities:
        if int(community) in taken:
            continue
        free = tiles[label[tiles] < 0]
        if len(free) == 0:
            return
        far = free[distance[free] == distance[free].max()]
        seed = int(far[rng.integers(len(far))])
        label[seed] = community
        _spread(problem.land, distance, seed)


def _spread(land: Csr, distance: IntArray, source: int) -> None:
    """Lower ``distance`` to the number of contacts from ``source`` where that is nearer."""
    distance[source] = 0
    queue = [source]
    for u in queue:
        for v in _neighbours(land, u):
            if distance[v] > distance[u] + 1:
                distance[v] = distance[u] + 1
                queue.append(int(v))


def _grow_land(problem: PartitionProblem, label: IntArray, rng: np.random.Generator) -> None:
    """Let the community with the least enrolment take a neighbouring tile until none is free."""
    enrollment = np.zeros(problem.n_communities)
    np.add.at(enrollment, label[label >= 0], problem.totals[0][label >= 0])
    heap = [(enrollment[c], c) for c in range(problem.n_communities)]
    heapq.heapify(heap)
    noise = rng.random(problem.n_units)
    while heap:
        _, c = heapq.heappop(heap)
        members = np.flatnonzero((label == c) & problem.has_land)
        frontier = sorted(
            {
                int(v)
                for u in members
                for v in _neighbours(problem.land, int(u))
                if label[v] < 0 and _allowed(problem, int(v), c)
            }
        )
        if not frontier:
            continue
        pull = [_flow_between(problem, label, v, c) for v in frontier]
        chosen = frontier[int(np.lexsort((noise[frontier], -np.array(pull)))[0])]
        label[chosen] = c
        enrollment[c] += problem.totals[0][chosen]
        heapq.heappush(heap, (enrollment[c] + 1e-6 * len(members), c))


def _flow_between(problem: PartitionProblem, label: IntArray, u: int, community: int) -> float:
    first, last = problem.flows.start[u], problem.flows.start[u + 1]
    same = label[problem.flows.to[first:last]] == community
    return float(problem.flows.weight[first:last][same].sum())


def _place_landless(problem: PartitionProblem, label: IntArray) -> None:
    """Put each landless unit where it is anchored, and among those where its flows go."""
    for u in np.flatnonzero(~problem.has_land & (label < 0)):
        first, last = problem.anchors.start[u], problem.anchors.start[u + 1]
        under = label[problem.anchors.to[first:last]]
        candidates = [c for c in np.unique(under[under >= 0]) if _allowed(problem, int(u), int(c))]
        if not candidates:
            candidates = [c for c in range(problem.n_communities) if _allowed(problem, int(u), c)]
        share = {c: problem.anchors.weight[first:last][under == c].sum() for c in candidates}
        held = [c for c in candidates if share[c] >= MIN_ANCHOR] or [
            max(share, key=share.__getitem__)
        ]
        label[u] = max(held, key=lambda c: (_flow_between(problem, label, int(u), c), share[c], -c))
