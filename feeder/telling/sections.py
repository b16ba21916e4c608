"""What an analysis tells its readers: sentences and tables, for a terminal or a report."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from feeder.language import ENGLISH, Message, Words
from feeder.telling.units import TEXT, number_form, units_of


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One table: a caption, and a frame with units (:mod:`feeder.telling.units`).

    Each column is headed by the text ``column.NAME``; the index is not shown.
    """

    caption: Message
    frame: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One part of what is told of a plan.

    Attributes
    ----------
    title
        Its heading.
    sentences
        What it comes to, in plain words, and what the figures rest on.
    tables
        The figures.
    """

    title: Message
    sentences: tuple[Message, ...]
    tables: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it is read; ``number`` cells stand to the right."""

    text: str
    number: bool


def headings(shown: Shown, words: Words = ENGLISH) -> tuple[Cell, ...]:
    """Return the headings of a table, with the unit where the figures do not show it."""
    return tuple(
        Cell(words(f"column.{name}"), unit != TEXT) for name, unit in units_of(shown.frame).items()
    )


def rows(shown: Shown, words: Words = ENGLISH) -> tuple[tuple[Cell, ...], ...]:
    """Return the cells of a table, row by row."""
    units = list(units_of(shown.frame).values())
    return tuple(
        tuple(cell(value, unit, words) for value, unit in zip(row, units, strict=True))
        for row in shown.frame.itertuples(index=False, name=None)
    )


def cell(value: object, unit: str, words: Words = ENGLISH) -> Cell:
    """Return a value as it is read: a share in percent, dollars to the cent, a dash for none."""
    if unit == TEXT:
        return Cell(_text(value, words), number=False)
    if isinstance(value, Message):
        return Cell(words.say(value), number=True)
    if not isinstance(value, int | float) or pd.isna(value):
        return Cell(words("figure.none"), number=True)
    return Cell(words.number(value, number_form(value, unit)), number=True)


def _text(value: object, words: Words) -> str:
    if isinstance(value, Message):
        return words.say(value)
    if isinstance(value, bool):
        return words("cell.yes" if value else "cell.no")
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN


def sections_html(sections: tuple[Section, ...], words: Words = ENGLISH) -> str:
    """Return sections as a piece of HTML for a notebook; every text is neutralised."""
    return "".join(_section_html(section, words) for section in sections)


def _section_html(section: Section, words: Words) -> str:
    tables = (
        f"<p><b>{escape(words.say(shown.caption))}</b></p>{_table_html(shown, words)}"
        for shown in section.tables
    )
    sentences = (f"<p>{escape(words.say(sentence))}</p>" for sentence in section.sentences)
    return "".join((f"<h4>{escape(words.say(section.title))}</h4>", *tables, *sentences))


def _table_html(shown: Shown, words: Words) -> str:
    def line(tag: str, cells: tuple[Cell, ...]) -> str:
        side = {True: "right", False: "left"}
        told = (
            f'<{tag} style="text-align: {side[cell.number]}">{escape(cell.text)}</{tag}>'
            for cell in cells
        )
        return f"<tr>{''.join(told)}</tr>"

    body = "".join(line("td", row) for row in rows(shown, words))
    return (
        f"<table><thead>{line('th', headings(shown, words))}</thead><tbody>{body}</tbody></table>"
    )
