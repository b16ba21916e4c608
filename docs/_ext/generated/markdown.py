"""Markdown of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def code(text: str) -> str:
    """Return a name as code; nothing for nothing."""
    return f"`{text}`" if text else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, framed by empty lines."""
    lines = [heads, ["---"] * len(heads), *rows]
    told = ["| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines]
    return "\n" + "\n".join(told) + "\n"


def _cell(text: str) -> str:
    """Return a cell that stays one: on one line, its bars told as bars."""
    return " ".join(str(text).split()).replace("|", "\\|")
