"""What a partition is worth, objective by objective: the change that one move makes."""

from __future__ import annotations

import math

from feeder.partition.kernels.arrays import Given, State
from feeder.partition.kernels.compiler import aside, kernel
from feeder.partition.kernels.disruption import (
    N_DISRUPTIONS,
    disruption_change,
    keep_disruption,
)
from feeder.partition.kernels.office import keep_offices, office_change


@kernel
def kept_change(given: Given, state: State, u: int, a: int, b: int) -> float:
    """Students kept more once ``u`` moves from ``a`` to ``b``."""
    change = 0.0
    for k in range(given.flow_start[u], given.flow_start[u + 1]):
        other = state.label[given.flow_to[k]]
        if other == b:
            change += given.flow_students[k]
        elif other == a:
            change -= given.flow_students[k]
    return change


@kernel
def cut_change(given: Given, state: State, u: int, a: int, b: int) -> float:
    """Contacts cut more once ``u`` moves from ``a`` to ``b``."""
    change = 0.0
    for k in range(given.land_start[u], given.land_start[u + 1]):
        other = state.label[given.land_to[k]]
        if other == b:
            change -= 1.0
        elif other == a:
            change += 1.0
    return change


@kernel
def km_between(given: Given, u: int, v: int) -> float:
    """Kilometres from one unit to another."""
    return math.hypot(given.km[u, 0] - given.km[v, 0], given.km[u, 1] - given.km[v, 1])


@kernel
def diameter_with(given: Given, state: State, c: int, u: int) -> float:
    """Diameter of community ``c`` once campus ``u`` joins."""
    longest = state.diameter[c]
    for i in range(state.size[c]):
        v = state.members[c, i]
        if given.schools[v] > 0:
            longest = max(longest, km_between(given, u, v))
    return longest


@kernel
def diameter_without(given: Given, state: State, c: int, u: int) -> float:
    """Diameter of community ``c`` once its campus ``u`` leaves."""
    if state.ends[c, 0] != u and state.ends[c, 1] != u:
        return state.diameter[c]
    longest = 0.0
    for i in range(state.size[c]):
        v = state.members[c, i]
        if v == u or given.schools[v] == 0:
            continue
        for j in range(i):
            w = state.members[c, j]
            if w != u and given.schools[w] > 0:
                longest = max(longest, km_between(given, v, w))
    return longest


@aside
def diameter_change(given: Given, state: State, u: int, a: int, b: int) -> float:
    """Kilometres by which the largest diameter grows once ``u`` moves from ``a`` to ``b``."""
    if given.schools[u] == 0:
        return 0.0
    before, after = 0.0, 0.0
    for c in range(len(state.diameter)):
        before = max(before, state.diameter[c])
        if c != a and c != b:
            after = max(after, state.diameter[c])
    after = max(after, diameter_with(given, state, b, u))
    if after < before:  # only then does it matter what is left behind
        after = max(after, diameter_without(given, state, a, u))
    return after - before


@aside
def deviation_change(given: Given, state: State, q: int, u: int, a: int, b: int) -> float:
    """Growth of the largest deviation of total ``q``, as a share of the mean."""
    before, after = 0.0, 0.0
    for c in range(state.totals.shape[1]):
        total = state.totals[q, c]
        before = max(before, abs(total - given.total_mean[q]))
        if c == a:
            total -= given.totals[q, u]
        elif c == b:
            total += given.totals[q, u]
        after = max(after, abs(total - given.total_mean[q]))
    return (after - before) / given.total_mean[q]


@kernel
def move_worth(given: Given, state: State, u: int, a: int, b: int) -> float:
    """Objective gained by moving ``u`` from ``a`` to ``b``, limits aside."""
    worth = given.flow_gain * kept_change(given, state, u, a, b)
    worth -= given.cut_cost * cut_change(given, state, u, a, b)
    if given.diameter_cost > 0.0:
        worth -= given.diameter_cost * diameter_change(given, state, u, a, b)
    for q in range(given.totals.shape[0]):
        if given.deviation_cost[q] > 0.0:
            worth -= given.deviation_cost[q] * deviation_change(given, state, q, u, a, b)
    if given.office_cost > 0.0:
        worth -= given.office_cost * office_change(given, state, u, a, b)
    for q in range(N_DISRUPTIONS if given.counts_disruption else 0):
        if given.disruption_cost[q] > 0.0:
            worth -= given.disruption_cost[q] * disruption_change(given, state, q, u, a, b)
    return worth


@aside
def count_diameter(given: Given, state: State, c: int) -> None:
    """Find the diameter of community ``c`` and its ends anew."""
    state.diameter[c] = 0.0
    state.ends[c, 0], state.ends[c, 1] = -1, -1
    for i in range(state.size[c]):
        v = state.members[c, i]
        if given.schools[v] == 0:
            continue
        for j in range(i):
            w = state.members[c, j]
            if given.schools[w] > 0 and km_between(given, v, w) > state.diameter[c]:
                state.diameter[c] = km_between(given, v, w)
                state.ends[c, 0], state.ends[c, 1] = v, w


@aside
def keep_diameters(given: Given, state: State, u: int, a: int, b: int) -> None:
    """Bring the diameters of ``a``, which campus ``u`` has left, and ``b`` up to date."""
    if state.ends[a, 0] == u or state.ends[a, 1] == u:
        count_diameter(given, state, a)
    for i in range(state.size[b]):
        v = state.members[b, i]
        if given.schools[v] > 0 and km_between(given, u, v) > state.diameter[b]:
            state.diameter[b] = km_between(given, u, v)
            state.ends[b, 0], state.ends[b, 1] = u, v


@kernel
def keep_objectives(given: Given, state: State, u: int, a: int, b: int) -> None:
    """Bring what the objectives count up to date once ``u`` has moved from ``a`` to ``b``."""
    keep_disruption(given, state, u, a, b)
    if given.counts_offices:
        keep_offices(given, state, u, a, b)
    if given.diameter_cost > 0.0 and given.schools[u] > 0:
        keep_diameters(given, state, u, a, b)


@aside
def overall_cost(given: Given, state: State) -> float:
    """Cost of the objectives that no single community bears: all but flows and contacts."""
    cost = 0.0
    if given.diameter_cost > 0.0:
        longest = 0.0
        for c in range(len(state.diameter)):
            longest = max(longest, state.diameter[c])
        cost += given.diameter_cost * longest
    for q in range(given.totals.shape[0]):
        if given.deviation_cost[q] > 0.0:
            farthest = 0.0
            for c in range(state.totals.shape[1]):
                farthest = max(farthest, abs(state.totals[q, c] - given.total_mean[q]))
            cost += given.deviation_cost[q] * farthest / given.total_mean[q]
    if given.office_cost > 0.0:
        for c in range(len(state.size)):
            cost += given.office_cost * state.office[c, 1]
    for q in range(N_DISRUPTIONS):
        if given.disruption_cost[q] > 0.0:
            cost += given.disruption_cost[q] * state.spent[q]
    return cost
