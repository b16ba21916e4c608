"""What stands for what: a shape for every level, a line for every flow, and the key to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from feeder.district.model import LEVELS
from feeder.language import Words
from feeder.network.graph import FloatArray
from feeder.planning.colors import ink_on
from feeder.render.packet.ground import View
from feeder.render.packet.lettering import width
from feeder.render.packet.paper import INK, SOFT, Box, Sheet, middle, outline, polyline
from feeder.render.page.payload import WIDTH_BREAKS

if TYPE_CHECKING:
    from matplotlib.path import Path

GREY: Final = "#E9ECEF"
"""Land that is not the map's subject."""
SEAM: Final = "#FFFFFF"
"""Borders between tiles."""
FLOW: Final = "#2F3E4C"
CROSSING: Final = "#9C2A2A"
"""Flows that leave a community; dashed and bowed as well."""
WIDTHS: Final = (0.5, 0.9, 1.5, 2.4, 3.6)
"""Points: width of a flow's line by the number of WIDTH_BREAKS that its students reach."""
DASH: Final = (4.0, 2.5)
"""Points on and off; matplotlib scales it by the line's width."""
_INSIDE: Final = 2.4
"""Points: width of the line inside a border."""
_INSIDE_DASH: Final = (1.4, 1.0)
KEY_ROW: Final = 10.5
_KEY_SIZE: Final = 6.6
_LINES: Final = ("inside", "across")
_SWATCH: Final = (9.0, 20.0)
_BOW: Final = 0.14
_CORNERS: Final[Mapping[str, tuple[tuple[float, float], ...]]] = MappingProxyType(
    {
        "middle": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        "high": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
        "span": ((-0.55, -0.98), (0.55, -0.98), (1.1, 0), (0.55, 0.98), (-0.55, 0.98), (-1.1, 0)),
        "other": ((0, -1.25), (1.2, 0.85), (-1.2, 0.85)),
    }
)
"""Shapes around the origin for a radius of 1; an elementary school is a circle."""
_CIRCLE: Final = tuple((np.cos(turn), np.sin(turn)) for turn in np.arange(24) * np.pi / 12)


def mark(level: str, x: float, y: float, radius: float) -> Path:
    """Return the shape of a level around a place."""
    return marks(level, np.array([[x, y]]), radius)


def marks(level: str, at: FloatArray, radius: float) -> Path:
    """Return the shapes of one level around places, shape (n, 2), as one path."""
    corners = radius * np.array(_CORNERS.get(level, _CIRCLE))
    rings = shapely.linearrings(at[:, None, :] + corners[None, :, :])
    return outline(np.asarray(shapely.polygons(rings), dtype=object))


def flow_width(students: float) -> float:
    """Return the width of a flow's line in points."""
    return WIDTHS[int(np.digitize(students, WIDTH_BREAKS))]


def bowed(start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the line of a flow that crosses a border, shape (n, 2): bowed to its left."""
    across = np.array([end[1] - start[1], start[0] - end[0]])
    handle = (start + end) / 2 + _BOW * across
    t = np.linspace(0, 1, 17)[:, None]
    found: FloatArray = (1 - t) ** 2 * start + 2 * t * (1 - t) * handle + t**2 * end
    return found


def key(sheet: Sheet, box: Box, words: Words, levels: Iterable[str]) -> None:
    """Draw the key to levels and flows in rows from the top of a box, which may end lower."""
    for kind, text, x, row in _entries(words, levels, box.width):
        y = box.top + (row + 0.5) * KEY_ROW
        _sample(sheet, kind, box.left + x, y)
        at = box.left + x + _SWATCH[kind in _LINES] + 4
        sheet.text(at, middle(y, _KEY_SIZE), text, size=_KEY_SIZE, color=SOFT, role="key")


def key_height(words: Words, levels: Iterable[str], room: float) -> float:
    """Return how high :func:`key` stands, in points."""
    return KEY_ROW * (1 + max(row for *_, row in _entries(words, levels, room)))


def _entries(words: Words, levels: Iterable[str], room: float) -> list[tuple[str, str, float, int]]:
    """Return what the key tells: its kind, its words, where it begins and in which row."""
    present = set(levels)
    told = [(one, words(f"level.{one}", n=2)) for one in map(str, LEVELS) if one in present]
    told += [(kind, words(f"packet.flow.{kind}")) for kind in _LINES]
    found, x, row = list[tuple[str, str, float, int]](), 0.0, 0
    for kind, text in told:
        long = _SWATCH[kind in _LINES] + 4 + width(text, _KEY_SIZE)
        if x > 0 and x + long > room:
            x, row = 0.0, row + 1
        found.append((kind, text, x, row))
        x += long + 13
    return found


def _sample(sheet: Sheet, kind: str, x: float, y: float) -> None:
    if kind == "inside":
        sheet.draw(polyline(np.array([[x, y], [x + 20, y]])), line=FLOW, width=WIDTHS[2])
    elif kind == "across":
        path = bowed(np.array([x + 20.0, y + 1.5]), np.array([x, y + 1.5]))
        sheet.draw(polyline(path), line=CROSSING, width=WIDTHS[2], dash=DASH)
    else:
        sheet.draw(mark(kind, x + 4, y, 3.4), fill="#FFFFFF", line=INK, width=0.8)


def compass(sheet: Sheet, view: View, right: float, y: float, words: Words) -> None:
    """Draw a scale bar and a north arrow whose right end stands at ``right``, centered at ``y``."""
    _arrow(sheet, right - 4, y, words)
    length, text = _bar(view, words)
    end = right - 18
    start = end - length
    sheet.draw(polyline(np.array([[start, y + 3], [end, y + 3]])), line=INK, width=1.2)
    for at in (start, end):
        sheet.draw(polyline(np.array([[at, y], [at, y + 6]])), line=INK, width=0.8)
    sheet.text((start + end) / 2, y - 1, text, size=6.5, color=INK, align="center", role="scale")


def _bar(view: View, words: Words) -> tuple[float, str]:
    """Return the length in points of a round number of kilometres, and its words."""
    most = 70 * view.metres / 1_000
    power = 10.0 ** np.floor(np.log10(most))
    km = max(step * power for step in (1, 2, 5) if step * power <= most)
    return 1_000 * km / view.metres, words(
        "packet.km", x=words.number(km, f",.{1 if km < 1 else 0}f")
    )


def _arrow(sheet: Sheet, x: float, y: float, words: Words) -> None:
    head = np.array([[x, y - 8], [x + 3.6, y + 2], [x, y - 0.6], [x - 3.6, y + 2]])
    sheet.draw(polyline(head, closed=True), fill=INK)
    sheet.text(x, y + 8.6, words("packet.north"), size=6.5, bold=True, align="center", role="scale")


def swatch(sheet: Sheet, box: Box, number: int, color: str | None, size: float) -> None:
    """Draw a community's number on its color; on white where it has no land."""
    sheet.box(box, fill=color or "#FFFFFF", line=INK, width=0.5)
    sheet.text(
        box.left + box.width / 2,
        middle(box.top + box.height / 2, size),
        str(number),
        size=size,
        bold=True,
        color=ink_on(color or "#FFFFFF"),
        align="center",
        role="number",
    )


def dashes(sheet: Sheet, land: Path) -> None:
    """Draw the dashed line inside a border that tells a community from others of its lightness."""
    sheet.draw(land, line=INK, width=2 * _INSIDE, dash=_INSIDE_DASH, within=land)
