"""What a column of texts says as numbers.

Whether a point is a decimal point or a mark of thousands no single cell can tell, where it
reads ``1.159``; a column can. So all texts of a column are looked at before any is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.files.characters import INVISIBLE

BLANKS: Final = frozenset({"", "na", "n/a", "nan", "null", "none"})
"""Texts, in lower case, that stand for nothing in a column of numbers."""
LARGEST_SCHOOL: Final = 20_000
"""No school has as many students: where thousands would, there are none."""
_THOUSAND: Final = 1000
_HUNDRED: Final = 100
_GROUP: Final = 3
"""Digits between two marks of thousands."""
_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
_SIGNS: Final = str.maketrans({"\u2212": "-", "\u2019": "'", "\u00b4": "'", "`": "'"})
_UNITS: Final = re.compile(
    r"(?:[$€£¥]|usd)\s*(?=[\d.,+-])"
    r"|(?<=[\d.,])\s*(?:[$€£¥°]|usd|dollars|students?|pupils?|seats?|children|learners?|enrolled)$"
)
_PERCENT: Final = re.compile(r"(?<=[\d.,])\s*(?:%|percent|pct\.?)$")
_WRAPPED: Final = re.compile(r"=\"(.*)\"|'(?=[\d.,+-])(.*)")
_NUMBER: Final = re.compile(r"(?P<sign>[+-]?)(?P<body>\d*(?:[.,' ]\d+)*)(?P<power>e[+-]?\d+)?")
_MARKS: Final = re.compile(r"[.,' ]")
_HIDDEN: Final = re.compile(
    r"\*+|s|ds|ps|suppressed|redacted|masked"
    r"|(?:n\s*)?[<>≤≥]\s*=?\s*\d+(?:\.\d+)?\s*%?"
    r"|(?:[gl][et]|fewer than|less than|under|over|more than)\s*\d+(?:\.\d+)?\s*%?"
)
_RANGE: Final = re.compile(r"(\d{1,4})\s*(?:-|\u2010|\u2013|\u2014|to)\s*(\d{1,4})\s*%?")


class Kind(Enum):
    """What the numbers of a column are, which decides how a doubtful mark is read."""

    NUMBER = auto()
    STUDENTS = auto()
    """Whole: students, seats."""
    AMOUNT = auto()
    """Students of a flow, which may be fractions where nobody counted them."""
    DEGREES = auto()
    PERCENT = auto()
    SHARE = auto()
    RATING = auto()
    DOLLARS = auto()


SMALL: Final = frozenset({Kind.DEGREES, Kind.PERCENT, Kind.SHARE})
"""Numbers that never reach a thousand."""
COUNTS: Final = frozenset({Kind.STUDENTS, Kind.AMOUNT})


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A column read as numbers, all by row.

    Attributes
    ----------
    found
        NaN where there is no number.
    suppressed
        A figure is withheld.
    low, high
        What a withheld figure may be, where its cell says so (``1-9``); else NaN.
    declared
        The cell holds a text that stands for nothing: ``missing`` names it, or it was told.
    strange
        The cell is neither a number nor anything else that is known.
    thousands
        A few texts whose point, comma, space or apostrophe was read as a mark of thousands
        against the custom of the file, or beyond it.
    commas
        A few texts of a file parted by commas whose comma was read as a decimal comma.
    units
        A few texts from which a sign of currency or a word such as ``students`` was taken, or a
        percent sign that made a share of them.
    doubtful
        Texts whose mark may be either; they have no number.
    """

    found: pd.Series[float]
    suppressed: pd.Series[bool]
    low: pd.Series[float]
    high: pd.Series[float]
    declared: pd.Series[bool]
    strange: pd.Series[bool]
    thousands: tuple[str, ...] = ()
    commas: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """A number as it is written: its sign, the digits between its marks, its power of ten."""

    text: str
    sign: str
    parts: tuple[str, ...]
    marks: str
    power: str
    percent: bool
    unit: bool

    @property
    def plain(self) -> bool:
        return not self.marks and not self.power

    @property
    def grouped(self) -> bool:
        """Whether every digit after the first mark stands in a group of three."""
        first, *rest = self.parts
        return 1 <= len(first) <= _GROUP and all(len(part) == _GROUP for part in rest)

    @property
    def ambiguous(self) -> bool:
        """Whether its one mark may be of decimals or of thousands."""
        fits = self.grouped and not self.parts[0].startswith("0") and not self.power
        return self.marks in {".", ","} and fits

    def value(self, thousands: Collection[str]) -> float:
        """Return the number, where ``thousands`` names the marks that only part groups."""
        last = self.marks[-1:] not in thousands and self.marks[-1:]
        digits = "".join(self.parts)
        if last:
            digits = "".join(self.parts[:-1]) + "." + self.parts[-1]
        number = float(f"{self.sign}{digits}{self.power}")
        return number if np.isfinite(number) else np.nan


