"""A language as a district speaks it: with its own words for grades and levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from feeder.district.schools.grade_systems import AMERICAN, GradeSystem
from feeder.language import Words, words

OWN: Final = "own."
"""Texts under this prefix stand for those without it where grades are not K to 12."""
RUNGS: Final = ("elementary", "middle", "high")
_LEVEL_KEYS: Final = ("key.level", "card.level", "packet.rung")
Text = str | Mapping[str, str]


def spoken(tag: str, system: GradeSystem) -> Words:
    """Return a language by its tag, in a district's own words where it has any.

    Parameters
    ----------
    tag
        Tag of one of :func:`feeder.language.languages`.
    system
        What the district calls its grades and levels.
    """
    plain = words(tag)
    if system == AMERICAN:
        return plain
    own: dict[str, Text] = {
        key.removeprefix(OWN): _named(text, system)
        for key, text in plain.texts.items()
        if key.startswith(OWN)
    }
    names = system.level_names()
    for level in RUNGS:
        # A rung of the ladder that the district has no level for stays without a head.
        own[f"packet.rung.{level}"] = "" if names else plain.texts[f"key.level.{level}"]
    for level, name in names.items():
        safe = _without_gaps(name)
        own |= {f"{key}.{level}": safe for key in _LEVEL_KEYS}
        own[f"level.{level}"] = safe
        own[f"amount.{level}"] = f"{safe}: {{n:,}}"
    return replace(plain, texts=MappingProxyType({**plain.texts, **own}))


def _named(text: Text, system: GradeSystem) -> Text:
    """Fill in the first and the last grade."""
    if not isinstance(text, str):
        return {form: str(_named(one, system)) for form, one in text.items()}
    for gap, name in (("{first}", system.first), ("{last}", system.last)):
        text = text.replace(gap, _without_gaps(name))
    return text


def _without_gaps(name: str) -> str:
    """Return a name that no template takes for a gap."""
    return name.replace("{", "(").replace("}", ")")
