"""The schools table: who is in the district, where, with which grades and how many pupils."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.enrollment import (
    Figures,
    join_grades,
    leavers_and_entering,
    read_figures,
    ungraded,
)
from feeder.district.grades import highest, level_of, lowest
from feeder.district.kinds import own_columns, read_kinds
from feeder.district.model import GRADE_COLUMNS
from feeder.district.places import (
    SITE_M,
    check_far,
    extent_m,
    misread,
)
from feeder.district.roster import Roster
from feeder.district.schemas import MOST_STUDENTS, SCHOOLS, check
from feeder.district.spans import read_spans
from feeder.district.specs import GRADES, SCHOOL_COLUMNS, SchoolsSpec
from feeder.district.tables import (
    Table,
    first_by_id,
    kept_rows,
    read_ids,
    read_numbers,
    require_columns,
    resolve_columns,
    told_cells,
)
from feeder.errors import Findings
from feeder.wording import counted, shown, warn_grouped

_NEEDED: Final = ("school_id", "name", "lat", "lon", "enrollment")
_TEXTS: Final = ("campus_id", "region")


@dataclass(frozen=True, slots=True, eq=False)
class Schools:
    """The schools as the district has them, and who stands behind an id.

    ``frame``, ``extra`` and ``grade_enrollment`` are those of
    :class:`~feeder.district.model.District`; ``counted`` tells schools whose enrollment was
    given from those that count as zero.
    """

    frame: pd.DataFrame
    extra: pd.DataFrame
    grade_enrollment: pd.DataFrame | None
    roster: Roster
    counted: pd.Series[bool]


def read_schools(table: Table, spec: SchoolsSpec, findings: Findings) -> Schools | None:
    """Read the schools table.

    Returns
    -------
    Schools or None
        None where a column that everything rests on is missing, or no row is left.
    """
    optional = [name for name in SCHOOL_COLUMNS if name not in _NEEDED]
    columns = own_columns(resolve_columns(table, spec.table, _NEEDED, optional, findings), spec)
    given = require_columns(
        table, spec.enrollment_by_grade.values(), "schools.enrollment_by_grade", findings
    )
    columns |= {ours: c for ours, c in spec.enrollment_by_grade.items() if c in given}
    keep = kept_rows(table, spec.table, findings)
    if not set(_NEEDED) <= set(columns):
        return None
    if not len(table):
        fix = "Name a table with a row a school."
        findings.errors.append(table.problem("no-schools", "the schools table has no rows.", fix))
    if not keep.any():
        return None
    everyone = first_by_id(table.text(columns["school_id"]), table.text(columns["name"]))
    chosen = replace(table, frame=table.frame[keep])
    reader = _Reader(chosen, columns, spec, findings)
    rows = reader.rows()
    if rows.empty:
        fix = "Give coordinates and enrollments, or keep schools without."
        findings.errors.append(table.problem("no-schools", "no school is left to plan.", fix))
        return None
    return _assemble(reader, rows, everyone)


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """Reads the chosen rows; every frame here is indexed by row of the table."""

    table: Table
    columns: Mapping[str, str]
    spec: SchoolsSpec
    findings: Findings

    def rows(self) -> pd.DataFrame:
        """Return one row a school with our columns: typed, located, with grades."""
        rows = pd.DataFrame(
            {"school_id": read_ids(self.table, self.columns["school_id"], self.findings)}
        )
        rows["name"] = self._names(rows["school_id"])
        for name in ("lat", "lon", "enrollment", "capacity", "office_capacity"):
            rows[name] = self._numbers(name)
        for name in _TEXTS:
            rows[name] = self.table.text(self.columns[name]) if name in self.columns else ""
        rows["kind"] = read_kinds(self.table, self.columns, self.findings)
        self._check(rows)
        rows = self._located(rows[rows["school_id"] != ""])
        rows = self._counted(rows)
        check_far(rows, self.table, self.columns, self.findings)
        masks = read_spans(self.table, rows, self.columns, self.spec, self.findings)
        return rows.assign(grades=masks)

    def _names(self, ids: pd.Series[str]) -> pd.Series[str]:
        names = self.table.text(self.columns["name"]).str.replace(r"[\r\n\t]+", " ", regex=True)
        blank = names == ""
        self.warn(
            "blank-name",
            "name",
            list(ids[blank]),
            f"{counted(int(blank.sum()), 'school')} without a name, called by the id",
        )
        return names.where(~blank, ids)

    def _numbers(self, name: str) -> pd.Series[float]:
        if name not in self.columns:
            return pd.Series(np.nan, self.table.frame.index)
        return read_numbers(self.table, self.columns[name], self.findings).found

    def _check(self, rows: pd.DataFrame) -> None:
        """Run the schema; columns that are misread throughout are one error, not hundreds."""
        checked = rows.drop(columns=["name", "kind", *_TEXTS])
        complaint = misread(rows["lat"], rows["lon"])
        if complaint is not None:
            rule, what, fix = complaint
            message = f"{self.columns['lat']} and {self.columns['lon']} {what}"
            self.findings.errors.append(
                self.table.problem(rule, message, fix, column=self.columns["lat"])
            )
            checked = checked.drop(columns=["lat", "lon"])
        check(checked, SCHOOLS, self.table, self.columns, self.findings)

    def _located(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Settle schools without coordinates; (0, 0) counts as none."""
        nowhere = rows["lat"].isna() | rows["lon"].isna() | (rows["lat"].eq(0) & rows["lon"].eq(0))
        rows = rows.assign(**{name: rows[name].mask(nowhere) for name in ("lat", "lon")})
        return self._settle(
            rows,
            nowhere,
            self.spec.missing_location,
            rule="missing-location",
            column="lat",
            lacks="coordinates",
            key="missing_location",
            ways='"drop" leaves them out',
        )

    def _counted(self, rows: pd.DataFrame) -> pd.DataFrame:
        return self._settle(
            rows,
            rows["enrollment"].isna(),
            self.spec.missing_enrollment,
            column="enrollment",
            rule="missing-enrollment",
            lacks="an enrollment",
            key="missing_enrollment",
            ways='"zero" counts them as 0, "drop" leaves them out',
        )

    def _settle(
        self,
        rows: pd.DataFrame,
        lacking: pd.Series[bool],
        policy: str,
        *,
        rule: str,
        column: str,
        lacks: str,
        key: str,
        ways: str,
    ) -> pd.DataFrame:
        """Apply a policy for missing values: drop the rows, keep them, or report each."""
        names = rows.loc[lacking, "name"]
        if policy == "error":
            told = told_cells(self.table, self.findings)
            for row, name in names.items():
                if (row, self.columns[column]) in told:
                    continue
                self.findings.errors.append(
                    self.table.problem(
                        rule,
                        f"{shown(name)} has no {lacks.removeprefix('an ')}.",
                        f"Fill it in, or set {key} in [schools]: {ways}.",
                        row=row,
                        column=self.columns[column],
                    )
                )
            return rows
        fate = "left out" if policy == "drop" else "counted as 0"
        self.warn(
            rule,
            column,
            list(names),
            f"{counted(len(names), 'school')} without {lacks}, {fate}",
        )
        return rows[~lacking] if policy == "drop" else rows

    def warn(self, rule: str, column: str, examples: list[str], before: str) -> None:
        """Add one warning about a column for all examples."""
        warn_grouped(
            self.findings,
            rule=rule,
            examples=examples,
            before=before,
            file=self.table.file,
            column=self.columns[column],
        )


def _assemble(reader: _Reader, rows: pd.DataFrame, everyone: Mapping[str, str]) -> Schools:
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
    )
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
        counted=given.loc[order].set_axis(index),
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
    rows: pd.DataFrame, figures: Figures | None, reader: _Reader
) -> tuple[pd.DataFrame, Figures | None]:
    """Merge rows of one id on one site; elsewhere a repeated id is an error.

    Rows with the same grades and enrollment are one record written twice. Others are parts of
    one school: their enrollments and figures add up and their grades are united.
    """
    rows = rows.copy()
    repeated = rows[rows["school_id"].duplicated(keep=False)]
    merged = []
    for school_id, records in repeated.groupby("school_id"):
        first, *others = records.index
        if not extent_m(records) <= SITE_M:
            message = (
                f"the id {shown(str(school_id))} stands on line {first} already, on another site."
            )
            fix = "Give each school an id of its own."
            column = reader.columns["school_id"]
            for row in others:
                reader.findings.errors.append(
                    reader.table.problem(
                        "duplicate-id", message, fix, row=row, value=str(school_id), column=column
                    )
                )
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
