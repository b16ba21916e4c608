"""The way to the office: which member could hold it, and how far its schools then have to go."""

from __future__ import annotations

import math

from feeder.partition.kernels.arrays import (
    JOINS,
    LEAVES,
    NO_UNIT,
    STAYS,
    ProblemArrays,
    State,
)
from feeder.partition.kernels.compiler import cold_kernel, kernel
from feeder.terms import SUM_SLACK

EPSILON = SUM_SLACK
NOWHERE = 240.0
"""Minutes a school where no member may hold the office: farther than any real way."""


@kernel
def is_nearer(late: float, reach: float, than_late: float, than_reach: float) -> bool:
    """Whether an office has less time beyond the limit, or as much and less time in all."""
    return late < than_late - EPSILON or (late <= than_late + EPSILON and reach < than_reach)


@cold_kernel
def office_with(
    arrays: ProblemArrays, state: State, c: int, u: int, sign: int
) -> tuple[float, float]:
    """Minutes beyond the limit, and in all, to the best office of community ``c``.

    Once ``u`` joins (``sign`` 1), leaves (-1) or neither (0).
    """
    schools = state.schools[c] + sign * arrays.schools[u]
    late, reach = math.inf, math.inf
    own_late, own_reach = arrays.beyond[u, u], arrays.travel[u, u]
    for i in range(state.size[c]):
        v = state.members[c, i]
        if sign < 0 and v == u:
            continue
        own_late += arrays.beyond[v, u]
        own_reach += arrays.travel[v, u]
        if arrays.hosts[v] < schools:
            continue
        here_late = state.late[v] + sign * arrays.beyond[u, v]
        here_reach = state.reach[v] + sign * arrays.travel[u, v]
        if is_nearer(here_late, here_reach, late, reach):
            late, reach = here_late, here_reach
    if sign > 0 and arrays.hosts[u] >= schools and is_nearer(own_late, own_reach, late, reach):
        late, reach = own_late, own_reach
    if late == math.inf:
        return NOWHERE * schools, NOWHERE * schools
    return late, reach


@kernel
def office_change(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Minutes of all schools to their offices more once ``u`` moves from ``a`` to ``b``."""
    _, after_a = office_with(arrays, state, a, u, LEAVES)
    _, after_b = office_with(arrays, state, b, u, JOINS)
    return after_a + after_b - state.office[a, 1] - state.office[b, 1]


@cold_kernel
def count_office(arrays: ProblemArrays, state: State, c: int) -> None:
    """Count the way to each member of community ``c``, and to its office, anew."""
    for i in range(state.size[c]):
        v = state.members[c, i]
        state.late[v], state.reach[v] = 0.0, 0.0
        for j in range(state.size[c]):
            w = state.members[c, j]
            state.late[v] += arrays.beyond[w, v]
            state.reach[v] += arrays.travel[w, v]
    state.office[c, 0], state.office[c, 1] = office_with(arrays, state, c, NO_UNIT, STAYS)


@cold_kernel
def keep_offices(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> None:
    """Bring the offices of ``a``, which ``u`` has left, and ``b`` up to date."""
    for i in range(state.size[a]):
        v = state.members[a, i]
        state.late[v] -= arrays.beyond[u, v]
        state.reach[v] -= arrays.travel[u, v]
    state.late[u], state.reach[u] = arrays.beyond[u, u], arrays.travel[u, u]
    for i in range(state.size[b]):
        v = state.members[b, i]
        if v == u:
            continue
        state.late[v] += arrays.beyond[u, v]
        state.reach[v] += arrays.travel[u, v]
        state.late[u] += arrays.beyond[v, u]
        state.reach[u] += arrays.travel[v, u]
    state.office[a, 0], state.office[a, 1] = office_with(arrays, state, a, u, STAYS)
    state.office[b, 0], state.office[b, 1] = office_with(arrays, state, b, u, STAYS)
