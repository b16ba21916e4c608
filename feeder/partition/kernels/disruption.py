"""What changes against today's plan: schools and students moved, neighbors parted.

A community of today is carried on by the one that holds most of its students, many to one; a school
moves where it is not in the one that carries on its own.
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
def holds_more(state: State, d: int, c: int, than: int) -> bool:
    """Whether ``c`` would carry on ``d`` before another: by students, then schools, then number."""
    students, others = state.overlap[c, d], state.overlap[than, d]
    schools, other_schools = state.overlap_schools[c, d], state.overlap_schools[than, d]
    if students != others:
        return students > others
    return schools > other_schools or (schools == other_schools and c < than)


@kernel
def find_carriers(state: State, d: int) -> None:
    """Find who carries on ``d``, and who would without it."""
    first, second = 0, -1
    for c in range(1, state.overlap.shape[0]):
        if holds_more(state, d, c, first):
            first, second = c, first
        elif second < 0 or holds_more(state, d, c, second):
            second = c
    state.carrier[d, 0], state.carrier[d, 1] = first, second


@kernel
def keep_carriers(state: State, d: int, a: int, b: int) -> None:
    """Bring up to date who carries on ``d`` once ``b`` has of it what ``a`` had."""
    first, second = state.carrier[d, 0], state.carrier[d, 1]
    if a in (first, second):
        find_carriers(state, d)
    elif b != first and holds_more(state, d, b, first):
        state.carrier[d, 0], state.carrier[d, 1] = b, first
    elif b not in (first, second) and holds_more(state, d, b, second):
        state.carrier[d, 1] = b


@kernel
def kept_after(arrays: ProblemArrays, state: State, p: int, a: int, b: int) -> tuple[float, float]:
    """Students and schools that the community carried on keeps once part ``p`` is in ``b``.

    Part ``p`` of a unit is its schools of one community of today. Where it leaves the one that
    carries on, the next best is the one to beat; what ``b`` held before is no more than it has now.
    """
    d, students, schools = arrays.origin[p], arrays.origin_students[p], arrays.origin_schools[p]
    own = state.overlap[b, d] + students
    own_schools = state.overlap_schools[b, d] + schools
    rival = state.carrier[d, 0]
    if rival == a:
        left = state.overlap[a, d] - students
        left_schools = state.overlap_schools[a, d] - schools
        if left > own or (left == own and left_schools > own_schools):
            own, own_schools = left, left_schools
        rival = state.carrier[d, 1]
    if rival >= 0 and (
        state.overlap[rival, d] > own
        or (state.overlap[rival, d] == own and state.overlap_schools[rival, d] > own_schools)
    ):
        return state.overlap[rival, d], state.overlap_schools[rival, d]
    return own, own_schools


@kernel
def moved_change(arrays: ProblemArrays, state: State, q: int, u: int, a: int, b: int) -> float:
    """Schools or students more that are not where their community is carried on."""
    change = 0.0
    for p in range(arrays.origin_start[u], arrays.origin_start[u + 1]):
        d = arrays.origin[p]
        students, schools = kept_after(arrays, state, p, a, b)
        if q == SCHOOLS:
            change += state.overlap_schools[state.carrier[d, 0], d] - schools
        else:
            change += state.overlap[state.carrier[d, 0], d] - students
    return change


@kernel
def variation_change(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Nats by which the plan and today's know more apart from each other."""
    joint, placed = 0.0, 0.0
    for p in range(arrays.origin_start[u], arrays.origin_start[u + 1]):
        d, students = arrays.origin[p], arrays.origin_students[p]
        joint += x_log_x(state.overlap[a, d] - students) - x_log_x(state.overlap[a, d])
        joint += x_log_x(state.overlap[b, d] + students) - x_log_x(state.overlap[b, d])
        placed += students
    if placed <= 0.0:
        return 0.0
    own = x_log_x(state.placed[a] - placed) - x_log_x(state.placed[a])
    own += x_log_x(state.placed[b] + placed) - x_log_x(state.placed[b])
    return (own - 2.0 * joint) / arrays.students_today


@kernel
def separated_change(arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
    """Share of the pairs of students of today that part."""
    apart = 0.0
    if arrays.pairs_today > 0.0:
        for p in range(arrays.origin_start[u], arrays.origin_start[u + 1]):
            d, students = arrays.origin[p], arrays.origin_students[p]
            apart += students * (state.overlap[a, d] - state.overlap[b, d] - students)
        apart /= arrays.pairs_today
    return apart


@cold_kernel
def disruption_change(arrays: ProblemArrays, state: State, q: int, u: int, a: int, b: int) -> float:
    """Growth of figure ``q`` once ``u`` moves from ``a`` to ``b``."""
    if q == VARIATION:
        return variation_change(arrays, state, u, a, b)
    if q == SEPARATED:
        return separated_change(arrays, state, u, a, b)
    return moved_change(arrays, state, q, u, a, b)


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
    if not arrays.counts_disruption:
        return
    for q in range(N_DISRUPTIONS):
        state.spent[q] += disruption_change(arrays, state, q, u, a, b)
    for p in range(arrays.origin_start[u], arrays.origin_start[u + 1]):
        d, students, schools = arrays.origin[p], arrays.origin_students[p], arrays.origin_schools[p]
        state.overlap[a, d] -= students
        state.overlap[b, d] += students
        state.overlap_schools[a, d] -= schools
        state.overlap_schools[b, d] += schools
        state.placed[a] -= students
        state.placed[b] += students
        keep_carriers(state, d, a, b)
