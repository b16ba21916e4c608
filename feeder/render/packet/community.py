"""One page a community: its map, its figures beside the district's, its ladder and its schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.district.model import LEVELS
from feeder.network.graph import FloatArray, IntArray
from feeder.render.packet.data import PacketData
from feeder.render.packet.figures import beside_district
from feeder.render.packet.ground import View, view
from feeder.render.packet.labels import Lettering, Taken, inside, letterings, spread
from feeder.render.packet.ladder import HEAD, height_wanted, ladder
from feeder.render.packet.lettering import CAP, LINE, fitted, width, wrapped
from feeder.render.packet.paper import INK, RULE, SOFT, Box, Sheet, middle, outline, polyline
from feeder.render.packet.symbols import (
    CROSSING,
    DASH,
    FLOW,
    GREY,
    SEAM,
    bowed,
    compass,
    dashes,
    flow_width,
    key,
    key_height,
    mark,
    swatch,
)
from feeder.render.page.payload import SHARE_STEP
from feeder.telling.figures import range_text, students_amount

MOST_LISTED: Final = 75
"""Schools that a page lists; more go on a page of their own."""
LEAST_STUDENTS: Final = 5.0
"""Students a year under which the map draws no line."""
RADII: Final = (6.4, 5.6, 4.8, 4.0)
"""Radii of the numbered symbols, tried one after the other."""
_FIGURES: Final = 192.0
_GAP: Final = 14.0
_COMPASS: Final = 120.0
_LEAST_MAP: Final = 200.0


@dataclass(frozen=True, slots=True)
class Listing:
    """How the schools are listed: columns, height of a row and size of the text."""

    columns: int
    row: float
    size: float
    rows: int

    @property
    def height(self) -> float:
        """Height of the list with its head, in points."""
        return (self.rows + 1) * self.row + 4


def community_page(data: PacketData, community: int) -> list[Sheet]:
    """Return the page of one community, and one more for its schools where they are too many."""
    sheet = Sheet(data.paper)
    members = data.members(community)
    number = {school: place for place, school in enumerate(members.tolist(), start=1)}
    top = _head(sheet, data, community, len(members))
    body = sheet.body
    listed = len(members) <= MOST_LISTED
    listing = _listing(data, members)
    low = body.bottom - (listing.height if listed else 0.0)
    levels = set(data.schools["level"].iloc[members])
    strip = 6 + max(key_height(data.words, levels, _key_room(sheet)), 16.0)
    room = low - top - _GAP - (strip + _LEAST_MAP)
    rungs = min(height_wanted(data, members), max(room - _GAP, HEAD))
    rows = beside_district(data, community)
    window = Box(body.left, top, body.width - _FIGURES - _GAP, low - top - rungs - 2 * _GAP - strip)
    _map(sheet, data, community, members, number, window)
    _figures(sheet, data, rows, Box(window.right + _GAP, top, _FIGURES, window.height))
    ladder(sheet, data, members, number, Box(body.left, low - rungs - _GAP, body.width, rungs))
    if listed:
        _list(
            sheet, data, members, number, listing, Box(body.left, low, body.width, listing.height)
        )
        return [sheet]
    return [sheet, *lists(data, members, data.plan.communities[community].label)]


def lists(data: PacketData, members: IntArray, title: str) -> list[Sheet]:
    """Return pages that list schools under a title."""
    found = []
    number = {school: place for place, school in enumerate(members.tolist(), start=1)}
    for start in range(0, len(members), 2 * MOST_LISTED):
        sheet = Sheet(data.paper)
        body = sheet.body
        sheet.text(body.left, body.top + 14, title, size=15, bold=True, room=body.width)
        some = members[start : start + 2 * MOST_LISTED]
        listing = _listing(data, some)
        _list(sheet, data, some, number, listing, Box(body.left, body.top + 26, body.width, 0))
        found.append(sheet)
    return found


def _head(sheet: Sheet, data: PacketData, community: int, n: int) -> float:
    """Write the community's name; return where the map may begin."""
    body, words, one = sheet.body, data.words, data.plan.communities[community]
    swatch(sheet, Box(body.left, body.top, 28, 22), one.number, one.color, 13)
    sheet.text(
        body.left + 36,
        body.top + 17,
        one.name,
        size=16,
        bold=True,
        room=body.width - 36,
        role="title",
    )
    low, high = (int(end.iloc[community]) for end in data.card.ends("enrollment"))
    students = students_amount(low, high)
    facts = words("packet.community_facts", n=n, students=students, place=data.place)
    sheet.text(body.left, body.top + 36, facts, size=8.5, color=SOFT, room=body.width)
    return body.top + 46


