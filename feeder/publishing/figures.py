"""The figures of a plan as they are published: true, with the digits that can be told, or absent.

A headline is the true figure; the audit (:mod:`feeder.publishing.audit`) holds that it narrows no
count. Every other figure is what follows from the counts that are told: exact, or the range
that they leave open, in which the true one lies. A figure that no range can be given for
is not told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from feeder.district.model import MODELED
from feeder.language import Message
from feeder.measures.families import Subject, counted_measures
from feeder.measures.grouping import existing, planned, today_of
from feeder.measures.inputs import measure_inputs
from feeder.measures.own import OwnMeasure, own_measures
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment
from feeder.planning.constraints.judged import ConstraintResult, Violation
from feeder.publishing.digits import SHARE_DECIMALS, WHOLE_PERCENT, Digits, told_as
from feeder.publishing.ranges import community_ranges
from feeder.publishing.worlds import World, Worlds
from feeder.terms import OF_FLOWS, OF_SUMS, PERCENT_UNITS, TERMS, TRUE_HEADLINES

UNBOUNDED: Final = ("small_feeds",)
"""Figures that an open estimate bounds in no way."""


def usual_digits(assignment: Assignment) -> dict[str, int | None]:
    """Return the decimals of the headlines of any plan of a district, before an audit."""
    rough = assignment.network.graph.has_estimates
    shares = {name: TERMS[name].unit in PERCENT_UNITS for name in TRUE_HEADLINES}
    return {
        name: (WHOLE_PERCENT if rough and name in OF_FLOWS else SHARE_DECIMALS) * is_share
        for name, is_share in shares.items()
    }


def published_card(
    assignment: Assignment,
    full: Scorecard,
    worlds: Worlds,
    decimals: Digits,
) -> Scorecard:
    """Return a plan's scorecard as it is published.

    Parameters
    ----------
    assignment
        The plan, of the whole data.
    full
        Its scorecard.
    worlds
        What may be known of its district.
    decimals
        Of each headline.
    """
    own = own_measures(full)
    middle = score(worlds.of(assignment), measures=own)
    headlines = [name for name in decimals if decimals[name] is not None]
    ends = ranged(middle, assignment, worlds, headlines)
    told = replace(ends, constraints=_promises(middle, full))
    return replace(
        told,
        plan=told.plan | _headlines(full.plan, decimals, worlds),
        existing=told.existing and told.existing | _headlines(full.existing, decimals, worlds),
    )


def ranged(
    middle: Scorecard,
    assignment: Assignment,
    worlds: Worlds,
    headlines: Collection[str] = TRUE_HEADLINES,
) -> Scorecard:
    """Return the scorecard of the middle world with what is left open of each figure.

    What the page makes of an edited plan by itself (``arithmetic/ranges.mjs``). ``headlines`` are
    left as they are: they are told from the true counts.
    """
    if not worlds.is_open:
        return middle
    own = own_measures(middle)
    subjects = _subject(assignment, worlds.least), _subject(assignment, worlds.most)
    drawn = _subject(assignment, worlds.middle)
    open_figures = partial(
        _ranged,
        flows_open=drawn.inputs.flows[0].is_open,
        estimates_open=_has_open_estimates(worlds),
        headlines=frozenset(headlines),
    )
    ranges = community_ranges(drawn, subjects)
    return replace(
        middle,
        plan=open_figures(middle.plan, [_figures(one, own) for one in subjects]),
        existing=middle.existing
        and open_figures(middle.existing, [_figures(_of_today(one), own) for one in subjects]),
        least=ranges.low,
        most=ranges.high,
    )


def _has_open_estimates(worlds: Worlds) -> bool:
    least, most = (world.network.graph for world in (worlds.least, worlds.most))
    is_open = least.flow_students < most.flow_students
    return bool((is_open & np.isin(least.flow_source, sorted(MODELED))).any())


def _subject(assignment: Assignment, world: World) -> Subject:
    there = world.of(assignment)
    return Subject(there, measure_inputs(there), planned(there), existing(there))


def _figures(subject: Subject, own: tuple[OwnMeasure, ...]) -> dict[str, Value]:
    return counted_measures(subject) | {one.name: one.of(subject.assignment) for one in own}


def _of_today(subject: Subject) -> Subject:
    today = today_of(subject.assignment)
    if today is None or subject.today is None:
        raise ValueError("today's plan is the same in every world")
    return replace(subject, assignment=today, grouping=subject.today)


def _headlines(
    full: Mapping[str, Value] | None, decimals: Digits, worlds: Worlds
) -> dict[str, Value]:
    """Return the true headlines with the digits that are told."""
    return {
        name: _headline(name, value, places, worlds)
        for name, value in (full or {}).items()
        if (places := decimals.get(name)) is not None and value.value is not None
    }


def _headline(name: str, value: Value, decimals: int, worlds: Worlds) -> Value:
    """Return a headline to its digits; where counts are open, without what it is a part of.

    The audit holds that the headline narrows no count, and knows nothing of its denominator.
    """
    term = TERMS[name]
    is_share = term.unit in PERCENT_UNITS
    if is_share:
        low, high = (
            None if end is None else told_as(end, decimals) for end in (value.low, value.high)
        )
        value = replace(
            value,
            value=told_as(float(value.value or 0.0), decimals),
            low=low,
            high=high,
            decimals=0 if decimals == WHOLE_PERCENT else None,
        )
    hides_whole = worlds.is_open and (is_share or bool(term.thresholds))
    return replace(value, numerator=None, denominator=None) if hides_whole else value


def _ranged(
    middle: Mapping[str, Value],
    ends: list[dict[str, Value]],
    *,
    flows_open: bool,
    estimates_open: bool,
    headlines: Collection[str],
) -> dict[str, Value]:
    untold = Value(None, Message("missing.not_told"))
    return {
        name: value
        if name in headlines
        else untold
        if estimates_open and name in UNBOUNDED
        else _range(name, value, [end.get(name, value) for end in ends], flows_open=flows_open)
        for name, value in middle.items()
    }


def _range(name: str, middle: Value, ends: list[Value], *, flows_open: bool) -> Value:
    """Return what the told counts leave of a figure: none where no range can be given."""
    values = [one.value for one in (middle, *ends)]
    has_range = flows_open and middle.low is not None
    if None in values or (len(set(values)) == 1 and not has_range):
        return middle
    if name not in OF_SUMS and middle.low is None:
        return Value(None, Message("missing.not_told"))
    bounds = [
        end for one in (middle, *ends) for end in (one.value, one.low, one.high) if end is not None
    ]
    return replace(middle, low=min(bounds), high=max(bounds), is_range=True)


def _promises(middle: Scorecard, full: Scorecard) -> tuple[ConstraintResult, ...]:
    """Return the promises as the whole data keep them: that one is kept tells no count.

    How far one is broken is told where the told counts say just that.
    """
    names = dict(full.communities["name"])
    sure = {
        (one.name, violation.message.key, str(violation.message))
        for one in middle.constraints
        for violation in one.violations
    }

    def shown(name: str, violation: Violation) -> Violation:
        if (name, violation.message.key, str(violation.message)) in sure:
            return violation
        facts = {"community": str(names.get(violation.community_id, violation.community_id))}
        return replace(
            violation, value="", bound="", message=Message("page.broken_not_told", facts)
        )

    return tuple(
        replace(one, violations=tuple(shown(one.name, each) for each in one.violations))
        for one in full.constraints
    )
