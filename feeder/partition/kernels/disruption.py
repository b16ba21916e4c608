"""What changes against today's plan: schools and students moved, neighbors parted.

Four figures by number, in the order of ``problem.DISRUPTIONS``: schools moved, students moved,
variation of information (Meilă 2007; nats), share of the pairs of students of today that part.
"""

from __future__ import annotations

import math

from feeder.partition.kernels.arrays import ProblemArrays, State
from feeder.partition.kernels.compiler import cold_kernel, kernel
from feeder.terms import SUM_SLACK

SCHOOLS, STUDENTS, VARIATION, SEPARATED = 0, 1, 2, 3
N_DISRUPTIONS = 4
OVER = 0.05
"""A budget overdrawn costs a little even where it is overdrawn by less than one school."""
EPSILON = SUM_SLACK


@kernel
def x_log_x(x: float) -> float:
    """Return ``x ln x``; 0 where there is nothing, or what rounding leaves of it."""
    return x * math.log(x) if x > EPSILON else 0.0


@kernel
def variation_change(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Nats by which the plan and today's know more apart from each other."""
    d, students = arrays.today[u], arrays.totals[0, u]
    if d < 0 or students <= 0.0:
        return 0.0
    joint = x_log_x(state.overlap[a, d] - students) - x_log_x(state.overlap[a, d])
    joint += x_log_x(state.overlap[b, d] + students) - x_log_x(state.overlap[b, d])
    own = x_log_x(state.placed[a] - students) - x_log_x(state.placed[a])
    own += x_log_x(state.placed[b] + students) - x_log_x(state.placed[b])
    return (own - 2.0 * joint) / arrays.students_today


@cold_kernel
def disruption_change(arrays: ProblemArrays, state: State, q: int, u: int, a: int, b: int) -> float:
    """Growth of figure ``q`` once ``u`` moves from ``a`` to ``b``."""
    if q == VARIATION:
        return variation_change(arrays, state, u, a, b)
    if q == SEPARATED:
        d, students = arrays.today[u], arrays.totals[0, u]
        if d < 0 or arrays.pairs_today <= 0.0:
            return 0.0
        apart = state.overlap[a, d] - state.overlap[b, d] - students
        return students * apart / arrays.pairs_today
    home = arrays.home[u]
    if home < 0 or (a != home and b != home):
        return 0.0
    amount = float(arrays.schools[u]) if q == SCHOOLS else arrays.totals[0, u]
    return amount if a == home else -amount


@kernel
def overdraft(arrays: ProblemArrays, q: int, spent: float) -> float:
    """Penalty of figure ``q`` above its budget, in typical schools."""
    over = spent - arrays.budget[q]
    return over / arrays.budget_unit[q] + OVER if over > EPSILON else 0.0


@kernel
def budget_change(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Penalty added to overdrawn budgets by moving ``u`` from ``a`` to ``b``."""
    change = 0.0
    for q in range(N_DISRUPTIONS):
        if arrays.budget[q] < math.inf:
            spent = state.spent[q] + disruption_change(arrays, state, q, u, a, b)
            change += overdraft(arrays, q, spent) - overdraft(arrays, q, state.spent[q])
    return change


@kernel
def budget_penalty(arrays: ProblemArrays, state: State) -> float:
    """Penalty of all overdrawn budgets."""
    penalty = 0.0
    for q in range(N_DISRUPTIONS):
        if arrays.budget[q] < math.inf:
            penalty += overdraft(arrays, q, state.spent[q])
    return penalty


@kernel
def keep_disruption(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> None:
    """Bring the figures up to date as ``u`` moves, and then what they are reckoned from."""
    if arrays.counts_disruption:
        for q in range(N_DISRUPTIONS):
            state.spent[q] += disruption_change(arrays, state, q, u, a, b)
    if arrays.today[u] >= 0:
        state.overlap[a, arrays.today[u]] -= arrays.totals[0, u]
        state.overlap[b, arrays.today[u]] += arrays.totals[0, u]
        state.placed[a] -= arrays.totals[0, u]
        state.placed[b] += arrays.totals[0, u]
