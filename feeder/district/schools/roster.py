"""Who is in the district: tells ids that are known, left out or never heard of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import pandas as pd

from feeder.district.tables.ids import alike, is_rounded, read_ids, tell_rounded, zeros_restored
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, shown, warn_grouped

_MOST: Final = 0.5
"""Share of cells that are ids of schools where a column holds them."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where ids come from: a table and the header of its column, or columns.

    ``section`` is that of ``district.toml`` where its key ``match`` may say that they are names.
    """

    table: Table
    column: str
    section: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """Names by id: ``members`` of the district, and ``left_out`` rows of the schools table."""

    members: Mapping[str, str]
    left_out: Mapping[str, str]

    def name(self, school_id: str) -> str:
        """Return a school's name with its id, or the id alone where no row has it."""
        name = self.members.get(school_id) or self.left_out.get(school_id)
        return f"{name} ({school_id})" if name and name != school_id else school_id

    def names(self, ids: Sequence[str]) -> list[str]:
        """Return the name of each id once, in order of appearance."""
        return [self.name(school_id) for school_id in dict.fromkeys(ids)]

    def read(self, table: Table, columns: Mapping[str, str], findings: Findings) -> pd.DataFrame:
        """Return columns of ids as the schools table writes them, as far as there is no doubt.

        Parameters
        ----------
        table
            Any table or layer that names schools.
        columns
            What to call each column, mapped to the table's name for it.
        findings
            Collects what was taken off ids, and zeros that were put in front again or taken away
            (warnings); ids that a spreadsheet rounded, and zeros that may be lost (errors).
        """
        known = {*self.members, *self.left_out}
        read = {ours: read_ids(table, theirs, findings, known) for ours, theirs in columns.items()}
        tell_rounded([*read.values()], table, " and ".join(columns.values()), findings)
        return pd.DataFrame(
            {
                ours: self._with_zeros(ids, Place(table, columns[ours]), findings)
                for ours, ids in read.items()
            }
        )

    def _with_zeros(self, ids: pd.Series[str], place: Place, findings: Findings) -> pd.Series[str]:
        """Return a column of ids with as many zeros in front as the schools table writes."""
        sure, torn = zeros_restored([*dict.fromkeys(ids.tolist())], [*self.members, *self.left_out])
        warn_grouped(
            findings,
            rule="id-zeros",
            before=f"{counted(len(sure), 'id')} with other zeros in front than in the schools "
            "table, as spreadsheets leave them, taken for its schools",
            examples=[f"{one} is {known}" for one, known in sure.items()],
            file=place.table.file,
            column=place.column,
        )
        # An id as the schools table has it is doubtful only in a column that lost zeros elsewhere.
        lost = [one for one in torn if one not in self.members and one not in self.left_out]
        if torn and (sure or lost or _stands_twice(ids, torn)):
            examples = listed([f"{one} may be {' or '.join(of)}" for one, of in torn.items()])
            message = (
                f"{counted(len(torn), 'id')} may have lost the zeros in front, as spreadsheets "
                f"make them: {examples}."
            )
            fix = "Export the table again from its source, and keep the column of ids as text."
            findings.errors.append(
                place.table.problem("id-zeros-lost", message, fix, column=place.column)
            )
        return ids.replace(sure) if sure else ids

    def are_members(self, ids: pd.DataFrame) -> pd.Series[bool]:
        """Return which rows of ids, one column or more, name members only."""
        members = self.members
        known = [all(one in members for one in row) for row in _rows(ids)]
        return pd.Series(known, ids.index, dtype=bool)

    def tell_unheard(
        self, ids: pd.DataFrame, place: Place, *, noun: str, fate: str, findings: Findings
    ) -> None:
        """Report rows with ids that the schools table lacks.

        Parameters
        ----------
        ids
            One column of ids or more.
        place
            Where they come from.
        noun, fate
            What a row is (``flow``) and what becomes of it (``left out``).
        findings
            Collects a warning; an error when over half of the rows are such.
        """
        known = {*self.members, *self.left_out}
        blank = ["" in row for row in _rows(ids)]
        strange = [
            [one for one in row if one not in known and not is_rounded(one)] for row in _rows(ids)
        ]
        rows = sum(map(bool, strange))
        if 2 * rows <= len(ids):
            warn_grouped(
                findings,
                rule="blank-id",
                before=f"{counted(sum(blank), noun)} {fate}, for want of a school's id",
                examples=[place.table.place(row) for row in ids.index[blank]],
                file=place.table.file,
                column=place.column,
            )
            strange = [odd for odd, gone in zip(strange, blank, strict=True) if not gone]
            rows = sum(map(bool, strange))
        if not rows:
            return
        unheard = [one or "a blank" for one in dict.fromkeys(chain.from_iterable(strange))]
        near = self._near(unheard)
        hint = next((f"The schools table has {known} for {one}." for one, known in near), "")
        if 2 * rows > len(ids):
            message = (
                f"{rows:,} of {counted(len(ids), noun)} name schools that the schools table "
                f"lacks: {listed(unheard)}. {hint}".rstrip()
            )
            fix = self._way_out(unheard, place)
            if 2 * len(near) > len(unheard):
                fix = "Write ids alike in every table, as text; spreadsheets change them."
            findings.errors.append(
                place.table.problem("unknown-id", message, fix, column=place.column)
            )
            return
        warn_grouped(
            findings,
            rule="unknown-id",
            before=f"{counted(rows, noun)} {fate}, naming {counted(len(unheard), 'school')} "
            "that the schools table lacks",
            examples=unheard,
            after=hint,
            file=place.table.file,
            column=place.column,
        )

    def tell_left_out(
        self, ids: pd.DataFrame, place: Place, *, noun: str, fate: str, findings: Findings
    ) -> None:
        """Warn of rows with schools that are in the table, but were left out of the district."""
        absent = [gone for row in _rows(ids) if (gone := [i for i in row if i in self.left_out])]
        gone = [one or "a blank" for one in dict.fromkeys(chain.from_iterable(absent))]
        warn_grouped(
            findings,
            rule="school-left-out",
            before=f"{counted(len(absent), noun)} {fate}, naming "
            f"{counted(len(gone), 'school')} left out of the district",
            examples=self.names(gone),
            file=place.table.file,
            column=place.column,
        )

    def _way_out(self, unheard: Sequence[str], place: Place) -> str:
        """Return what to do about a column of strange ids, by what they look like."""
        called = {_called(name) for name in self.members.values()}
        if place.section and 2 * sum(_called(text) in called for text in unheard) > len(unheard):
            return f'These are names of schools: write match = "name" in [{place.section}].'
        ids = {*self.members}
        for column in place.table.frame.columns:
            if place.table.text(column).isin(ids).mean() > _MOST:
                return f"Is {place.column} the right column? {shown(column)} holds ids of schools."
        return f"Is {place.column} the right column?"

    def _near(self, unheard: Sequence[str]) -> list[tuple[str, str]]:
        """Return ids that differ from a member's only in how they are written, with that one."""
        plain = {alike(member): member for member in self.members}
        return [(one, plain[alike(one)]) for one in unheard if alike(one) in plain]


def _rows(ids: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(zip(*(ids[name].tolist() for name in ids), strict=True))


def _called(name: str) -> str:
    return "".join(mark for mark in name.casefold() if mark.isalnum())


def _stands_twice(ids: pd.Series[str], torn: Mapping[str, Sequence[str]]) -> bool:
    """Return whether the schools that differ in zeros stand on more rows than they would."""
    counts = ids.value_counts()
    others = counts.drop(list(torn), errors="ignore")
    return bool((others <= 1).all() and (counts[list(torn)] > 1).any())
