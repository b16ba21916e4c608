"""Make a plan: check, translate, search, and name what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from feeder.district.model import District
from feeder.network.graph import FeederGraph
from feeder.network.model import Network
from feeder.partition.problem import PartitionProblem
from feeder.partition.search import Effort, Partition, search
from feeder.planning.assignment import Assignment
from feeder.planning.limits import check_named_schools, community_zones
from feeder.planning.naming import name_communities
from feeder.planning.translate import make_problem
from feeder.planning.zones import Zones, make_zones
from feeder.scenario import Scenario

Progress = Callable[[float], None]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """A found plan and how it was found.

    Attributes
    ----------
    assignment
        The plan; it may break promises where ``feasible`` is False.
    feasible
        Whether the search kept every limit.
    effort
        What was spent, for the record of the run.
    """

    assignment: Assignment
    feasible: bool
    effort: Effort


def make_plan(
    district: District,
    network: Network,
    scenario: Scenario,
    *,
    effort: Effort | None = None,
    progress: Progress | None = None,
) -> Search:
    """Find the best plan that keeps every promise of the scenario.

    Where the usual effort finds none, four times as much is spent before giving up.

    Raises
    ------
    InputError
        Where the scenario names what is not there.
    InfeasibleError
        Where the limits provably cannot hold together.
    """
    graph = network.graph
    estimated = bool((graph.flow_source == "estimated").any())
    scenario = scenario.resolved(n_schools=len(graph.school_ids), estimated_flows=estimated)
    check_named_schools(district, graph, scenario)
    zones = make_zones(district, graph, scenario.nested_in)
    locked_ids = tuple(sorted(set(scenario.locked.values())))
    zone = _locked_first(community_zones(district, graph, scenario, zones), graph, scenario, zones)
    problem = make_problem(district, graph, scenario, zones, zone, locked_ids)
    first = effort or Effort.for_size(problem.n_units)
    spent = first
    found = search(problem, seed=scenario.seed, effort=first, progress=progress)
    if not found.feasible:
        spent = first.times(4)
        found = search(problem, seed=scenario.seed, effort=spent, progress=progress)
    assignment = _assignment(district, network, scenario, zones, problem, found)
    return Search(assignment, found.feasible, spent)


def _locked_first(
    community_zone: IntArray, graph: FeederGraph, scenario: Scenario, zones: Zones
) -> IntArray:
    """Order the communities so that those which locks name come first, in the order of names."""
    node_of = dict(zip(graph.school_ids, graph.school_node.tolist(), strict=True))
    wanted = {
        to: int(zones.node_zone[node_of[school]]) for school, to in sorted(scenario.locked.items())
    }
    rest = community_zone.tolist()
    locked = [wanted[to] for to in sorted(wanted)]
    for zone in locked:
        rest.remove(zone)
    return np.array(locked + rest, dtype=np.int64)


def _assignment(
    district: District,
    network: Network,
    scenario: Scenario,
    zones: Zones,
    problem: PartitionProblem,
    found: Partition,
) -> Assignment:
    """Give communities their ids and names, ordered by zone and then by name."""
    n = problem.n_communities
    names = name_communities(district, network.graph, found.labels, n)
    zone_names = [zones.names[zone] for zone in problem.community_zone]
    order = sorted(range(n), key=lambda c: (zone_names[c], names[c]))
    position = np.empty(n, dtype=np.int64)
    position[order] = np.arange(n)
    locked_ids = dict(enumerate(sorted(set(scenario.locked.values()))))
    free = (
        candidate
        for candidate in (f"C{i:02d}" for i in range(1, 2 * n + 1))
        if candidate not in locked_ids.values()
    )
    ids = tuple(locked_ids[c] if c in locked_ids else next(free) for c in order)
    return Assignment(
        district=district,
        network=network,
        scenario=scenario,
        node_community=position[found.labels],
        community_ids=ids,
        community_names=tuple(names[c] for c in order),
    )