def _map(
    sheet: Sheet,
    data: PacketData,
    community: int,
    members: IntArray,
    number: Mapping[int, int],
    window: Box,
) -> None:
    """Draw own tiles in color, neighbours grey and named, flows, and the schools by number."""
    ground = data.ground
    seen = view(ground.bounds_of(community, members), window)
    others = ground.tiles[ground.tile_home != community]
    sheet.draw(outline(seen.shapes(others)), fill=GREY, line=SEAM, width=0.4)
    neighbours = {
        k: shape
        for k, land in enumerate(ground.land)
        if k != community and not (shape := seen.shape(land)).is_empty
    }
    sheet.draw(outline(np.array([*neighbours.values()], dtype=object)), line="#9AA5AE", width=0.7)
    own = ground.tiles[ground.tile_home == community]
    sheet.draw(
        outline(seen.shapes(own)),
        fill=data.plan.communities[community].color,
        line=SEAM,
        width=0.6,
    )
    land = outline(np.array([seen.shape(ground.land[community])]))
    if data.plan.communities[community].dashed:
        dashes(sheet, land)
    sheet.draw(land, line=INK, width=1.3)
    real = seen.points(ground.points[members])
    stand, radius = _standing(data, members, real, window)
    _flows(sheet, data, members, stand, seen)
    taken = Taken()
    for (x, y), r in zip(stand.tolist(), radius.tolist(), strict=True):
        taken.take(Box(x - r, y - r, 2 * r, 2 * r))
    _neighbours(sheet, data, neighbours, taken)
    _schools(sheet, data, members, number, real, stand, radius)
    sheet.box(window, line=RULE, width=0.6)
    y = window.bottom + 11
    compass(sheet, seen, sheet.body.right, y, data.words)
    levels = set(data.schools["level"].iloc[members])
    key(sheet, Box(window.left, y - 7, _key_room(sheet), 0), data.words, levels)


def _key_room(sheet: Sheet) -> float:
    """Width of the key below the map: what the scale bar leaves."""
    return sheet.body.width - _COMPASS


def _standing(
    data: PacketData, members: IntArray, real: FloatArray, window: Box
) -> tuple[FloatArray, FloatArray]:
    """Return where the symbols stand, apart from each other, and their radii."""
    level = data.schools["level"].to_numpy(dtype=object)[members]
    factor = np.where(level == "elementary", 1.0, 1.08)
    for size in RADII:
        radius = size * factor
        stand, apart = spread(real, 1.22 * radius, window)
        if apart:
            break
    return stand, radius


def _schools(
    sheet: Sheet,
    data: PacketData,
    members: IntArray,
    number: Mapping[int, int],
    real: FloatArray,
    stand: FloatArray,
    radius: FloatArray,
) -> None:
    """Draw each school's symbol with its number, and a line to its place where it was moved."""
    for at, here in zip(real, stand, strict=True):
        if np.hypot(*(at - here)) > 2.0:  # noqa: PLR2004 - points: nobody sees less
            sheet.draw(polyline(np.array([at, here])), line=INK, width=0.5)
            sheet.draw(mark("elementary", at[0], at[1], 0.9), fill=INK)
    for school, (x, y), r in zip(members.tolist(), stand.tolist(), radius.tolist(), strict=True):
        level = data.schools["level"].iloc[school]
        sheet.draw(mark(level, x, y, r), fill="#FFFFFF", line=INK, width=0.9)
        text = str(number[school])
        size = min(1.12 * r, 1.5 * r / width(text, 1.0))
        low = 0.18 * r if level == "other" else 0.0
        sheet.text(
            x, middle(y + low, size), text, size=size, bold=True, align="center", role="mark"
        )


