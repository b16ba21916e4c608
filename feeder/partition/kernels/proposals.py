"""What the search proposes, one unit or two at a time; the land stays whole at every step.

Every proposal draws, judges by the Metropolis rule and, where it is kept, is done. It returns the
objective gained and the penalty eased; both 0 where it was refused.
"""

from __future__ import annotations

import math

from feeder.partition.kernels.arrays import ProblemArrays, State
from feeder.partition.kernels.compiler import kernel
from feeder.partition.kernels.constraints import constraint_change
from feeder.partition.kernels.moves import (
    apply_move,
    holds_without,
    is_anchored,
    pins,
    touches,
)
from feeder.partition.kernels.objectives import move_worth
from feeder.partition.kernels.rng import below, uniform


@kernel
def keeps(state: State, energy: float, temperature: float) -> bool:
    """Judge a change that costs ``energy`` by the Metropolis rule (Metropolis and others 1953)."""
    return energy <= 0 or uniform(state.rng) < math.exp(-energy / temperature)


@kernel
def may_join(arrays: ProblemArrays, state: State, u: int, c: int) -> bool:
    """Whether community ``c`` is under search and its zone open to ``u``."""
    return state.open[c] and (
        arrays.unit_zone[u] < 0 or arrays.unit_zone[u] == arrays.community_zone[c]
    )


@kernel
def draw_unit(state: State) -> int:
    """Draw a unit of the communities under search."""
    return state.window[below(state.rng, state.n_window[0])]


@kernel
def propose_community(arrays: ProblemArrays, state: State, u: int) -> int:
    """Draw a community next to ``u``: that of a random neighbouring tile; -1 where it is no other.

    A landless unit must be anchored there.
    """
    if arrays.landed[u]:
        first, last = arrays.land_start[u], arrays.land_start[u + 1]
        if first == last:
            return -1
        b = state.label[arrays.land_to[first + below(state.rng, last - first)]]
    else:
        first, last = arrays.anchor_start[u], arrays.anchor_start[u + 1]
        if first == last:
            return -1
        b = state.label[arrays.anchor_to[first + below(state.rng, last - first)]]
    if b == state.label[u] or not may_join(arrays, state, u, b):
        return -1
    return b if arrays.landed[u] or touches(arrays, state, u, b) else -1


@kernel
def try_move(
    arrays: ProblemArrays, state: State, temperature: float, weight: float
) -> tuple[float, float]:
    """Propose to move one unit, with the landless units that only it anchors, and so on."""
    u = draw_unit(state)
    a = state.label[u]
    b = propose_community(arrays, state, u)
    if b < 0:
        return 0.0, 0.0
    worth = move_worth(arrays, state, u, a, b)
    change = constraint_change(arrays, state, u, a, b)
    if not pins(arrays, state, u, a):
        if keeps(state, weight * change - worth, temperature) and holds_without(
            arrays, state, u, a
        ):
            apply_move(arrays, state, u, b)
            return worth, -change
        return 0.0, 0.0
    if not holds_without(arrays, state, u, a):
        return 0.0, 0.0
    moved = state.scratch[0]
    moved[0], count, seen, whole = u, 1, 0, True
    apply_move(arrays, state, u, b)
    while whole and seen < count:
        v = moved[seen]
        seen += 1
        for k in range(arrays.dependent_start[v], arrays.dependent_start[v + 1]):
            w = arrays.dependent_to[k]
            if state.label[w] != a or is_anchored(state.anchored[w]):
                continue
            if not may_join(arrays, state, w, b) or not touches(arrays, state, w, b):
                whole = False
                break
            worth += move_worth(arrays, state, w, a, b)
            change += constraint_change(arrays, state, w, a, b)
            apply_move(arrays, state, w, b)
            moved[count] = w
            count += 1
    if whole and keeps(state, weight * change - worth, temperature):
        return worth, -change
    for i in range(count - 1, -1, -1):
        apply_move(arrays, state, moved[i], a)
    return 0.0, 0.0


@kernel
def try_swap(
    arrays: ProblemArrays, state: State, temperature: float, weight: float
) -> tuple[float, float]:
    """Propose to exchange a unit with one of a neighbouring community."""
    u = draw_unit(state)
    a = state.label[u]
    b = propose_community(arrays, state, u)
    if b < 0:
        return 0.0, 0.0
    w = state.members[b, below(state.rng, state.size[b])]
    if not may_join(arrays, state, w, a) or not touches(arrays, state, w, a):
        return 0.0, 0.0
    if pins(arrays, state, u, a) or not holds_without(arrays, state, u, a):
        return 0.0, 0.0
    worth = move_worth(arrays, state, u, a, b)
    change = constraint_change(arrays, state, u, a, b)
    apply_move(arrays, state, u, b)
    worth += move_worth(arrays, state, w, b, a)
    change += constraint_change(arrays, state, w, b, a)
    if (
        keeps(state, weight * change - worth, temperature)
        and touches(arrays, state, w, a)
        and not pins(arrays, state, w, b)
        and holds_without(arrays, state, w, b)
    ):
        apply_move(arrays, state, w, a)
        return worth, -change
    apply_move(arrays, state, u, a)
    return 0.0, 0.0
