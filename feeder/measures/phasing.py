"""Phase-in by entering grade: who is under the new plan, year by year.

A school that changes community need not change at once. Where only pupils who enter it, at its
lowest grade, follow the new plan from the first year on, everybody else finishes under the old
one. Enrollment by grade is taken to stay as it is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from feeder.district.grades import grade_label, span_label
from feeder.district.model import GRADE_COLUMNS, K12_MASK, District
from feeder.measures.difference import Difference
from feeder.measures.units import with_units
from feeder.network.graph import FloatArray, IntArray

_UNGRADED = GRADE_COLUMNS.index("UN")


def phase_in(difference: Difference) -> pd.DataFrame:
    """Return, one row a year from the first, who of the moved schools is under which plan.

    Columns: ``year``, ``grades`` (those under the new plan in some moved school), ``new`` and
    ``old`` (students; they add up to the students of the moved schools in every year), ``complete``
    (moved schools wholly under the new plan). The last year is the first in which all are; the
    table is empty where no school moves.
    """
    moved = np.array(difference.before.network.graph.school_ids, dtype=object)[difference.moved]
    district = difference.before.district
    pupils, place = students_by_year(district, list(moved))
    last = int(np.where(pupils > 0, place, 0).max(initial=0)) if len(moved) else 0
    masks = district.schools["grades"].reindex(moved).to_numpy(np.int64)
    rows = []
    for year in range(1, last + 1):
        under = place <= year
        rows.append(
            {
                "year": year,
                "grades": span_label(_reached(masks, place, year)),
                "new": float(pupils[under].sum()),
                "old": float(pupils[~under].sum()),
                "complete": int(((pupils <= 0) | under).all(axis=1).sum()),
            }
        )
    columns = ["year", "grades", "new", "old", "complete"]
    units = {"year": "year", "new": "students", "old": "students", "complete": "schools"}
    return with_units(
        pd.DataFrame(rows, columns=columns), {name: units.get(name, "") for name in columns}
    )


def students_by_year(district: District, schools: list[str]) -> tuple[FloatArray, FloatArray]:
    """Return the students of each school by grade, and the year in which each grade follows.

    Two arrays of shape (n_schools, n_grades), grades as in ``GRADE_COLUMNS``. Where a school has no
    enrollment by grade, its students are spread evenly over the grades it serves. Pupils without a
    grade follow in the first year.
    """
    table = district.schools.reindex(schools)
    masks = table["grades"].to_numpy(np.int64)
    bits = [1 << 13, *(1 << grade for grade in range(13))]
    serves = np.array([[bool(mask & bit) for bit in bits] for mask in masks]).reshape(-1, 14)
    served = np.maximum(serves.sum(axis=1), 1)
    even = serves * (table["enrollment"].to_numpy(np.float64) / served)[:, None]
    pupils = np.zeros((len(schools), len(GRADE_COLUMNS)))
    pupils[:, :_UNGRADED] = even
    pupils[:, _UNGRADED] = np.where(serves.any(axis=1), 0.0, table["enrollment"])
    if district.grade_enrollment is not None:
        known = district.grade_enrollment.reindex(schools)[list(GRADE_COLUMNS)].to_numpy(np.float64)
        given = ~np.isnan(known).any(axis=1)
        pupils[given] = known[given]
    lowest = np.where(pupils[:, :_UNGRADED] > 0, np.arange(_UNGRADED), _UNGRADED).min(axis=1)
    place = np.maximum(np.arange(len(GRADE_COLUMNS)) - lowest[:, None] + 1, 1).astype(np.float64)
    place[:, _UNGRADED] = 1
    return pupils, place


def entering_grades(district: District, schools: list[str]) -> tuple[str, ...]:
    """Return the lowest grades of schools, each once, ascending."""
    masks = {int(mask) & K12_MASK for mask in district.schools["grades"].reindex(schools)}
    lowest = sorted({(mask & -mask).bit_length() - 1 for mask in masks if mask})
    return tuple(grade_label(grade) for grade in lowest)


def _reached(masks: IntArray, place: FloatArray, year: int) -> int:
    """Return the grades, as a mask, that some school serves and that follow by a year."""
    reached = 0
    bits = [1 << 13, *(1 << grade for grade in range(13))]
    for mask, years in zip(masks.tolist(), place, strict=True):
        for bit, first in zip(bits, years, strict=False):
            if first <= year:
                reached |= mask & bit
    return reached
