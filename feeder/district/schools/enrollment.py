"""Pupils by grade: read, set against the printed grades, and what follows for each year.

Two sources may disagree: the grades a school prints and the pupils counted by grade. Pupils
decide. Their figures stay as they are, never scaled: what is missing to the enrollment is the
ungraded remainder, and what exceeds it is only told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import K12_MASK, PK_BIT
from feeder.district.schools.grade_systems import AMERICAN, GradeSystem
from feeder.district.schools.grades import highest, lowest, span_label, span_mask
from feeder.district.settings.specs import GRADES
from feeder.district.tables.numbers import read_all
from feeder.district.tables.numerals import Kind, Numbers
from feeder.district.tables.schemas import SCHOOLS, check
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, warn_grouped

BITS: Final = dict(zip(GRADES, (PK_BIT, *(1 << grade for grade in range(13))), strict=True))
"""The bit of each grade in a mask."""
TOLERANCE: Final = 0.02
"""Grades and enrollment that differ by more than this share of the enrollment are told."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Pupils by grade.

    Attributes
    ----------
    pupils
        Columns of the grades (students, float); a row without any figure is all NaN, and so
        is a suppressed cell.
    suppressed
        Same shape: cells whose figure is withheld.
    unmapped
        Mask of the grades that no column of the table gives.
    """

    pupils: pd.DataFrame
    suppressed: pd.DataFrame
    unmapped: int

    def kept(self, rows: pd.Index[int]) -> Figures:
        """Return the figures of these rows."""
        return Figures(self.pupils.loc[rows], self.suppressed.loc[rows], self.unmapped)

    def added(self, first: int, others: Sequence[int]) -> Figures:
        """Return the figures with rows ``others`` added to row ``first``."""
        rows = [first, *others]
        pupils, suppressed = self.pupils.copy(), self.suppressed.copy()
        pupils.loc[first] = pupils.loc[rows].sum(min_count=1)
        suppressed.loc[first] = suppressed.loc[rows].any()
        return Figures(pupils, suppressed, self.unmapped)


def read_figures(
    table: Table,
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    graded: Sequence[str],
    findings: Findings,
) -> Figures:
    """Read the columns of pupils by grade for ``rows`` (their ``name`` serves messages)."""
    by_column = read_all(table, {columns[g]: Kind.STUDENTS for g in graded}, findings)
    read = {grade: by_column[columns[grade]] for grade in graded}
    pupils = pd.DataFrame({grade: numbers.found for grade, numbers in read.items()})
    check(pupils, SCHOOLS, table, columns, findings)
    pupils = pupils.loc[rows.index].reindex(columns=list(GRADES))
    hidden = pd.DataFrame(
        {
            grade: numbers.suppressed | _unknown(grade, numbers, rows)
            for grade, numbers in read.items()
        }
    )
    hidden = hidden.loc[rows.index].reindex(columns=list(GRADES), fill_value=False)
    any_figure = pupils.notna().any(axis=1) | hidden.any(axis=1)
    pupils = pupils.where(pupils.notna() | hidden | ~any_figure.to_numpy()[:, None], 0.0)
    withheld = hidden.any(axis=1)
    warn_grouped(
        findings,
        rule="suppressed-enrollment",
        before=f"{counted(int(withheld.sum()), 'school')} with figures by grade that are "
        "suppressed or unknown and count as ungraded",
        examples=list(rows.loc[withheld, "name"]),
        file=table.file,
    )
    unmapped = sum(bit for grade, bit in BITS.items() if grade not in graded)
    return Figures(pupils, hidden, unmapped)


def _unknown(grade: str, numbers: Numbers, rows: pd.DataFrame) -> pd.Series[bool]:
    """Return where a code stands for nothing in a grade that the school prints.

    In any other grade nothing means nobody.
    """
    printed = rows["grades"].reindex(numbers.declared.index, fill_value=0)
    return numbers.declared & ((printed & BITS[grade]) > 0)


def join_grades(
    rows: pd.DataFrame,
    figures: Figures,
    table: Table,
    columns: Mapping[str, str],
    system: GradeSystem,
    findings: Findings,
) -> pd.Series[int]:
    """Return the masks of the grades served, where pupils decide over the printed span.

    The pupils' lowest and highest K-12 grade bound the span; a printed grade between them
    stays though it has no pupils this year, and so does one that the table has no column
    for. Pupils in PK add that bit without ado.
    """
    bits = np.array(list(BITS.values()), dtype=np.int64)
    served = ((figures.pupils > 0) | figures.suppressed).to_numpy()
    counted_masks = (served * bits).sum(axis=1)
    printed = rows["grades"].to_numpy()
    decided = np.array(
        [
            _decide(int(p), int(c), figures.unmapped)
            for p, c in zip(printed, counted_masks, strict=True)
        ],
        dtype=np.int64,
    )
    if not {"grades", "grade_low", "grade_high"} & {*columns}:
        _tell_derived(rows, decided, table, system, findings)
        return pd.Series(decided, rows.index)
    differ = ((decided & K12_MASK) != (printed & K12_MASK)) & (printed > 0)
    examples = [
        f"{name}, printed {span_label(int(old), system)}, pupils in {span_label(int(new), system)}"
        for name, old, new in zip(
            rows["name"][differ], printed[differ], decided[differ], strict=True
        )
    ]
    warn_grouped(
        findings,
        rule="grades-by-pupils",
        before=f"{counted(len(examples), 'school')} with other grades printed than pupils counted",
        examples=examples,
        after="The pupils decide.",
        file=table.file,
        column=columns.get("grades", columns.get("grade_low")),
    )
    return pd.Series(decided, rows.index)


def ungraded(
    rows: pd.DataFrame,
    figures: Figures,
    table: Table,
    columns: Mapping[str, str],
    findings: Findings,
) -> Figures:
    """Return the figures with the column ``UN``: what they lack to the enrollment, never below 0.

    A difference of over 2 % of the enrollment, either way, is a warning.
    """
    total = figures.pupils.sum(axis=1, min_count=1)
    enrollment = rows["enrollment"]
    lacking = enrollment - total
    for rule, wide, before, after in (
        (
            "ungraded",
            lacking > TOLERANCE * enrollment,
            "whose grades sum to less than the enrollment by over 2 %",
            "The rest is carried as ungraded.",
        ),
        (
            "grades-exceed-enrollment",
            -lacking > TOLERANCE * enrollment,
            "whose grades sum to more than the enrollment by over 2 %",
            "Both figures are used as they are.",
        ),
    ):
        names = [
            f"{rows.loc[row, 'name']} ({total[row]:,.0f} against {enrollment[row]:,.0f})"
            for row in rows.index[wide]
        ]
        warn_grouped(
            findings,
            rule=rule,
            before=f"{counted(len(names), 'school')} {before}",
            examples=names,
            after=after,
            file=table.file,
            column=columns.get("enrollment"),
        )
    pupils = figures.pupils.assign(UN=lacking.clip(lower=0))
    return Figures(pupils, figures.suppressed, figures.unmapped)


def leavers_and_entering(
    rows: pd.DataFrame, figures: Figures | None, system: GradeSystem = AMERICAN
) -> dict[str, npt.NDArray[np.float64] | npt.NDArray[np.bool_]]:
    """Return the columns ``leavers``, ``leavers_estimated`` and ``entering``.

    Pupils of the highest K-12 grade, and of K, where they are counted; else the enrollment
    shared evenly over the K-12 grades served, and over the year before where everybody attends it
    (``system``). Schools without K-12 grades have neither.
    """
    masks = rows["grades"].to_numpy()
    served = np.array([int(mask & K12_MASK).bit_count() for mask in masks])
    years = served + (((masks & PK_BIT) > 0) & system.year_before)
    last = np.array([highest(int(mask & K12_MASK)) for mask in masks])
    even = np.where(served > 0, rows["enrollment"] / np.maximum(years, 1), 0.0)
    k12 = [grade for grade in GRADES if grade != "PK"]
    if figures is None:
        pupils = np.full((len(rows), len(k12)), np.nan)
    else:
        pupils = figures.pupils[k12].to_numpy(dtype=float)
    leaving = np.where(served > 0, pupils[np.arange(len(rows)), np.maximum(last, 0)], 0.0)
    unknown = (served > 0) & ~(leaving > 0)
    starts = (masks & 1) > 0
    starting = np.where(pupils[:, 0] > 0, pupils[:, 0], even)
    return {
        "leavers": np.where(unknown, even, leaving),
        "leavers_estimated": unknown,
        "entering": np.where(starts, starting, 0.0),
    }


def _tell_derived(
    rows: pd.DataFrame,
    masks: npt.NDArray[np.int64],
    table: Table,
    system: GradeSystem,
    findings: Findings,
) -> None:
    """Tell that nothing but pupils says which grades a school serves."""
    warn_grouped(
        findings,
        rule="grades-from-pupils",
        before="no column gives grades, so each school serves the grades its pupils are in",
        examples=[
            f"{name}, {span_label(int(mask), system)}"
            for name, mask in zip(rows["name"], masks, strict=True)
            if mask
        ],
        file=table.file,
    )
    warn_grouped(
        findings,
        rule="blank-grades",
        before=f"{counted(int((masks == 0).sum()), 'school')} without grades",
        examples=list(rows["name"][masks == 0]),
        after="They are members without flows.",
        file=table.file,
    )


def _decide(printed: int, pupils: int, unmapped: int) -> int:
    if not pupils:
        return printed
    k12 = pupils & K12_MASK
    inside = span_mask(lowest(k12), highest(k12)) if k12 else 0
    pre_k = (pupils & PK_BIT) or (printed & unmapped & PK_BIT)
    return pre_k | k12 | (printed & K12_MASK & (inside | unmapped))
