"""From the groups a comparator finds to as many as are asked for."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from feeder.partition.methods.ground import Ground
from feeder.partition.problem import FloatArray, IntArray


def merged(ground: Ground, groups: IntArray, k: int) -> IntArray:
    """Merge groups until no more than ``k`` are left.

    The one with the fewest pupils joins, of those it touches, the one it has most affinity to.

    Parameters
    ----------
    ground
        The campuses.
    groups
        Shape (n,): group of each campus, whatever the numbers.

    Returns
    -------
    Shape (n,): groups numbered from 0.
    """
    groups = _renumbered(groups)
    n_groups = int(groups.max()) + 1
    enrollment = np.bincount(groups, weights=ground.enrollment)
    touching = _between(ground.contacts, groups)
    affinity = _between(ground.affinity, groups)
    home = np.arange(n_groups)
    for _ in range(n_groups - k):
        small = int(np.argmin(enrollment))
        # The contacts are connected, so every group touches another.
        pull = np.where(touching[small] > 0, affinity[small], -1.0)
        pull[small] = -1.0
        heir = int(np.argmax(pull))
        home[home == small] = heir
        enrollment[heir] += enrollment[small]
        enrollment[small] = np.inf
        for links in (touching, affinity):
            links[heir] += links[small]
            links[:, heir] += links[:, small]
            links[small] = links[:, small] = 0.0
    return _renumbered(home[groups])


def halved(ground: Ground, groups: IntArray, k: int) -> IntArray:
    """Cut groups in half until no fewer than ``k`` are there.

    The one with the most campuses is cut across its longer side, as many on either half.

    Returns
    -------
    Shape (n,): groups numbered from 0.
    """
    groups = _renumbered(groups)
    for new in range(int(groups.max()) + 1, k):
        members = np.flatnonzero(groups == np.bincount(groups).argmax())
        offset = ground.points[members] - ground.points[members].mean(axis=0)
        side = int(np.ptp(offset[:, 1]) > np.ptp(offset[:, 0]))
        order = np.argsort(offset[:, side], kind="stable")
        groups[members[order[: len(members) // 2]]] = new
    return groups


def _renumbered(groups: IntArray) -> IntArray:
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)


def _between(links: sp.csr_array[np.float64], groups: IntArray) -> FloatArray:
    """Shape (n_groups, n_groups): sum of the links between groups."""
    n = len(groups)
    member = sp.csr_array((np.ones(n), (np.arange(n), groups)), shape=(n, int(groups.max()) + 1))
    sums: FloatArray = (member.T @ links @ member).toarray()
    return sums
