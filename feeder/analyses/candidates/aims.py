"""What a plan is better at than another, in words: the measures that candidates compete on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from feeder.language import Fact, Message
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.scorecard import Scorecard, Value, unit_message
from feeder.network.graph import FloatArray
from feeder.terms import AGAINST_TODAY, PERCENT_UNITS, TERMS

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
    least
        The smallest difference worth a sentence, in the unit of :func:`level`.
    counted
        Whether it is told as a number out of many rather than as a share.
    decimals, rough
        How exactly figures are told, and whether only about.
    asked
        Whether plans compete on it only where that is asked for.
    """

    measure: str
    least: float
    counted: bool = False
    decimals: int = 1
    rough: bool = False
    asked: bool = False

    @property
    def sign(self) -> float:
        """1 where more is better, -1 where less is."""
        return 1.0 if DEFINITIONS[self.measure].sense == "higher" else -1.0

    @property
    def is_share(self) -> bool:
        """Whether differences are told in points of a percentage."""
        return not self.counted and DEFINITIONS[self.measure].unit in PERCENT_UNITS

    @property
    def label(self) -> Message:
        """What it is called, in short."""
        return Message(TERMS[self.measure].short)


AIMS: Final = (
    Aim(measure="feeder_continuity", least=0.002),
    Aim(measure="cut_contacts", least=0.005, counted=True),
    Aim(measure="enrollment_deviation", least=0.005),
    Aim(measure="need_deviation", least=0.01),
    Aim(measure="students_moved", least=0.01, counted=True),
    Aim(measure="students_separated", least=0.005),
    Aim(measure="diameter_km", least=0.5),
    Aim(measure="capacity_deviation", least=0.005, asked=True),
)
"""In the order of a table. Students parted stand in where moved ones are not known."""
ON_DEMAND: Final = tuple(aim.measure for aim in AIMS if aim.asked)
"""Measures that plans compete on only where that is asked for."""


