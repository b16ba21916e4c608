"""CSV files as they come: encodings, separators and quotes settled, every cell kept as text."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from feeder.district.files.characters import clean_texts
from feeder.district.files.contents import check_text
from feeder.district.files.encodings import decoded
from feeder.district.files.layout import Grid, Sought, table_of
from feeder.district.files.margins import Record
from feeder.district.tables.table import Table
from feeder.errors import Findings, InputError, Problem

_MARKS: Final = (",", ";", "\t", "|")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SEP: Final = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
"""What Excel writes above a table to tell the separator."""
_TOP: Final = 40
"""Lines by which the separator is found."""
_ANYWHERE: Final = Sought()


def parse_csv(content: bytes, file: str, findings: Findings, wanted: Sought = _ANYWHERE) -> Table:
    """Read the bytes of a CSV file.

    The encoding is settled first, then the separator (comma, semicolon, tab or ``|``), then where
    the table stands.

    Parameters
    ----------
    content
        The file's bytes.
    file
        Its path inside the district folder.
    findings
        Collects what was repaired or left out.
    wanted
        What is known of the table: the columns that are sought.

    Raises
    ------
    InputError
        With every reason why it cannot be read.
    """
    check_text(content, file)
    text = decoded(content, file, findings)
    lines = _LINE.findall(text)
    lines = clean_texts(lines, lambda at: f"line {at + 1}", file, findings)
    if not any(line.strip() for line in lines):
        raise InputError([_broken(file, "empty-file", "the file is empty.")])
    lines, mark = _told_separator(lines, file, findings)
    mark = mark or _separator(lines, wanted)
    grid = Grid(
        file=file,
        records=_records(lines, mark, file),
        decimal_comma=mark == ";",
        ends_open=not lines[-1].endswith(("\r", "\n")),
    )
    return table_of(grid, wanted, findings)


def _told_separator(
    lines: list[str], file: str, findings: Findings
) -> tuple[list[str], str | None]:
    """Return the lines without Excel's ``sep=`` line, and what it says."""
    told = _SEP.fullmatch(lines[0])
    if told is None or not any(line.strip() for line in lines[1:]):
        return lines, None
    message = f"the line {lines[0].strip()} was taken as telling the separator."
    findings.warnings.append(Problem(rule="sep-line", message=message, file=file, row=1))
    return ["\n", *lines[1:]], told[1]


def _separator(lines: list[str], wanted: Sought) -> str:
    """Return the separator that makes most of the columns sought on one line.

    Where no line has any of them, it is the one that parts the first line into most cells.
    """
    top = [line for line in lines if line.strip()][:_TOP]
    hits = {
        mark: max(wanted.hits(next(csv.reader([line], delimiter=mark), [])) for line in top)
        for mark in _MARKS
    }
    mark = max(hits, key=hits.__getitem__)
    if hits[mark]:
        return mark
    first = next((line for line in top if any(mark in line for mark in _MARKS)), top[0])
    return max(_MARKS, key=first.count)


def _records(lines: list[str], mark: str, file: str) -> list[Record]:
    """Return each record that is not blank with the line it starts on.

    Where quotes do not match in a table parted by tabs or ``|``, they are a part of the texts;
    where no cell stands in quotes, doubled ones inside a text are one.
    """
    text = "".join(lines)
    try:
        records = _parsed(text, mark, quoted=True)
    except _QuotesError as error:
        plain = _parsed(text, mark, quoted=False) if mark in "\t|" else []
        if plain and len({len(cells) for _, cells in plain}) == 1:
            return plain
        message = f"from this line on the quotes do not match ({error.__cause__})."
        raise InputError([_broken(file, "quotes", message, error.line)]) from error
    doubled = any('""' in cell for _, cells in records for cell in cells)
    if doubled and records == _parsed(text, mark, quoted=False):
        return [(line, [cell.replace('""', '"') for cell in cells]) for line, cells in records]
    return records


class _QuotesError(Exception):
    """Quotes that do not match, from a line on."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _parsed(text: str, mark: str, *, quoted: bool) -> list[Record]:
    source = io.StringIO(text, newline="")
    reader = csv.reader(
        source,
        delimiter=mark,
        strict=True,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    )
    records, start = [], 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append((start, record))
            start = reader.line_num + 1
    except csv.Error as error:
        raise _QuotesError(start) from error
    return records


def _broken(file: str, rule: str, message: str, row: int | None = None) -> Problem:
    fix = "Save the table as CSV in UTF-8, parted by commas, with one header line."
    return Problem(rule=rule, message=message, fix=fix, file=file, row=row)
