"""What the typed columns of a table must hold, as pandera schemas, and the words for it.

A schema's checks are named after the rule they hold; :func:`check` runs them all and turns
each failing cell into a problem with its place and the way out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from feeder.district.model import TABLE_SOURCES
from feeder.district.settings.specs import GRADES
from feeder.district.tables.table import Table, told_cells
from feeder.errors import Findings
from feeder.wording import shown

FORMULA_MARKS: Final = ("=", "+", "-", "@")
MOST_STUDENTS: Final = 1_000_000.0
"""No district has as many students."""
MOST_DOLLARS: Final = 1e12
"""No district has as much; up to here a cent is told exactly."""
_SOUTHERNMOST: Final = -60.0
"""No school lies further south: a latitude beyond it is a longitude of the Americas."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a cell must hold, and what is told where it does not."""

    message: str
    fix: str
    holds: Callable[[pd.Series], pd.Series[bool]]


_RULES: Final[Mapping[str, _Rule]] = MappingProxyType(
    {
        "blank-id": _Rule(
            "the id is blank.",
            "Give every row an id, or leave the row out.",
            lambda ids: ids != "",
        ),
        "formula-id": _Rule(
            "the id {value} begins with =, +, - or @, which a spreadsheet would run.",
            "Export ids as text; one that truly begins so needs another in every table.",
            lambda ids: ~ids.str.startswith(FORMULA_MARKS),
        ),
        "unprintable-id": _Rule(
            "the id {value} holds a line end or a character that cannot be shown.",
            "Type the id anew in every table.",
            lambda ids: ids.map(str.isprintable),
        ),
        "too-large": _Rule(
            "{value} is more students than a district has.",
            "Correct the number, or the column.",
            lambda numbers: numbers <= MOST_STUDENTS,
        ),
        "negative": _Rule(
            "{value} is negative.",
            "Give a number of students, 0 or more.",
            lambda numbers: numbers >= 0,
        ),
        "not-whole": _Rule(
            "{value} is not a whole number of students.",
            "Round it at its source.",
            lambda numbers: numbers == np.floor(numbers),
        ),
        "latitude-range": _Rule(
            "{value} is no latitude of a school.",
            "Give degrees with a decimal point. Are lat and lon swapped?",
            lambda degrees: degrees.between(_SOUTHERNMOST, 90),
        ),
        "longitude-range": _Rule(
            "{value} is no longitude.",
            "Give degrees with a decimal point, from -180 to 180, west negative.",
            lambda degrees: degrees.between(-180, 180),
        ),
        "share-range": _Rule(
            "{value} is no share.",
            "Give a share between 0 and 1: 0.25 for a quarter.",
            lambda shares: shares.between(0, 1),
        ),
        "percent-range": _Rule(
            "{value} is no percentage.",
            "Give a number from 0 to 100.",
            lambda percents: percents.between(0, 100),
        ),
        "residents-range": _Rule(
            "{value} is no number of residents of one place.",
            "Give a number from 0 to 1,000,000.",
            lambda numbers: numbers.between(0, MOST_STUDENTS),
        ),
        "dollars-range": _Rule(
            "{value} is no amount of dollars.",
            "Give dollars a year, 0 or more.",
            lambda dollars: dollars.between(0, MOST_DOLLARS),
        ),
        "blank-cell": _Rule(
            "the cell is blank.",
            "Give the number, mark it as suppressed, or leave the row out.",
            lambda cells: cells.notna(),
        ),
        "unknown-source": _Rule(
            "{value} is no source.",
            "Write observed, zoned or estimated.",
            lambda sources: sources.isin(TABLE_SOURCES),
        ),
    }
)


def _checks(rules: tuple[str, ...]) -> list[pa.Check]:
    return [pa.Check(_RULES[rule].holds, name=rule, error=rule) for rule in rules]


def number(*rules: str) -> pa.Column:
    """Return a column of numbers that may lack some, and may be missing as a whole."""
    return pa.Column(float, _checks(rules), nullable=True, required=False)


