"""Score a plan: every measure of it and of today's plan, every promise, one table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from feeder.language import Message
from feeder.measures.communities import community_table
from feeder.measures.constraints import check
from feeder.measures.definitions import definitions_of
from feeder.measures.families import Subject, measured
from feeder.measures.grouping import existing, planned, today_of
from feeder.measures.inputs import MeasureInputs, measure_inputs
from feeder.measures.islands import island_communities
from feeder.measures.own import OwnMeasure, named
from feeder.measures.scorecard import Scorecard, Value
from feeder.partition.proof.bound import SAME, Bound
from feeder.planning import Assignment
from feeder.terms import (
    FULL,
    LEAST_SHARE,
    OUTSIDE_M,
    PARTIAL_LAND,
    SLACK,
    SMALL_FEED_THRESHOLD,
    SPLIT_THRESHOLD,
    UNDERUSED,
)

_ROUNDING = 1e6


def score(
    assignment: Assignment,
    *,
    bound: Bound | None = None,
    measures: Sequence[OwnMeasure] = (),
    progress: Callable[[float], None] | None = None,
) -> Scorecard:
    """Return every measure of a plan, beside those of the existing plan.

    Parameters
    ----------
    assignment
        The plan, its district, network and scenario.
    bound
        What is proven of every plan that keeps the promises of its scenario.
    measures
        More measures, of one's own; they follow ours wherever the scorecard is told.
    progress
        Called with the share of the work done, 0 to 1.

    Returns
    -------
    Scorecard
        Complete even where promises are broken: a plan need not be good to be scored.

    Examples
    --------
    >>> card = score(plan.assignment)
    >>> float(card.plan["feeder_continuity"].denominator)
    11187.0
    """
    tell, own = progress or (lambda _: None), named(measures)
    inputs = measure_inputs(assignment)
    today = existing(assignment)
    tell(0.1)
    plan = Subject(assignment, inputs, planned(assignment), today)
    values = measured(plan)
    values |= {name: measure.of(assignment) for name, measure in own.items()}
    tell(0.4)
    values_today = None
    if today is not None:
        values_today = measured(Subject(assignment, inputs, today, today))
        if own and (plan_today := today_of(assignment)) is not None:
            values_today |= {name: measure.of(plan_today) for name, measure in own.items()}
    tell(0.7)
    communities = community_table(plan)
    constraints = check(assignment, inputs)
    islands = island_communities(assignment, inputs, plan.grouping, plan.land)
    tell(1.0)
    return Scorecard(
        plan=values,
        existing=values_today,
        communities=communities,
        constraints=constraints,
        island_communities=islands,
        certificate=certificate(
            values,
            dict(assignment.scenario.weights),
            None if assignment.is_today else bound,  # it is of plans that keep every limit
            kept=all(constraint.satisfied for constraint in constraints),
        ),
        definitions={**definitions_of(assignment), **own},
        notes=_notes(assignment, inputs),
    )


def certificate(
    values: dict[str, Value], weights: dict[str, float], bound: Bound | None, *, kept: bool
) -> dict[str, Any]:
    """Return the objective and what is proven about it.

    The objective is the weighted feeder continuity less every other weighted measure
    (:func:`objective`). ``bound`` is told rounded up; the
    gap is what the best possible plan could have more, in points (an objective of 1 is 100).

    Parameters
    ----------
    values
        Measures of the plan.
    weights
        Weight of each objective by measure name.
    bound
        What is proven, if anything is.
    kept
        Whether the plan keeps every promise.
    """
    worth = objective(values, weights)
    told: dict[str, Any] = {"objective": worth, "bound": None, "gap": None, "unit": "points"}
    told |= {"method": None, "seconds": None, "reason": Message("proof.none")}
    if bound is None:
        return told
    told |= {"method": bound.method, "seconds": bound.seconds}
    if bound.infeasible:
        return {**told, "reason": Message("proof.no_plan", {"method": bound.method})}
    up = math.ceil(round(bound.value * _ROUNDING, 2)) / _ROUNDING
    if worth > bound.value + SAME and kept:
        return {**told, "bound": up, "reason": Message("proof.outside")}
    if not kept:
        return {**told, "bound": up, "reason": Message("proof.broken")}
    return {**told, "bound": up, "gap": round(bound.gap(worth), 4), "reason": ""}


def objective(values: dict[str, Value], weights: dict[str, float]) -> float:
    """Return the weighted sum that a plan should be best at.

    Students moved count as a share of the students placed by both plans; a measure without a
    value counts as 0, but continuity as 1: where nobody changes school, nobody leaves.
    """
    worth = 0.0
    for name, weight in weights.items():
        value = values[name]
        share = name == "students_moved" and value.denominator
        amount = (value.numerator or 0.0) / (value.denominator or 1.0) if share else value.value
        if name == "feeder_continuity":
            worth += weight * (1.0 if amount is None else amount)
        else:
            worth -= weight * (amount or 0.0)
    return worth


def _notes(assignment: Assignment, inputs: MeasureInputs) -> dict[str, Any]:
    """Return the facts a reader needs to recompute every figure from the exported tables."""
    flows = assignment.network.flows
    by_source = flows.groupby("source", sort=True)["students"]
    return {
        "crs": assignment.network.crs,
        "split_threshold": SPLIT_THRESHOLD,
        "small_feed_threshold": SMALL_FEED_THRESHOLD,
        "over_capacity_threshold": FULL,
        "under_capacity_threshold": UNDERUSED,
        "outside_m": OUTSIDE_M,
        "min_overlap": LEAST_SHARE,
        "partial_land": PARTIAL_LAND,
        "threshold_tie": SLACK,
        "travel": {"source": inputs.travel.source, **asdict(assignment.district.access)},
        "objective": "weights.feeder_continuity * feeder_continuity (1 where nobody changes "
        "school) - the sum of weights.m * m over every other measure m with a weight "
        "(students_moved as a share of its denominator)",
        "scenario": assignment.scenario.as_dict(),
        "flows": {
            str(source): {"rows": len(students), "students": float(students.sum())}
            for source, students in by_source
        },
        "flow_variants": len(inputs.flows) - 1,
        "intervals": "low and high: suppressed cells at their extremes; flows that a method gives "
        "over each of its variants (flow_variants.csv) and those used",
        "students": int(np.sum(inputs.enrollment)),
        "choice_schools": assignment.network.choice_schools,
        "virtual_schools": assignment.network.virtual_schools,
        "outside_every_community": _outside(assignment, inputs),
        "students_to_or_from_outside": _crossing(assignment),
    }


def _outside(assignment: Assignment, inputs: MeasureInputs) -> list[dict[str, Any]]:
    """Name the schools that stay outside every community."""
    graph, schools = assignment.network.graph, inputs.schools
    apart = graph.is_apart[graph.school_node]
    columns = {"school_id": schools.index[apart].tolist()}
    for name in ("name", "kind", "enrollment"):
        columns[name] = schools[name].to_numpy()[apart].tolist()
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _crossing(assignment: Assignment) -> float:
    """Students who change to or from such a school: no plan under that policy keeps them."""
    graph = assignment.network.graph
    apart = graph.is_apart[graph.school_node]
    return float(graph.flow_students[apart[graph.flow_from] | apart[graph.flow_to]].sum())
