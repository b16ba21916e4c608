"""What was repaired, estimated or left out, in words that may be published.

Messages from reading name figures of single schools, and a figure may be small. So a published
page tells each kind of repair in a sentence of its own; the message itself follows only where
it names places and grades but never students.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from feeder.errors import Problem

MOST_PLACES: Final = 6
"""Places of one message that are named before the rest is counted."""

_ABOUT_LAND: Final[Mapping[str, str]] = MappingProxyType(
    {
        "area-off-the-land": "An attendance area lies mostly off the district's land.",
        "area-without-id": "Attendance areas name no school; their land is shared out.",
        "areas-beyond-outline": "Attendance areas reach beyond the district's outline.",
        "campus-far-apart": "Schools of one campus stand far apart; they stay together.",
        "campus-outside-outline": "Schools stand outside the district's outline.",
        "cells-joined": "Pieces of land cut off from their school went to a neighbor.",
        "crs-assumed": "A map layer does not say its coordinate system; degrees were assumed.",
        "gaps-filled": "Land between attendance areas went to the neighbor with most border.",
        "holes-left": "Holes between attendance areas are taken as land of others.",
        "land-bridged": "Pieces of land without a common border were joined.",
        "no-land-left": "No land is left for a school, since smaller areas cover it.",
        "no-lowest-areas": "No elementary attendance areas are given; each school holds the land "
        "nearest to it.",
        "no-outline": "No outline of the district is given; it was drawn around the schools.",
        "no-polygon": "Features of a map layer have no area and were left out.",
        "offshore": "Land without a school counts as offshore and is left out of the figures of "
        "shape.",
        "outline-too-large": "The district's outline is far larger than its attendance areas and "
        "was left aside.",
        "overlaps-resolved": "Attendance areas overlap; the smaller area keeps the land.",
        "pieces-mended": "Slivers of attendance areas went to the area around them.",
        "ring-repaired": "Outlines that cross themselves were repaired.",
    }
)
_ABOUT_SCHOOLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "blank-grades": "Schools are given without grades.",
        "blank-name": "Schools without a name are called by their id.",
        "choice-apart": "Schools of choice stand outside every community.",
        "choice-kinds": "Schools are taken for schools of choice by their kind.",
        "choice-shares-campus": "Schools of choice that share a campus with a neighborhood school "
        "stay with it.",
        "choice-without-flow": "Schools of choice without known flows belong where they stand.",
        "flows-estimated": "No one has counted where students go next; the flows are estimated.",
        "grades-by-pupils": "Printed grades and enrolled grades differ; the enrolled grades are "
        "used.",
        "kind-unknown": "Schools that take no neighborhood are not marked, so the estimate may "
        "send students there.",
        "missing-location": "Schools without coordinates were left out.",
        "no-measures": "Schools without figures of need count as 0 there.",
        "receivers-left-out": "Schools that take no neighborhood receive no estimated flow.",
        "unassigned-today": "Schools have no community in today's plan.",
    }
)
_WITHOUT_MESSAGE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "control-characters": "Characters that cannot be shown were taken out of a table.",
        "duplicate-id": "Schools that stand twice in the table were read as one.",
        "grades-exceed-enrollment": "Grades of some schools add up to more than their enrollment; "
        "both figures are used as given.",
        "header-trimmed": "Column names had spaces around them, which were taken off.",
        "id-trimmed": "School ids had spaces around them, which were taken off.",
        "layer-notes": "A map layer was read with remarks.",
        "missing-enrollment": "Schools are given without an enrollment.",
        "no-flows": "The table of flows has no rows.",
        "pathway": "Flows to schools that do not serve the next grade were left out.",
        "repeated-flow": "Pairs of schools that stand twice in the table of flows were read as "
        "one.",
        "school-left-out": "Rows of schools that are not part of this plan were left out.",
        "school-without-flow": "Some schools have no known next school; their leavers are in no "
        "figure about flows.",
        "self-flow": "Flows from a school to itself were left out.",
        "suppressed-enrollment": "Some figures by grade are withheld in the source and count as "
        "ungraded.",
        "suppressed-measure": "Some figures of need are withheld in the source and count as "
        "unknown.",
        "ungraded": "Grades that add up to less than a school's enrollment leave ungraded "
        "students.",
        "unknown-id": "Rows of schools that the district's table lacks were left out.",
        "windows-1252": "A table was not written as UTF-8; names with accents may be wrong.",
    }
)
_UNKNOWN: Final = "Something else was repaired or left out; the planner's run record says what."


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of repair: in plain words, the planner's message where it may be published."""

    words: str
    details: tuple[str, ...] = ()


def notices(warnings: Iterable[Problem]) -> tuple[Notice, ...]:
    """Return each kind of warning once, in the order of its first appearance.

    Parameters
    ----------
    warnings
        As reading and building told them; their messages may hold figures of students.
    """
    found: dict[str, list[str]] = {}
    for warning in warnings:
        open_words = _ABOUT_LAND.get(warning.rule) or _ABOUT_SCHOOLS.get(warning.rule)
        words = open_words or _WITHOUT_MESSAGE.get(warning.rule, _UNKNOWN)
        details = found.setdefault(words, [])
        if open_words is not None:
            details.append(_shortened(warning.message))
    return tuple(Notice(words, tuple(details)) for words, details in found.items())


def _shortened(message: str) -> str:
    """Return a message that lists many places with the first of them and how many follow."""
    parts = message.split("; ")
    more = len(parts) - MOST_PLACES
    if more <= 1:
        return message
    return f"{'; '.join(parts[:MOST_PLACES])} and {more:,} more."
