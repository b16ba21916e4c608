"""Excel workbooks: one sheet as the text that a planner sees, rows numbered as she sees them."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.xml.functions import iterparse

from feeder.district.files.characters import clean_texts
from feeder.district.files.contents import check_workbook
from feeder.district.files.layout import Grid
from feeder.errors import Findings, InputError, Problem
from feeder.wording import counted, listed, nearest, shown, warn_grouped

_MOST_BYTES: Final = 400_000_000
"""A sheet of more, unpacked, is refused before it fills the memory."""
_ZEROS: Final = re.compile(r"0[0 /-]*0")
"""A number format of leading zeros, such as 0000 or 00-000."""
_DIGITS: Final = 15
"""Digits that a spreadsheet keeps of a number."""


@dataclass(slots=True)
class _Marks:
    """What stands in a sheet beside its values: found in one walk through its XML."""

    hidden: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_sheet(
    content: bytes, file: str, findings: Findings, *, sheet: str | None = None, section: str = ""
) -> Grid:
    """Read one sheet of a workbook.

    Parameters
    ----------
    content
        The file's bytes.
    file
        Its path inside the district folder.
    findings
        Collects hidden rows and merged cells.
    sheet
        Which one; it may be left out where only one has cells.
    section
        The section of ``district.toml`` that names the file, if one does.

    Raises
    ------
    InputError
        Where it is no workbook, has several sheets or not the one named, or holds formulas
        that were never computed.
    """
    check_workbook(content, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and charts, which no table needs
            reader = ExcelReader(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            reader.read()
            title, rows, marks = _chosen(reader, file, sheet, section)
    except InputError:
        raise
    except Exception as error:  # openpyxl and its XML raise what they like
        message = f"the workbook cannot be read ({shown(str(error).partition(chr(10))[0])})."
        fix = "Open it in a spreadsheet and save it again as .xlsx or CSV."
        raise InputError([_problem(file, "workbook-unreadable", message, fix)]) from error
    if marks.unknown:
        message = f"formulas without a value, on sheet {title}: {listed(marks.unknown)}."
        fix = "Open the workbook in a spreadsheet, save it, and it will have them."
        raise InputError([_problem(file, "formula-without-value", message, fix)])
    _tell_hidden(marks, rows, file, findings)
    _fill_merged(rows, marks, file, findings)
    texts = [text for cells in rows.values() for text in cells]
    numbers = [row for row, cells in rows.items() for _ in cells]
    clean = iter(clean_texts(texts, lambda at: f"row {numbers[at]}", file, findings))
    records = [(row, [next(clean) for _ in cells]) for row, cells in rows.items()]
    records = [(row, cells) for row, cells in records if any(cell.strip() for cell in cells)]
    return Grid(file=file, records=records, has_lines=False)


def _chosen(
    reader: ExcelReader, file: str, sheet: str | None, section: str
) -> tuple[str, dict[int, list[str]], _Marks]:
    """Return the name of the sheet that is meant, its rows by number, and what else is there."""
    parts = {one.name: relation.target for one, relation in reader.parser.find_sheets()}
    sheets = {one.title: one for one in reader.wb.worksheets}
    size = sum(reader.archive.getinfo(parts[title]).file_size for title in sheets)
    if size > _MOST_BYTES:
        message = f"the workbook is too large to be read ({size / 1e6:,.0f} MB unpacked)."
        raise InputError([_problem(file, "too-large", message, "Save the sheet as CSV.")])
    title = _title(sheets, file, sheet, section)
    with reader.archive.open(parts[title]) as source:
        marks = _walk(source)
    rows = {}
    for number, row in enumerate(_rows(sheets[title]), start=1):
        cells = [_text(cell) for cell in row]
        if any(cells):
            rows[number] = cells
    return title, rows, marks


def _title(sheets: dict[str, Any], file: str, wanted: str | None, section: str) -> str:
    """Return the sheet that is wanted, else the one that has cells and is not hidden."""
    if wanted in sheets:
        return wanted
    if wanted is not None:
        message = f"there is no sheet {shown(wanted)}."
        fix = nearest(wanted, sheets)
        raise InputError([_problem(file, "missing-sheet", message, fix)])
    filled = [
        title
        for title, sheet in sheets.items()
        if sheet.sheet_state == "visible"
        and any(cell.value is not None for row in _rows(sheet) for cell in row)
    ]
    if not filled:
        message = "no sheet of the workbook has a cell."
        raise InputError([_problem(file, "empty-file", message, "Name a workbook with a table.")])
    if len(filled) > 1:
        message = f"the workbook has several sheets: {listed(filled, limit=12)}."
        fix = "Save the one that is meant as CSV."
        if section:
            fix = f'Say which in [{section}]: sheet = "{shown(filled[0])}".'
        raise InputError([_problem(file, "several-sheets", message, fix)])
    return filled[0]


def _rows(sheet: Any) -> Any:  # noqa: ANN401 - openpyxl tells no types
    """Return the rows of a sheet as wide as they are, whatever size it says it has."""
    sheet.reset_dimensions()
    return sheet.iter_rows()


def _walk(source: Any) -> _Marks:  # noqa: ANN401 - as above
    """Return hidden rows, merged ranges and formulas that were never computed."""
    marks = _Marks()
    for _, element in iterparse(source, events=("end",)):
        match element.tag.rpartition("}")[2]:
            case "mergeCell":
                marks.merged.append(element.get("ref"))
            case "c":
                formula, value = element.find("{*}f"), element.find("{*}v")
                blank = value is None or not value.text
                if formula is not None and blank and element.get("t") != "str":
                    marks.unknown.append(element.get("r"))
            case "row":
                if element.get("hidden") in {"1", "true"} and element.get("r"):
                    marks.hidden.append(int(element.get("r")))
                element.clear()
            case _:
                pass
    return marks


def _text(cell: Any) -> str:  # noqa: ANN401 - as above
    """Return what a planner sees of a cell, with no digit lost."""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "TRUE" if value else "FALSE"
        case int(value) | float(value):
            return _number(value, cell.number_format or "General")
        case dt.datetime() as value:
            bare = value.time() == dt.time()
            return value.date().isoformat() if bare else value.isoformat(sep=" ")
        case value:
            return str(unescape(str(value)))


def _number(value: float, pattern: str) -> str:
    """Return a number as its format shows it, where that is more than its looks."""
    shape = re.sub(r'[\\"]|\[[^]]*\]', "", pattern.partition(";")[0])
    whole = float(value).is_integer()
    if shape.endswith("%"):
        return f"{value * 100:.{_DIGITS - 2}g}%"
    if whole and value >= 0 and _ZEROS.fullmatch(shape):
        digits = iter(f"{int(value):0{shape.count('0')}d}")
        extra = len(str(int(value))) - shape.count("0")
        head = "".join(next(digits) for _ in range(max(extra, 0)))
        return head + "".join(next(digits) if mark == "0" else mark for mark in shape)
    return str(int(value)) if whole else f"{value:.{_DIGITS}g}"


def _tell_hidden(marks: _Marks, rows: dict[int, list[str]], file: str, findings: Findings) -> None:
    hidden = [row for row in marks.hidden if row in rows]
    warn_grouped(
        findings,
        rule="hidden-rows",
        before=f"{counted(len(hidden), 'row')} hidden in the sheet, and read like the others",
        examples=[f"row {row}" for row in hidden],
        after="Delete them, or keep rows with where.",
        file=file,
    )


def _fill_merged(rows: dict[int, list[str]], marks: _Marks, file: str, findings: Findings) -> None:
    """Give each row of merged cells the text they hold; numbers are never said twice."""
    filled, numbers = [], []
    for merged in marks.merged:
        left, top, right, bottom = range_boundaries(merged)
        text = rows.get(top, [])[left - 1 : left]
        below = [row for row in rows if top < row <= bottom]
        if left != right or not text or not text[0].strip() or not below:
            continue
        if re.fullmatch(r"[\d.,]+%?", text[0]):
            numbers.append(merged)
            continue
        filled.append(merged)
        for row in below:
            rows[row] += [""] * (left - len(rows[row]))
            rows[row][left - 1] = text[0]
    warn_grouped(
        findings,
        rule="merged-cells",
        before="merged cells: each of their rows was given their text",
        examples=filled,
        file=file,
    )
    warn_grouped(
        findings,
        rule="merged-numbers",
        before="merged cells that hold a number, which only their first row was given",
        examples=numbers,
        after="Part them, and write in each row what is its own.",
        file=file,
    )


def _problem(file: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(rule=rule, message=message, fix=fix, file=file)
