"""What several readings of one plan agree on: where they differ, a reader is told nothing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from feeder.language import Message
from feeder.telling.sections import Section, Shown, rows
from feeder.telling.units import TEXT, units_of, with_units

NOT_SHOWN = Message("figure.not_shown")
"""Stands in a table for a figure that may not be told."""


def agreed(sections: tuple[Section, ...], *others: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return sections without what other readings of the same plan tell otherwise.

    Parameters
    ----------
    sections
        As they are told in one reading.
    others
        The same sections in other readings.

    Returns
    -------
    The sections with only those sentences that all tell, and with :data:`NOT_SHOWN` for each
    figure that is another one anywhere, to the digits that are shown. A table whose rows are not
    the same everywhere is left out.
    """
    if not others:
        return sections
    if any(len(one) != len(sections) for one in others):
        return ()
    return tuple(_section(*same) for same in zip(sections, *others, strict=True))


def _section(first: Section, *others: Section) -> Section:
    everywhere = [{str(said) for said in one.sentences} for one in others]
    sentences = [said for said in first.sentences if all(str(said) in one for one in everywhere)]
    tables = []
    for place, shown in enumerate(first.tables):
        same = [one.tables[place] for one in others if len(one.tables) > place]
        if len(same) == len(others) and all(_same_rows(shown, one) for one in same):
            tables.append(_table(shown, same))
    if len(sentences) < len(first.sentences) or len(tables) < len(first.tables):
        sentences.append(Message("report.not_told"))
    return replace(first, sentences=tuple(sentences), tables=tuple(tables))


def _same_rows(one: Shown, other: Shown) -> bool:
    texts = [name for name, unit in units_of(one.frame).items() if unit == TEXT]
    if list(one.frame.columns) != list(other.frame.columns) or len(one.frame) != len(other.frame):
        return False
    return (
        one.frame[texts].map(str).to_numpy().tolist()
        == other.frame[texts].map(str).to_numpy().tolist()
    )


def _table(shown: Shown, others: list[Shown]) -> Shown:
    told = [rows(one) for one in (shown, *others)]
    values = [
        [
            value if len({cell.text for cell in same}) == 1 else NOT_SHOWN
            for value, same in zip(row, zip(*cells, strict=True), strict=True)
        ]
        for row, cells in zip(
            shown.frame.itertuples(index=False, name=None), zip(*told, strict=True), strict=True
        )
    ]
    frame = pd.DataFrame(values, shown.frame.index, shown.frame.columns, dtype=object)
    return replace(shown, frame=with_units(frame, units_of(shown.frame)))
