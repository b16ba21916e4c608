"""What the report says in sentences: the summary, the comparison with today, the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from feeder.district.model import SOURCES, ZONED_BY_AREAS
from feeder.language import Message, Words
from feeder.measures.scorecard import Measure, Scorecard, Value, unit_message
from feeder.network.model import Network
from feeder.planning import Assignment
from feeder.publishing.ranges import rate_range
from feeder.telling.adding_up import adding_up
from feeder.telling.figures import (
    figures,
    range_text,
    rests_on_estimates,
    torn_communities,
    with_unit,
)
from feeder.telling.units import decimals_of, number_form
from feeder.terms import CONTIGUITY, COUNTED_UNITS, OF_FLOWS, PERCENT_UNITS


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure: the plan's figure, what it leaves open, today's, and which is better."""

    label: str
    plan: str
    open_range: str
    today: str
    change: str
    note: str
    main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One measure as it is defined; ``missing`` says why this report has no figure for it."""

    label: str
    unit: str
    sense: str
    text: str
    missing: str


def measure_rows(
    assignment: Assignment, scorecard: Scorecard, words: Words
) -> tuple[MeasureRow, ...]:
    """Return every measure that has a figure, the headline ones first."""
    rough = rests_on_estimates(assignment)
    return tuple(
        MeasureRow(
            label=entry["label"],
            plan=_counted(entry["text"], entry["name"], scorecard, words),
            open_range=entry.get("range", ""),
            today=_counted(entry["today"], entry["name"], scorecard, words)
            if "today" in entry
            else "",
            change=_change_of(entry["name"], scorecard, words, rough=rough),
            note=entry.get("note", ""),
            main=entry["main"],
        )
        for entry in figures(assignment, scorecard, words)
    )


def definitions(scorecard: Scorecard, words: Words) -> tuple[Definition, ...]:
    """Return what every measure means, and why some have no figure here."""
    return tuple(
        Definition(
            label=words.say(measure.label),
            unit=words.say(unit_message(measure.unit)),
            sense="" if measure.sense == "none" else words(f"sense.{measure.sense}"),
            text=words.say(measure.definition),
            missing=_missing(scorecard.plan[name], words),
        )
        for name, measure in scorecard.definitions.items()
        if name in scorecard.plan
    )


def summary(assignment: Assignment, scorecard: Scorecard, words: Words) -> tuple[str, ...]:
    """Return what this plan is, in words for somebody who has never seen one."""
    entries = {entry["name"]: entry for entry in figures(assignment, scorecard, words)}
    sentences = (
        _what_it_is(assignment, words),
        _promises_kept(scorecard, words),
        _who_stays(assignment, entries.get("feeder_continuity"), words),
        _where_flows_come_from(assignment.network, words),
        _land(scorecard, assignment.n_communities, words),
    )
    return tuple(filter(None, sentences))


def change(measure: Measure, plan: Value, today: Value, words: Words, *, rough: bool) -> str:
    """Return how a plan's figure differs from today's and whether that is better, in words.

    Parameters
    ----------
    measure
        Its unit and which way is better.
    plan, today
        The two figures.
    words
        The reader's language.
    rough
        Whether the figures rest on an estimate, so that parts of a point mean nothing.
    """
    if plan.value is None or today.value is None:
        return ""
    shown = [
        _rounded(one.value, measure.unit, rough=rough, most=one.decimals) for one in (plan, today)
    ]
    difference = shown[0] - shown[1]
    if not difference:
        return words("against.same")
    amount = _amount(abs(difference), measure.unit, words, rough=rough, most=plan.decimals)
    if measure.unit in COUNTED_UNITS:
        direction = "more" if difference > 0 else "fewer"
    else:
        direction = "higher" if difference > 0 else "lower"
    told = words(f"against.{direction}", amount=amount)
    if measure.sense == "none":
        return told
    better = (difference > 0) == (measure.sense == "higher")
    return words("against.better" if better else "against.worse", change=told)


def methods(
    assignment: Assignment, scorecard: Scorecard, words: Words
) -> tuple[tuple[str, str], ...]:
    """Return how the figures were made, as term and text."""
    network = assignment.network
    found = (
        ("flows", _flow_sources(network, words)),
        ("sure", _uncertainty(network, words)),
        ("need", _need(assignment, words)),
        ("search", _search(assignment, scorecard, words)),
        ("land", words("report.crs", crs=network.crs)),
    )
    return tuple((words(f"report.method_{term}"), text) for term, text in found if text)


def shortest(value: float, words: Words) -> str:
    """Return a number with as many decimals as it has, six at most."""
    decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return words.number(value, f",.{decimals}f")


def _counted(text: str, name: str, scorecard: Scorecard, words: Words) -> str:
    """Return a figure with what it counts; any other has its unit already."""
    measure = scorecard.definitions.get(name)
    if measure is None or measure.unit not in COUNTED_UNITS:
        return text
    return with_unit(text, measure.unit, words)


def _missing(value: Value, words: Words) -> str:
    return "" if value.reason is None else words.say(value.reason)


def _change_of(name: str, scorecard: Scorecard, words: Words, *, rough: bool) -> str:
    today = None if scorecard.existing is None else scorecard.existing.get(name)
    if today is None or name not in scorecard.plan:
        return ""
    measure, plan = scorecard.definitions[name], scorecard.plan[name]
    if plan.is_range or today.is_range:
        return ""
    return change(measure, plan, today, words, rough=rough and name in OF_FLOWS)


def _rounded(value: float | None, unit: str, *, rough: bool, most: int | None) -> float:
    """Return a figure as it is shown, in percent or its unit, so that differences agree with it."""
    known = float(value or 0.0)
    size = 100 * known if unit in PERCENT_UNITS else known
    return round(size, decimals_of(known, unit, rough=rough, most=most))


def _amount(size: float, unit: str, words: Words, *, rough: bool, most: int | None) -> str:
    """Return a difference of two rounded figures with its unit."""
    if unit in COUNTED_UNITS:
        return words(f"amount.{unit}", n=round(size))
    if unit not in PERCENT_UNITS:
        return with_unit(words.number(size, number_form(size, unit)), unit, words)
    decimals = decimals_of(size, unit, rough=rough, most=most)
    points = words("amount.points", figure=words.number(size, f",.{decimals}f"))
    return words("figure.about", figure=points) if rough else points


def _what_it_is(assignment: Assignment, words: Words) -> str:
    placed = assignment.school_community >= 0
    text = words(
        "report.what",
        schools=Message("amount.schools", {"n": int(placed.sum())}),
        district=assignment.district.name,
        n=assignment.n_communities,
    )
    apart = int((~placed).sum())
    return f"{text} {words('report.outside', n=apart)}" if apart else text


def _promises_kept(scorecard: Scorecard, words: Words) -> str:
    number = len(scorecard.constraints)
    kept = sum(promise.satisfied for promise in scorecard.constraints)
    if kept == number:
        return words("report.kept_all", n=number)
    return words("report.kept_some", kept=kept, all=number, broken=number - kept)


def _who_stays(assignment: Assignment, entry: Mapping[str, Any] | None, words: Words) -> str:
    if entry is None:
        return ""
    if "bounds" in entry:
        low, high = entry["bounds"]
        text = words("report.who_stays_range", figure=entry["text"], low=low, high=high)
    else:
        text = words("report.who_stays", figure=entry["text"])
    plan = assignment.district.existing_plan
    if "today" not in entry or plan is None:
        return text
    return f"{text} {words('report.stays_today', n=plan.nunique(), figure=entry['today'])}"


def _where_flows_come_from(network: Network, words: Words) -> str:
    present = [source for source in SOURCES if (network.graph.flow_source == source).any()]
    if not present:
        return words("report.flows_unknown")
    first, *others = (words(f"source.{source}") for source in present)
    for other in others:
        first = words("report.flows_in_part", first=first, next=other)
    return words("report.flows", source=first)


def _land(scorecard: Scorecard, number: int, words: Words) -> str:
    if all(promise.name != CONTIGUITY for promise in scorecard.constraints):
        return ""
    torn = len(torn_communities(scorecard))
    if torn:
        return words("report.land_torn", whole=number - torn, all=number)
    islands = ", ".join(str(row["name"]) for row in scorecard.island_communities)
    return words("report.land_islands", names=islands) if islands else words("report.land_whole")


def _flow_sources(network: Network, words: Words) -> str:
    ends = network.flows.groupby("source")[["students_low", "students_high"]].sum()
    present = [source for source in SOURCES if source in ends.index]
    part = ends.loc[present].to_numpy(np.float64).T
    if not part.any():
        return ""
    low, high = rate_range(part, part.sum(axis=1, keepdims=True) - part)
    if np.array_equal(low, high):  # as shown they add up to all
        low = high = np.asarray(adding_up(low, 2), dtype=np.float64)
    return " ".join(
        words(
            "report.flow_share",
            share=range_text(float(low[k]), float(high[k]), ".0%", words),
            source=Message(f"source.{source}"),
        )
        for k, source in enumerate(present)
    )


def _uncertainty(network: Network, words: Words) -> str:
    flows = network.flows
    parts = []
    if network.flow_variants is not None and not network.flow_variants.empty:
        variants = network.flow_variants.columns
        of_areas = variants.str.startswith(ZONED_BY_AREAS)
        if of_areas.any():
            parts.append(words("report.zoned_range", n=int(of_areas.sum())))
        if not of_areas.all():
            parts.append(words("report.estimated", n=int((~of_areas).sum())))
        if settings := _settings(variants[~of_areas], words):
            parts.append(words("report.settings", settings=settings))
    open_cells = (flows["students_low"] < flows["students_high"]) & (flows["source"] == "observed")
    if open_cells.any():
        parts.append(words("report.withheld"))
    return " ".join(parts)


def _settings(variants: pd.Index, words: Words) -> str:
    """Return the settings of the variants, each with its values; empty where they have none.

    Variants are named by their settings, such as ``width=0.1 scale=even``.
    """
    values: dict[str, list[str]] = {}
    for variant in variants:
        for part in str(variant).split():
            name, found, value = part.partition("=")
            if found and value not in values.setdefault(name, []):
                values[name].append(value)
    return "; ".join(
        words(
            "report.setting",
            name=_setting(name, words),
            values=", ".join(_setting(value, words) for value in each),
        )
        for name, each in values.items()
    )


def _setting(text: str, words: Words) -> str:
    key = f"setting.{text}"
    return words(key) if key in words.texts else text.replace("_", " ")


def _search(assignment: Assignment, scorecard: Scorecard, words: Words) -> str:
    scenario = assignment.scenario
    weights = "; ".join(
        words("report.weight", measure=Message(f"measure.{name}"), weight=shortest(weight, words))
        for name, weight in scenario.weights.items()
    )
    proof = scorecard.certificate.get("reason", "")
    return words("report.search", weights=weights, seed=str(scenario.seed), proof=proof).rstrip()


def _need(assignment: Assignment, words: Words) -> str:
    measures = assignment.district.statistics
    if measures.need is None:
        return ""
    parts = ", ".join(
        words("report.need_part", name=name.replace("_", " "), weight=shortest(weight, words))
        for name, weight in measures.need_weights.items()
    )
    return words("report.need_sum", parts=parts)
