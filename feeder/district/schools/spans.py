"""The grades that the schools table prints, as ``grades`` or as lowest and highest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from feeder.district.model import PK_BIT
from feeder.district.schools.grade_words import (
    CodeError,
    DateError,
    Grades,
    parse_bounds,
    parse_grades,
    plain,
)
from feeder.district.schools.grades import span_label
from feeder.district.schools.levels import grades_of_level, level_named
from feeder.district.settings.specs import SchoolsSpec
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, shown, warn_grouped

_WRITE: Final = "Write K-6, 9-12 or a list such as PK K 1 2 3."
_PRE_K_CODES: Final = frozenset({"-1", "-01", "-1.0"})


def read_spans(
    table: Table,
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    spec: SchoolsSpec,
    findings: Findings,
) -> pd.Series[int]:
    """Return the mask of the printed grades of each school; blanks give 0 and are told.

    Parameters
    ----------
    table, columns
        The table, and our column names mapped to the table's.
    rows
        ``school_id`` and ``name`` by row of the table; only these rows are read.
    spec
        What ``[schools]`` says.
    findings
        Collects grades that cannot be read.
    """
    used = [columns[name] for name in _grade_columns(columns, spec)]
    counted_by_grade = any(grade in columns for grade in spec.enrollment_by_grade)
    if not used and not counted_by_grade and "level" not in columns:
        message = "there is no column of grades."
        fix = "Map grades, or grade_low and grade_high, in [schools].columns."
        findings.errors.append(table.problem("missing-column", message, fix))
    if not used and (counted_by_grade or "level" not in columns):
        return pd.Series(0, rows.index, dtype="int64")
    reader = _Reader(table, used, columns, spec, findings, counted_by_grade=counted_by_grade)
    return reader.masks(rows)


@dataclass(slots=True)
class _Reader:
    """Reads the cells of one school after another; keeps what is told together at the end."""

    table: Table
    used: Sequence[str]
    columns: Mapping[str, str]
    spec: SchoolsSpec
    findings: Findings
    counted_by_grade: bool
    told: dict[str, list[str]] = field(default_factory=dict)
    levels: dict[int, str] = field(default_factory=dict)

    @property
    def _column(self) -> str:
        return self.used[0] if self.used else self.columns["level"]

    def masks(self, rows: pd.DataFrame) -> pd.Series[int]:
        """Return the masks of all schools and tell what was read otherwise than it stands."""
        cells = [self.table.text(column).loc[rows.index] for column in self.used]
        level = self.columns.get("level")
        texts = self.table.text(level).loc[rows.index] if level else pd.Series("", rows.index)
        names = [
            f"{name} ({one})" for name, one in zip(rows["name"], rows["school_id"], strict=True)
        ]
        masks: list[int] = []
        for row, name, text, *printed in zip(rows.index, names, texts, *cells, strict=True):
            named = self._level(printed, text)
            if named:
                self.levels[len(masks)] = named
            untold = bool(text) and not self.used and not named
            if untold:
                self._tell("untold", f"{name}, {shown(text)}")
            masks.append(0 if named or untold else self._read(row, name, printed))
        known = [mask for mask in masks if mask]
        for place, found in self.levels.items():
            masks[place] = grades_of_level(found, known, self.spec.system)
            label = span_label(masks[place], self.spec.system)
            self._tell("level", f"{names[place]}, {found} taken as {label}")
        self._warn_all()
        return pd.Series(masks, rows.index, dtype="int64")

    def _level(self, texts: Sequence[str], level: str) -> str | None:
        """Return the level that stands in the place of grades; None where grades stand there."""
        said = any(plain(text) for text in texts)
        return level_named(texts[0] if said else level, self.spec.system)

    def _read(self, row: object, name: str, texts: Sequence[str]) -> int:
        """Return the mask of one school; 0, and an error, where its cells cannot be read."""
        printed = " to ".join(texts)
        said = [bool(plain(text)) for text in texts]
        try:
            found = self._parse(texts) if texts else Grades(0)
        except ValueError as error:
            rule, fix = _way_out(error)
            message = f'{shown(name)}: "{shown(printed)}": {error}'
            problem = self.table.problem(
                rule, message, fix, row=row, column=self._faulty(texts), value=printed
            )
            self.findings.errors.append(problem)
            # What follows from grades is checked too, with what was most likely meant.
            likely = error.likely if isinstance(error, DateError) else ""
            return parse_grades(likely, self.spec.system).mask
        label = span_label(found.mask, self.spec.system)
        if not any(said):
            self._tell("blank", f'{name} ("{shown(printed)}")' if any(texts) else name)
        elif not all(said):
            self._tell("one-sided", f"{name}, {label}")
        if found.beyond:
            self._tell("beyond", f"{name}, {printed}")
        if found.mask == PK_BIT and set(texts) <= _PRE_K_CODES:
            self._tell("pre-k", name)
        return found.mask

    def _warn_all(self) -> None:
        """Add one warning a kind."""
        self._warn("level", "grades-from-level", "with a level and no grades", "")
        self._warn(
            "blank",
            "blank-grades",
            "without grades",
            "Their pupils by grade decide."
            if self.counted_by_grade
            else "They are members without flows.",
        )
        self._warn(
            "untold",
            "blank-grades",
            "with a level that tells no grades",
            "They are members without flows.",
            "Map grades, or the columns of students by grade (enrollment_by_grade), in [schools].",
        )
        self._warn(
            "one-sided",
            "one-sided-grades",
            "with only a lowest or only a highest grade, taken as that grade alone",
            "",
            "Fill in the other, where the school has more grades.",
        )
        self._warn(
            "beyond",
            "grades-beyond-12",
            "whose grades end beyond grade 12, taken as ending with it",
            "",
        )
        self._warn(
            "pre-k",
            "pre-k-or-missing",
            "with -1 as the only grade, taken as pre-kindergarten, outside K-12",
            "",
            "Where -1 stands for a missing grade, write the school's grades instead.",
        )

    def _parse(self, texts: Sequence[str]) -> Grades:
        system = self.spec.system
        first, last = texts[0], texts[-1]
        one = len(texts) == 1
        found = parse_grades(first, system) if one else parse_bounds(first, last, system)
        if found.vague and not self.counted_by_grade:
            raise ValueError(f"it ends with {found.beyond}, so its last grade is not said.")
        return found

    def _faulty(self, texts: Sequence[str]) -> str:
        """Return the column whose cell cannot be read by itself; else the first."""
        for column, text in zip(self.used, texts, strict=True):
            try:
                parse_grades(text, self.spec.system)
            except ValueError:
                return column
        return self._column

    def _tell(self, kind: str, example: str) -> None:
        self.told.setdefault(kind, []).append(example)

    def _warn(self, kind: str, rule: str, what: str, after: str, fix: str = "") -> None:
        examples = self.told.get(kind, [])
        warn_grouped(
            self.findings,
            rule=rule,
            before=f"{counted(len(examples), 'school')} {what}",
            examples=examples,
            after=after,
            fix=fix,
            file=self.table.file,
            column=self._column,
        )


def _way_out(error: ValueError) -> tuple[str, str]:
    """Return the rule that a cell breaks and what to do."""
    if isinstance(error, DateError):
        return "grades-as-dates", "Format the column as text and write its grades again."
    if isinstance(error, CodeError):
        way_out = f'Write the grades, or set missing = ["{error.code}"] in [schools].'
        return "grade-codes", way_out
    return "grades", _WRITE


def _grade_columns(columns: Mapping[str, str], spec: SchoolsSpec) -> list[str]:
    """Return which of our columns give the grades; where the table has both, mapped ones win."""
    forms = [form for form in (["grades"], ["grade_low", "grade_high"]) if set(form) <= {*columns}]
    mapped = [form for form in forms if set(form) & set(spec.table.columns)]
    return next(iter(mapped or forms), [])
