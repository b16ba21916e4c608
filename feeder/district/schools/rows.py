"""The rows of the schools table: typed, located and counted, one a school where that is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.files.characters import INVISIBLE
from feeder.district.schools.kinds import read_kinds
from feeder.district.schools.places import misread, on_globe
from feeder.district.schools.points import check_points, lost_decimal_point, same_for_all, warn_sign
from feeder.district.schools.spans import read_spans
from feeder.district.settings.specs import SchoolsSpec
from feeder.district.tables.doubts import (
    DOUBTED,
    doubt_capacity,
    doubt_enrollment,
    doubt_names,
)
from feeder.district.tables.missing import is_code
from feeder.district.tables.nobody import means_nobody
from feeder.district.tables.numbers import read_all
from feeder.district.tables.numerals import BLANKS, Kind
from feeder.district.tables.repeats import is_grade
from feeder.district.tables.schemas import SCHOOLS, check
from feeder.district.tables.table import Table, told_cells
from feeder.errors import Findings
from feeder.wording import counted, shown, warn_grouped

TEXTS: Final = ("campus_id", "region")
GRADE_TEXTS: Final = ("grades", "grade_low", "grade_high", "level")
WEIGHT: Final = 100.0
"""Students of every school where a district gives no enrollment at all."""
_KINDS: Final[Mapping[str, Kind]] = {
    "lat": Kind.DEGREES,
    "lon": Kind.DEGREES,
    "enrollment": Kind.STUDENTS,
    "capacity": Kind.STUDENTS,
    "office_capacity": Kind.NUMBER,
}
_NO_SITE: Final = ("0", "-1", "-2", "-9", *sorted(BLANKS - {""}))
"""Texts of ``campus_id``, in lower case, that name no site."""
_SURE: Final = 1e7
"""A latitude of so many meters lies beyond the pole: nothing but degrees without their point."""


@dataclass(frozen=True, slots=True, eq=False)
class RowReader:
    """Reads the chosen rows; every frame here is indexed by row of the table."""

    table: Table
    columns: Mapping[str, str]
    spec: SchoolsSpec
    findings: Findings

    @property
    def is_counted(self) -> bool:
        """Whether the table gives students at all, and nothing said that they are others."""
        doubted = any(
            error.rule in DOUBTED and error.file == self.table.file
            for error in self.findings.errors
        )
        return not doubted and ("enrollment" in self.columns or bool(self.spec.enrollment_by_grade))

    def rows(self) -> pd.DataFrame:
        """Return one row a school with our columns: typed, located, with grades."""
        rows = pd.DataFrame({"school_id": self.table.text(self.columns["school_id"])})
        rows["name"] = self._names(rows["school_id"])
        rows = rows.assign(**self._numbers(), **{name: self._text(name) for name in TEXTS})
        rows["kind"] = read_kinds(self._text("kind"), self.table, self.columns, self.findings)
        everyone = rows
        rows = self._located(rows[rows["school_id"] != ""])
        rows = self._counted(rows)
        self._check(everyone, rows)
        return rows.assign(grades=self._grades(rows))

    def tell_cells(self) -> None:
        """Tell what is wrong in the columns that are there, of a table that lacks others."""
        places = pd.Series([self.table.place(row) for row in self.table.frame.index])
        places = places.set_axis(self.table.frame.index)
        called = self.columns.get("name") or self.columns.get("school_id")
        names = self.table.text(called) if called else places
        given = pd.DataFrame(self._given(), names.index)
        check(given, SCHOOLS, self.table, self.columns, self.findings)
        self._grades(pd.DataFrame({"school_id": places, "name": names}))

    def _names(self, ids: pd.Series[str]) -> pd.Series[str]:
        names = self.table.text(self.columns["name"]).str.replace(r"[\r\n\t]+", " ", regex=True)
        nothing = means_nobody(names) | names.isin(list(self.table.missing))
        self.warn(
            "blank-name",
            "name",
            [
                f"{one} ({shown(name)})" if name else one
                for one, name in zip(ids[nothing], names[nothing], strict=True)
            ],
            f"{counted(int(nothing.sum()), 'school')} without a name, called by the id",
        )
        doubt_names(names[~nothing], self.table, self.columns["name"], self.findings)
        return names.where(~nothing, ids)

    def _numbers(self) -> dict[str, pd.Series[float]]:
        """Return every column of numbers, NaN where the table has no such column."""
        given = self._given()
        unknown = pd.Series(np.nan, self.table.frame.index)
        found = {name: given.get(name, unknown) for name in _KINDS}
        if "enrollment" not in given:
            found["enrollment"] = self._weight()
        return found

    def _given(self) -> dict[str, pd.Series[float]]:
        """Return the columns of numbers that the table has."""
        given = {name: self.columns[name] for name in _KINDS if name in self.columns}
        read = read_all(self.table, {c: _KINDS[name] for name, c in given.items()}, self.findings)
        found = {name: read[column].found for name, column in given.items()}
        for name in [one for one in ("capacity", "office_capacity") if one in given]:
            hidden = read[given[name]].suppressed
            self.warn(
                "suppressed-measure",
                name,
                list(self.table.text(given[name])[hidden].unique()),
                f"{counted(int(hidden.sum()), 'cell')} suppressed, taken as unknown",
            )
        if "lon" in found:
            lon = found["lon"]
            found["lon"] = pd.Series(on_globe(np.asarray(lon, dtype=np.float64)), lon.index)
        return found

    def _weight(self) -> pd.Series[float]:
        """Return the enrollment for want of a column: the sum of the grades, or one figure."""
        columns = list(dict.fromkeys(self.spec.enrollment_by_grade.values()))
        if columns:
            read = read_all(self.table, dict.fromkeys(columns, Kind.STUDENTS), Findings())
            grades = pd.DataFrame({column: read[column].found for column in columns})
            withheld = pd.DataFrame({column: read[column].suppressed for column in columns})
            message = "there is no column of enrollment: the sum of the grades serves."
            self.findings.warnings.append(self.table.problem("enrollment-by-grade", message))
            return grades.sum(axis=1, min_count=1).mask(withheld.any(axis=1))
        message = (
            f"there is no column of enrollment: all schools weigh the same, {WEIGHT:.0f} students "
            "each. Figures of students are none of the district's."
        )
        fix = "Map enrollment in [schools].columns where there is one."
        self.findings.warnings.append(self.table.problem("no-enrollment", message, fix))
        return pd.Series(WEIGHT, self.table.frame.index)

    def _text(self, name: str) -> pd.Series[str]:
        """Return a column of texts, blank where it says that there is nothing."""
        if name not in self.columns:
            return pd.Series("", self.table.frame.index)
        cells = self.table.text(self.columns[name]).str.replace(INVISIBLE, "", regex=True)
        cells = cells.mask(cells.isin(self.table.missing), "")
        if name != "campus_id":
            return cells
        lower = cells.str.lower().str.removesuffix(".0")
        nowhere = lower.isin(_NO_SITE) | cells.map(is_code).astype(bool)
        self.warn(
            "no-campus",
            name,
            list(dict.fromkeys(cells[nowhere])),
            f"{counted(int(nowhere.sum()), 'school')} with a campus_id that names no site, "
            "taken as blank",
        )
        return cells.mask(nowhere, "")

    def _grades(self, rows: pd.DataFrame) -> pd.Series[int]:
        """Return the grades that are printed, where no text stands for nothing."""
        frame = self.table.frame.copy()
        for name in GRADE_TEXTS:
            if name in self.columns:
                cells = self.table.text(self.columns[name])
                codes = [c for c in self.table.missing if not is_grade(c, self.spec.system)]
                nothing = cells.isin(codes)
                frame[self.columns[name]] = cells.mask(nothing, "")
        table = replace(self.table, frame=frame)
        return read_spans(table, rows, self.columns, self.spec, self.findings)

    def _check(self, everyone: pd.DataFrame, rows: pd.DataFrame) -> None:
        """Check all rows; columns that are misread throughout are one error, not hundreds."""
        checked = everyone.drop(columns=["name", "kind", *TEXTS])
        complaint = self._misread(everyone)
        if complaint is not None:
            rule, what, fix = complaint
            message = f"{self.columns['lat']} and {self.columns['lon']} {what}"
            self.findings.errors.append(
                self.table.problem(rule, message, fix, column=self.columns["lat"])
            )
            checked = checked.drop(columns=["lat", "lon"])
        else:
            check_points(rows, self.table, self.columns, self.findings)
            same_for_all(rows, self.table, self.columns, self.findings)
            warn_sign(rows, self.table, self.columns, self.findings)
        if "enrollment" in self.columns:
            column = self.columns["enrollment"]
            doubt_enrollment(everyone["enrollment"], self.table, column, self.findings)
        if "capacity" in self.columns:
            column = self.columns["capacity"]
            seats, students = everyone["capacity"], everyone["enrollment"]
            doubt_capacity(seats, students, self.table, column, self.findings)
        check(checked, SCHOOLS, self.table, self.columns, self.findings)

    @staticmethod
    def _misread(rows: pd.DataFrame) -> tuple[str, str, str] | None:
        """Return how coordinates are misread throughout: the rule, what is wrong, the way out."""
        complaint = misread(rows["lat"], rows["lon"])
        if complaint is None or complaint[0] != "projected-columns":
            return complaint
        located = rows[["lat", "lon"]].dropna()
        located = located[(located != 0).any(axis=1)]
        first = lost_decimal_point(located["lat"], located["lon"])
        if not first:
            return complaint
        sure = bool((located["lat"].abs() > _SURE).mean() > 1 / 2)
        doubt = "" if sure else " Or are they meters?"
        return (
            "point-lost",
            f"have lost their decimal point, it seems: the first school is at {first}.{doubt}",
            "Export the columns again as text, or with a decimal point.",
        )

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
            theirs = self.columns.get(column)
            cells = self.table.text(theirs) if theirs else pd.Series("", rows.index)
            for row, name, cell in zip(names.index, names, cells[names.index], strict=True):
                if (row, theirs) in told:
                    continue
                said = f' ("{shown(cell)}")' if cell else ""
                self.findings.errors.append(
                    self.table.problem(
                        rule,
                        f"{shown(name)} has no {lacks.removeprefix('an ')}{said}.",
                        f"Fill it in, or set {key} in [schools]: {ways}.",
                        row=row,
                        column=theirs,
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
            column=self.columns.get(column),
        )
