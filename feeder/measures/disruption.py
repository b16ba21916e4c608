"""What changes for schools and students against today's plan."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from feeder.language import Message
from feeder.measures.scorecard import Value
from feeder.network.graph import FloatArray, IntArray
from feeder.terms import AGAINST_TODAY


def relabelling(plan: IntArray, today: IntArray, enrollment: FloatArray) -> IntArray:
    """Match plan communities to today's so that most schools, then most students, stay.

    The assignment problem (Kuhn 1955), solved exactly by scipy's ``linear_sum_assignment``; equal
    numbers of schools are told apart by students, so that what moves does not hang on the order of
    the communities.

    Parameters
    ----------
    plan, today
        Shape (n_schools,): community indices of schools placed by both plans (none is -1).
    enrollment
        Shape (n_schools,): whole students.

    Returns
    -------
    Array of shape (n_plan,): today's community of each plan community; -1 where unmatched.
    """
    schools = _table(plan, today, np.ones(len(plan)))
    students = _table(plan, today, enrollment)
    # Both weights are whole numbers far below 2**53, so the lexicographic sum is exact.
    rows, columns = linear_sum_assignment(
        schools * (enrollment.sum() + 1) + students, maximize=True
    )
    match = np.full(schools.shape[0], -1, dtype=np.int64)
    match[rows] = columns
    return match


def disruption(
    plan: IntArray, today: IntArray, enrollment: FloatArray, counts: tuple[int, int]
) -> dict[str, Value]:
    """Return every measure of disruption.

    Schools and students moved rest on a match of communities (Kuhn 1955), variation of information
    (Meilă 2007) and students separated on none.

    Parameters
    ----------
    plan, today
        Shape (n_schools,): community indices; -1 is none.
    enrollment
        Shape (n_schools,): students.
    counts
        Number of communities of the plan and of today's.
    """
    shared = (plan >= 0) & (today >= 0)
    if not shared.any():
        return dict.fromkeys(AGAINST_TODAY, Value(None, Message("missing.nothing_shared")))
    plan, today, enrollment = plan[shared], today[shared], enrollment[shared]
    return {
        **_moved(plan, today, enrollment, counts),
        "variation_of_information": _variation_of_information(plan, today, enrollment),
        "students_separated": _students_separated(plan, today, enrollment),
    }


def _moved(
    plan: IntArray, today: IntArray, enrollment: FloatArray, counts: tuple[int, int]
) -> dict[str, Value]:
    if counts[0] != counts[1]:
        none = Value(None, Message("missing.other_number", {"plan": counts[0], "today": counts[1]}))
        return {"schools_moved": none, "students_moved": none}
    moved = relabelling(plan, today, enrollment)[plan] != today
    schools, students = int(moved.sum()), int(enrollment[moved].sum())
    return {
        "schools_moved": Value(schools, numerator=schools, denominator=len(plan)),
        "students_moved": Value(students, numerator=students, denominator=int(enrollment.sum())),
    }


def _variation_of_information(plan: IntArray, today: IntArray, enrollment: FloatArray) -> Value:
    """Return what each plan leaves open about the other, in nats (Meilă 2007)."""
    joint = _table(plan, today, enrollment)
    if joint.sum() == 0:
        return Value(None, Message("missing.no_shared_students"))
    joint /= joint.sum()
    given = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    used = joint > 0
    return Value(max(0.0, float(-(joint[used] * np.log(joint[used] ** 2 / given[used])).sum())))


def _students_separated(plan: IntArray, today: IntArray, enrollment: FloatArray) -> Value:
    own = float((enrollment**2).sum())
    together = (float((_table(np.zeros_like(today), today, enrollment) ** 2).sum()) - own) / 2
    still = (float((_table(plan, today, enrollment) ** 2).sum()) - own) / 2
    if together == 0:
        return Value(None, Message("missing.no_pair_today"), 0.0, 0.0)
    apart = together - still
    return Value(apart / together, numerator=apart, denominator=together)


def _table(plan: IntArray, today: IntArray, weights: FloatArray) -> FloatArray:
    """Shape (n_plan, n_today): weights by pair of communities."""
    table = np.zeros((int(plan.max()) + 1, int(today.max()) + 1))
    np.add.at(table, (plan, today), weights)
    return table
