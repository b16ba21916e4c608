"""Grades as publishers write them, read into bit masks.

K is 0, grades 1 to 12 are themselves, pre-kindergarten is -1; bit ``g`` of a mask stands for
grade ``g`` and :data:`~feeder.district.model.PK_BIT` for pre-kindergarten. Transitional
kindergarten is the year before K and counts as pre-kindergarten. Ungraded, adult and
postgraduate classes are read and set no bit: their pupils never change school.
"""

from __future__ import annotations

import re
from typing import Final

from feeder.district.model import K12_MASK, PK_BIT

PK: Final = -1
NO_GRADE: Final = -2
"""``grade_low`` and ``grade_high`` of a school that serves neither PK nor K-12."""
LAST_GRADE: Final = 12

_PK_WORDS: Final = (
    r"pre[\s-]*k(?:inder(?:garten)?|g)?|pre[\s-]*sch(?:oo)?l|pk[34]?|ps|tk|k[34]|p[34]|-0?1"
)
_K_WORDS: Final = r"kindergarten|kinder|kdg|kg|k"
_NO_WORDS: Final = r"ungraded|adult|postgrad(?:uate)?|un|ug|ao|ae|ad|pg|13"
_NUMBER: Final = r"(?:0?\d|1[0-2])(?:\.0+)?(?:st|nd|rd|th)?"
_GRADE: Final = rf"(?:{_PK_WORDS}|{_K_WORDS}|{_NO_WORDS}|{_NUMBER})(?![a-z\d])"
_ITEM: Final = re.compile(
    rf"(?P<low>{_GRADE})(?:\s*(?:-|\.\.|to\b|through\b|thru\b)\s*(?P<high>{_GRADE}))?"
)
_SEPARATOR: Final = re.compile(r"[\s,;/&+|]*(?:\band\b)?[\s,;/&+|]*")
_NO_GRADE_WORD: Final = re.compile(_NO_WORDS)
_PK_WORD: Final = re.compile(_PK_WORDS)
_K_WORD: Final = re.compile(_K_WORDS)
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_MONTH: Final = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
_PREFIX: Final = re.compile(r"^grades?\b[\s:]*")


def parse_grades(text: str) -> int:
    """Read a grade span or list into a mask.

    Parameters
    ----------
    text
        ``K-6``, ``9-12`` with any dash, ``01 02 03 KG PK``, ``pre K-8``, ``-1..5``, ``6, 7, 8``,
        ``UN``; a list with gaps covers what it lists. A blank gives 0.

    Returns
    -------
    int
        The mask; 0 where no grade from PK to 12 is served.

    Raises
    ------
    ValueError
        With the reason, when the text is not a span or list of grades.
    """
    words = _PREFIX.sub("", text.translate(_DASHES).strip().lower())
    mask = 0
    position = 0
    while position < len(words):
        item = _ITEM.match(words, position)
        if item is None:
            raise ValueError(_complaint(words))
        mask |= _item_mask(item["low"], item["high"])
        gap = _SEPARATOR.match(words, item.end())
        position = item.end() if gap is None else gap.end()
        if position == item.end() < len(words):
            raise ValueError(_complaint(words))
    return mask


def span_mask(low: int, high: int) -> int:
    """Return the mask of every grade from ``low`` to ``high``, both included (-1 is PK)."""
    return sum(PK_BIT if grade == PK else 1 << grade for grade in range(low, high + 1))


def parse_bounds(low: str, high: str) -> int:
    """Read a lowest and a highest grade, such as ``KG`` and ``05``, into a mask.

    A blank on one side repeats the other; two blanks, or ungraded on both sides, give 0.

    Raises
    ------
    ValueError
        When either is not one grade, or they stand the wrong way round.
    """
    first = low.strip() or high.strip()
    last = high.strip() or first
    if not first:
        return 0
    masks = parse_grades(first), parse_grades(last)
    if masks[0] == masks[1]:
        return masks[0]
    if min(masks) == 0:
        return max(masks)
    start, end = lowest(masks[0]), highest(masks[1])
    if start > end:
        raise ValueError("the lowest grade lies above the highest.")
    return span_mask(start, end)


def lowest(mask: int) -> int:
    """Return the lowest grade of a mask, PK included; :data:`NO_GRADE` for none."""
    if mask & PK_BIT:
        return PK
    return (mask & -mask).bit_length() - 1 if mask else NO_GRADE


def highest(mask: int) -> int:
    """Return the highest grade of a mask; PK only without K-12, NO_GRADE for none."""
    k12 = mask & K12_MASK
    if k12:
        return k12.bit_length() - 1
    return PK if mask else NO_GRADE


def level_of(mask: int) -> str:
    """Return the level that follows from the K-12 grades of a mask.

    With ``low`` and ``high`` the lowest and highest K-12 grade, the first that fits of

    - ``other``: no K-12 grade (pre-kindergarten only, adult, ungraded, unknown);
    - ``elementary``: ends by grade 5, or ends in 6 and starts by 4 (K-5, K-6, K-2, 3-5, 4-6);
    - ``high``: starts at 9 or later, or starts at 8 and reaches 10 (9-12, 10-12, 8-12);
    - ``middle``: starts at 4 or later and ends by 9 (6-8, 7-8, 5-8, 4-8, 7-9, 5-6);
    - ``span``: everything else (K-8, K-12, 6-12, 7-12).
    """
    k12 = mask & K12_MASK
    if not k12:
        return "other"
    low, high = lowest(k12), highest(k12)
    if high <= 5 or (high == 6 and low <= 4):  # noqa: PLR2004 - grades are their own names
        return "elementary"
    if low >= 9 or (low == 8 and high >= 10):  # noqa: PLR2004 - as above
        return "high"
    return "middle" if low >= 4 and high <= 9 else "span"  # noqa: PLR2004 - as above


def grade_label(grade: int) -> str:
    """Return ``PK``, ``K``, ``1`` ... ``12``, or an empty text for :data:`NO_GRADE`."""
    return {NO_GRADE: "", PK: "PK", 0: "K"}.get(grade, str(grade))


def span_label(mask: int) -> str:
    """Return a mask as people write it: ``K-5``, ``PK-6``, ``7``, ``1-2 4-8``, ``no grades``."""
    grades = [grade for grade in range(PK, LAST_GRADE + 1) if mask & span_mask(grade, grade)]
    runs: list[list[int]] = []
    for grade in grades:
        if runs and runs[-1][-1] == grade - 1:
            runs[-1].append(grade)
        else:
            runs.append([grade])
    labels = ["-".join(dict.fromkeys((grade_label(run[0]), grade_label(run[-1])))) for run in runs]
    return " ".join(labels) or "no grades"


def _item_mask(low: str, high: str | None) -> int:
    start = _grade(low)
    end = start if high is None else _grade(high)
    if NO_GRADE in {start, end}:
        if start != end:
            raise ValueError("a span cannot start or end with an ungraded or adult class.")
        return 0
    if start > end:
        raise ValueError("the lowest grade lies above the highest.")
    return span_mask(start, end)


def _grade(word: str) -> int:
    if _NO_GRADE_WORD.fullmatch(word):
        return NO_GRADE
    if _PK_WORD.fullmatch(word):
        return PK
    if _K_WORD.fullmatch(word):
        return 0
    return int(re.match(r"\d+", word)[0])  # type: ignore[index]  # the item's pattern holds


def _complaint(words: str) -> str:
    if _MONTH.search(words):
        return "a spreadsheet has turned this grade span into a date."
    return "this is not a span or list of grades."
