"""Communities of like size: enrollment and need against the mean community."""

from __future__ import annotations

import numpy as np

from feeder.language import Message
from feeder.measures.scorecard import Value
from feeder.network.graph import FloatArray


def deviations(sums: FloatArray) -> FloatArray | None:
    """Return each community's relative deviation from the mean; None where the mean is 0."""
    mean = sums.mean() if len(sums) else 0.0
    return sums / mean - 1.0 if mean > 0 else None


def largest_deviation(sums: FloatArray, what: str) -> Value:
    """Return the largest absolute relative deviation from the mean community.

    ``what`` is summed, ``students`` or ``need``.
    """
    relative = deviations(sums)
    if relative is None:
        return Value(None, Message(f"missing.no_{what}"))
    return Value(float(np.abs(relative).max()))
