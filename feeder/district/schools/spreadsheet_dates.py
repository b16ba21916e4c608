"""Dates that a spreadsheet made of spans: 6-8 became 6/8/2025, 8-Jun or 45816."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

_MONTHS: Final = (
    *(("jan", 1), ("ene", 1), ("feb", 2), ("fev", 2), ("fév", 2), ("mar", 3), ("mär", 3)),
    *(("mrz", 3), ("apr", 4), ("abr", 4), ("avr", 4), ("may", 5), ("mai", 5), ("jun", 6)),
    *(("juin", 6), ("jul", 7), ("juil", 7), ("aug", 8), ("ago", 8), ("aou", 8), ("aoû", 8)),
    *(("sep", 9), ("set", 9), ("oct", 10), ("okt", 10), ("out", 10), ("nov", 11), ("dec", 12)),
    *(("dez", 12), ("dic", 12), ("déc", 12)),
)
"""How the names of months begin in English, Spanish, Portuguese, French and German."""
_NAME: Final = r"(?P<name>[^\W\d_]{3,10})\.?"
_GAP: Final = r"[\s./,-]*"
_YEAR: Final = r"(?:\d{4}|\d{2})"
_TIME: Final = r"(?:[t\s]+\d{1,2}:.*)?"
_DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\d{{4}}(?P<mark>[-/.])(?P<a>\d\d?)(?P=mark)(?P<b>\d\d?){_TIME}",
        rf"(?P<a>\d\d?)(?P<mark>[-/.])(?P<b>\d\d?)(?P=mark){_YEAR}{_TIME}",
        r"(?P<a>\d\d?)/(?P<b>\d\d?)",
        r"(?P<a>\d\d?)\.(?P<b>\d\d?)\.",
    )
)
_NAMED: Final = (
    re.compile(rf"(?P<a>\d\d?){_GAP}{_NAME}(?:{_GAP}{_YEAR})?{_TIME}"),
    re.compile(rf"{_NAME}{_GAP}(?P<a>\d\d?)(?:{_GAP}\d{{4}})?{_TIME}"),
)
_SERIAL: Final = re.compile(r"([2-6]\d{4})(?:\.0+)?")
_FIRST_DAY: Final = dt.date(1899, 12, 30)
"""Day 0 of the numbers by which spreadsheets keep dates; they reach from 1954 to 2091 here."""
_MONTHS_A_YEAR: Final = 12
_DAYS_A_MONTH: Final = 31


def date_in(text: str) -> tuple[int, int] | None:
    """Return the two numbers that a date was made of, the smaller first; None where it is none.

    A number of the year is left out: ``6/8/2025``, ``Jun-08`` and ``45816`` all give (6, 8).
    """
    word = text.strip().casefold()
    for pattern in _DATES:
        found = pattern.fullmatch(word)
        if found:
            return _pair(int(found["a"]), int(found["b"]))
    for pattern in _NAMED:
        found = pattern.fullmatch(word)
        month = _month(found["name"]) if found else None
        if found and month:
            return _pair(month, int(found["a"]))
    found = _SERIAL.fullmatch(word)
    if found:
        day = _FIRST_DAY + dt.timedelta(days=int(found[1]))
        return _pair(day.month, day.day)
    return None


def _month(name: str) -> int | None:
    return next((month for start, month in _MONTHS if name.startswith(start)), None)


def _pair(a: int, b: int) -> tuple[int, int] | None:
    """Return two numbers in order where they are a month and a day."""
    low, high = min(a, b), max(a, b)
    return (low, high) if 1 <= low <= _MONTHS_A_YEAR and high <= _DAYS_A_MONTH else None
