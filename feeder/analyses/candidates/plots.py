"""The frontier drawn: every plan made as a dot, the chosen ones by letter, today's as a diamond.

Everything is a place in a drawing of ``WIDTH`` by ``HEIGHT``; the page only writes it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from feeder.analyses.candidates.aims import Aim, figure, gains
from feeder.analyses.candidates.frontier import Frontier
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.scorecard import Scorecard, Value
from feeder.network.graph import FloatArray

WIDTH: Final = 440
HEIGHT: Final = 310
LEFT: Final = 50
RIGHT: Final = 14
TOP: Final = 30
BOTTOM: Final = 46
"""Margins that hold the axes' words."""
_PAD: Final = 0.08
"""Room beyond the outermost plans, as a share of their range."""
_REACH: Final = 3.0
"""Today's plan widens the range up to this many times; beyond that it stands at the edge."""
_TICKS: Final = 5
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: its words, its ticks as (place, text), and whether more is better."""

    title: str
    more_is_better: bool
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One plan: where it stands, what it is called, and its two figures in words."""

    x: float
    y: float
    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One trade-off.

    ``beaten`` and ``unbeaten`` are the places of the plans that were not chosen. ``outside`` says
    where today's plan is when it does not fit into the drawing and stands at its edge.
    """

    across: Axis
    up: Axis
    beaten: tuple[tuple[float, float], ...]
    unbeaten: tuple[tuple[float, float], ...]
    chosen: tuple[Spot, ...]
    today: Spot | None
    outside: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """A range of values laid along a stretch of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def frontier_plots(
    frontier: Frontier, names: Sequence[str], today: dict[str, Value] | None
) -> tuple[Plot, ...]:
    """Return the first aim against each other one at which the plans differ.

    Parameters
    ----------
    frontier
        The plans.
    names
        Of the chosen ones.
    today
        The measures of the existing plan; None where there is none.
    """
    first, *others = frontier.aims
    found = gains(frontier.cards, others)
    differ = found.max(axis=0) - found.min(axis=0) >= [aim.least for aim in others]
    return tuple(
        _plot(frontier, names, today, (aim, first))
        for aim, telling in zip(others, differ, strict=True)
        if telling
    )


def _plot(
    frontier: Frontier,
    names: Sequence[str],
    today: dict[str, Value] | None,
    aims: tuple[Aim, Aim],
) -> Plot:
    places = np.array([[_place(aim, c.plan[aim.measure]) for aim in aims] for c in frontier.cards])
    now = None
    if today is not None and all(today[aim.measure].value is not None for aim in aims):
        now = [_place(aim, today[aim.measure]) for aim in aims]
    across = _scale(places[:, 0], None if now is None else now[0], (LEFT, WIDTH - RIGHT))
    up = _scale(places[:, 1], None if now is None else now[1], (HEIGHT - BOTTOM, TOP))
    dots = [(across.at(x), up.at(y)) for x, y in places.tolist()]
    rest = [k for k in range(len(dots)) if k not in frontier.chosen]
    inside = now is None or (across.holds(now[0]) and up.holds(now[1]))
    spot = None
    if now is not None and today is not None:
        spot = _spot(aims, today, "Today", (across.at(now[0]), up.at(now[1])))
    return Plot(
        across=_axis(aims[0], frontier.cards, across),
        up=_axis(aims[1], frontier.cards, up),
        beaten=tuple(dots[k] for k in rest if not frontier.unbeaten[k]),
        unbeaten=tuple(dots[k] for k in rest if frontier.unbeaten[k]),
        chosen=tuple(
            _spot(aims, frontier.cards[k].plan, name, dots[k])
            for name, k in zip(names, frontier.chosen, strict=True)
        ),
        today=spot,
        outside="" if inside or spot is None else spot.words,
    )


def _place(aim: Aim, value: Value) -> float:
    """Return a value in the unit of its axis: a number out of many, percent, or as it is."""
    if aim.counted:
        return float(value.numerator or 0.0)
    return float(value.value or 0.0) * (100.0 if aim.is_share else 1.0)


def _scale(values: FloatArray, today: float | None, stretch: tuple[float, float]) -> _Scale:
    low, high = float(values.min()), float(values.max())
    room = (high - low) or max(abs(high), 1.0) * 0.1
    if today is not None and max(high, today) - min(low, today) <= _REACH * room:
        low, high = min(low, today), max(high, today)
    pad = _PAD * ((high - low) or room)
    return _Scale(low - pad, high + pad, *stretch)


def _axis(aim: Aim, cards: Sequence[Scorecard], scale: _Scale) -> Axis:
    rough = (scale.high - scale.low) / _TICKS
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(next(one * power for one in _STEPS if one * power >= rough))
    ticks = np.arange(np.ceil(scale.low / step), np.floor(scale.high / step) + 1) * step
    unit = "%" if aim.is_share else DEFINITIONS[aim.measure].unit
    if aim.counted:
        unit = f"of {cards[0].plan[aim.measure].denominator or 0:,.0f}"
    return Axis(
        title=f"{aim.label} ({unit})",
        more_is_better=aim.sign > 0,
        ticks=tuple((scale.at(tick), _short(tick, step)) for tick in ticks.tolist()),
    )


def _short(tick: float, step: float) -> str:
    decimals = max(0, int(np.ceil(-np.log10(step)))) if step < 1 else int(step % 1 > 0)
    return f"{tick + 0.0:,.{decimals}f}"


def _spot(
    aims: tuple[Aim, Aim], values: dict[str, Value], name: str, at: tuple[float, float]
) -> Spot:
    told = ", ".join(f"{aim.label.lower()} {figure(aim, values[aim.measure])}" for aim in aims)
    return Spot(x=at[0], y=at[1], name=name, words=f"{name}: {told}")
