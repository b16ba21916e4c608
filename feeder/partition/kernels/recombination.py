"""ReCom and reversible ReCom: merge two neighboring communities and split them anew.

Both draw a contact between two tiles; where it is cut, its two communities are merged, and a
uniform spanning tree of the merged tiles is cut at an edge that leaves both sides within bounds.
Landless units hang on the tree as leaves, on a unit they lean on, and go where the cut takes it.
A split that breaks any other constraint is refused.

*Reversible ReCom* leaves one distribution as it is: plans that keep every constraint, each as
likely as the product over its communities of their numbers of spanning trees, and over its landless
units of their shares on their own community. From plan ``x`` to ``y`` by a merger of two
communities the chance is ``seam(x) * trees(y) * seam(y) / (contacts * trees(merger) * slots)``:
the contact drawn is in the seam; a tree of the merger is a tree of each side and one contact of
their seam; ``slots`` bounds the number of edges to choose from, so that each is chosen with the
same chance whatever their number. Times ``trees(x)`` this is the same in both directions.
Cannon, Duchin, Randall and Rule (2022) draw the pair evenly and keep a split with the chance
``1 / seam(y)``; to draw the contact instead serves the same target without that refusal. A
``pull`` multiplies the target by ``exp(pull * gain)``, by the Metropolis rule, ``gain`` being what
flow kept and contacts cut add to the objective.

*ReCom* (DeFord, Duchin and Solomon 2021) draws trees until one has such an edge, then draws one
of its edges evenly. Every step divides two communities anew; there is no target that could be
written down.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from feeder.partition.kernels.chains import Chain, Ground
from feeder.partition.kernels.compiler import entry, kernel
from feeder.partition.kernels.constraints import EPSILON
from feeder.partition.kernels.moves import is_anchored
from feeder.partition.kernels.rng import below, uniform
from feeder.partition.kernels.uniform_tree import (
    ROOT,
    draw_tree,
    find_cuts,
    load_tree,
    merge,
    most_cuts,
)

MOST_TREES = 100
"""Trees that ReCom draws for one merger before it takes another."""


@kernel
def draw_pair(ground: Ground, chain: Chain) -> tuple[int, int]:
    """Draw a contact; returns its communities, or one twice where they may not merge."""
    contacts = len(ground.land_to)
    if contacts == 0:
        return 0, 0
    k = below(chain.rng, contacts)
    a, b = chain.label[ground.land_from[k]], chain.label[ground.land_to[k]]
    return (a, b) if ground.community_zone[a] == ground.community_zone[b] else (a, a)


@kernel
def split(chain: Chain, cut: int, tiles: int, count: int) -> None:
    """Put every unit of the merger on the side that the cut leaves it."""
    for at in range(tiles):
        i = chain.order[at]
        up = chain.parent[i]
        chain.side[i] = 1 if i == cut or (up != ROOT and chain.side[up] == 1) else 0
    for i in range(tiles, count):
        chain.side[i] = chain.side[chain.carrier[i]]


@kernel
def keeps_constraints(ground: Ground, chain: Chain, a: int, b: int, count: int) -> bool:
    """Whether both sides, 0 as ``a`` and 1 as ``b``, keep what the bounds do not tell.

    That is: every grade and its seats, locks, pairs, and landless units anchored.
    """
    served_a, served_b = 0, 0
    for i in range(count):
        u, side = chain.unit[i], chain.side[i]
        home = b if side == 1 else a
        if side == 1:
            served_b |= ground.grades[u]
        else:
            served_a |= ground.grades[u]
        if ground.locked[u] >= 0 and ground.locked[u] != home:
            return False
        for k in range(ground.pair_start[u], ground.pair_start[u + 1]):
            v = ground.pair_to[k]
            if chain.label[v] == a or chain.label[v] == b:
                together = chain.side[chain.number[v]] == side
            else:
                together = chain.label[v] == home
            if together != (ground.pair_sign[k] > 0.0):
                return False
        if ground.rank[u] > 0:
            share = 0.0
            for k in range(ground.anchor_start[u], ground.anchor_start[u + 1]):
                v = ground.anchor_to[k]
                if chain.label[v] == a or chain.label[v] == b:
                    share += ground.anchor_share[k] if chain.side[chain.number[v]] == side else 0.0
            if not is_anchored(share):
                return False
    if served_a & served_b & ground.required != ground.required:
        return False
    for q in range(len(ground.fewest)):
        on_a, on_b = 0.0, 0.0
        for i in range(count):
            seats = ground.seats[chain.unit[i], q]
            if chain.side[i] == 1:
                on_b += seats
            else:
                on_a += seats
        if min(on_a, on_b) < ground.fewest[q] - EPSILON:
            return False
    return True


@kernel
def settle(chain: Chain, a: int, b: int, count: int) -> None:
    """Make the split the chain's plan."""
    chain.size[a], chain.size[b] = 0, 0
    for i in range(count):
        u, home = chain.unit[i], b if chain.side[i] == 1 else a
        chain.label[u] = home
        chain.members[home, chain.size[home]] = u
        chain.size[home] += 1
    chain.tally[2] += 1


