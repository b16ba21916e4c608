"""Where a table lies on a sheet: the line of its header, and which lines are its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from feeder.district.files.linebreaks import on_one_line
from feeder.district.files.margins import Record, drop_margins
from feeder.district.settings.specs import (
    FLOW_COLUMNS,
    KIND_FLAGS,
    OFFICE_COLUMNS,
    SCHOOL_COLUMNS,
    TableSpec,
)
from feeder.district.tables.table import Table, trimmed_header
from feeder.errors import Findings, InputError, Problem, row_word
from feeder.wording import counted, gist, listed, warn_grouped

KEYS: Final = ("school_id", "from_id", "to_id")
_USUAL: Final = frozenset(
    {*SCHOOL_COLUMNS, *FLOW_COLUMNS, *OFFICE_COLUMNS, "community_id"}
) - frozenset(KIND_FLAGS)
"""Names that make a line a header. A flag of a kind is no such name: its word is a value too."""
_DEEPEST: Final = 40
"""Lines among which a header is sought."""
_NUMBER: Final = re.compile(r"[+-]?[\d.,]*\d%?")
_MOSTLY: Final = 0.9
"""A column is one of numbers when this share of its cells is."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The cells of a file or of one sheet of it; blank lines are left out.

    ``ends_open`` tells that the last line has no end, as in a file cut short.
    """

    file: str
    records: Sequence[Record]
    decimal_comma: bool = False
    has_lines: bool = True
    ends_open: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of a table before it is read.

    Attributes
    ----------
    section
        The section that names it.
    mapped
        Columns that the section names.
    usual
        What the other columns that feeder may take are called.
    keys
        Columns of ids.
    header
        First and last line of the header; None where nobody said.
    """

    section: str = ""
    mapped: frozenset[str] = frozenset()
    usual: frozenset[str] = _USUAL
    keys: tuple[str, ...] = KEYS
    header: tuple[int, int] | None = None

    def hits(self, cells: Sequence[str]) -> int:
        """Return how many of the cells are columns that are sought."""
        return len({cell.strip() for cell in cells} & (self.mapped | self.usual))


def sought(spec: TableSpec) -> Sought:
    """Return what a section says of its table."""
    return Sought(
        section=spec.section,
        mapped=frozenset({*spec.columns.values(), *spec.where}),
        usual=_USUAL - set(spec.columns),
        keys=tuple(spec.columns.get(ours, ours) for ours in KEYS),
        header=spec.header,
    )


def table_of(grid: Grid, wanted: Sought, findings: Findings) -> Table:
    """Find the table of a sheet: header, rows, and what stands above and below.

    Raises
    ------
    InputError
        Where there is no cell, no line can be the header, or a line has more or fewer cells.
    """
    if not grid.records:
        raise InputError([_problem(grid, "empty-file", "the file is empty.")])
    first, names = _header(grid, wanted, findings)
    line = grid.records[first][0]
    way_out = _by_line_above(grid, first, wanted)
    header = trimmed_header(names, grid.file, findings, row=line, way_out=way_out)
    below = [record for record in grid.records[first + 1 :] if record[1] != names]
    _tell_repeats(grid, first, len(grid.records) - first - 1 - len(below), findings)
    below = drop_margins(below, header, wanted.keys, grid.file, findings)
    rows = _even_rows(below, len(header), grid)
    header = _named(header, rows, grid.file, findings)
    index = pd.Index([line for line, _ in below], dtype="int64")
    frame = pd.DataFrame(rows, columns=header, index=index, dtype=str)
    named = frame if all(header) else frame.loc[:, [name for name in header if name]]
    return Table(
        file=grid.file,
        frame=on_one_line(named, grid.file, findings),
        has_lines=grid.has_lines,
        decimal_comma=grid.decimal_comma,
    )


def _header(grid: Grid, wanted: Sought, findings: Findings) -> tuple[int, list[str]]:
    """Return the position of the header's last line, and the names it gives."""
    if wanted.header is not None:
        return _given(grid, wanted, wanted.header)
    top = [cells for _, cells in grid.records[:_DEEPEST]]
    hits = [wanted.hits(cells) for cells in top]
    best = max(range(len(top)), key=hits.__getitem__)
    found = wanted.mapped.intersection(cell.strip() for cell in top[best])
    if found != wanted.mapped:
        _refuse_two_lines(grid, wanted, best)
    if best and (found == wanted.mapped or not hits[0]) and hits[best] > (not found):
        _tell_above(grid, best, findings)
        return best, top[best]
    if not any(hits):
        _refuse(grid, wanted)
    return 0, top[0]


