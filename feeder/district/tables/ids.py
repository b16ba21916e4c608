"""Ids as spreadsheets and web pages leave them, and what may be taken off again.

White space, invisible characters, the guards ``="0105"`` and ``'0105`` and the ``.0`` of a number
are no part of an id. Digits that a spreadsheet rounded away (5.10126E+11) never come back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from feeder.district.files.characters import INVISIBLE
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, warn_grouped

ROUNDED: Final = re.compile(r"[+-]?\d(?:[.,]\d+)?e\+\d{2,}", re.IGNORECASE)
"""A whole number as a spreadsheet shows it when it has no room: its last digits are lost."""
_GUARDED: Final = re.compile(r"^(?:=\"([^\"]*)\"|'(.+))$")
_POINTED: Final = re.compile(r"(\d+)\.0+")
_BROKEN_NUMBER: Final = re.compile(r"\d+\.\d*[1-9]\d*")
_POWER: Final = re.compile(r"([1-9]\d*)e(\d{1,2})", re.IGNORECASE)
"""An id that a spreadsheet takes for a power of ten."""
_SEPARATORS: Final = re.compile(r"[\s\-_./]+")


@dataclass(frozen=True, slots=True, eq=False)
class Tidied:
    """Ids without what is no part of them, and which rows had what."""

    ids: pd.Series[str]
    trimmed: pd.Series[bool]
    invisible: pd.Series[bool]
    guarded: pd.Series[bool]
    pointed: pd.Series[bool]


def tidied(cells: pd.Series[str], known: Collection[str] = ()) -> Tidied:
    """Return a column of ids without what is no part of them; ``.0`` may be part of a known one."""
    bare = cells.str.replace(INVISIBLE, "", regex=True)
    ids = bare.str.strip()
    guard = ids.str.extract(_GUARDED)
    inner = guard[0].fillna(guard[1])
    ids = inner.fillna(ids).str.strip()
    number = ids.str.extract(_POINTED.pattern + "$")[0].where(ids.str.fullmatch(_POINTED.pattern))
    pointed = number.notna() & ~ids.isin(list(known))
    if ids.str.fullmatch(_BROKEN_NUMBER.pattern).any():
        pointed &= False
    if ids.mask(pointed, number).nunique() < ids.nunique():  # 5 and 5.0 are two ids
        pointed &= False
    return Tidied(
        ids=ids.mask(pointed, number).astype(str),
        trimmed=bare != bare.str.strip(),
        invisible=bare != cells,
        guarded=inner.notna(),
        pointed=pointed,
    )


def read_ids(
    table: Table, column: str, findings: Findings, known: Collection[str] = ()
) -> pd.Series[str]:
    """Return a column of ids without what is no part of them, each kind told in one warning.

    ``known`` are ids of the schools table, which stay as they are.
    """
    found = tidied(table.frame[column], known)
    for rule, rows, what in (
        ("id-trimmed", found.trimmed, "had white space around, which was taken off"),
        ("id-invisible", found.invisible, "held invisible characters, which were taken out"),
        (
            "id-guarded",
            found.guarded,
            'stood as ="..." or behind an apostrophe, which was taken off',
        ),
        ("id-pointed", found.pointed, "ended in .0, which was taken off"),
    ):
        warn_grouped(
            findings,
            rule=rule,
            before=f"{counted(int(rows.sum()), 'id')} {what}",
            examples=list(dict.fromkeys(found.ids[rows])),
            file=table.file,
            column=column,
        )
    return found.ids


def tell_rounded(ids: pd.DataFrame, table: Table, column: str, findings: Findings) -> bool:
    """Report ids that a spreadsheet has rounded, in one error; return whether there are any.

    ``ids`` has one column of ids or more, ``column`` is what the table calls them.
    """
    rounded = ids.apply(lambda cells: cells.str.fullmatch(ROUNDED)).astype(bool)
    rows = ids.index[rounded.any(axis=1)]
    if len(rows):
        number, cells = int(rounded.to_numpy().sum()), ids.to_numpy()[rounded.to_numpy()]
        examples = listed(list(dict.fromkeys(cells)))
        message = (
            f"a spreadsheet has made {'a number' if number == 1 else 'numbers'} of "
            f"{counted(number, 'id')}: {examples}. The last digits are lost."
        )
        fix = "Export the table again from its source, and keep the column of ids as text."
        findings.errors.append(
            table.problem("id-rounded", message, fix, row=rows[0], column=column, value=cells[0])
        )
        findings.grouped.update((table.file, row, column) for row in rows)
    return bool(len(rows))


def without_zeros(school_id: str) -> str:
    """Return an id of digits without the zeros it begins with; others as they are."""
    return school_id.lstrip("0") or "0" if school_id.isdecimal() else school_id


def alike(school_id: str) -> str:
    """Return what an id has in common with others that are written in another way."""
    power = _POWER.fullmatch(school_id)
    if power:
        return f"{power[1]}{'0' * int(power[2])}"
    return _SEPARATORS.sub("", without_zeros(school_id.removesuffix(".0")).casefold()).lstrip("0")


def zeros_restored(
    given: Sequence[str], known: Sequence[str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return which ids lost or gained zeros in front, and which may have, without being sure.

    Parameters
    ----------
    given
        The ids of a table, each once.
    known
        The ids of the schools table, each once.

    Returns
    -------
    dict, dict
        The known id of each given one that no known id equals, where there is only one, the table
        gives it in no other form, and most of its ids are then known; and, for a table in which no
        id begins with a zero, the known ids that differ from a given one in zeros alone, where
        there are several.
    """
    by_number: dict[str, list[str]] = {}
    for one in known:
        if one.isdecimal():
            by_number.setdefault(without_zeros(one), []).append(one)
    forms: dict[str, int] = {}
    for one in given:
        forms[without_zeros(one)] = forms.get(without_zeros(one), 0) + 1
    exact = set(known)
    sure, torn = {}, {}
    stripped = not any(one.startswith("0") and one.isdecimal() for one in given)
    for one in given:
        candidates = by_number.get(without_zeros(one), []) if one.isdecimal() else []
        if len(candidates) > 1 and (stripped or one not in exact):
            torn[one] = candidates
        elif candidates and one not in exact and forms[without_zeros(one)] == 1:
            sure[one] = candidates[0]
    met = len(sure) + sum(1 for one in given if one in exact)
    return (sure if 2 * met > len(given) else {}), torn
