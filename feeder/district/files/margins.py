"""Lines among and below the rows of a table that are no rows: totals, headings and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from feeder.errors import Findings, Problem, row_word
from feeder.wording import counted, gist, listed, shown, warn_grouped

Record = tuple[int, list[str]]
"""The number of a line, and its cells."""
_WHOSE: Final = r"district|division|county|city|state|overall|schools?|students?|enrollment"
_LEVELS: Final = r"elementary|middle|high|secondary|primary|charter|grades?|pk|k-?\d+"
_TOTAL: Final = re.compile(
    rf"(?:(?:grand|sub|{_WHOSE})[ -]*)?totals?:?|all schools|district(?:[ -]?wide)?|division|sum"
    r"|summe|gesamt|insgesamt|suma|total general|totales|somme",
    re.IGNORECASE,
)
"""What stands in the place of an id, or of a name, on a line of totals."""
_PLAIN_TOTAL: Final = re.compile(r"(?:(?:grand|sub)[ -]*)?totals?:?", re.IGNORECASE)
"""What stands there in a table whose ids are not known: an office may be called district."""
_ANY_TOTAL: Final = re.compile(
    rf"{_TOTAL.pattern}|.{{1,40}}\s(?:sub)?totals?:?|(?:grand |sub)totals?\b.{{0,40}}"
    rf"|totals?\b\W*(?:(?:for|of|in|all|the)\W+)*(?:{_WHOSE}|{_LEVELS})\b.{{0,20}}",
    re.IGNORECASE,
)
"""What else may stand there where the line has no id."""
_NOTE: Final = re.compile(
    r"(?:sources?|notes?|remarks?|quelle|hinweis|fuente|notas?|data|report|printed|generated|"
    r"prepared|as of|page \d|last updated|copyright|confidential|end of|key|legend)\b.{2,}"
    r"|[*†‡§©#¹²³].*\s.+|\(\w{1,2}\) .+",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_MOST_NOTES: Final = 0.25
"""Share of the lines that may be notes; of more, a table has rows with nothing but an id."""
_FEW: Final = 0.1
"""Ids are said to have no blanks inside when fewer of them have."""


def drop_margins(
    records: Sequence[Record],
    header: Sequence[str],
    keys: Sequence[str],
    file: str,
    findings: Findings,
) -> list[Record]:
    """Return the lines that are rows of the table.

    A line of totals has no id, or a word of totals in its place; a heading or a note is a single
    text unlike an id. What is left out is told by line and text, and sums that disagree with a
    line of totals are told too.

    Parameters
    ----------
    records
        The lines below the header.
    header
        Names of the columns.
    keys
        Columns of ids, as far as the table has them; else the first column is one.
    file
        The file's path inside the district folder.
    findings
        Collects what was left out.
    """
    known = [at for at, name in enumerate(header) if name in keys]
    margins = _Margins(records, header, known or [0], has_keys=bool(known))
    notes = margins.notes()
    totals = margins.totals(notes)
    gone = sorted({*notes, *totals})
    if not gone:
        return list(records)
    word = row_word(file)
    warn_grouped(
        findings,
        rule="no-rows-of-the-table",
        before=f"{counted(len(gone), word)} left out as totals, headings or notes",
        examples=[f"{word} {records[at][0]} ({gist(records[at][1])})" for at in gone],
        file=file,
    )
    if len(totals) == 1 and not margins.has_id(totals[0]):
        _compare(records[totals[0]], margins.sums({*gone}), header, file, findings)
    left = set(gone)
    return [record for at, record in enumerate(records) if at not in left]


@dataclass(frozen=True, slots=True, eq=False)
class _Margins:
    """The lines below a header; ``keys`` are the positions of its columns of ids.

    ``has_keys`` tells that these columns are known: else only what begins like a note is one.
    """

    records: Sequence[Record]
    header: Sequence[str]
    keys: Sequence[int]
    has_keys: bool

    def notes(self) -> set[int]:
        """Return the positions of lines that are one text, which cannot be an id."""
        found: set[int] = set()
        last = len(self.records) - 1
        for at in range(last, -1, -1):
            cells = self.records[at][1]
            texts = (cell.strip() for cell in cells if not cell.isspace() and cell)
            text, alone = next(texts), next(texts, None) is None
            parted = at + len(found) == last and (  # by the commas of a text
                len(cells) != len(self.header) or bool(_NOTE.fullmatch(text))
            )
            if (alone or parted) and self._is_no_id(text):
                found.add(at)
        return found if len(found) <= _MOST_NOTES * len(self.records) else set()

    def _is_no_id(self, text: str) -> bool:
        if not self.has_keys:
            return bool(_NOTE.fullmatch(text))
        if re.search(r"\s", text) and not self._ids_have(r"\s"):
            return True
        wide = len(self.header) > 2  # noqa: PLR2004 - in a narrow table a row may be one text
        if wide and not re.search(r"\d", text) and self._ids_all_have_digits():
            return True
        return bool(_NOTE.fullmatch(text))

    def totals(self, notes: set[int]) -> list[int]:
        """Return the positions of lines of totals."""
        likely = []
        name = _TOTAL if self.has_keys else _PLAIN_TOTAL
        for at, (_, cells) in enumerate(self.records):
            ids = [cells[key].strip() for key in self.keys if key < len(cells)]
            named = any(name.fullmatch(key) for key in ids)
            if at in notes or not (named or not any(ids)):
                continue
            filled = [cell.strip() for cell in cells if cell.strip()]
            named = named or bool(_ANY_TOTAL.fullmatch(filled[0]))
            if named and any(_WHOLE.fullmatch(cell) for cell in filled):
                likely.append(at)
        if not likely:
            likely = [at for at in self._last(notes) if self._adds_up(at, notes)]
        return likely

    def has_id(self, at: int) -> bool:
        """Return whether a line has an id, be it of one school only whose rows it sums."""
        cells = self.records[at][1]
        ids = [cells[key].strip() for key in self.keys if key < len(cells)]
        return any(one and not _TOTAL.fullmatch(one) for one in ids)

    def sums(self, without: set[int]) -> dict[int, _Sum]:
        """Return the sum of each column of whole numbers."""
        sums: dict[int, _Sum] = {}
        for column in range(len(self.header)):
            cells = [
                cells[column].strip()
                for at, (_, cells) in enumerate(self.records)
                if at not in without and column < len(cells) and cells[column].strip()
            ]
            if cells and all(_WHOLE.fullmatch(cell) for cell in cells):
                numbers = [_whole(cell) for cell in cells]
                sums[column] = _Sum(sum(numbers), max(numbers))
        return sums

    def _last(self, notes: set[int]) -> list[int]:
        """Return the last line that is no note, if it has no id or a name of totals."""
        rows = [at for at in range(len(self.records)) if at not in notes]
        if len(rows) <= 2:  # noqa: PLR2004 - a sum of one
            return []
        cells = self.records[rows[-1]][1]
        blank = not any(cells[key].strip() for key in self.keys if key < len(cells))
        named = any(_TOTAL.fullmatch(cell.strip()) for cell in cells)
        return rows[-1:] if blank or named else []

    def _adds_up(self, at: int, notes: set[int]) -> bool:
        """Return whether a line has the sums of the columns of whole numbers.

        Where it has a name of totals, one of them will do.
        """
        sums = self.sums({at, *notes})
        cells = self.records[at][1]
        right = [
            sums[column].total == _whole(cell)
            for column, cell in enumerate(cell.strip() for cell in cells)
            if column in sums and column not in self.keys and _WHOLE.fullmatch(cell)
        ]
        named = any(_TOTAL.fullmatch(cell.strip()) for cell in cells)
        return any(right) if named else bool(right) and all(right)

    def _ids_have(self, pattern: str) -> bool:
        ids = self._ids()
        return sum(bool(re.search(pattern, one)) for one in ids) >= _FEW * len(ids)

    def _ids_all_have_digits(self) -> bool:
        ids = self._ids()
        return sum(bool(re.search(r"\d", one)) for one in ids) > (1 - _FEW) * len(ids)

    def _ids(self) -> list[str]:
        """Return the ids of the lines that have more cells than one."""
        key = self.keys[0]
        return [
            cells[key].strip()
            for _, cells in self.records
            if key < len(cells) and sum(bool(cell.strip()) for cell in cells) > 1
        ]


class _Sum(NamedTuple):
    """A column of whole numbers: their sum, and the largest of them."""

    total: int
    largest: int


def _compare(
    total: Record, sums: dict[int, _Sum], header: Sequence[str], file: str, findings: Findings
) -> None:
    """Warn where a line of totals disagrees with the rows: some may be missing, or too many."""
    line, cells = total
    differ = [
        f"{shown(header[column])}: {cell}, the rows sum to {sums[column].total:,}"
        for column, cell in enumerate(cell.strip() for cell in cells[: len(header)])
        if column in sums and _WHOLE.fullmatch(cell)
        if sums[column].largest < _whole(cell) != sums[column].total  # else it is a mean
    ]
    if differ:
        message = f"the totals are not the sums of the rows: {listed(differ)}."
        fix = "Look whether rows are missing or too many."
        problem = Problem(rule="totals-differ", message=message, fix=fix, file=file, row=line)
        findings.warnings.append(problem)


def _whole(cell: str) -> int:
    return int(cell.replace(",", ""))
