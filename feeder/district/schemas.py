"""What the typed columns of a table must hold, as pandera schemas, and the words for it.

A schema's checks are named after the rule they hold; :func:`check` runs them all and turns
each failing cell into a problem with its place and the way out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from feeder.district.model import TABLE_SOURCES
from feeder.district.specs import GRADES
from feeder.district.tables import Table, told_cells
from feeder.errors import Findings
from feeder.wording import shown

FORMULA_MARKS: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class _Rule:
    message: str
    fix: str


_RULES: Final[Mapping[str, _Rule]] = MappingProxyType(
    {
        "blank-id": _Rule("the id is blank.", "Give every row an id, or leave the row out."),
        "formula-id": _Rule(
            "the id {value} begins with =, +, - or @, which a spreadsheet would run.",
            "Export ids as text; one that truly begins so needs another in every table.",
        ),
        "unprintable-id": _Rule(
            "the id {value} holds a line end or a character that cannot be shown.",
            "Type the id anew in every table.",
        ),
        "too-large": _Rule(
            "{value} is more students than a district has.", "Correct the number, or the column."
        ),
        "negative": _Rule("{value} is negative.", "Give a number of students, 0 or more."),
        "not-whole": _Rule("{value} is not a whole number of students.", "Round it at its source."),
        "latitude-range": _Rule(
            "{value} is no latitude of a school.",
            "Give degrees with a decimal point. Are lat and lon swapped?",
        ),
        "longitude-range": _Rule(
            "{value} is no longitude.",
            "Give degrees with a decimal point, from -180 to 180, west negative.",
        ),
        "share-range": _Rule(
            "{value} is no share.", "Give a share between 0 and 1: 0.25 for a quarter."
        ),
        "percent-range": _Rule("{value} is no percentage.", "Give a number from 0 to 100."),
        "dollars-range": _Rule(
            "{value} is no amount of dollars.", "Give dollars a year, 0 or more."
        ),
        "blank-cell": _Rule(
            "the cell is blank.",
            "Give the number, mark it as suppressed, or leave the row out.",
        ),
        "unknown-source": _Rule("{value} is no source.", "Write observed, zoned or estimated."),
    }
)

MOST_STUDENTS: Final = 1_000_000.0
"""No district has as many students."""
_SOUTHERNMOST: Final = -60.0
"""No school lies further south: a latitude beyond it is a longitude of the Americas."""


def _whole(values: pd.Series[float]) -> pd.Series[bool]:
    return values == np.floor(values)


def present(rule: str = "blank-id") -> pa.Check:
    """Return the check that a text is not blank."""
    return pa.Check(lambda ids: ids != "", name=rule, error=rule)


def not_negative() -> pa.Check:
    """Return the check that a number is 0 or more."""
    return pa.Check.ge(0, name="negative", error="negative")


def plausible() -> pa.Check:
    """Return the check that a number of students is one that a district may have."""
    return pa.Check.le(MOST_STUDENTS, name="too-large", error="too-large")


def whole() -> pa.Check:
    """Return the check that a number is whole."""
    return pa.Check(_whole, name="not-whole", error="not-whole")


def within(low: float, high: float, rule: str) -> pa.Check:
    """Return the check that a number lies between two bounds, both included."""
    return pa.Check.in_range(low, high, name=rule, error=rule)


def not_formula() -> pa.Check:
    """Return the check that no spreadsheet takes an id for a formula."""
    return pa.Check(
        lambda ids: ~ids.str.startswith(FORMULA_MARKS), name="formula-id", error="formula-id"
    )


def printable() -> pa.Check:
    """Return the check that an id holds nothing that cannot be seen."""
    return pa.Check(
        lambda ids: ids.map(str.isprintable), name="unprintable-id", error="unprintable-id"
    )


def known(texts: tuple[str, ...], rule: str) -> pa.Check:
    """Return the check that a text is one of ``texts``."""
    return pa.Check.isin(list(texts), name=rule, error=rule)


def number(*checks: pa.Check) -> pa.Column:
    """Return a column of numbers that may lack some, and may be missing as a whole."""
    return pa.Column(float, list(checks), nullable=True, required=False)


def amount(*checks: pa.Check) -> pa.Column:
    """Return a column of numbers that lacks none, and may be missing as a whole."""
    return pa.Column(float, list(checks), nullable=False, required=False)


def text(*checks: pa.Check) -> pa.Column:
    """Return a column of text that may be missing as a whole."""
    return pa.Column(None, list(checks), required=False)


SCHOOLS: Final = pa.DataFrameSchema(
    {
        "school_id": text(present(), not_formula(), printable()),
        "lat": number(within(_SOUTHERNMOST, 90, "latitude-range")),
        "lon": number(within(-180, 180, "longitude-range")),
        "enrollment": number(not_negative(), whole(), plausible()),
        "capacity": number(not_negative(), plausible()),
        "office_capacity": number(not_negative(), whole(), plausible()),
        **{grade: number(not_negative(), whole(), plausible()) for grade in GRADES},
    }
)
"""The schools table once its columns carry our names and types."""
TRANSITIONS: Final = pa.DataFrameSchema(
    {
        "students": amount(not_negative(), plausible()),
        "share": amount(within(0, 1, "share-range")),
        "suppressed_cells": amount(not_negative(), whole(), plausible()),
        "source": text(known(TABLE_SOURCES, "unknown-source")),
    }
)
"""Flows between members, one of ``students`` and ``share``; a suppressed count stands as 0."""
OBSERVED: Final = pa.DataFrameSchema({"students": number(whole())})
"""Counted flows: estimated and zoned ones may be fractions, a count is whole."""
COUNT: Final = number(not_negative(), plausible())
"""A count of students among the measures, or the denominator of a rate."""
PERCENT: Final = number(within(0, 100, "percent-range"))
SHARE: Final = number(within(0, 1, "share-range"))
RATING: Final = number()


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
    try:
        schema.validate(frame, lazy=True)
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


def _shown(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else shown(str(value))
