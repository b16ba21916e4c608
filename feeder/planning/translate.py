"""Into arrays: a network under a scenario as the partition problem alone."""

from __future__ import annotations

import numpy as np
from pyproj import Transformer

from feeder.district.model import WGS84, District
from feeder.network.graph import FeederGraph, FloatArray, IntArray
from feeder.network.model import Network
from feeder.partition.problem import Csr, PartitionProblem, csr_from_pairs, symmetric_csr
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.table import CONSTRAINTS
from feeder.planning.zones import Zones


def node_points(district: District, network: Network) -> FloatArray:
    """Shape (n_nodes, 2): metres east and north (CRS of the network) of every node.

    A campus stands at the mean of its schools, a vacant tile at a point inside it.
    """
    graph = network.graph
    schools = district.schools.loc[list(graph.school_ids)]
    points = np.zeros((graph.n_nodes, 2))
    vacant = network.tiles[network.tiles["node"] >= graph.n_campuses]
    inside = vacant.geometry.representative_point()
    points[vacant["node"].to_numpy(), 0] = inside.x
    points[vacant["node"].to_numpy(), 1] = inside.y
    move = Transformer.from_crs(WGS84, network.crs, always_xy=True)
    at_school = move.transform(schools["lon"].to_numpy(), schools["lat"].to_numpy())
    number = np.bincount(graph.school_node, minlength=graph.n_campuses)[: graph.n_campuses]
    for axis, metres in enumerate(at_school):
        total = np.bincount(graph.school_node, weights=metres, minlength=graph.n_campuses)
        points[: graph.n_campuses, axis] = total[: graph.n_campuses] / np.maximum(number, 1)
    return points


def make_problem(
    asked: Asked, network: Network, points: FloatArray, zones: Zones, community_zone: IntArray
) -> PartitionProblem:
    """Translate; every check has been made (see ``feasible``).

    Parameters
    ----------
    asked
        The scenario on the members of the network.
    network
        All of it, for ways between places.
    points
        Shape (n_nodes, 2): metres east and north of each node of the members' graph.
    zones, community_zone
        The zones, and shape (n_communities,): the zone of each community.
    """
    graph, n = asked.graph, asked.graph.n_nodes
    totals = [total for one in CONSTRAINTS for total in one.totals(asked)]
    fields = [one.fields(asked, network) for one in CONSTRAINTS]
    flow_a, flow_b = graph.school_node[graph.flow_from], graph.school_node[graph.flow_to]
    return PartitionProblem(
        community_zone=community_zone,
        unit_zone=zones.node_zone,
        schools=asked.schools,
        has_land=graph.has_land,
        land=_land(graph),
        anchors=_anchors(graph),
        flows=symmetric_csr(n, flow_a, flow_b, graph.flow_students),
        flow_inside=float(graph.flow_students[flow_a == flow_b].sum()),
        flow_total=float(network.graph.flow_students.sum()),
        totals=np.stack([total.amounts for total in totals]),
        total_names=tuple(total.name for total in totals),
        totals_low=np.array([total.low for total in totals]),
        totals_high=np.array([total.high for total in totals]),
        points=points,
        weights=asked.scenario.weights,
        **{name: field for given in fields for name, field in given.items()},
    )


def _land(graph: FeederGraph) -> Csr:
    land = graph.is_land_contact
    return symmetric_csr(
        graph.n_nodes, graph.contact_a[land], graph.contact_b[land], np.ones(int(land.sum()))
    )


def _anchors(graph: FeederGraph) -> Csr:
    anchor = ~graph.is_land_contact
    return csr_from_pairs(
        graph.n_nodes,
        graph.contact_a[anchor],
        graph.contact_b[anchor],
        graph.contact_share[anchor],
    )
