"""Tables as text: what a CSV file says, before anything is made of it.

Every cell stays text, so that ids keep their zeros, and every row keeps its line number, so
that a planner finds it again. Numbers are read from the text only when a column is asked for
as numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.files.formats import short_names
from feeder.district.settings.specs import MANIFEST, TableSpec
from feeder.errors import Findings, InputError, Problem
from feeder.wording import listed, nearest, shown, warn_grouped

_LINE_ENDS: Final = re.compile(r"\s*[\r\n\t\u2028\u2029]\s*")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of text.

    Attributes
    ----------
    file
        Path inside the district folder.
    frame
        Text cells as found; the index is the line number (header 1) of each row, or its
        position from 1 where the file has no lines.
    has_lines
        Whether the index counts lines of a text file.
    decimal_comma
        Whether ``1,5`` is one and a half.
    section
        The section of ``district.toml`` that is being read; empty before :func:`select`.
    missing
        Texts that the section says stand for nothing.
    """

    file: str
    frame: pd.DataFrame
    has_lines: bool = True
    decimal_comma: bool = False
    section: str = ""
    missing: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    def __bool__(self) -> bool:
        return True

    def rows(self, keep: pd.Series[bool]) -> Table:
        """Return the table with the rows that ``keep`` marks."""
        return replace(self, frame=self.frame[keep.to_numpy()])

    def text(self, column: str) -> pd.Series[str]:
        """Return a column with the white space around each text taken off."""
        cells = self.frame[column]
        found = cells.tolist()
        bare = [cell.strip() for cell in found]
        return cells if bare == found else pd.Series(bare, cells.index, dtype=str, name=column)

    def at(
        self, column: str, rows: pd.Series[bool] | npt.NDArray[np.bool_]
    ) -> list[tuple[int, str]]:
        """Return label and text of each row of a column that ``rows`` marks."""
        where = np.flatnonzero(rows)
        cells = self.frame[column].iloc[where] if len(where) else ()
        return [
            (int(row), str(cell).strip())
            for row, cell in zip(self.frame.index[where], cells, strict=True)
        ]

    def place(self, row: object) -> str:
        """Return what a row is called, which ``row`` is the label of."""
        return f"{'line' if self.has_lines else 'row'} {row}"

    def problem(
        self,
        rule: str,
        message: str,
        fix: str = "",
        *,
        row: object = None,
        column: str | None = None,
        value: str | None = None,
    ) -> Problem:
        """Return a problem of this table; ``row`` is a label of its index."""
        return Problem(
            rule=rule,
            message=message,
            fix=fix,
            file=self.file,
            row=None if row is None else int(str(row)),
            column=column,
            value=None if value is None else shown(value),
        )


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return typed columns as text: whole numbers without ``.0``, missing values blank."""
    columns = {str(name): _text_column(frame[name]) for name in frame.columns}
    index = pd.RangeIndex(1, len(frame) + 1)
    return pd.DataFrame({n: pd.Series(v, index=index, dtype=str) for n, v in columns.items()})


def trimmed_header(
    header: Sequence[str], file: str, findings: Findings, row: int = 1, way_out: str = ""
) -> list[str]:
    """Return the names of columns on one line, without white space around, with a warning.

    ``row`` is where they stand, ``way_out`` what else helps where two are the same.

    Raises
    ------
    InputError
        Where two columns have one name.
    """
    names = [_LINE_ENDS.sub(" ", name.strip()) for name in header]
    for rule, before, changed in (
        (
            "header-trimmed",
            "column names had white space around, which was taken off",
            [name.strip() for name in header if name != name.strip()],
        ),
        (
            "header-lines",
            "column names stand on several lines; they go by",
            [name for name, raw in zip(names, header, strict=True) if name != raw.strip()],
        ),
    ):
        warn_grouped(findings, rule=rule, before=before, examples=changed, file=file)
    twice = sorted(name for name, times in Counter(names).items() if name and times > 1)
    if twice:
        message = f"several columns have the same name: {listed(twice)}."
        fix = f"Give each column a name of its own{way_out}."
        problem = Problem(rule="duplicate-column", message=message, fix=fix, file=file, row=row)
        raise InputError([problem])
    return names


def resolve_columns(
    table: Table,
    spec: TableSpec,
    needed: Sequence[str],
    optional: Sequence[str],
    findings: Findings,
) -> dict[str, str]:
    """Return our column names mapped to the table's, for those the table has.

    Names that ``spec`` does not map default to themselves; a mapped or needed column that
    the table lacks is an error.
    """
    found: dict[str, str] = {}
    for ours in (*needed, *optional):
        theirs = spec.columns.get(ours, ours)
        if theirs in table.frame.columns:
            found[ours] = theirs
        elif ours in spec.columns or ours in needed:
            fix = _nearest_column(table, theirs)
            if ours not in spec.columns:
                fix = f'Map it in [{spec.section}]: columns = {{ {ours} = "..." }}. {fix}'
            findings.errors.append(
                table.problem(
                    "missing-column", f"there is no column {shown(theirs)}.", fix, column=theirs
                )
            )
    return found


def require_columns(
    table: Table, names: Iterable[str], section: str, findings: Findings
) -> list[str]:
    """Return the ``names`` that the table has; each it lacks is an error."""
    present = []
    for name in names:
        if name in table.frame.columns:
            present.append(name)
        else:
            message = f"there is no column {shown(name)}, which [{section}] names."
            fix = _nearest_column(table, name)
            findings.errors.append(table.problem("missing-column", message, fix, column=name))
    return present


def _nearest_column(table: Table, wanted: str) -> str:
    """Return a hint at the column that may be meant."""
    cut = short_names(wanted, table.frame.columns) if table.file.lower().endswith(".shp") else []
    if cut:
        return f"A Shapefile keeps ten letters of a name: is it {' or '.join(map(shown, cut))}?"
    return nearest(wanted, table.frame.columns)


def select(table: Table, spec: TableSpec, findings: Findings) -> Table:
    """Return the rows that ``where`` keeps; texts are compared trimmed."""
    return read_as(table, spec).rows(pd.Series(kept_rows(table, spec, findings)))


def read_as(table: Table, spec: TableSpec) -> Table:
    """Return a table that knows which section reads it, and what stands for nothing there."""
    return replace(table, section=spec.section, missing=spec.missing)


def kept_rows(table: Table, spec: TableSpec, findings: Findings) -> npt.NDArray[np.bool_]:
    """Return which rows ``where`` keeps, and report values that no row has."""
    keep = np.ones(len(table), dtype=bool)
    for column in require_columns(table, spec.where, f"{spec.section}.where", findings):
        wanted = spec.where[column]
        cells = table.text(column)
        keep &= cells.isin(wanted).to_numpy()
        present = set(cells.unique())
        unmet = [value for value in wanted if value not in present]
        if unmet and len(table):
            shown = listed(sorted(present), limit=8)
            message = f"no row has {listed(unmet)} here; the column holds: {shown}."
            findings.warnings.append(table.problem("where-unmet", message, column=column))
    if len(table) and not keep.any():
        conditions = ", ".join(f"{name} = {listed(values)}" for name, values in spec.where.items())
        message = f"where keeps no row ({conditions})."
        fix = f"Correct where in [{spec.section}] of {MANIFEST}."
        findings.errors.append(table.problem("where-empty", message, fix))
    return keep


def told_cells(table: Table, findings: Findings) -> set[tuple[int | None, str | None]]:
    """Return row and column of every error told of a table, so that no cell is told twice."""
    told = {(error.row, error.column) for error in findings.errors if error.file == table.file}
    return told | {(row, column) for file, row, column in findings.grouped if file == table.file}


def drop_repeats(
    values: pd.DataFrame, table: Table, column: str, findings: Findings
) -> pd.DataFrame:
    """Return ``values`` (a column ``school_id`` and others) with one row a school.

    Repeats that say the same are one row; others are errors.
    """
    if values["school_id"].is_unique:
        return values
    once = values[~values.duplicated()]
    again = once["school_id"].duplicated()
    told = told_cells(table, findings)
    for row, school_id in once.loc[again, "school_id"].items():
        if (row, column) in told:
            continue
        message = f"the id {shown(school_id)} stands again with other values."
        findings.errors.append(
            table.problem(
                "duplicate-id",
                message,
                "Keep one row a school.",
                row=row,
                column=column,
                value=school_id,
            )
        )
    return once[~again]


def _text_column(values: pd.Series) -> list[str]:
    missing = values.isna()
    if not missing.any() and isinstance(values.dtype, pd.StringDtype):
        return values.tolist()
    return ["" if gone else _text(value) for value, gone in zip(values, missing, strict=True)]


def _text(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def first_by_id(ids: pd.Series[str], values: pd.Series[str]) -> Mapping[str, str]:
    """Return the first value of each id, in order of appearance."""
    return dict(zip(ids[::-1], values[::-1], strict=True))
