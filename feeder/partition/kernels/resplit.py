"""Merge two neighbouring communities and split them anew along a random spanning tree.

Single moves shift a border tile by tile; a resplit jumps to a different division of the same
land, which single moves would only reach through worse ones.
"""

from __future__ import annotations

from feeder.partition.kernels.arrays import ProblemArrays, State
from feeder.partition.kernels.compiler import kernel
from feeder.partition.kernels.constraints import lock_penalty
from feeder.partition.kernels.disruption import budget_penalty
from feeder.partition.kernels.flow_tree import draw_cut, find_places, random_tree, weigh_cuts
from feeder.partition.kernels.moves import apply_move, is_anchored
from feeder.partition.kernels.objectives import overall_cost
from feeder.partition.kernels.proposals import draw_unit, keeps
from feeder.partition.kernels.rng import below


@kernel
def pair_value(arrays: ProblemArrays, state: State, a: int, b: int) -> tuple[float, float]:
    """Worth of what ``a`` and ``b`` bear of the objectives, and their broken constraints."""
    worth = -overall_cost(arrays, state)
    penalty = state.penalty[a] + state.penalty[b]
    if arrays.counts_disruption:
        penalty += budget_penalty(arrays, state)
    for c in (a, b):
        for i in range(state.size[c]):
            u = state.members[c, i]
            for k in range(arrays.flow_start[u], arrays.flow_start[u + 1]):
                if state.label[arrays.flow_to[k]] == c:
                    worth += 0.5 * arrays.flow_gain * arrays.flow_students[k]
            for k in range(arrays.land_start[u], arrays.land_start[u + 1]):
                if state.label[arrays.land_to[k]] == c:
                    worth += 0.5 * arrays.cut_cost
            penalty += lock_penalty(arrays, u, c)
            for k in range(arrays.pair_start[u], arrays.pair_start[u + 1]):
                cost = arrays.pair_cost[k]
                other = state.label[arrays.pair_to[k]]
                if (other == c) != (cost > 0.0):
                    # Both ends of a pair inside the two communities are visited, each bears a half.
                    penalty += abs(cost) * (0.5 if other in (a, b) else 1.0)
    return worth, penalty


@kernel
def place_landless(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> int:
    """Choose the side of a landless unit: anchored, then locked, then by flow; -1: neither."""
    share_a, share_b, flow_a, flow_b = 0.0, 0.0, 0.0, 0.0
    for k in range(arrays.anchor_start[u], arrays.anchor_start[u + 1]):
        other = state.label[arrays.anchor_to[k]]
        if other == a:
            share_a += arrays.anchor_share[k]
        elif other == b:
            share_b += arrays.anchor_share[k]
    can_a, can_b = is_anchored(share_a), is_anchored(share_b)
    if not (can_a and can_b):
        return a if can_a else (b if can_b else -1)
    if arrays.locked[u] == a or arrays.locked[u] == b:
        return arrays.locked[u]
    for k in range(arrays.flow_start[u], arrays.flow_start[u + 1]):
        v = arrays.flow_to[k]
        if state.label[v] == a:
            flow_a += arrays.flow_students[k]
        elif state.label[v] == b:
            flow_b += arrays.flow_students[k]
    if flow_a == flow_b:
        return a if share_a >= share_b else b
    return a if flow_a > flow_b else b


@kernel
def try_resplit(
    arrays: ProblemArrays, state: State, temperature: float, weight: float
) -> tuple[float, float]:
    """Propose one resplit and keep it by the Metropolis rule.

    The merger and split of ReCom (DeFord, Duchin and Solomon 2021), under another tree and rule.
    Returns the objective gained and the penalty eased; both 0 where it was refused.
    """
    root = draw_unit(state)
    if not arrays.landed[root] or arrays.land_start[root] == arrays.land_start[root + 1]:
        return 0.0, 0.0
    pick = below(state.rng, arrays.land_start[root + 1] - arrays.land_start[root])
    a, b = state.label[root], state.label[arrays.land_to[arrays.land_start[root] + pick]]
    if a == b or not state.open[b] or arrays.community_zone[a] != arrays.community_zone[b]:
        return 0.0, 0.0
    size = state.size[a] + state.size[b]
    units, old, side = state.scratch[2], state.scratch[3], state.scratch[4]
    order, parent = state.scratch[5], state.scratch[6]
    for i in range(size):
        inside_a = i < state.size[a]
        units[i] = state.members[a, i] if inside_a else state.members[b, i - state.size[a]]
        old[i] = state.label[units[i]]
    count = random_tree(arrays, state, a, b, root, order, parent)
    find_places(arrays, state, units, size, order, count)
    weigh_cuts(arrays, state, units, size, parent, count)
    cut = draw_cut(arrays, state, count, temperature, weight)
    if cut < 0:
        return 0.0, 0.0
    overlap = 0
    for i in range(count):
        side[i] = 1 if i == cut or (i > cut and side[parent[i]] == 1) else 0
        stake = 1 if arrays.locked[order[i]] < 0 else count
        overlap += stake if (side[i] == 1) == (state.label[order[i]] == b) else -stake
    # The new sides keep the names their locks ask for, or those they share most tiles with.
    first, second = (a, b) if overlap >= 0 else (b, a)
    worth_before, penalty_before = pair_value(arrays, state, a, b)
    for i in range(count):
        to = second if side[i] == 1 else first
        if state.label[order[i]] != to:
            apply_move(arrays, state, order[i], to)
    for _ in range(2):  # landless units that feed one another settle in a second look
        for i in range(size):
            if arrays.landed[units[i]]:
                continue
            to = place_landless(arrays, state, units[i], a, b)
            if to >= 0 and to != state.label[units[i]]:
                apply_move(arrays, state, units[i], to)
    stranded = False
    for i in range(size):
        if not arrays.landed[units[i]] and not is_anchored(state.anchored[units[i]]):
            stranded = True
    worth_after, penalty_after = pair_value(arrays, state, a, b)
    gained, eased = worth_after - worth_before, penalty_before - penalty_after
    energy = -gained - weight * eased
    if stranded or not keeps(state, energy, temperature):
        for i in range(size):
            if state.label[units[i]] != old[i]:
                apply_move(arrays, state, units[i], old[i])
        return 0.0, 0.0
    return gained, eased
