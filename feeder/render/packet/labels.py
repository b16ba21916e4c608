"""Labels that do not collide: names inside their land, numbers beside it, symbols side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.network.graph import BoolArray, FloatArray
from feeder.render.packet.lettering import CAP, DESCENT, LINE, width, wrapped
from feeder.render.packet.paper import Box

PLACES: Final = 17
"""Places tried along each side of an area."""
_AIR: Final = 1.2
"""Points around a label that stay free."""
_RINGS: Final = (0.0, 7.0, 11.0, 16.0, 22.0, 30.0, 40.0, 55.0, 75.0)
"""Distances in points from its area at which a number is tried."""
_TURNS: Final = 16
_GOLDEN: Final = np.pi * (3 - 5**0.5)
_MOST_ROUNDS: Final = 400


@dataclass(frozen=True, slots=True)
class Lettering:
    """Lines of one size that make a label."""

    lines: tuple[str, ...]
    size: float
    bold: bool = False

    @property
    def width(self) -> float:
        """How wide the longest line runs, in points."""
        return max(width(line, self.size, bold=self.bold) for line in self.lines)

    @property
    def height(self) -> float:
        """From the top of the first line's capitals to the last line's descenders."""
        return self.size * (CAP + DESCENT + LINE * (len(self.lines) - 1))


@dataclass(frozen=True, slots=True)
class Label:
    """A label at its place; ``anchor`` is the place it speaks of, where that is elsewhere."""

    lettering: Lettering
    box: Box
    anchor: tuple[float, float] | None = None


class Taken:
    """The room on a map that is taken, box by box."""

    def __init__(self) -> None:
        self._boxes: list[tuple[float, float, float, float]] = []

    def take(self, box: Box) -> None:
        """Take a box's room."""
        self._boxes.append((box.left, box.top, box.right, box.bottom))

    def free(self, boxes: FloatArray) -> BoolArray:
        """Shape (n,): which boxes (left, top, right, bottom) touch nothing that is taken."""
        taken = np.array(self._boxes).reshape(-1, 4)
        apart = (
            (boxes[:, None, 0] >= taken[None, :, 2])
            | (boxes[:, None, 2] <= taken[None, :, 0])
            | (boxes[:, None, 1] >= taken[None, :, 3])
            | (boxes[:, None, 3] <= taken[None, :, 1])
        )
        return np.asarray(apart.all(axis=1), dtype=np.bool_)


def letterings(
    name: str, sizes: Sequence[float], *, room: float, most: int = 3, bold: bool = False
) -> list[Lettering]:
    """Return the ways to write a whole name: largest first, then on more lines; never cut."""
    found = []
    for size in sizes:
        whole = width(name, size, bold=bold)
        for count in range(1, most + 1):
            lines = wrapped(name, min(room, 1.15 * whole / count + size), size, bold=bold)
            if len(lines) <= most and not any(line.endswith("…") for line in lines):
                found.append(Lettering(lines, size, bold))
    return list(dict.fromkeys(found))


def inside(
    shape: BaseGeometry, ways: Sequence[Lettering], taken: Taken, dots: FloatArray
) -> Label | None:
    """Return the first way to write a label that fits inside an area, where it stands best.

    Best is where it covers the fewest ``dots`` (shape (n, 2)), then deepest inside. None where
    no way fits.
    """
    piece = _largest(shape)
    if piece is None:
        return None
    shapely.prepare(piece)
    centres = _centres(piece)
    depth = shapely.distance(shapely.boundary(piece), shapely.points(centres))
    for way in ways:
        boxes = _around(centres, way)
        fits = shapely.contains(piece, shapely.box(*boxes.T)) & taken.free(boxes)
        if fits.any():
            covered = _covered(boxes, dots)
            rank = np.lexsort((-depth, covered, ~fits))
            return _label(way, boxes[rank[0]], None, taken)
    return None


