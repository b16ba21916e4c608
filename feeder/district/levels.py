"""Grades from the name of a school's level, where a table gives no grades."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from feeder.district.grades import span_label, span_mask
from feeder.district.model import PK_BIT
from feeder.district.tables import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, shown, warn_grouped

_SPANS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "elementary": span_mask(0, 5),
        "middle": span_mask(6, 8),
        "junior high": span_mask(7, 9),
        "high": span_mask(9, 12),
        "elementary and middle": span_mask(0, 8),
        "middle and high": span_mask(6, 12),
        "all grades": span_mask(0, 12),
        "preschool": PK_BIT,
        "none": 0,
    }
)
_WORDS: Final = (
    (r"elem\w*\s*(?:/|-|and|&)\s*(?:middle|jr|junior).*|k-8", "elementary and middle"),
    (
        r"(?:middle|junior|jr)\W*(?:high)?\s*(?:/|-|and|&)\s*(?:senior\s*)?high.*|6-12|7-12",
        "middle and high",
    ),
    (r"(?:all|k-12|combined|span|unified).*", "all grades"),
    (r"pre-?k.*|pre-?school.*|early.*|nursery", "preschool"),
    (r"elem\w*(?:\s+schools?)?|primary(?:\s+schools?)?|es|e|grammar", "elementary"),
    (r"(?:junior|jr)\W*(?:high)?(?:\s+schools?)?|jhs", "junior high"),
    (r"mid\w*(?:\s+schools?)?|intermediate(?:\s+schools?)?|ms|m|is", "middle"),
    (r"(?:senior\W*)?high(?:\s+schools?)?|senior|hs|h|shs|upper", "high"),
    (r"adult.*|ungraded|not applicable|not reported|n/?a|", "none"),
)  # fmt: skip
"""Patterns of what publishers write, first that fits."""


def read_levels(
    table: Table, names: pd.Series[str], column: str, findings: Findings
) -> pd.Series[int]:
    """Return the grades that follow from each school's level, told.

    Parameters
    ----------
    table, column
        The table, and its column of levels.
    names
        What the schools are called, by row of the table; only these rows are read.
    findings
        Collects levels that no grades follow from.
    """
    cells = table.text(column).loc[names.index]
    spans = {cell: _span(cell) for cell in cells.unique()}
    for row, name, cell in zip(cells.index, names, cells, strict=True):
        if spans[cell] is None:
            message = f'{shown(name)}: no grades follow from the level "{shown(cell)}".'
            fix = "Write elementary, middle or high; or map grades in [schools].columns."
            findings.errors.append(
                table.problem("grades", message, fix, row=row, column=column, value=cell)
            )
    read = [f"{cell} is {span_label(span)}" for cell, span in spans.items() if span]
    if read:
        message = f"the level serves for want of grades: {listed(read, limit=6)}."
        fix = "Map grades in [schools].columns where schools differ."
        findings.warnings.append(table.problem("grades-by-level", message, fix, column=column))
    warn_grouped(
        findings,
        rule="blank-grades",
        before=f"{counted(int((cells.map(spans) == 0).sum()), 'school')} without grades",
        examples=[name for name, cell in zip(names, cells, strict=True) if spans[cell] == 0],
        after="They are members without flows.",
        file=table.file,
        column=column,
    )
    return cells.map({cell: span or 0 for cell, span in spans.items()}).astype("int64")


def _span(cell: str) -> int | None:
    lower = cell.lower()
    for pattern, level in _WORDS:
        if re.fullmatch(pattern, lower):
            return _SPANS[level]
    return None
