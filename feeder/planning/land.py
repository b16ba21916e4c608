"""Land without a school of its own: it goes to whichever community needs it to be whole."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from feeder.network.graph import FeederGraph
from feeder.terms import LEAST_SHARE, SLACK

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def whole_land(graph: FeederGraph, node: IntArray, *, free: BoolArray) -> IntArray:
    """Give every free tile a community, so that communities hang together where they can.

    First, a campus without land that touches too little of its community gets the free tile it
    leans on most, until it touches enough; a tile that several want goes to the community of
    most of these campuses. Then, while free tiles can join two pieces of one community, the path
    of fewest tiles that does so goes to it. At last, ring by ring, every tile left joins the
    neighbor it shares the longest border with. Of equals the first community, then the first
    tile, goes first.

    Parameters
    ----------
    graph
        A district's graph.
    node
        Shape (n_nodes,): community of each node; -1 is none.
    free
        Shape (n_nodes,): whether a tile without a community may take one.

    Returns
    -------
    Shape (n_nodes,): the communities; -1 where no land leads from a community to a tile.
    """
    node = node.copy()
    open_ = free & graph.has_land & (node < 0)
    if not open_.any():
        return node
    _carry_landless(graph, node, open_)
    neighbors = _neighbors(graph)
    while open_.any() and (path := _shortest_joint(graph, neighbors, node, open_)):
        community, tiles = path
        node[tiles] = community
        open_[tiles] = False
    return _filled(graph, node, open_)


def pieces(graph: FeederGraph, node: IntArray) -> IntArray:
    """Give each piece of land that hangs together inside one community a number.

    Shape (n_nodes,): two landed nodes have one number where borders and bridges inside their
    community lead from one to the other; every other node has a number of its own.
    """
    land = graph.is_land_contact
    a, b = graph.contact_a[land], graph.contact_b[land]
    inner = (node[a] == node[b]) & (node[a] >= 0)
    links = sp.coo_array(
        (np.ones(int(inner.sum())), (a[inner], b[inner])), shape=(graph.n_nodes, graph.n_nodes)
    )
    part: IntArray = connected_components(links.tocsr(), directed=False)[1].astype(np.int64)
    return part


def lead_nodes(graph: FeederGraph, node: IntArray | None = None) -> IntArray:
    """Return the landed node that each node goes with where only land is divided.

    Shape (n_nodes,): a landed node itself; for a landless campus the tile with the largest share
    of its own area, on which it stands, or that its main partner goes with; -1 for a campus that
    touches nothing. With a division ``node`` (shape (n_nodes,)), contacts inside the campus' own
    community come first.
    """
    lead = np.where(graph.has_land, np.arange(graph.n_nodes), -1)
    anchor = ~graph.is_land_contact
    campus, tile = graph.contact_a[anchor], graph.contact_b[anchor]
    share = graph.contact_share[anchor]
    own = np.zeros(len(campus)) if node is None else (node[campus] == node[tile]).astype(float)
    order = np.lexsort((-tile, share, own))
    lead[campus[order]] = tile[order]  # the last of several is the best
    return np.where(lead >= 0, lead[lead], -1)  # the best may be landless, with a lead of its own


def _carry_landless(graph: FeederGraph, node: IntArray, open_: BoolArray) -> None:
    """Give campuses without land that touch too little of it the free tiles they lean on."""
    anchor = ~graph.is_land_contact
    campus, tile = graph.contact_a[anchor], graph.contact_b[anchor]
    share = graph.contact_share[anchor]
    order = np.lexsort((tile, -share, campus))
    campus, tile, share = campus[order], tile[order], share[order]
    while True:
        own = (node[campus] == node[tile]) & (node[campus] >= 0)
        touched = np.bincount(campus[own], share[own], minlength=graph.n_nodes)
        short = (node >= 0) & (touched < LEAST_SHARE * (1 - SLACK))
        (wanting,) = np.nonzero(short[campus] & open_[tile])
        if not len(wanting):
            return
        first = wanting[np.unique(campus[wanting], return_index=True)[1]]
        wanted, votes = np.unique(
            np.column_stack([tile[first], node[campus[first]]]), axis=0, return_counts=True
        )
        best = wanted[np.lexsort((wanted[:, 1], -votes, wanted[:, 0]))]
        tiles, at = np.unique(best[:, 0], return_index=True)
        node[tiles] = best[at, 1]
        open_[tiles] = False


def _neighbors(graph: FeederGraph) -> list[list[int]]:
    """Return the landed nodes in contact with each node, sorted."""
    land = graph.is_land_contact
    found: list[list[int]] = [[] for _ in range(graph.n_nodes)]
    for a, b in zip(graph.contact_a[land].tolist(), graph.contact_b[land].tolist(), strict=True):
        found[a].append(b)
        found[b].append(a)
    return [sorted(near) for near in found]


def _shortest_joint(
    graph: FeederGraph, neighbors: list[list[int]], node: IntArray, open_: BoolArray
) -> tuple[int, list[int]] | None:
    """Return a community and the fewest open tiles that join two of its pieces, or None."""
    part = pieces(graph, node)
    best: tuple[int, list[int]] | None = None
    for community in range(int(node.max(initial=-1)) + 1):
        own = np.flatnonzero((node == community) & graph.has_land)
        for piece in np.unique(part[own])[:-1] if len(own) else ():
            tiles = _path(own[part[own] == piece], neighbors, node, open_)
            if tiles and (best is None or len(tiles) < len(best[1])):
                best = (community, tiles)
    return best


def _path(
    start: IntArray, neighbors: list[list[int]], node: IntArray, open_: BoolArray
) -> list[int]:
    """Return the open tiles of a shortest way from a piece to another one of its community."""
    community = node[start[0]]
    before: dict[int, int] = dict.fromkeys(start.tolist(), -1)
    queue = deque(before)
    while queue:
        at = queue.popleft()
        for near in neighbors[at]:
            if near in before:
                continue
            if node[near] == community:
                return _back(at, before)
            if open_[near]:
                before[near] = at
                queue.append(near)
    return []


def _back(at: int, before: dict[int, int]) -> list[int]:
    tiles = []
    while before[at] >= 0:
        tiles.append(at)
        at = before[at]
    return tiles


def _filled(graph: FeederGraph, node: IntArray, open_: BoolArray) -> IntArray:
    """Give each open tile, ring by ring, to the neighbor with the longest border."""
    land = graph.is_land_contact
    a, b = graph.contact_a[land], graph.contact_b[land]
    tile, neighbor = np.concatenate([a, b]), np.concatenate([b, a])
    border = np.tile(graph.contact_border_m[land], 2)
    order = np.lexsort((neighbor, -border, tile))
    order = order[open_[tile[order]]]
    tile, neighbor = tile[order], neighbor[order]
    while (ready := (node[tile] < 0) & (node[neighbor] >= 0)).any():
        first, position = np.unique(tile[ready], return_index=True)
        node[first] = node[neighbor[ready][position]]
    return node
