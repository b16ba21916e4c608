"""Whether GeoJSON, reports and candidates tell what their folder's map tells, and no more.

The map's figures are what follows from the counts that may be known, and its headlines. They are
worked out anew of the true data, for every plan in the map of the same folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from feeder.language import Words
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment
from feeder.publishing.audit.faults import Fault, Kind
from feeder.publishing.audit.folders import Page, ToldPlan, name_of
from feeder.publishing.audit.tables import Row, numbers, tables
from feeder.publishing.audit.truth import Truth
from feeder.publishing.figures import published_card, usual_digits
from feeder.terms import OF_COMMUNITIES, PERCENT_UNITS, TERMS

_NEAR: Final = 1e-6
"""Relative slack of a figure told to every digit."""
_ROUNDED: Final = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A plan in a map: the figures that may be told of it, and the true ones.

    ``exact`` are those of the true counts in the units of what is published.
    """

    plan: Assignment
    card: Scorecard
    exact: Scorecard


def shown_plans(page: Page, truth: Truth) -> list[Shown]:
    """Return the plans of a map but today's, with what may be told of each."""
    return [_shown(plan, page.today, truth) for plan in page.plans if not plan.is_today]


def _shown(told_plan: ToldPlan, today: Mapping[str, float | None], truth: Truth) -> Shown:
    plan, headlines = truth.plan(told_plan), told_plan.headlines
    usual = usual_digits(plan)
    digits = {name: usual[name] if headlines.get(name) is not None else None for name in usual}
    card = published_card(plan, truth.card(told_plan), truth.known, digits)
    told = replace(
        card,
        plan=_as_told(card.plan, headlines),
        existing=card.existing and _as_told(card.existing, today),
    )
    return Shown(plan, told, score(truth.exact.middle.of(plan)))


def _as_told(
    measures: Mapping[str, Value], headlines: Mapping[str, float | None]
) -> dict[str, Value]:
    """Return measures with the headlines of the page in their place."""
    told = {name: value for name, value in headlines.items() if value is not None}
    return {
        name: replace(value, value=told[name]) if name in told else value
        for name, value in measures.items()
    }


def of_layer(file: Path, shown: Shown) -> tuple[list[Fault], int]:
    """Return what is wrong in a GeoJSON of communities, and how many figures it tells."""
    name, faults, n = name_of(file), list[Fault](), 0
    for feature in json.loads(file.read_text("utf-8"))["features"]:
        row: Mapping[str, Any] = feature["properties"]
        at = str(row.get("community_id"))
        if at not in shown.card.communities.index:
            continue
        for figure in shown.card.communities.select_dtypes("number"):
            told = _told(row, str(figure))
            if told is not None:
                n += 1
                kind = _judged(told, str(figure), at, shown)
                faults += [Fault(kind, name, str(figure), at)] if kind else []
    return faults, n


def _told(row: Mapping[str, Any], figure: str) -> tuple[float, float] | None:
    """Return the least and the most that a feature tells of a figure; None where it tells none."""
    value = row.get(figure)
    low, high = row.get(f"{figure}_low", value), row.get(f"{figure}_high", value)
    if value is not None:
        return float(value), float(value)
    return None if low is None or high is None else (float(low), float(high))


def _judged(told: tuple[float, float], figure: str, at: str, shown: Shown) -> Kind | None:
    exact = float(shown.exact.communities[figure].loc[at])
    low, high = (float(end.loc[at]) for end in shown.card.ends(figure))
    slack = _NEAR * max(1.0, *(abs(one) for one in (*told, exact) if np.isfinite(one)))
    if np.isfinite(exact) and not told[0] - slack <= exact <= told[1] + slack:
        return "false"
    if told[0] > low + slack or told[1] < high - slack:
        return "more"
    return None


def of_document(file: Path, shown: Sequence[Shown]) -> tuple[list[Fault], int]:
    """Return which figures of a report or a page of candidates are none that the map tells."""
    spoken, found = tables(file.read_text("utf-8"))
    name, faults, n = name_of(file), list[Fault](), 0
    measures = _measures(spoken)
    for table in found:
        rows = [row for row in table.rows if row.figures]
        if table.kind == "communities":
            for at, row in zip(shown[0].plan.community_ids, rows, strict=False):
                n += len(row.figures)
                faults += [
                    Fault("differs", name, figure, at)
                    for figure in _other_communities(row, at, shown[0].card, spoken)
                ]
            continue
        for row in rows:
            if row.label in measures:
                n += len(row.figures)
                is_told = _measures_told(row, measures[row.label], table.kind, shown, spoken)
                faults += [] if is_told else [Fault("differs", name, measures[row.label], "")]
    return faults, n


def _measures(spoken: Words) -> dict[str, str]:
    """Return every measure by what it is called, short or long."""
    return {
        spoken(key): name for name, term in TERMS.items() for key in (term.short, f"measure.{name}")
    }


def _other_communities(row: Row, at: str, card: Scorecard, spoken: Words) -> list[str]:
    """Return the figures of a community that are none that may be told."""
    shares = [name for name in OF_COMMUNITIES if name in card.communities]
    columns = ["n_schools", "enrollment", "enrollment_deviation", *shares]
    found = []
    for figure, text in zip(columns, row.figures, strict=False):
        ends = [float(end.loc[at]) for end in card.ends(figure)]
        factor = 100.0 if figure in shares or figure == "enrollment_deviation" else 1.0
        told = list(numbers(text, spoken))
        if told and not (_same(told[0], ends[0] * factor) and _same(told[-1], ends[1] * factor)):
            found.append(figure)
    return found


def _measures_told(row: Row, name: str, kind: str, shown: Sequence[Shown], spoken: Words) -> bool:
    """Whether every number in a row of a measure is one that may be told of it.

    A table of candidates has a column a plan, then today's; one of a report a plan's and today's.
    """
    for column, text in enumerate(row.figures):
        cards = [one.card for one in shown]
        if kind == "compared":
            own = [cards[column].plan] if column < len(cards) else [cards[0].existing or {}]
        else:
            own = [cards[0].plan, cards[0].existing or {}]
        figures = [one for told in own if name in told for one in _figures(told[name], name)]
        if not all(any(_same(told, one) for one in figures) for told in numbers(text, spoken)):
            return False
    return True


def _figures(value: Value, name: str) -> list[float]:
    """Return the numbers that may be told of a measure."""
    factor = 100.0 if TERMS[name].unit in PERCENT_UNITS else 1.0
    ends = [value.low, value.high] if value.is_range else [value.value, value.low, value.high]
    shares = [end * factor for end in ends if end is not None]
    return shares + [end for end in (value.numerator, value.denominator) if end is not None]


def _same(told: tuple[float, int], figure: float) -> bool:
    """Whether a number is a figure with some of its digits."""
    number, places = told
    return bool(abs(number - figure) <= 0.5 * 10.0**-places + _ROUNDED)
