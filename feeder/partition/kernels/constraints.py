"""How far communities are from their bounds, constraint by constraint."""

from __future__ import annotations

from feeder.partition.kernels.arrays import JOINS, LEAVES, ProblemArrays, State
from feeder.partition.kernels.compiler import kernel
from feeder.partition.kernels.disruption import budget_change
from feeder.partition.kernels.office import office_with
from feeder.terms import SUM_SLACK

N_GRADES = 13
EPSILON = SUM_SLACK
SCHOOL_PENALTY = 1.0
GRADE_PENALTY = 2.0
LOCK_PENALTY = 50.0
TOTAL_PENALTY = 0.05
OFFICE_PENALTY = 1.0
"""Penalties in units of one typical school. A lock once kept is never given up, however hot the
search; a total outside its band costs a little even where it is out by less than one student, and
an office too far from some school as much as a school too many, since offices move by leaps."""


@kernel
def schools_penalty(arrays: ProblemArrays, state: State, c: int, u: int, sign: int) -> float:
    """Schools too many or too few once ``u`` joins (``sign`` 1), leaves (-1) or neither (0)."""
    number = state.schools[c] + sign * arrays.schools[u]
    if number > arrays.schools_high:
        return SCHOOL_PENALTY * (number - arrays.schools_high)
    if number < arrays.schools_low:
        return SCHOOL_PENALTY * (arrays.schools_low - number)
    return 0.0


@kernel
def total_penalty_of(
    arrays: ProblemArrays, state: State, q: int, c: int, u: int, sign: int
) -> float:
    """Distance of a total (row ``q``) from its band, in typical schools; ``sign`` as above."""
    total = state.totals[q, c] + sign * arrays.totals[q, u]
    if total > arrays.totals_high[q] + EPSILON:
        return (total - arrays.totals_high[q]) / arrays.total_unit[q] + TOTAL_PENALTY
    if total < arrays.totals_low[q] - EPSILON:
        return (arrays.totals_low[q] - total) / arrays.total_unit[q] + TOTAL_PENALTY
    return 0.0


@kernel
def grades_penalty(arrays: ProblemArrays, state: State, c: int, u: int, sign: int) -> float:
    """Count required grades that no campus serves, weighted; ``sign`` as above."""
    penalty = 0.0
    for g in range(N_GRADES):
        if (arrays.required >> g) & 1 and (
            state.serving[c, g] + sign * ((arrays.grades[u] >> g) & 1) <= 0
        ):
            penalty += GRADE_PENALTY
    return penalty


@kernel
def office_penalty(arrays: ProblemArrays, state: State, c: int, u: int, sign: int) -> float:
    """Minutes that schools need beyond the limit to their office, as shares of it; as above."""
    if sign == 0:
        late = state.office[c, 0]
    else:
        late, _ = office_with(arrays, state, c, u, sign)
    return late / arrays.most_minutes + OFFICE_PENALTY if late > EPSILON else 0.0


@kernel
def penalty_with(arrays: ProblemArrays, state: State, c: int, u: int, sign: int) -> float:
    """Penalty of community ``c`` once ``u`` joins (``sign`` 1), leaves (-1) or neither (0)."""
    penalty = schools_penalty(arrays, state, c, u, sign)
    for q in range(arrays.totals.shape[0]):
        penalty += total_penalty_of(arrays, state, q, c, u, sign)
    if arrays.most_minutes > 0.0:
        penalty += office_penalty(arrays, state, c, u, sign)
    return penalty + grades_penalty(arrays, state, c, u, sign)


@kernel
def lock_penalty(arrays: ProblemArrays, u: int, c: int) -> float:
    """Penalty of unit ``u`` in community ``c`` where it is locked to another."""
    return LOCK_PENALTY if arrays.locked[u] >= 0 and arrays.locked[u] != c else 0.0


@kernel
def pair_penalty(arrays: ProblemArrays, state: State, u: int, c: int) -> float:
    """Broken pairs of unit ``u`` if it stood in community ``c``."""
    penalty = 0.0
    for k in range(arrays.pair_start[u], arrays.pair_start[u + 1]):
        cost = arrays.pair_cost[k]
        if (state.label[arrays.pair_to[k]] == c) != (cost > 0.0):
            penalty += abs(cost)
    return penalty


@kernel
def constraint_change(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Penalty added by moving ``u`` from ``a`` to ``b``."""
    change = penalty_with(arrays, state, a, u, LEAVES) - state.penalty[a]
    change += penalty_with(arrays, state, b, u, JOINS) - state.penalty[b]
    if arrays.locked[u] >= 0:
        change += lock_penalty(arrays, u, b) - lock_penalty(arrays, u, a)
    if arrays.pair_start[u + 1] > arrays.pair_start[u]:
        change += pair_penalty(arrays, state, u, b) - pair_penalty(arrays, state, u, a)
    if arrays.counts_disruption:
        change += budget_change(arrays, state, u, a, b)
    return change
