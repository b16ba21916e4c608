"""Counts that add up to a known total: who must become a range so that none gives another away.

Secondary suppression, the gentlest that does it. Where few students are hidden in a total that is
known, the largest told count of the total becomes their *partner*: it is told as a range just as
wide as the hidden ones are together. The range is the total less what is told, less what the
hidden ones may be: no more than what anyone could work out who knows the total, so its ends give
away nothing either. The largest, since a range of 116 to 124 says more of 120 than one of 8 to 16
says of 12, and a map keeps its main flows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.publishing.primary import LARGEST_FEW, SMALLEST

_SLACK: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sum:
    """Counts whose signed sum anyone knows.

    Attributes
    ----------
    students
        Shape (n,): the true counts.
    low, high
        Shape (n,): what is told of each so far.
    sign
        Shape (n,): 1 for a part, -1 for the whole they add up to, where it is a count too.
    is_few
        Shape (n,): counts to protect.
    rank
        Shape (n,): who becomes a partner first, the smallest rank; negative never does.
    """

    students: FloatArray
    low: FloatArray
    high: FloatArray
    sign: FloatArray
    is_few: BoolArray
    rank: FloatArray

    @property
    def is_open(self) -> BoolArray:
        """Shape (n,): counts that are told as a range."""
        return self.low < self.high


def completed(told: Sum) -> tuple[FloatArray, FloatArray]:
    """Return the ends of every count, with as many partners as it takes.

    Where no told count is left, or those that are left are too small to hide anybody, all open
    counts are told alike: each may be whatever the others leave of their sum.
    """
    low, high = told.low.copy(), told.high.copy()
    free = np.flatnonzero((low == high) & (told.rank >= 0) & (told.students > 0))
    order = free[np.lexsort((-told.students[free], told.rank[free]))]
    is_open = told.is_open
    if _is_safe(told, low, high):
        return low, high
    may_move = is_open | (told.rank >= 0)
    if (told.sign[may_move] > 0).all() and not told.rank[order].any():
        return _with_largest(told, order)
    for partner in order.tolist():
        if _is_safe(told, low, high):
            break
        _open(told, low, high, partner)
        is_open[partner] = True
    return (low, high) if _is_safe(told, low, high) else _alike(told, low, high, is_open)


def _with_largest(told: Sum, order: IntArray) -> tuple[FloatArray, FloatArray]:
    """Open the largest counts of a sum, so many that who they are tells nothing either.

    That the partner is the largest says that it is no less than the next one, which may be more
    than its range says. So where the range reaches down to the next count, that one becomes a
    partner too, and so on. Several partners are told alike, from what they are together: at most a
    step of the hidden counts' width apart, since fewer of them were not enough.

    Parameters
    ----------
    told
        Parts of a whole that stays as it is, none of which goes before another by its rank.
    order
        The told counts, the largest first.
    """
    hidden = told.is_open
    rest = told.low[hidden].sum(), told.high[hidden].sum()
    together = float(told.students[hidden].sum())
    width = float(rest[1] - rest[0])
    for n, partner in enumerate(order.tolist(), start=1):
        together += float(told.students[partner])
        following = float(told.students[order[n]]) if n < len(order) else 0.0
        least, most = (together - end for end in rest[::-1])
        # Several counts of one sum cannot be nearer to each other than to a whole student.
        if least / n - 1 > following and least / n - (n > 1) >= SMALLEST:
            apart = (width + n) * (n > 1)
            low, high = told.low.copy(), told.high.copy()
            opened = order[:n]
            low[opened] = max(np.floor(least / n - apart + _SLACK), np.ceil(following), SMALLEST)
            high[opened] = np.ceil(most / n + apart - _SLACK)
            return low, high
    low, high = told.low.copy(), told.high.copy()
    is_open = hidden.copy()
    is_open[order] = True
    return _alike(told, low, high, is_open)


def _signed(told: Sum, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each count adds to the sum."""
    plus = told.sign > 0
    return np.where(plus, low, -high), np.where(plus, high, -low)


def _is_safe(told: Sum, low: FloatArray, high: FloatArray) -> bool:
    """Whether the sum narrows no count that is to be protected."""
    hidden = told.is_few & (low < high)
    if not hidden.any():
        return True
    known = float(told.sign @ told.students)
    least, most = _signed(told, low, high)
    width = (most - least)[hidden].max()
    return bool(most.sum() - width >= known - _SLACK and least.sum() + width <= known + _SLACK)


def _open(told: Sum, low: FloatArray, high: FloatArray, partner: int) -> None:
    """Give a told count the range that the open ones leave it; a partner is no small count."""
    known = float(told.sign @ told.students)
    least, most = _signed(told, low, high)
    own = told.sign[partner] * told.students[partner]
    ends = known - (most.sum() - own), known - (least.sum() - own)
    if told.sign[partner] < 0:
        ends = -ends[1], -ends[0]
    low[partner] = max(np.floor(ends[0] + _SLACK), min(SMALLEST, told.students[partner]))
    high[partner] = np.ceil(ends[1] - _SLACK)


def _alike(
    told: Sum, low: FloatArray, high: FloatArray, is_open: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Tell of each open part what the others leave of what they are together."""
    parts = is_open & (told.sign > 0)
    together = float(told.students[parts].sum())
    floor = np.where(parts, np.minimum(low, told.low), 0.0)
    floor[parts & (floor >= SMALLEST)] = min(1.0, floor[parts].min(initial=1.0))
    most = np.maximum(np.floor(together) - (floor.sum() - floor), LARGEST_FEW)
    low = np.where(parts, floor, low)
    return low, np.where(parts, np.maximum(high, most), high)
