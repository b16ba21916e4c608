"""A first partition: communities grown over the land from seeds far apart."""

from __future__ import annotations

import heapq

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from feeder.partition.founding import found_communities, hops
from feeder.partition.problem import (
    MIN_ANCHOR,
    BoolArray,
    Csr,
    FloatArray,
    IntArray,
    PartitionProblem,
)
from feeder.partition.routing import terminals
from feeder.partition.values import homes
from feeder.terms import SUM_SLACK


def grow(problem: PartitionProblem, rng: np.random.Generator) -> IntArray:
    """Grow one connected community from each seed until every unit has one.

    Units that are locked or must be together seed their community first, joined over the land by
    ways that do not cross; where budgets hold down what changes against today's plan, each
    community begins with the largest piece of the one of today that it stands for, and takes
    others of today whole. Then the community with the least enrollment grows next, by the
    neighbouring unit it exchanges most students with.

    Returns
    -------
    Shape (n_units,): community of each unit. Every community's land is connected unless the
    land of its zone is not, or no ways were found for bound units; constraints may be broken.
    """
    label = np.full(problem.n_units, -1, dtype=np.int64)
    held, ways = found_communities(problem, rng)
    for c, way in ways.items():
        label[way] = c
    if problem.budgets:
        new = np.setdiff1d(np.arange(problem.n_communities), homes(problem))
        for zone in np.unique(problem.community_zone[new]):
            _seed_zone(problem, label, int(zone), rng, only=new)
        _stay(problem, label)
        _merge(problem, label)
    for zone in np.unique(problem.community_zone):
        _seed_zone(problem, label, int(zone), rng)
    noise = rng.random(problem.n_units)
    _grow(problem, label, problem.has_land & (problem.unit_zone >= 0), noise)
    _bridge(problem, label, noise)
    _grow(problem, label, problem.has_land, noise)
    label[problem.has_land & (label < 0)] = 0  # land that touches no community
    for c, units in held.items():
        label[[u for u in units if not problem.has_land[u]]] = c
    _place_landless(problem, label)
    return label


def _stay(problem: PartitionProblem, label: IntArray) -> None:
    """Give each community the largest piece of land of the one of today that it stands for."""
    home = homes(problem)
    n = problem.n_units
    tail = np.repeat(np.arange(n), np.diff(problem.land.start))
    for c in range(problem.n_communities):
        own = (home == c) & problem.has_land & (label < 0) & _may_join(problem, np.arange(n), c)
        inside = own[tail] & own[problem.land.to]
        ends = (tail[inside], problem.land.to[inside])
        links = sp.coo_array((np.ones(int(inside.sum())), ends), shape=(n, n))
        piece = connected_components(links, directed=False)[1]
        if own.any() and not (label == c).any():
            largest = np.bincount(piece[own]).argmax()
            label[own & (piece == largest)] = c


def _merge(problem: PartitionProblem, label: IntArray) -> None:
    """Let the community with the least enrollment take a neighbour of today's whole, to the last.

    A piece of land that is one community's today goes whole, so nothing of it moves.
    """
    n = problem.n_units
    tail = np.repeat(np.arange(n), np.diff(problem.land.start))
    same = (problem.today[tail] == problem.today[problem.land.to]) & (problem.today[tail] >= 0)
    free = (label < 0) & problem.has_land & (problem.today >= 0)
    inside = same & free[tail] & free[problem.land.to]
    ends = (tail[inside], problem.land.to[inside])
    links = sp.coo_array((np.ones(int(inside.sum())), ends), shape=(n, n))
    piece = connected_components(links, directed=False)[1]
    enrollment = np.zeros(problem.n_communities)
    np.add.at(enrollment, label[label >= 0], problem.totals[0][label >= 0])
    while True:
        seen = (label[tail] >= 0) & (label[problem.land.to] < 0) & free[problem.land.to]
        pairs = {
            (int(label[a]), int(piece[b]))
            for a, b in zip(tail[seen], problem.land.to[seen], strict=True)
        }
        open_to = [
            (enrollment[c], c, one)
            for c, one in pairs
            if _may_join(problem, np.flatnonzero(free & (piece == one)), c).all()
        ]
        if not open_to:
            return
        _, c, one = min(open_to)
        taken = free & (piece == one)
        label[taken] = c
        enrollment[c] += problem.totals[0][taken].sum()


def _neighbours(csr: Csr, u: int) -> IntArray:
    return csr.to[csr.start[u] : csr.start[u + 1]]


def _may_join(problem: PartitionProblem, units: IntArray, community: int) -> BoolArray:
    zone, lock = problem.unit_zone[units], problem.locked[units]
    in_zone = (zone < 0) | (zone == problem.community_zone[community])
    fits: BoolArray = in_zone & ((lock < 0) | (lock == community))
    return fits


