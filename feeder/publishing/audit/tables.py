"""Tables of figures in a report or a page of candidates, read as a reader reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from feeder.language import Words, languages, words

TABLES: Final = ("communities", "measures", "compared")
"""Classes of the tables whose figures are read."""
_UNREAD: Final = ("svg", "small")


@dataclass(slots=True)
class Row:
    """A row: what it is of, and the texts of its figures."""

    label: str = ""
    figures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its class, and its rows of figures."""

    kind: str
    rows: tuple[Row, ...]


def tables(html: str) -> tuple[Words, tuple[Table, ...]]:
    """Return the language of a page, and the tables of figures in it."""
    reader = _Reader()
    reader.feed(html)
    tag = reader.tag if reader.tag in languages() else languages()[0]
    return words(tag), tuple(Table(kind, tuple(rows)) for kind, rows in reader.found)


def numbers(text: str, spoken: Words) -> Iterator[tuple[float, int]]:
    """Yield every number in a text, and how many decimals it is told with."""
    group, decimal, minus = (
        re.escape(spoken.numbers[name]) for name in ("group", "decimal", "minus")
    )
    form = rf"({minus}|-)?(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{decimal}(\d+))?"
    for sign, whole, part in re.findall(form, text):
        digits = re.sub(r"\D", "", whole)
        yield float(f"{'-' if sign else ''}{digits}.{part or 0}"), len(part)


class _Reader(HTMLParser):
    """Collects rows of the tables that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.tag = ""
        self.found: list[tuple[str, list[Row]]] = []
        self.inside: list[str] = []
        self.cell = ""
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own: Mapping[str, str | None] = dict(attrs)
        if tag == "html":
            self.tag = own.get("lang") or ""
        elif tag == "table":
            kind = (own.get("class") or "").split(" ")[0]
            self.inside = [kind] if kind in TABLES else []
            if self.inside:
                self.found.append((kind, []))
        elif self.inside and tag == "tr":
            self.found[-1][1].append(Row())
        elif self.inside and tag in ("th", "td"):
            is_figure = tag == "td" and "number" in (own.get("class") or "").split()
            self.cell = "label" if own.get("scope") == "row" else "figure" if is_figure else ""
            self.text = []
        elif self.inside and tag in _UNREAD:
            self.inside.append(tag)

    def handle_data(self, data: str) -> None:
        if len(self.inside) == 1 and self.cell:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.inside = []
        elif len(self.inside) > 1 and tag == self.inside[-1]:
            self.inside.pop()
        elif self.inside and tag in ("th", "td"):
            row, text = self.found[-1][1][-1], " ".join("".join(self.text).split())
            if self.cell == "label":
                row.label = text
            elif self.cell == "figure":
                row.figures.append(text)
            self.cell = ""
