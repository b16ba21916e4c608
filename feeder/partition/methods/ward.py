"""Ward's method over the land (Ward 1963; with contacts, scikit-learn)."""

from __future__ import annotations

import numpy as np

from feeder.partition.methods.ground import Ground
from feeder.partition.problem import FloatArray, IntArray


def cluster(ground: Ground, k: int, seed: int) -> IntArray:  # noqa: ARG001 - nothing is drawn
    """Merge touching groups, those first that add least to the spread within groups.

    A campus is described by where it stands and by where the pupils it exchanges come from and
    go on the whole (where it stands itself, if it exchanges none), in meters.

    Returns
    -------
    Shape (n,): community of each campus, 0 to ``k - 1``; each touches itself all over.
    """
    from sklearn.cluster import AgglomerativeClustering

    exchanged: FloatArray = np.asarray(ground.flows.sum(axis=1), dtype=np.float64)
    partners = (ground.flows @ ground.points) / np.maximum(exchanged, 1e-9)[:, None]
    partners = np.where(exchanged[:, None] > 0, partners, ground.points)
    model = AgglomerativeClustering(n_clusters=k, linkage="ward", connectivity=ground.contacts)
    labels = model.fit_predict(np.concatenate([ground.points, partners], axis=1))
    return np.asarray(labels, dtype=np.int64)
