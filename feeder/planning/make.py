"""Make a plan: check, translate, search, and name what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from feeder.district.model import District
from feeder.network.graph import FeederGraph
from feeder.network.model import Network
from feeder.partition.problem import PartitionProblem
from feeder.partition.search import Effort, search
from feeder.planning.assignment import Assignment
from feeder.planning.limits import community_zones
from feeder.planning.members import members
from feeder.planning.naming import name_communities
from feeder.planning.translate import make_problem
from feeder.planning.wishes import check_named_schools
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

    Where the usual effort finds none, four times as much is spent before giving up. Schools that
    stay apart are in no community; what goes to them counts as lost.

    Raises
    ------
    InputError
        Where the scenario names what is not there.
    InfeasibleError
        Where the limits provably cannot hold together.
    ValueError
        Where the network was made under another policy for schools of choice.
    """
    if network.choice_schools != scenario.choice_schools:
        raise ValueError(
            f"the network was made with choice_schools={network.choice_schools!r}, "
            f"the scenario asks for {scenario.choice_schools!r}."
        )
    graph, kept = members(network.graph)
    estimated = bool((network.graph.flow_source == "estimated").any())
    scenario = scenario.resolved(n_schools=len(graph.school_ids), estimated_flows=estimated)
    check_named_schools(district, graph, scenario)
    zones = make_zones(district, graph, scenario.nested_in)
    locked_ids = tuple(sorted(set(scenario.locked.values())))
    zone = _locked_first(community_zones(district, graph, scenario, zones), graph, scenario, zones)
    problem = make_problem(district, graph, scenario, zones, zone, locked_ids)
    problem = replace(problem, flow_total=float(network.graph.flow_students.sum()))
    first = effort or Effort.for_size(problem.n_units)
    spent = first
    found = search(problem, seed=scenario.seed, effort=first, progress=progress)
    if not found.feasible:
        spent = first.times(4)
        found = search(problem, seed=scenario.seed, effort=spent, progress=progress)
    labels = np.full(network.graph.n_nodes, -1, dtype=np.int64)
    labels[kept] = found.labels
    assignment = _assignment(district, network, scenario, zones, problem, labels)
    return Search(assignment, found.feasible, spent)


def _locked_first(
    community_zone: IntArray, graph: FeederGraph, scenario: Scenario, zones: Zones
) -> IntArray:
    """Order the communities so that those which locks name come first, in the order of names."""
    node_of = dict(zip(graph.school_ids, graph.school_node.tolist(), strict=True))
    rest = community_zone.tolist()
    locked = []
    for name in sorted(set(scenario.locked.values())):
        nodes = [node_of[school] for school, to in scenario.locked.items() if to == name]
        open_to = [zone for zone in zones.that_hold(nodes) if zone in rest]
        locked.append(open_to[0] if open_to else rest[0])
        rest.remove(locked[-1])
    return np.array(locked + rest, dtype=np.int64)


def _assignment(
    district: District,
    network: Network,
    scenario: Scenario,
    zones: Zones,
    problem: PartitionProblem,
    labels: IntArray,
) -> Assignment:
    """Give communities their ids and names, ordered by zone and then by name.

    ``labels``, of shape (n_nodes,), is the community of each node; -1 stays apart.
    """
    n = problem.n_communities
    names = name_communities(district, network.graph, labels, n)
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
    return Assignment.of_nodes(
        district,
        network,
        scenario,
        np.where(labels >= 0, position[labels], -1),
        ids=ids,
        names=tuple(names[c] for c in order),
    )
