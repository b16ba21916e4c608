"""A sheet of paper: a figure on which everything has its place in points, from the top left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely

from feeder.measures.shape import GeometryArray
from feeder.network.graph import FloatArray
from feeder.render.packet.lettering import CAP, fitted, font, typed

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.path import Path
    from matplotlib.transforms import Transform

INK: Final = "#14202B"
SOFT: Final = "#56616B"
"""Text beside the point; 6 to 1 on white."""
RULE: Final = "#C4CBD1"
MARGIN: Final = 40.0
PAPERS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"letter": (612.0, 792.0), "a4": (595.28, 841.89)}
)
"""Width and height in points."""
_POINTS: Final = 72


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the page: left and top edge, width and height in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.top + self.height


class Sheet:
    """One page that is being drawn.

    Parameters
    ----------
    paper
        A name of PAPERS.
    """

    def __init__(self, paper: str) -> None:
        from matplotlib.figure import Figure

        self.width, self.height = PAPERS[paper]
        self.figure: Figure = Figure(
            figsize=(self.width / _POINTS, self.height / _POINTS), dpi=_POINTS, facecolor="none"
        )
        self._order = 0

    @property
    def body(self) -> Box:
        """What lies inside the margins, but for the line at the foot."""
        return Box(MARGIN, MARGIN, self.width - 2 * MARGIN, self.height - 2 * MARGIN - 14)

    @cached_property
    def _place(self) -> Transform:
        from matplotlib.transforms import Affine2D

        return Affine2D().scale(1, -1).translate(0, self.height)

    def text(  # noqa: PLR0913 - what a typesetter is told
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 8.0,
        bold: bool = False,
        color: str = INK,
        align: Literal["left", "center", "right"] = "left",
        room: float | None = None,
        role: str = "",
    ) -> None:
        """Write one line with its baseline at ``y``, cut to ``room`` points where it is given.

        ``role`` says what kind of text it is, for whoever looks at the sheet.
        """
        from matplotlib.text import Text

        line = typed(text) if room is None else fitted(text, room, size, bold=bold)
        if not line:
            return
        drawn = Text(
            x,
            y,
            line,
            color=color,
            fontproperties=font(bold=bold),
            horizontalalignment=align,
            verticalalignment="baseline",
            parse_math=False,
            usetex=False,
            transform=self._place,
        )
        drawn.set_fontsize(size)
        drawn.set_gid(role or None)
        self._add(drawn)

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        size: float,
        step: float,
        **how: Any,  # noqa: ANN401 - as text() takes it
    ) -> float:
        """Write lines one under another, the first baseline at ``y``; return the next baseline."""
        for number, line in enumerate(lines):
            self.text(x, y + number * step, line, size=size, **how)
        return y + len(lines) * step

    def draw(
        self,
        path: Path,
        *,
        fill: str | None = None,
        line: str | None = None,
        width: float = 0.5,
        dash: tuple[float, float] | None = None,
        alpha: float | None = None,
        within: Path | None = None,
    ) -> None:
        """Draw a path, filled and with an outline where they have a color, inside another."""
        from matplotlib.patches import PathPatch

        if not np.size(path.vertices):
            return
        patch = PathPatch(
            path,
            facecolor=fill or "none",
            edgecolor=line or "none",
            linewidth=width if line else 0.0,
            linestyle="solid" if dash is None else (0, dash),
            joinstyle="round",
            capstyle="butt" if dash else "round",
            alpha=alpha,
            transform=self._place,
        )
        if within is not None:
            patch.set_clip_path(within, transform=self._place)
        self._add(patch)

    def box(self, box: Box, **how: Any) -> None:  # noqa: ANN401 - as draw() takes it
        """Draw a rectangle."""
        self.draw(polyline(_corners(box), closed=True), **how)

    def rule(
        self, x: float, y: float, length: float, *, line: str = RULE, width: float = 0.5
    ) -> None:
        """Draw a horizontal line."""
        self.draw(polyline(np.array([[x, y], [x + length, y]])), line=line, width=width)

    def _add(self, artist: Any) -> None:  # noqa: ANN401 - any artist
        """Lay an artist on top of what is there."""
        self._order += 1
        artist.set_zorder(self._order)
        self.figure.add_artist(artist)


def middle(y: float, size: float) -> float:
    """Return the baseline of a line whose capitals are centered at ``y``."""
    return y + CAP * size / 2


def polyline(xy: FloatArray, *, closed: bool = False) -> Path:
    """Return a line through points, shape (n, 2)."""
    from matplotlib.path import Path

    at = np.round(xy, 2)
    if not closed:
        return Path(at)
    codes = [Path.MOVETO, *[Path.LINETO] * (len(at) - 1), Path.CLOSEPOLY]
    return Path(np.vstack([at, at[:1]]), codes)


def curve(start: FloatArray, first: FloatArray, second: FloatArray, end: FloatArray) -> Path:
    """Return a cubic curve with its two handles."""
    from matplotlib.path import Path

    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    return Path(np.round(np.array([start, first, second, end]), 2), codes)


def outline(shapes: GeometryArray) -> Path:
    """Return polygons, or lines, as one path; holes run against their outlines."""
    from matplotlib.path import Path

    parts = shapely.get_parts(shapely.orient_polygons(shapes))
    parts = parts[shapely.get_dimensions(parts) > 0]
    flat = shapely.get_dimensions(parts) == 1
    rings = np.concatenate([parts[flat], shapely.get_rings(parts[~flat])])
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(xy):
        return Path(np.empty((0, 2)))
    codes = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    start = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    codes[start] = Path.MOVETO
    closed = shapely.get_type_id(rings) == shapely.GeometryType.LINEARRING
    codes[(np.r_[start[1:], len(xy)] - 1)[closed]] = Path.CLOSEPOLY
    return Path(np.round(xy, 2), codes)


def _corners(box: Box) -> FloatArray:
    return np.array(
        [
            [box.left, box.top],
            [box.right, box.top],
            [box.right, box.bottom],
            [box.left, box.bottom],
        ]
    )
