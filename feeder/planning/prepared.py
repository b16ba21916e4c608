"""A district under a scenario as one partition problem, and the way back from its labels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from feeder.district.model import District
from feeder.network.graph import FeederGraph
from feeder.network.model import Network
from feeder.partition.problem import PartitionProblem
from feeder.planning.apportion import other_shares, zone_costs
from feeder.planning.assignment import Assignment
from feeder.planning.constraints.asked import Asked
from feeder.planning.feasible import check_scenario, community_zones
from feeder.planning.members import members
from feeder.planning.naming import name_communities
from feeder.planning.translate import make_problem, node_points
from feeder.planning.zones import Zones, make_zones
from feeder.scenario import Scenario

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What every engine works on: searches, proofs, chains and comparators alike.

    Attributes
    ----------
    district, network
        What is planned.
    scenario
        Under which promises, defaults filled in.
    zones
        The pieces of land that no community may straddle.
    kept
        Shape (n_units,): the network's node of each unit of the problem.
    problem
        The problem as arrays.
    """

    district: District
    network: Network
    scenario: Scenario
    zones: Zones
    kept: IntArray
    problem: PartitionProblem

    def sharing(self, counts: IntArray) -> Prepared:
        """Return the same under another way to share communities among zones.

        Parameters
        ----------
        counts
            Shape (n_zones,): communities of each zone.
        """
        zone = np.repeat(np.arange(len(counts)), counts)
        graph, _ = members(self.network.graph)
        zone = _locked_first(zone, graph, self.scenario, self.zones)
        return replace(self, problem=replace(self.problem, community_zone=zone))

    def units_of(self, assignment: Assignment) -> IntArray:
        """Shape (n_units,): community of each unit in a plan of the same network; -1 is none."""
        return assignment.node_community[self.kept]

    def assignment(self, labels: IntArray) -> Assignment:
        """Make a plan of labels, of shape (n_units,), one community of the problem a unit.

        Communities get their ids and names, ordered by zone and then by name.
        """
        node = np.full(self.network.graph.n_nodes, -1, dtype=np.int64)
        node[self.kept] = labels
        n = self.problem.n_communities
        names = name_communities(self.district, self.network.graph, node, n)
        zone_names = [self.zones.names[zone] for zone in self.problem.community_zone]
        order = sorted(range(n), key=lambda c: (zone_names[c], names[c]))
        position = np.empty(n, dtype=np.int64)
        position[order] = np.arange(n)
        locked_ids = dict(enumerate(sorted(set(self.scenario.locked.values()))))
        free = (
            candidate
            for candidate in (f"C{i:02d}" for i in range(1, 2 * n + 1))
            if candidate not in locked_ids.values()
        )
        ids = tuple(locked_ids[c] if c in locked_ids else next(free) for c in order)
        return Assignment.of_nodes(
            self.district,
            self.network,
            self.scenario,
            np.where(node >= 0, position[node], -1),
            ids=ids,
            names=tuple(names[c] for c in order),
        )


def prepare(district: District, network: Network, scenario: Scenario) -> Prepared:
    """Check a scenario against a district and translate both into a partition problem.

    Where plans are nested, the communities are shared among the regions as fairly as can be. Raises
    what :func:`prepare_shares` raises.
    """
    return prepare_shares(district, network, scenario, others=0)[0]


def prepare_shares(
    district: District, network: Network, scenario: Scenario, *, others: int
) -> list[Prepared]:
    """Prepare a problem for each of the fairest ways to share communities among regions.

    The fairest comes first, then up to ``others`` that differ from it by one community. Schools
    that stay apart are in no community; what goes to them counts as lost.

    Raises
    ------
    InputError
        Where the scenario names what is not there.
    InfeasibleError
        Where the constraints provably cannot hold together.
    ValueError
        Where the network was made under another policy for schools of choice or virtual ones.
    """
    if not network.is_for(scenario):
        raise ValueError(
            f"the network was made with choice_schools={network.choice_schools!r} and "
            f"virtual_schools={network.virtual_schools!r}, the scenario asks for "
            f"{scenario.choice_schools!r} and {scenario.virtual_schools!r}."
        )
    graph, kept = members(network.graph)
    scenario = scenario.resolved(
        n_schools=len(graph.school_ids), estimated_flows=network.graph.is_mostly_estimated
    )
    check_scenario(district, graph, scenario)
    zones = make_zones(district, graph, scenario.nested_in)
    asked = Asked(district, graph, scenario)
    fairest = community_zones(asked, zones)
    zone = _locked_first(fairest, graph, scenario, zones)
    points = node_points(district, network)[kept]
    problem = make_problem(asked, network, points, zones, zone)
    first = Prepared(district, network, scenario, zones, kept, problem)
    if not others or len(zones.names) == 1:
        return [first]
    costs = zone_costs(asked, zones)
    counts = np.bincount(fairest, minlength=len(zones.names))
    return [first, *(first.sharing(share) for share in other_shares(costs, counts, others))]


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
