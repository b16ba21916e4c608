"""Columns of a table as numbers, with all that is odd in them told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from feeder.district.tables.missing import is_code, settle_codes
from feeder.district.tables.numerals import Kind, Numbers, read_cells
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import listed, shown, warn_grouped

_DATE: Final = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:[ t]\d\d:\d\d.*)?"
    r"|(?:\d{1,2}[- ])?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[- ]\d{1,4})?",
    re.IGNORECASE,
)
_FAILED: Final = re.compile(r"#(?:div/0!|ref!|value!|name\?|num!|null!|#+)", re.IGNORECASE)
_COUNTS: Final = frozenset({Kind.STUDENTS, Kind.AMOUNT})


def read_numbers(
    table: Table, column: str, findings: Findings, kind: Kind = Kind.NUMBER
) -> Numbers:
    """Return one column as numbers (:func:`read_all`)."""
    return read_all(table, {column: kind}, findings)[column]


def read_all(table: Table, kinds: Mapping[str, Kind], findings: Findings) -> dict[str, Numbers]:
    """Return columns as numbers.

    Parameters
    ----------
    table
        Its ``missing`` names texts that stand for nothing.
    kinds
        What the numbers of each column are.
    findings
        Collects cells that are no number, marks in doubt and codes (errors); marks that were
        read against the custom of the file, and codes taken as unknown (warnings).
    """
    read = {
        column: (
            kind,
            read_cells(
                table.text(column), kind, decimal_comma=table.decimal_comma, missing=table.missing
            ),
        )
        for column, kind in kinds.items()
    }
    for column, (kind, numbers) in read.items():
        _tell_strange(table, column, kind, numbers, findings)
        _tell_marks(table, column, numbers, findings)
    codes = settle_codes(table, read, findings)
    return {
        column: replace(
            numbers,
            found=numbers.found.mask(codes[column]),
            declared=numbers.declared | codes[column],
        )
        if codes[column].any()
        else numbers
        for column, (_, numbers) in read.items()
    }


def _tell_strange(
    table: Table, column: str, kind: Kind, numbers: Numbers, findings: Findings
) -> None:
    """Report each cell that is no number, unless it holds a code for nothing."""
    for row, cell in table.at(column, numbers.strange):
        if is_code(cell):
            continue
        what, fix = _not_a_number(cell, kind)
        findings.errors.append(
            table.problem(
                "not-a-number", f'"{shown(cell)}" {what}', fix, row=row, column=column, value=cell
            )
        )


def _not_a_number(cell: str, kind: Kind) -> tuple[str, str]:
    if _DATE.fullmatch(cell):
        return (
            "is a date, no number: a spreadsheet makes dates of what looks like one.",
            "Export the column again as text.",
        )
    if _FAILED.fullmatch(cell):
        return "is what a spreadsheet shows where a formula failed.", "Correct it at its source."
    if cell.rstrip().endswith("%") and kind in _COUNTS:
        return (
            "is a percentage, no number of students.",
            "Give the number, or name the column among the rates.",
        )
    return "is not a number.", "Write a number, or leave the cell blank."


def _tell_marks(table: Table, column: str, numbers: Numbers, findings: Findings) -> None:
    """Tell marks of thousands and decimal commas that the file's custom does not expect."""
    if numbers.thousands:
        example = numbers.thousands[0]
        digits = re.sub(r"[^\d]", "", example.split(",")[0] if "." in example else example)
        message = (
            f'"{shown(example)}" is read as {int(digits):,}'
            f", as are all {len(numbers.thousands):,} texts with its mark of thousands."
            if len(numbers.thousands) > 1
            else f'"{shown(example)}" is read as {int(digits):,}' + "."
        )
        findings.warnings.append(table.problem("thousands-mark", message, column=column))
    if numbers.commas:
        message = (
            f"the comma is read as a decimal comma: {listed(numbers.commas)}. "
            "The file is parted by commas, where it would part thousands."
        )
        findings.warnings.append(table.problem("decimal-comma", message, column=column))
    warn_grouped(
        findings,
        rule="unit-taken-off",
        before="signs and words beside the numbers were taken off",
        examples=numbers.units,
        after="Percentages are read as shares." if "%" in "".join(numbers.units) else "",
        file=table.file,
        column=column,
    )
    if numbers.doubtful:
        rows = table.text(column).isin(list(numbers.doubtful))
        examples = listed([f'"{text}"' for text in numbers.doubtful])
        message = f"{examples}: the mark may part thousands or begin decimals."
        fix = "Write numbers without marks of thousands: 1159, not 1.159."
        findings.errors.append(
            table.problem(
                "mark-in-doubt",
                message,
                fix,
                column=column,
                row=rows.idxmax(),
                value=numbers.doubtful[0],
            )
        )
        findings.grouped.update((table.file, row, column) for row in rows.index[rows])
