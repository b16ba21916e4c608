"""The best plan that can be put together from the communities of many plans.

A set-partitioning problem: of all communities that some feasible plan has, choose some that hold
every unit once, so that what they keep inside is the most. Solved exactly by HiGHS; what searches
found side by side in different parts of a district comes together in one plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from feeder.partition.broken import broken_constraints
from feeder.partition.problem import FloatArray, IntArray, PartitionProblem
from feeder.partition.values import homes, way_to_office

NODE_LIMIT: Final = 200
"""Branchings after which the best combination so far is taken: work, not time, so that the same
seed gives the same plan."""
MOST: Final = 4000
"""Communities considered at most: those of the best plans."""
FORBIDDEN: Final = 1e9


def combine(problem: PartitionProblem, plans: Iterable[IntArray]) -> IntArray:
    """Return the best plan made of communities of feasible plans.

    Set partitioning (Garfinkel and Nemhauser 1970).

    Parameters
    ----------
    problem
        What is partitioned.
    plans
        Feasible labels, each of shape (n_units,); at least one.

    Returns
    -------
    Shape (n_units,): labels worth at least as much as the best of ``plans``.
    """
    ranked = sorted(plans, key=lambda labels: -problem.objective(labels))
    columns = list(dict.fromkeys(column for labels in ranked for column in _communities(labels)))
    chosen = _partition(problem, columns[:MOST]) if len(ranked) > 1 else None
    if chosen is None:
        return ranked[0]
    joined = settle(problem, chosen)
    if "budgets" in broken_constraints(
        problem, joined
    ):  # of the whole plan: the parts know nothing
        return ranked[0]
    return max(joined, ranked[0], key=problem.objective)


def settle(problem: PartitionProblem, groups: list[IntArray]) -> IntArray:
    """Give groups of units the numbers of the problem's communities.

    An assignment problem (Kuhn 1955). Every group gets a number of its zone: the one its units are
    locked to, else the one that stands for the community where most of its students are today.
    """
    home = homes(problem)
    fit = np.zeros((len(groups), problem.n_communities))
    students = problem.totals[0]
    for row, units in enumerate(groups):
        at_home = units[home[units] >= 0]
        np.add.at(fit[row], home[at_home], students[at_home] / max(1.0, students.sum()))
        zone = problem.unit_zone[units].max(initial=-1)
        if zone >= 0:
            fit[row, problem.community_zone != zone] -= FORBIDDEN
        locks = problem.locked[units]
        fit[row, np.unique(locks[locks >= 0])] += FORBIDDEN / 10
    rows, numbers = linear_sum_assignment(fit, maximize=True)
    labels = np.full(problem.n_units, -1, dtype=np.int64)
    for row, number in zip(rows.tolist(), numbers.tolist(), strict=True):
        labels[groups[row]] = number
    return labels


def _communities(labels: IntArray) -> Iterator[tuple[int, ...]]:
    """Yield the units of each community."""
    order = np.argsort(labels, kind="stable")
    for units in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        yield tuple(units.tolist())


def _partition(problem: PartitionProblem, columns: list[tuple[int, ...]]) -> list[IntArray] | None:
    """Choose the columns that cover every unit once and keep the most; None where none is found."""
    n, m = problem.n_units, len(columns)
    units = np.concatenate([np.array(column) for column in columns])
    column = np.repeat(np.arange(m), [len(c) for c in columns])
    zone = np.array([problem.unit_zone[list(c)].max() for c in columns])
    bound = np.flatnonzero(zone >= 0)
    n_zones = int(problem.community_zone.max(initial=0)) + 1
    matrix = sp.csr_array(
        (
            np.ones(len(units) + len(bound)),
            (np.concatenate([units, n + zone[bound]]), np.concatenate([column, bound])),
        ),
        shape=(n + n_zones, m),
    )
    wanted = np.concatenate([np.ones(n), np.bincount(problem.community_zone, minlength=n_zones)])
    found = milp(
        -_kept_inside(problem, matrix[:n]),
        constraints=LinearConstraint(matrix, wanted, wanted),
        integrality=np.ones(m, dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"node_limit": NODE_LIMIT},
    )
    if found.x is None:
        return None
    return [np.array(columns[i]) for i in np.flatnonzero(found.x > 0.5)]  # noqa: PLR2004 - yes or no


def _kept_inside(problem: PartitionProblem, members: sp.csr_array[np.float64]) -> FloatArray:
    """Shape (n_columns,): worth of the flows and contacts inside each column, and of its office."""
    shape = (problem.n_units, problem.n_units)
    flows, land = problem.flows, problem.land
    per_student = problem.flow_weight / problem.flow_total if problem.flow_total > 0 else 0.0
    per_contact = problem.cut_weight / max(1, problem.n_contacts)
    students = per_student * flows.weight
    contacts = np.full(len(land.to), per_contact)
    worth = sp.csr_array((students, flows.to, flows.start), shape)
    worth = worth + sp.csr_array((contacts, land.to, land.start), shape)
    inside: sp.csr_array[np.float64] = sp.csr_array(members * (worth @ members))
    worths = np.bincount(inside.indices, weights=inside.data, minlength=members.shape[1]) / 2
    return worths - _ways(problem, members)


def _ways(problem: PartitionProblem, members: sp.csr_array[np.float64]) -> FloatArray:
    """Shape (n_columns,): what the way to its office takes from the worth of each column."""
    weight = problem.weights.get("office_minutes_mean", 0.0)
    columns = sp.csc_array(members)
    cost = np.zeros(members.shape[1])
    if weight and problem.offices is not None:
        per_minute = weight / max(1, int(problem.schools.sum()))
        for c, (first, last) in enumerate(pairwise(columns.indptr.tolist())):
            units = columns.indices[first:last].astype(np.int64)
            cost[c] = per_minute * way_to_office(problem.offices, problem.schools, units)[1]
    return cost
