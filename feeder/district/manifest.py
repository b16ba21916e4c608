"""``district.toml``, read and checked.

Every key of every section is known here; an unknown one is an error that names the nearest.
Unusable sections are reported and left out, so that the rest of the folder is still checked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from feeder.district.model import LEVELS, SOURCES
from feeder.district.specs import (
    FLOW_COLUMNS,
    GRADES,
    MANIFEST,
    NOTHING,
    OFFICE_COLUMNS,
    SCHOOL_COLUMNS,
    AreasSpec,
    FlowsSpec,
    Manifest,
    MeasuresSpec,
    RateSpec,
    SchoolsSpec,
    TableSpec,
    Texts,
)
from feeder.errors import Findings, InputError, Problem
from feeder.scenario import Scenario, nearest

UNITS: Final = ("percent", "share")
_TOP_KEYS: Final = (
    "name",
    "year",
    "synthetic",
    "schools",
    "attendance_areas",
    "boundary",
    "flows",
    "measures",
    "existing_plan",
    "offices",
    "streets",
    "scenario",
)
_TABLE_KEYS: Final = ("path", "layer", "columns", "where")


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
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = Problem(
            rule="manifest-unreadable",
            message=f"this is not TOML in UTF-8 ({error}).",
            fix="Correct the place named; texts stand in double quotes.",
            file=MANIFEST,
        )
        raise InputError([problem]) from error
    top = _Section(raw, "", _TOP_KEYS, findings)
    return Manifest(
        name=top.text("name") or folder_name,
        year="" if top.raw.get("year") == "" else top.text("year") or "",
        synthetic=top.flag("synthetic"),
        schools=_schools(top),
        areas=_areas(top),
        boundary=_table(top, "boundary", columns=()),
        flows=_flows(top),
        measures=_measures(top),
        existing_plan=_table(top, "existing_plan", columns=("school_id", "community_id")),
        offices=_table(top, "offices", columns=OFFICE_COLUMNS),
        streets=_table(top, "streets", keys=("path",)),
        scenario=_scenario(top),
    )


class _Section:
    """One table of the TOML file: hands out checked values and reports the rest."""

    def __init__(
        self, raw: Mapping[str, Any], name: str, known: tuple[str, ...], findings: Findings
    ) -> None:
        self.raw = raw
        self.name = name
        self.findings = findings
        for key in raw:
            if known and key not in known:
                self.complain("unknown-key", f"unknown key {key}{self.place}.", nearest(key, known))

    @property
    def place(self) -> str:
        return f" in [{self.name}]" if self.name else ""

    def complain(self, rule: str, message: str, fix: str = "") -> None:
        self.findings.errors.append(Problem(rule=rule, message=message, fix=fix, file=MANIFEST))

    def wrong(self, key: str, expected: str) -> None:
        message = f"{key} = {_shown(self.raw[key])}{self.place}: expected {expected}."
        self.complain("manifest-value", message)

    def section(self, key: str, known: tuple[str, ...] = ()) -> _Section | None:
        """Return the inner table ``key``, or None where there is none."""
        value = self.raw.get(key)
        if value is None:
            return None
        name = f"{self.name}.{key}" if self.name else key
        if not isinstance(value, dict):
            self.wrong(key, f"a table, under the heading [{name}]")
            return None
        return _Section(value, name, known, self.findings)

    def text(self, key: str) -> str | None:
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "a text in quotes")
            return None
        return value.strip()

    def needed(self, key: str, example: str) -> str | None:
        if key not in self.raw:
            self.complain("missing-key", f"the key {key}{self.place} is missing.", example)
        return self.text(key)

    def flag(self, key: str) -> bool:
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "true or false")
            return False
        return value

    def choice(self, key: str, known: tuple[str, ...], default: str | None) -> str | None:
        value = self.text(key)
        if value is not None and value not in known:
            self.complain(
                "manifest-value", f'{key} = "{value}"{self.place}.', nearest(value, known)
            )
            return default
        return value or default

    def texts(self, key: str, known: tuple[str, ...] = ()) -> Texts:
        """Return the inner table ``key`` with text values."""
        inner = self.section(key, known)
        if inner is None:
            return NOTHING
        pairs = {name: inner.text(name) for name in inner.raw if not known or name in known}
        return MappingProxyType({name: text for name, text in pairs.items() if text is not None})

    def number(self, key: str) -> float | None:
        value = self.raw[key]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, "a number")
            return None
        if not 0 <= value < float("inf"):
            self.wrong(key, "a number that is not negative")
            return None
        return float(value)

    def table_spec(self, columns: tuple[str, ...]) -> TableSpec | None:
        """Return the section as a table, or None without a path."""
        path = self.needed("path", 'Name the file: path = "table.csv".')
        layer = self.text("layer")
        names = self.texts("columns", columns)
        where = self._where()
        if path is None:
            return None
        return TableSpec(section=self.name, path=path, layer=layer, columns=names, where=where)

    def _where(self) -> Mapping[str, tuple[str, ...]]:
        inner = self.section("where")
        if inner is None:
            return NOTHING
        kept: dict[str, tuple[str, ...]] = {}
        for column, value in inner.raw.items():
            values = value if isinstance(value, list) else [value]
            if not values or any(
                isinstance(v, bool) or not isinstance(v, str | int) for v in values
            ):
                inner.wrong(column, 'one text or a list of texts, such as ["yes", "no"]')
            else:
                kept[column] = tuple(str(v).strip() for v in values)
        return MappingProxyType(kept)


def _table(
    top: _Section,
    name: str,
    *,
    columns: tuple[str, ...] = (),
    keys: tuple[str, ...] = _TABLE_KEYS,
) -> TableSpec | None:
    section = top.section(name, keys)
    return None if section is None else section.table_spec(columns)


def _schools(top: _Section) -> SchoolsSpec | None:
    if "schools" not in top.raw:
        top.complain("missing-key", "the section [schools] is missing.", "Name the schools table.")
    own = ("enrollment_by_grade", "missing_location", "missing_enrollment")
    section = top.section("schools", (*_TABLE_KEYS, *own))
    if section is None:
        return None
    table = section.table_spec(SCHOOL_COLUMNS)
    by_grade = section.texts("enrollment_by_grade", GRADES)
    location = section.choice("missing_location", ("error", "drop"), "error")
    enrollment = section.choice("missing_enrollment", ("error", "zero", "drop"), "error")
    if table is None:
        return None
    return SchoolsSpec(
        table=table,
        enrollment_by_grade=by_grade,
        missing_location=location or "error",
        missing_enrollment=enrollment or "error",
    )


def _areas(top: _Section) -> tuple[AreasSpec, ...]:
    raw = top.raw.get("attendance_areas", [])
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        fix = "Write one [[attendance_areas]] with double brackets a level."
        top.complain("manifest-value", "attendance_areas is not a list of tables.", fix)
        return ()
    levels = tuple(level for level in LEVELS if level != "other")
    specs = []
    for item in raw:
        section = _Section(item, "attendance_areas", ("level", *_TABLE_KEYS), top.findings)
        section.needed("level", f"One of {', '.join(levels)}.")
        level = section.choice("level", levels, None)
        table = section.table_spec(("school_id",))
        if table is not None and level is not None:
            specs.append(AreasSpec(table=table, level=level))
    return tuple(specs)


def _flows(top: _Section) -> FlowsSpec | None:
    section = top.section("flows", (*_TABLE_KEYS, "source", "suppressed_range"))
    if section is None:
        return None
    table = section.table_spec(FLOW_COLUMNS)
    source = section.choice("source", SOURCES, None)
    bounds = _suppressed_range(section)
    if table is None:
        return None
    if "source" not in section.raw and "source" not in table.columns:
        fix = f"One of {', '.join(SOURCES)}, or a column of the table in columns.source."
        section.complain("missing-key", "the key source in [flows] is missing.", fix)
    if {"students", "share"} <= set(table.columns):
        fix = "Name the one to use."
        section.complain("manifest-value", "[flows] names both students and share.", fix)
    return FlowsSpec(table=table, source=source, suppressed_range=bounds)


def _suppressed_range(section: _Section) -> tuple[float, float] | None:
    value = section.raw.get("suppressed_range")
    if value is None:
        return None
    match value:
        case [int() | float() as low, int() | float() as high] if 0 <= low <= high < float("inf"):
            return float(low), float(high)
        case _:
            section.wrong("suppressed_range", "[lowest, highest], such as [1, 9]")
            return None


def _measures(top: _Section) -> MeasuresSpec | None:
    section = top.section("measures", (*_TABLE_KEYS, "counts", "rates", "ratings", "need"))
    if section is None:
        return None
    table = section.table_spec(("school_id",))
    counts = section.texts("counts")
    ratings = section.texts("ratings")
    rates = _rates(section)
    for name in sorted({*counts} & {*rates} | {*counts} & {*ratings} | {*rates} & {*ratings}):
        section.complain("manifest-value", f"the measure {name} stands twice in [measures].")
    need = _need(section, counts)
    if table is None:
        return None
    return MeasuresSpec(table=table, counts=counts, rates=rates, ratings=ratings, need=need)


def _rates(section: _Section) -> Mapping[str, RateSpec]:
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


def _need(section: _Section, counts: Texts) -> Mapping[str, float]:
    inner = section.section("need")
    weights: dict[str, float] = {}
    for name in () if inner is None else inner.raw:
        if name not in counts:
            message = f"need weights {name}, which is not one of the counts."
            section.complain("unknown-key", message, nearest(name, counts))
            continue
        weight = inner.number(name) if inner else None
        if weight is not None:
            weights[name] = weight
    return MappingProxyType(weights)


def _scenario(top: _Section) -> Scenario:
    section = top.section("scenario")
    if section is None:
        return Scenario()
    try:
        return Scenario().overridden(section.raw, file=MANIFEST)
    except InputError as error:
        top.findings.errors.extend(error.problems)
        return Scenario()


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
