"""Each high school with its feeders: the plan most districts would draw first."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from feeder.partition.methods.ground import Ground
from feeder.partition.methods.groups import halved, merged
from feeder.partition.problem import IntArray


def cluster(ground: Ground, k: int, seed: int) -> IntArray:  # noqa: ARG001 - nothing is drawn
    """Give every campus to the high school to which most of its pupils lead in the end.

    High schools are the campuses with the highest grade of all. Pupils go from the campus that
    ends lower to the one that ends higher (a problem's flows have no direction of their own) as
    the flows divide them, which is an absorbing chain (Kemeny and Snell 1960) with the high schools
    at its ends; a campus that leads to none of them goes to the nearest. Where there are more high
    schools than communities, families merge (:func:`~feeder.partition.methods.groups.merged`);
    where fewer, the largest are cut in half.

    Returns
    -------
    Shape (n,): community of each campus, 0 to ``k - 1``.
    """
    top = np.frexp(ground.grades)[1]  # bits in use: one more than the highest grade
    high = np.flatnonzero(top == top.max())
    a, b = ground.flows.nonzero()
    up = top[a] < top[b]
    weight = ground.flows[a, b][up] if len(a) else np.zeros(0)
    feeds = sp.csr_array((weight, (a[up], b[up])), shape=(ground.n, ground.n))
    leads = np.zeros((ground.n, len(high)))
    leads[high, np.arange(len(high))] = 1.0
    for grade in sorted(set(top.tolist()) - {int(top.max())}, reverse=True):
        senders = np.flatnonzero(top == grade)
        sent = np.maximum(feeds[senders].sum(axis=1), 1e-9)
        leads[senders] = (feeds[senders] @ leads) / sent[:, None]
    nearest = cKDTree(ground.points[high]).query(ground.points)[1]
    family = np.where(leads.any(axis=1), leads.argmax(axis=1), nearest)
    return halved(ground, merged(ground, family, k), k)
