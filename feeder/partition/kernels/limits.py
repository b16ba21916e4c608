"""How far communities are from their limits, limit by limit."""

from __future__ import annotations

from feeder.partition.kernels.arrays import Given, State
from feeder.partition.kernels.compiler import kernel
from feeder.partition.kernels.disruption import budget_change
from feeder.partition.kernels.office import office_with

N_GRADES = 13
EPSILON = 1e-9
SCHOOL_PENALTY = 1.0
GRADE_PENALTY = 2.0
LOCK_PENALTY = 50.0
TOTAL_PENALTY = 0.05
OFFICE_PENALTY = 1.0
"""Penalties in units of one typical school. A lock once kept is never given up, however hot the
search; a total outside its band costs a little even where it is out by less than one student, and
an office too far from some school as much as a school too many, since offices move by leaps."""


@kernel
def schools_penalty(given: Given, state: State, c: int, u: int, sign: int) -> float:
    """Schools too many or too few once ``u`` joins (``sign`` 1), leaves (-1) or neither (0)."""
    number = state.schools[c] + sign * given.schools[u]
    if number > given.schools_high:
        return SCHOOL_PENALTY * (number - given.schools_high)
    if number < given.schools_low:
        return SCHOOL_PENALTY * (given.schools_low - number)
    return 0.0


@kernel
def total_penalty_of(given: Given, state: State, q: int, c: int, u: int, sign: int) -> float:
    """Distance of a total (row ``q``) from its band, in typical schools; ``sign`` as above."""
    total = state.totals[q, c] + sign * given.totals[q, u]
    if total > given.totals_high[q] + EPSILON:
        return (total - given.totals_high[q]) / given.total_unit[q] + TOTAL_PENALTY
    if total < given.totals_low[q] - EPSILON:
        return (given.totals_low[q] - total) / given.total_unit[q] + TOTAL_PENALTY
    return 0.0


@kernel
def grades_penalty(given: Given, state: State, c: int, u: int, sign: int) -> float:
    """Count required grades that no campus serves, weighted; ``sign`` as above."""
    penalty = 0.0
    for g in range(N_GRADES):
        if (given.required >> g) & 1 and (
            state.serving[c, g] + sign * ((given.grades[u] >> g) & 1) <= 0
        ):
            penalty += GRADE_PENALTY
    return penalty


@kernel
def office_penalty(given: Given, state: State, c: int, u: int, sign: int) -> float:
    """Minutes that schools need beyond the limit to their office, as shares of it; as above."""
    if sign == 0:
        late = state.office[c, 0]
    else:
        late, _ = office_with(given, state, c, u, sign)
    return late / given.most_minutes + OFFICE_PENALTY if late > EPSILON else 0.0


@kernel
def penalty_with(given: Given, state: State, c: int, u: int, sign: int) -> float:
    """Penalty of community ``c`` once ``u`` joins (``sign`` 1), leaves (-1) or neither (0)."""
    penalty = schools_penalty(given, state, c, u, sign)
    for q in range(given.totals.shape[0]):
        penalty += total_penalty_of(given, state, q, c, u, sign)
    if given.most_minutes > 0.0:
        penalty += office_penalty(given, state, c, u, sign)
    return penalty + grades_penalty(given, state, c, u, sign)


@kernel
def lock_penalty(given: Given, u: int, c: int) -> float:
    """Penalty of unit ``u`` in community ``c`` where it is locked to another."""
    return LOCK_PENALTY if given.locked[u] >= 0 and given.locked[u] != c else 0.0


@kernel
def tie_penalty(given: Given, state: State, u: int, c: int) -> float:
    """Broken ties of unit ``u`` if it stood in community ``c``."""
    penalty = 0.0
    for k in range(given.tie_start[u], given.tie_start[u + 1]):
        cost = given.tie_cost[k]
        if (state.label[given.tie_to[k]] == c) != (cost > 0.0):
            penalty += abs(cost)
    return penalty


@kernel
def limit_change(given: Given, state: State, u: int, a: int, b: int) -> float:
    """Penalty added by moving ``u`` from ``a`` to ``b``."""
    change = penalty_with(given, state, a, u, -1) - state.penalty[a]
    change += penalty_with(given, state, b, u, 1) - state.penalty[b]
    if given.locked[u] >= 0:
        change += lock_penalty(given, u, b) - lock_penalty(given, u, a)
    if given.tie_start[u + 1] > given.tie_start[u]:
        change += tie_penalty(given, state, u, b) - tie_penalty(given, state, u, a)
    if given.counts_disruption:
        change += budget_change(given, state, u, a, b)
    return change
