"""Measures of the schools: counts that add up, rates that never do, ordered ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import pandas as pd
import pandera.pandas as pa

from feeder.district.model import Statistics
from feeder.district.schools.roster import Place
from feeder.district.schools.table import Schools
from feeder.district.settings.specs import MeasuresSpec
from feeder.district.tables.doubts import doubt_columns
from feeder.district.tables.numbers import read_all
from feeder.district.tables.numerals import Kind
from feeder.district.tables.repeats import one_row_a_school
from feeder.district.tables.schemas import COUNT, PERCENT, RATING, SHARE, check
from feeder.district.tables.table import (
    Table,
    drop_repeats,
    require_columns,
    resolve_columns,
    select,
    told_cells,
)
from feeder.errors import Findings
from feeder.wording import counted, warn_grouped

_HUNDRED: Final = 100.0
UNITS: Final = MappingProxyType({"percent": Kind.PERCENT, "share": Kind.SHARE})
"""What the numbers of a rate are, by its unit."""
_CHECKS: Final[Mapping[Kind, pa.Column]] = MappingProxyType(
    {
        Kind.STUDENTS: COUNT,
        Kind.PERCENT: PERCENT,
        Kind.SHARE: SHARE,
        Kind.RATING: RATING,
    }
)


def no_measures(index: pd.Index[str]) -> Statistics:
    """Return the measures of schools that have none."""
    bare = pd.DataFrame(index=index)
    return Statistics(counts=bare, rates=bare, ratings=bare, need_weights={}, need=None)


def read_measures(
    table: Table, spec: MeasuresSpec, schools: Schools, findings: Findings
) -> Statistics:
    """Read the measures of every school; what the table lacks is NaN.

    A count above the enrollment of its school is an error, a rate outside its unit too.
    """
    index = schools.frame.index
    key = resolve_columns(table, spec.table, ["school_id"], [], findings)
    checks = _columns(spec)
    present = require_columns(table, checks, "measures", findings)
    chosen = select(table, spec.table, findings)
    if not key or len(present) < len(checks):
        read_columns(chosen, {column: checks[column] for column in present}, findings)
        return no_measures(index)
    rows, ids = member_rows(chosen, key["school_id"], checks, schools, findings)
    typed = read_columns(rows, checks, findings)
    typed.insert(0, "school_id", ids)
    typed = drop_repeats(typed, rows, key["school_id"], findings)
    _check_enrollment(typed, spec.counts, rows, schools, findings)
    values = typed.set_index("school_id").reindex(index)
    given = pd.Index(typed["school_id"])
    _warn_absent(index.difference(given), table, schools, findings)
    return _measures(values, spec)


def _columns(spec: MeasuresSpec) -> dict[str, Kind]:
    """Return every column of the table that is read, and what its numbers are."""
    kinds = dict.fromkeys(spec.counts.values(), Kind.STUDENTS)
    kinds |= dict.fromkeys(spec.ratings.values(), Kind.RATING)
    for rate in spec.rates.values():
        kinds[rate.column] = UNITS[rate.unit]
        kinds[rate.denominator] = Kind.STUDENTS
    return kinds


def member_rows(
    table: Table, column: str, kinds: Mapping[str, Kind], schools: Schools, findings: Findings
) -> tuple[Table, pd.Series[str]]:
    """Return the rows of members and whose they are; strangers are told, schools left out are not.

    ``column`` holds the ids of schools. Where a column tells several rows of a school apart,
    counts of students are added up, or the way out is told (``kinds`` says what is read).
    """
    ids = schools.roster.read(table, {"school_id": column}, findings)
    schools.roster.tell_unheard(
        ids, Place(table, column), noun="row", fate="left out", findings=findings
    )
    members = ids.loc[schools.roster.are_members(ids), "school_id"]
    rows = replace(table, frame=table.frame.loc[members.index].assign(**{column: members}))
    amounts = [name for name, kind in kinds.items() if kind is Kind.STUDENTS]
    once = one_row_a_school(
        rows, members, amounts, findings, others=list(kinds), system=schools.system
    )
    return once, members.loc[once.frame.index]


def read_columns(table: Table, kinds: Mapping[str, Kind], findings: Findings) -> pd.DataFrame:
    """Return columns of a table as numbers, checked; suppressed cells are told, and unknown.

    ``kinds`` says what the numbers of each column are. Rows are those of the table.
    """
    numbers = read_all(table, kinds, findings)
    for column, read in numbers.items():
        hidden = int(read.suppressed.sum())
        warn_grouped(
            findings,
            rule="suppressed-measure",
            before=f"{counted(hidden, 'cell')} suppressed, taken as unknown",
            examples=list(table.text(column)[read.suppressed].unique()),
            file=table.file,
            column=column,
        )
    typed = pd.DataFrame(
        {column: read.found for column, read in numbers.items()}, index=table.frame.index
    )
    doubt_columns(typed, kinds, table, findings)
    checks = {column: _CHECKS[kind] for column, kind in kinds.items()}
    check(typed, pa.DataFrameSchema(checks), table, {}, findings)
    return typed


def _check_enrollment(
    typed: pd.DataFrame,
    counts: Mapping[str, str],
    table: Table,
    schools: Schools,
    findings: Findings,
) -> None:
    """Report counts above the enrollment, where the enrollment was given."""
    given = schools.frame["enrollment"].where(schools.counted)
    enrollment = given.loc[typed["school_id"]].set_axis(typed.index)
    told = told_cells(table, findings)
    for measure, column in counts.items():
        for row in typed.index[typed[column] > enrollment]:
            if (row, column) in told:
                continue
            name = schools.roster.name(typed.loc[row, "school_id"])
            message = (
                f"{name} counts {typed.loc[row, column]:,.0f} {measure}, above its enrollment of "
                f"{enrollment[row]:,.0f}."
            )
            fix = "Both must be of one year; a count that is a percentage belongs in rates."
            value = f"{typed.loc[row, column]:g}"
            findings.errors.append(
                table.problem("above-enrollment", message, fix, row=row, column=column, value=value)
            )


def _warn_absent(absent: pd.Index[str], table: Table, schools: Schools, findings: Findings) -> None:
    warn_grouped(
        findings,
        rule="no-measures",
        before=f"{counted(len(absent), 'school')} without measures",
        examples=schools.roster.names(list(absent)),
        after="They count as 0 in the need figure.",
        file=table.file,
    )


def _measures(values: pd.DataFrame, spec: MeasuresSpec) -> Statistics:
    """Arrange the columns of the table, one row a school, under the names of the measures."""
    rates: dict[str, pd.Series[float]] = {}
    for name, rate in spec.rates.items():
        rates[name] = values[rate.column] / (_HUNDRED if rate.unit == "percent" else 1.0)
        rates[f"{name}_denominator"] = values[rate.denominator]
    counts = pd.DataFrame({n: values[c] for n, c in spec.counts.items()}, index=values.index)
    weights = dict(spec.need)
    need = counts[list(weights)].fillna(0.0).mul(pd.Series(weights, dtype=float)).sum(axis=1)
    return Statistics(
        counts=counts,
        rates=pd.DataFrame(rates, index=values.index),
        ratings=pd.DataFrame({n: values[c] for n, c in spec.ratings.items()}, index=values.index),
        need_weights=weights,
        need=need.rename("need") if weights else None,
        parts=dict(spec.parts),
    )
