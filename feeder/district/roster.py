"""Who is in the district: tells ids that are known, left out or never heard of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from feeder.district.tables import Table
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

    def are_members(self, ids: pd.DataFrame) -> pd.Series[bool]:
        """Return which rows of ids, one column or more, name members only."""
        return ids.isin(list(self.members)).all(axis=1)

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
        strange = ~ids.isin([*self.members, *self.left_out])
        rows = int(strange.any(axis=1).sum())
        if not rows:
            return
        unheard = self._appearing(ids, strange)
        hint = self._hint(unheard)
        if 2 * rows > len(ids):
            message = (
                f"{rows:,} of {counted(len(ids), noun)} name schools that the schools table "
                f"lacks: {listed(unheard)}. {hint}".rstrip()
            )
            fix = self._way_out(unheard, place)
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
        absent = ids.isin(list(self.left_out))
        gone = self._appearing(ids, absent)
        warn_grouped(
            findings,
            rule="school-left-out",
            before=f"{counted(int(absent.any(axis=1).sum()), noun)} {fate}, naming "
            f"{counted(len(gone), 'school')} left out of the district",
            examples=self.names(gone),
            file=place.table.file,
            column=place.column,
        )

    @staticmethod
    def _appearing(ids: pd.DataFrame, where: pd.DataFrame) -> list[str]:
        found = ids.to_numpy(dtype=object)[where.to_numpy()]
        return [str(value) or "a blank" for value in pd.unique(found)]

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

    def _hint(self, unheard: Sequence[str]) -> str:
        """Return a word on ids that differ from a member's only in how they are written."""
        plain = {_plain(member): member for member in self.members}
        for school_id in unheard:
            alike = plain.get(_plain(school_id))
            if alike is not None:
                return f"The schools table has {alike} where this one has {school_id}."
        return ""


def _called(name: str) -> str:
    return "".join(mark for mark in name.casefold() if mark.isalnum())


def _plain(school_id: str) -> str:
    return school_id.removesuffix(".0").lstrip("0").casefold()