def beside(shape: BaseGeometry, way: Lettering, taken: Taken, frame: Box) -> Label | None:
    """Return a label as close to the middle of an area as there is room, with its anchor."""
    piece = _largest(shape)
    if piece is None:
        return None
    middle = shapely.get_coordinates(shapely.point_on_surface(piece))[0]
    angles = np.arange(_TURNS) * 2 * np.pi / _TURNS
    turns = np.column_stack([np.cos(angles), np.sin(angles)])
    for ring in _RINGS:
        boxes = _around(middle + ring * turns, way)
        fits = taken.free(boxes) & _within(boxes, frame)
        if fits.any():
            box = boxes[int(np.argmax(fits))]
            away = ring > way.height
            return _label(way, box, (float(middle[0]), float(middle[1])) if away else None, taken)
    return None


def spread(at: FloatArray, radius: FloatArray, frame: Box) -> tuple[FloatArray, bool]:
    """Push discs apart until none covers another, all within a frame.

    Parameters
    ----------
    at
        Shape (n, 2): where they would stand.
    radius
        Shape (n,): their radii with the air around them.
    frame
        What they stay inside of.

    Returns
    -------
    Where they stand, and whether all are apart.
    """
    now = _kept(at, radius, frame)
    apart = radius[:, None] + radius[None, :]
    np.fill_diagonal(apart, 0.0)
    turn = _GOLDEN * np.arange(len(at))
    nudge = 1e-3 * np.column_stack([np.cos(turn), np.sin(turn)])
    for _ in range(_MOST_ROUNDS):
        step = (now + nudge)[:, None, :] - (now + nudge)[None, :, :]
        distance = np.hypot(step[..., 0], step[..., 1])
        short = np.maximum(apart - distance, 0.0)
        if (short < 0.05).all():  # noqa: PLR2004 - points: nobody sees it
            return now, True
        unit = step / np.maximum(distance, 1e-9)[..., None]
        push = 0.55 * short[..., None] * unit
        touching = np.maximum((short > 0).sum(axis=1), 1.0)
        now = _kept(now + push.sum(axis=1) / np.sqrt(touching)[:, None], radius, frame)
    return now, False


def _kept(at: FloatArray, radius: FloatArray, frame: Box) -> FloatArray:
    low = np.column_stack([frame.left + radius, frame.top + radius])
    high = np.column_stack([frame.right - radius, frame.bottom - radius])
    return np.clip(at, low, np.maximum(low, high))


def _largest(shape: BaseGeometry) -> shapely.Polygon | None:
    pieces = [piece for piece in shapely.get_parts(shape) if isinstance(piece, shapely.Polygon)]
    largest = max(pieces, key=lambda piece: float(piece.area), default=None)
    return None if largest is None or largest.is_empty else largest


def _centres(piece: shapely.Polygon) -> FloatArray:
    west, south, east, north = piece.bounds
    x, y = np.meshgrid(np.linspace(west, east, PLACES), np.linspace(south, north, PLACES))
    grid = np.column_stack([x.ravel(), y.ravel()])
    deepest = shapely.get_coordinates(
        shapely.maximum_inscribed_circle(piece, tolerance=max(east - west, north - south) / 50)
    )[:1]
    found: FloatArray = np.concatenate([deepest, grid[shapely.contains_xy(piece, grid)]])
    return found


def _around(centres: FloatArray, way: Lettering) -> FloatArray:
    half = np.array([way.width / 2 + _AIR, way.height / 2 + _AIR])
    return np.concatenate([centres - half, centres + half], axis=1)


def _within(boxes: FloatArray, frame: Box) -> BoolArray:
    return np.asarray(
        (boxes[:, 0] >= frame.left)
        & (boxes[:, 1] >= frame.top)
        & (boxes[:, 2] <= frame.right)
        & (boxes[:, 3] <= frame.bottom)
    )


def _covered(boxes: FloatArray, dots: FloatArray) -> FloatArray:
    x, y = dots[None, :, 0], dots[None, :, 1]
    hit = (boxes[:, :1] <= x) & (x <= boxes[:, 2:3]) & (boxes[:, 1:2] <= y) & (y <= boxes[:, 3:])
    return np.asarray(hit.sum(axis=1), dtype=np.float64)


def _label(
    way: Lettering, box: FloatArray, anchor: tuple[float, float] | None, taken: Taken
) -> Label:
    left, top, right, bottom = box.tolist()
    found = Box(left, top, right - left, bottom - top)
    taken.take(found)
    return Label(way, found, anchor)
