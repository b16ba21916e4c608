"""Columns that are not what they are said to be: each told once, with the way out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.tables.numerals import LARGEST_SCHOOL, Kind
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, shown, warn_grouped

FEW: Final = 5
"""Columns with fewer numbers say nothing of what they are."""
_MANY_STUDENTS: Final = 6_000
"""More than half of a district's schools never have so many."""
_SEATS: Final = 5.0
"""Seats a student, or students a seat, that most schools of a district never have."""
DOUBTED: Final = ("percent-as-count", "no-enrollment", "large-enrollment")
"""Rules that say of an enrollment that it is something else."""
_HUNDRED: Final = 100.0
_PERCENT_NAME: Final = re.compile(
    r"%|pct|percent|(?:^|[_ ])(?:rate|share)(?:$|[_ ])", re.IGNORECASE
)
_STATUS_NAME: Final = re.compile(r"status", re.IGNORECASE)
_NOT_OPEN: Final = re.compile(
    r"\b(?:closed|inactive|future|merged|pending|planned|proposed|terminated|abandoned|not open)\b",
    re.IGNORECASE,
)
_MOST_STEPS: Final = 20
"""Different ratings that one scale has."""
_MANY_STEPS: Final = 8
_EVERY: Final = 0.8
"""Share of different numbers among more than a few from which on they are no steps of a scale."""
_OTHERS: Final = 6
"""Values of a column that a way out names."""


def doubt_columns(
    typed: pd.DataFrame, kinds: Mapping[str, Kind], table: Table, findings: Findings
) -> None:
    """Tell columns whose numbers look like another unit than the one they are given as.

    Parameters
    ----------
    typed
        The columns as numbers, by row of the table.
    kinds
        What each is said to hold.
    table, findings
        Where they stand; collects errors for what cannot be and warnings for what may.
    """
    for column, kind in kinds.items():
        found = typed[column].dropna()
        if kind is Kind.RATING or (found == 0).all():  # targets are often one for all schools
            _doubt_alike(found, len(typed), column, table, findings)
        if len(found) < FEW:
            continue
        if kind is Kind.STUDENTS:
            _doubt_students(found, column, table, findings)
        elif kind is Kind.PERCENT:
            _doubt_percent(found, column, table, findings)
        elif kind is Kind.SHARE:
            _doubt_share(found, column, table, findings)
        elif kind is Kind.RATING:
            _doubt_ratings(found, column, table, findings)


def _doubt_ratings(found: pd.Series[float], column: str, table: Table, findings: Findings) -> None:
    """Tell figures that are measured, and numbers that no scale has."""
    if found.nunique() > _MOST_STEPS or found.nunique() > _EVERY * len(found) > _MANY_STEPS:
        message = f"{found.nunique():,} different ratings; a rating has a few steps."
        fix = "A figure that is measured belongs in rates or counts."
        findings.warnings.append(table.problem("many-steps", message, fix, column=column))
    elif found.max() > _HUNDRED or found.min() < 0:
        far = found.max() if found.max() > _HUNDRED else found.min()
        message = f"ratings reach {far:,.12g}; a rating has a few steps from 0 or 1 on."
        fix = "Is it the right column? Where it is a code for nothing, name it in missing."
        findings.warnings.append(table.problem("odd-ratings", message, fix, column=column))


def _doubt_alike(
    found: pd.Series[float], rows: int, column: str, table: Table, findings: Findings
) -> None:
    """Tell a column that says the same of every school, or of none."""
    if rows < 2 * FEW or (found != found.max()).any() or 0 < len(found) < rows:
        return
    if any(error.column == column and error.file == table.file for error in findings.errors):
        return
    message = (
        f"the column is {f'{found.iloc[0]:,.12g}' if len(found) else 'blank'} for every school."
    )
    findings.warnings.append(
        table.problem("same-for-all", message, "Is it the right column?", column=column)
    )


def doubt_total(found: pd.Series[float], column: str, table: Table, findings: Findings) -> None:
    """Tell a count that is the sum of all others: a total that stands for a place or a school."""
    if len(found) < FEW or 2 * found.max() != found.sum() or not found.max():
        return
    row = found.idxmax()
    message = f"{found.max():,.0f} is the sum of all the others: is it a total?"
    fix = "Leave the row of totals out, or correct the number."
    findings.warnings.append(
        table.problem("is-total", message, fix, row=row, column=column, value=f"{found.max():g}")
    )


