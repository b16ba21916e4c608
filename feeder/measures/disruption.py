"""What changes for schools and students against today's plan.

Who changes is said once: a community of today is *carried on* by the community of the plan that
holds most of its students, and a school changes where it is in another one (:func:`moved`). Several
may be carried on by one, so communities that merge change no school. One-to-one matching
(:func:`relabelling`) serves names and colors alone.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from feeder.language import Message
from feeder.measures.scorecard import Value
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.terms import AGAINST_TODAY


def carried_on(plan: IntArray, today: IntArray, enrollment: FloatArray) -> IntArray:
    """Return which community of a plan carries on each community of today.

    The one that holds most of its students; of equal ones, and where it has no students, most of
    its schools; then the first, as communities stand in the order of their ids. So neither how many
    schools and students change nor any other figure hangs on the names of communities.

    Parameters
    ----------
    plan, today
        Shape (n_schools,): community indices; -1 is none. Only schools placed by both count.
    enrollment
        Shape (n_schools,): students.

    Returns
    -------
    Array of shape (n_today,), as far as ``today`` names communities: the index in the plan; -1
    where no school of the community is placed by the plan.
    """
    both = (plan >= 0) & (today >= 0)
    n_plan, n_today = int(plan.max(initial=-1)) + 1, int(today.max(initial=-1)) + 1
    if not both.any():
        return np.full(n_today, -1, dtype=np.int64)
    schools, students = np.zeros((n_plan, n_today)), np.zeros((n_plan, n_today))
    np.add.at(schools, (plan[both], today[both]), 1.0)
    np.add.at(students, (plan[both], today[both]), enrollment[both])
    most = np.where(students == students.max(axis=0), schools, -1.0).argmax(axis=0)
    return np.where(schools.any(axis=0), most, -1).astype(np.int64)


def moved(plan: IntArray, today: IntArray, enrollment: FloatArray) -> BoolArray:
    """Return which schools change: they are not where their community of today is carried on.

    A school without a community in either plan is in no count of changes: it does not change, and
    :func:`placed_by_both` leaves it out of what these are counted of.

    Parameters
    ----------
    plan, today, enrollment
        As of :func:`carried_on`.

    Returns
    -------
    Array of shape (n_schools,).
    """
    both = placed_by_both(plan, today)
    carried = carried_on(plan, today, enrollment)
    found = np.zeros(len(plan), dtype=np.bool_)
    found[both] = carried[today[both]] != plan[both]
    return found


def placed_by_both(plan: IntArray, today: IntArray) -> BoolArray:
    """Shape (n_schools,): whether a school has a community in the plan and today."""
    both: BoolArray = (plan >= 0) & (today >= 0)
    return both


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


def disruption(plan: IntArray, today: IntArray, enrollment: FloatArray) -> dict[str, Value]:
    """Return every measure of disruption.

    Schools and students moved rest on who carries on which community (:func:`carried_on`),
    variation of information (Meilă 2007) and students separated on no such thing.

    Parameters
    ----------
    plan, today
        Shape (n_schools,): community indices; -1 is none.
    enrollment
        Shape (n_schools,): students.
    """
    shared = placed_by_both(plan, today)
    if not shared.any():
        return dict.fromkeys(AGAINST_TODAY, Value(None, Message("missing.nothing_shared")))
    plan, today, enrollment = plan[shared], today[shared], enrollment[shared]
    return {
        **_counted(plan, today, enrollment),
        "variation_of_information": _variation_of_information(plan, today, enrollment),
        "students_separated": _students_separated(plan, today, enrollment),
    }


def _counted(plan: IntArray, today: IntArray, enrollment: FloatArray) -> dict[str, Value]:
    change = moved(plan, today, enrollment)
    schools, students = int(change.sum()), int(enrollment[change].sum())
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
