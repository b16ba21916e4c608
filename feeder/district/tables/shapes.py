"""Tables laid out otherwise than a row a pair, or a row a school, brought to that form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from feeder.district.files.layout import KEYS
from feeder.district.schools.roster import Roster
from feeder.district.tables.ids import alike
from feeder.district.tables.numerals import BLANKS
from feeder.district.tables.table import Table
from feeder.errors import Findings, Problem
from feeder.wording import counted, warn_grouped

Place = tuple[int, str | None]
"""Line and column of the file that a row of a new table comes from."""
NOBODY: Final = BLANKS | {"0", "0.0", "-", "\u2013", "\u2014"}
"""Texts, in lower case, that stand for nobody in a cell."""


@dataclass(frozen=True, slots=True, eq=False)
class Reshaped:
    """A table made of another; ``places`` tells where each of its rows stood there."""

    table: Table
    places: Mapping[int, Place]

    def tell(self, found: Findings, findings: Findings) -> None:
        """Add what was found in the new table to ``findings``, with the places of the file."""
        findings.errors.extend(self._placed(problem) for problem in found.errors)
        findings.warnings.extend(self._placed(problem) for problem in found.warnings)

    def _placed(self, problem: Problem) -> Problem:
        if problem.file != self.table.file:
            return problem
        row, column = self.places.get(problem.row or 0, (problem.row, None))
        return replace(problem, row=row, column=column)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Texts by which a table may mean a school: ids, as they may be written, and names.

    ``by_name`` gives the id of each name that only one school has.
    """

    ids: frozenset[str]
    names: frozenset[str]
    by_name: Mapping[str, str]

    def has(self, text: str) -> bool:
        """Return whether a text is an id or a name of a school."""
        return alike(text.strip()) in self.names | self.ids

    def share(self, cells: pd.Series[str]) -> float:
        """Return the share of the cells, blanks aside, that mean a school; 0 without any."""
        filled = [cell for cell in cells.str.strip() if cell]
        return sum(map(self.has, filled)) / len(filled) if filled else 0.0

    def id_of(self, text: str) -> str:
        """Return the id of a school told by its name, else the text."""
        plain = alike(text.strip())
        return text if plain in self.ids else self.by_name.get(plain, text)


def known(roster: Roster) -> Known:
    """Return the texts that may mean a school of the table, one left out of it included."""
    schools = {**roster.left_out, **roster.members}
    names = Counter(alike(name) for name in schools.values())
    return Known(
        ids=frozenset(map(alike, schools)),
        names=frozenset(names),
        by_name={alike(n): i for i, n in schools.items() if names[alike(n)] == 1},
    )


def reshaped(
    table: Table,
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    places: Sequence[Place],
    meant: Known,
    findings: Findings,
) -> Reshaped:
    """Return rows of text as a table; schools told by name get their ids, which is told.

    Parameters
    ----------
    table
        The table that the rows were made of.
    names, rows
        The columns of the new one, and its cells.
    places
        Where each row stood.
    meant
        Who may be meant.
    findings
        Collects a warning where names were given.
    """
    index = pd.RangeIndex(1, len(rows) + 1)
    frame = pd.DataFrame(list(rows), columns=list(names), index=index, dtype=str)
    told: dict[str, None] = {}
    for column in [name for name in names if name in KEYS]:
        ids = frame[column].map(meant.id_of)
        told |= dict.fromkeys(frame[column][ids != frame[column]])
        frame[column] = ids
    warn_grouped(
        findings,
        rule="by-name",
        before=f"{counted(len(told), 'school')} told by name, and found",
        examples=list(told),
        file=table.file,
    )
    return Reshaped(replace(table, frame=frame), dict(zip(index, places, strict=True)))
