"""Values of a partition, counted from scratch with plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import pdist

if TYPE_CHECKING:
    from feeder.partition.problem import PartitionProblem

IntArray = npt.NDArray[np.int64]
KM: Final = 1000.0


def kept_share(problem: PartitionProblem, labels: IntArray) -> float:
    """Share of students who change school without leaving their community; 1 if none do."""
    if problem.flow_total <= 0:
        return 1.0
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.flows.start))
    same = labels[tail] == labels[problem.flows.to]
    return float((problem.flow_inside + problem.flows.weight[same].sum() / 2) / problem.flow_total)


def cut_share(problem: PartitionProblem, labels: IntArray) -> float:
    """Share of land contacts whose two ends lie in different communities."""
    if problem.n_contacts == 0:
        return 0.0
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.land.start))
    return float((labels[tail] != labels[problem.land.to]).mean())


def diameter_km(problem: PartitionProblem, labels: IntArray) -> float:
    """Longest way, in km in the plane, between two campuses of one community."""
    campus = problem.schools > 0
    groups = [problem.points[campus & (labels == c)] for c in range(problem.n_communities)]
    return max((float(pdist(group).max(initial=0.0)) / KM for group in groups), default=0.0)


def deviation(problem: PartitionProblem, labels: IntArray, row: int) -> float:
    """Largest deviation of a community's total, as a share of the mean community's."""
    total = np.bincount(labels, weights=problem.totals[row], minlength=problem.n_communities)
    mean = problem.totals[row].sum() / problem.n_communities
    return float(np.abs(total - mean).max() / mean) if mean > 0 else 0.0


def homes(problem: PartitionProblem) -> IntArray:
    """Shape (n_units,): the label that stands for each unit's community today; -1 is none.

    Today's communities are matched to labels of the zone where most of their students are, and
    first of all to those that their schools are locked to.
    """
    today, zone, locked = problem.today, problem.unit_zone, problem.locked
    inside = np.zeros((problem.n_today, int(problem.community_zone.max(initial=0)) + 1))
    placed = np.flatnonzero((today >= 0) & (zone >= 0))
    np.add.at(inside, (today[placed], zone[placed]), 1.0 + problem.totals[0][placed])
    fit = inside[:, problem.community_zone]
    bound = np.flatnonzero((today >= 0) & (locked >= 0))
    np.add.at(fit, (today[bound], locked[bound]), 1.0 + fit.sum())
    rows, labels = linear_sum_assignment(fit, maximize=True)
    label = np.full(problem.n_today + 1, -1, dtype=np.int64)  # the last stands for -1
    label[rows] = labels
    home: IntArray = label[today]
    return home


def moved_share(problem: PartitionProblem, labels: IntArray) -> float:
    """Share of the students with a community today whose campus leaves it."""
    home = homes(problem)
    known = home >= 0
    all_students = problem.students_today
    moved = float(problem.totals[0][known & (labels != home)].sum())
    return moved / all_students if all_students > 0 else 0.0


def separated_share(problem: PartitionProblem, labels: IntArray) -> float:
    """Share of the pairs of students on two campuses of one community today that part."""
    before = problem.pairs_today
    if before <= 0:
        return 0.0
    return 1.0 - pairs_together(problem, labels * problem.n_today + problem.today) / before


def pairs_together(problem: PartitionProblem, group: IntArray) -> float:
    """Pairs of students on two campuses of one group, of campuses that have a community today."""
    placed = problem.today >= 0
    students = problem.totals[0][placed]
    _, inverse = np.unique(group[placed], return_inverse=True)
    together = np.bincount(inverse, weights=students)
    return float((together**2).sum() - (students**2).sum()) / 2
