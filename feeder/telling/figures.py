"""The scorecard in plain words: the figures, the promises and one row a community."""

from __future__ import annotations

from typing import Any

import numpy as np

from feeder.language import Message, Words
from feeder.measures.scorecard import Measure, Scorecard, Value, unit_message
from feeder.planning import Assignment
from feeder.planning.constraints.judged import ConstraintResult
from feeder.telling.units import number_form
from feeder.terms import (
    CONTIGUITY,
    COUNT,
    COUNTED_UNITS,
    HEADLINES,
    OF_COMMUNITIES,
    OF_FLOWS,
    PURE_UNITS,
)


def rests_on_estimates(assignment: Assignment) -> bool:
    """Whether any flow is estimated, so that figures of flows are given as rough."""
    return assignment.network.graph.has_estimates


def plan_facts(assignment: Assignment, scorecard: Scorecard, words: Words) -> str:
    """Return how many schools, communities and students a plan speaks of."""
    placed = assignment.school_community >= 0
    low, high = (int(end.sum()) for end in scorecard.ends("enrollment"))
    facts = words(
        "facts.plan",
        schools=_amount("schools", int(placed.sum())),
        communities=_amount("communities", assignment.n_communities),
        students=students_amount(low, high),
    )
    outside = int((~placed).sum())
    if not outside:
        return facts
    return words("facts.outside", facts=facts, schools=_amount("schools", outside))


def figures(assignment: Assignment, scorecard: Scorecard, words: Words) -> list[dict[str, Any]]:
    """Return the figures to show, each with ``name``, ``label``, ``text`` and ``definition``.

    ``today`` is the existing plan's figure, ``range`` what suppressed cells or the variants of
    an estimate leave open, and ``bounds`` its two ends; all may be missing. ``main`` marks the
    figures on top; the others follow in the scorecard's order. A measure without a value is
    left out.
    """
    rough = rests_on_estimates(assignment)
    found = {}
    for name, value in scorecard.plan.items():
        if value.value is None:
            continue
        measure = scorecard.definitions[name]
        about = rough and name in OF_FLOWS
        entry: dict[str, Any] = {
            "name": name,
            "label": words.say(measure.label),
            "main": name in HEADLINES,
            "text": _worded(value, measure, words, about=about),
            "definition": words.say(measure.definition),
        }
        # Every reading of a count out of many has a number of its own that it is out of.
        is_told = value.is_range or _out_of_many(value, measure)
        if value.low is not None and value.high is not None and not is_told:
            ends = (value.low, value.high)
            low, high = entry["bounds"] = [
                number_text(end, measure.unit, words, rough=about, most=value.decimals)
                for end in ends
            ]
            told = _united(words("figure.range", low=low, high=high), measure.unit, words)
            entry["range"] = words("figure.about", figure=told) if about else told
        today = None if scorecard.existing is None else scorecard.existing.get(name)
        if today is not None and today.value is not None:
            entry["today"] = _worded(today, measure, words, about=about)
        found[name] = entry
    found[CONTIGUITY] = _contiguity(assignment, scorecard, words)
    order = [*(name for name in HEADLINES if name in found), *found]
    return [found[name] for name in dict.fromkeys(order)]


def promises(scorecard: Scorecard, words: Words) -> list[dict[str, Any]]:
    """Return every promise with ``text``, ``kept`` and the messages of its violations."""
    return [
        {
            "name": promise.name,
            "text": words.say(promise.definition),
            "kept": promise.satisfied,
            "violations": [words.say(violation.message) for violation in promise.violations],
        }
        for promise in scorecard.constraints
    ]


def community_figures(
    assignment: Assignment, scorecard: Scorecard, words: Words
) -> dict[str, list[Any]]:
    """Return columns of texts and numbers, one entry a community, in the plan's order."""
    form = ".0%" if rests_on_estimates(assignment) else ".1%"
    table = scorecard.communities.reindex(list(assignment.community_ids))
    torn = torn_communities(scorecard)
    islands = {str(row["community_id"]): row for row in scorecard.island_communities}
    ids = assignment.community_ids
    return {
        "schools": table["n_schools"].astype(int).tolist(),
        "enrollment": _texts(scorecard, ids, "enrollment", ",.0f", words),
        "deviation": _texts(scorecard, ids, "enrollment_deviation", "+.1%", words),
        **{
            name: _texts(scorecard, ids, name, form if name in OF_FLOWS else ".1%", words)
            for name in community_shares(scorecard)
        },
        "land": [_land(one in torn, islands.get(one), words) for one in ids],
        "landNote": [words.say(islands[one]["reason"]) if one in islands else "" for one in ids],
    }


