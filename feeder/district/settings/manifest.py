"""``district.toml``, read and checked.

Every key of every section is known here; an unknown one is an error that names the nearest.
Unusable sections are reported and left out, so that the rest of the folder is still checked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from feeder.district.figures.funding import parse_funding
from feeder.district.figures.goals import parse_goals
from feeder.district.model import (
    CONTEXT_KINDS,
    FLOW_WAYS,
    LEVELS,
    TABLE_SOURCES,
    Access,
    Background,
)
from feeder.district.schools.grade_systems import GradeSystem
from feeder.district.schools.systems import grade_keys, parse_grade_system
from feeder.district.settings.sections import MATCH, TABLE_KEYS, Section
from feeder.district.settings.specs import (
    COMMUNITY_COLUMNS,
    FLOW_COLUMNS,
    MANIFEST,
    NOTHING,
    OFFICE_COLUMNS,
    RESIDENT_COLUMNS,
    SCHOOL_COLUMNS,
    SHAPES,
    AreasSpec,
    ContextSpec,
    FlowsSpec,
    Manifest,
    MeasuresSpec,
    RateSpec,
    ResidentsSpec,
    SchoolsSpec,
    TableSpec,
    Texts,
)
from feeder.errors import Findings, InputError, Problem
from feeder.scenario import LARGEST, Scenario
from feeder.wording import brief, nearest, shown

_TILES: Final = re.compile(r"https://[a-z0-9.-]+(?::\d+)?/[\w./{}?=&%@~+-]+", re.IGNORECASE)
"""An address that can stand in a page's policy and asks one host only."""
UNITS: Final = ("percent", "share")
_TOP_KEYS: Final = (
    "name",
    "year",
    "synthetic",
    "grades",
    "levels",
    "schools",
    "attendance_areas",
    "boundary",
    "flows",
    "residents",
    "measures",
    "goals",
    "existing_plan",
    "communities",
    "offices",
    "streets",
    "context",
    "background",
    "access",
    "funding",
    "publishing",
    "scenario",
)


def parse_manifest(content: bytes, folder_name: str, findings: Findings) -> Manifest:
    """Read the bytes of ``district.toml``.

    Parameters
    ----------
    content
        UTF-8 TOML; a byte order mark is fine.
    folder_name
        The district's name where the file gives none.
    findings
        Collects unknown keys and unusable values.
    """
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no UTF-8, no TOML, or nested without end
        line = re.search(r"line (\d+)", str(error))
        problem = Problem(
            rule="manifest-unreadable",
            message=f"this is not TOML in UTF-8 ({shown(str(error))}).",
            fix="Correct the place named; texts stand in double quotes.",
            file=MANIFEST,
            row=int(line[1]) if line else None,
        )
        raise InputError([problem]) from error
    top = Section(raw, "", _TOP_KEYS, findings)
    system = parse_grade_system(top)
    return Manifest(
        name=top.text("name") or folder_name,
        year="" if top.raw.get("year") == "" else top.text("year") or "",
        synthetic=top.flag("synthetic"),
        system=system,
        schools=_schools(top, system),
        areas=_areas(top, system),
        boundary=_table(top, "boundary", columns=()),
        flows=_flows(top, system),
        flow_ways=_flow_ways(top),
        residents=_residents(top, system),
        measures=_measures(top),
        goals=parse_goals(top),
        existing_plan=_table(
            top,
            "existing_plan",
            columns=("school_id", "community_id"),
            keys=(*TABLE_KEYS, MATCH),
        ),
        communities=_table(top, "communities", columns=COMMUNITY_COLUMNS),
        offices=_table(top, "offices", columns=OFFICE_COLUMNS),
        streets=_table(top, "streets", keys=("path",)),
        context=_context(top),
        background=_background(top),
        access=_access(top),
        funding=parse_funding(top),
        scenario=_scenario(top),
        earlier=_earlier(top),
    )


def _table(
    top: Section,
    name: str,
    *,
    columns: tuple[str, ...] = (),
    keys: tuple[str, ...] = TABLE_KEYS,
) -> TableSpec | None:
    section = top.section(name, keys)
    return None if section is None else section.table_spec(columns)


def _schools(top: Section, system: GradeSystem) -> SchoolsSpec | None:
    if "schools" not in top.raw:
        message = "the section [schools] is missing."
        top.complain("missing-key", message, "Name the schools table.", key="schools")
    own = ("enrollment_by_grade", "missing_location", "missing_enrollment")
    section = top.section("schools", (*TABLE_KEYS, *own))
    if section is None:
        return None
    table = section.table_spec(SCHOOL_COLUMNS)
    by_grade = grade_keys(section, "enrollment_by_grade", system)
    location = section.choice("missing_location", ("error", "drop"), "error")
    enrollment = section.choice("missing_enrollment", ("error", "zero", "drop"), "error")
    if table is None:
        return None
    return SchoolsSpec(
        table=table,
        enrollment_by_grade=by_grade,
        missing_location=location or "error",
        missing_enrollment=enrollment or "error",
        system=system,
    )


