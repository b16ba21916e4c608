"""How money is shared: the section ``[funding]`` and last year's amounts, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd
import pandera.pandas as pa

from feeder.district.figures.statistics import member_rows
from feeder.district.model import Funding, Statistics
from feeder.district.schools.table import Schools
from feeder.district.settings.sections import TABLE_KEYS, Section
from feeder.district.settings.specs import MANIFEST, FundingSpec
from feeder.district.tables.numbers import read_all
from feeder.district.tables.numerals import Kind
from feeder.district.tables.schemas import DOLLARS, MOST_DOLLARS, check
from feeder.district.tables.table import (
    Table,
    drop_repeats,
    resolve_columns,
    select,
)
from feeder.errors import Findings, Problem
from feeder.wording import brief, counted, warn_grouped

FORMULA: Final = (
    "total",
    "held_centrally",
    "per_school",
    "per_community",
    "per_pupil",
    "per_need",
    "hold_harmless",
)
"""The keys of the formula."""
COLUMNS: Final = ("school_id", "last_year")


def parse_funding(top: Section) -> FundingSpec | None:
    """Read the section ``[funding]`` of ``district.toml``; None where there is none."""
    section = top.section("funding", (*FORMULA, *TABLE_KEYS))
    if section is None:
        return None
    given = {key: section.raw[key] for key in FORMULA if key in section.raw}
    problems = formula_problems(given, file=MANIFEST)
    section.findings.errors.extend(problems)
    named = any(key in section.raw for key in TABLE_KEYS)
    table = section.table_spec(COLUMNS) if named else None
    usable = {} if problems else {key: float(value) for key, value in given.items()}
    return FundingSpec(table=table, formula=MappingProxyType(usable))


def read_funding(
    table: Table | None,
    spec: FundingSpec,
    schools: Schools,
    measures: Statistics,
    findings: Findings,
) -> Funding:
    """Read the formula, and last year's dollars of every school where a table gives them."""
    last_year = None
    if table is not None and spec.table is not None:
        last_year = _last_year(table, spec, schools, findings)
    funding = Funding(**spec.formula, last_year=last_year)
    has_table = spec.table is not None
    found = fitting_problems(funding, has_table=has_table, measures=measures, file=MANIFEST)
    findings.errors.extend(found)
    return funding


def formula_problems(formula: Mapping[str, object], *, file: str | None = None) -> list[Problem]:
    """Return what is wrong with single keys of a formula; ``file`` is where they stand."""
    problems = []
    for key, value in formula.items():
        expected = _expected(key, value)
        if expected:
            problems.append(
                Problem(
                    rule="funding-value",
                    message=f"{key} = {brief(value)} in [funding]: expected {expected}.",
                    file=file,
                    column=f"funding.{key}",
                    value=brief(value),
                )
            )
    return problems


def fitting_problems(
    funding: Funding, *, has_table: bool, measures: Statistics, file: str | None = None
) -> list[Problem]:
    """Return what a formula asks of a district that the district does not have."""
    problems = []
    if funding.per_need and measures.need is None:
        problems.append(
            Problem(
                rule="no-need",
                message="per_need is set, but the district has no need figure.",
                fix="Give [measures] counts and need, or leave per_need out.",
                file=file,
                column="funding.per_need",
            )
        )
    if funding.hold_harmless and not has_table:
        problems.append(
            Problem(
                rule="no-last-year",
                message="hold_harmless is set, but nothing says what schools had last year.",
                fix='Name the table in [funding]: path = "budget.csv" and columns = { school_id = '
                '"...", last_year = "..." }; or leave hold_harmless out.',
                file=file,
                column="funding.hold_harmless",
            )
        )
    return problems


def _expected(key: str, value: object) -> str:
    """Return what should stand there; empty where the value is fine."""
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if key == "held_centrally":
        fine = numeric and 0 <= value < 1  # type: ignore[operator]  # a number, as asked before
        return "" if fine else "a share of the total, such as 0.03 for 3 %, less than 1"
    if key == "hold_harmless":
        fine = numeric and 0 <= value <= 1  # type: ignore[operator]  # a number, as asked before
        return "" if fine else "a share of last year's amount from 0 to 1, such as 0.95"
    fine = numeric and 0 <= value <= MOST_DOLLARS  # type: ignore[operator]  # a number
    return "" if fine else f"dollars, not negative, and {MOST_DOLLARS:,.0f} at most"


def _last_year(
    table: Table, spec: FundingSpec, schools: Schools, findings: Findings
) -> pd.Series[float] | None:
    assert spec.table is not None  # noqa: S101 - read_funding asked
    columns = resolve_columns(table, spec.table, COLUMNS, [], findings)
    chosen = select(table, spec.table, findings)
    if len(columns) < len(COLUMNS):
        return None
    kinds = {columns["last_year"]: Kind.DOLLARS}
    rows, ids = member_rows(chosen, columns["school_id"], kinds, schools, findings)
    amounts = read_all(rows, kinds, findings)[columns["last_year"]]
    typed = pd.DataFrame({columns["last_year"]: amounts.found}, index=rows.frame.index)
    schema = pa.DataFrameSchema({columns["last_year"]: DOLLARS})
    check(typed, schema, rows, {}, findings)
    typed.insert(0, "school_id", ids)
    typed = drop_repeats(typed, rows, columns["school_id"], findings)
    found = typed.set_index("school_id")[columns["last_year"]].reindex(schools.frame.index)
    _warn_unknown(found, table, columns["last_year"], schools, findings)
    return found.rename("last_year")


def _warn_unknown(
    found: pd.Series[float], table: Table, column: str, schools: Schools, findings: Findings
) -> None:
    """Tell which schools hold-harmless does not protect."""
    absent = list(found.index[found.isna()])
    warn_grouped(
        findings,
        rule="no-last-year",
        before=f"{counted(len(absent), 'school')} without an amount of last year",
        examples=schools.roster.names(absent),
        after="Nothing is held harmless for them.",
        file=table.file,
        column=column,
    )
