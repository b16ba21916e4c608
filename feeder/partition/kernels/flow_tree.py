"""A random tree over the tiles of two communities, and the edge to cut it at.

Tiles that feed one another, or the same next school, are joined early, so that families of
schools hang on one branch; among the cuts those that lose little are the likelier.
"""

from __future__ import annotations

import math

from feeder.partition.kernels.arrays import IntArray, ProblemArrays, State
from feeder.partition.kernels.compiler import kernel
from feeder.partition.kernels.constraints import TOTAL_PENALTY
from feeder.partition.kernels.rng import uniform

TINY = 1e-300
"""Keeps a logarithm finite."""


@kernel
def random_tree(
    arrays: ProblemArrays,
    state: State,
    a: int,
    b: int,
    root: int,
    order: IntArray,
    parent: IntArray,
) -> int:
    """Grow a random spanning tree over the tiles of ``a`` and ``b``.

    The spanning tree of least weight where each contact weighs an exponential draw, divided by
    its pull (Prim 1957). ``order`` receives the tiles as they join and ``parent`` each one's
    place in ``order``; returns their number. The tiles keep the stamp of this search.
    """
    state.clock[0] += 1
    seen = state.clock[0]
    tile, up, key = state.scratch[0], state.scratch[1], state.keys
    tile[0], up[0], key[0] = root, -1, 0.0
    waiting, count = 1, 0
    while waiting > 0:
        pick = 0
        for i in range(1, waiting):
            if key[i] < key[pick]:
                pick = i
        u, above = tile[pick], up[pick]
        waiting -= 1
        tile[pick], up[pick], key[pick] = tile[waiting], up[waiting], key[waiting]
        if state.stamp[u] == seen:
            continue
        state.stamp[u] = seen
        order[count], parent[count] = u, above
        for k in range(arrays.land_start[u], arrays.land_start[u + 1]):
            v = arrays.land_to[k]
            if (state.label[v] == a or state.label[v] == b) and state.stamp[v] != seen:
                tile[waiting], up[waiting] = v, count
                key[waiting] = -math.log(1.0 - uniform(state.rng)) / arrays.land_pull[k]
                waiting += 1
        count += 1
    return count


@kernel
def find_places(
    arrays: ProblemArrays, state: State, units: IntArray, size: int, order: IntArray, count: int
) -> None:
    """Note in ``scratch[0]`` where in the tree each unit of the pair hangs.

    A landless unit hangs on the tile it leans on most; -1 where that is outside the tree.
    """
    place = state.scratch[0]
    for i in range(size):
        place[units[i]] = -1
    for i in range(count):
        place[order[i]] = i
    for _ in range(2):  # a landless unit may lean on a landless one
        for i in range(size):
            u = units[i]
            if arrays.landed[u] or place[u] >= 0:
                continue
            most = 0.0
            for k in range(arrays.anchor_start[u], arrays.anchor_start[u + 1]):
                v = arrays.anchor_to[k]
                if not _in_pair(state, v, units, size) or place[v] < 0:
                    continue
                if arrays.anchor_share[k] > most:
                    most = arrays.anchor_share[k]
                    place[u] = place[v]


@kernel
def _in_pair(state: State, v: int, units: IntArray, size: int) -> bool:
    """Whether ``v`` belongs to the two communities whose units are listed."""
    return state.label[v] == state.label[units[0]] or state.label[v] == state.label[units[size - 1]]


@kernel
def side_penalty(arrays: ProblemArrays, schools: float, total: float) -> float:
    """Distance of one side of a cut from its bounds on schools and enrollment."""
    penalty = 0.0
    if schools > arrays.schools_high:
        penalty += schools - arrays.schools_high
    elif schools < arrays.schools_low:
        penalty += arrays.schools_low - schools
    if total > arrays.totals_high[0]:
        penalty += (total - arrays.totals_high[0]) / arrays.total_unit[0] + TOTAL_PENALTY
    elif total < arrays.totals_low[0]:
        penalty += (arrays.totals_low[0] - total) / arrays.total_unit[0] + TOTAL_PENALTY
    return penalty


@kernel
def weigh_cuts(
    arrays: ProblemArrays, state: State, units: IntArray, size: int, parent: IntArray, count: int
) -> None:
    """Reckon for all edges at once what their cut loses and what hangs below them.

    ``sums`` receives, for the edge above each place of the tree, the worth of the flows that
    cross its cut, and the schools and the enrollment below it. A flow is entered at both of its
    ends and taken off twice where their branches meet: what is left below an edge crosses it.
    """
    place, cross = state.scratch[0], state.sums[0]
    schools, total = state.sums[1], state.sums[2]
    for i in range(count):
        cross[i], schools[i], total[i] = 0.0, 0.0, 0.0
    for i in range(size):
        u = units[i]
        x = place[u]
        if x < 0:
            continue
        schools[x] += arrays.schools[u]
        total[x] += arrays.totals[0, u]
        for k in range(arrays.flow_start[u], arrays.flow_start[u + 1]):
            v = arrays.flow_to[k]
            if v > u or not _in_pair(state, v, units, size) or place[v] < 0:
                continue
            worth = arrays.flow_gain * arrays.flow_students[k]
            y = place[v]
            cross[x] += worth
            cross[y] += worth
            meet = x
            while meet != y:
                if meet > y:
                    meet = parent[meet]
                else:
                    y = parent[y]
            cross[meet] -= 2.0 * worth
    for i in range(count - 1, 0, -1):
        above = parent[i]
        cross[above] += cross[i]
        schools[above] += schools[i]
        total[above] += total[i]


@kernel
def draw_cut(
    arrays: ProblemArrays, state: State, count: int, temperature: float, weight: float
) -> int:
    """Draw the edge to cut, each with the weight that the Metropolis rule gives its cost.

    By the Gumbel-max trick (Gumbel 1954).
    Returns the place below the edge; -1 where the tree has none.
    """
    cross, schools, total = state.sums[0], state.sums[1], state.sums[2]
    best, chosen = 0.0, -1
    for i in range(1, count):
        penalty = side_penalty(arrays, schools[i], total[i])
        penalty += side_penalty(arrays, schools[0] - schools[i], total[0] - total[i])
        cost = cross[i] + weight * penalty
        luck = -cost / temperature - math.log(-math.log(uniform(state.rng) + TINY))
        if chosen < 0 or luck > best:
            best, chosen = luck, i
    return chosen
