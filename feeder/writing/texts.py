"""Tables and records as text: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from feeder.language import Message

if TYPE_CHECKING:
    from pathlib import PurePath

_FORMULA: Final = tuple("=+-@")
_LEAD: Final = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*")
"""What a spreadsheet may skip before a formula."""
_QUOTED: Final = re.compile('[,"\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]')
"""What parts cells or lines anywhere: Python leaves a bare carriage return without quotes."""


def csv_text(table: pd.DataFrame) -> str:
    r"""Return a table as CSV: comma, ``\n``, no index, empty where unknown.

    Numbers are written so that reading them gives back the same value. A text that a spreadsheet
    would run as a formula gets a leading apostrophe, one with a line break stands in quotes.
    """
    columns = [_cells(table.iloc[:, position]) for position in range(table.shape[1])]
    rows = zip(*columns, strict=True) if columns else ()
    return "".join(_line(cells) for cells in [map(defused, map(str, table.columns)), *rows])


def json_text(record: object) -> str:
    """Return a record as JSON text; NaN becomes null, a sentence English."""
    return json.dumps(plain(record), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def encoded(path: PurePath | str, content: str | bytes) -> bytes:
    """Return what is written to a file: bytes as they are, a text as UTF-8.

    A table has a byte order mark before it, by which spreadsheets know its accents.
    """
    if isinstance(content, bytes):
        return content
    return content.encode("utf-8-sig" if str(path).lower().endswith(".csv") else "utf-8")


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> defused("=1+1"), defused("north")
    ("'=1+1", 'north')
    """
    return f"'{text}" if _is_formula(text) else text


def fused(text: str) -> str:
    """Return a text without the apostrophe of :func:`defused`.

    >>> fused("'=1+1"), fused("'s Gravenhage")
    ('=1+1', "'s Gravenhage")
    """
    bare = text.lstrip("'")
    return bare if _is_formula(bare) else text


def plain(value: object) -> Any:  # noqa: ANN401 - JSON is any of six types
    """Return a value made of Python's own types; NaN becomes None, a sentence English."""
    if isinstance(value, Message):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value


def _is_formula(text: str) -> bool:
    """Return whether a text begins as a formula: in any width, behind white space too."""
    lead = _LEAD.match(text)
    first = text[lead.end() :][:1] if lead else ""
    return unicodedata.normalize("NFKC", first).startswith(_FORMULA)


def _line(cells: Iterable[str]) -> str:
    told = [_quoted(cell) if _QUOTED.search(cell) else cell for cell in cells]
    return ",".join(told if told != [""] else [_quoted("")]) + "\n"


def _quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def _cells(column: pd.Series[Any]) -> list[str]:
    """Return a column's cells as text: numbers bare, texts defused, unknown empty."""
    return [_cell(plain(value)) for value in column.tolist()]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return defused(value) if isinstance(value, str) else str(value)
