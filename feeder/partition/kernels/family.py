"""Move a family: a unit and, one after another, units it exchanges students with.

A middle school that changes community mostly takes its elementary schools along. One at a time
each of these moves would cost flow, so that a cold search would never begin.
"""

from __future__ import annotations

from feeder.partition.kernels.arrays import IntArray, ProblemArrays, State
from feeder.partition.kernels.compiler import kernel
from feeder.partition.kernels.constraints import constraint_change
from feeder.partition.kernels.moves import apply_move, holds_without, pins, touches
from feeder.partition.kernels.objectives import move_worth
from feeder.partition.kernels.proposals import draw_unit, keeps, may_join, propose_community
from feeder.partition.kernels.rng import below, uniform

LARGEST = 8
"""Units that one proposal moves at most."""


@kernel
def draw_relative(
    arrays: ProblemArrays, state: State, moved: IntArray, count: int, a: int, b: int
) -> int:
    """Draw a unit of ``a`` that may follow to ``b``, by students it exchanges with the moved."""
    total, chosen = 0.0, -1
    for i in range(count):
        v = moved[i]
        for k in range(arrays.flow_start[v], arrays.flow_start[v + 1]):
            w = arrays.flow_to[k]
            if state.label[w] != a or not may_join(arrays, state, w, b):
                continue
            if not touches(arrays, state, w, b):
                continue
            total += arrays.flow_students[k]
            if uniform(state.rng) * total < arrays.flow_students[k]:
                chosen = w
    return chosen


@kernel
def try_family(
    arrays: ProblemArrays, state: State, temperature: float, weight: float
) -> tuple[float, float]:
    """Propose to move up to ``LARGEST`` related units to one neighbouring community.

    Returns the objective gained and the penalty eased; both 0 where it was refused.
    """
    u = draw_unit(state)
    a = state.label[u]
    b = propose_community(arrays, state, u)
    if b < 0:
        return 0.0, 0.0
    wanted = 2 + below(state.rng, LARGEST - 1)
    moved = state.scratch[0]
    worth, change, count = 0.0, 0.0, 0
    while u >= 0 and not pins(arrays, state, u, a) and holds_without(arrays, state, u, a):
        worth += move_worth(arrays, state, u, a, b)
        change += constraint_change(arrays, state, u, a, b)
        apply_move(arrays, state, u, b)
        moved[count] = u
        count += 1
        u = draw_relative(arrays, state, moved, count, a, b) if count < wanted else -1
    if count == 0 or keeps(state, weight * change - worth, temperature):
        return worth, -change
    for i in range(count - 1, -1, -1):
        apply_move(arrays, state, moved[i], a)
    return 0.0, 0.0
