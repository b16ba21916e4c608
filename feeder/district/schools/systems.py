"""What a district calls its grades and levels: ``[grades]`` and ``[levels]``."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from feeder.district.model import K12_MASK
from feeder.district.schools.grade_systems import (
    AMERICAN,
    BEFORE,
    LAST,
    OUTSIDE,
    SYSTEMS,
    GradeSystem,
    Level,
    own_system,
)
from feeder.district.schools.grade_words import parse_grades
from feeder.district.settings.sections import Section
from feeder.district.settings.specs import GRADES, Texts
from feeder.wording import brief, nearest, shown

_MOST: Final = LAST + 1
_OWN: Final = 'names = ["P1", "P2", ...], lowest first'


def parse_grade_system(top: Section) -> GradeSystem:
    """Return the built-in system that ``[grades]`` names, or one of the names it lists.

    ``[levels]`` maps the district's own levels to their grades: ``Primary = "P1-P7"``.
    """
    section = top.section("grades", ("system", "names", "before"))
    system = AMERICAN if section is None else _system(section)
    levels = top.texts("levels")
    found = [level for name, span in levels.items() if (level := _level(top, name, span, system))]
    return replace(system, levels=tuple(found)) if found else system


def grade_keys(section: Section, key: str, system: GradeSystem, *, lowest: int = BEFORE) -> Texts:
    """Return an inner table whose keys are grades, by PK, K, 1 ... 12, from the lowest one on."""
    inner = section.section(key)
    found: dict[str, str] = {}
    for name in inner.raw if inner else ():
        place = system.place(name)
        text = inner.text(name) if inner else None
        if place is None or not lowest <= place <= LAST:
            message = f"unknown grade {brief(name)}{inner.place if inner else ''}."
            (inner or section).complain("unknown-key", message, _meant(name, system), key=name)
        elif text is not None:
            found[GRADES[place + 1]] = text
    return MappingProxyType(found)


def _meant(name: str, system: GradeSystem) -> str:
    """Return the way out for a grade that is none: the system it may be of, or those known."""
    if system.place(name) in OUTSIDE:
        return "Leave it out: what the grades lack to the enrollment is carried as ungraded."
    if system is AMERICAN:
        for other_name, other in SYSTEMS.items():
            if other is not system and other.place(name) is not None:
                return f'Is it system = "{other_name}" in [grades]?'
    known = [label for label in system.labels if label]
    return f"Known: {', '.join(known)}; others are named in [grades]."


def _system(section: Section) -> GradeSystem:
    raw = section.raw
    if "names" not in raw:
        name = section.text("system")
        if name is not None and name.casefold() not in SYSTEMS:
            fix = f"{nearest(name.casefold(), SYSTEMS)} Or list the grades: {_OWN}."
            section.complain("manifest-value", f'system = "{brief(name)}" in [grades].', fix)
        return SYSTEMS.get((name or "").casefold(), AMERICAN)
    names, before = _names(section, "names"), _names(section, "before")
    if "system" in raw:
        fix = "Keep one of them."
        section.complain("manifest-value", "[grades] has both system and names.", fix)
    if len(names) > _MOST:
        fix = "Name those that come before the first year of school in before."
        message = f"[grades] names {len(names)} grades, more than {_MOST}."
        section.complain("manifest-value", message, fix, key="names")
        return AMERICAN
    return own_system(names, before) if names else AMERICAN


def _names(section: Section, key: str) -> list[str]:
    """Return a list of texts, each once."""
    raw = section.raw.get(key, [])
    texts = [one.strip() for one in raw if isinstance(one, str)] if isinstance(raw, list) else []
    whole = isinstance(raw, list) and len(texts) == len(raw) and all(texts)
    if not whole or len({one.casefold() for one in texts}) < len(texts):
        section.wrong(key, f"names of grades, each once, such as {_OWN}")
        return []
    return texts


def _level(top: Section, name: str, span: str, system: GradeSystem) -> Level | None:
    try:
        mask = parse_grades(span, system).mask & K12_MASK
    except ValueError as error:
        mask, reason = 0, str(error)
    else:
        reason = "it holds no grade of K-12."
    if not mask:
        message = f'{brief(name)} = "{shown(span)}" in [levels]: {reason}'
        fix = f"Write its grades, such as {system.first}-{system.last}."
        top.complain("manifest-value", message, fix, key="levels")
        return None
    return Level(name, mask)
