"""The first page: what this is, and the whole plan on one map with its key."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from feeder.district.model import LEVELS
from feeder.network.graph import FloatArray
from feeder.render.frame import left_out
from feeder.render.packet.data import PacketData
from feeder.render.packet.ground import View, metres_to_a_point, view
from feeder.render.packet.labels import Label, Lettering, Taken, beside, inside, letterings
from feeder.render.packet.lettering import CAP, LINE, wrapped
from feeder.render.packet.paper import INK, SOFT, Box, Sheet, middle, outline, polyline
from feeder.render.packet.symbols import (
    GREY,
    SEAM,
    compass,
    dashes,
    key,
    key_height,
    marks,
    swatch,
)
from feeder.telling.figures import plan_facts

NAME_SIZES: Final = (9.5, 8.5, 7.5, 6.5)
"""Sizes at which a community's name is tried on the map."""
ROW: Final = 11.5
"""Height of a row of the key."""
_SIDE: Final = 186.0
"""Width of the key where it stands beside a tall map."""
_COLUMN: Final = 172.0
"""Least width of a column of the key where it stands below a map."""


def overview(data: PacketData) -> Sheet:
    """Return the first page."""
    sheet = Sheet(data.paper)
    top = _head(sheet, data)
    bottom = _foot(sheet, data)
    body = sheet.body
    box, key_box, columns = _layout(data, Box(body.left, top, body.width, bottom - top))
    seen = view(data.ground.bounds, box)
    _map(sheet, data, seen)
    _communities(sheet, data, key_box, columns)
    return sheet


def sources(data: PacketData) -> str:
    """Return what the flows of a plan rest on, in a sentence."""
    present = sorted(set(data.plan.network.graph.flow_source.tolist()))
    words = data.words
    told = "; ".join(words(f"source.{source}") for source in present)
    return words("report.flows", source=told) if told else words("report.flows_unknown")


def _head(sheet: Sheet, data: PacketData) -> float:
    """Write the title; return where the map may begin."""
    body, words, plan = sheet.body, data.words, data.plan
    y = body.top + 8
    sheet.text(body.left, y, words("packet.title"), size=9, color=SOFT, room=body.width)
    y = sheet.lines(
        body.left,
        y + 22,
        wrapped(data.place, body.width, 18, bold=True, most=2),
        size=18,
        step=21,
        bold=True,
        role="title",
    )
    facts = f"{plan_facts(plan, data.card, words)}."
    made = words("packet.made", plan=data.info.plan_id, date=data.info.run_date)
    notes = [facts, made, *([f"{words('report.invented')}."] if plan.district.synthetic else [])]
    for note in notes:
        for line in wrapped(note, body.width, 8.5, most=2):
            sheet.text(body.left, y - 4, line, size=8.5)
            y += 8.5 * LINE
    return y + 2


def _foot(sheet: Sheet, data: PacketData) -> float:
    """Write the key to the maps that follow, sources and what was left out; return its top."""
    body, size = sheet.body, 7.5
    notes = [
        sources(data),
        left_out(data.info.suppressed, data.words),
        data.words("packet.numbers"),
    ]
    lines = [line for note in notes if note for line in wrapped(note, body.width, size)]
    step = size * 1.3
    top = body.bottom - len(lines) * step
    sheet.lines(body.left, top + step, lines, size=size, step=step, color=SOFT)
    levels = set(data.schools["level"])
    high = key_height(data.words, levels, body.width)
    start = top - high - 9
    sheet.rule(body.left, start, body.width)
    key(sheet, Box(body.left, start + 4, body.width, high), data.words, levels)
    return start - 6