def amount(*rules: str) -> pa.Column:
    """Return a column of numbers that lacks none, and may be missing as a whole."""
    return pa.Column(float, _checks(rules), nullable=False, required=False)


def text(*rules: str) -> pa.Column:
    """Return a column of text that may be missing as a whole."""
    return pa.Column(None, _checks(rules), required=False)


SCHOOLS: Final = pa.DataFrameSchema(
    {
        "school_id": text("blank-id", "formula-id", "unprintable-id"),
        "lat": number("latitude-range"),
        "lon": number("longitude-range"),
        "enrollment": number("negative", "not-whole", "too-large"),
        "capacity": number("negative", "too-large"),
        "office_capacity": number("negative", "not-whole", "too-large"),
        **{grade: number("negative", "not-whole", "too-large") for grade in GRADES},
    }
)
"""The schools table once its columns carry our names and types."""
TRANSITIONS: Final = pa.DataFrameSchema(
    {
        "students": amount("negative", "too-large"),
        "share": amount("share-range"),
        "suppressed_cells": amount("negative", "not-whole", "too-large"),
        "source": text("unknown-source"),
    }
)
"""Flows between members, one of ``students`` and ``share``; a suppressed count stands as 0."""
OBSERVED: Final = pa.DataFrameSchema({"students": number("not-whole")})
"""Counted flows: estimated and zoned ones may be fractions, a count is whole."""
COUNT: Final = number("negative", "too-large")
"""A count of students among the measures, or the denominator of a rate."""
PERCENT: Final = number("percent-range")
SHARE: Final = number("share-range")
RATING: Final = number()
RESIDENTS: Final = number("residents-range")
DOLLARS: Final = number("dollars-range")
"""What a school received, in dollars a year."""


def check(
    frame: pd.DataFrame,
    schema: pa.DataFrameSchema,
    table: Table,
    columns: Mapping[str, str],
    findings: Findings,
) -> frozenset[str]:
    """Run every check of ``schema`` and report each failing cell.

    Parameters
    ----------
    frame
        Typed columns under our names; its index are rows of ``table``.
    schema
        Checks named after rules.
    table, columns
        Where the values come from: our column names mapped to the table's.
    findings
        Collects the failures.

    Returns
    -------
    frozenset of str
        The rules that were broken.
    """
    doubtful = _doubtful(frame, schema)
    if not doubtful:
        return frozenset()
    try:
        schema.validate(frame[doubtful], lazy=True)
    except SchemaErrors as errors:
        failures = errors.failure_cases.sort_values(["index", "column"], kind="stable")
    else:
        return frozenset()
    failures["check"] = failures["check"].replace({"not_nullable": "blank-cell"})
    told = told_cells(table, findings)
    for failure in failures.to_dict("records"):
        if (failure["index"], columns.get(str(failure["column"]), failure["column"])) in told:
            continue
        rule = _RULES[str(failure["check"])]
        ours, value = str(failure["column"]), _shown(failure["failure_case"])
        findings.errors.append(
            table.problem(
                str(failure["check"]),
                rule.message.format(value=value or "a blank"),
                rule.fix,
                row=failure["index"],
                column=columns.get(ours, ours),
                value=value,
            )
        )
    return frozenset(str(rule) for rule in failures["check"])


def _doubtful(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> list[str]:
    """Return the columns of which something is to be told: of nearly all tables, none.

    pandera takes a hundred times as long, which it needs only to find the cells that fail.
    """
    return [
        name
        for name in frame.columns
        if name in schema.columns and not _holds(frame[name], schema.columns[name])
    ]


def _holds(cells: pd.Series, column: pa.Column) -> bool:
    asked: object = column.dtype
    if asked is not None and cells.dtype != np.float64:
        return False
    found = cells.dropna()
    if len(found) < len(cells) and not column.nullable:
        return False
    return all(_RULES[str(check.name)].holds(found).all() for check in column.checks)


def _shown(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else shown(str(value))