def _areas(top: Section, system: GradeSystem) -> tuple[AreasSpec, ...]:
    levels = tuple(level for level in LEVELS if level != "other")
    own = ("level", "level_column", "levels", "separator", MATCH)
    specs = []
    for section in _listed(top, "attendance_areas", (*own, *TABLE_KEYS), one="a level"):
        table = section.table_spec(("school_id", *levels))
        level = section.choice("level", levels, None)
        words = section.texts("levels")
        for word, meant in words.items():
            if meant not in levels:
                message = f'{brief(word)} = "{brief(meant)}" in [attendance_areas.levels].'
                section.complain("manifest-value", message, nearest(meant, levels), key="levels")
        if table is None or ("level" in section.raw and level is None):
            continue
        spec = AreasSpec(
            table=table,
            level=level,
            level_column=section.text("level_column"),
            levels=words,
            by_level={one: table.columns[one] for one in levels if one in table.columns},
            separator=section.text("separator"),
            system=system,
        )
        said = {
            "level": level,
            "level_column": spec.level_column,
            "columns by level": spec.by_level,
        }
        several = [key for key, value in said.items() if value]
        if len(several) > 1:
            message = f"[[attendance_areas]] tells its level by {' and by '.join(several)}."
            section.complain("manifest-value", message, "Keep one of them.", key=several[0])
            continue
        specs.append(spec)
    return tuple(specs)


def _context(top: Section) -> tuple[ContextSpec, ...]:
    specs = []
    for section in _listed(top, "context", ("kind", *TABLE_KEYS), one="a layer"):
        section.needed("kind", f"One of {', '.join(CONTEXT_KINDS)}.")
        kind = section.choice("kind", CONTEXT_KINDS, None)
        table = section.table_spec(("name",))
        if table is not None and kind is not None:
            specs.append(ContextSpec(table=table, kind=kind))
    return tuple(specs)


def _background(top: Section) -> Background | None:
    section = top.section("background", ("url", "attribution"))
    if section is None:
        return None
    url = section.needed("url", 'url = "https://tiles.example.org/{z}/{x}/{y}.png".')
    attribution = section.needed("attribution", "Say whose map it is, as its publisher wants it.")
    if url is None or attribution is None:
        return None
    if not _TILES.fullmatch(url) or any(gap not in url for gap in ("{z}", "{x}", "{y}")):
        section.wrong("url", "an https address with {z}, {x} and {y}")
        return None
    return Background(url, attribution)


def _access(top: Section) -> Access:
    section = top.section("access", ("detour", "speed_km_h", "visits"))
    given: dict[str, float] = {}
    for key in section.raw if section else ():
        value = section.number(key) if section else None
        if section is None or value is None:
            continue
        if key == "detour" and value < 1:
            section.wrong(key, "a factor of 1 or more, such as 1.3")
        elif key == "speed_km_h" and value == 0:
            section.wrong(key, "kilometres an hour, more than 0")
        else:
            given[key] = value
    return Access(**given)


def _listed(top: Section, name: str, keys: tuple[str, ...], *, one: str) -> list[Section]:
    """Return the sections under double brackets; none, with an error, where it is no list."""
    raw = top.raw.get(name, [])
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        fix = f"Write one [[{name}]] with double brackets {one}."
        top.complain("manifest-value", f"{name} is not a list of tables.", fix, key=name)
        return []
    return [Section(item, name, keys, top.findings) for item in raw]


def _flows(top: Section, system: GradeSystem) -> FlowsSpec | None:
    keys = (*TABLE_KEYS, MATCH, "shape", "source", "suppressed_range", "use")
    section = top.section("flows", keys)
    if section is None or set(section.raw) == {"use"}:
        return None
    table = section.table_spec(FLOW_COLUMNS)
    shape = section.choice("shape", SHAPES, None)
    source = section.choice("source", TABLE_SOURCES, None)
    bounds = _suppressed_range(section)
    if table is None:
        return None
    if "source" not in section.raw and "source" not in table.columns:
        fix = f"One of {', '.join(TABLE_SOURCES)}, or a column of the table in columns.source."
        message = "the key source in [flows] is missing."
        section.complain("missing-key", message, fix, key="source")
    if {"students", "share"} <= set(table.columns):
        fix = "Name the one to use."
        message = "[flows] names both students and share."
        section.complain("manifest-value", message, fix, key="columns")
    return FlowsSpec(
        table=table, source=source, suppressed_range=bounds, shape=shape, system=system
    )


def _flow_ways(top: Section) -> tuple[str, ...]:
    raw = top.raw.get("flows")
    if not isinstance(raw, dict) or "use" not in raw:
        return FLOW_WAYS
    section = Section({"use": raw["use"]}, "flows", ("use",), top.findings)
    ways = raw["use"]
    if not isinstance(ways, list) or not ways or any(way not in FLOW_WAYS for way in ways):
        section.wrong("use", f"a list of some of {', '.join(FLOW_WAYS)}")
        return FLOW_WAYS
    if len(set(ways)) < len(ways):
        section.wrong("use", "each way once")
        return FLOW_WAYS
    return tuple(ways)