@dataclass(slots=True)
class _Customs:
    """What the clear cases of a column say of its marks."""

    decimals: set[str] = field(default_factory=set)
    thousands: set[str] = field(default_factory=lambda: {"'", " "})
    ambiguous: dict[str, list[_Written]] = field(default_factory=lambda: {".": [], ",": []})
    plain: list[int] = field(default_factory=list)


def read_cells(
    cells: pd.Series[str], kind: Kind, *, decimal_comma: bool, missing: Collection[str] = ()
) -> Numbers:
    """Read a column of texts without white space around.

    Parameters
    ----------
    cells
        The texts.
    kind
        What the numbers are.
    decimal_comma
        Whether the file is one in which ``1,5`` is one and a half.
    missing
        Texts that stand for nothing.
    """
    given = cells.tolist()
    texts = list(dict.fromkeys(given))
    declared = {t for t in texts if t in missing or t.removesuffix(".0") in missing}
    lower = {text: unwrapped(text).lower() for text in texts}
    ranges = {t: bounds for t in texts if (bounds := _range(lower[t], kind)) is not None}
    hidden = {t for t in texts if t in ranges or _HIDDEN.fullmatch(lower[t])} - declared
    nothing = {text for text in texts if lower[text] in BLANKS} | declared
    written = {t: _written(t, lower[t], kind) for t in texts if t not in hidden | nothing}
    numbers = [number for number in written.values() if number is not None]
    customs = _customs(numbers)
    thousands, unclear = _thousands(customs, kind, decimal_comma=decimal_comma)
    torn = customs.decimals & customs.thousands
    doubtful = tuple(
        n.text for n in numbers if torn & set(n.marks) or (n.ambiguous and n.marks in unclear)
    )
    values = dict.fromkeys(texts, np.nan)
    strange = {text for text, number in written.items() if number is None}
    for number in numbers:
        if number.text in doubtful:
            continue
        value = number.value(thousands) / (_HUNDRED if number.percent and kind is Kind.SHARE else 1)
        values[number.text] = value
        if np.isnan(value):
            strange.add(number.text)
    usual = set() if decimal_comma else {","}
    lows, highs = ({t: bounds[end] for t, bounds in ranges.items()} for end in (0, 1))
    return Numbers(
        found=_by_row(values, given, cells.index),
        suppressed=_rows_of(hidden, given, cells.index),
        low=_by_row(lows, given, cells.index),
        high=_by_row(highs, given, cells.index),
        declared=_rows_of(declared, given, cells.index),
        strange=_rows_of(strange, given, cells.index),
        thousands=_with_marks(numbers, thousands - usual, thousands),
        commas=() if decimal_comma else _with_marks(numbers, {","} - thousands, {","} - thousands),
        units=tuple(n.text for n in numbers if n.unit or (n.percent and kind is Kind.SHARE)),
        doubtful=doubtful,
    )


def _by_row(
    values: Mapping[str, float], given: Sequence[str], index: pd.Index[int]
) -> pd.Series[float]:
    return pd.Series(np.array([values.get(text, np.nan) for text in given], dtype=float), index)


def _rows_of(texts: Collection[str], given: Sequence[str], index: pd.Index[int]) -> pd.Series[bool]:
    return pd.Series(np.array([text in texts for text in given], dtype=bool), index)


def unwrapped(text: str) -> str:
    """Return a text without its guard against spreadsheets, and without what cannot be seen."""
    bare = INVISIBLE.sub("", text).strip()
    guarded = _WRAPPED.fullmatch(bare)
    return (guarded[1] or guarded[2] or "").strip() if guarded else bare


