"""Values of a partition, counted from scratch with plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import pdist
from scipy.special import entr

from feeder.partition.kernels.office import EPSILON, NOWHERE

if TYPE_CHECKING:
    from feeder.partition.problem import Offices, PartitionProblem

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
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

    Today's communities are matched (Kuhn 1955) to labels of the zone where most of their students
    are, and first of all to those that their schools are locked to.
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


def overlaps(problem: PartitionProblem, labels: IntArray) -> tuple[FloatArray, FloatArray]:
    """Shape (n_communities, n_today) each: students and schools by community and that of today."""
    origins, shape = problem.origins, (problem.n_communities, problem.n_today)
    students, schools = np.zeros(shape), np.zeros(shape)
    where = (labels[origins.unit], origins.community)
    np.add.at(students, where, origins.students)
    np.add.at(schools, where, origins.schools)
    return students, schools


def carriers(students: FloatArray, schools: FloatArray) -> IntArray:
    """Shape (n_today,): the community that carries on each one of today, of tables as above.

    The one that holds most of its students, then most of its schools, then the first.
    """
    most = students == students.max(axis=0, initial=0.0)
    first: IntArray = np.where(most, schools, -1.0).argmax(axis=0)
    return first


def disruption(problem: PartitionProblem, labels: IntArray) -> dict[str, float]:
    """Return what changes against the existing plan, each figure of ``DISRUPTIONS`` in its unit.

    Schools and students outside the community that carries on theirs, variation of information
    (Meilă 2007) in nats, and the share of the pairs of students at two schools of one community
    today that part.
    """
    students, schools = overlaps(problem, labels)
    kept = (carriers(students, schools), np.arange(problem.n_today))
    apart = (float((students.sum(axis=0) ** 2).sum()) - float((students**2).sum())) / 2
    pairs = problem.pairs_today
    return {
        "schools_moved": float(schools.sum() - schools[kept].sum()),
        "students_moved": float(students.sum() - students[kept].sum()),
        "variation_of_information": variation(students),
        "students_separated": apart / pairs if pairs > 0 else 0.0,
    }


def disruption_share(problem: PartitionProblem, labels: IntArray, name: str) -> float:
    """One figure as an objective weighs it: schools and students as shares of all placed today."""
    whole = {"schools_moved": problem.schools_today, "students_moved": problem.students_today}
    return disruption(problem, labels)[name] / max(whole.get(name, 1.0), 1.0)


def variation(students: FloatArray) -> float:
    """Variation of information between the rows and the columns of a table, in nats."""
    if students.sum() <= 0:
        return 0.0
    table = students / students.sum()
    both = entr(table).sum()
    return float(2 * both - entr(table.sum(axis=0)).sum() - entr(table.sum(axis=1)).sum())


def office_ways(problem: PartitionProblem, labels: IntArray) -> FloatArray:
    """Shape (n_communities, 2): minutes beyond the limit, and in all, to each one's best office."""
    offices = problem.offices
    if offices is None:
        return np.zeros((problem.n_communities, 2))
    groups = [np.flatnonzero(labels == c) for c in range(problem.n_communities)]
    return np.array([way_to_office(offices, problem.schools, units) for units in groups])


def way_to_office(offices: Offices, schools: IntArray, units: IntArray) -> tuple[float, float]:
    """Minutes of a community's schools beyond the limit, and in all, to its best office.

    The best has the least of the first, then the least of the second. Where no unit may hold an
    office every school counts as ``NOWHERE`` minutes away.
    """
    number = schools[units].sum()
    hosts = units[offices.hosts[units] >= number]
    if not len(hosts):
        return NOWHERE * number, NOWHERE * number
    pairs = np.ix_(units, hosts)
    late, reach = offices.beyond[pairs].sum(axis=0), offices.travel[pairs].sum(axis=0)
    near = np.flatnonzero(late <= late.min() + EPSILON)
    best = near[np.argmin(reach[near])]
    return float(late[best]), float(reach[best])


def office_minutes(problem: PartitionProblem, labels: IntArray) -> float:
    """Mean minutes of a school to the office of its community."""
    reach = float(office_ways(problem, labels)[:, 1].sum())
    return reach / max(1, int(problem.schools.sum()))