def _residents(top: Section, system: GradeSystem) -> ResidentsSpec | None:
    section = top.section("residents", (*TABLE_KEYS, "by_grade", "by_level"))
    if section is None:
        return None
    table = section.table_spec(RESIDENT_COLUMNS)
    by_grade = grade_keys(section, "by_grade", system, lowest=0)
    by_level = section.texts("by_level", LEVELS[:3])
    if table is None:
        return None
    if by_grade and by_level:
        message = "[residents] names both by_grade and by_level."
        section.complain("manifest-value", message, "Name the one to use.", key="by_level")
    if not by_grade and not by_level and "students" not in table.columns:
        fix = 'Name the column that counts them: columns = { students = "pop" }.'
        section.complain(
            "missing-key", "[residents] names no column of counts.", fix, key="columns"
        )
    return ResidentsSpec(table=table, by_grade=by_grade, by_level=by_level)


def _suppressed_range(section: Section) -> tuple[float, float] | None:
    value = section.raw.get("suppressed_range")
    if value is None:
        return None
    match value:
        case [int() | float() as low, int() | float() as high] if 0 <= low <= high <= LARGEST:
            return float(low), float(high)
        case _:
            section.wrong("suppressed_range", "[lowest, highest], such as [1, 9]")
            return None


def _measures(top: Section) -> MeasuresSpec | None:
    section = top.section("measures", (*TABLE_KEYS, "counts", "rates", "ratings", "need", "parts"))
    if section is None:
        return None
    table = section.table_spec(("school_id",))
    counts = section.texts("counts")
    ratings = section.texts("ratings")
    rates = _rates(section)
    for name in sorted({*counts} & {*rates} | {*counts} & {*ratings} | {*rates} & {*ratings}):
        message = f"the measure {brief(name)} stands twice in [measures]."
        section.complain("manifest-value", message, "Give each a name of its own.")
    need, parts = _need(section, counts), _parts(section, counts)
    if table is None:
        return None
    return MeasuresSpec(
        table=table, counts=counts, rates=rates, ratings=ratings, need=need, parts=parts
    )


def _rates(section: Section) -> Mapping[str, RateSpec]:
    outer = section.section("rates")
    rates: dict[str, RateSpec] = {}
    for name in () if outer is None else outer.raw:
        inner = outer.section(name, ("column", "denominator", "unit")) if outer else None
        if inner is None:
            continue
        column = inner.needed("column", "Name the rate's column.")
        denominator = inner.needed("denominator", "Name the column that counts its students.")
        inner.needed("unit", 'unit = "percent" or "share".')
        unit = inner.choice("unit", UNITS, None)
        if column and denominator and unit:
            rates[name] = RateSpec(column=column, denominator=denominator, unit=unit)
    return MappingProxyType(rates)


def _need(section: Section, counts: Texts) -> Mapping[str, float]:
    inner = section.section("need")
    weights: dict[str, float] = {}
    if inner is None:
        return NOTHING
    for name in inner.raw:
        if name not in counts:
            message = f"need weights {brief(name)}, which is not one of the counts."
            inner.complain("unknown-key", message, nearest(name, counts), key=name)
            continue
        weight = inner.number(name)
        if weight is not None:
            weights[name] = weight
    return MappingProxyType(weights)


def _parts(section: Section, counts: Texts) -> Mapping[str, tuple[str, ...]]:
    """Return which counts add up to the enrollment or to another count."""
    inner = section.section("parts")
    parts: dict[str, tuple[str, ...]] = {}
    if inner is None:
        return NOTHING
    for whole in inner.raw:
        names = inner.raw[whole]
        if not isinstance(names, list) or not names:
            inner.wrong(whole, 'a list of counts, such as ["free", "reduced"]')
            continue
        known = [*counts, "enrollment"]
        unknown = [name for name in (whole, *names) if name not in known]
        for name in unknown:
            message = f"parts names {brief(name)}, which is not one of the counts."
            inner.complain("unknown-key", message, nearest(str(name), known), key=whole)
        if not unknown:
            parts[whole] = tuple(names)
    return MappingProxyType(parts)


def _earlier(top: Section) -> tuple[str, ...]:
    """Return the folders that were published before, whose plans the audit takes in."""
    section = top.section("publishing", ("earlier",))
    names = [] if section is None else section.raw.get("earlier", [])
    if section is not None and not (
        isinstance(names, list) and all(isinstance(name, str) and name for name in names)
    ):
        section.wrong("earlier", 'a list of folders, such as ["../maps/2025"]')
        return ()
    return tuple(names)


def _scenario(top: Section) -> Scenario:
    section = top.section("scenario")
    if section is None:
        return Scenario()
    try:
        return Scenario().overridden(section.raw, file=MANIFEST)
    except InputError as error:
        top.findings.errors.extend(error.problems)
        return Scenario()
