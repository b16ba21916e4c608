"""The columns that come in the place of others: what people, programs and disks leave."""

import re
from collections.abc import Callable, Sequence

Cells = list[str]
Hostile = Callable[[Cells, int, list[Cells]], Cells]
"""From the cells of a column, its place in the table and all columns of it to other cells."""


def _same(text: str) -> Hostile:
    return lambda cells, _, __: [text] * len(cells)


def _some(text: str) -> Hostile:
    """Put a text into every third cell from the second on."""
    return lambda cells, _, __: [text if n % 3 == 1 else cell for n, cell in enumerate(cells)]


def _one(text: str) -> Hostile:
    return lambda cells, _, __: [text if n == 1 else cell for n, cell in enumerate(cells)]


def _each(change: Callable[[str], str]) -> Hostile:
    return lambda cells, _, __: [change(cell) for cell in cells]


def _numbered(change: Callable[[int], object]) -> Hostile:
    return lambda cells, _, __: [str(change(n)) for n in range(len(cells))]


def _numbers(change: Callable[[float], object]) -> Hostile:
    """Change the cells that are numbers; where none is, number the rows and change those."""

    def column(cells: Cells, _: int, __: list[Cells]) -> Cells:
        found = [_number(cell) for cell in cells]
        if all(value is None for value in found):
            found = [float(n + 1) for n in range(len(cells))]
        return ["" if value is None else str(change(value)) for value in found]

    return column


def _number(cell: str) -> float | None:
    return float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else None


def _neighbor(steps: int) -> Hostile:
    return lambda _, at, columns: list(columns[(at + steps) % len(columns)])


def _in_turn(*texts: str) -> Hostile:
    return lambda cells, _, __: [texts[n % len(texts)] for n in range(len(cells))]


def _added_up(cells: Cells, _: int, __: list[Cells]) -> Cells:
    total, sums = 0.0, []
    for cell in cells:
        total += _number(cell) or 0.0
        sums.append(f"{total:g}")
    return sums


def _total_last(cells: Cells, _: int, __: list[Cells]) -> Cells:
    return [*cells[:-1], f"{sum(_number(cell) or 0.0 for cell in cells):g}"]


def _swapped(pairs: Sequence[tuple[str, str]]) -> Callable[[str], str]:
    def change(cell: str) -> str:
        for old, new in pairs:
            cell = cell.replace(old, new)
        return cell

    return change


COLUMNS: dict[str, Hostile] = {
    "blank": _same(""),
    "some blank": _some(""),
    "one blank": _one(""),
    "#N/A in some": _some("#N/A"),
    "dashes": _same("-"),
    "#REF! in one": _one("#REF!"),
    "-1 in some": _some("-1"),
    "-999": _same("-999"),
    "99 in some": _some("99"),
    "9999 in one": _one("9999"),
    "stars": _same("*"),
    "s in some": _some("s"),
    "ranges in some": _some("10-19"),
    "zeros": _same("0"),
    "zeros in some": _some("0"),
    "ones": _same("1"),
    "one value": lambda cells, _, __: [cells[0]] * len(cells),
    "0 and 1": _in_turn("0", "1"),
    "yes and no": _in_turn("Yes", "No"),
    "codes 1 to 4": _in_turn("1", "2", "3", "4"),
    "years": _same("2024"),
    "dates": _numbered(lambda n: f"2024-08-{n + 1:02d}"),
    "months and days": _in_turn("Jun-08", "Sep-12", "Jan-05"),
    "days of a spreadsheet": _numbered(lambda n: 45816 + n),
    "percents": _numbered(lambda n: f"{12.3 + 5.7 * n:.1f}%"),
    "percents without a sign": _numbered(lambda n: f"{12.3 + 5.7 * n:.1f}"),
    "shares": _numbered(lambda n: f"{0.123 + 0.057 * n:.3f}"),
    "halves": _numbers(lambda value: value + 0.5),
    "floats": _numbers(lambda value: f"{value:.1f}"),
    "decimal commas": _numbers(lambda value: f"{value:.1f}".replace(".", ",")),
    "commas of thousands": _numbers(lambda value: f"{value + 1000:,.0f}"),
    "points of thousands": _numbers(lambda value: f"{value + 1000:,.0f}".replace(",", ".")),
    "blanks of thousands": _numbers(lambda value: f"{value + 1000:,.0f}".replace(",", " ")),
    "scientific": _numbers(lambda value: f"{value * 1e9:.4E}"),
    "huge": _numbers(lambda value: f"{value * 1e15:.0f}"),
    "beyond all numbers": _same("1e400"),
    "negative": _numbers(lambda value: f"{-value:g}"),
    "in parentheses": _numbers(lambda value: f"({value:g})"),
    "with a unit": _each(lambda cell: f"{cell} students"),
    "with a footnote": _some("240 (est.)"),
    "sums so far": _added_up,
    "total in the last": _total_last,
    "upside down": lambda cells, _, __: cells[::-1],
    "the next column": _neighbor(1),
    "the third on": _neighbor(3),
    "long numbers": _numbered(lambda n: 51012600000101 + n),
    "ids in scientific": _same("5.10126E+11"),
    "ZIP codes": _in_turn("19104", "19103", "02139"),
    "levels": _in_turn("Elementary", "Middle", "High"),
    "as floats": _each(lambda cell: f"{cell}.0" if cell else ""),
    "without zeros": _each(lambda cell: cell.lstrip("0") or "0"),
    "guarded": _each(lambda cell: f'="{cell}"'),
    "apostrophes": _each(lambda cell: f"'{cell}"),
    "blanks around": _each(lambda cell: f"  {cell} "),
    "zero width": _each(lambda cell: f"{cell}\u200b"),
    "upper case": _each(str.upper),
    "two in a cell": lambda cells, _, __: [
        f"{cell},{cells[n - 1]}" if n % 3 == 1 else cell for n, cell in enumerate(cells)
    ],
    "Arabic digits": _each(
        _swapped([(str(n), chr(0x660 + n)) for n in range(10)]),
    ),
    "O for 0": _each(_swapped([("0", "O")])),
    "tags": _each(lambda cell: f"<b>{cell}</b>"),
    "formulas": _numbered(lambda n: f"=A{n + 2}+B{n + 2}"),
    "lines within": _each(lambda cell: f"{cell}\nsee note"),
}
"""Name to column, some sixty."""
