"""The schools table: who is in the district, where, with which grades and how many pupils."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import GRADE_COLUMNS
from feeder.district.schools.enrollment import (
    Figures,
    join_grades,
    leavers_and_entering,
    read_figures,
    ungraded,
)
from feeder.district.schools.grade_systems import GradeSystem
from feeder.district.schools.grades import highest, level_of, lowest
from feeder.district.schools.kinds import own_columns
from feeder.district.schools.places import SITE_M, across_180, extent_m
from feeder.district.schools.points import warn_crowded, warn_lonely
from feeder.district.schools.roster import Roster
from feeder.district.schools.rows import RowReader
from feeder.district.settings.specs import GRADES, SCHOOL_COLUMNS, SchoolsSpec
from feeder.district.tables.doubts import tell_not_open
from feeder.district.tables.ids import read_ids, tell_rounded
from feeder.district.tables.repeats import one_row_a_school
from feeder.district.tables.schemas import MOST_STUDENTS
from feeder.district.tables.table import (
    Table,
    first_by_id,
    kept_rows,
    read_as,
    require_columns,
    resolve_columns,
)
from feeder.errors import Findings
from feeder.wording import counted, listed, shown

_NEEDED: Final = ("school_id", "name", "lat", "lon", "enrollment")
_MANY: Final = 5
_LIKE_AN_ID: Final = re.compile(
    r"(?:^|[_ ])(?:id|code|no|num|number|nr|key)$|id$|code$|^(?:ncessch|cds|locn|school_?no)",
    re.IGNORECASE,
)
_LIKE_ENROLLMENT: Final = re.compile(
    r"enrol|member|student|pupil|headcount|total|count$|^(?:adm|ada|n)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, eq=False)
class Schools:
    """The schools as the district has them, and who stands behind an id.

    ``frame``, ``extra`` and ``grade_enrollment`` are those of
    :class:`~feeder.district.model.District`; ``counted`` tells schools whose enrollment was
    given from those that count as zero or weigh what all do; ``file`` is where they stand;
    ``system`` is what the district calls its grades.
    """

    frame: pd.DataFrame
    extra: pd.DataFrame
    grade_enrollment: pd.DataFrame | None
    roster: Roster
    counted: pd.Series[bool]
    file: str
    system: GradeSystem


def read_schools(table: Table, spec: SchoolsSpec, findings: Findings) -> Schools | None:
    """Read the schools table.

    Returns
    -------
    Schools or None
        None where a column that everything rests on is missing, ids are lost, or no row is left.
    """
    table = read_as(table, spec.table)
    columns, is_whole = _columns(table, spec, findings)
    keep = pd.Series(kept_rows(table, spec.table, findings), table.frame.index)
    if not is_whole:
        RowReader(table.rows(keep), columns, spec, findings).tell_cells()
        return None
    if not len(table):
        fix = "Name a table with a row a school."
        findings.errors.append(table.problem("no-schools", "the schools table has no rows.", fix))
    if not keep.any():
        return None
    key = columns["school_id"]
    ids = read_ids(table, key, findings)
    table = replace(table, frame=table.frame.assign(**{key: ids}))
    if tell_rounded([ids[keep]], table, key, findings):
        return None
    everyone = first_by_id(ids, table.text(columns["name"]))
    chosen = _once(table.rows(keep), columns, spec, findings)
    reader = RowReader(chosen, columns, spec, findings)
    rows = reader.rows()
    if rows.empty:
        fix = "Give coordinates and enrollments, or keep schools without."
        findings.errors.append(table.problem("no-schools", "no school is left to plan.", fix))
        return None
    return _assemble(reader, rows, everyone)


def _columns(table: Table, spec: SchoolsSpec, findings: Findings) -> tuple[dict[str, str], bool]:
    """Return our column names mapped to the table's, and whether none that is needed is missing."""
    mapped, headers = spec.table.columns, [str(name) for name in table.frame.columns]
    by_grade = spec.enrollment_by_grade.values()
    optional = [name for name in SCHOOL_COLUMNS if name not in _NEEDED]
    free = [name for name in headers if name not in {*mapped.values(), *by_grade}]
    waived = []
    whole = all(mapped.get(name, name) in headers for name in ("name", "lat", "lon"))
    counts = not by_grade and any(_LIKE_ENROLLMENT.search(name) for name in free)
    if whole and not counts and not {"enrollment"} & {*mapped, *headers}:
        waived.append("enrollment")
    like = any(_LIKE_AN_ID.search(name) for name in free)
    if whole and not like and not {"school_id"} & {*mapped, *headers}:
        waived.append("school_id")
    needed = [name for name in _NEEDED if name not in waived]
    found = own_columns(resolve_columns(table, spec.table, needed, optional, findings), spec)
    given = require_columns(table, by_grade, "schools.enrollment_by_grade", findings)
    found |= {ours: c for ours, c in spec.enrollment_by_grade.items() if c in given}
    is_whole = set(needed) <= set(found)
    if is_whole and "school_id" in waived:
        message = "there is no column of ids: the names are the ids, in every table."
        fix = "Map school_id in [schools].columns where there is one."
        findings.warnings.append(table.problem("names-as-ids", message, fix, column=found["name"]))
        found["school_id"] = found["name"]
    return found, is_whole


