"""Codes that stand for nothing: seen in columns of numbers, and told with the way out.

Publishers write -1, -9, 999, M, N, a dash or a dagger where there is no number. Read as
numbers they spoil every sum and median. A table's key ``missing`` says what stands for nothing;
whatever looks so and is not named there is told once, not once a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.tables.numerals import COUNTS, Kind, Numbers
from feeder.district.tables.table import Table
from feeder.errors import Findings, Problem
from feeder.wording import counted, listed, shown

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_WORDS: Final = frozenset(
    {
        *(".", "..", "...", "†", "‡", "?", "m", "n", "#n/a", "n.a.", "n/d", "nd", "nr", "dnr"),
        *("missing", "unknown", "no data", "not applicable", "not available", "not reported"),
        *("not collected", "(blank)", "blank", "dk", "n.d.", "tbd"),
    }
)  # fmt: skip
"""Texts, in lower case, that no number is meant by."""
_OR_ZERO: Final = frozenset({"-", "--", "---", "\u2010", "\u2013", "\u2014", "\u2212", "#"})
"""Texts that stand for nothing in one table and for zero in another."""
_NEGATIVE: Final = (
    *(-1.0, -2.0, -3.0, -4.0, -5.0, -7.0, -8.0, -9.0, -77.0, -88.0, -98.0, -99.0),
    *(-888.0, -998.0, -999.0, -9998.0, -9999.0, -99999.0),
)
_NINES: Final = (9.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0)
_GAP: Final = 2.0
"""Ratings next to each other differ by less."""
_FAR: Final = 3.0
"""A rating of nines that is this many times the next one is a code."""
_ROWS: Final = 3
"""Rows that a message names."""
_NOUNS: Final[Mapping[Kind, str]] = {
    Kind.STUDENTS: "number of students",
    Kind.AMOUNT: "number of students",
    Kind.PERCENT: "percentage",
    Kind.SHARE: "share",
    Kind.RATING: "rating",
    Kind.DOLLARS: "amount of dollars",
}


def settle_codes(
    table: Table, columns: Mapping[str, tuple[Kind, Numbers]], findings: Findings
) -> dict[str, Mask]:
    """Tell codes that stand for nothing, and return which rows of each column hold one.

    Parameters
    ----------
    table
        Where the columns stand.
    columns
        What each is, and how it was read.
    findings
        Collects one error of all cells whose code may be taken for a number, or for zero; one
        warning of all whose code can only be nothing.
    """
    refused: dict[str, Mask] = {}
    taken: dict[str, Mask] = {}
    for column, (kind, numbers) in columns.items():
        found = np.asarray(numbers.found, dtype=np.float64)
        strange = numbers.strange.to_numpy(dtype=bool)
        words, dashes = np.zeros_like(strange), np.zeros_like(strange)
        texts = [text.lower() for _, text in table.at(column, strange)]
        words[strange] = [text in _WORDS for text in texts]
        dashes[strange] = [text in _OR_ZERO for text in texts]
        may_be_zero = kind in COUNTS or kind in {Kind.DOLLARS, Kind.NUMBER}
        refused[column] = _suspects(found, kind) | (dashes & may_be_zero)
        taken[column] = words | (dashes & (not may_be_zero))
        if kind is Kind.AMOUNT:  # a flow needs its number
            refused[column] |= taken[column]
            taken[column] = np.zeros_like(strange)
        _warn_nines(table, column, kind, numbers.found[~refused[column]], findings)
    _tell(table, columns, refused, findings, error=True)
    _tell(table, columns, taken, findings, error=False)
    return {column: refused[column] | taken[column] for column in columns}


def is_code(text: str) -> bool:
    """Return whether a text is a word or a mark that stands for nothing, or for zero."""
    lower = text.strip().lower()
    return lower in _WORDS or lower in _OR_ZERO


def _suspects(found: Floats, kind: Kind) -> Mask:
    """Return which numbers can only be codes, each being outside what the column may hold."""
    none = np.zeros(len(found), dtype=bool)
    negative, nines = np.isin(found, _NEGATIVE), np.isin(found, _NINES)
    if kind is Kind.RATING:
        others = found[~negative & ~nines & ~np.isnan(found)]
        if not len(others):
            return none
        apart = _apart(found, float(others.min())) if (others >= 0).all() else none
        largest = max(float(np.abs(others).max()), 1.0)
        return (negative & apart) | (nines & (found >= _FAR * largest))
    if kind is Kind.SHARE:
        return negative | (nines & (found > 1))
    if kind is Kind.PERCENT:
        return negative | (nines & (found > 100))  # noqa: PLR2004 - all there is
    return negative if kind in COUNTS or kind is Kind.DOLLARS else none


def _apart(found: Floats, lowest: float) -> Mask:
    """Return which negative ratings lie apart from the others, not next to them in a row."""
    steps = sorted({value for value in found.tolist() if value < 0}, reverse=True)
    edge = lowest
    for value in steps:
        if edge - value >= _GAP:
            break
        edge = value
    return found < min(edge, 0.0)


def _warn_nines(
    table: Table, column: str, kind: Kind, found: pd.Series[float], findings: Findings
) -> None:
    """Warn of 999 and the like among students, where it stands again or far above the others."""
    nines = np.isin(found, _NINES[2:])
    if kind not in COUNTS or not nines.any():
        return
    others = found[~nines].max() if (~nines).any() else np.inf
    for value in sorted(found[nines].unique()):
        rows = found.index[found == value]
        if len(rows) > 1 or value > _FAR * others:
            message = (
                f"{counted(len(rows), 'cell')} {'hold' if len(rows) > 1 else 'holds'} {value:.0f} "
                f"({_places(table, list(rows))}): is it a code for nothing?"
            )
            fix = f"If so, set {_key([f'{value:.0f}'], table)}."
            findings.warnings.append(table.problem("nines", message, fix, column=column))


def _tell(
    table: Table,
    columns: Mapping[str, tuple[Kind, Numbers]],
    codes: Mapping[str, Mask],
    findings: Findings,
    *,
    error: bool,
) -> None:
    """Add one problem of all cells with codes, whatever their columns."""
    cells = [
        (row, column, text)
        for column, mask in codes.items()
        for row, text in table.at(column, mask)
    ]
    if not cells:
        return
    texts = list(dict.fromkeys(text for _, _, text in cells))
    where = list(dict.fromkeys(column for _, column, _ in cells))
    noun = _NOUNS.get(columns[where[0]][0], "number")
    rows = list(dict.fromkeys(row for row, _, _ in cells))
    named = listed([f'"{text}"' for text in texts])
    more = f" of {counted(len(where), 'column')}" if len(where) > 1 else ""
    they = "holds" if len(cells) == 1 else "hold"
    place = f" ({_places(table, rows)})" if len(rows) > 1 else ""
    message = f"{counted(len(cells), 'cell')}{more} {they} {named}, no {noun}{place}"
    if error:
        message += "."
        zero = ", or write 0 where none is meant" if set(texts) & _OR_ZERO else ""
        them = "it" if len(cells) == 1 else "them"
        fix = f"If nothing is known there, set {_key(texts, table)}; else correct {them}{zero}."
    else:
        message += "; taken as unknown."
        fix = f"Say so with {_key(texts, table)}."
    problem = Problem(
        rule="missing-code",
        message=message,
        fix=fix,
        file=table.file,
        column=", ".join(where[:_ROWS]) + (" ..." if len(where) > _ROWS else ""),
        row=rows[0] if len(rows) == 1 else None,
        value=shown(texts[0]),
    )
    if not error:
        findings.warnings.append(problem)
        return
    findings.errors.append(problem)
    findings.grouped.update((table.file, row, column) for row, column, _ in cells)


def _places(table: Table, rows: list[int]) -> str:
    noun = "line" if table.has_lines else "row"
    more = f" and {len(rows) - _ROWS:,} more" if len(rows) > _ROWS else ""
    told = ", ".join(str(row) for row in rows[:_ROWS])
    return f"{noun}{'s' if len(rows) > 1 else ''} {told}{more}"


def _key(texts: list[str], table: Table) -> str:
    """Return the key ``missing`` as it should stand, with what it holds already."""
    codes = ", ".join(f'"{shown(text)}"' for text in dict.fromkeys([*table.missing, *texts]))
    place = f" in [{table.section}]" if table.section else ""
    return f"missing = [{codes}]{place}"