def students_text(low: float, high: float, below: int, words: Words) -> str:
    """Return a count of students, or what is known of it; ``below`` is the fewest told."""
    if 0 < round(high) < below:
        return words("figure.under", below=below)
    return range_text(low, high, ",.0f", words)


def students_amount(low: int, high: int) -> Message:
    """Return a number of students, known or known as a range."""
    if low == high:
        return _amount("students", low)
    return Message("amount.students_range", {"low": low, "high": high})


def range_text(low: float, high: float, form: str, words: Words) -> str:
    """Return a figure; where it is not known to its last digit, its least and its greatest."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return words("figure.none")
    ends = words.number(low, form), words.number(high, form)
    return ends[0] if ends[0] == ends[1] else words("figure.range", low=ends[0], high=ends[1])


def _texts(
    scorecard: Scorecard, ids: tuple[str, ...], column: str, form: str, words: Words
) -> list[str]:
    """Return a column of the communities as texts."""
    low, high = (end.reindex(list(ids)).tolist() for end in scorecard.ends(column))
    return [range_text(*ends, form, words) for ends in zip(low, high, strict=True)]


def community_shares(scorecard: Scorecard) -> tuple[str, ...]:
    """Return the measures that a table of these communities shows as shares, in order."""
    return tuple(name for name in OF_COMMUNITIES if name in scorecard.communities)


def torn_communities(scorecard: Scorecard) -> set[str]:
    """Return the ids of the communities whose land does not hang together."""
    return {violation.community_id for violation in _promise(scorecard).violations}


def figure_text(value: float, unit: str, words: Words) -> str:
    """Return one figure as it is shown: a share in percent, a length or a time with its unit."""
    return _united(number_text(value, unit, words), unit, words)


def _united(text: str, unit: str, words: Words) -> str:
    """Return a figure with its unit, but for what is counted: its label says what."""
    return text if unit in COUNTED_UNITS else with_unit(text, unit, words)


def with_unit(text: str, unit: str, words: Words) -> str:
    """Return a figure with its unit, but for one that is a share."""
    if unit in PURE_UNITS:
        return text
    return words("figure.with_unit", figure=text, unit=unit_message(unit))


def number_text(
    value: float, unit: str, words: Words, *, rough: bool = False, most: int | None = None
) -> str:
    """Return a number without its unit, shares in percent.

    ``rough`` leaves parts of one out; ``most`` is how many decimals may be told.
    """
    return words.number(value, number_form(value, unit, rough=rough, most=most))


def _promise(scorecard: Scorecard) -> ConstraintResult:
    return next(one for one in scorecard.constraints if one.name == CONTIGUITY)


def _contiguity(assignment: Assignment, scorecard: Scorecard, words: Words) -> dict[str, Any]:
    """Return how many communities hang together; islands are named, not counted as broken."""
    number = assignment.n_communities
    entry = {
        "name": CONTIGUITY,
        "label": words(f"measure.{CONTIGUITY}"),
        "main": True,
        "text": _of(number - len(torn_communities(scorecard)), number, words),
        "definition": words.say(_promise(scorecard).definition),
    }
    torn = torn_communities(scorecard)
    rows = [row for row in scorecard.island_communities if str(row["community_id"]) not in torn]
    if rows:
        entry["note"] = words("island.note", names=", ".join(str(row["name"]) for row in rows))
    return entry


def _land(torn: bool, island: dict[str, Any] | None, words: Words) -> str:
    if torn:
        return words("land.broken")
    return words("land.pieces", n=int(island["pieces"])) if island else words("land.whole")


def _worded(value: Value, measure: Measure, words: Words, *, about: bool) -> str:
    """Return a figure with its unit, or with its denominator where it counts out of many."""
    if value.value is None:
        return words("figure.none")
    if value.is_range and value.low is not None and value.high is not None:
        ends = (
            number_text(end, measure.unit, words, rough=about) for end in (value.low, value.high)
        )
        low, high = ends
        return _united(words("figure.range", low=low, high=high), measure.unit, words)
    text = number_text(value.value, measure.unit, words, rough=about, most=value.decimals)
    if about:
        return words("figure.about", figure=_united(text, measure.unit, words))
    if _out_of_many(value, measure):
        return words("figure.of", part=text, whole=words.number(value.denominator or 0.0, ",.0f"))
    return _united(text, measure.unit, words)


def _out_of_many(value: Value, measure: Measure) -> bool:
    """Whether a figure is a count out of its denominator, not what that divides."""
    return measure.kind == COUNT and value.denominator is not None


def _of(part: int, whole: int, words: Words) -> str:
    return words("figure.of", part=words.number(part), whole=words.number(whole))


def _amount(noun: str, number: int) -> Message:
    return Message(f"amount.{noun}", {"n": number})
