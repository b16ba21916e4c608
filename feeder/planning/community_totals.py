"""Sums by community, school or tile: the one place where rows add up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from feeder.network.graph import FloatArray, IntArray


def totals(weights: npt.ArrayLike, group: IntArray, n: int) -> FloatArray:
    """Shape (n,): sum of the weights by group; rows in group -1 are left out."""
    weights = np.asarray(weights, dtype=np.float64)
    placed = group >= 0
    return np.bincount(group[placed], weights[placed], minlength=n).astype(np.float64)


def deviations(sums: FloatArray) -> FloatArray | None:
    """Return each community's relative deviation from the mean; None where the mean is 0."""
    mean = sums.mean() if len(sums) else 0.0
    return sums / mean - 1.0 if mean > 0 else None
