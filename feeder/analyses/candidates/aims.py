"""What a plan is better at than another, in words: the measures that candidates compete on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from feeder.measures.definitions import DEFINITIONS
from feeder.measures.scorecard import Scorecard, Value
from feeder.network.graph import FloatArray

MOST_PRICES: Final = 2
"""Prices that one sentence names, the dearest first; the table has them all."""
LEAST_ROUGH: Final = 0.01
"""Parts of a point mean nothing where flows are estimated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A measure that candidates compete on, and how its differences are told.

    Attributes
    ----------
    measure
        Name of the measure.
    label
        What it is called in a table.
    least
        The smallest difference worth a sentence, in the unit of :func:`level`.
    best, better, worse
        What the best plan does, what a better one does, and what a worse one costs; ``{}`` is the
        difference with its unit, and ``{s}`` makes a noun plural where that is not 1.
    counted
        Whether it is told as a number out of many rather than as a share.
    decimals, about
        How exactly shares are told.
    """

    measure: str
    label: str
    least: float
    best: str
    better: str
    worse: str
    counted: bool = False
    decimals: int = 1
    about: str = ""

    @property
    def sign(self) -> float:
        """1 where more is better, -1 where less is."""
        return 1.0 if DEFINITIONS[self.measure].sense == "higher" else -1.0

    @property
    def is_share(self) -> bool:
        """Whether differences are told in points of a percentage."""
        return not self.counted and DEFINITIONS[self.measure].unit.startswith("share")


AIMS: Final = (
    Aim(
        measure="feeder_continuity",
        label="Feeder flow kept",
        least=0.002,
        best="keeps the most feeder flow",
        better="keeps {} more feeder flow",
        worse="{} less feeder flow kept",
    ),
    Aim(
        measure="cut_contacts",
        label="Contacts cut",
        least=0.005,
        best="cuts the fewest contacts between areas",
        better="cuts {} fewer contact{s} between areas",
        worse="{} more cut contact{s}",
        counted=True,
    ),
    Aim(
        measure="enrollment_deviation",
        label="Largest deviation of enrollment",
        least=0.005,
        best="is the most even in enrollment",
        better="is {} closer to even enrollment",
        worse="{} more deviation of enrollment",
    ),
    Aim(
        measure="need_deviation",
        label="Largest deviation of need",
        least=0.01,
        best="shares need the most evenly",
        better="is {} closer to even need",
        worse="{} more deviation of need",
    ),
    Aim(
        measure="students_moved",
        label="Students moved",
        least=0.01,
        best="moves the fewest students",
        better="moves {} fewer student{s}",
        worse="{} more student{s} moved",
        counted=True,
    ),
    Aim(
        measure="students_separated",
        label="Together today, parted",
        least=0.005,
        best="parts the fewest pairs of students who are together today",
        better="parts {} fewer of the pairs of students together today",
        worse="{} more of the pairs of students together today parted",
    ),
    Aim(
        measure="diameter_km",
        label="Width of the widest community",
        least=0.5,
        best="keeps its widest community the least wide",
        better="is {} less wide in its widest community",
        worse="{} more width of the widest community",
    ),
)
"""In the order of a table. Students parted stand in where moved ones cannot be counted."""


def aims_of(cards: Sequence[Scorecard], *, rough: bool) -> tuple[Aim, ...]:
    """Return the aims that have a value for every plan.

    Parameters
    ----------
    cards
        Scorecards of plans of one district.
    rough
        Whether figures of flows rest on an estimate.
    """
    found = [aim for aim in AIMS if all(card.plan[aim.measure].value is not None for card in cards)]
    if any(aim.measure == "students_moved" for aim in found):
        found = [aim for aim in found if aim.measure != "students_separated"]
    if rough:
        found = [
            replace(aim, least=LEAST_ROUGH, decimals=0, about="about ")
            if aim.measure == "feeder_continuity"
            else aim
            for aim in found
        ]
    return tuple(found)


def level(aim: Aim, value: Value) -> float:
    """Return a value to compare plans by: what is counted as a share, the rest as it is."""
    if aim.counted:
        return (value.numerator or 0.0) / max(value.denominator or 0.0, 1.0)
    return float(value.value or 0.0)


def gains(cards: Sequence[Scorecard], aims: Sequence[Aim]) -> FloatArray:
    """Shape (n_plans, n_aims): the level of each plan at each aim; more is better."""
    rows = [[aim.sign * level(aim, card.plan[aim.measure]) for aim in aims] for card in cards]
    return np.array(rows, dtype=np.float64).reshape(len(cards), len(aims))


def figure(aim: Aim, value: Value) -> str:
    """Return a figure in words: ``95.4%``, ``112 of 436`` or ``15.9 km``."""
    if value.value is None:
        return ""
    text = f"{_shown(aim, value):,.{_decimals(aim)}f}"
    if aim.counted:
        return f"{text} of {value.denominator or 0:,.0f}"
    return f"{aim.about}{text}%" if aim.is_share else f"{aim.about}{text} {_unit(aim)}"


def difference(aim: Aim, one: Value, other: Value) -> str:
    """Return the difference of two figures, as they are shown: ``2.1 points`` or ``3.0 km``."""
    text = f"{abs(_shown(aim, one) - _shown(aim, other)):,.{_decimals(aim)}f}"
    return text if aim.counted else f"{aim.about}{text} {_unit(aim)}"


def _shown(aim: Aim, value: Value) -> float:
    """Return a figure as it is rounded to be shown, so that differences agree with figures."""
    if aim.counted:
        return float(value.numerator or 0.0)
    return round(float(value.value or 0.0) * (100.0 if aim.is_share else 1.0), _decimals(aim))


def _decimals(aim: Aim) -> int:
    return 0 if aim.counted else aim.decimals


def _unit(aim: Aim) -> str:
    return "points" if aim.is_share else DEFINITIONS[aim.measure].unit


def advantages(
    one: Scorecard, other: Scorecard, aims: Sequence[Aim], span: FloatArray
) -> tuple[Aim, ...]:
    """Return the aims at which one plan is ahead of another by what is worth telling.

    The largest lead, as a share of ``span`` (shape (n_aims,): the range of each aim), is first.
    """
    ahead = (gains([one], aims) - gains([other], aims))[0]
    shares = ahead / np.where(span > 0, span, 1.0)
    worth = [k for k, aim in enumerate(aims) if ahead[k] >= aim.least]
    return tuple(aims[k] for k in sorted(worth, key=lambda k: (-round(shares[k], 9), k)))


def told_better(aim: Aim, one: Scorecard, other: Scorecard) -> str:
    """Return what one plan does better than another, without a subject."""
    return _told(aim.better, aim, one, other)


def _told(words: str, aim: Aim, one: Scorecard, other: Scorecard) -> str:
    """Fill the difference of two plans into an aim's words."""
    told = difference(aim, one.plan[aim.measure], other.plan[aim.measure])
    return words.format(told, s="" if told == "1" else "s")