def _once(table: Table, columns: Mapping[str, str], spec: SchoolsSpec, findings: Findings) -> Table:
    """Return the table with one row a school, where a column tells the rows of an id apart."""
    amounts = [columns["enrollment"]] if "enrollment" in columns else []
    amounts += spec.enrollment_by_grade.values()
    texts = [columns[name] for name in SCHOOL_COLUMNS if name in columns]
    return one_row_a_school(
        table,
        table.text(columns["school_id"]),
        [name for name in amounts if name in table.frame],
        findings,
        others=texts,
        grades=columns.get("grades"),
        system=spec.system,
    )


def _assemble(reader: RowReader, rows: pd.DataFrame, everyone: Mapping[str, str]) -> Schools:
    """Derive grades, leavers and levels, merge repeated ids, and index by school."""
    table, columns, findings = reader.table, reader.columns, reader.findings
    system = reader.spec.system
    graded = [grade for grade in GRADES if grade in columns]
    figures = read_figures(table, rows, columns, graded, findings) if graded else None
    rows, figures = _merged(rows, figures, reader)
    if figures is not None:
        rows = rows.assign(grades=join_grades(rows, figures, table, columns, system, findings))
        figures = ungraded(rows, figures, table, columns, findings)
    given = rows["enrollment"].between(0, MOST_STUDENTS)
    rows = rows.assign(enrollment=rows["enrollment"].where(given, 0).round())
    rows = rows.assign(**leavers_and_entering(rows, figures, system))
    order = rows.sort_values("school_id").index
    index = pd.Index(rows.loc[order, "school_id"], name="school_id")
    masks = [int(mask) for mask in rows.loc[order, "grades"]]
    frame = rows.loc[order].drop(columns="school_id").set_axis(index)
    frame = frame.assign(
        level=[level_of(mask, system) for mask in masks],
        grade_low=pd.Series([lowest(mask) for mask in masks], index, dtype="int64"),
        grade_high=pd.Series([highest(mask) for mask in masks], index, dtype="int64"),
        enrollment=frame["enrollment"].astype("int64"),
        lon=across_180(frame["lon"].to_numpy(dtype=float)),
    )
    tell_not_open(table, rows["name"], columns, findings)
    warn_lonely(rows, table, columns, findings)
    warn_crowded(frame, table, columns, findings)
    rest = [name for name in table.frame.columns if name not in set(columns.values())]
    extra = table.frame.loc[order, rest].apply(lambda cells: cells.str.strip()).set_axis(index)
    members = dict(frame["name"])
    return Schools(
        frame=frame[_COLUMNS],
        extra=extra,
        grade_enrollment=(
            None if figures is None else figures.pupils.loc[order, [*GRADE_COLUMNS]].set_axis(index)
        ),
        roster=Roster(members, {i: n for i, n in everyone.items() if i not in members}),
        counted=given.loc[order].set_axis(index) & reader.is_counted,
        file=table.file,
        system=system,
    )


