"""CSV files as they come: encodings, separators and quotes settled, every cell kept as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

import pandas as pd

from feeder.district.tables import CONTROLS, Table, trimmed_header, warn_controls
from feeder.errors import Findings, InputError, Problem
from feeder.wording import counted

_DELIMITERS: Final = (",", ";", "\t")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def parse_csv(content: bytes, file: str, findings: Findings) -> Table:
    """Read the bytes of a CSV file.

    UTF-8 (with or without byte order mark), else Windows-1252 with a warning; comma,
    semicolon or tab, whichever parts the header into most columns.

    Raises
    ------
    InputError
        With every reason why it cannot be read.
    """
    text = _printable(_decoded(content, file, findings), file, findings)
    if not text.strip():
        raise InputError([_broken(file, "empty-file", "the file is empty.")])
    delimiter = _delimiter(text, file)
    records = list(_records(text, delimiter, file))
    lines, rows = [line for line, _ in records[1:]], [row for _, row in records[1:]]
    header = trimmed_header(records[0][1], file, findings)
    rows = _even_rows(rows, lines, len(header), file)
    frame = pd.DataFrame(rows, columns=header, index=pd.Index(lines, dtype="int64"), dtype=str)
    named = frame.loc[:, [name for name in header if name]]
    return Table(file=file, frame=named, decimal_comma=delimiter == ";")


def _decoded(content: bytes, file: str, findings: Findings) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        line = content[: content.find(b"\x00")].count(b"\n") + 1
        message = "the file holds NUL bytes: it is UTF-16, or no text at all."
        raise InputError([_broken(file, "nul-bytes", message, line)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        message = "the file is neither UTF-8 nor Windows-1252."
        raise InputError([_broken(file, "encoding", message, line)]) from error
    findings.warnings.append(
        Problem(
            rule="windows-1252",
            message="this is not UTF-8; the file was read as Windows-1252.",
            fix="Check names with accents, or save the file as UTF-8.",
            file=file,
            row=line,
        )
    )
    return text


def _printable(text: str, file: str, findings: Findings) -> str:
    """Return the text with a space for each control character, with a warning."""
    if CONTROLS.search(text) is None:
        return text
    lines = enumerate(_LINE_END.split(text), start=1)
    warn_controls([f"line {n}" for n, line in lines if CONTROLS.search(line)], file, findings)
    return CONTROLS.sub(" ", text)


def _delimiter(text: str, file: str) -> str:
    """Return the separator that parts the first line into most cells."""
    first = next(line for line in _LINE_END.split(text) if line.strip())
    width = {mark: first.count(mark) for mark in (*_DELIMITERS, "|")}
    mark = max(width, key=width.__getitem__)
    if mark == "|":
        message = "the cells are parted by |."
        raise InputError([_broken(file, "separator", message, 1)])
    return mark


def _records(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield start, record
            start = reader.line_num + 1
    except csv.Error as error:
        message = f"from this line on the quotes do not match ({error})."
        raise InputError([_broken(file, "quotes", message, start)]) from error


def _even_rows(rows: list[list[str]], lines: list[int], width: int, file: str) -> list[list[str]]:
    """Return rows of one width; empty cells past the header's end are taken off."""
    problems = []
    even = []
    for row, line in zip(rows, lines, strict=True):
        cells = row[:width]
        if len(cells) < width or any(cell.strip() for cell in row[width:]):
            message = f"the line has {counted(len(row), 'cell')}, the header {width}."
            problems.append(_broken(file, "ragged-row", message, line))
        even.append(cells)
    if problems:
        raise InputError(problems)
    return even


def _broken(file: str, rule: str, message: str, row: int | None = None) -> Problem:
    fix = "Save the table as CSV in UTF-8, parted by commas, with one header line."
    return Problem(rule=rule, message=message, fix=fix, file=file, row=row)
