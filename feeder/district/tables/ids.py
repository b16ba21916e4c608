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

_ROUNDED: Final = re.compile(r"[+-]?\d(?:[.,]\d+)?e\+\d{2,}", re.IGNORECASE)
"""A whole number as a spreadsheet shows it when it has no room: its last digits are lost."""
_GUARDED: Final = re.compile(r"^(?:=\"([^\"]*)\"|'(.+))$")
_POINTED: Final = re.compile(r"(\d+)\.0+", re.ASCII)
_BROKEN_NUMBER: Final = re.compile(r"\d+\.\d*[1-9]\d*", re.ASCII)
_POWER: Final = re.compile(r"([1-9]\d*)e(\d{1,2})", re.IGNORECASE)
"""An id that a spreadsheet takes for a power of ten."""
_SEPARATORS: Final = re.compile(r"[\s\-_./]+")


@dataclass(frozen=True, slots=True)
class Tidied:
    """An id without what is no part of it, and which of this it had."""

    id: str
    trimmed: bool
    invisible: bool
    guarded: bool
    pointed: bool


def tidied(texts: Collection[str], known: Collection[str] = ()) -> dict[str, Tidied]:
    """Return the id that each text of a column means.

    ``.0`` may be part of a known id, and stays where it tells two ids apart or where the column
    holds broken numbers.
    """
    bare = {text: INVISIBLE.sub("", text) for text in texts}
    guards = {text: _GUARDED.match(cell.strip()) for text, cell in bare.items()}
    ids = {
        text: ((guard[1] or guard[2] or "") if (guard := guards[text]) else cell).strip()
        for text, cell in bare.items()
    }
    numbers = _without_point(set(ids.values()), known)
    return {
        text: Tidied(
            id=numbers.get(ids[text], ids[text]),
            trimmed=cell != cell.strip(),
            invisible=cell != text,
            guarded=guards[text] is not None,
            pointed=ids[text] in numbers,
        )
        for text, cell in bare.items()
    }


def _without_point(ids: set[str], known: Collection[str]) -> dict[str, str]:
    """Return the ids that end in ``.0`` without it; none where it is part of some."""
    numbers = {one: found[1] for one in ids if (found := _POINTED.fullmatch(one))}
    numbers = {one: number for one, number in numbers.items() if one not in known}
    if not numbers or any(_BROKEN_NUMBER.fullmatch(one) for one in ids):
        return {}
    whole = {numbers.get(one, one) for one in ids}
    return {} if len(whole) < len(ids) else numbers  # 5 and 5.0 are two ids


def read_ids(
    table: Table, column: str, findings: Findings, known: Collection[str] = ()
) -> pd.Series[str]:
    """Return a column of ids without what is no part of them, each kind told in one warning.

    ``known`` are ids of the schools table, which stay as they are.
    """
    cells = table.frame[column].tolist()
    found = tidied(dict.fromkeys(cells), known)
    for kind, what in (
        ("trimmed", "had white space around, which was taken off"),
        ("invisible", "held invisible characters, which were taken out"),
        ("guarded", 'stood as ="..." or behind an apostrophe, which was taken off'),
        ("pointed", "ended in .0, which was taken off"),
    ):
        odd = {text: one.id for text, one in found.items() if getattr(one, kind)}
        warn_grouped(
            findings,
            rule=f"id-{kind}",
            before=f"{counted(sum(cell in odd for cell in cells), 'id')} {what}" if odd else "",
            examples=list(dict.fromkeys(odd.values())),
            file=table.file,
            column=column,
        )
    ids = [found[cell].id for cell in cells]
    return pd.Series(ids, table.frame.index, dtype=str, name=column)


def tell_rounded(
    ids: Sequence[pd.Series[str]], table: Table, column: str, findings: Findings
) -> bool:
    """Report ids that a spreadsheet has rounded, in one error; return whether there are any.

    ``ids`` are one column of ids or more, ``column`` is what the table calls them.
    """
    lines = zip(ids[0].index, *(cells.tolist() for cells in ids), strict=True)
    found = {row: odd for row, *cells in lines if (odd := [c for c in cells if is_rounded(c)])}
    if not found:
        return False
    rows, cells = list(found), [cell for odd in found.values() for cell in odd]
    examples = listed(list(dict.fromkeys(cells)))
    message = (
        f"a spreadsheet has made {'a number' if len(cells) == 1 else 'numbers'} of "
        f"{counted(len(cells), 'id')}: {examples}. The last digits are lost."
    )
    fix = "Export the table again from its source, and keep the column of ids as text."
    findings.errors.append(
        table.problem("id-rounded", message, fix, row=rows[0], column=column, value=cells[0])
    )
    findings.grouped.update((table.file, row, column) for row in rows)
    return True


def is_rounded(school_id: str) -> bool:
    """Return whether an id is a whole number as a spreadsheet shows it when it has no room."""
    return _ROUNDED.fullmatch(school_id) is not None


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
