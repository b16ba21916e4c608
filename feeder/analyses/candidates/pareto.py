"""Which of many plans to show: those that nothing beats, and among them a few that differ.

Plans come as arrays: ``gains``, of shape (n_plans, n_measures), where more is better in every
column, and the community of every school.
"""

from __future__ import annotations

import numpy as np

from feeder.network.graph import BoolArray, FloatArray, IntArray


def undominated(gains: FloatArray) -> BoolArray:
    """Shape (n_plans,): the Pareto set (Miettinen 1999).

    A plan is out where another is at least as good at everything and better at something.
    """
    kept = [not ((gains >= own).all(axis=1) & (gains > own).any(axis=1)).any() for own in gains]
    return np.array(kept, dtype=np.bool_)


def parted(homes: IntArray, students: FloatArray) -> FloatArray:
    """Shape (n_plans, n_plans): how differently two plans group the students, 0 to 1.

    Of all pairs of students of two schools that share a community in one plan or in the other,
    the share that does so in one of the two only: the Jaccard distance of the pairs
    (Jaccard 1912).

    Parameters
    ----------
    homes
        Shape (n_plans, n_schools): community of each school; -1 is none.
    students
        Shape (n_schools,): enrollment.
    """
    placed = (homes >= 0).all(axis=0)
    homes, students = homes[:, placed], students[placed]
    own = float((students**2).sum())
    n, communities = len(homes), int(homes.max(initial=0)) + 1
    shared = np.zeros((n, n))
    for a in range(n):
        for b in range(a, n):
            table = np.zeros((communities, communities))
            np.add.at(table, (homes[a], homes[b]), students)
            shared[a, b] = shared[b, a] = float((table**2).sum()) - own
    alone = np.diag(shared)
    either = alone[:, None] + alone[None, :] - shared
    return np.where(either > 0, 1 - shared / np.where(either > 0, either, 1.0), 0.0)


def leads(gains: FloatArray, least: FloatArray, span: FloatArray) -> FloatArray:
    """Shape (n_plans, n_plans): how far the row's plan is ahead of the column's, at its best.

    The largest lead at any measure, as a share of ``span``; 0 where no lead is worth telling.

    Parameters
    ----------
    gains
        Shape (n_plans, n_measures).
    least
        Shape (n_measures,): the smallest lead worth telling.
    span
        Shape (n_measures,): the whole range of each measure.
    """
    ahead = gains[:, None, :] - gains[None, :, :]
    shares = ahead / np.where(span > 0, span, 1.0)
    return np.asarray(np.where(ahead >= least, shares, 0.0).max(axis=2), dtype=np.float64)


def spread(
    lead: FloatArray, apart: FloatArray, best: BoolArray, *, first: int, n: int
) -> tuple[int, ...]:
    """Choose up to ``n`` plans, each ahead of every other chosen one at some measure.

    After farthest-first traversal (Gonzalez 1985): the plan ``first`` comes first, then, one by
    one, the plan whose least ``lead`` times ``apart`` against those chosen is largest: ahead of
    each at something, and another plan. Plans that are best at a measure at which no chosen one is
    go before all others. Fewer are returned where no plan is left that leads, and is led by, every
    chosen one.

    Parameters
    ----------
    lead
        Shape (n_plans, n_plans): as :func:`leads` returns it.
    apart
        Shape (n_plans, n_plans): as :func:`parted` returns it.
    best
        Shape (n_plans, n_measures): whether a plan is as good as the best at a measure.
    """
    worth = np.where((lead > 0) & (lead.T > 0), lead * apart, 0.0)
    chosen = [first]
    while len(chosen) < n:
        # Rounded, so that the last bits of a sum decide no tie.
        left = np.round(worth[:, chosen].min(axis=1), 9)
        new = np.asarray((best & ~best[chosen].any(axis=0)).any(axis=1), dtype=np.bool_)
        pick = max(range(len(left)), key=lambda k: (left[k] > 0, new[k], left[k], -k))
        if left[pick] <= 0:
            break
        chosen.append(pick)
    return tuple(chosen)