def _seed_zone(
    problem: PartitionProblem,
    label: IntArray,
    zone: int,
    rng: np.random.Generator,
    only: IntArray | None = None,
) -> None:
    """Seed the zone's remaining communities (or ``only`` these), each far from all others."""
    communities = np.flatnonzero(problem.community_zone == zone)
    if only is not None:
        communities = np.intersect1d(communities, only)
    tiles = np.flatnonzero(problem.has_land & (problem.unit_zone == zone))
    seeded = np.flatnonzero(np.isin(label, communities))
    far = np.minimum(hops(problem, seeded).min(axis=0, initial=np.inf), problem.n_units)
    for community in np.setdiff1d(communities, label[seeded]):
        free = tiles[label[tiles] < 0]
        if len(free) == 0:
            return
        farthest = free[far[free] == far[free].max()]
        seed = int(farthest[rng.integers(len(farthest))])
        label[seed] = community
        far = np.minimum(far, hops(problem, np.array([seed]))[0])


def _grow(
    problem: PartitionProblem, label: IntArray, open_to: BoolArray, noise: FloatArray
) -> None:
    """Let the community with the least enrollment take a neighbouring tile until none is free."""
    enrollment = np.zeros(problem.n_communities)
    np.add.at(enrollment, label[label >= 0], problem.totals[0][label >= 0])
    heap = [(enrollment[c], c) for c in range(problem.n_communities)]
    heapq.heapify(heap)
    while heap:
        _, c = heapq.heappop(heap)
        members = np.flatnonzero((label == c) & problem.has_land)
        near = np.unique(
            np.concatenate([members[:0], *[_neighbours(problem.land, int(u)) for u in members]])
        )
        frontier = near[(label[near] < 0) & open_to[near] & _may_join(problem, near, c)]
        if len(frontier) == 0:
            continue
        pull = [_flow_between(problem, label, int(v), c) for v in frontier]
        chosen = int(frontier[np.lexsort((noise[frontier], -np.array(pull)))[0]])
        label[chosen] = c
        enrollment[c] += problem.totals[0][chosen]
        heapq.heappush(heap, (enrollment[c] + 1e-6 * len(members), c))


def _bridge(problem: PartitionProblem, label: IntArray, noise: FloatArray) -> None:
    """Reach what belongs to a zone but lies behind, or on, vacant tiles: by the shortest way."""
    zoned = problem.has_land & (problem.unit_zone >= 0)
    for u in np.flatnonzero(problem.unit_zone >= 0).tolist():
        communities = np.flatnonzero(problem.community_zone == problem.unit_zone[u])
        if problem.has_land[u] and label[u] < 0:
            _reach(problem, label, u, communities)
            _grow(problem, label, zoned, noise)
        elif not problem.has_land[u] and not _anchoring(problem, label, u, communities):
            for tile, *_ in terminals(problem, u):
                if label[tile] < 0:
                    _reach(problem, label, tile, communities)


def _reach(problem: PartitionProblem, label: IntArray, tile: int, communities: IntArray) -> None:
    """Give ``tile`` and the way to it to the nearest of ``communities``; alone if none is near."""
    zone = problem.community_zone[communities[0]]
    way = _way_home(problem, label, tile, communities, zone)
    label[[*way, tile]] = label[way[0]] if way else communities[0]


def _anchoring(
    problem: PartitionProblem, label: IntArray, u: int, communities: IntArray
) -> list[int]:
    """List those of ``communities`` that a landless unit is anchored on."""
    first, last = problem.anchors.start[u], problem.anchors.start[u + 1]
    under, share = label[problem.anchors.to[first:last]], problem.anchors.weight[first:last]
    return [int(c) for c in communities if share[under == c].sum() >= MIN_ANCHOR - SUM_SLACK]


def _way_home(
    problem: PartitionProblem, label: IntArray, tile: int, communities: IntArray, zone: int
) -> list[int]:
    """Return the shortest way over free land from one of ``communities`` to ``tile``; or none."""
    came: dict[int, int] = {tile: -1}
    queue = [tile]
    for u in queue:
        if label[u] >= 0:
            way = [u]
            while came[way[-1]] >= 0:
                way.append(came[way[-1]])
            return way
        for v in _neighbours(problem.land, u).tolist():
            own = problem.unit_zone[v] in (-1, zone)
            if v not in came and (label[v] in communities if label[v] >= 0 else own):
                came[v] = u
                queue.append(v)
    return []


def _flow_between(problem: PartitionProblem, label: IntArray, u: int, community: int) -> float:
    first, last = problem.flows.start[u], problem.flows.start[u + 1]
    same = label[problem.flows.to[first:last]] == community
    return float(problem.flows.weight[first:last][same].sum())


def _place_landless(problem: PartitionProblem, label: IntArray) -> None:
    """Put each landless unit where it is anchored, and among those where its flows go.

    Units that lean on landless ones come last.
    """
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.anchors.start))
    late = np.isin(np.arange(problem.n_units), tail[~problem.has_land[problem.anchors.to]])
    everywhere = range(problem.n_communities)
    waiting = np.flatnonzero(~problem.has_land & (label < 0))
    for u in waiting[np.argsort(late[waiting], kind="stable")].tolist():
        open_to = [c for c in everywhere if _may_join(problem, np.array([u]), c)[0]]
        anchoring = _anchoring(problem, label, u, np.array(open_to))
        label[u] = max(
            anchoring or open_to, key=lambda c: (_flow_between(problem, label, u, c), -c)
        )
