"""What a partition is worth, objective by objective: the change that one move makes."""

from __future__ import annotations

import math

from feeder.partition.kernels.arrays import ProblemArrays, State
from feeder.partition.kernels.compiler import cold_kernel, kernel
from feeder.partition.kernels.disruption import (
    N_DISRUPTIONS,
    disruption_change,
    keep_disruption,
)
from feeder.partition.kernels.office import keep_offices, office_change


@kernel
def kept_change(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Students kept more once ``u`` moves from ``a`` to ``b``."""
    change = 0.0
    for k in range(arrays.flow_start[u], arrays.flow_start[u + 1]):
        other = state.label[arrays.flow_to[k]]
        if other == b:
            change += arrays.flow_students[k]
        elif other == a:
            change -= arrays.flow_students[k]
    return change


@kernel
def cut_change(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Contacts cut more once ``u`` moves from ``a`` to ``b``."""
    change = 0.0
    for k in range(arrays.land_start[u], arrays.land_start[u + 1]):
        other = state.label[arrays.land_to[k]]
        if other == b:
            change -= 1.0
        elif other == a:
            change += 1.0
    return change


@kernel
def km_between(arrays: ProblemArrays, u: int, v: int) -> float:
    """Kilometres from one unit to another."""
    return math.hypot(arrays.km[u, 0] - arrays.km[v, 0], arrays.km[u, 1] - arrays.km[v, 1])


@kernel
def diameter_with(arrays: ProblemArrays, state: State, c: int, u: int) -> float:
    """Diameter of community ``c`` once campus ``u`` joins."""
    longest = state.diameter[c]
    for i in range(state.size[c]):
        v = state.members[c, i]
        if arrays.schools[v] > 0:
            longest = max(longest, km_between(arrays, u, v))
    return longest


@kernel
def diameter_without(arrays: ProblemArrays, state: State, c: int, u: int) -> float:
    """Diameter of community ``c`` once its campus ``u`` leaves."""
    if state.ends[c, 0] != u and state.ends[c, 1] != u:
        return state.diameter[c]
    longest = 0.0
    for i in range(state.size[c]):
        v = state.members[c, i]
        if v == u or arrays.schools[v] == 0:
            continue
        for j in range(i):
            w = state.members[c, j]
            if w != u and arrays.schools[w] > 0:
                longest = max(longest, km_between(arrays, v, w))
    return longest


@cold_kernel
def diameter_change(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Kilometres by which the largest diameter grows once ``u`` moves from ``a`` to ``b``."""
    if arrays.schools[u] == 0:
        return 0.0
    before, after = 0.0, 0.0
    for c in range(len(state.diameter)):
        before = max(before, state.diameter[c])
        if c != a and c != b:
            after = max(after, state.diameter[c])
    after = max(after, diameter_with(arrays, state, b, u))
    if after < before:  # only then does it matter what is left behind
        after = max(after, diameter_without(arrays, state, a, u))
    return after - before


@cold_kernel
def deviation_change(arrays: ProblemArrays, state: State, q: int, u: int, a: int, b: int) -> float:
    """Growth of the largest deviation of total ``q``, as a share of the mean."""
    before, after = 0.0, 0.0
    for c in range(state.totals.shape[1]):
        total = state.totals[q, c]
        before = max(before, abs(total - arrays.total_mean[q]))
        if c == a:
            total -= arrays.totals[q, u]
        elif c == b:
            total += arrays.totals[q, u]
        after = max(after, abs(total - arrays.total_mean[q]))
    return (after - before) / arrays.total_mean[q]


@kernel
def move_worth(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Objective gained by moving ``u`` from ``a`` to ``b``, constraints aside."""
    worth = arrays.flow_gain * kept_change(arrays, state, u, a, b)
    worth -= arrays.cut_cost * cut_change(arrays, state, u, a, b)
    if arrays.diameter_cost > 0.0:
        worth -= arrays.diameter_cost * diameter_change(arrays, state, u, a, b)
    for q in range(arrays.totals.shape[0]):
        if arrays.deviation_cost[q] > 0.0:
            worth -= arrays.deviation_cost[q] * deviation_change(arrays, state, q, u, a, b)
    if arrays.office_cost > 0.0:
        worth -= arrays.office_cost * office_change(arrays, state, u, a, b)
    for q in range(N_DISRUPTIONS if arrays.counts_disruption else 0):
        if arrays.disruption_cost[q] > 0.0:
            worth -= arrays.disruption_cost[q] * disruption_change(arrays, state, q, u, a, b)
    return worth


@cold_kernel
def count_diameter(arrays: ProblemArrays, state: State, c: int) -> None:
    """Find the diameter of community ``c`` and its ends anew."""
    state.diameter[c] = 0.0
    state.ends[c, 0], state.ends[c, 1] = -1, -1
    for i in range(state.size[c]):
        v = state.members[c, i]
        if arrays.schools[v] == 0:
            continue
        for j in range(i):
            w = state.members[c, j]
            if arrays.schools[w] > 0 and km_between(arrays, v, w) > state.diameter[c]:
                state.diameter[c] = km_between(arrays, v, w)
                state.ends[c, 0], state.ends[c, 1] = v, w


@cold_kernel
def keep_diameters(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> None:
    """Bring the diameters of ``a``, which campus ``u`` has left, and ``b`` up to date."""
    if state.ends[a, 0] == u or state.ends[a, 1] == u:
        count_diameter(arrays, state, a)
    for i in range(state.size[b]):
        v = state.members[b, i]
        if arrays.schools[v] > 0 and km_between(arrays, u, v) > state.diameter[b]:
            state.diameter[b] = km_between(arrays, u, v)
            state.ends[b, 0], state.ends[b, 1] = u, v


@kernel
def keep_objectives(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> None:
    """Bring what the objectives count up to date once ``u`` has moved from ``a`` to ``b``."""
    keep_disruption(arrays, state, u, a, b)
    if arrays.counts_offices:
        keep_offices(arrays, state, u, a, b)
    if arrays.diameter_cost > 0.0 and arrays.schools[u] > 0:
        keep_diameters(arrays, state, u, a, b)


@cold_kernel
def overall_cost(arrays: ProblemArrays, state: State) -> float:
    """Cost of the objectives that no single community bears: all but flows and contacts."""
    cost = 0.0
    if arrays.diameter_cost > 0.0:
        longest = 0.0
        for c in range(len(state.diameter)):
            longest = max(longest, state.diameter[c])
        cost += arrays.diameter_cost * longest
    for q in range(arrays.totals.shape[0]):
        if arrays.deviation_cost[q] > 0.0:
            farthest = 0.0
            for c in range(state.totals.shape[1]):
                farthest = max(farthest, abs(state.totals[q, c] - arrays.total_mean[q]))
            cost += arrays.deviation_cost[q] * farthest / arrays.total_mean[q]
    if arrays.office_cost > 0.0:
        for c in range(len(state.size)):
            cost += arrays.office_cost * state.office[c, 1]
    for q in range(N_DISRUPTIONS):
        if arrays.disruption_cost[q] > 0.0:
            cost += arrays.disruption_cost[q] * state.spent[q]
    return cost
