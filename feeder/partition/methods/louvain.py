"""Louvain's method on flows and contacts (Blondel and others 2008; networkx)."""

from __future__ import annotations

import numpy as np

from feeder.partition.methods.ground import Ground
from feeder.partition.methods.groups import merged
from feeder.partition.problem import IntArray


def cluster(ground: Ground, k: int, seed: int) -> IntArray:
    """Find groups of high modularity (Newman and Girvan 2004), as many as are asked for.

    Left alone the method chooses their number itself. Its resolution is doubled until it finds
    ``k`` or more; then the smallest merge (:func:`~feeder.partition.methods.groups.merged`).

    Returns
    -------
    Shape (n,): community of each campus, 0 to ``k - 1``.
    """
    import networkx as nx

    graph = nx.from_scipy_sparse_array(ground.affinity)
    resolution, found = 1.0, list[set[int]]()
    while len(found) < k:
        found = nx.community.louvain_communities(graph, resolution=resolution, seed=seed)
        resolution *= 2
    groups = np.zeros(ground.n, dtype=np.int64)
    for group, members in enumerate(found):
        groups[sorted(members)] = group
    return merged(ground, groups, k)
