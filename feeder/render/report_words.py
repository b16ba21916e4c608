"""What the report says in sentences: the summary, the comparison with today, the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from feeder.measures.scorecard import Measure, Scorecard, Value
from feeder.network.model import Network
from feeder.planning import Assignment
from feeder.render.figures import COUNTED_UNITS, PLAIN_NAMES, figures

SOURCE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "observed": "counted from student records",
        "zoned": "worked out from attendance areas: where students live and which school they "
        "are zoned to",
        "estimated": "estimated from locations, grades and enrollment, and are not counts",
    }
)
_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "split_feeders": "Schools whose leavers part ways",
        "small_feeds": "Flows that bring a school few of its new students",
        "polsby_popper": "Compactness of the land (Polsby-Popper)",
        "cut_contacts": "Borders between areas that the plan cuts",
        "diameter_km": "Longest way between two schools of one community",
        "office_minutes_mean": "Mean travel time to the community's office",
        "office_minutes_max": "Longest travel time to the community's office",
        "variation_of_information": "Distance from today's plan (variation of information)",
        "students_separated": "Pairs of students parted who share a community today",
        "schools_outside_their_community": "Schools that stand outside their community's land",
    }
)
_AGAINST_TODAY: Final = frozenset(
    {"schools_moved", "students_moved", "variation_of_information", "students_separated"}
)
"""Measures that tell the distance from today's plan, so today has no figure of its own."""
_PERCENT_UNITS: Final = ("share", "share of the mean")
_SILENT_UNITS: Final = (*_PERCENT_UNITS, "0 to 1")
_OF_FLOWS: Final = ("feeder_continuity", "k12_continuity")
_UP: Final = ("\u25b2", "more", "higher")
_DOWN: Final = ("\u25bc", "fewer", "lower")
_SENSES: Final = {"higher": "higher is better", "lower": "lower is better"}


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


def measure_rows(assignment: Assignment, scorecard: Scorecard) -> tuple[MeasureRow, ...]:
    """Return every measure that has a figure, the headline ones first."""
    rough = is_rough(assignment)
    return tuple(
        MeasureRow(
            label=_label(entry),
            plan=_with_unit(entry["text"], scorecard.definitions.get(entry["name"])),
            open_range=entry.get("range", ""),
            today="" if entry["name"] in _AGAINST_TODAY else entry.get("today", ""),
            change=_change_of(entry["name"], scorecard, rough=rough),
            note=entry.get("note", ""),
            main=entry["main"],
        )
        for entry in figures(assignment, scorecard)
    )


def definitions(assignment: Assignment, scorecard: Scorecard) -> tuple[Definition, ...]:
    """Return what every measure means, and why some have no figure here."""
    labels = {entry["name"]: _label(entry) for entry in figures(assignment, scorecard)}
    return tuple(
        Definition(
            label=labels.get(name) or measure_label(name),
            unit=measure.unit,
            sense=_SENSES.get(measure.sense, ""),
            text=measure.definition,
            missing=scorecard.plan[name].reason if scorecard.plan[name].value is None else "",
        )
        for name, measure in scorecard.definitions.items()
        if name in scorecard.plan
    )


def summary(assignment: Assignment, scorecard: Scorecard) -> tuple[str, ...]:
    """Return what this plan is, in words for somebody who has never seen one."""
    entries = {entry["name"]: entry for entry in figures(assignment, scorecard)}
    sentences = [
        _what_it_is(assignment),
        _promises_kept(scorecard),
        _who_stays(assignment, entries.get("feeder_continuity")),
        _where_flows_come_from(assignment.network),
        _land(scorecard, assignment.n_communities),
    ]
    return tuple(sentence.replace(" %", "\u00a0%") for sentence in sentences if sentence)


def change(measure: Measure, plan: Value, today: Value, *, rough: bool) -> str:
    """Return how a plan's figure differs from today's and whether that is better, in words.

    Parameters
    ----------
    measure
        Its unit and which way is better.
    plan, today
        The two figures.
    rough
        Whether the figures rest on an estimate, so that parts of a point mean nothing.
    """
    if plan.value is None or today.value is None:
        return ""
    difference = float(plan.value) - float(today.value)
    size = _size(abs(difference), measure.unit, rough=rough)
    if not size.strip("0. "):
        return "the same"
    unit = "points" if measure.unit in _PERCENT_UNITS else measure.unit
    amount = size if measure.unit == "0 to 1" else f"{size} {unit}"
    arrow, counted, measured = _UP if difference > 0 else _DOWN
    direction = counted if measure.unit in COUNTED_UNITS else measured
    words = f"{arrow} {'about ' if rough else ''}{amount} {direction}"
    if measure.sense not in _SENSES:
        return words
    better = (difference > 0) == (measure.sense == "higher")
    return f"{words}: {'better' if better else 'worse'}"


def measure_label(name: str) -> str:
    """Return what a measure is called in a report."""
    return _sentence(_LABELS.get(name) or PLAIN_NAMES.get(name) or name.replace("_", " "))


def methods(assignment: Assignment, scorecard: Scorecard) -> tuple[tuple[str, str], ...]:
    """Return how the figures were made, as term and text."""
    network, scenario = assignment.network, assignment.scenario
    weights = ", ".join(
        f"{name.replace('_', ' ')} {weight:g}" for name, weight in scenario.weights.items()
    )
    found = [
        ("Feeder flows", _flow_sources(network)),
        ("How sure they are", _uncertainty(network)),
        ("Need", _need(assignment)),
        (
            "Search",
            f"Weights: {weights}. Seed {scenario.seed}. {scorecard.certificate.get('reason', '')}",
        ),
        ("Land", f"Areas and lengths are measured in {network.crs}."),
    ]
    return tuple((term, text) for term, text in found if text)


