"""The district's pages: the plan's figures, its promises, and a table of its communities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from feeder.render.packet.data import PacketData
from feeder.render.packet.figures import land
from feeder.render.packet.lettering import wrapped
from feeder.render.packet.paper import INK, SOFT, Box, Sheet, middle, polyline
from feeder.render.packet.symbols import lighter, swatch
from feeder.telling.figures import community_figures, community_shares, figures, promises
from feeder.terms import OF_FLOWS, TERMS

MOST_BROKEN: Final = 6
"""Sentences of one broken promise that are told; the rest is counted."""
_SIZE: Final = 8.2
_STEP: Final = 10.6
_ROW: Final = 13.0
_CELL: Final = 7.4
_LINE: Final = 8.8
"""Size of the table's text, and the step to the next line of a cell that is too wide."""
_WIDTHS: Final[Mapping[str, float]] = {"deviation": 0.115, "enrollment": 0.1, "land": 0.11}
_WIDTH: Final = 0.105
"""Widths of the table's columns, as shares of its own; names have what is left."""


class _Flow:
    """Pages filled from the top; a new one begins where the last is full."""

    def __init__(self, data: PacketData) -> None:
        self.data = data
        self.sheets: list[Sheet] = []
        self.turn()

    def turn(self) -> None:
        """Begin a new page."""
        self.sheets.append(Sheet(self.data.paper))
        self.y = self.sheet.body.top

    @property
    def sheet(self) -> Sheet:
        """The page that is being filled."""
        return self.sheets[-1]

    def room(self, height: float) -> None:
        """Make sure that so much fits on the page; a heading takes what follows it along."""
        if self.y + height > self.sheet.body.bottom and self.y > self.sheet.body.top:
            self.turn()

    def heading(self, key: str, keep: float) -> None:
        """Write a heading that stays with the next ``keep`` points."""
        self.room(30 + keep)
        if self.y > self.sheet.body.top:
            self.y += 14
        body = self.sheet.body
        self.sheet.text(body.left, self.y + 12, self.data.words(key), size=13, bold=True)
        self.y += 22


def district_pages(data: PacketData) -> list[Sheet]:
    """Return the pages that come before the communities'."""
    flow = _Flow(data)
    _figures(flow)
    _promises(flow)
    _table(flow)
    return flow.sheets


def _figures(flow: _Flow) -> None:
    words, body = flow.data.words, flow.sheet.body
    data = flow.data
    rows = [row for row in figures(data.plan, data.card, words) if row["main"]]
    has_today = any("today" in row for row in rows)
    flow.heading("packet.figures", 40)
    middle_x, right = body.left + 0.76 * body.width, body.right
    heads = [(middle_x, "packet.plan"), *([(right, "packet.today")] if has_today else [])]
    for x, name in heads:
        flow.sheet.text(x, flow.y + 6, words(name), size=7.2, colour=SOFT, align="right")
    flow.y += 10
    for row in rows:
        lines = wrapped(row["label"], 0.56 * body.width, _SIZE)
        note = [words("packet.range", range=row["range"])] if "range" in row else []
        flow.room(len(lines) * _STEP + len(note) * 9 + 5)
        flow.sheet.rule(body.left, flow.y, body.width)
        y = flow.y + 11
        flow.sheet.text(middle_x, y, row["text"], size=9.5, bold=True, align="right", role="figure")
        flow.sheet.text(right, y, row.get("today", ""), size=_SIZE, align="right", role="figure")
        y = flow.sheet.lines(body.left, y, lines, size=_SIZE, step=_STEP, role="figure")
        y = flow.sheet.lines(body.left, y - 1, note, size=7, step=9, colour=SOFT, role="figure")
        flow.y = y - _STEP + 5.5
    flow.y += 4


