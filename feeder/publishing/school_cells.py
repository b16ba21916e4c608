"""What may be known of the counts of every school: enrollment, grades, counts, rates and goals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import GRADE_COLUMNS, K12_MASK, District
from feeder.network.graph import FloatArray
from feeder.publishing.primary import parts_of, whole_counts
from feeder.publishing.relations import Relation, declared_sums, found_sums
from feeder.publishing.school_rows import Equation, SchoolRow, protect

Ends = tuple[pd.DataFrame, pd.DataFrame]
"""The least and the most that the cells of a table may be."""
ENROLLMENT: Final = "enrollment"
GOAL_COLUMNS: Final = ("denominator", "past_denominator", "numerator", "past_numerator")
"""Columns of a goal that count students."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SchoolCells:
    """Every count of every school in one table, and what may be known of it.

    Attributes
    ----------
    students
        One row a school; columns ``enrollment``, ``grade K``, ``count NAME``, ``part NAME`` and
        ``whole NAME`` of rates, ``goal NUMBER COLUMN``. NaN is unknown.
    low, high
        The same shape: what is told.
    is_few
        The same shape: counts to protect.
    relations
        Which columns add up to which.
    """

    students: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    is_few: pd.DataFrame
    relations: tuple[Relation, ...]


def school_cells(district: District) -> SchoolCells:
    """Return what may be known of every count of every school."""
    students = _table(district)
    low, high = _primary(students)
    cells = SchoolCells(
        students=students,
        low=low,
        high=high,
        is_few=low < high,
        relations=_relations(district, students),
    )
    return _with_partners(cells, _rank(district, students))


def _table(district: District) -> pd.DataFrame:
    """Return every count of the schools in one table."""
    statistics, columns = district.statistics, {}
    columns[ENROLLMENT] = district.schools["enrollment"].astype(np.float64)
    if district.grade_enrollment is not None:
        columns |= {f"grade {name}": district.grade_enrollment[name] for name in GRADE_COLUMNS}
    columns |= {f"count {name}": column for name, column in statistics.counts.items()}
    for name in rate_names(district):
        whole = statistics.rates[f"{name}_denominator"]
        columns |= {f"whole {name}": whole, f"part {name}": statistics.rates[name] * whole}
    for number, goal in enumerate(district.goals or ()):
        columns |= {f"goal {number} {name}": goal.schools[name] for name in GOAL_COLUMNS}
    return pd.DataFrame(columns, index=district.schools.index).astype(np.float64)


def rate_names(district: District) -> list[str]:
    """Return the names of the rates whose students are known."""
    columns = set(district.statistics.rates.columns)
    names = (str(name) for name in district.statistics.rates)
    return [name for name in names if f"{name}_denominator" in columns]


def _primary(students: pd.DataFrame) -> Ends:
    """Return what is told of every count on its own; wholes stand before their parts."""
    low, high = students.copy(), students.copy()
    for name in students:
        whole = _whole_of(str(name))
        if whole is None:
            ends = whole_counts(students[name].to_numpy())
        else:
            part, all_of_them = students[name].to_numpy(), students[whole].to_numpy()
            ends = parts_of(part, all_of_them, high[whole].to_numpy())
        low[name], high[name] = ends
    return low, high


def _whole_of(column: str) -> str | None:
    """Return the column whose students a column counts a part of; None for a count of all."""
    kind, _, name = column.partition(" ")
    if kind == "count":
        return ENROLLMENT
    if kind == "part":
        return f"whole {name}"
    return column.replace("numerator", "denominator") if column.endswith("numerator") else None


def _relations(district: District, students: pd.DataFrame) -> tuple[Relation, ...]:
    """Return which columns add up: the grades, those that are declared, those that are found."""
    columns = [str(name) for name in students]
    grades = tuple(name for name in columns if name.startswith("grade "))
    others = [name for name in columns if name not in grades]
    names = {str(name): f"count {name}" for name in district.statistics.counts}
    declared = declared_sums(district.statistics.parts, {ENROLLMENT: ENROLLMENT} | names)
    found = found_sums(students[others])
    of_grades = (Relation(grades, ENROLLMENT),) if grades else ()
    return (*of_grades, *dict.fromkeys((*declared, *found)))


def _rank(district: District, students: pd.DataFrame) -> FloatArray:
    """Shape of the table: who becomes a partner first; the enrollment never does.

    Last come what others add up to, and the first and the last K-12 grade of a school: pupils
    enter and leave in these, so that other figures hang on them.
    """
    masks = (district.schools["grades"].to_numpy(np.int64) & K12_MASK).tolist()
    first = np.array([(mask & -mask).bit_length() - 1 for mask in masks])
    last = np.array([mask.bit_length() - 1 for mask in masks])
    columns = {
        f"grade {name}": (first == grade) | (last == grade)
        for grade, name in enumerate(GRADE_COLUMNS[1:-1])
    }
    later = pd.DataFrame(columns, index=students.index).reindex(
        columns=students.columns, fill_value=False
    )
    rank = later.to_numpy(np.float64, copy=True)
    rank[:, students.columns.get_loc(ENROLLMENT)] = -1.0
    return rank


def _with_partners(cells: SchoolCells, rank: FloatArray) -> SchoolCells:
    """Open as many told counts as it takes, school by school."""
    place = cells.students.columns.get_indexer
    equations = [
        Equation(
            place(pd.Index([*one.parts, one.whole])).astype(np.int64),
            np.array([1.0] * len(one.parts) + [-1.0]),
        )
        for one in cells.relations
    ]
    students, few = cells.students.to_numpy(np.float64), cells.is_few.to_numpy(np.bool_)
    low, high = cells.low.to_numpy(np.float64).copy(), cells.high.to_numpy(np.float64).copy()
    for i in np.flatnonzero((few | np.isnan(students)).any(axis=1)):
        row = SchoolRow(students=students[i], low=low[i], high=high[i], is_few=few[i], rank=rank[i])
        protect(row, equations)
    names = cells.students.index, cells.students.columns
    return replace(cells, low=pd.DataFrame(low, *names), high=pd.DataFrame(high, *names))