def doubt_residents(found: pd.Series[float], column: str, table: Table, findings: Findings) -> None:
    """Tell percents and shares among counts of residents, one count everywhere, and totals.

    Fractions are no fault here: residents are often estimated.
    """
    if len(found) < FEW:
        return
    largest = found.max()
    if (found != found.round()).any() and 0 < largest <= _HUNDRED and found.min() >= 0:
        unit = "shares" if largest <= 1 else "percents"
        message = f"the numbers are fractions and none exceeds {largest:g}: are these {unit}?"
        fix = "Name the column that counts residents."
        findings.warnings.append(table.problem("percent-as-count", message, fix, column=column))
    elif len(found) >= 2 * FEW and largest and (found == largest).all():
        message = f"every place has the same number of residents, {largest:,.0f}."
        fix = "Is it the right column?"
        findings.warnings.append(table.problem("same-for-all", message, fix, column=column))
    doubt_total(found, column, table, findings)


def _doubt_students(found: pd.Series[float], column: str, table: Table, findings: Findings) -> None:
    """Tell percents, shares and flags among counts, counts with fractions, and totals."""
    doubt_total(found, column, table, findings)
    if len(found) >= 2 * FEW and found.isin([0, 1]).all() and found.any():
        message = "every count is 0 or 1: are these flags, not students?"
        fix = "Name the column that counts students."
        findings.warnings.append(table.problem("flags-as-count", message, fix, column=column))
    broken = found[found != found.round()]
    largest = found.max()
    if len(broken) and largest <= _HUNDRED and found.min() >= 0:
        unit = "share" if largest <= 1 else "percent"
        examples = ", ".join(f"{value:g}" for value in broken.iloc[:3])
        message = (
            f"{counted(len(broken), 'cell')} hold fractions of students ({examples}) and none "
            f"exceeds {1 if unit == 'share' else 100}: are these {unit}s?"
        )
        findings.errors.append(
            table.problem("percent-as-count", message, _as_rate(column, unit), column=column)
        )
        findings.grouped.update((table.file, row, column) for row in found.index)
    elif len(broken):
        message = f"{counted(len(broken), 'count')} of students with fractions"
        warn_grouped(
            findings,
            rule="fractions",
            before=message,
            examples=[f"{table.place(row)}: {value:g}" for row, value in broken.items()],
            after="They are used as they are.",
            file=table.file,
            column=column,
        )
    elif _PERCENT_NAME.search(column) and largest <= _HUNDRED:
        message = f"counts of students, by its name a percentage, and none exceeds {largest:g}."
        findings.warnings.append(
            table.problem("percent-as-count", message, _as_rate(column, "percent"), column=column)
        )


def _as_rate(column: str, unit: str) -> str:
    return (
        f'If so, name it among rates: {{ column = "{column}", denominator = "...", '
        f'unit = "{unit}" }}; else give numbers of students.'
    )


def _doubt_percent(found: pd.Series[float], column: str, table: Table, findings: Findings) -> None:
    broken = found[found != found.round()]
    if len(broken) and found.between(0, 1).all():
        message = f"no percentage exceeds {found.max():g}, less than one in a hundred."
        fix = f'If {broken.iloc[0]:g} means {broken.iloc[0]:.1%}, write unit = "share".'
        findings.warnings.append(table.problem("share-as-percent", message, fix, column=column))


def _doubt_share(found: pd.Series[float], column: str, table: Table, findings: Findings) -> None:
    over = found[(found > 1) & (found <= _HUNDRED)]
    if 2 * len(over) <= len(found) or found.max() > _HUNDRED:
        return
    message = f"{counted(len(over), 'share')} of {len(found):,} exceed 1 (up to {found.max():g})."
    fix = 'For percentages write unit = "percent".'
    findings.errors.append(table.problem("percent-as-share", message, fix, column=column))
    findings.grouped.update((table.file, row, column) for row in over.index)


