"""What can go wrong, told to the planner: what, where, and the way out.

The exception tree::

    FeederError
    |-- InputError        a district folder or a scenario that cannot be used; carries every Problem
    |-- InfeasibleError   limits that provably cannot hold together; carries every reason
    |-- NoPlanFoundError  no plan was found, though none is proven impossible
    `-- OutputError       the output folder cannot be written

All of them end a run with exit code 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_LINED: Final = (".toml", ".csv", ".tsv", ".txt", "json")
"""Endings of files whose rows a text editor numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, or was repaired, in the input.

    Parameters
    ----------
    rule
        Short stable name of the broken rule, such as ``duplicate-id``.
    message
        What is wrong, in a planner's words, naming schools where there are any.
    fix
        The way out, as an instruction; empty where nothing needs doing.
    file, row, column, value
        Where: the file's path inside the district folder, the line a text editor
        shows (the header is line 1) or the number of a layer's feature from 1, the
        column's header or the TOML key, and the value found.
    """

    rule: str
    message: str
    fix: str = ""
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.message} {self.fix}".rstrip()

    @property
    def place(self) -> str:
        """File, row and column under the names they have in a file of this kind; or empty."""
        file = self.file
        if file is None:
            return ""
        keys = file.lower().endswith(".toml")
        parts = [file]
        if self.row is not None:
            parts.append(f"{row_word(file)} {self.row}")
        if self.column is not None and not keys:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the problem as one flat JSON-ready record."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "rule": self.rule,
            "message": self.message,
            "fix": self.fix,
        }


def row_word(file: str) -> str:
    """Return what a row is called in a file of this name: a line of text, or a row."""
    return "line" if file.lower().endswith(_LINED) else "row"


class FeederError(Exception):
    """Any failure a planner can act on."""


class InputError(FeederError, ValueError):
    """The district folder or the scenario cannot be used."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InfeasibleError(FeederError, ValueError):
    """The limits of the scenario provably cannot hold together."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


class NoPlanFoundError(FeederError, RuntimeError):
    """No plan was found that keeps every limit, though none is proven impossible."""

    def __init__(self, violations: Iterable[str]) -> None:
        self.violations = tuple(violations)
        super().__init__("\n".join(self.violations))


class OutputError(FeederError, OSError):
    """The output folder cannot be written, or must not be replaced."""


@dataclass(slots=True)
class Findings:
    """Collects problems and warnings while tables are read, so that all are told at once.

    The one mutable value of the reading stage; it never leaves it. ``grouped`` holds file, row
    and column of the cells that an error of many cells speaks of: none is told again.
    """

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    grouped: set[tuple[str | None, int | None, str | None]] = field(default_factory=set)

    def raise_if_any(self) -> None:
        """Raise :class:`InputError` with every error collected so far, if there is one."""
        if self.errors:
            raise InputError(self.errors)
