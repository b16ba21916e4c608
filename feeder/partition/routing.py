"""Ways over the land that join what must share a community, without crossing one another.

Negotiated congestion, made for wiring chips (McMurchie and Ebeling 1995): every community takes
its cheapest way, at first over tiles that others use as well; a tile that two of them want grows
dearer at every turn, until all but one find a way around it.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import numpy as np

from feeder.partition.problem import MIN_ANCHOR, FloatArray, IntArray, PartitionProblem

TURNS: Final = 40
"""Rounds of negotiation; most problems need one to five."""
BARE_TILE: Final = 0.5
"""Cost of a tile without a school, where one with a school costs 1 more."""
JITTER: Final = 0.3
"""Random part of a tile's cost, so that chains of a search start from different ways."""

Terminal = tuple[int, ...]
"""Tiles of which a community needs any one."""


def terminals(problem: PartitionProblem, u: int) -> list[Terminal]:
    """List what a community needs of the land to hold unit ``u``.

    A landed unit needs its tile. A landless one needs any tile with ``MIN_ANCHOR`` of its area
    or, where none has so much, the largest ones that have it together.
    """
    if problem.has_land[u]:
        return [(u,)]
    first, last = problem.anchors.start[u], problem.anchors.start[u + 1]
    share = problem.anchors.weight[first:last]
    tiles = np.array([_tile(problem, int(v)) for v in problem.anchors.to[first:last]])
    order = np.lexsort((tiles, -share))
    enough = [int(tiles[i]) for i in order if share[i] >= MIN_ANCHOR]
    if enough:
        return [tuple(enough)]
    count = int(np.searchsorted(share[order].cumsum(), MIN_ANCHOR)) + 1
    return [(int(tiles[i]),) for i in order[:count]]


def _tile(problem: PartitionProblem, v: int) -> int:
    """Return the tile of an anchor: a landless one stands for the tile it leans on most."""
    return v if problem.has_land[v] else terminals(problem, v)[0][0]


def route(
    problem: PartitionProblem, nets: Mapping[int, list[Terminal]], rng: np.random.Generator
) -> tuple[dict[int, list[int]], tuple[int, ...]]:
    """Join the terminals of each community over the land, no tile for two communities.

    Parameters
    ----------
    nets
        Terminals of each community that has some.

    Returns
    -------
    Tiles of each community, connected; and two communities that found no way past one another,
    or nothing. Of those, the first keeps the contested tiles and the other is left in pieces.
    """
    cost = BARE_TILE + np.minimum(problem.schools, 1) + JITTER * rng.random(problem.n_units)
    closed = {c: _closed(problem, nets, c) for c in nets}
    ways: dict[int, list[int]] = {c: [] for c in nets}
    use, past = np.zeros(problem.n_units), np.zeros(problem.n_units)
    for turn in range(TURNS):
        for c, net in nets.items():
            if turn > 0 and use[ways[c]].max(initial=0) <= 1:
                continue
            use[ways[c]] -= 1
            toll = (cost + past) * (1 + turn * use)
            toll[closed[c]] = np.inf
            ways[c] = _tree(problem, net, toll)
            use[ways[c]] += 1
        if use.max(initial=0) <= 1:
            break
        past[use > 1] += 1
    owner: dict[int, int] = {}
    clash: tuple[int, ...] = ()
    for c, way in ways.items():
        lost = [tile for tile in way if owner.setdefault(tile, c) != c]
        if lost and not clash:
            clash = (owner[lost[0]], c)
        ways[c] = [tile for tile in way if tile not in lost]
    return ways, clash


def _closed(
    problem: PartitionProblem, nets: Mapping[int, list[Terminal]], community: int
) -> IntArray:
    """Tiles that ``community`` may not have: of another zone, or bound to another community."""
    zone = problem.community_zone[community]
    foreign = (problem.unit_zone >= 0) & (problem.unit_zone != zone)
    foreign |= (problem.locked >= 0) & (problem.locked != community)
    bound = [t[0] for c, net in nets.items() if c != community for t in net if len(t) == 1]
    foreign[bound] = True
    return np.flatnonzero(foreign)


def _tree(problem: PartitionProblem, net: list[Terminal], toll: FloatArray) -> list[int]:
    """Join terminals by cheap ways: from what is joined to the nearest that is not."""
    missing = sorted(set(net), key=lambda t: (len(t), t))
    root = missing.pop(0)
    if not missing:
        return [min(root, key=lambda tile: (toll[tile], tile))]
    tree: list[int] = []
    while missing:
        way = _way(problem, tree or root, {tile for t in missing for tile in t}, toll)
        if not way:
            apart = missing.pop(0)  # no way: it stands alone
            tree += [root[0], apart[0]] if not tree else [apart[0]]
        tree += [tile for tile in way if tile not in tree]
        missing = [t for t in missing if not set(t) & set(tree)]
    return tree


def _way(
    problem: PartitionProblem, sources: Iterable[int], targets: Collection[int], toll: FloatArray
) -> list[int]:
    """Return the cheapest way over the land, both ends included; empty where there is none."""
    start, to = problem.land.start, problem.land.to
    came = dict.fromkeys(sources, -1)
    heap = [(0.0, tile) for tile in came]
    reached: set[int] = set()
    far = dict.fromkeys(came, 0.0)
    while heap:
        distance, u = heapq.heappop(heap)
        if u in reached:
            continue
        reached.add(u)
        if u in targets:
            way = [u]
            while came[way[-1]] >= 0:
                way.append(came[way[-1]])
            return way
        for v in to[start[u] : start[u + 1]].tolist():
            further = distance + toll[v]
            if further < far.get(v, np.inf):
                far[v], came[v] = further, u
                heapq.heappush(heap, (further, v))
    return []