def sentences(
    names: Sequence[str], cards: Sequence[Scorecard], aims: Sequence[Aim], span: FloatArray
) -> tuple[str, ...]:
    """Return one sentence a plan: what it is chosen for, and at what price.

    Parameters
    ----------
    names, cards
        Of the chosen plans. The first is the best by the scenario's own weights, and the one
        with which the others are compared.
    aims, span
        What they compete on, and the range of each aim among all plans made.
    """
    first = [f"{aim.label.lower()} {figure(aim, cards[0].plan[aim.measure])}" for aim in aims[:2]]
    told = [f"Best by the scenario's own weights: {', '.join(first)}."]
    for k in range(1, len(cards)):
        rest = [card for j, card in enumerate(cards) if j != k]
        told.append(_sentence(cards[k], rest, names[0], aims, span))
    return tuple(told)


def _sentence(
    card: Scorecard, rest: Sequence[Scorecard], base: str, aims: Sequence[Aim], span: FloatArray
) -> str:
    """Tell one plan against the first of the rest, called ``base``."""
    against = rest[0]
    ahead = advantages(card, against, aims, span)
    prices = advantages(against, card, aims, span)[:MOST_PRICES]
    price = " and ".join(_told(aim.worse, aim, card, against) for aim in prices)
    price = f", at the price of {price}" if price else ""
    if not ahead:
        return f"Another way to group the schools than {base}{price}."
    best = [
        aim for aim in ahead if all(aim in advantages(card, other, aims, span) for other in rest)
    ]
    if best:
        aim = best[0]
        other = against.plan[aim.measure]
        said = f"{aim.best}: {figure(aim, card.plan[aim.measure])} ({base}: {figure(aim, other)})"
    else:
        said = f"{told_better(ahead[0], card, against)} than {base}"
    return f"{said[:1].upper()}{said[1:]}{price}."
