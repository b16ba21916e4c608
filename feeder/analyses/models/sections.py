"""Organizing models as tables and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from feeder.analyses.comparison.comparison import Comparison
from feeder.analyses.models.model_input import ModelPlan
from feeder.language import Message
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.telling.sections import Section, Shown
from feeder.telling.units import TEXT, with_units
from feeder.terms import CONTIGUITY


def models_table(comparison: Comparison) -> pd.DataFrame:
    """Return one row a model, today's plan first: what a board asks first.

    Columns: ``model``, ``n_communities``, ``placed``, ``fewest`` and ``most`` (schools),
    ``kept`` (feeder continuity), ``one_piece`` (whether every community is contiguous),
    ``graduation`` (K-12 continuity), ``largest_deviation`` (share of the mean enrollment),
    ``widest`` (km) and ``broken`` (promises).
    """
    rows = zip(comparison.names, comparison.assignments, comparison.scorecards, strict=True)
    frame = pd.DataFrame([_row(name, plan, card) for name, plan, card in rows])
    return with_units(
        frame,
        {
            "model": TEXT,
            "n_communities": "communities",
            "placed": "schools",
            "fewest": "schools",
            "most": "schools",
            "kept": "share",
            "one_piece": TEXT,
            "graduation": "share",
            "largest_deviation": "share of the mean",
            "widest": "km",
            "broken": "promises",
        },
    )


def promises_table(comparison: Comparison) -> pd.DataFrame:
    """Return one row a promise that some plan breaks: ``promise``, and who breaks it how often.

    ``broken_by`` names the plans, each with the number of its violations.
    """
    promises = {
        promise.name: promise.definition
        for card in comparison.scorecards
        for promise in card.constraints
    }
    rows = []
    for name, counts in comparison.promises.iterrows():
        by = [
            Message("models.times", {"model": Message(f"model.name.{plan}"), "times": int(times)})
            for plan, times in counts.items()
            if pd.notna(times) and times
        ]
        if by:
            rows.append({"promise": promises[str(name)], "broken_by": reduce(_both, by)})
    frame = pd.DataFrame(rows, columns=["promise", "broken_by"])
    return with_units(frame, {"promise": TEXT, "broken_by": TEXT})


def models_section(
    made: Mapping[str, ModelPlan], absent: Mapping[str, Message], comparison: Comparison
) -> Section:
    """Return what a reader is told of the models: one sentence each, notes, and who is left out."""
    sentences: list[Message] = []
    tables = [
        Shown(Message("models.caption"), models_table(comparison)),
        Shown(Message("models.promises_caption"), promises_table(comparison)),
    ]
    for name, plan in made.items():
        sentences += [_told(name, Message(f"model.{name}")), *plan.notes]
        if plan.senders is not None:
            tables.append(_senders(plan))
    sentences += [
        Message("models.absent", {"model": Message(f"model.name.{name}"), "reason": reason})
        for name, reason in absent.items()
    ]
    choice = comparison.assignments[0].scenario.choice_schools
    sentences += [Message("models.promises"), Message(f"models.choice_{choice}")]
    return Section(Message("models.title"), tuple(sentences), tuple(tables))


def _both(one: Message, other: Message) -> Message:
    """Join two parts of a list that is told whole, however long."""
    return Message("models.both", {"one": one, "other": other})


def _row(name: str, plan: Assignment, card: Scorecard) -> dict[str, Any]:
    placed = plan.school_community[plan.school_community >= 0]
    sizes = np.bincount(placed, minlength=plan.n_communities)
    value = {key: figure.value for key, figure in card.plan.items()}
    return {
        "model": Message(f"model.name.{name}"),
        "n_communities": plan.n_communities,
        "placed": len(placed),
        "fewest": int(sizes.min(initial=len(placed))),
        "most": int(sizes.max(initial=0)),
        "kept": value["feeder_continuity"],
        "one_piece": all(c.satisfied for c in card.constraints if c.name == CONTIGUITY),
        "graduation": value["k12_continuity"],
        "largest_deviation": value["enrollment_deviation"],
        "widest": value["diameter_km"],
        "broken": sum(not promise.satisfied for promise in card.constraints),
    }


def _told(name: str, sentence: Message) -> Message:
    model: Message | str = Message(f"model.name.{name}")
    return Message("models.told", {"model": model, "sentence": sentence})


def _senders(plan: ModelPlan) -> Shown:
    frame = pd.DataFrame() if plan.senders is None else plan.senders
    frame = frame.rename(columns={"students": "students_a_year", "share": "share_of_leavers"})
    frame = with_units(
        frame,
        {
            "school_id": TEXT,
            "name": TEXT,
            "students_a_year": "students",
            "share_of_leavers": "share",
        },
    )
    school = plan.assignment.community_names[0]
    return Shown(Message("models.senders", {"school": school}), frame)
