"""Grades as publishers write them, read into bit masks."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from feeder.district.schools.grade_systems import (
    AMERICAN,
    LAST,
    OUTSIDE,
    SYSTEMS,
    UNGRADED,
    GradeSystem,
)
from feeder.district.schools.grades import span_mask
from feeder.district.schools.spreadsheet_dates import date_in

NOTHING: Final = frozenset(
    {"", "-", "--", ".", "m", "n", "na", "n/a", "nan", "none", "not reported", "null"}
    | {"missing", "not applicable", "nr", "unknown"}
)
"""Texts, in lower case, that stand for no answer; ``M`` and ``N`` are federal codes."""
CODES: Final = {
    "-2": "not applicable",
    "-3": "suppressed",
    "-9": "missing",
    "15": "ungraded",
    "99": "all grades together",
    "999": "not specified",
}
"""Numbers that federal files write for something that is no grade."""
_HIGH_SCHOOL: Final = 9
_DASHES: Final = str.maketrans(
    dict.fromkeys("\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\x96\x97", "-")
)
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_PREFIX: Final = re.compile(r"^(?:serving\s+)?(?:grade\s*levels?|grades?|gr[sd]?)\b[\s.:]*")
_SUFFIX: Final = re.compile(r"[\s,]*\b(?:grades?|graders)$")
_RANGE: Final = re.compile(r"\s*(?:-+|\.\.+|~|to\b|through\b|thru\b)\s*")
_SEPARATOR: Final = re.compile(r"[\s,;/&+|()]*(?:\band\b)?[\s,;/&+|()]*")
_LETTERS: Final = re.compile(r"[^\W\d_]+\.?\s*")
_LONE: Final = frozenset("ivx")
"""Letters that are a grade in a span alone: an x may tick a box."""
_ENDS: Final = 2


@dataclass(frozen=True, slots=True)
class Grades:
    """What a cell says.

    Attributes
    ----------
    mask
        The grades; 0 where it says none.
    beyond
        What a span reached to outside K-12, such as adult classes; empty where it did not.
    vague
        Whether the span's end says nothing about how far its grades reach (K to ungraded); the
        mask then goes to grade 12.
    """

    mask: int
    beyond: str = ""
    vague: bool = False


class DateError(ValueError):
    """A date stands where grades should; ``likely`` is the span it was made of, or empty."""

    def __init__(self, likely: str) -> None:
        self.likely = likely
        of = f", likely of {likely}" if likely else ""
        super().__init__(f"a spreadsheet made a date of it{of}.")


class CodeError(ValueError):
    """A code of a federal file stands where grades should."""

    def __init__(self, code: str, meaning: str) -> None:
        self.code = code
        super().__init__(f'{code} is no grade; federal files write it for "{meaning}".')


def parse_grades(text: str, system: GradeSystem = AMERICAN) -> Grades:
    """Read a grade span or list.

    Parameters
    ----------
    text
        ``K-6``, ``9-12`` with any dash, ``01 02 03 KG PK``, ``pre K-8``, ``-1..5``, ``6, 7, 8``,
        ``9-Adult``, ``UN``; a list with gaps covers what it lists. A blank says none.
    system
        What grades are called.

    Raises
    ------
    DateError
        Where a spreadsheet made a date of the span.
    CodeError
        Where it is a code that is no grade.
    ValueError
        With the reason, where it is no span or list of grades.
    """
    words = plain(text)
    _refuse_dates_and_codes(words, system)
    if words in _LONE and system is AMERICAN:
        raise ValueError(_complaint(text, system))
    words = _SUFFIX.sub("", _PREFIX.sub("", words))
    mask, beyond, vague, position = 0, "", False, 0
    ends: list[int] = []
    while position < len(words):
        start = position
        low, position = _word(words, start, text, system)
        ends.append(low)
        # A chain such as 9-10-11-12 is a span after another.
        while found := _RANGE.match(words, position):
            high, position = _high(words[start:position], words, found.end(), text, system)
            one = _span(low, high)
            mask, vague = mask | one.mask, vague or one.vague
            beyond = beyond or one.beyond
            ends += [high] * _ENDS
            if (low := high) > LAST:
                break
        if low <= LAST:
            mask |= span_mask(low, low)
        gap = _SEPARATOR.match(words, position)
        after = position if gap is None else gap.end()
        if after == position < len(words):
            raise ValueError(_complaint(text, system))
        position = after
    _refuse_slash(words, ends, system)
    return Grades(mask, beyond, vague)


def parse_bounds(low: str, high: str, system: GradeSystem = AMERICAN) -> Grades:
    """Read a lowest and a highest grade, such as ``KG`` and ``05``.

    A blank on one side repeats the other; two blanks, or ungraded on both sides, say none.

    Raises
    ------
    DateError, CodeError
        As :func:`parse_grades`.
    ValueError
        Where either is not one grade, or they stand the wrong way round.
    """
    first, last = plain(low) or plain(high), plain(high) or plain(low)
    if not first:
        return Grades(0)
    if first == last:
        return parse_grades(first, system)
    return _span(_one(first, low, system), _one(last, high, system))


def _one(words: str, text: str, system: GradeSystem) -> int:
    """Return the place of a cell that holds a single grade."""
    _refuse_dates_and_codes(words, system)
    bare = _PREFIX.sub("", words)
    place, end = _word(bare, 0, text, system)
    if end < len(bare):
        raise ValueError("this is not a single grade.")
    return place


def plain(text: str) -> str:
    """Return a text in lower case with plain dashes; empty where it stands for no answer."""
    words = text.translate(_INVISIBLE).replace("â€“", "-").replace("â€”", "-")
    words = words.translate(_DASHES).strip().casefold()
    return "" if words in NOTHING else words


def _span(low: int, high: int) -> Grades:
    if low > LAST and high > LAST:
        return Grades(0)
    if low > LAST:
        raise ValueError(f"it begins with {OUTSIDE[low]}.")
    if low > high:
        raise ValueError("the lowest grade lies above the highest.")
    if high <= LAST:
        return Grades(span_mask(low, high))
    vague = high == UNGRADED and low < _HIGH_SCHOOL
    return Grades(span_mask(low, LAST), OUTSIDE[high], vague)


def _word(words: str, position: int, text: str, system: GradeSystem) -> tuple[int, int]:
    """Return the place of the grade that begins here, and where it ends."""
    found = _pattern(system).match(words, position)
    if found is None or found.lastgroup is None:
        raise ValueError(_complaint(text, system))
    return system.words[int(found.lastgroup[1:])][0], found.end()


def _high(low: str, words: str, position: int, text: str, system: GradeSystem) -> tuple[int, int]:
    """Return the end of a span that begins with ``low``; ``P1-7`` means ``P1-P7``."""
    try:
        return _word(words, position, text, system)
    except ValueError:
        if system is AMERICAN:
            raise
        for named in (low, system.first.casefold()):
            letters = _LETTERS.match(named)
            found = _pattern(system).match(letters[0] + words[position:]) if letters else None
            if letters and found and found.lastgroup:
                return system.words[int(found.lastgroup[1:])][0], (
                    position + found.end() - len(letters[0])
                )
        raise


@cache
def _pattern(system: GradeSystem) -> re.Pattern[str]:
    groups = "|".join(f"(?P<w{i}>{pattern})" for i, (_, pattern) in enumerate(system.words))
    return re.compile(rf"(?:{groups})(?![^\W_])")


def _refuse_dates_and_codes(words: str, system: GradeSystem) -> None:
    if system.place(words) is not None:
        return
    meaning = CODES.get(words.removesuffix(".0"))
    if meaning is not None:
        raise CodeError(words, meaning)
    date = date_in(words)
    if date is not None and not _neighbors(words):
        low, high = date
        raise DateError(f"{low}-{high}" if low < high <= LAST else "")


def _neighbors(words: str) -> bool:
    """Tell ``7/8``, ``6/7/8`` and ``10-11-12``, which mean the same as a list and as a span."""
    parts = re.split("[/-]", words)
    numbers = [int(part) for part in parts if part.isdecimal()]
    steps = itertools.pairwise(numbers)
    return len(parts) == len(numbers) > 1 and all(b - a == 1 for a, b in steps)


def _refuse_slash(words: str, ends: list[int], system: GradeSystem) -> None:
    """Ask about ``K/5``, which may mean all from K to 5 or these two."""
    if len(ends) == _ENDS and "/" in words and ends[1] - ends[0] > 1 and ends[1] <= LAST:
        low, high = (system.label(end) for end in ends)
        raise ValueError(f"does it mean {low}-{high}, or {low} and {high} alone?")


def _complaint(text: str, system: GradeSystem) -> str:
    if system is not AMERICAN:
        return f"this is no span or list of {system.first} to {system.last}, which [grades] names."
    for name, other in SYSTEMS.items():
        if other is not system and _reads(text, other):
            return f'no grade from K to 12; is it system = "{name}" in [grades]?'
    return "this is not a span or list of grades."


def _reads(text: str, system: GradeSystem) -> bool:
    """Tell whether every word of a text is a grade of a system."""
    parts = [part for part in re.split(r"[\s,;/&|-]+", plain(text)) if part]
    return bool(parts) and all(system.place(part) is not None for part in parts)