def _flows(
    sheet: Sheet, data: PacketData, members: IntArray, stand: FloatArray, seen: View
) -> None:
    """Draw flows inside straight and solid, flows across the border bowed and dashed."""
    graph, ground = data.plan.network.graph, data.ground
    at = seen.points(ground.points)
    at[members] = stand
    home = np.isin(np.arange(len(at)), members)
    start, end = home[graph.flow_from], home[graph.flow_to]
    rows = np.flatnonzero((start | end) & (graph.flow_students >= LEAST_STUDENTS))
    rows = rows[np.argsort(-graph.flow_students[rows], kind="stable")]
    frame = shapely.box(seen.box.left, seen.box.top, seen.box.right, seen.box.bottom)
    for row in rows[np.argsort((start & end)[rows], kind="stable")].tolist():
        sender, receiver = at[graph.flow_from[row]], at[graph.flow_to[row]]
        wide = flow_width(float(graph.flow_students[row]))
        if start[row] and end[row]:
            sheet.draw(polyline(np.array([sender, receiver])), line=FLOW, width=wide, alpha=0.75)
        else:
            cut = shapely.intersection(shapely.LineString(bowed(sender, receiver)), frame)
            sheet.draw(outline(np.array([cut])), line=CROSSING, width=wide, dash=DASH, alpha=0.6)


def _neighbours(
    sheet: Sheet, data: PacketData, shapes: Mapping[int, BaseGeometry], taken: Taken
) -> None:
    """Name the neighbours where their names fit, else number them as on the first page."""
    nobody = np.empty((0, 2))
    for k, shape in shapes.items():
        one = data.plan.communities[k]
        ways = [
            *letterings(one.label, (7.5, 6.5), room=120.0),
            Lettering((str(one.number),), 6.5),
        ]
        label = inside(shape, ways, taken, nobody)
        if label is None:
            continue
        box, way = label.box, label.lettering
        y = box.top + (box.height - way.height) / 2 + CAP * way.size
        sheet.box(box, fill=GREY, alpha=0.8)
        sheet.lines(
            box.left + box.width / 2,
            y,
            way.lines,
            size=way.size,
            step=LINE * way.size,
            align="center",
            color=SOFT,
            role="label",
        )


def _figures(sheet: Sheet, data: PacketData, rows: list[tuple[str, str, str]], box: Box) -> None:
    """Write the community's figures beside the district's."""
    words, size = data.words, 7.2
    columns = (box.right - 62, box.right)
    y = box.top + 7
    heads = (words("packet.here"), words("packet.district"))
    for x, head in zip(columns, heads, strict=True):
        sheet.text(x, y, head, size=6.6, color=SOFT, align="right", room=60)
    y += 5
    for label, here, there in rows:
        own, whole = wrapped(here, 62, size, bold=True), wrapped(there, 58, size)
        room = columns[0] - box.left - 4 - max(26, *(width(one, size, bold=True) for one in own))
        lines = wrapped(label, room, size, most=3)
        step, n = size * 1.2, max(len(lines), len(own), len(whole))
        if y + n * step + 6 > box.bottom:
            break
        sheet.rule(box.left, y, box.width)
        write = partial(sheet.lines, size=size, step=step, role="figure")
        write(columns[0], y + 10, own, bold=True, align="right")
        write(columns[1], y + 10, whole, align="right")
        write(box.left, y + 10, lines)
        y += 10 + (n - 1) * step + 5


