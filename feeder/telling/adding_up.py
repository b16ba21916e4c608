"""Parts that add up to their total as they are shown."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from feeder.terms import DECIMALS, SHARE, SUM_SLACK

FloatArray = npt.NDArray[np.float64]
SHARE_DECIMALS: Final = DECIMALS[SHARE] + 2
"""Decimals of a share that is told in percent."""


def adding_up(parts: npt.ArrayLike, decimals: int) -> FloatArray:
    """Round parts so that what is shown of them adds up to their total as it is shown.

    Each is rounded down; what is left over goes, one unit of the last decimal each, to the largest
    remainders, and to whoever comes first where these are the same: Hamilton's method (Balinski
    and Young 1982). No part is off by a whole unit.

    Parameters
    ----------
    parts
        Shape (n,): parts of one total, 0 or more; what is not a number stays so.
    decimals
        Decimals that are shown: two more of a share than of its percent.

    Examples
    --------
    >>> adding_up([0.333, 0.333, 0.334], 2).tolist()
    [0.33, 0.33, 0.34]
    """
    told = np.array(parts, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(told))
    unit = 10.0**decimals
    quotas = told[known] * unit
    whole = np.floor(quotas + SUM_SLACK)
    left = int(np.round(quotas.sum()) - whole.sum())
    most = np.argsort(-np.round(quotas - whole, 9), kind="stable")[: max(0, left)]
    whole[most] += 1.0
    told[known] = whole / unit
    return told
