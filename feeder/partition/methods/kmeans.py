"""k-means on places (Lloyd 1982; scikit-learn)."""

from __future__ import annotations

from typing import Final

import numpy as np

from feeder.partition.methods.ground import Ground
from feeder.partition.methods.groups import halved
from feeder.partition.problem import IntArray

STARTS: Final = 10
"""Times it starts anew; the tightest outcome counts."""


def cluster(ground: Ground, k: int, seed: int) -> IntArray:
    """Give every campus to the nearest of ``k`` centers, each in the middle of its campuses.

    Returns
    -------
    Shape (n,): community of each campus, 0 to ``k - 1``.
    """
    from sklearn.cluster import KMeans

    model = KMeans(n_clusters=k, n_init=STARTS, random_state=seed)
    labels = np.asarray(model.fit_predict(ground.points), dtype=np.int64)
    return halved(ground, labels, k)
