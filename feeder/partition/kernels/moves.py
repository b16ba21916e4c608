"""Moving one unit: whether it may, whether the land stays whole, and doing it."""

from __future__ import annotations

from feeder.partition.kernels.arrays import STAYS, ProblemArrays, State
from feeder.partition.kernels.compiler import kernel
from feeder.partition.kernels.constraints import EPSILON, N_GRADES, penalty_with
from feeder.partition.kernels.objectives import keep_objectives

MIN_ANCHOR = 0.1


@kernel
def is_anchored(share: float) -> bool:
    """Whether a landless unit with this share of its area on its community is anchored."""
    return share >= MIN_ANCHOR - EPSILON


@kernel
def touches(arrays: ProblemArrays, state: State, u: int, b: int) -> bool:
    """Whether ``u`` would be part of the land of community ``b``, or anchored on it."""
    if arrays.landed[u]:
        for k in range(arrays.land_start[u], arrays.land_start[u + 1]):
            if state.label[arrays.land_to[k]] == b:
                return True
        return False
    share = 0.0
    for k in range(arrays.anchor_start[u], arrays.anchor_start[u + 1]):
        if state.label[arrays.anchor_to[k]] == b:
            share += arrays.anchor_share[k]
    return is_anchored(share)


@kernel
def pins(arrays: ProblemArrays, state: State, u: int, a: int) -> bool:
    """Whether some landless unit of ``a`` would lose its anchor there without ``u``."""
    for k in range(arrays.dependent_start[u], arrays.dependent_start[u + 1]):
        w = arrays.dependent_to[k]
        if state.label[w] == a and not is_anchored(state.anchored[w] - arrays.dependent_share[k]):
            return True
    return False


@kernel
def holds_without(arrays: ProblemArrays, state: State, u: int, a: int) -> bool:
    """Whether community ``a`` keeps some land, and keeps it whole, without ``u``.

    The land is searched from one neighbour of ``u`` until all its other neighbours in ``a`` are
    reached, which is mostly a matter of a few tiles. A tile cut off from the rest of its community
    may always leave: that is how a start in pieces mends.
    """
    if not arrays.landed[u]:
        return True
    if state.tiles[a] <= 1:
        return False
    state.clock[0] += 1
    wanted = state.clock[0]
    missing = 0
    first = -1
    for k in range(arrays.land_start[u], arrays.land_start[u + 1]):
        v = arrays.land_to[k]
        if state.label[v] == a:
            state.stamp[v] = wanted
            missing += 1
            first = v
    if missing <= 1:
        return True
    state.clock[0] += 1
    seen = state.clock[0]
    state.stamp[u] = seen
    state.stamp[first] = seen
    missing -= 1
    state.queue[0] = first
    head, tail = 0, 1
    while head < tail:
        v = state.queue[head]
        head += 1
        for k in range(arrays.land_start[v], arrays.land_start[v + 1]):
            w = arrays.land_to[k]
            if state.label[w] != a or state.stamp[w] == seen:
                continue
            if state.stamp[w] == wanted:
                missing -= 1
                if missing == 0:
                    return True
            state.stamp[w] = seen
            state.queue[tail] = w
            tail += 1
    return False


@kernel
def apply_move(arrays: ProblemArrays, state: State, u: int, b: int) -> None:
    """Move ``u`` to community ``b`` and bring every tally up to date."""
    a = state.label[u]
    last = state.members[a, state.size[a] - 1]
    state.members[a, state.place[u]] = last
    state.place[last] = state.place[u]
    state.size[a] -= 1
    state.members[b, state.size[b]] = u
    state.place[u] = state.size[b]
    state.size[b] += 1
    state.label[u] = b
    state.schools[a] -= arrays.schools[u]
    state.schools[b] += arrays.schools[u]
    state.tiles[a] -= arrays.landed[u]
    state.tiles[b] += arrays.landed[u]
    for q in range(arrays.totals.shape[0]):
        state.totals[q, a] -= arrays.totals[q, u]
        state.totals[q, b] += arrays.totals[q, u]
    for g in range(N_GRADES):
        bit = (arrays.grades[u] >> g) & 1
        state.serving[a, g] -= bit
        state.serving[b, g] += bit
    for k in range(arrays.dependent_start[u], arrays.dependent_start[u + 1]):
        w = arrays.dependent_to[k]
        if state.label[w] == a:
            state.anchored[w] -= arrays.dependent_share[k]
        elif state.label[w] == b:
            state.anchored[w] += arrays.dependent_share[k]
    if not arrays.landed[u]:
        share = 0.0
        for k in range(arrays.anchor_start[u], arrays.anchor_start[u + 1]):
            if state.label[arrays.anchor_to[k]] == b:
                share += arrays.anchor_share[k]
        state.anchored[u] = share
    keep_objectives(arrays, state, u, a, b)
    state.penalty[a] = penalty_with(arrays, state, a, u, STAYS)
    state.penalty[b] = penalty_with(arrays, state, b, u, STAYS)
