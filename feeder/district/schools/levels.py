"""Levels: what follows from grades, and what stands for grades where a table has none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from feeder.district.model import K12_MASK
from feeder.district.schools.grade_systems import GradeSystem
from feeder.district.schools.grades import level_of, span_mask

_SCHOOL: Final = r"(?:[\s-]*schools?)?"
_WORDS: Final = (
    ("elementary", rf"(?:elem(?:entary)?|primary|grade|es)\.?{_SCHOOL}"),
    ("middle", rf"(?:middle|intermediate|(?:junior|jr)\.?\s*high|ms|jhs){_SCHOOL}"),
    ("high", rf"(?:(?:senior\s*|sr\.?\s*)?high|hs|shs){_SCHOOL}"),
)
_USUAL: Final[Mapping[str, int]] = MappingProxyType(
    {"elementary": span_mask(0, 5), "middle": span_mask(6, 8), "high": span_mask(9, 12)}
)
"""The grades of a level where no other school of the district has grades."""


def level_named(text: str, system: GradeSystem) -> str | None:
    """Return the level that a text names, by the district's words where it has any."""
    word = text.strip().casefold()
    own = [level.name for level in system.levels if _same(level.name, word)]
    found = (level for level, pattern in _WORDS if re.fullmatch(pattern, word))
    return next(iter(own), None) if system.levels else next(found, None)


def grades_of_level(level: str, known: Iterable[int], system: GradeSystem) -> int:
    """Return the mask that a level stands for.

    The grades that most schools of the level have in the district (``known`` are their masks; the
    lowest of equals), or those that are usual.
    """
    for own in system.levels:
        if own.name == level:
            return own.mask
    times = Counter(mask & K12_MASK for mask in known if level_of(mask) == level)
    return min(times, key=lambda mask: (-times[mask], mask), default=_USUAL[level])


def _same(name: str, word: str) -> bool:
    short = name.casefold().removesuffix(" school")
    return word in {short, f"{short} school", f"{short}s", f"{short} schools"}
