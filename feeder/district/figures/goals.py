"""Goals of the schools: a baseline, a target and the past year, each with its students."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

import pandas as pd

from feeder.district.figures.statistics import UNITS, member_rows, read_columns
from feeder.district.model import Goal
from feeder.district.schools.table import Schools
from feeder.district.settings.sections import TABLE_KEYS, Section
from feeder.district.settings.specs import MANIFEST, GoalSpec, GoalsSpec, ResultSpec
from feeder.district.tables.numerals import Kind
from feeder.district.tables.table import (
    Table,
    drop_repeats,
    require_columns,
    resolve_columns,
    select,
    told_cells,
)
from feeder.errors import Findings, Problem
from feeder.wording import brief, counted, warn_grouped

BETTER: Final = ("lower", "higher")
HIGHEST: Final = MappingProxyType({"percent": 100.0, "share": 1.0})
"""The largest target and rate of each unit."""
COLUMNS: Final = ("numerator", "denominator", "target", "past_numerator", "past_denominator")
_KEYS: Final = ("rate", "unit", "better", "past_rate", *COLUMNS)


def parse_goals(top: Section) -> GoalsSpec | None:
    """Read ``[goals]`` of ``district.toml``; None where there is none, or it cannot be used."""
    section = top.section("goals", (*TABLE_KEYS, "measures"))
    if section is None:
        return None
    table = section.table_spec(("school_id",))
    outer = section.section("measures")
    if outer is None:
        if "measures" not in section.raw:
            fix = "Name each goal with its columns, its target and its unit."
            section.complain("missing-key", "[goals] has no measures.", fix, key="measures")
        return None
    goals = {name: _goal(outer, name) for name in outer.raw}
    if table is None:
        return None
    usable = {name: goal for name, goal in goals.items() if goal is not None}
    return GoalsSpec(table=table, measures=MappingProxyType(usable))


def _goal(outer: Section, name: str) -> GoalSpec | None:
    section = outer.section(name, _KEYS)
    if section is None:
        return None
    baseline = _result(section, "")
    given = any(f"past_{key}" in section.raw for key in ("numerator", "rate", "denominator"))
    past = _result(section, "past_") if given else None
    section.needed("unit", 'unit = "percent" or "share".')
    unit = section.choice("unit", tuple(HIGHEST), None)
    section.needed("better", 'better = "lower" or "higher".')
    better = section.choice("better", BETTER, None)
    target = _target(section, unit)
    if baseline is None or unit is None or better is None or target is None:
        return None
    return GoalSpec(baseline=baseline, target=target, unit=unit, better=better, past=past)


def _result(section: Section, before: str) -> ResultSpec | None:
    """Read the columns of one year, whose keys begin with ``before``."""
    counts, rates = f"{before}numerator", f"{before}rate"
    if (counts in section.raw) == (rates in section.raw):
        message = f"{section.place.strip()}: give one of {counts} and {rates}."
        section.complain("manifest-value", message, "Name its column of the table.", key=counts)
    denominator = section.needed(f"{before}denominator", "Name the column that counts students.")
    numerator, rate = section.text(counts), section.text(rates)
    if denominator is None or (numerator is None) == (rate is None):
        return None
    return ResultSpec(numerator=numerator, rate=rate, denominator=denominator)


def _target(section: Section, unit: str | None) -> str | float | None:
    """Return the column of the targets, or the one target of all schools as a share."""
    value = section.raw.get("target")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return section.needed("target", "Name its column, or give one number for all schools.")
    if unit is None:
        return None
    if not 0 <= value <= HIGHEST[unit]:
        section.wrong("target", f"a {unit} from 0 to {HIGHEST[unit]:g}, or a column in quotes")
        return None
    if unit == "percent" and 0 < value < 1:
        message = f"the target{section.place} is {value:g} percent, less than one in a hundred."
        fix = f'For {value:.0%} write target = {100 * value:g}, or unit = "share".'
        section.findings.warnings.append(
            Problem(
                rule="small-target",
                message=message,
                fix=fix,
                file=MANIFEST,
                column=f"{section.name}.target",
                value=brief(value),
            )
        )
    return value / HIGHEST[unit]


def read_goals(
    table: Table, spec: GoalsSpec, schools: Schools, findings: Findings
) -> tuple[Goal, ...]:
    """Read the goals of every school; what the table lacks is NaN.

    More students counted than there are is an error, a rate or a target outside its unit too.
    Schools without a baseline or a target are told.
    """
    key = resolve_columns(table, spec.table, ["school_id"], [], findings)
    kinds = _columns(spec)
    present = require_columns(table, kinds, "goals", findings)
    chosen = select(table, spec.table, findings)
    if not key or len(present) < len(kinds):
        read_columns(chosen, {column: kinds[column] for column in present}, findings)
        return ()
    rows, ids = member_rows(chosen, key["school_id"], kinds, schools, findings)
    typed = read_columns(rows, kinds, findings)
    typed.insert(0, "school_id", ids)
    typed = drop_repeats(typed, rows, key["school_id"], findings)
    for name, goal in spec.measures.items():
        for result in _results(goal):
            _check_counted(typed, name, result, rows, schools, findings)
    values = typed.set_index("school_id").reindex(schools.frame.index)
    goals = tuple(_made(name, goal, values) for name, goal in spec.measures.items())
    for made in goals:
        _warn_unknown(made, table, schools, findings)
    return goals


def _results(goal: GoalSpec) -> Iterator[ResultSpec]:
    yield goal.baseline
    if goal.past is not None:
        yield goal.past


def _columns(spec: GoalsSpec) -> dict[str, Kind]:
    """Return every column of the table that is read, and what its numbers are."""
    kinds: dict[str, Kind] = {}
    for goal in spec.measures.values():
        unit = UNITS[goal.unit]
        if isinstance(goal.target, str):
            kinds[goal.target] = unit
        for result in _results(goal):
            kinds[result.denominator] = Kind.STUDENTS
            if result.numerator is not None:
                kinds[result.numerator] = Kind.STUDENTS
            if result.rate is not None:
                kinds[result.rate] = unit
    return kinds


def _check_counted(
    typed: pd.DataFrame,
    goal: str,
    result: ResultSpec,
    table: Table,
    schools: Schools,
    findings: Findings,
) -> None:
    """Report schools where more students are counted than there are."""
    column = result.numerator
    if column is None:
        return
    told = told_cells(table, findings)
    for row in typed.index[typed[column] > typed[result.denominator]]:
        if (row, column) in told:
            continue
        count, of = typed.loc[row, column], typed.loc[row, result.denominator]
        message = (
            f"{schools.roster.name(typed.loc[row, 'school_id'])} counts {count:,.0f} students for "
            f"{goal}, of {of:,.0f} in {result.denominator}."
        )
        fix = "Both must be of one year; a numerator that is a percentage belongs in rate."
        findings.errors.append(
            table.problem(
                "above-denominator", message, fix, row=row, column=column, value=f"{count:g}"
            )
        )


def _made(name: str, goal: GoalSpec, values: pd.DataFrame) -> Goal:
    """Arrange the columns of one goal, one row a school."""
    unit = HIGHEST[goal.unit]
    numerator, denominator = _counts(goal.baseline, values, unit)
    past = _counts(goal.past or goal.baseline, values, unit)
    columns = {
        "numerator": numerator,
        "denominator": denominator,
        "target": values[goal.target] / unit if isinstance(goal.target, str) else goal.target,
        "past_numerator": past[0],
        "past_denominator": past[1],
    }
    return Goal(
        name=name,
        better=goal.better,
        schools=pd.DataFrame(columns, index=values.index, dtype=float),
    )


def _counts(
    result: ResultSpec, values: pd.DataFrame, unit: float
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return who is counted, of how many; both unknown where one is."""
    whole = values[result.denominator]
    part = (
        values[result.numerator]
        if result.numerator is not None
        else values[str(result.rate)] / unit * whole
    )
    known = part.notna() & whole.notna()
    return part.where(known), whole.where(known)


def _warn_unknown(goal: Goal, table: Table, schools: Schools, findings: Findings) -> None:
    baseline = goal.schools[["numerator", "denominator", "target"]]
    absent = goal.schools.index[baseline.isna().any(axis=1)]
    warn_grouped(
        findings,
        rule="no-goal",
        before=f"{counted(len(absent), 'school')} without a baseline or a target of {goal.name}",
        examples=schools.roster.names(list(absent)),
        after="Counted in no sum.",
        file=table.file,
    )
