"""Schools by name: what two sources call one school, though they write it differently."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import pandas as pd

from feeder.district.schools.roster import Roster

_ELEMENTARY: Final = frozenset({"elementary", "elem", "el", "es", "primary"})
_MIDDLE: Final = frozenset({"middle", "mid", "ms", "intermediate", "jhs", "junior", "jr"})
_HIGH: Final = frozenset({"high", "hs", "shs", "senior", "sr", "secondary"})
_SCHOOL: Final = frozenset({"school", "schools", "sch"})
_SHORT: Final = {"mt": "mount", "st": "saint", "ft": "fort"}
_DROPPED: Final = re.compile(r"[.'\u2019`\u00b4]")
_PARTED: Final = re.compile(r"[\W_]+")


class _Parts(NamedTuple):
    """A name without the words at its end that tell the kind of school, and these kinds."""

    core: str
    kinds: frozenset[str]


class Names:
    """The names of a district's schools, those left out included.

    Parameters
    ----------
    roster
        Who is in the district.
    levels
        Level of each member by id.
    """

    def __init__(self, roster: Roster, levels: pd.Series[str]) -> None:
        self._roster = roster
        self._levels = levels

    @cached_property
    def _whole(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for school_id, name in self._everyone():
            found[folded(name)].append(school_id)
        return found

    @cached_property
    def _core(self) -> Mapping[str, list[tuple[str, frozenset[str]]]]:
        found: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        for school_id, name in self._everyone():
            parts = _parts(name)
            found[parts.core].append((school_id, parts.kinds))
        return found

    def _everyone(self) -> Iterable[tuple[str, str]]:
        return {**self._roster.left_out, **self._roster.members}.items()

    def whole(self, text: str, level: str = "") -> tuple[str, ...]:
        """Return the schools whose whole name this is, case, accents and punctuation apart."""
        return self._of_level(self._whole.get(folded(text), ()), level)

    def find(self, text: str, level: str = "") -> tuple[str, ...]:
        """Return the schools that may be meant: one where it is sure, several where it is not.

        Words such as Elementary, ES or School may be missing at the end on one side, yet never
        contradict each other. Where several schools fit, those of ``level`` come first.
        """
        parts = _parts(text)
        alike = self._core.get(parts.core, [])
        for fitting in (
            self._whole.get(folded(text), ()),
            [one for one, kinds in alike if kinds == parts.kinds],
            [one for one, kinds in alike if not kinds or not parts.kinds],
        ):
            if fitting:
                return self._of_level(fitting, level)
        return ()

    def _of_level(self, ids: Sequence[str], level: str) -> tuple[str, ...]:
        if level and len(ids) > 1:
            near = [one for one in ids if self._levels.get(one) in {level, "span"}]
            return tuple(near or ids)
        return tuple(ids)


def folded(name: str) -> str:
    """Return a name in lower case, without accents, with single blanks for its punctuation."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and "))
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()
    return _PARTED.sub(" ", _DROPPED.sub("", bare)).strip()


def _parts(name: str) -> _Parts:
    words = folded(name).split()
    ending: set[str] = set()
    while len(words) > 1 and words[-1] in _SCHOOL | _ELEMENTARY | _MIDDLE | _HIGH:
        ending.add(words.pop())
    kinds = {
        kind
        for kind, own in (("elementary", _ELEMENTARY), ("middle", _MIDDLE), ("high", _HIGH))
        if ending & own
    }
    if "middle" in kinds and not ending & {"senior", "sr"}:  # a junior high is no high school
        kinds.discard("high")
    return _Parts(" ".join(_SHORT.get(word, word) for word in words), frozenset(kinds))
