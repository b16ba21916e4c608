"""Which counts are few, and what is told of them instead: primary suppression, by range.

Cells under ten, and bottom and top coding of parts (everyone, nobody), as statistical offices and
the guidance on FERPA have it (Hundepool and others 2012).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from feeder.network.graph import BoolArray, FloatArray

SMALLEST: Final = 10
"""Fewest students of a count that is told."""
LARGEST_FEW: Final = SMALLEST - 1
"""Most students of a count that is not told."""
_HALF: Final = 0.5

Ends = tuple[FloatArray, FloatArray]
"""The least and the most that cells may be: two arrays of their shape."""


def is_few(students: FloatArray) -> BoolArray:
    """Whether each cell counts somebody, but fewer than SMALLEST; a missing cell does not."""
    return np.asarray((students > 0) & (students < SMALLEST), dtype=np.bool_)


def whole_counts(students: FloatArray) -> Ends:
    """Return what is told of counts of students: 1 to 9 where they are few."""
    few = is_few(students)
    return np.where(few, 1.0, students), np.where(few, float(LARGEST_FEW), students)


def fractions(students: FloatArray) -> Ends:
    """Return what is told of students that may be fractions: 0 to 10 where they are few."""
    few = is_few(students)
    return np.where(few, 0.0, students), np.where(few, float(SMALLEST), students)


def parts_of(students: FloatArray, whole: FloatArray, most: FloatArray | None = None) -> Ends:
    """Return what is told of parts of a whole: not whether it is nobody or all but a few.

    Parameters
    ----------
    students, whole
        The part and the whole it belongs to; NaN is unknown.
    most
        What is told of the whole at most; None where the whole is told.

    Returns
    -------
    0 to 9 where the part is fewer than SMALLEST, all but 9 to all where fewer than SMALLEST are
    left, 0 to all where both can be so: of a whole so small, which of the two it is would say more.
    """
    # A part may be a rate times its whole: a little off a whole number.
    can_be_both = (whole < SMALLEST + LARGEST_FEW - _HALF) & ~np.isnan(students)
    is_low = (students < SMALLEST - _HALF) | can_be_both
    is_high = (whole - students < SMALLEST - _HALF) | can_be_both
    least = np.where(is_high, np.maximum(whole - LARGEST_FEW, 0.0), students)
    top = np.where(is_low, float(LARGEST_FEW), students)
    return (
        np.where(is_low, 0.0, np.minimum(least, students)),
        np.where(is_high, whole if most is None else most, np.maximum(top, students)),
    )
