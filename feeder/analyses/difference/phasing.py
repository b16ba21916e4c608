"""Phase-in by entering grade: who is under the new plan, year by year.

A school that changes community need not change at once. Where only pupils who enter it, at its
lowest grade, follow the new plan from the first year on, everybody else finishes under the old
one. Enrollment by grade is taken to stay as it is.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from feeder.analyses.difference.between import Difference
from feeder.district.model import GRADE_COLUMNS, PK_BIT, District
from feeder.district.schools.grade_systems import GradeSystem
from feeder.district.schools.grades import grade_label, span_label
from feeder.network.graph import BoolArray, FloatArray
from feeder.telling.units import with_units

_UNGRADED: Final = GRADE_COLUMNS.index("UN")
_BITS: Final = np.array([PK_BIT, *(1 << grade for grade in range(13))])
"""The bit of each grade in a mask of grades, in the order of ``GRADE_COLUMNS``: PK first."""


def phase_in(difference: Difference) -> pd.DataFrame:
    """Return, one row a year from the first, who of the moved schools is under which plan.

    Columns: ``year``, ``grades_new`` and ``grades_old`` (those under either plan in some moved
    school), ``new`` and ``old`` (students; they add up to the students of the moved schools in
    every year), ``complete`` (moved schools wholly under the new plan). The last year is the
    first in which all are; the table is empty where no school moves.
    """
    moved = np.array(difference.before.network.graph.school_ids, dtype=object)[difference.moved]
    district = difference.before.district
    pupils, place = students_by_year(district, list(moved))
    last = int(np.where(pupils > 0, place, 0).max(initial=0)) if len(moved) else 0
    serves = _serves(district, list(moved))
    rows = []
    system = district.grade_system
    for year in range(1, last + 1):
        under = place <= year
        rows.append(
            {
                "year": year,
                "grades_new": _grades(serves & under[:, :_UNGRADED], system),
                "grades_old": _grades(serves & ~under[:, :_UNGRADED], system),
                "new": float(pupils[under].sum()),
                "old": float(pupils[~under].sum()),
                "complete": int(((pupils <= 0) | under).all(axis=1).sum()),
            }
        )
    columns = ["year", "grades_new", "grades_old", "new", "old", "complete"]
    units = {"year": "year", "new": "students", "old": "students", "complete": "schools"}
    return with_units(
        pd.DataFrame(rows, columns=columns), {name: units.get(name, "") for name in columns}
    )


def students_by_year(district: District, schools: list[str]) -> tuple[FloatArray, FloatArray]:
    """Return the students of each school by grade, and the year in which each grade follows.

    Two arrays of shape (n_schools, n_grades), grades as in ``GRADE_COLUMNS``. Where a school has no
    enrollment by grade, its students are spread evenly over the grades it serves. A school's
    lowest grade is that of K-12; pre-kindergarten and pupils without a grade follow in the first
    year.
    """
    table = district.schools.reindex(schools)
    serves = _serves(district, schools)
    served = np.maximum(serves.sum(axis=1), 1)
    even = serves * (table["enrollment"].to_numpy(np.float64) / served)[:, None]
    pupils = np.zeros((len(schools), len(GRADE_COLUMNS)))
    pupils[:, :_UNGRADED] = even
    pupils[:, _UNGRADED] = np.where(serves.any(axis=1), 0.0, table["enrollment"])
    given = has_grades(district, schools)
    if district.grade_enrollment is not None:
        known = district.grade_enrollment.reindex(schools)[list(GRADE_COLUMNS)]
        pupils[given] = known.to_numpy(np.float64)[given]
    grades = np.arange(1, _UNGRADED)
    lowest = np.where(pupils[:, grades] > 0, grades, _UNGRADED).min(axis=1)
    place = np.maximum(np.arange(len(GRADE_COLUMNS)) - lowest[:, None] + 1, 1).astype(np.float64)
    place[:, _UNGRADED] = 1
    return pupils, place


def has_grades(district: District, schools: list[str]) -> BoolArray:
    """Shape (n_schools,): whether the enrollment by grade of a school is known."""
    table = district.grade_enrollment
    if table is None:
        return np.zeros(len(schools), dtype=np.bool_)
    known: BoolArray = table.reindex(schools)[list(GRADE_COLUMNS)].notna().all(axis=1).to_numpy()
    return known


def entering_grades(district: District, schools: list[str]) -> tuple[str, ...]:
    """Return the grades at which pupils enter schools (K-12), each once, ascending."""
    pupils, _ = students_by_year(district, schools)
    first = {int(np.argmax(row > 0)) for row in pupils[:, 1:_UNGRADED] if (row > 0).any()}
    return tuple(grade_label(grade, district.grade_system) for grade in sorted(first))


def _serves(district: District, schools: list[str]) -> BoolArray:
    """Shape (n_schools, 14): whether a school serves a grade, PK first."""
    masks = district.schools["grades"].reindex(schools).to_numpy(np.int64)
    serves: BoolArray = (masks[:, None] & _BITS) != 0
    return serves


def _grades(reached: BoolArray, system: GradeSystem) -> str:
    """Return the grades that some row has; blank for none."""
    mask = int(_BITS[reached.any(axis=0)].sum())
    return span_label(mask, system) if mask else ""
