"""What a file is by its first bytes, where its name says that it is a table."""

from __future__ import annotations

from typing import Final

from feeder.errors import InputError, Problem

SPREADSHEETS: Final = frozenset({".xls", ".xlsb", ".xlt", ".xltx", ".ods", ".fods", ".numbers"})
_SAVE: Final = "Open it in a spreadsheet and save the sheet as .xlsx or CSV."
_OLD: Final = b"\xd0\xcf\x11\xe0"
"""How the files of Office began before .xlsx, and those with a password begin today."""
_ZIP: Final = b"PK\x03\x04"
_EXCEL: Final = "an Excel workbook"
_STARTS: Final = (
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database, such as a GeoPackage"),
    (b"PAR1", "Parquet"),
    (b"\x1f\x8b", "packed (gzip)"),
    (b"{\\rtf", "a text document (RTF)"),
)
_HTML: Final = (b"<html", b"<table", b"<!doctype html", b"<body", b"<head")
_INSIDE: Final = (
    (b"xl/workbook.xml", _EXCEL, "End its name in .xlsx, here and in district.toml."),
    (b"opendocument.spreadsheet", "a workbook of LibreOffice (.ods)", _SAVE),
    (b"xl/workbook.bin", "a binary workbook (.xlsb)", _SAVE),
    (b"", "packed (zip)", "Unpack it into the folder and name the file inside."),
)
"""What a packed file is by what it holds."""


def check_text(content: bytes, file: str) -> None:
    """Refuse a table of text that is none.

    Raises
    ------
    InputError
        With what the file is by its first bytes, and the way out.
    """
    what, fix = _by_content(content)
    if what:
        raise _unfit(file, what, fix)


def check_workbook(content: bytes, file: str) -> None:
    """Refuse a workbook that is none.

    Raises
    ------
    InputError
        With what the file is by its first bytes, and the way out.
    """
    if not content:
        message = "the file is empty."
        raise InputError([Problem(rule="empty-file", message=message, fix=_SAVE, file=file)])
    if content.startswith(_OLD) and "EncryptedPackage".encode("utf-16-le") in content:
        raise _unfit(file, "a workbook locked with a password", "Save it without a password.")
    what, fix = _by_content(content)
    if not what:
        fix = "End its name in .csv, if it is, here and in district.toml; else save it again."
        raise _unfit(file, "a table of text, or a damaged file", fix)
    if what != _EXCEL:
        raise _unfit(file, what, fix)


def _by_content(content: bytes) -> tuple[str, str]:
    """Return what a file is that is no text, and the way out; two blanks where it may be text."""
    if content.startswith(_OLD):
        return "a workbook of the old Excel (.xls)", _SAVE
    if content.startswith(_ZIP):
        return next((what, fix) for mark, what, fix in _INSIDE if mark in content)
    for start, what in _STARTS:
        if content.startswith(start):
            return what, "Save the table as CSV or .xlsx."
    return _markup(content)


def _markup(content: bytes) -> tuple[str, str]:
    """Return what a file of markup is, and the way out; two blanks where it is none."""
    head = content[:4096].replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf")
    head = head.lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"{", b"[{")):
        return "JSON", "Save the table as CSV, or, if it is GeoJSON, end its name in .geojson."
    if not head.startswith(b"<"):
        return "", ""
    if any(mark in head for mark in _HTML):
        return "a web page with a table (HTML), as some systems write for Excel", _SAVE
    if b"office:spreadsheet" in head or b"opendocument" in head:
        return "a workbook in XML", _SAVE
    if head.startswith((b"<?xml", b"<!")) or b"</" in head:
        return "XML", "Save the table as CSV or .xlsx."
    return "", ""


def sheet_way_out(content: bytes) -> str:
    """Return the way out of a file that has the name of a spreadsheet of a format not read."""
    what, fix = _by_content(content)
    if content and not what:
        return "It is a table of text: end its name in .csv, in the folder and here."
    return f"It is {what}. {fix}" if what else _SAVE


def _unfit(file: str, what: str, fix: str) -> InputError:
    message = f"this is {what}, whatever its name says."
    return InputError([Problem(rule="not-its-format", message=message, fix=fix, file=file)])
