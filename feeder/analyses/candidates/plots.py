"""The frontier drawn: every plan made as a dot, the chosen ones by letter, today's as a diamond.

Everything is a place in a drawing of ``WIDTH`` by ``HEIGHT``; the page only writes it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from feeder.analyses.candidates.aims import Aim, figure_named, gains
from feeder.analyses.candidates.frontier import Frontier
from feeder.language import Fact, Message, Words
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.scorecard import Scorecard, Value, unit_message
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
    frontier: Frontier, names: Sequence[str], today: dict[str, Value] | None, words: Words
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
    words
        The reader's language.
    """
    first, *others = frontier.aims
    found = gains(frontier.cards, others)
    differ = found.max(axis=0) - found.min(axis=0) >= [aim.least for aim in others]
    return tuple(
        _plot(frontier, names, today, (aim, first), words)
        for aim, telling in zip(others, differ, strict=True)
        if telling
    )


def _plot(
    frontier: Frontier,
    names: Sequence[str],
    today: dict[str, Value] | None,
    aims: tuple[Aim, Aim],
    words: Words,
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
    spot, outside = None, ""
    if now is not None and today is not None:
        name = words("candidates.today" if inside else "candidates.today_outside")
        spot = Spot(
            x=across.at(now[0]),
            y=up.at(now[1]),
            name=name,
            words=_told("candidates.spot", aims, today, words, plan=words("candidates.today")),
        )
        outside = "" if inside else _told("candidates.outside", aims, today, words)
    return Plot(
        across=_axis(aims[0], frontier.cards, across, words),
        up=_axis(aims[1], frontier.cards, up, words),
        beaten=tuple(dots[k] for k in rest if not frontier.unbeaten[k]),
        unbeaten=tuple(dots[k] for k in rest if frontier.unbeaten[k]),
        chosen=tuple(
            Spot(
                x=dots[k][0],
                y=dots[k][1],
                name=name,
                words=_told("candidates.spot", aims, frontier.cards[k].plan, words, plan=name),
            )
            for name, k in zip(names, frontier.chosen, strict=True)
        ),
        today=spot,
        outside=outside,
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


def _axis(aim: Aim, cards: Sequence[Scorecard], scale: _Scale, words: Words) -> Axis:
    rough = (scale.high - scale.low) / _TICKS
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(next(one * power for one in _STEPS if one * power >= rough))
    ticks = np.arange(np.ceil(scale.low / step), np.floor(scale.high / step) + 1) * step
    return Axis(
        title=words("candidates.axis", label=aim.label, unit=_unit(aim, cards[0])),
        more_is_better=aim.sign > 0,
        ticks=tuple((scale.at(tick), _short(tick, step, words)) for tick in ticks.tolist()),
    )


def _unit(aim: Aim, card: Scorecard) -> Message:
    """Return what an axis counts."""
    if aim.counted:
        whole = card.plan[aim.measure].denominator or 0.0
        return Message("candidates.out_of", {"whole": whole})
    if aim.is_share:
        return Message("aim_unit.percent")
    return unit_message(DEFINITIONS[aim.measure].unit)


def _short(tick: float, step: float, words: Words) -> str:
    decimals = max(0, int(np.ceil(-np.log10(step)))) if step < 1 else int(step % 1 > 0)
    return words.number(tick, f",.{decimals}f")


def _told(
    key: str, aims: tuple[Aim, Aim], values: dict[str, Value], words: Words, **facts: Fact
) -> str:
    """Return the two figures of a plan in words."""
    across, up = (figure_named(aim, values[aim.measure]) for aim in aims)
    return words(key, across=across, up=up, **facts)
