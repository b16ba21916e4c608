"""A comparator over a whole problem: zone by zone, then numbered as the locks ask."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.optimize import linear_sum_assignment

from feeder.partition.methods.ground import Cluster, hosts, make_ground
from feeder.partition.methods.table import METHODS
from feeder.partition.problem import IntArray, PartitionProblem


def divide(problem: PartitionProblem, *, method: str, seed: int) -> IntArray:
    """Group the units of a problem into communities by a comparator.

    Parameters
    ----------
    problem
        What to group.
    method
        A name in :data:`~feeder.partition.methods.table.METHODS`.
    seed
        Fixes every choice, whatever the number of processors.

    Returns
    -------
    As :func:`divide_by`.

    Raises
    ------
    ValueError
        Where there is no such method.
    """
    from threadpoolctl import threadpool_limits

    if method not in METHODS:
        raise ValueError(f"no method is called {method!r}: choose one of {', '.join(METHODS)}.")
    # Sums over several threads depend on how many there are.
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Of campuses on one spot k-means makes one group, which is then cut in half.
        warnings.filterwarnings("ignore", message="Number of distinct clusters")
        return divide_by(problem, METHODS[method].cluster, seed=seed)


def divide_by(problem: PartitionProblem, cluster: Cluster, *, seed: int) -> IntArray:
    """Group the units of a problem into communities by a function that clusters one zone.

    Zones and the number of communities in each hold, unless a zone has fewer campuses than
    communities. No other constraint is sought, and nothing is repaired: judge the labels by
    :func:`~feeder.partition.broken.broken_constraints`.

    Returns
    -------
    Shape (n_units,): community of each unit. A vacant tile goes with the campus nearest to it
    over the land. Communities are numbered so that as many locks as can be hold.
    """
    host = hosts(problem)
    labels = np.zeros(problem.n_units, dtype=np.int64)
    for zone in np.unique(problem.community_zone):
        communities = np.flatnonzero(problem.community_zone == zone)
        own = problem.unit_zone == zone
        campuses = np.flatnonzero(own & (host == np.arange(problem.n_units)))
        k = min(len(communities), len(campuses))
        groups = np.arange(len(campuses)) % max(k, 1)
        if 1 < k < len(campuses):
            groups = cluster(make_ground(problem, host, campuses), k, seed)
        labels[campuses] = _numbered(problem.locked[campuses], groups, communities)
    return labels[host]


def _numbered(locked: IntArray, groups: IntArray, communities: IntArray) -> IntArray:
    """Give groups the numbers of communities: most locks hold, and the rest keep their order.

    An assignment problem (Kuhn 1955).
    """
    holds = np.zeros((len(communities), len(communities)))
    for c, community in enumerate(communities):
        holds[:, c] = np.bincount(groups[locked == community], minlength=len(communities))
    _, column = linear_sum_assignment(holds, maximize=True)
    return communities[column][groups]
