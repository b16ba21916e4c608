"""Annealing with moves and swaps; the land stays whole at every step."""

from __future__ import annotations

import math

from feeder.partition.kernels.arrays import FloatArray, Given, IntArray, State
from feeder.partition.kernels.compiler import entry, kernel
from feeder.partition.kernels.moves import (
    EPSILON,
    apply_move,
    can_leave,
    limit_change,
    move_worth,
    tie_penalty,
    touches,
)
from feeder.partition.kernels.resplit import try_resplit
from feeder.partition.kernels.rng import below, uniform

DRIFT = 1e-6
"""The running penalty gathers rounding errors; below this it is counted anew."""


@kernel
def total_penalty(given: Given, state: State) -> float:
    """Distance of the whole partition from its limits; 0 where every one is kept."""
    penalty = 0.0
    for c in range(len(state.size)):
        penalty += state.penalty[c]
    for u in range(len(state.label)):
        penalty += tie_penalty(given, state, u, state.label[u])
        if not given.landed[u] and not touches(given, state, u, state.label[u]):
            penalty += 1.0
    return penalty


@kernel
def propose_community(given: Given, state: State, u: int) -> int:
    """Draw a community next to ``u``: that of a random neighbouring tile, or -1."""
    if given.landed[u]:
        first, last = given.land_start[u], given.land_start[u + 1]
        if first == last:
            return -1
        b = state.label[given.land_to[first + below(state.rng, last - first)]]
    else:
        first, last = given.anchor_start[u], given.anchor_start[u + 1]
        if first == last:
            return -1
        b = state.label[given.anchor_to[first + below(state.rng, last - first)]]
    if given.unit_zone[u] >= 0 and given.community_zone[b] != given.unit_zone[u]:
        return -1
    return b


@entry
def anneal(
    given: Given,
    state: State,
    steps: int,
    hot: float,
    cold: float,
    soft: float,
    hard: float,
    swap_share: float,
    resplit_share: float,
    best: IntArray,
    best_value: FloatArray,
) -> int:
    """Run ``steps`` proposals while the temperature falls from ``hot`` to ``cold``.

    The weight of broken limits rises from ``soft`` to ``hard`` in the same geometric way.
    ``best`` receives the labels of the best partition seen that breaks no limit and
    ``best_value[0]`` its objective above the start's; both are left alone while there is none.
    ``best_value[1]`` carries the running objective from chunk to chunk.

    Returns the number of accepted changes.
    """
    n = len(state.label)
    accepted = 0
    cooling = math.exp(math.log(cold / hot) / max(1, steps))
    hardening = math.exp(math.log(hard / soft) / max(1, steps))
    temperature, weight = hot, soft
    value = best_value[1]
    penalty = total_penalty(given, state)
    for _ in range(steps):
        temperature *= cooling
        weight *= hardening
        draw = uniform(state.rng)
        if draw < resplit_share:
            gained, eased = try_resplit(given, state, temperature, weight)
            if gained != 0.0 or eased != 0.0:
                value += gained
                penalty = total_penalty(given, state)
                accepted += 1
        else:
            u = below(state.rng, n)
            a = state.label[u]
            b = propose_community(given, state, u)
            if b < 0 or b == a:
                continue
            if not given.landed[u] and not touches(given, state, u, b):
                continue
            swap = draw < resplit_share + swap_share
            worth = move_worth(given, state, u, a, b)
            change = limit_change(given, state, u, a, b)
            if not swap:
                energy = weight * change - worth
                if energy > 0 and uniform(state.rng) >= math.exp(-energy / temperature):
                    continue
                if not can_leave(given, state, u, a):
                    continue
                apply_move(given, state, u, b)
            else:
                w = state.members[b, below(state.rng, state.size[b])]
                if given.unit_zone[w] >= 0 and given.community_zone[a] != given.unit_zone[w]:
                    continue
                if not touches(given, state, w, a) or not can_leave(given, state, u, a):
                    continue
                apply_move(given, state, u, b)
                worth += move_worth(given, state, w, b, a)
                change += limit_change(given, state, w, b, a)
                energy = weight * change - worth
                if (
                    (energy > 0 and uniform(state.rng) >= math.exp(-energy / temperature))
                    or not touches(given, state, w, a)
                    or not can_leave(given, state, w, b)
                ):
                    apply_move(given, state, u, a)
                    continue
                apply_move(given, state, w, a)
            value += worth
            penalty += change
            accepted += 1
        if (
            penalty < DRIFT
            and value > best_value[0] + EPSILON
            and total_penalty(given, state) <= EPSILON
        ):
            best_value[0] = value
            best[:] = state.label
    best_value[1] = value
    return accepted
