"""Merge two neighbouring communities and split them anew along a random spanning tree.

Single moves shift a border tile by tile; a resplit jumps to a different division of the same
land, which single moves would only reach through worse ones.
"""

from __future__ import annotations

from feeder.partition.kernels.arrays import Given, State
from feeder.partition.kernels.compiler import kernel
from feeder.partition.kernels.disruption import budget_penalty
from feeder.partition.kernels.flow_tree import draw_cut, find_places, random_tree, weigh_cuts
from feeder.partition.kernels.limits import lock_penalty
from feeder.partition.kernels.moves import apply_move, is_anchored
from feeder.partition.kernels.objectives import overall_cost
from feeder.partition.kernels.proposals import draw_unit, keeps
from feeder.partition.kernels.rng import below


@kernel
def pair_value(given: Given, state: State, a: int, b: int) -> tuple[float, float]:
    """Worth of what ``a`` and ``b`` bear of the objectives, and their broken limits."""
    worth = -overall_cost(given, state)
    penalty = state.penalty[a] + state.penalty[b]
    if given.counts_disruption:
        penalty += budget_penalty(given, state)
    for c in (a, b):
        for i in range(state.size[c]):
            u = state.members[c, i]
            for k in range(given.flow_start[u], given.flow_start[u + 1]):
                if state.label[given.flow_to[k]] == c:
                    worth += 0.5 * given.flow_gain * given.flow_students[k]
            for k in range(given.land_start[u], given.land_start[u + 1]):
                if state.label[given.land_to[k]] == c:
                    worth += 0.5 * given.cut_cost
            penalty += lock_penalty(given, u, c)
            for k in range(given.tie_start[u], given.tie_start[u + 1]):
                cost = given.tie_cost[k]
                other = state.label[given.tie_to[k]]
                if (other == c) != (cost > 0.0):
                    # Both ends of a tie inside the pair are visited, each bears a half.
                    penalty += abs(cost) * (0.5 if other in (a, b) else 1.0)
    return worth, penalty


@kernel
def place_landless(given: Given, state: State, u: int, a: int, b: int) -> int:
    """Choose the side of a landless unit: anchored, then locked, then by flow; -1: neither."""
    share_a, share_b, flow_a, flow_b = 0.0, 0.0, 0.0, 0.0
    for k in range(given.anchor_start[u], given.anchor_start[u + 1]):
        other = state.label[given.anchor_to[k]]
        if other == a:
            share_a += given.anchor_share[k]
        elif other == b:
            share_b += given.anchor_share[k]
    can_a, can_b = is_anchored(share_a), is_anchored(share_b)
    if not (can_a and can_b):
        return a if can_a else (b if can_b else -1)
    if given.locked[u] == a or given.locked[u] == b:
        return given.locked[u]
    for k in range(given.flow_start[u], given.flow_start[u + 1]):
        v = given.flow_to[k]
        if state.label[v] == a:
            flow_a += given.flow_students[k]
        elif state.label[v] == b:
            flow_b += given.flow_students[k]
    if flow_a == flow_b:
        return a if share_a >= share_b else b
    return a if flow_a > flow_b else b


@kernel
def try_resplit(
    given: Given, state: State, temperature: float, weight: float
) -> tuple[float, float]:
    """Propose one resplit and keep it by the Metropolis rule.

    Returns the objective gained and the penalty eased; both 0 where it was refused.
    """
    root = draw_unit(state)
    if not given.landed[root] or given.land_start[root] == given.land_start[root + 1]:
        return 0.0, 0.0
    pick = below(state.rng, given.land_start[root + 1] - given.land_start[root])
    a, b = state.label[root], state.label[given.land_to[given.land_start[root] + pick]]
    if a == b or not state.open[b] or given.community_zone[a] != given.community_zone[b]:
        return 0.0, 0.0
    size = state.size[a] + state.size[b]
    units, old, side = state.scratch[2], state.scratch[3], state.scratch[4]
    order, parent = state.scratch[5], state.scratch[6]
    for i in range(size):
        inside_a = i < state.size[a]
        units[i] = state.members[a, i] if inside_a else state.members[b, i - state.size[a]]
        old[i] = state.label[units[i]]
    count = random_tree(given, state, a, b, root, order, parent)
    find_places(given, state, units, size, order, count)
    weigh_cuts(given, state, units, size, parent, count)
    cut = draw_cut(given, state, count, temperature, weight)
    if cut < 0:
        return 0.0, 0.0
    overlap = 0
    for i in range(count):
        side[i] = 1 if i == cut or (i > cut and side[parent[i]] == 1) else 0
        stake = 1 if given.locked[order[i]] < 0 else count
        overlap += stake if (side[i] == 1) == (state.label[order[i]] == b) else -stake
    # The new sides keep the names their locks ask for, or those they share most tiles with.
    first, second = (a, b) if overlap >= 0 else (b, a)
    worth_before, penalty_before = pair_value(given, state, a, b)
    for i in range(count):
        to = second if side[i] == 1 else first
        if state.label[order[i]] != to:
            apply_move(given, state, order[i], to)
    for _ in range(2):  # landless units that feed one another settle in a second look
        for i in range(size):
            if given.landed[units[i]]:
                continue
            to = place_landless(given, state, units[i], a, b)
            if to >= 0 and to != state.label[units[i]]:
                apply_move(given, state, units[i], to)
    stranded = False
    for i in range(size):
        if not given.landed[units[i]] and not is_anchored(state.anchored[units[i]]):
            stranded = True
    worth_after, penalty_after = pair_value(given, state, a, b)
    gained, eased = worth_after - worth_before, penalty_before - penalty_after
    energy = -gained - weight * eased
    if stranded or not keeps(state, energy, temperature):
        for i in range(size):
            if state.label[units[i]] != old[i]:
                apply_move(given, state, units[i], old[i])
        return 0.0, 0.0
    return gained, eased
