"""What the communities of a plan go by, as a planner wrote it down: ``communities.csv``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from feeder.district.files.characters import CONTROLS
from feeder.district.files.csvfile import parse_csv
from feeder.district.model import CommunityRows
from feeder.district.plans.communities import read_communities
from feeder.district.settings.specs import COMMUNITY_COLUMNS, TableSpec
from feeder.errors import Findings, Problem
from feeder.planning.assignment import Assignment
from feeder.planning.carrying import with_hosts_inside
from feeder.planning.identity import NO_NUMBER, Community
from feeder.wording import counted, listed, shown, warn_grouped
from feeder.writing.texts import fused

COMMUNITIES_CSV: Final = "communities.csv"
_SPEC: Final = TableSpec(section="communities", path=COMMUNITIES_CSV)
_ID, _NUMBER, _NAME, _COLOR, _OFFICE = COMMUNITY_COLUMNS[:5]
_COLOR_FORM: Final = r"#[0-9A-F]{6}"
_NUMBER_FORM: Final = r"[1-9][0-9]{0,2}"
_UNPRINTABLE: Final = re.compile(rf"{CONTROLS.pattern}|[\x00\ud800-\udfff\ufffe\uffff]")
"""What not every format can hold."""


def on_one_line(text: str) -> str:
    """Return a text on one line, without a table's guard against formulas."""
    return fused(" ".join(_UNPRINTABLE.sub(" ", text).split()))


def communities_beside(plan: Path, findings: Findings) -> CommunityRows | None:
    """Read the ``communities.csv`` in the folder of a plan file; None where there is none."""
    file = plan.parent / COMMUNITIES_CSV
    if not file.is_file():
        return None
    return read_communities(parse_csv(file.read_bytes(), file.name, findings), _SPEC, findings)


def as_told(plan: Assignment) -> Assignment:
    """Give a plan that was just made what its district's ``[communities]`` tells of it.

    A table that cannot be used for it is left aside, and that is told: a plan is worth more than
    its names.
    """
    told, findings = plan.district.communities, Findings()
    if told is None:
        return plan
    found = told_communities(plan, told, findings)
    if findings.errors:
        message = "the table is not used for this plan."
        findings.warnings.append(Problem(rule="communities", message=message, file=told.file))
    warnings = (*plan.district.warnings, *findings.warnings, *findings.errors)
    return replace(found, district=replace(found.district, warnings=warnings))


def told_communities(plan: Assignment, told: CommunityRows, findings: Findings) -> Assignment:
    """Give the communities of a plan what a table tells of them, as far as it is right.

    Parameters
    ----------
    plan
        The plan. What the table leaves blank, and communities it lacks, keep name and color as
        near as can be.
    told
        The table.
    findings
        Collects errors (an id that is no community's while another has no row, an id, number or
        name twice, a number or color that is none, an office at no school of the district) and
        warnings (rows that no community needs, an office at a school of another community, which
        is then chosen anew).
    """
    rows = told.rows.map(on_one_line)
    rows[_COLOR] = rows[_COLOR].str.upper()
    before = len(findings.errors)
    _check(plan, told, rows, findings)
    if len(findings.errors) > before:
        return plan
    by_id = {str(row[_ID]): row for _, row in rows.iterrows()}
    given = [
        _community(by_id[one]) if one in by_id else Community(one) for one in plan.community_ids
    ]
    found, left = with_hosts_inside(plan.known_as(given))
    tell_left(left, found, findings)
    return found


def tell_left(left: Sequence[Community], plan: Assignment, findings: Findings) -> None:
    """Warn of offices at schools that are not of their community."""
    names = plan.district.schools["name"]
    warn_grouped(
        findings,
        rule="office-left",
        before=f"{counted(len(left), 'office')} at a school of another community, chosen anew",
        examples=[
            f"{one.label} at {names[one.office_school_id]} ({one.office_school_id})" for one in left
        ],
        fix=f"Name a school of the community as {_OFFICE}, or leave it blank.",
        file=COMMUNITIES_CSV,
        column=_OFFICE,
    )


def _community(row: pd.Series[str]) -> Community:
    number, *texts = (row[name] for name in COMMUNITY_COLUMNS[1:])
    return Community(row[_ID], int(number or NO_NUMBER), *texts)


def _check(plan: Assignment, told: CommunityRows, rows: pd.DataFrame, findings: Findings) -> None:
    """Report every cell that cannot be used, and rows that nothing needs."""
    schools = plan.district.schools.index
    _check_ids(plan, told, rows, findings)
    for name in (_ID, _NUMBER, _NAME):
        cells = rows.loc[rows[name] != "", name]
        what = "the same {} stands in another row."
        fix = f"Give each community one row, and a {name.removeprefix('community_')} of its own."
        _tell(told, cells[cells.duplicated()], "duplicate-community", what, fix, findings)
    wrong = {
        _NUMBER: (
            ~rows[_NUMBER].str.fullmatch(_NUMBER_FORM),
            "{} is no number of a community.",
            "Write a whole number from 1 to 999.",
        ),
        _COLOR: (
            ~rows[_COLOR].str.fullmatch(_COLOR_FORM),
            "{} is no color.",
            "Write # and six of 0-9 and A-F, such as #88CCEE.",
        ),
        _OFFICE: (
            ~rows[_OFFICE].isin(schools),
            "the office stands at {}, which is no school of the district.",
            "Correct the id, or leave it blank: the best school is then chosen.",
        ),
    }
    for name, (unfit, what, fix) in wrong.items():
        cells = rows.loc[unfit & (rows[name] != ""), name]
        _tell(told, cells, "community-value", what, fix, findings)


def _check_ids(
    plan: Assignment, told: CommunityRows, rows: pd.DataFrame, findings: Findings
) -> None:
    """Report ids that the plan does not have: errors where communities of it have no row."""
    strange = rows.loc[~rows[_ID].isin(plan.community_ids), _ID]
    without = [f"{one.id} ({one.name})" for one in plan.communities if one.id not in set(rows[_ID])]
    if without:
        fix = f"Correct it, or delete the row; without a row: {listed(without)}."
        what = "{} is no community of the plan."
        _tell(told, strange, "unknown-community", what, fix, findings)
        return
    warn_grouped(
        findings,
        rule="community-rows",
        before=f"{counted(len(strange), 'row')} of communities that the plan does not have",
        examples=[shown(one) for one in strange],
        file=told.file,
        column=told.columns.get(_ID),
    )


def _tell(
    told: CommunityRows,
    cells: pd.Series[str],
    rule: str,
    what: str,
    fix: str,
    findings: Findings,
) -> None:
    """Report cells of one column that are wrong in one way."""
    for row, cell in cells.items():
        problem = Problem(
            rule=rule,
            message=what.format(shown(cell)),
            fix=fix,
            file=told.file,
            row=int(str(row)),
            column=told.columns.get(str(cells.name), str(cells.name)),
            value=shown(cell),
        )
        findings.errors.append(problem)