@kernel
def gain(ground: Ground, chain: Chain, a: int, b: int, tiles: int, count: int) -> float:
    """Return what flow kept and contacts cut add to the objective, in flows of a typical unit."""
    gained = 0.0
    for i in range(count):
        u = chain.unit[i]
        for k in range(ground.flow_start[u], ground.flow_start[u + 1]):
            v = ground.flow_to[k]
            if chain.label[v] == a or chain.label[v] == b:
                kept = chain.side[chain.number[v]] == chain.side[i]
                was_kept = chain.label[v] == chain.label[u]
                # Every flow and contact is seen from both its ends.
                gained += 0.5 * ground.flow_gain * ground.flow_students[k] * (kept - was_kept)
    for i in range(tiles):
        for k in range(chain.near_start[i], chain.near_start[i + 1]):
            j = chain.near[k]
            whole = chain.side[i] == chain.side[j]
            was_whole = chain.label[chain.unit[i]] == chain.label[chain.unit[j]]
            gained += 0.5 * ground.cut_cost * (whole - was_whole)
    return gained


@kernel
def finish(
    ground: Ground, chain: Chain, a: int, b: int, cut: int, tiles: int, count: int, pull: float
) -> bool:
    """Split at a cut, name the sides evenly, and keep the split where it keeps every constraint.

    With ``pull`` a split that loses flow or cuts more contacts is kept by the Metropolis rule.
    """
    if below(chain.rng, 2) == 1:
        a, b = b, a
    split(chain, cut, tiles, count)
    if not keeps_constraints(ground, chain, a, b, count):
        return False
    if pull > 0.0:
        lost = -pull * gain(ground, chain, a, b, tiles, count)
        if lost > 0.0 and uniform(chain.rng) >= math.exp(-lost):
            return False
    settle(chain, a, b, count)
    return True


@kernel
def try_reversible(ground: Ground, chain: Chain, pull: float) -> None:
    """Take one step of reversible ReCom; it may stay where it is."""
    chain.tally[0] += 1
    a, b = draw_pair(ground, chain)
    if a == b:
        return
    tiles, count = merge(ground, chain, a, b)
    slots = most_cuts(ground, chain, tiles, count)
    if slots == 0:
        return
    slot = below(chain.rng, slots)
    draw_tree(chain, tiles)
    load_tree(ground, chain, a, b, tiles, count)
    chain.tally[1] += 1
    if slot < find_cuts(ground, chain, tiles):
        finish(ground, chain, a, b, chain.cuts[slot], tiles, count, pull)


@kernel
def try_recom(ground: Ground, chain: Chain) -> bool:
    """Propose one step of ReCom; returns whether it was taken."""
    chain.tally[0] += 1
    a, b = draw_pair(ground, chain)
    if a == b:
        return False
    tiles, count = merge(ground, chain, a, b)
    for _ in range(MOST_TREES):
        draw_tree(chain, tiles)
        load_tree(ground, chain, a, b, tiles, count)
        chain.tally[1] += 1
        found = find_cuts(ground, chain, tiles)
        if found > 0:
            cut = chain.cuts[below(chain.rng, found)]
            return finish(ground, chain, a, b, cut, tiles, count, 0.0)
    return False


@entry
def walk_reversible(
    ground: Ground, chain: Chain, every: int, pull: float, plans: npt.NDArray[np.int16]
) -> int:
    """Fill the rows of ``plans``, one every ``every`` steps; returns the rows filled.

    Reversible ReCom (Cannon, Duchin, Randall and Rule 2022).
    """
    for row in range(plans.shape[0]):
        for _ in range(every):
            try_reversible(ground, chain, pull)
        plans[row] = chain.label
    return plans.shape[0]


@entry
def walk_recom(
    ground: Ground, chain: Chain, every: int, patience: int, plans: npt.NDArray[np.int16]
) -> int:
    """Fill the rows of ``plans``, one every ``every`` steps; returns the rows filled.

    ReCom (DeFord, Duchin and Solomon 2021). Stops where no step is taken in ``patience`` proposals.
    """
    for row in range(plans.shape[0]):
        for _ in range(every):
            left = patience
            while not try_recom(ground, chain):
                left -= 1
                if left == 0:
                    return row
        plans[row] = chain.label
    return plans.shape[0]
