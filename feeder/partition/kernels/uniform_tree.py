"""Uniform spanning trees of two merged communities, and the cuts that keep their bounds."""

from __future__ import annotations

import math

from feeder.partition.kernels.chains import Chain, Ground
from feeder.partition.kernels.compiler import kernel
from feeder.partition.kernels.constraints import EPSILON
from feeder.partition.kernels.rng import below, uniform

ROOT = -1
OUTSIDE = -2
"""Parents of the tree's root, and of a tile the tree has not reached."""


@kernel
def merge(ground: Ground, chain: Chain, a: int, b: int) -> tuple[int, int]:
    """Give the units of two communities numbers, by rank, and list the contacts of their tiles.

    Returns the number of tiles and of units.
    """
    count, tiles = 0, 0
    for rank in range(3):
        for c in (a, b):
            for i in range(chain.size[c]):
                u = chain.members[c, i]
                if ground.rank[u] == rank:
                    chain.unit[count] = u
                    chain.number[u] = count
                    count += 1
        if rank == 0:
            tiles = count
    contacts = 0
    for i in range(tiles):
        chain.near_start[i] = contacts
        u = chain.unit[i]
        for k in range(ground.land_start[u], ground.land_start[u + 1]):
            v = ground.land_to[k]
            if chain.label[v] == a or chain.label[v] == b:
                chain.near[contacts] = chain.number[v]
                contacts += 1
    chain.near_start[tiles] = contacts
    return tiles, count


@kernel
def draw_tree(chain: Chain, tiles: int) -> None:
    """Draw a spanning tree of the merged tiles, each tree equally likely.

    By Wilson's algorithm (Wilson 1996): from each tile outside the tree a random walk until it
    meets the tree; where the walk crosses itself, the loop is forgotten. The land must be
    connected, or the walk never ends. Any tile may be the root; the one with most neighbors is met
    soonest.
    """
    root = 0
    for i in range(tiles):
        chain.parent[i] = OUTSIDE
        neighbors = chain.near_start[i + 1] - chain.near_start[i]
        if neighbors > chain.near_start[root + 1] - chain.near_start[root]:
            root = i
    chain.parent[root] = ROOT
    chain.order[0] = root
    count = 1
    for start in range(tiles):
        i = start
        while chain.parent[i] == OUTSIDE:
            first = chain.near_start[i]
            pick = below(chain.rng, chain.near_start[i + 1] - first)
            chain.step[i] = chain.near[first + pick]
            i = chain.step[i]
        first, i = count, start
        while chain.parent[i] == OUTSIDE:
            chain.parent[i] = chain.step[i]
            chain.order[count] = i
            count += 1
            i = chain.step[i]
        last = count - 1
        while first < last:  # parents first
            chain.order[first], chain.order[last] = chain.order[last], chain.order[first]
            first += 1
            last -= 1


@kernel
def load_tree(ground: Ground, chain: Chain, a: int, b: int, tiles: int, count: int) -> None:
    """Draw the tile each landless unit rides on, and sum what hangs below every tile.

    A landless unit is a leaf that hangs on one of the units it leans on, drawn in proportion to
    its share there.
    """
    n_amounts = ground.amounts.shape[1]
    for i in range(tiles):
        chain.carrier[i] = i
        for q in range(n_amounts):
            chain.load[i, q] = ground.amounts[chain.unit[i], q]
    for i in range(tiles, count):
        u = chain.unit[i]
        inside = 0.0
        for k in range(ground.anchor_start[u], ground.anchor_start[u + 1]):
            home = chain.label[ground.anchor_to[k]]
            if home in (a, b):
                inside += ground.anchor_share[k]
        left = uniform(chain.rng) * inside
        carrier = -1
        for k in range(ground.anchor_start[u], ground.anchor_start[u + 1]):
            v = ground.anchor_to[k]
            if (chain.label[v] == a or chain.label[v] == b) and (carrier < 0 or left >= 0.0):
                carrier = chain.carrier[chain.number[v]]
                left -= ground.anchor_share[k]
        chain.carrier[i] = carrier
        for q in range(n_amounts):
            chain.load[carrier, q] += ground.amounts[u, q]
    for at in range(tiles - 1, 0, -1):
        i = chain.order[at]
        for q in range(n_amounts):
            chain.load[chain.parent[i], q] += chain.load[i, q]


@kernel
def find_cuts(ground: Ground, chain: Chain, tiles: int) -> int:
    """List the tree's edges that leave both sides within every bound; returns their number."""
    found, root = 0, chain.order[0]
    for at in range(1, tiles):
        i = chain.order[at]
        fits = True
        for q in range(ground.amounts.shape[1]):
            below_cut = chain.load[i, q]
            above_cut = chain.load[root, q] - below_cut
            fits = fits and min(below_cut, above_cut) >= ground.low[q] - EPSILON
            fits = fits and max(below_cut, above_cut) <= ground.high[q] + EPSILON
        if fits:
            chain.cuts[found] = i
            found += 1
    return found


@kernel
def most_cuts(ground: Ground, chain: Chain, tiles: int, count: int) -> int:
    """Bound the number of edges of any tree of this merger that :func:`find_cuts` may list.

    Depends on the merged units alone, not on how they are divided. Let ``T`` be the total of an
    amount and ``L`` the least a side may have. Edges with ``L`` on both sides form a subtree, and
    beyond each of its ``l`` leaves hangs at least ``L``, so ``l <= T / L`` and its other tiles
    have at most ``T - 2 L`` together. With ``m`` the most tiles that have no more than that, it
    has at most ``m + l`` tiles, one edge fewer.
    """
    fewest = tiles - 1
    for q in range(ground.amounts.shape[1]):
        total = 0.0
        for i in range(count):
            total += ground.amounts[chain.unit[i], q]
        least = max(ground.low[q], total - ground.high[q]) - EPSILON
        room = total - 2.0 * least
        if room < 0.0:
            return 0
        if least <= 0.0:
            continue
        for i in range(tiles):
            amount, at = ground.amounts[chain.unit[i], q], i
            while at > 0 and chain.sorted[at - 1] > amount:
                chain.sorted[at] = chain.sorted[at - 1]
                at -= 1
            chain.sorted[at] = amount
        inner = 0
        while inner < tiles and chain.sorted[inner] <= room:
            room -= chain.sorted[inner]
            inner += 1
        fewest = min(fewest, inner + math.floor(total / least) - 1)
    return fewest
