"""Which constraints a partition breaks: counted from its labels alone, whoever made them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from feeder.partition import values
from feeder.partition.problem import (
    MIN_ANCHOR,
    N_GRADES,
    BoolArray,
    IntArray,
    PartitionProblem,
)
from feeder.terms import SUM_SLACK


def broken_constraints(problem: PartitionProblem, labels: IntArray) -> dict[str, IntArray]:
    """Return the communities that break each constraint.

    Parameters
    ----------
    problem
        What a community must keep.
    labels
        Shape (n_units,): community of each unit.

    Returns
    -------
    Communities, ascending, by constraint: ``land`` in pieces or none, ``anchors`` of landless
    units, ``schools``, ``totals``, ``grades``, ``zones``, ``locks``, ``offices``, ``budgets`` (of
    the whole plan, so every community), ``together`` and ``apart``. A constraint that is kept is
    missing, so none is broken where nothing is returned.
    """
    found = {name: np.unique(communities) for name, communities in _broken(problem, labels)}
    return {name: communities for name, communities in found.items() if len(communities)}


def communities_broken(problem: PartitionProblem, labels: IntArray) -> int:
    """Count the communities that break any constraint."""
    broken = broken_constraints(problem, labels).values()
    return len(set(np.concatenate([[], *broken]).tolist()))


def _broken(problem: PartitionProblem, labels: IntArray) -> Iterator[tuple[str, IntArray]]:
    k = problem.n_communities
    yield "land", np.flatnonzero(_pieces(problem, labels) != 1)
    yield "anchors", labels[_loose(problem, labels)]
    schools = np.bincount(labels, weights=problem.schools, minlength=k)
    fewest, most = problem.school_bounds
    yield "schools", np.flatnonzero((schools < fewest) | (schools > most))
    totals = np.stack([np.bincount(labels, weights=row, minlength=k) for row in problem.totals])
    low, high = problem.totals_low[:, None] - SUM_SLACK, problem.totals_high[:, None] + SUM_SLACK
    yield "totals", np.flatnonzero(((totals < low) | (totals > high)).any(axis=0))
    bits = (problem.grades[:, None] >> np.arange(N_GRADES)) & 1
    serving = np.zeros((k, N_GRADES))
    np.add.at(serving, labels, bits)
    required = (problem.required_grades >> np.arange(N_GRADES)) & 1
    yield "grades", np.flatnonzero(((serving == 0) & (required == 1)).any(axis=1))
    zone = problem.unit_zone
    yield "zones", labels[(zone >= 0) & (zone != problem.community_zone[labels])]
    yield "locks", labels[(problem.locked >= 0) & (problem.locked != labels)]
    together, apart = labels[problem.together], labels[problem.apart]
    if problem.offices is not None and problem.offices.most is not None:
        yield "offices", np.flatnonzero(values.office_ways(problem, labels)[:, 0] > SUM_SLACK)
    if problem.budgets:
        spent = values.disruption(problem, labels)
        over = any(spent[name] > most + SUM_SLACK for name, most in sorted(problem.budgets.items()))
        yield "budgets", np.arange(k if over else 0)
    yield "together", together[together[:, 0] != together[:, 1]].ravel()
    yield "apart", apart[apart[:, 0] == apart[:, 1]].ravel()


def _pieces(problem: PartitionProblem, labels: IntArray) -> IntArray:
    """Shape (n_communities,): pieces that the land of each community lies in."""
    n = problem.n_units
    tail = np.repeat(np.arange(n), np.diff(problem.land.start))
    same = labels[tail] == labels[problem.land.to]
    ends = (tail[same], problem.land.to[same])
    links = sp.coo_array((np.ones(int(same.sum())), ends), shape=(n, n))
    piece = connected_components(links, directed=False)[1]
    landed = np.flatnonzero(problem.has_land)
    first = landed[np.unique(piece[landed], return_index=True)[1]]
    return np.bincount(labels[first], minlength=problem.n_communities)


def _loose(problem: PartitionProblem, labels: IntArray) -> BoolArray:
    """Shape (n_units,): landless units with too little of their area on their community."""
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.anchors.start))
    own = labels[tail] == labels[problem.anchors.to]
    share = np.bincount(tail, weights=problem.anchors.weight * own, minlength=problem.n_units)
    loose: BoolArray = ~problem.has_land & (share < MIN_ANCHOR - SUM_SLACK)
    return loose
