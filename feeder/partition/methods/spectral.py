"""Spectral clustering on flows and contacts (Ng, Jordan and Weiss 2001; scikit-learn)."""

from __future__ import annotations

import numpy as np

from feeder.partition.methods.ground import Ground
from feeder.partition.methods.groups import halved
from feeder.partition.problem import IntArray


def cluster(ground: Ground, k: int, seed: int) -> IntArray:
    """Group campuses by k-means on the smoothest waves over their affinity.

    Returns
    -------
    Shape (n,): community of each campus, 0 to ``k - 1``.
    """
    from sklearn.cluster import SpectralClustering

    model = SpectralClustering(n_clusters=k, affinity="precomputed", random_state=seed)
    labels = np.asarray(model.fit_predict(ground.affinity), dtype=np.int64)
    return halved(ground, labels, k)
