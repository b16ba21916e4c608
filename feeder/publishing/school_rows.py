"""The counts of one school, with the sums they take part in: none may give another away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linprog

from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.publishing.partners import Sum, completed
from feeder.publishing.primary import LARGEST_FEW

_SLACK: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """Columns whose signed sum is known wherever it can be worked out.

    Attributes
    ----------
    columns
        Shape (n,): the parts, then the whole.
    sign
        Shape (n,): 1 for a part, -1 for the whole.
    """

    columns: IntArray
    sign: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SchoolRow:
    """What may be known of the counts of one school.

    Attributes
    ----------
    students
        Shape (n_columns,): the true counts; NaN is unknown.
    low, high
        Shape (n_columns,): what is told; written to.
    is_few
        Shape (n_columns,): counts to protect.
    rank
        Shape (n_columns,): who becomes a partner first; negative never does.
    """

    students: FloatArray
    low: FloatArray
    high: FloatArray
    is_few: BoolArray
    rank: FloatArray


def protect(row: SchoolRow, equations: Sequence[Equation]) -> None:
    """Open as many told counts as it takes, until no sum narrows a count of few students."""
    known = [one for one in equations if _is_known(row, one)]
    changed = bool(known)
    while changed:
        changed = sum(_complete(row, one) for one in known) > 0
    if _overlap(row, known) and not _holds(row, known):
        _give_up(row, known)


def _is_known(row: SchoolRow, one: Equation) -> bool:
    """Whether a sum can be worked out: its whole is known, and some part is."""
    unknown = np.isnan(row.students[one.columns])
    return not unknown[-1] and not unknown[:-1].all()


def _sum(row: SchoolRow, one: Equation) -> Sum:
    """Return a sum of this school; parts that nobody knows share what the others leave."""
    students, low, high = (values[one.columns] for values in (row.students, row.low, row.high))
    unknown = np.isnan(students)
    if unknown.any():
        rest = -float(np.nansum(one.sign * students)) / unknown.sum()
        students = np.where(unknown, max(rest, 0.0), students)
        low = np.where(unknown, 0.0, low)
        high = np.where(unknown, np.maximum(LARGEST_FEW, students), high)
    return Sum(
        students=students,
        low=low,
        high=high,
        sign=one.sign,
        is_few=row.is_few[one.columns] | unknown,
        rank=row.rank[one.columns],
    )


def _complete(row: SchoolRow, one: Equation) -> bool:
    """Complete one sum; return whether that opened a count or widened a range."""
    before = _sum(row, one)
    if not before.is_open.any():
        return False
    low, high = completed(before)
    told = ~np.isnan(row.students[one.columns])
    row.low[one.columns[told]], row.high[one.columns[told]] = low[told], high[told]
    return bool(((low != before.low) | (high != before.high))[told].any())


def _overlap(row: SchoolRow, equations: Sequence[Equation]) -> bool:
    """Whether some open count takes part in two sums, so that they must be looked at together."""
    times = np.zeros(len(row.students), dtype=np.int64)
    for one in equations:
        times[one.columns] += 1
    return bool((times[row.low < row.high] > 1).any())


def _holds(row: SchoolRow, equations: Sequence[Equation]) -> bool:
    """Whether all sums together leave every count of few students its range: linear programs."""
    unknown = np.isnan(row.students)
    matrix = np.zeros((len(equations), len(unknown)))
    for i, one in enumerate(equations):
        matrix[i, one.columns] = one.sign
    total = matrix @ np.nan_to_num(row.students)
    total[(matrix[:, unknown] != 0).any(axis=1)] = 0.0
    used = (matrix != 0).any(axis=0)
    bounds = np.column_stack(
        [np.where(unknown, 0.0, row.low), np.where(unknown, np.inf, row.high)]
    )[used]
    for cell in np.flatnonzero((row.is_few & (row.low < row.high))[used]):
        for sense, end in ((1.0, bounds[cell, 0]), (-1.0, bounds[cell, 1])):
            cost = np.zeros(len(bounds))
            cost[cell] = sense
            found = linprog(cost, A_eq=matrix[:, used], b_eq=total, bounds=bounds.tolist())
            if found.x is None or abs(found.x[cell] - end) > _SLACK:
                return False
    return True


def _give_up(row: SchoolRow, equations: Sequence[Equation]) -> None:
    """Tell nothing of the counts in these sums but that they are no more than the largest."""
    columns = np.unique(np.concatenate([one.columns for one in equations]))
    told = columns[~np.isnan(row.students[columns]) & (row.rank[columns] >= 0)]
    row.low[told], row.high[told] = 0.0, row.high[columns[~np.isnan(row.high[columns])]].max()