def _promises(flow: _Flow) -> None:
    words = flow.data.words
    flow.heading("packet.promises", 30)
    for promise in promises(flow.data.card, words):
        kept, broken = promise["kept"], promise["violations"]
        told = [*broken[:MOST_BROKEN]]
        if len(broken) > MOST_BROKEN:
            told.append(words("packet.more_broken", n=len(broken) - MOST_BROKEN))
        body = flow.sheet.body
        lines = [*wrapped(promise["text"], body.width - 72, _SIZE)]
        flow.room(len(lines) * _STEP + 4)
        verdict = words("packet.kept" if kept else "packet.broken")
        _tick(flow.sheet, body.left + 4, flow.y + 6, kept=kept)
        flow.sheet.text(body.left + 12, flow.y + 9, verdict, size=_SIZE, bold=not kept, room=56)
        flow.y = flow.sheet.lines(body.left + 72, flow.y + 9, lines, size=_SIZE, step=_STEP) - 5.6
        for one in told:
            some = [*wrapped(one, body.width - 84, 7.4, most=4)]
            flow.room(len(some) * 9.4 + 2)
            flow.y = flow.sheet.lines(body.left + 84, flow.y + 8, some, size=7.4, step=9.4) - 7


def _tick(sheet: Sheet, x: float, y: float, *, kept: bool) -> None:
    """Draw a tick or a cross."""
    import numpy as np

    if kept:
        strokes = [[[x - 3, y], [x - 1, y + 2.4], [x + 3, y - 3]]]
    else:
        strokes = [
            [[x - 2.6, y - 2.6], [x + 2.6, y + 2.6]],
            [[x - 2.6, y + 2.6], [x + 2.6, y - 2.6]],
        ]
    for stroke in strokes:
        sheet.draw(polyline(np.array(stroke)), line=INK, width=1.4)


def _table(flow: _Flow) -> None:
    data = flow.data
    flow.heading("packet.communities", 3 * _ROW)
    _table_head(flow)
    columns, names = community_figures(data.plan, data.card, data.words), _columns(data)
    edges = _edges(names)
    for k, name in enumerate(data.plan.community_names):
        cells = [
            data.about(columns[column][k]) if column in OF_FLOWS else str(columns[column][k])
            for column in names
        ]
        cells[-1] = land(data, k, cells[-1])
        body = flow.sheet.body
        lines = [
            wrapped(cell, (right - left) * body.width - 4, _CELL)
            for cell, left, right in zip(cells, edges, edges[1:], strict=False)
        ]
        high = _ROW + _LINE * (max(map(len, lines)) - 1)
        if flow.y + high > body.bottom:
            flow.turn()
            _table_head(flow)
        body, y = flow.sheet.body, flow.y
        flow.sheet.rule(body.left, y, body.width)
        swatch(
            flow.sheet,
            Box(body.left, y + 2, 18, _ROW - 4),
            k + 1,
            lighter(data.colours[k], 0.62),
            6.8,
        )
        room = edges[1] * body.width - 24 - 34
        base = middle(y + _ROW / 2, _CELL)
        flow.sheet.text(body.left + 24, base, name, size=_CELL, room=room, role="table")
        for share, some in zip(edges[1:], lines, strict=True):
            right = body.left + share * body.width
            flow.sheet.lines(right, base, some, size=_CELL, step=_LINE, align="right", role="table")
        flow.y += high


def _columns(data: PacketData) -> tuple[str, ...]:
    return ("schools", "enrollment", "deviation", *community_shares(data.card), "land")


def _edges(names: Sequence[str]) -> list[float]:
    """Return where the columns begin, and where the last one ends, as shares of the width."""
    edges = [1.0]
    for name in reversed(names):
        edges.insert(0, edges[0] - _WIDTHS.get(name, _WIDTH))
    return edges


def _table_head(flow: _Flow) -> None:
    body, words = flow.sheet.body, flow.data.words
    names = _columns(flow.data)
    heads = [
        words(TERMS[name].short if name in TERMS else f"packet.table.{name}") for name in names
    ]
    edges = _edges(names)
    lines = [
        wrapped(head, (right - left) * body.width - 4, 6.8, most=3)
        for head, left, right in zip(heads, edges, edges[1:], strict=False)
    ]
    high = max(map(len, lines))
    for some, right in zip(lines, edges[1:], strict=True):
        y = flow.y + 8 + 8.5 * (high - len(some))
        flow.sheet.lines(
            body.left + right * body.width,
            y,
            some,
            size=6.8,
            step=8.5,
            colour=SOFT,
            align="right",
            role="table",
        )
    flow.y += 8.5 * high + 4