def _written(text: str, lower: str, kind: Kind) -> _Written | None:
    """Take a text apart; None where it is no number."""
    bare = _SPACES.sub(" ", lower.translate(_SIGNS))
    unsigned = _PERCENT.sub("", bare)
    percent = unsigned != bare
    if percent and kind not in {Kind.PERCENT, Kind.SHARE}:
        return None
    digits = _UNITS.sub("", unsigned)
    found = _NUMBER.fullmatch(digits)
    if found is None or not re.search(r"\d", found["body"]):
        return None
    marks = "".join(_MARKS.findall(found["body"]))
    number = _Written(
        text, found["sign"], tuple(_MARKS.split(found["body"])), marks, found["power"] or "",
        percent,
        digits != unsigned,
    )  # fmt: skip
    return number if _is_well_formed(number) else None


def _is_well_formed(number: _Written) -> bool:
    """Return whether the marks of a number can be read at all."""
    marks = number.marks
    if len(marks) <= 1:
        return marks not in {"'", " "} or number.grouped
    outer, last = marks[:-1], marks[-1]
    if len(set(outer)) > 1 or (last != outer[0] and last not in ".,"):
        return False
    head = number if last == outer[0] else replace(number, parts=number.parts[:-1])
    return head.grouped


def _customs(numbers: Iterable[_Written]) -> _Customs:
    customs = _Customs()
    for number in numbers:
        marks = number.marks
        if number.plain:
            customs.plain.append(int(number.parts[0]))
        elif number.ambiguous:
            customs.ambiguous[marks].append(number)
        elif len(marks) == 1:
            (customs.decimals if marks in ".," else customs.thousands).add(marks)
        elif marks:
            customs.thousands.add(marks[0])
            if marks[-1] != marks[0]:
                customs.decimals.add(marks[-1])
    return customs


def _thousands(customs: _Customs, kind: Kind, *, decimal_comma: bool) -> tuple[set[str], set[str]]:
    """Return the marks that part thousands, and those that may be either."""
    thousands = set(customs.thousands)
    unclear = set()
    for mark, other in ((".", ","), (",", ".")):
        texts = customs.ambiguous[mark]
        if not texts or mark in customs.decimals | customs.thousands or kind in SMALL:
            continue
        if other in customs.decimals or (mark == "," and not decimal_comma):
            thousands.add(mark)
        elif kind in COUNTS or kind is Kind.DOLLARS:
            verdict = _count_verdict(customs, texts, kind, decimal_comma=decimal_comma)
            if verdict is None:
                unclear.add(mark)
            elif verdict:
                thousands.add(mark)
    return thousands, unclear


def _count_verdict(
    customs: _Customs, texts: list[_Written], kind: Kind, *, decimal_comma: bool
) -> bool | None:
    """Return whether the mark in texts such as ``1.159`` parts thousands; None where in doubt.

    It does where the other numbers of the column stay below a thousand without any mark, as
    they do where thousands are parted.
    """
    largest = max(int("".join(text.parts)) for text in texts)
    if largest > LARGEST_SCHOOL and kind is not Kind.DOLLARS:
        return False
    beside = max(customs.plain, default=0)
    if beside >= _THOUSAND:
        return None
    if kind is Kind.AMOUNT:
        unclear = None if decimal_comma else False
        return True if beside >= _HUNDRED else unclear
    if customs.plain:
        return True
    fraction = any(text.parts[-1] != "000" for text in texts)
    return True if fraction else None


def _range(lower: str, kind: Kind) -> tuple[float, float] | None:
    """Return the bounds of a range such as ``1-9``; None where a text is none."""
    found = _RANGE.fullmatch(lower)
    if found is None or kind is Kind.DEGREES:
        return None
    low, high = float(found[1]), float(found[2])
    return (low, high) if low < high else None


def _with_marks(
    numbers: Iterable[_Written], marks: Collection[str], read_as: Collection[str]
) -> tuple[str, ...]:
    """Return the texts that hold one of some marks, read as these were."""
    return tuple(n.text for n in numbers if set(n.marks) & set(marks) & set(read_as))
