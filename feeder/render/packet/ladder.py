"""The feeder ladder of a community: its schools from kindergarten to graduation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from feeder.network.graph import FloatArray, IntArray
from feeder.render.packet.data import PacketData
from feeder.render.packet.lettering import fitted, width
from feeder.render.packet.paper import INK, SOFT, Box, Sheet, curve, middle
from feeder.render.packet.symbols import FLOW, WIDTHS, flow_width, mark
from feeder.render.spoken import RUNGS

PITCH: Final = 11.5
"""Most points from one school to the next."""
NAMED: Final = 7.2
"""Least pitch at which names can be read; below it schools stand by number alone."""
LEAST: Final = 4.6
"""Least pitch at which numbers can be read; below it there is no ladder."""
HEAD: Final = 14.0
_LOOSEST: Final = 4.0
"""Most room from one school to the next in a short column, in pitches of the longest."""
_LATE: Final = 5
"""A span that begins in this grade or later stands with the middle schools."""
_WIDE: Final = 0.265
"""Width of a column, as a share of the ladder's."""


def rungs(data: PacketData, members: IntArray) -> list[IntArray]:
    """Return the schools of each column; spans stand where they begin, others nowhere."""
    level = data.schools["level"].to_numpy(dtype=object)[members]
    first = data.schools["first"].to_numpy(np.int64)[members]
    column = np.array([RUNGS.index(one) if one in RUNGS else -1 for one in level], dtype=np.int64)
    span = level == "span"
    column[span] = np.where(first[span] >= _LATE, 1, 0)
    return [members[column == k] for k in range(len(RUNGS))]


def height_wanted(data: PacketData, members: IntArray) -> float:
    """Return how high the ladder would best be, in points."""
    return HEAD + PITCH * max((len(column) for column in rungs(data, members)), default=0)


def ladder(
    sheet: Sheet, data: PacketData, members: IntArray, number: Mapping[int, int], box: Box
) -> None:
    """Draw the ladder into a box, schools named where names can be read, numbered always."""
    columns = rungs(data, members)
    most = max((len(column) for column in columns), default=0)
    pitch = min(PITCH, (box.height - HEAD) / max(most, 1))
    if not most:
        return
    if pitch < LEAST:
        text = data.words("packet.ladder_too_long")
        sheet.text(box.left, box.top + HEAD, text, size=7, color=SOFT, room=box.width)
        return
    wide = _WIDE * box.width if pitch >= NAMED else 34.0
    gap = (box.width - 3 * wide) / 2
    size = min(7.0, pitch * 0.72) if pitch >= NAMED else min(6.0, pitch)
    at: dict[int, tuple[float, float, float]] = {}
    for k, column in enumerate(columns):
        left = box.left + k * (wide + gap)
        sheet.text(
            left,
            box.top + 8,
            data.words(f"packet.rung.{RUNGS[k]}"),
            size=7,
            color=SOFT,
            room=wide,
            role="head",
        )
        step = min(_LOOSEST * pitch, most * pitch / max(len(column), 1))
        first = box.top + HEAD + (most * pitch - len(column) * step) / 2
        for place, school in enumerate(column.tolist()):
            text = _text(data, school, number[school], wide - 10, size, named=pitch >= NAMED)
            right = left + 10 + width(text, size)
            at[school] = (left, right + 3, first + (place + 0.5) * step)
    _flows(sheet, data, at)
    for school, (left, right, y) in at.items():
        sheet.box(Box(left - 2, y - 0.46 * pitch, right - left + 2, 0.92 * pitch), fill="#FFFFFF")
        level = data.schools["level"].iloc[school]
        sheet.draw(
            mark(level, left + 3, y, min(2.6, 0.36 * pitch)), fill="#FFFFFF", line=INK, width=0.7
        )
        text = _text(data, school, number[school], wide - 10, size, named=pitch >= NAMED)
        sheet.text(left + 8, middle(y, size), text, size=size, role="rung")


def _text(
    data: PacketData, school: int, number: int, room: float, size: float, *, named: bool
) -> str:
    text = f"{number} {data.schools['name'].iloc[school]}" if named else str(number)
    return fitted(text, room, size)


def _flows(sheet: Sheet, data: PacketData, at: Mapping[int, tuple[float, float, float]]) -> None:
    """Draw the flows between schools of the ladder, thin ones last so that all are seen."""
    graph = data.plan.network.graph
    inner = np.isin(graph.flow_from, list(at)) & np.isin(graph.flow_to, list(at))
    rows = np.flatnonzero(inner)
    rows = rows[np.argsort(-graph.flow_students[rows], kind="stable")]
    for row in rows.tolist():
        sender, receiver = at[int(graph.flow_from[row])], at[int(graph.flow_to[row])]
        wide = flow_width(float(graph.flow_students[row]))
        faint = wide == WIDTHS[0]
        sheet.draw(
            curve(*_handles(sender, receiver)), line=FLOW, width=wide, alpha=0.45 if faint else 0.7
        )


def _handles(
    sender: tuple[float, float, float], receiver: tuple[float, float, float]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return a line from right edge to left edge; within a column it bows out to the right."""
    start, end = np.array([sender[1], sender[2]]), np.array([receiver[0] - 2, receiver[2]])
    if receiver[0] <= sender[0]:
        end = np.array([receiver[1], receiver[2]])
        out = max(start[0], end[0]) + 22
        return start, np.array([out, start[1]]), np.array([out, end[1]]), end
    bend = np.array([0.45 * (end[0] - start[0]), 0.0])
    return start, start + bend, end - bend, end
