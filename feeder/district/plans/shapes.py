"""Today's plan laid out in columns, or a row a community, made a row a school."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from feeder.district.plans.existing import read_plan
from feeder.district.schools.roster import Roster
from feeder.district.schools.table import Schools
from feeder.district.settings.specs import TableSpec
from feeder.district.tables.numerals import BLANKS
from feeder.district.tables.shapes import Reshaped, known, reshaped
from feeder.district.tables.table import Table, select
from feeder.errors import Findings, InputError
from feeder.wording import counted, listed

_NAMES: Final = ("school_id", "community_id")
_MOSTLY: Final = 0.8
"""A column is one of schools when this share of its cells is."""


def read_plan_table(
    table: Table, spec: TableSpec, schools: Schools, asked: int | None, findings: Findings
) -> pd.Series[str] | None:
    """Read a table of today's plan of any shape, as ``read_plan`` does one of a row a school.

    Columns of schools, each under the name of its community, and rows of schools, each behind
    the name of its community, are taken as such where no column of ids is there.
    """
    try:
        made = _reshaped(table, spec, schools.roster, findings)
    except InputError as error:
        findings.errors.extend(error.problems)
        return None
    if made is None:
        return read_plan(table, spec, schools, asked, findings)
    found = Findings()
    by_id = replace(spec, columns={}, where={}, match="id")
    plan = read_plan(made.table, by_id, schools, asked, found)
    made.tell(found, findings)
    return plan


def _reshaped(table: Table, spec: TableSpec, roster: Roster, findings: Findings) -> Reshaped | None:
    ids, communities = (spec.columns.get(name, name) for name in _NAMES)
    frame = table.frame
    if ids in frame or not len(frame):
        return None
    meant = known(roster)
    holders = [str(name) for name in frame if meant.share(frame[name]) > _MOSTLY]
    holders = [name for name in holders if name != communities]
    by_row = communities in frame
    if not holders or (len(holders) == 1 and not by_row):
        return None
    if not by_row and (label := _label(frame.drop(columns=holders))):
        message = f"schools stand in the columns {listed(holders)}, one row a community or more."
        fix = (
            f'If {label} names the community of a row, write columns = {{ community_id = "{label}" '
            "}; else give one row a school."
        )
        raise InputError([table.problem("plan-as-columns", message, fix)])
    chosen = select(table, spec, findings).frame
    rows, places = [], []
    for name in holders:
        under = chosen[communities] if by_row else [name] * len(chosen)
        for line, cell, community in zip(chosen.index, chosen[name], under, strict=True):
            if cell.strip().lower() not in BLANKS:
                rows.append([cell, str(community)])
                places.append((int(line), name))
    how = (
        f"has a row a community, its schools in the columns {listed(holders)}"
        if by_row
        else f"has a column a community: {listed(holders)}"
    )
    message = f"the plan {how}; {counted(len(rows), 'school')} were read."
    findings.warnings.append(table.problem("plan-as-columns", message))
    return reshaped(table, _NAMES, rows, places, meant, findings)


def _label(others: pd.DataFrame) -> str:
    """Return the first column that may name the community of each row; empty where none does."""
    for name in others:
        cells = others[name].str.strip()
        if (cells != "").all() and cells.is_unique and not cells.str.fullmatch(r"\d+").all():
            return str(name)
    return ""