def _layout(data: PacketData, room: Box) -> tuple[Box, Box, int]:
    """Return the map's window, the key's room and its columns: whichever shows more of the land."""
    n, strip = data.plan.n_communities, 20.0
    columns = max(1, int(room.width // _COLUMN))
    rows = -(-n // columns)
    below = Box(room.left, room.bottom - rows * ROW, room.width, rows * ROW)
    wide = Box(room.left, room.top, room.width, max(below.top - room.top - strip - 6, 120.0))
    tall = Box(room.left, room.top, room.width - _SIDE - 14, room.height - strip)
    side = Box(room.right - _SIDE, room.top + 6, _SIDE, room.height)
    bounds = data.ground.bounds
    fits_beside = n * ROW <= room.height
    if fits_beside and metres_to_a_point(bounds, tall.width, tall.height) < metres_to_a_point(
        bounds, wide.width, wide.height
    ):
        return tall, side, 1
    return wide, below, columns


def _map(sheet: Sheet, data: PacketData, seen: View) -> None:
    """Draw tiles light, community borders strong, the schools small, and the labels."""
    ground = data.ground
    shapes = [seen.shape(land) for land in ground.land]
    sheet.draw(outline(seen.shapes(ground.tiles)), fill=GREY, line=SEAM, width=0.35)
    colors = data.plan.community_colors
    for color in sorted(set(colors)):
        own = [k for k, one in enumerate(colors) if one == color]
        tiles = ground.tiles[np.isin(ground.tile_home, own)]
        sheet.draw(outline(seen.shapes(tiles)), fill=color, line=SEAM, width=0.35)
    for one, shape in zip(data.plan.communities, shapes, strict=True):
        if one.dashed:
            dashes(sheet, outline(np.array([shape], dtype=object)))
    sheet.draw(outline(np.array(shapes, dtype=object)), line=INK, width=1.1)
    dots = seen.points(ground.points)
    _schools(sheet, data, dots)
    for label in labels(data, seen):
        _write(sheet, label)
    compass(sheet, seen, seen.box.right, seen.box.bottom + 11, data.words)


def labels(data: PacketData, seen: View) -> list[Label]:
    """Return the label of every community with land: its number with its name, or its number."""
    taken = Taken()
    shapes = [seen.shape(land) for land in data.ground.land]
    dots = seen.points(data.ground.points)
    found: dict[int, Label] = {}
    order = sorted(range(len(shapes)), key=lambda k: (shapely.area(shapes[k]), k))
    for k in order:
        one = data.plan.communities[k]
        room = shapely.box(*shapes[k].bounds).area ** 0.5 * 2 if not shapes[k].is_empty else 0
        ways = letterings(one.label, NAME_SIZES, room=min(room, 150.0), bold=True) if room else []
        numbers = [Lettering((str(one.number),), size, bold=True) for size in (9.0, 7.5, 6.5)]
        label = inside(shapes[k], [*ways, *numbers], taken, dots) or beside(
            shapes[k], numbers[1], taken, seen.box
        )
        if label is not None:
            found[k] = label
    return [found[k] for k in sorted(found)]


def _schools(sheet: Sheet, data: PacketData, dots: FloatArray) -> None:
    level = data.schools["level"].to_numpy(dtype=object)
    small = 1.5 if len(level) > 400 else 1.9  # noqa: PLR2004 - as many as a page can bear
    for one in LEVELS:
        sheet.draw(marks(one, dots[level == one], small), fill="#FFFFFF", line=INK, width=0.4)


def _write(sheet: Sheet, label: Label) -> None:
    """Write a label on a light ground, with a line to what it speaks of where it stands apart."""
    box, way = label.box, label.lettering
    if label.anchor is not None:
        centre = (box.left + box.width / 2, box.top + box.height / 2)
        sheet.draw(polyline(np.array([label.anchor, centre])), line=INK, width=0.5)
    sheet.box(box, fill="#FFFFFF", alpha=0.72)
    y = box.top + (box.height - way.height) / 2 + CAP * way.size
    for number, line in enumerate(way.lines):
        sheet.text(
            box.left + box.width / 2,
            y + number * LINE * way.size,
            line,
            size=way.size,
            bold=way.bold,
            align="center",
            role="label",
        )


def _communities(sheet: Sheet, data: PacketData, room: Box, columns: int) -> None:
    """Draw the key of numbers and names."""
    rows = -(-data.plan.n_communities // columns)
    wide = room.width / columns
    row = min(ROW, room.height / max(rows, 1))
    size = min(7.5, row * 0.72)
    for k, one in enumerate(data.plan.communities):
        column, place = divmod(k, rows)
        x, y = room.left + column * wide, room.top + place * row
        land = not shapely.is_empty(data.ground.land[k])
        box = Box(x, y + 0.1 * row, 17, 0.8 * row)
        swatch(sheet, box, one.number, one.color if land else None, size * 0.87)
        text = one.name if land else f"{one.name} ({data.words('packet.no_land')})"
        sheet.text(x + 22, middle(y + row / 2, size), text, size=size, room=wide - 30, role="entry")