def _listing(data: PacketData, members: IntArray) -> Listing:
    headings = data.schools["level"].iloc[members].nunique()
    count = len(members) + headings
    columns, row, size = (2, 9.8, 7.2) if len(members) <= 36 else (3, 8.5, 6.2)  # noqa: PLR2004
    if len(members) > MOST_LISTED:
        columns, row, size = 3, 10.5, 6.2
    return Listing(columns, row, size, -(-count // columns) + 1)


def _list(
    sheet: Sheet,
    data: PacketData,
    members: IntArray,
    number: Mapping[int, int],
    listing: Listing,
    box: Box,
) -> None:
    """List the schools by level: number, name, grades, students and how many stay."""
    wide = (box.width - (listing.columns - 1) * _GAP) / listing.columns
    lines = _lines(data, members, number, listing.rows)
    row, size = listing.row, listing.size
    at = _columns(wide, size, lines)
    for column in range(listing.columns):
        some = lines[column * listing.rows : (column + 1) * listing.rows]
        if not some:
            break
        left = box.left + column * (wide + _GAP)
        _list_head(sheet, data, left, box.top + row, at, size - 1.0)
        sheet.rule(left, box.top + row + 3, wide)
        for place, cells in enumerate(some):
            y = box.top + (place + 2) * row + 2
            if len(cells) == 1:
                sheet.text(left, y, cells[0], size=size, bold=True, room=wide, role="level")
                continue
            _row(sheet, cells, left, y, at, size)


def _lines(
    data: PacketData, members: IntArray, number: Mapping[int, int], rows: int
) -> list[tuple[str, ...]]:
    """Return the rows of the list: one text is the heading of a level."""
    words, found = data.words, list[tuple[str, ...]]()
    level = data.schools["level"].to_numpy(dtype=object)
    for one in LEVELS:
        if found and len(found) % rows == rows - 1:
            found.append(("",))  # a heading never ends a column
        group = [school for school in members.tolist() if level[school] == one]
        if group:
            found.append((words(f"level.{one}", n=2),))
        for school in group:
            row = data.schools.iloc[school]
            found.append(
                (
                    str(number[school]),
                    str(row["name"]),
                    str(row["grades"]),
                    data.students(school),
                    _stay(data, school),
                )
            )
    return found


def _stay(data: PacketData, school: int) -> str:
    """Return the share of a school's pupils that stay; rounded where it is an estimate."""
    low, high = (float(end[school]) for end in data.stays)
    if not np.isfinite(low):
        return ""
    if data.rough:
        step = SHARE_STEP / 100
        low, high = (round(end / step) * step for end in (low, high))
    return range_text(low, high, ".0%", data.words)


def _list_head(
    sheet: Sheet, data: PacketData, left: float, y: float, at: Sequence[float], size: float
) -> None:
    words = data.words
    stay = words("packet.stay_about" if data.rough else "packet.stay")
    sheet.text(left + at[1], y, words("packet.grades"), size=size, color=SOFT, align="right")
    sheet.text(left + at[2], y, words("packet.students"), size=size, color=SOFT, align="right")
    sheet.text(left + at[3], y, stay, size=size, color=SOFT, align="right")


def _row(
    sheet: Sheet, cells: tuple[str, ...], left: float, y: float, at: Sequence[float], size: float
) -> None:
    number, name, grades, students, stays = cells
    grades = fitted(grades, 6.2 * size, size)
    sheet.text(left + 12, y, number, size=size, align="right", role="list")
    room = at[1] - 16 - max(width(grades, size), 3.4 * size) - 4
    sheet.text(left + 16, y, name, size=size, room=room, role="list")
    for x, text in zip(at[1:], (grades, students, stays), strict=True):
        sheet.text(left + x, y, text, size=size, align="right", role="list")


def _columns(
    wide: float, size: float, lines: Sequence[tuple[str, ...]]
) -> tuple[float, float, float, float]:
    """Return where the name begins and where grades, students and stay end."""
    rows = [cells for cells in lines if len(cells) > 1]
    students, stay = (
        max(least * size, 0.6 * size + max((width(cells[k], size) for cells in rows), default=0.0))
        for k, least in ((3, 5.0), (4, 4.9))
    )
    return 16.0, wide - stay - students, wide - stay, wide