def aims_of(
    cards: Sequence[Scorecard], *, rough: bool, asked: Collection[str] = ()
) -> tuple[Aim, ...]:
    """Return the aims that have a value for every plan.

    Parameters
    ----------
    cards
        Scorecards of plans of one district.
    rough
        Whether figures of flows rest on an estimate.
    asked
        Which of ON_DEMAND to compete on.
    """
    found = [
        aim
        for aim in AIMS
        if (not aim.asked or aim.measure in asked)
        and all(card.plan[aim.measure].value is not None for card in cards)
    ]
    if any(aim.measure == "students_moved" for aim in found):
        found = [aim for aim in found if aim.measure != "students_separated"]
    if rough:
        found = [
            replace(aim, least=LEAST_ROUGH, decimals=0, rough=True)
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


def figure(aim: Aim, value: Value) -> Message:
    """Return a figure that is known: ``95.4%``, ``112 of 436`` or ``15.9 km``."""
    if value.is_range:
        ends = ((value.low or 0.0), (value.high or 0.0))
        low, high = (Message("aim_amount.number_0", {"x": end}) for end in ends)
        return Message("figure.range", {"low": low, "high": high})
    size = _shown(aim, value)
    if aim.counted:
        parts = (size, value.denominator or 0.0)
        part, whole = (Message("aim_amount.number_0", {"x": one}) for one in parts)
        return Message("figure.of", {"part": part, "whole": whole})
    if aim.is_share:
        share = Message(f"aim_amount.percent_{_decimals(aim, value)}", {"x": size / 100.0})
        return _about(aim, share)
    return _about(aim, _with_unit(aim, size))


def figure_today(aim: Aim, today: Mapping[str, Value]) -> Message | None:
    """Return today's figure; None where it has none, as against itself."""
    if aim.measure in AGAINST_TODAY or today[aim.measure].value is None:
        return None
    return figure(aim, today[aim.measure])


def difference(aim: Aim, one: Value, other: Value) -> Message:
    """Return the difference of two figures, as shown: ``2.1 points``, ``3.0 km`` or ``5``."""
    size = abs(_shown(aim, one) - _shown(aim, other))
    if aim.counted:
        return Message("aim_amount.number_0", {"x": size})
    if aim.is_share:
        decimals = min(_decimals(aim, one), _decimals(aim, other))
        points = Message(f"aim_amount.points_{decimals}", {"x" if decimals else "n": size})
        return _about(aim, points)
    return _about(aim, _with_unit(aim, size))


def _with_unit(aim: Aim, size: float) -> Message:
    number = Message(f"aim_amount.number_{aim.decimals}", {"x": size})
    unit = unit_message(DEFINITIONS[aim.measure].unit)
    return Message("figure.with_unit", {"figure": number, "unit": unit})


def _about(aim: Aim, told: Message) -> Message:
    return Message("figure.about", {"figure": told}) if aim.rough else told


def _shown(aim: Aim, value: Value) -> float:
    """Return a figure as it is rounded to be shown, so that differences agree with figures."""
    if aim.counted:
        return float(value.numerator or 0.0)
    return round(
        float(value.value or 0.0) * (100.0 if aim.is_share else 1.0), _decimals(aim, value)
    )


def _decimals(aim: Aim, value: Value) -> int:
    """Return the decimals a figure is shown with: not more than may be told of it."""
    if aim.counted:
        return 0
    return aim.decimals if value.decimals is None else min(aim.decimals, value.decimals)


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


def told_better(aim: Aim, one: Scorecard, other: Scorecard) -> Message:
    """Return what one plan does better than another, without a subject."""
    return _told("better", aim, one, other)


def _told(part: str, aim: Aim, one: Scorecard, other: Scorecard) -> Message:
    """Tell the difference of two plans at an aim: ``better`` or ``worse``."""
    amount = difference(aim, one.plan[aim.measure], other.plan[aim.measure])
    return Message(f"candidates.{part}_in", {"amount": amount, "label": aim.label})


def sentences(
    names: Sequence[str], cards: Sequence[Scorecard], aims: Sequence[Aim], span: FloatArray
) -> tuple[Message, ...]:
    """Return one sentence a plan: what it is chosen for, and at what price.

    Parameters
    ----------
    names, cards
        Of the chosen plans. The first is the best by the scenario's own weights, and the one
        with which the others are compared.
    aims, span
        What they compete on, and the range of each aim among all plans made.
    """
    told = [_first(cards[0], aims)]
    for k in range(1, len(cards)):
        rest = [card for j, card in enumerate(cards) if j != k]
        told.append(_sentence(cards[k], rest, names[0], aims, span))
    return tuple(told)


def figure_named(aim: Aim, value: Value) -> Message:
    """Return a figure with its name, inside a sentence."""
    return Message("candidates.figure", {"label": aim.label, "figure": figure(aim, value)})


def _first(card: Scorecard, aims: Sequence[Aim]) -> Message:
    """Tell the best plan by the scenario's own weights by its first two figures."""
    told = [figure_named(aim, card.plan[aim.measure]) for aim in aims[:2]]
    figures = told[0]
    if len(told) > 1:
        figures = Message("list.comma", {"told": told[0], "last": told[1]})
    return _at_a_price(Message("candidates.by_own_weights", {"figures": figures}), [])


def _sentence(
    card: Scorecard, rest: Sequence[Scorecard], base: str, aims: Sequence[Aim], span: FloatArray
) -> Message:
    """Tell one plan against the first of the rest, called ``base``."""
    against = rest[0]
    ahead = advantages(card, against, aims, span)
    prices = advantages(against, card, aims, span)[:MOST_PRICES]
    best = [
        aim for aim in ahead if all(aim in advantages(card, other, aims, span) for other in rest)
    ]
    if best:
        aim = best[0]
        mine, other = (figure(aim, one.plan[aim.measure]) for one in (card, against))
        best_in = Message("candidates.best_in", {"label": aim.label})
        facts: dict[str, Fact] = {"best": best_in, "figure": mine, "other": other}
        told = Message("candidates.best_at", {**facts, "base": base})
    elif ahead:
        better = told_better(ahead[0], card, against)
        told = Message("candidates.better_than", {"better": better, "base": base})
    else:
        told = Message("candidates.another_way", {"base": base})
    return _at_a_price(told, [_told("worse", aim, card, against) for aim in prices])


def _at_a_price(told: Message, prices: Sequence[Message]) -> Message:
    """Return a whole sentence: what is told, and at what price."""
    if not prices:
        return Message("candidates.sentence", {"told": told})
    price = prices[0]
    for other in prices[1:]:
        price = Message("list.and", {"told": price, "last": other})
    return Message("candidates.at_a_price", {"told": told, "price": price})