_COLUMNS: Final = [
    "name",
    "level",
    "grades",
    "grade_low",
    "grade_high",
    "lat",
    "lon",
    "enrollment",
    "leavers",
    "leavers_estimated",
    "entering",
    "capacity",
    "office_capacity",
    "campus_id",
    "region",
    "kind",
]


def _merged(
    rows: pd.DataFrame, figures: Figures | None, reader: RowReader
) -> tuple[pd.DataFrame, Figures | None]:
    """Merge rows of one id on one site; elsewhere a repeated id is an error.

    Rows with the same grades and enrollment are one record written twice. Others are parts of
    one school: their enrollments and figures add up and their grades are united.
    """
    rows = rows.copy()
    repeated = rows[rows["school_id"].duplicated(keep=False)]
    _refuse_mixed(repeated, reader)
    merged = []
    for school_id, records in repeated.groupby("school_id"):
        first, *others = records.index
        if not extent_m(records) <= SITE_M:
            _tell_two_sites(str(school_id), records, reader)
        else:
            merged.append(f"{records['name'].iloc[0]} ({school_id})")
            if len(records[["grades", "enrollment"]].drop_duplicates()) > 1:
                rows.loc[first, "enrollment"] = records["enrollment"].sum()
                rows.loc[first, "grades"] = np.bitwise_or.reduce(records["grades"].to_numpy())
                figures = figures.added(first, others) if figures is not None else None
        rows = rows.drop(index=others)
    reader.warn(
        "duplicate-id",
        "school_id",
        merged,
        f"{counted(len(merged), 'id')} on several rows of one site, merged",
    )
    return rows, figures.kept(rows.index) if figures is not None else None


def _tell_two_sites(school_id: str, records: pd.DataFrame, reader: RowReader) -> None:
    """Report an id that stands on several sites, in one error."""
    first, *others = records.index
    message = (
        f"the id {shown(school_id)} stands on {reader.table.place(first)} already, on another site."
    )
    fix = "Give each school an id of its own."
    if len(others) > 1:
        message = (
            f"the id {shown(school_id)} stands on {len(records):,} rows, not on one site: "
            f"{listed(records['name'], limit=3)}."
        )
        fix = "Give each school an id of its own; is it the right column?"
    reader.findings.errors.append(
        reader.table.problem(
            "duplicate-id",
            message,
            fix,
            row=others[0],
            value=school_id,
            column=reader.columns["school_id"],
        )
    )


def _refuse_mixed(repeated: pd.DataFrame, reader: RowReader) -> None:
    """Report repeated ids where some have equal rows and others do not, or where most repeat.

    Nothing then tells whether a school was written twice or in parts, so that whether it is
    added up would hang on chance. Rows that agree in every cell are one record in any case.
    """
    cells = reader.table.frame.loc[repeated.index]
    equal: list[str] = []
    parted: list[str] = []
    for school_id, records in repeated[~cells.duplicated()].groupby("school_id"):
        if len(records) > 1 and extent_m(records) <= SITE_M:
            same = len(records[["grades", "enrollment"]].drop_duplicates()) == 1
            (equal if same else parted).append(f"{records['name'].iloc[0]} ({school_id})")
    most = len(parted) >= _MANY and 2 * len(parted) > reader.table.frame.shape[0] - len(repeated)
    if (equal and parted) or most:
        message = f"{counted(len(parted), 'id')} on several rows of one site: {listed(parted, 3)}."
        if equal:
            message = (
                f"ids on several rows: {counted(len(equal), 'school')} with equal enrollments "
                f"({listed(equal, 3)}), {len(parted):,} with others ({listed(parted, 3)})."
            )
        fix = (
            "Say which rows count by where in [schools], or give one row a school: nothing tells "
            "whether they are written twice or parts to add up."
        )
        reader.findings.errors.append(
            reader.table.problem("several-rows", message, fix, column=reader.columns["school_id"])
        )
