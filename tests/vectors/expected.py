"""What Python makes of a plan, as the page should: its scorecard, JSON-ready."""

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np

from feeder.language import Message
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment
from feeder.planning.constraints.judged import Violation


def score_used(assignment: Assignment) -> Scorecard:
    """Score a drawn plan on its flows as used: the page reads no variants of an estimate."""
    network = replace(assignment.network, flow_variants=None)
    return score(replace(assignment, network=network))


def told(card: Scorecard) -> dict[str, Any]:
    """Return what the page's scorecard tells: communities by column, measures without blanks."""
    table = card.communities.reset_index()
    return {
        "plan": values(card.plan),
        "communities": {str(name): [plain(one) for one in table[name]] for name in table},
        "constraints": [
            {
                "name": constraint.name,
                "said": said(constraint.definition),
                "satisfied": constraint.satisfied,
                "violations": [violation(one) for one in constraint.violations],
            }
            for constraint in card.constraints
        ],
        "island_communities": [
            {key: said(value) for key, value in row.items()} for row in card.island_communities
        ],
    }


def what_is_open(card: Scorecard) -> dict[str, Any]:
    """Return the measures with their ranges, and the open columns of the communities."""
    return {
        "plan": values(card.plan),
        "ranges": {
            str(name): [
                [plain(low), plain(high)] for low, high in zip(*card.ends(name), strict=True)
            ]
            for name in card.least
        },
    }


def values(measures: dict[str, Value]) -> dict[str, dict[str, Any]]:
    """Return measures by name; what is unknown or empty is left out."""
    names = {name: name for name in ("value", "numerator", "denominator", "low", "high")}
    names["said"] = "reason"
    return {
        measure: {
            told: said(getattr(value, name))
            for told, name in names.items()
            if getattr(value, name) is not None
        }
        | ({"isRange": True} if value.is_range else {})
        for measure, value in measures.items()
    }


def violation(broken: Violation) -> dict[str, Any]:
    return {
        "community_id": broken.community_id,
        "value": plain(broken.value),
        "bound": plain(broken.bound),
        "unit": broken.unit,
        "said": said(broken.message),
    }


def said(one: Any) -> Any:
    """Return a sentence, or what fills a gap of one."""
    if isinstance(one, Message):
        return {"key": one.key, "facts": {name: said(fact) for name, fact in one.facts.items()}}
    if isinstance(one, tuple):
        return [said(part) for part in one]
    return plain(one)


def plain(value: Any) -> Any:
    """Return a number as JSON has it: whole numbers whole, unknown null."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) else int(value) if value.is_integer() else value
    return value


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def relabelled(assignment: Assignment, school: np.ndarray) -> Assignment:
    """Return the plan that `feeder score` reads from the communities of schools."""
    graph = assignment.network.graph
    return Assignment.of_schools(
        assignment.district,
        assignment.network,
        assignment.scenario,
        school,
        vacant=np.full(graph.n_nodes - graph.n_campuses, -1, dtype=np.int64),
        ids=assignment.community_ids,
        names=assignment.community_names,
    )
