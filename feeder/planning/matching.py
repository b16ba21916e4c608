"""Which community of one plan is which of another: one to one, by the students they share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

IntArray = npt.NDArray[np.int64]


def shared_table(
    plan: IntArray, other: IntArray, weights: npt.NDArray[np.float64], shape: tuple[int, int]
) -> npt.NDArray[np.float64]:
    """Return what each community of a plan shares with each of another.

    Parameters
    ----------
    plan, other
        Shape (n_schools,): communities; a school that is in none (-1) of either counts for none.
    weights
        Shape (n_schools,): what a school counts.
    shape
        Number of communities of the plan and of the other.

    Returns
    -------
    Shape ``shape``: sums of the weights.
    """
    table = np.zeros(shape)
    both = (plan >= 0) & (other >= 0)
    np.add.at(table, (plan[both], other[both]), weights[both])
    return table


def one_to_one(
    plan: IntArray, other: IntArray, students: npt.NDArray[np.float64], shape: tuple[int, int]
) -> IntArray:
    """Match communities one to one, so that they share most students, then most schools.

    The assignment problem (Kuhn 1955), solved exactly by scipy's ``linear_sum_assignment``. It
    serves names, numbers and colors; who changes community is another question.

    Parameters
    ----------
    plan, other
        Shape (n_schools,): communities; -1 is none.
    students
        Shape (n_schools,): whole students.
    shape
        Number of communities of the plan and of the other.

    Returns
    -------
    Shape (n_plan,): the community of the other plan; -1 for one that shares no school with any
    that is left.
    """
    schools = shared_table(plan, other, np.ones(len(plan)), shape)
    # Both are whole numbers far below 2**53, so the lexicographic sum is exact.
    worth = shared_table(plan, other, students, shape) * (len(plan) + 1) + schools
    rows, columns = linear_sum_assignment(worth, maximize=True)
    match = np.full(shape[0], -1, dtype=np.int64)
    met = schools[rows, columns] > 0
    match[rows[met]] = columns[met]
    return match
