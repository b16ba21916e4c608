"""Communities of like size: enrollment and need against the mean community."""

from __future__ import annotations

import numpy as np

from feeder.language import Message
from feeder.measures.scorecard import Value
from feeder.network.graph import FloatArray
from feeder.planning.community_totals import deviations


def largest_deviation(sums: FloatArray, what: str) -> Value:
    """Return the largest absolute relative deviation from the mean community.

    ``what`` is summed, ``students`` or ``need``.
    """
    relative = deviations(sums)
    if relative is None:
        return Value(None, Message(f"missing.no_{what}"))
    return Value(float(np.abs(relative).max()))
