"""Digits of the headlines that are told: what the audit proves is what readers see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Digits = Mapping[str, int | None]
"""Decimals that are told of each headline; None where it is told as its range only."""
SHARE_DECIMALS: Final = 3
"""Decimals of a headline share: a tenth of a percent."""
WHOLE_PERCENT: Final = 2
"""Decimals of a share that is told in whole percents, the fewest that are told."""


def told_as(value: float, decimals: int) -> float:
    """Return a figure rounded as every text shows it.

    Shares are shown in percent, so it is the percent that is rounded: 0.9545 is 95.45 percent, and
    on which side of the tie it lies may differ between the two.

    Examples
    --------
    >>> told_as(0.9545, 3), told_as(12.0, 0)
    (0.955, 12.0)
    """
    return round(round(100.0 * value, decimals - 2) / 100.0, decimals)
