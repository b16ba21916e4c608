"""Seats: how many students a school has room for in each grade, as far as its enrollment tells."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import GRADE_COLUMNS, K12_MASK

PARTS_OF_A_SEAT: Final = 8
"""Seats are told in eighths, so that sums of them agree to the last bit in any order."""
_K12: Final = [name for name in GRADE_COLUMNS if name not in {"PK", "UN"}]


def seats_by_grade(
    schools: pd.DataFrame, grade_enrollment: pd.DataFrame | None
) -> npt.NDArray[np.float64]:
    """Shape (n_schools, 13): seats of each school in each grade from K to 12.

    Students enrolled in the grade where they are counted, else enrollment / grades served; 0 in a
    grade that the school does not serve.

    Parameters
    ----------
    schools
        Rows of ``District.schools``.
    grade_enrollment
        As ``District.grade_enrollment``.

    Examples
    --------
    >>> seats = seats_by_grade(district.schools, None)
    >>> float(seats[0].sum()) == district.schools["enrollment"].iloc[0]
    True
    """
    masks = schools["grades"].to_numpy(dtype=np.int64) & K12_MASK
    serves = (masks[:, None] >> np.arange(len(_K12))) & 1 == 1
    served = np.maximum(serves.sum(axis=1), 1)
    even = (schools["enrollment"].to_numpy(dtype=np.float64) / served)[:, None]
    seats = np.broadcast_to(even, serves.shape)
    if grade_enrollment is not None:
        counted = grade_enrollment.reindex(schools.index)[_K12].to_numpy(dtype=np.float64)
        seats = np.where(np.isnan(counted), seats, counted)
    return np.where(serves, np.round(seats * PARTS_OF_A_SEAT) / PARTS_OF_A_SEAT, 0.0)
