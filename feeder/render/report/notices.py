"""What was repaired, estimated or left out, in words that may be published.

Messages from reading name figures of single schools, and a figure may be small. So a published
page tells each kind of repair in a sentence of its own; the message itself follows only where
it names places and grades but never students.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from feeder.errors import Problem
from feeder.language import Words

MOST_PLACES: Final = 6
"""Places of one message that are named before the rest is counted."""

QUOTED: Final = frozenset(
    {
        "area-off-the-land",
        "area-without-id",
        "areas-beyond-outline",
        "campus-far-apart",
        "campus-outside-outline",
        "cells-joined",
        "crs-assumed",
        "gaps-filled",
        "holes-left",
        "land-bridged",
        "no-land-left",
        "land-of-blocks",
        "no-lowest-areas",
        "no-outline",
        "no-polygon",
        "offshore",
        "outline-too-large",
        "overlaps-resolved",
        "pieces-mended",
        "ring-repaired",
        "zone-of-choice",
        "blank-grades",
        "blank-name",
        "choice-apart",
        "choice-kinds",
        "choice-shares-campus",
        "choice-without-flow",
        "flows-estimated",
        "grades-beyond-12",
        "grades-by-pupils",
        "grades-from-level",
        "grades-from-pupils",
        "one-sided-grades",
        "pre-k-or-missing",
        "kind-unknown",
        "missing-location",
        "no-measures",
        "receivers-left-out",
        "unassigned-today",
        "areas-silent",
        "zoned-by-point",
        "zoned-elsewhere",
    }
)
"""Rules whose messages tell of land, names and grades only. Another has a sentence alone."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of repair: in plain words, the planner's message where it may be published."""

    words: str
    details: tuple[str, ...] = ()


def notices(warnings: Iterable[Problem], words: Words) -> tuple[Notice, ...]:
    """Return each kind of warning once, in the order of its first appearance.

    Parameters
    ----------
    warnings
        As reading and building told them; their messages may hold figures of students.
    words
        The reader's language. Messages are quoted as they are, in English.
    """
    found: dict[str, list[str]] = {}
    for warning in warnings:
        key = f"notice.{warning.rule}"
        details = found.setdefault(key if key in words.texts else "notice.something-else", [])
        if warning.rule in QUOTED:
            details.append(_shortened(warning.message))
    return tuple(Notice(words(key), tuple(details)) for key, details in found.items())


def _shortened(message: str) -> str:
    """Return a message that lists many places with the first of them and how many follow."""
    parts = message.split("; ")
    more = len(parts) - MOST_PLACES
    if more <= 1:
        return message
    return f"{'; '.join(parts[:MOST_PLACES])} and {more:,} more."
