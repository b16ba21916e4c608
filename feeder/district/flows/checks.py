"""Whether flows are flows: no ids among the counts, no more students than the schools have."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from feeder.district.schools.roster import Roster
from feeder.district.settings.specs import TableSpec
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, warn_grouped

_MANY: Final = 20
"""Rows by which counts that are all different tell that they are ids."""
_ID: Final = re.compile(r"[A-Za-z]{0,3}-?\d{4,}")
_MOST: Final = 1.5
"""So many times their enrollment is more than all schools together can send."""
_FAR: Final = 3
"""A school that sends so many times its enrollment is an error, whatever the year."""
_OFTEN: Final = 2
"""Flows of so many times the leavers are told."""
_SELDOM: Final = 0.1
"""Flows of less than this share of the leavers are told: codes, or rates, are often taken so."""
_SENDERS: Final = 5


def may_be_students(table: Table, spec: TableSpec) -> bool:
    """Return whether a table that counts nobody looks like one row a student."""
    pair = [spec.columns.get(name, name) for name in ("from_id", "to_id")]
    if not set(pair) <= set(table.frame.columns):
        return False
    return 2 * int(table.frame.duplicated(pair).sum()) > len(table)


def are_ids(cells: pd.Series[str]) -> bool:
    """Return whether the cells of a column of students are ids, as no two are equal."""
    filled = cells[cells != ""]
    return (
        len(filled) >= _MANY and filled.is_unique and bool(filled.str.fullmatch(_ID.pattern).all())
    )


def check_sizes(
    rows: pd.DataFrame,
    schools: pd.DataFrame,
    roster: Roster,
    table: Table,
    column: str,
    findings: Findings,
) -> None:
    """Report senders whose flows are larger than their enrollment, or far off their leavers.

    Parameters
    ----------
    rows
        ``from_id``, ``students_low`` and ``students_high`` of each flow.
    schools
        ``enrollment`` and ``leavers`` by school.
    roster, table, column
        Names of the schools, and where the students stand.
    findings
        Collects an error where all senders, or one by far, send more students than they have;
        else a warning.
    """
    sent = rows.groupby("from_id")["students_low"].sum()
    enrollment = schools["enrollment"].loc[sent.index].astype(float)
    known = enrollment > 0
    sent, enrollment = sent[known], enrollment[known]
    above = sent > enrollment
    worst = (sent / enrollment)[above].sort_values(ascending=False, kind="stable").index
    told = [
        f"{roster.name(str(school))}, {sent[school]:,.0f} of {enrollment[school]:,.0f}"
        for school in worst
    ]
    before = f"{counted(len(told), 'school')} that send more students a year than they have"
    if sent.sum() > _MOST * enrollment.sum() or (sent > _FAR * enrollment).any():
        fix = "Are these students, and of one year? Weights of another kind are given as share."
        message = f"{before}: {listed(told, limit=3)}."
        findings.errors.append(table.problem("flows-above-enrollment", message, fix, column=column))
        return
    warn_grouped(
        findings,
        rule="flows-above-enrollment",
        before=before,
        examples=told,
        file=table.file,
        column=column,
    )
    leavers = schools["leavers"].loc[sent.index].sum()
    message = (
        f"the flows are {sent.sum():,.0f} students, where about {leavers:,.0f} are in the last "
        "grade of these schools: "
    )
    if leavers and sent.sum() > _OFTEN * leavers:
        message += "are they of one year, and without those who stay?"
        findings.warnings.append(table.problem("flows-above-leavers", message, column=column))
    most = rows.groupby("from_id")["students_high"].sum()[known].sum()
    if len(sent) >= _SENDERS and most < _SELDOM * leavers:
        message += "is it the column that counts students?"
        findings.warnings.append(table.problem("flows-below-leavers", message, column=column))


def check_direction(
    pathway: pd.Series[bool], back: pd.Series[bool], table: Table, findings: Findings
) -> None:
    """Report a table whose senders and receivers are exchanged.

    Parameters
    ----------
    pathway, back
        Whether the receiver does not serve the sender's next grade, and whether the sender
        serves the receiver's.
    table
        Where they stand.
    findings
        Collects an error where most flows make sense the other way round only.
    """
    exchanged = int((pathway & back).sum())
    if len(pathway) > 1 and 2 * exchanged > len(pathway):
        message = (
            f"{exchanged:,} of {counted(len(pathway), 'flow')} go from later grades to earlier "
            "ones: from and to are exchanged."
        )
        fix = "Exchange from_id and to_id in [flows].columns; of a matrix, rows and columns."
        findings.errors.append(table.problem("flows-exchanged", message, fix))
