"""The judged outcomes as a page to read: what came of each hostile column, a line a kind."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from hostile.base import TABLES
from hostile.columns import COLUMNS
from hostile.judging import ERROR, NO_WAY_OUT, RIGHT, SILENT, TOLD, Outcome

PAGE = Path(__file__).parent.parent / "broken" / "hostile_columns.md"
KINDS = (SILENT, NO_WAY_OUT, RIGHT, TOLD, ERROR)
FOREWORD = """\
# Hostile columns, and what comes of each

The town of `tests/town.py`, with ids of digits, in which one column of a table is replaced by one
of the hostile columns of `tests/hostile/columns.py`. **right**: nothing is told, and each value is
what its cell plainly says (a column of other plausible numbers is one, as nobody could tell).
**told**: a warning. **error**: with its way out. Nothing may be `silent` (a value other than its
cell says, and nothing told) or have `no way out`. The message is the first of the first column
named.

Made by `PYTHONPATH=tests python -m hostile`, with `FILE:COLUMN` of some columns alone; a test
holds a sample to it.
"""
Case = tuple[str, str, str]
"""File, column and hostile column."""


def cases() -> list[Case]:
    """Return every case, in order."""
    return [(file, column, name) for file in TABLES for column in TABLES[file] for name in COLUMNS]


def page(outcomes: Mapping[Case, Outcome]) -> str:
    """Return the whole page; cases of one column that end alike share a line."""
    lines = [FOREWORD]
    for file, columns in TABLES.items():
        lines += [f"## {file}\n", "| column | outcome | rules | replaced by | first message |"]
        lines.append("| --- | --- | --- | --- | --- |")
        for column in columns:
            alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
            for name in COLUMNS:
                found = outcomes[file, column, name]
                alike.setdefault((found.kind, found.rules), []).append(name)
            for (kind, rules), names in sorted(alike.items(), key=_order):
                first = outcomes[file, column, names[0]]
                cells = (
                    column,
                    kind,
                    " ".join(rules),
                    "; ".join(names),
                    first.first if first.is_kept else _cell(first.first),
                )
                lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def kept(text: str) -> dict[Case, Outcome]:
    """Return the outcome of each case of a page; the message is that of its line."""
    found = {}
    file = ""
    for line in text.splitlines():
        if line.startswith("## "):
            file = line.removeprefix("## ")
        if not line.startswith("| ") or line.startswith(("| column", "| ---")):
            continue
        column, kind, rules, names, first = line[2:].removesuffix(" |").split(" | ", 4)
        for name in names.split("; "):
            found[file, column, name] = Outcome(kind, tuple(rules.split()), first, is_kept=True)
    return found


def counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Return how many ended in each way."""
    kinds = [one.kind for one in outcomes]
    return {kind: kinds.count(kind) for kind in KINDS}


def _order(item: tuple[tuple[str, tuple[str, ...]], list[str]]) -> tuple[int, tuple[str, ...]]:
    (kind, rules), _ = item
    return KINDS.index(kind), rules


def _cell(text: str) -> str:
    """Keep a text inside its cell, and short."""
    short = text if len(text) <= 160 else f"{text[:157].rsplit(' ', 1)[0]} ..."
    for mark, instead in (("|", "\\|"), ("<", "&lt;"), ("*", "\\*"), ("`", "\\`"), ("\n", " ")):
        short = short.replace(mark, instead)
    return short
