"""Before any search: constraints that provably cannot hold together, told with numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from feeder.district.model import District
from feeder.errors import InfeasibleError, InputError, Problem
from feeder.language import ENGLISH
from feeder.network.graph import FeederGraph, IntArray
from feeder.planning.apportion import apportion, zone_costs, zone_reason
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.table import CONSTRAINTS
from feeder.planning.constraints.today import without_measure, without_today
from feeder.planning.zones import Zones
from feeder.scenario import Scenario
from feeder.terms import BUDGETABLE


def check_scenario(district: District, graph: FeederGraph, scenario: Scenario) -> None:
    """Check that every school and figure that the scenario asks for is there.

    ``graph`` has the members of the plan: a school of choice that stays apart is not there.

    Raises
    ------
    InputError
        With every unknown id, and every constraint or weight on a measure the district does not
        have.
    """
    asked = Asked(district, graph, scenario)
    problems = [problem for one in CONSTRAINTS for problem in one.problems(asked)]
    problems += _weightless(asked)
    if problems:
        raise InputError(problems)


def community_zones(asked: Asked, zones: Zones) -> IntArray:
    """Check every constraint against the others and share the communities among the zones.

    Returns
    -------
    Shape (n_communities,): the zone of each community, ascending.

    Raises
    ------
    InfeasibleError
        With every reason why the constraints cannot hold together, and what would help.
    """
    reasons = [reason for one in CONSTRAINTS for reason in one.reasons(asked, zones)]
    if reasons:
        raise InfeasibleError(map(ENGLISH.say, reasons))
    counts, cost = apportion(zone_costs(asked, zones), asked.n)
    if not math.isfinite(cost):
        raise InfeasibleError([ENGLISH.say(zone_reason(asked, zones))])
    return np.repeat(np.arange(len(zones.names)), counts)


def _weightless(asked: Asked) -> Iterator[Problem]:
    """Tell weights on measures that this district cannot have."""
    weights = asked.scenario.weights
    if weights.get("need_deviation") and asked.district.statistics.need is None:
        way_out = "Give [measures] counts and need, or leave the weight out."
        reason = "the district has no need figure"
        yield without_measure("weights", "need_deviation", reason, way_out)
    for name in BUDGETABLE:
        if weights.get(name):
            yield from without_today(asked, "weights", name)
