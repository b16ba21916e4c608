"""Grade systems: what the grades of a country or a district are called, in order.

Inside, every system has the same thirteen years: K is 0, the others are 1 to 12, and what lies
before is -1. A system says by which words its publishers mean each of them. Classes outside the
thirteen years (grade 13, adults, ungraded) have places of their own above 12.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Final

BEFORE: Final = -1
LAST: Final = 12
BEYOND: Final = 13
ADULT: Final = 14
UNGRADED: Final = 15
OUTSIDE: Final[Mapping[int, str]] = MappingProxyType(
    {BEYOND: "a year after grade 12", ADULT: "adult classes", UNGRADED: "ungraded classes"}
)
"""Places of classes that are no year of K-12, and what they are."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a system: what readers call its schools, and the grades they serve as a mask."""

    name: str
    mask: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeSystem:
    """What a district calls its grades.

    Attributes
    ----------
    labels
        What the year before K, K, 1 ... 12 are called; empty where there is no such year.
    words
        Place of a grade (BEFORE to UNGRADED) to the pattern of its words, in lower case; what
        stands first is tried first.
    year_before
        Whether the year before K is a full year that everybody attends, such as Reception.
    levels
        The district's own levels; empty for elementary, middle and high.
    """

    labels: tuple[str, ...]
    words: tuple[tuple[int, str], ...]
    year_before: bool = False
    levels: tuple[Level, ...] = ()

    def label(self, grade: int) -> str:
        """Return what a grade from -1 to 12 is called."""
        return self.labels[grade - BEFORE] or str(grade)

    @property
    def first(self) -> str:
        """What K is called."""
        return self.label(0)

    @property
    def last(self) -> str:
        """What the last grade is called."""
        return next(label for label in reversed(self.labels) if label)

    def level_names(self) -> dict[str, str]:
        """Return the district's own words for elementary, middle and high, as far as it has any."""
        found: dict[str, list[str]] = {}
        for level in self.levels:
            found.setdefault(self.role(level), []).append(level.name)
        return {role: " / ".join(names) for role, names in found.items()}

    def role(self, level: Level) -> str:
        """Return which of feeder's levels one of the district's own stands for.

        The one that ends with the last grade is high, one that begins with the first elementary,
        others are middle; one that does both is a span.
        """
        every = reduce(or_, (one.mask for one in self.levels))
        first, last = (
            bool(level.mask & every & -every),
            level.mask.bit_length() == every.bit_length(),
        )
        if first and last:
            return "span" if len(self.levels) > 1 else "elementary"
        return "high" if last else "elementary" if first else "middle"

    def place(self, text: str) -> int | None:
        """Return the place of a single grade; None where the text is none."""
        word = text.strip().casefold()
        found = (place for place, pattern in self.words if re.fullmatch(pattern, word))
        return next(found, None)


_OUTSIDE_WORDS: Final = (
    (ADULT, r"adults?(?:\s*(?:ed(?:ucation)?|only))?|ad|ae|ao|abe"),
    (UNGRADED, r"un(?:grad(?:ed)?)?|ung|ug[es]?|u[es]|non-?graded|ng"),
    (BEYOND, r"post[\s-]*(?:grad(?:uate)?|secondary)s?|pg"),
)
_ORDINALS: Final = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_CARDINALS: Final = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_ROMAN: Final = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_GRADE_WORD: Final = r"(?:g(?:r(?:ades?)?)?\.?\s*)?"
_BEFORE_WORDS: Final = (
    r"pre[\s-]*k(?:inder(?:garten)?|g)?[34]?|pre[\s-]*sch(?:oo)?l|p\.?k\.?[34]?|p[34]?|ps[34]?"
    r"|t-?k|transitional\s+kindergarten|k[34]|[34]-?k|jk|ee|early\s+(?:childhood|education)"
    r"|infants?|toddlers?|nursery|-0?1(?:\.0+)?"
)
_K_WORDS: Final = r"kindergarten|kinder|kdg|kgn?|kn|0?k|sk|00?(?:\.0+)?"


def _mask(low: int, high: int) -> int:
    return sum(1 << grade for grade in range(low, high + 1))


def _american() -> GradeSystem:
    words = [
        (BEFORE, _BEFORE_WORDS),
        (0, rf"{_GRADE_WORD}(?:{_K_WORDS})"),
        *_OUTSIDE_WORDS,
        (BEYOND, rf"{_GRADE_WORD}(?:1[34](?:\.0+)?(?:th)?|1[23]\s*\+)"),
    ]
    # The longest number first, so that 1 is not read where 10 stands.
    for grade in range(LAST, 0, -1):
        number = rf"0?{grade}(?:\.0+)?(?:st|nd|rd|th)?"
        named = "|".join([number, *(names[grade - 1] for names in (_ORDINALS, _CARDINALS, _ROMAN))])
        words.append((grade, rf"{_GRADE_WORD}(?:{named})"))
    return GradeSystem(labels=("PK", "K", *map(str, range(1, LAST + 1))), words=tuple(words))


def _scottish() -> GradeSystem:
    primary = [(n - 1, rf"p(?:rimary)?\.?\s*0?{n}") for n in range(7, 0, -1)]
    secondary = [(n + 6, rf"s(?:econdary)?\.?\s*0?{n}") for n in range(6, 0, -1)]
    return GradeSystem(
        labels=("Nursery", *(f"P{n}" for n in range(1, 8)), *(f"S{n}" for n in range(1, 7))),
        words=(
            (BEFORE, r"nursery|elc|early\s+learning(?:\s+and\s+childcare)?|n|pre-?school"),
            *primary,
            *secondary,
            *_OUTSIDE_WORDS,
        ),
        levels=(Level("Primary school", _mask(0, 6)), Level("Secondary school", _mask(7, 12))),
    )


def _english() -> GradeSystem:
    years = [(n - 1, rf"(?:years?|yr|y)\.?\s*0?{n}") for n in range(13, 0, -1)]
    return GradeSystem(
        labels=("Reception", *(f"Y{n}" for n in range(1, 14))),
        words=(
            *years,
            (BEFORE, r"reception|rec|r|yr|y(?:ear)?\s*r|eyfs|fs[12]?|nursery|n[12]?"),
            *_OUTSIDE_WORDS,
        ),
        year_before=True,
        levels=(Level("Primary school", _mask(0, 5)), Level("Secondary school", _mask(6, 12))),
    )


AMERICAN: Final = _american()
SYSTEMS: Final[Mapping[str, GradeSystem]] = MappingProxyType(
    {"united states": AMERICAN, "scotland": _scottish(), "england": _english()}
)
"""The built-in systems by the name that ``[grades]`` knows them by."""


def own_system(names: Sequence[str], before: Sequence[str] = ()) -> GradeSystem:
    """Return the system of a district that calls its grades by names of its own.

    Parameters
    ----------
    names
        At most thirteen, lowest first: the first is K, the second grade 1 and so on.
    before
        What comes before them: their pupils never change school.
    """
    words = [(place, name) for place, name in enumerate(names)]
    words += [(BEFORE, name) for name in before]
    # A name that begins like another is tried first where it is longer.
    words.sort(key=lambda word: (-len(word[1]), word[0]))
    labels = [*names, *[""] * (LAST + 1 - len(names))]
    return GradeSystem(
        labels=(before[0] if before else "", *labels),
        words=(*((place, _flexible(name)) for place, name in words), *_OUTSIDE_WORDS),
    )


def _flexible(name: str) -> str:
    """Return the pattern of a name in any case, with any white space between its words."""
    return r"\s*".join(map(re.escape, name.casefold().split()))
