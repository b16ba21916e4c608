"""Models that search: communities, clusters, networks."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np

from feeder.analyses.models.model_input import (
    MOST_NETWORKS,
    SCHOOLS_PER_CLUSTER,
    ModelInput,
    ModelPlan,
)
from feeder.errors import InfeasibleError
from feeder.language import Message
from feeder.partition.cooling import Effort
from feeder.partition.problem import symmetric_csr
from feeder.partition.search import search
from feeder.planning.assignment import Assignment
from feeder.planning.constraints.asked import Asked
from feeder.planning.make import make_plan
from feeder.planning.prepared import Prepared, prepare
from feeder.scenario import Scenario

TOLERANCES: Final = (0.15, 0.25, 0.4, 0.6, 0.9)
"""How far enrollment may be from the mean: the first under which a plan is found."""
SLACK: Final = 0.5
"""How far, as a share of the mean number, the schools of a group may be from it."""
GEOGRAPHY: Final = MappingProxyType(
    {"feeder_continuity": 0.0, "cut_contacts": 1.0, "diameter_km": 0.02}
)
"""Few contacts cut, and a little for the widest network: it alone would not see the others."""


def communities(inputs: ModelInput) -> ModelPlan | Message:
    """Make the plan that ``feeder plan`` makes: the district's own scenario."""
    try:
        found = make_plan(
            inputs.district, inputs.network, inputs.scenario, effort=inputs.options.effort
        )
    except InfeasibleError as error:
        return Message("model.none.limits", {"reason": error.reasons[0]})
    notes = () if found.feasible else (Message("model.note.promises_broken"),)
    return ModelPlan(assignment=found.assignment, notes=notes)


def clusters(inputs: ModelInput) -> ModelPlan | Message:
    """Search for a fixed number of groups that serve every grade, with limits that can be kept.

    One for each 24 schools, rounded, but no more than campuses serve the rarest grade. The
    scenario's other limits do not bind, but for schools kept together or apart.
    """
    graph = inputs.network.graph
    wanted = inputs.options.clusters or max(1, round(inputs.n_members / SCHOOLS_PER_CLUSTER))
    grades = Asked(inputs.district, graph, inputs.scenario).grades[~graph.is_apart]
    serving = [int((grades >> grade & 1).sum()) for grade in range(13)]
    number = min([wanted, *(count for count in serving if count)])
    return _loosened(inputs, "model.note.clusters", number, geography_alone=False)


def networks(inputs: ModelInput) -> ModelPlan | Message:
    """Search for compact groups by geography alone: no flows, no grades, no promise of feeders.

    32 where a district has 768 schools or more, else one for each 24 schools, rounded.
    """
    graph = inputs.network.graph
    usual = min(MOST_NETWORKS, max(1, round(inputs.n_members / SCHOOLS_PER_CLUSTER)))
    number = inputs.options.networks or usual
    number = min(number, int(graph.has_land[: graph.n_campuses].sum()))
    return _loosened(inputs, "model.note.networks", number, geography_alone=True)


def _loosened(
    inputs: ModelInput, note: str, number: int, *, geography_alone: bool
) -> ModelPlan | Message:
    """Search under the tightest enrollment limit of TOLERANCES that can be kept."""
    mean = inputs.n_members / number
    bounds = (max(1, math.floor(mean * (1 - SLACK))), math.ceil(mean * (1 + SLACK)))
    reason = Message("model.none.no_plan")
    for tolerance in TOLERANCES:
        asked = Scenario(  # whatever else the district's own scenario promises is not sought
            communities=number,
            schools=bounds,
            enrollment_tolerance=tolerance,
            keep_together=inputs.scenario.keep_together,
            keep_apart=inputs.scenario.keep_apart,
            weights=GEOGRAPHY if geography_alone else inputs.scenario.weights,
            choice_schools=inputs.scenario.choice_schools,
            virtual_schools=inputs.scenario.virtual_schools,
            seed=inputs.scenario.seed,
        )
        try:
            prepared = _blind(inputs, asked) if geography_alone else _seeing(inputs, asked)
        except InfeasibleError as error:
            reason = Message("model.none.limits", {"reason": error.reasons[0]})
            continue
        problem = prepared.problem
        effort = Effort.of(inputs.options.effort, problem.n_units)
        found = search(problem, seed=inputs.scenario.seed, effort=effort)
        if found.feasible:
            told = Message(
                note,
                {"n": number, "least": bounds[0], "most": bounds[1], "tolerance": tolerance},
            )
            plan = _under(prepared.assignment(found.labels), inputs.scenario)
            return ModelPlan(assignment=plan, notes=(told,))
        reason = Message("model.none.no_plan")
    return reason


def _seeing(inputs: ModelInput, asked: Scenario) -> Prepared:
    return prepare(inputs.district, inputs.network, asked)


def _blind(inputs: ModelInput, asked: Scenario) -> Prepared:
    """Prepare the problem without flows and without grades: none that must be served."""
    schools = inputs.district.schools.assign(grades=np.int64(0))
    prepared = prepare(replace(inputs.district, schools=schools), inputs.network, asked)
    problem = prepared.problem
    none = np.zeros(0, dtype=np.int64)
    blind = replace(
        problem,
        flows=symmetric_csr(problem.n_units, none, none, np.zeros(0)),
        flow_inside=0.0,
        flow_total=0.0,
    )
    return replace(prepared, district=inputs.district, problem=blind)


def _under(plan: Assignment, scenario: Scenario) -> Assignment:
    """Return the plan held against the district's own promises, with its own number."""
    return replace(plan, scenario=replace(scenario, communities=plan.n_communities))