def doubt_enrollment(
    enrollment: pd.Series[float], table: Table, column: str, findings: Findings
) -> None:
    """Tell an enrollment that is no number of students: zero or the same for every school."""
    found = enrollment.dropna()
    if found.empty:
        return
    if (found == 0).all():
        message = f"the enrollment of every school is 0 ({counted(len(found), 'school')})."
        fix = (
            "Name the column that counts students; or leave enrollment out of columns, and all "
            "schools weigh the same."
        )
        findings.errors.append(table.problem("no-enrollment", message, fix, column=column))
        return
    if len(found) >= 2 * FEW and (found == found.iloc[0]).all():
        message = f"every school has the same enrollment, {found.iloc[0]:,.0f}."
        findings.warnings.append(
            table.problem("same-enrollment", message, "Is it the right column?", column=column)
        )
    broken = found[found != found.round()]
    if len(found) >= FEW and len(broken) and found.max() <= _HUNDRED:
        message = (
            f"{counted(len(broken), 'school')} with fractions of students, and none with more than "
            f"{found.max():g}: are these percents?"
        )
        fix = "Name the column that counts students."
        findings.errors.append(table.problem("percent-as-count", message, fix, column=column))
        findings.grouped.update((table.file, row, column) for row in found.index)
    doubt_total(found, column, table, findings)
    big = found[found > LARGEST_SCHOOL]
    if 2 * len(big) > len(found):
        message = (
            f"{counted(len(big), 'school')} of {len(found):,} with more students than any school "
            f"has (up to {found.max():,.0f})."
        )
        fix = "Name the column that counts students."
        findings.errors.append(table.problem("large-enrollment", message, fix, column=column))
        findings.grouped.update((table.file, row, column) for row in found.index)
        return
    if len(found) >= FEW and found.median() > _MANY_STUDENTS:
        message = f"half of the schools have over {found.median():,.0f} students."
        fix = "Is it the column that counts students?"
        findings.warnings.append(table.problem("large-enrollment", message, fix, column=column))
    warn_grouped(
        findings,
        rule="large-enrollment",
        before=f"{counted(len(big), 'school')} with more students than any school has",
        examples=[f"{table.place(row)}: {value:,.0f}" for row, value in big.items()],
        after="Is it one row a school?",
        file=table.file,
        column=column,
    )


def doubt_names(names: pd.Series[str], table: Table, column: str, findings: Findings) -> None:
    """Tell names that are none: without a letter, or one for most schools."""
    if len(names) < FEW:
        return
    bare = names[~names.str.contains(r"[^\W\d_]")]
    common = names.value_counts()
    message = ""
    if 2 * len(bare) > len(names):
        message = f"{counted(len(bare), 'name')} of {len(names):,} hold no letter: {listed(bare)}."
    elif 2 * common.iloc[0] > len(names):
        what = shown(str(common.index[0]))
        message = f"{common.iloc[0]:,} of {counted(len(names), 'school')} are called {what}."
    elif 2 * len(common) < len(names):
        message = (
            f"{counted(len(names), 'school')} share {len(common):,} names: {listed(common.index)}."
        )
    if message:
        findings.warnings.append(
            table.problem("names-in-doubt", message, "Is it the right column?", column=column)
        )


def doubt_capacity(
    capacity: pd.Series[float],
    enrollment: pd.Series[float],
    table: Table,
    column: str,
    findings: Findings,
) -> None:
    """Tell seats with fractions, and seats that are far from the students of most schools."""
    broken = capacity[capacity.notna() & (capacity != np.round(capacity))]
    warn_grouped(
        findings,
        rule="fractions",
        before=f"{counted(len(broken), 'school')} with fractions of seats",
        examples=[f"{table.place(row)}: {value:g}" for row, value in broken.items()],
        after="They are used as they are.",
        file=table.file,
        column=column,
    )
    seats = (capacity / enrollment)[enrollment > 0].dropna()
    if len(seats) >= FEW and not 1 / _SEATS < seats.median() < _SEATS:
        message = (
            f"half of the schools have {seats.median():.2g} seats a student: does the column count "
            "seats?"
        )
        fix = "Name the column of seats as capacity, or leave it out."
        findings.warnings.append(table.problem("odd-capacity", message, fix, column=column))


def tell_not_open(
    table: Table, names: pd.Series[str], columns: Mapping[str, str], findings: Findings
) -> None:
    """Suggest leaving out schools that a column of their status calls closed.

    ``names`` are those of the schools, by row of the table; ``columns`` is ours to the table's.
    """
    kind = columns.get("kind")
    for column in table.frame.columns:
        if not (_STATUS_NAME.search(column) or column == kind):
            continue
        status = table.text(column).loc[names.index]
        closed = status.str.contains(_NOT_OPEN)
        if not closed.any() or closed.all():
            continue
        said = listed(list(dict.fromkeys(status[closed])))
        rest = [text for text in dict.fromkeys(status[~closed]) if text][:_OTHERS]
        keep = ", ".join(f'"{text}"' for text in rest)
        warn_grouped(
            findings,
            rule="not-open",
            before=f"{counted(int(closed.sum()), 'school')} of the district said to be {said}",
            examples=list(names[closed]),
            fix=f"To leave them out: where = {{ {toml_key(column)} = [{keep}] }} in [schools].",
            file=table.file,
            column=column,
        )


def toml_key(column: str) -> str:
    """Return a column's name as a key of TOML, in quotes where it needs them."""
    return column if re.fullmatch(r"[A-Za-z0-9_-]+", column) else f'"{column}"'