def is_rough(assignment: Assignment) -> bool:
    """Whether some flows are estimated, so that figures of flows are about right only."""
    return bool((assignment.network.graph.flow_source == "estimated").any())


def _label(entry: Mapping[str, Any]) -> str:
    return _LABELS.get(entry["name"]) or _sentence(entry["label"])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _with_unit(text: str, measure: Measure | None) -> str:
    silent = measure is None or measure.unit in _SILENT_UNITS
    return text if measure is None or silent else f"{text} {measure.unit}"


def _change_of(name: str, scorecard: Scorecard, *, rough: bool) -> str:
    today = None if scorecard.existing is None else scorecard.existing.get(name)
    if today is None or name in _AGAINST_TODAY or name not in scorecard.plan:
        return ""
    return change(
        scorecard.definitions[name],
        scorecard.plan[name],
        today,
        rough=rough and name in _OF_FLOWS,
    )


def _size(size: float, unit: str, *, rough: bool) -> str:
    if unit in _PERCENT_UNITS:
        return f"{100 * size:.0f}" if rough else f"{100 * size:.1f}"
    return f"{size:,.0f}" if size.is_integer() else f"{size:.2f}"


def _what_it_is(assignment: Assignment) -> str:
    placed = assignment.school_community >= 0
    schools, apart = int(placed.sum()), int((~placed).sum())
    text = (
        f"This plan groups {schools:,} schools of {assignment.district.name} into "
        f"{assignment.n_communities} communities of schools. A community is a set of neighboring "
        "schools of every level, so that a child can go from kindergarten to graduation inside it."
    )
    if apart:
        text += f" {apart:,} {'school is' if apart == 1 else 'schools are'} in no community."
    return text


def _promises_kept(scorecard: Scorecard) -> str:
    number = len(scorecard.constraints)
    kept = sum(promise.satisfied for promise in scorecard.constraints)
    if kept == number:
        return f"It keeps all {number} promises that were asked of it."
    broken = number - kept
    return f"It keeps {kept} of the {number} promises that were asked of it and breaks {broken}."


def _who_stays(assignment: Assignment, entry: Mapping[str, Any] | None) -> str:
    if entry is None:
        return ""
    open_range = f" (between {entry['range'].replace(' to ', ' and ')})" if "range" in entry else ""
    text = (
        "Of all students who change from one school to the next, "
        f"{entry['text']}{open_range} go on to a school of their own community."
    )
    plan = assignment.district.existing_plan
    if "today" not in entry or plan is None:
        return text
    return f"{text} Under today's plan of {plan.nunique()} communities it is {entry['today']}."


def _where_flows_come_from(network: Network) -> str:
    present = [source for source in SOURCE_WORDS if (network.graph.flow_source == source).any()]
    if not present:
        return "Where students go next is not known or not shown."
    return f"Where students go next was {'; in part '.join(SOURCE_WORDS[one] for one in present)}."


def _land(scorecard: Scorecard, number: int) -> str:
    promise = next((one for one in scorecard.constraints if one.name == "contiguity"), None)
    if promise is None:
        return ""
    torn = len({violation.community_id for violation in promise.violations})
    if torn:
        return f"The land of {number - torn} of {number} communities hangs together."
    text = "The land of every community hangs together"
    islands = ", ".join(str(row["name"]) for row in scorecard.island_communities)
    return f"{text}, islands and bridges apart ({islands})." if islands else f"{text}."


def _flow_sources(network: Network) -> str:
    students = network.flows.groupby("source")["students"].sum()
    total = float(students.sum())
    if not total:
        return ""
    return " ".join(
        f"{100 * float(students[source]) / total:.0f} % of the students who change school are "
        f"{words}."
        for source, words in SOURCE_WORDS.items()
        if source in students.index
    )


def _uncertainty(network: Network) -> str:
    flows = network.flows
    parts = []
    if network.estimate_variants is not None and not network.estimate_variants.empty:
        variants = network.estimate_variants.columns
        parts.append(
            f"Estimated figures are about right only. The range beside a figure covers "
            f"{len(variants)} other settings of the estimate{_settings(variants)}."
        )
    open_cells = (flows["students_low"] < flows["students_high"]) & (flows["source"] == "observed")
    if open_cells.any():
        parts.append(
            "Cells that the source withholds count by the middle of what they may hold; the range "
            "beside a figure covers both ends."
        )
    return " ".join(parts)


def _settings(variants: pd.Index) -> str:
    """Return the settings of the variants, each with its values; empty where they have none.

    Variants are named by their settings, such as ``width=0.1 scale=even``.
    """
    values: dict[str, list[str]] = {}
    for variant in variants:
        for part in str(variant).split():
            name, found, value = part.partition("=")
            if found and value not in values.setdefault(name.replace("_", " "), []):
                values[name.replace("_", " ")].append(value)
    listed = "; ".join(f"{name} {', '.join(each)}" for name, each in values.items())
    return f" ({listed})" if listed else ""


def _need(assignment: Assignment) -> str:
    measures = assignment.district.measures
    if measures.need is None:
        return ""
    parts = ", ".join(
        f"{name.replace('_', ' ')} (weight {weight:g})"
        for name, weight in measures.need_weights.items()
    )
    return f"The need figure adds up {parts}. One student may count more than once."
