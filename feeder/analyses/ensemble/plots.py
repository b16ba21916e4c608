"""Histograms of an ensemble as places in percent of a drawing, with the lines of single plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from feeder.network.graph import FloatArray

BINS: Final = 40
"""Bars at most, or one more."""
MOST_STEPS: Final = 10
"""Steps of a count that one bar may hold; a measure with finer ones is continuous."""
TICKS: Final = 5
"""Ticks below a histogram; of counts at most so many."""
_HEIGHT: Final = 82.0
"""Percent of the drawing that the tallest bar takes; lines and their names stand above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, in percent: its left side, width, top and height."""

    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A plan's line: where it stands in percent, the plan, and its side of the label."""

    at: float
    name: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """How many plans have which figure; ``ticks`` are places in percent with their figures."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, float], ...]


def histogram(drawn: FloatArray, plans: Mapping[str, float], *, counted: bool) -> Histogram:
    """Return the histogram of an ensemble's figures, wide enough for the lines of ``plans``.

    Parameters
    ----------
    drawn
        Shape (n_plans,): a measure of every plan.
    plans
        The same measure of single plans by name; NaN has no line.
    counted
        Whether the figures are whole numbers, so that ticks must be.
    """
    known = {name: value for name, value in plans.items() if np.isfinite(value)}
    low, high = (float(end([*known.values(), end(drawn)])) for end in (np.min, np.max))
    if low == high:
        low, high = low - 0.5, high + 0.5
    low, high, bins = _bins(drawn, low, high)
    counts, edges = np.histogram(drawn, bins=bins, range=(low, high))

    def at(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    return Histogram(
        bars=tuple(
            Bar(
                x=at(edges[i]),
                width=round(100 / bins, 2),
                y=round(100 - _HEIGHT * count / counts.max(), 2),
                height=round(_HEIGHT * count / counts.max(), 2),
            )
            for i, count in enumerate(counts.tolist())
            if count
        ),
        lines=tuple(
            Line(at=at(value), name=name, anchor="end" if at(value) > 50 else "start")  # noqa: PLR2004 - the middle
            for name, value in known.items()
        ),
        ticks=tuple((at(value), value) for value in _ticks(low, high, counted=counted)),
    )


def _ticks(low: float, high: float, *, counted: bool) -> list[float]:
    """Return places for ticks, evenly spread; of counts whole numbers alone, and none below 0."""
    if not counted:
        return [float(tick) for tick in np.linspace(low, high, TICKS)]
    first, last = max(0, int(np.ceil(low))), int(np.floor(high))
    step = max(1, int(np.ceil((last - first) / (TICKS - 1))))
    return [float(tick) for tick in range(first, last + 1, step)]


def _bins(drawn: FloatArray, low: float, high: float) -> tuple[float, float, int]:
    """Return the range and number of bins; of counts every bin has as many whole steps."""
    steps = np.diff(np.unique(drawn.round(9)))
    step = float(steps.min()) if len(steps) else high - low
    wide = max(1, int(np.ceil((high - low) / step / BINS)))
    if wide > MOST_STEPS:
        return low, high, BINS
    bins = int(np.ceil((high - low) / (wide * step))) + 1
    low -= wide * step / 2
    return low, low + bins * wide * step, bins