def _given(grid: Grid, wanted: Sought, lines: tuple[int, int]) -> tuple[int, list[str]]:
    """Return the header that the key ``header`` names; two lines give joined names."""
    at = {line: position for position, (line, _) in enumerate(grid.records)}
    missing = [str(line) for line in lines if line not in at]
    if missing:
        word = row_word(grid.file)
        message = f"[{wanted.section}] names {word} {missing[0]} as the header, which is blank."
        fix = "Give the number of the line that holds the names of the columns."
        raise InputError([_problem(grid, "header-line", message, fix)])
    upper, lower = (grid.records[at[line]][1] for line in lines)
    return at[lines[1]], lower if lines[0] == lines[1] else _joined(upper, lower)


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Return the names of two lines, of which the upper may span several columns."""
    width = max(len(upper), len(lower))
    over, names = "", []
    for above, name in zip(_wide(upper, width), _wide(lower, width), strict=True):
        over = above.strip() or over
        parts = dict.fromkeys(part for part in (over, name.strip()) if part)
        names.append(" ".join(parts))
    return names


def _wide(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _tell_above(grid: Grid, header: int, findings: Findings) -> None:
    word = row_word(grid.file)
    warn_grouped(
        findings,
        rule="header-below",
        before=f"the header stands on {word} {grid.records[header][0]}; left out above it",
        examples=[f"{word} {line} ({gist(cells)})" for line, cells in grid.records[:header]],
        file=grid.file,
    )


def _tell_repeats(grid: Grid, header: int, times: int, findings: Findings) -> None:
    if times:
        line, _ = grid.records[header]
        message = f"the header of {row_word(grid.file)} {line} stands {counted(times, 'time')} "
        message += "more among the rows, and was left out there."
        findings.warnings.append(Problem(rule="header-again", message=message, file=grid.file))


def _by_line_above(grid: Grid, first: int, wanted: Sought) -> str:
    """Return how the line above the header may tell columns of one name apart."""
    if not first or wanted.header is not None or _filled(grid.records[first - 1][1]) == 1:
        return ""
    lines = [line for line, _ in grid.records[first - 1 : first + 1]]
    return f", or write header = {lines} in [{wanted.section}], which joins both lines"


def _refuse_two_lines(grid: Grid, wanted: Sought, best: int) -> None:
    """Raise where the columns that a section names stand on two lines, one below the other.

    Raises
    ------
    InputError
        With the key that joins them, and what the columns are called then.
    """
    for first in (best - 1, best):
        pair = grid.records[first : first + 2] if first >= 0 else []
        names = {cell.strip() for _, cells in pair for cell in cells}
        if len(pair) == 2 and wanted.mapped <= names:  # noqa: PLR2004 - both lines
            (upper, above), (lower, below) = pair
            told = listed([name for name in _joined(above, below) if name], limit=12)
            message = f"the header has two lines, {upper} and {lower}."
            fix = (
                f"Write header = [{upper}, {lower}] in [{wanted.section}]; the columns are then "
                f"called: {told}."
            )
            raise InputError([_problem(grid, "header-two-lines", message, fix, upper)])


def _refuse(grid: Grid, wanted: Sought) -> None:
    """Raise where the first line is a title, or a row; the columns sought are on no line.

    Raises
    ------
    InputError
        With the line that looks like the header, and the key that says so.
    """
    records = grid.records[:_DEEPEST]
    first, word = records[0][1], row_word(grid.file)
    usual = Counter(_filled(cells) for _, cells in records).most_common(1)[0][0]
    filled = _filled(first)
    if 2 * filled < usual or filled == 1 < usual:
        likely = next(line for line, cells in records if filled < _filled(cells) >= usual - 1)
        message = (
            f'"{gist(first)}" is a title, not a header; the header seems to stand on '
            f"{word} {likely}."
        )
        fix = f"Write header = {likely} in [{wanted.section}] and name its columns there."
        raise InputError([_problem(grid, "header-below", message, fix, records[0][0])])
    if _is_row(first, [cells for _, cells in records[1:]]):
        message = f"this is a row, not a header: {listed(first, limit=4)}."
        fix = "Put a line above it that names the columns."
        raise InputError([_problem(grid, "no-header", message, fix, records[0][0])])


def _is_row(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a line has numbers wherever the rows below it have.

    The header of a matrix has them too, beside a blank corner.
    """
    if not first[0].strip():
        return False
    numeric = []
    for at, cell in enumerate(first):
        below = [row[at] for row in rows if at < len(row) and row[at].strip()]
        numbers = sum(bool(_NUMBER.fullmatch(text.strip())) for text in below)
        if below and numbers >= _MOSTLY * len(below):
            numeric.append(cell.strip())
    if not numeric or numeric == [str(number + 1) for number in range(len(numeric))]:
        return False
    return all(_NUMBER.fullmatch(cell) for cell in numeric)


def _even_rows(records: Sequence[Record], width: int, grid: Grid) -> list[list[str]]:
    """Return rows of one width; empty cells past the header's end are taken off."""
    problems, even = [], []
    word = row_word(grid.file)
    for position, (line, row) in enumerate(records):
        cells = row[:width]
        if not grid.has_lines:
            cells = _wide(cells, width)
        if len(cells) < width or any(cell.strip() for cell in row[width:]):
            message = f"the {word} has {counted(len(row), 'cell')}, the header {width}."
            fix = ""
            if grid.ends_open and position == len(records) - 1 and len(row) < width:
                message += " The file ends in the middle of it, as one that was cut short."
                fix = "Export or download it again."
            problems.append(_problem(grid, "ragged-row", message, fix, line))
        even.append(cells)
    if problems:
        raise InputError(problems)
    return even


def _named(
    header: list[str], rows: Sequence[Sequence[str]], file: str, findings: Findings
) -> list[str]:
    """Return the header with a name for each column that has cells, but none of its own."""
    names = list(header)
    for at, name in enumerate(header):
        place = f"column {at + 1}"
        if not name and place not in header and any(row[at].strip() for row in rows):
            names[at] = place
    nameless = [name for name, old in zip(names, header, strict=True) if name != old]
    warn_grouped(
        findings,
        rule="unnamed-column",
        before="columns without a name go by their place",
        examples=[name for name in nameless if name != "column 1"],
        file=file,
    )
    return names


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _problem(grid: Grid, rule: str, message: str, fix: str = "", row: int | None = None) -> Problem:
    way_out = fix or "Save the table as CSV in UTF-8, parted by commas, with one header line."
    return Problem(rule=rule, message=message, fix=way_out, file=grid.file, row=row)
