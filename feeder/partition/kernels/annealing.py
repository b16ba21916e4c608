"""Annealing: proposals one after another while the search cools and the constraints harden."""

from __future__ import annotations

import math

from feeder.partition.kernels.arrays import FloatArray, IntArray, ProblemArrays, State
from feeder.partition.kernels.compiler import entry, kernel
from feeder.partition.kernels.constraints import EPSILON, lock_penalty, pair_penalty
from feeder.partition.kernels.disruption import budget_penalty
from feeder.partition.kernels.family import try_family
from feeder.partition.kernels.moves import touches
from feeder.partition.kernels.proposals import try_move, try_swap
from feeder.partition.kernels.resplit import try_resplit
from feeder.partition.kernels.rng import uniform

DRIFT = 1e-6
"""The running penalty gathers rounding errors; below this it is counted anew."""


@kernel
def total_penalty(arrays: ProblemArrays, state: State) -> float:
    """Distance of the whole partition from its constraints; 0 where every one is kept."""
    penalty = 0.0
    for c in range(len(state.size)):
        penalty += state.penalty[c]
    if arrays.counts_disruption:
        penalty += budget_penalty(arrays, state)
    for u in range(len(state.label)):
        penalty += lock_penalty(arrays, u, state.label[u])
        # Every pair is seen from both its ends.
        penalty += 0.5 * pair_penalty(arrays, state, u, state.label[u])
    return penalty


@kernel
def loose_units(arrays: ProblemArrays, state: State) -> int:
    """Count tiles cut off from their community's first one, and landless units not anchored.

    Proposals keep a partition without loose units so.
    """
    loose = 0
    state.clock[0] += 1
    seen = state.clock[0]
    for c in range(len(state.size)):
        head, tail = 0, 0
        for i in range(state.size[c]):
            if arrays.landed[state.members[c, i]]:
                state.queue[0] = state.members[c, i]
                state.stamp[state.queue[0]] = seen
                tail = 1
                break
        while head < tail:
            v = state.queue[head]
            head += 1
            for k in range(arrays.land_start[v], arrays.land_start[v + 1]):
                w = arrays.land_to[k]
                if state.label[w] == c and state.stamp[w] != seen:
                    state.stamp[w] = seen
                    state.queue[tail] = w
                    tail += 1
        loose += state.tiles[c] - tail
    for u in range(len(state.label)):
        if not arrays.landed[u] and not touches(arrays, state, u, state.label[u]):
            loose += 1
    return loose


@entry
def anneal(
    arrays: ProblemArrays,
    state: State,
    steps: int,
    hot: float,
    cold: float,
    soft: float,
    hard: float,
    swap_share: float,
    resplit_share: float,
    family_share: float,
    best: IntArray,
    best_value: FloatArray,
) -> int:
    """Run ``steps`` proposals while the temperature falls from ``hot`` to ``cold``.

    Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983). The weight of broken constraints
    rises from ``soft`` to ``hard`` in the same geometric way. ``best`` receives the labels of the
    best partition seen that breaks no constraint and ``best_value[0]`` its objective above the
    start's; both are left alone while there is none, and where the partition has loose units at the
    outset. ``best_value[1]`` carries the running objective from chunk to chunk.

    Returns the number of accepted changes that changed some value.
    """
    accepted = 0
    cooling = math.exp(math.log(cold / hot) / max(1, steps))
    hardening = math.exp(math.log(hard / soft) / max(1, steps))
    temperature, weight = hot, soft
    value = best_value[1]
    penalty = total_penalty(arrays, state)
    whole = loose_units(arrays, state) == 0
    if whole and penalty <= EPSILON and value > best_value[0] + EPSILON:
        best_value[0] = value
        best[:] = state.label
    for _ in range(steps):
        temperature *= cooling
        weight *= hardening
        draw = uniform(state.rng)
        if draw < resplit_share:
            gained, eased = try_resplit(arrays, state, temperature, weight)
        elif draw < resplit_share + family_share:
            gained, eased = try_family(arrays, state, temperature, weight)
        elif draw < resplit_share + family_share + swap_share:
            gained, eased = try_swap(arrays, state, temperature, weight)
        else:
            gained, eased = try_move(arrays, state, temperature, weight)
        if gained == 0.0 and eased == 0.0:
            continue
        value += gained
        penalty -= eased
        accepted += 1
        if (
            whole
            and penalty < DRIFT
            and value > best_value[0] + EPSILON
            and total_penalty(arrays, state) <= EPSILON
        ):
            best_value[0] = value
            best[:] = state.label
    best_value[1] = value
    return accepted
