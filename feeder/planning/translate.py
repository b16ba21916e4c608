"""Into arrays: a network under a scenario as the partition problem alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from feeder.district.model import K12_MASK, WGS84, District
from feeder.network.graph import FeederGraph
from feeder.network.model import Network
from feeder.partition.problem import (
    Csr,
    Offices,
    PartitionProblem,
    csr_from_pairs,
    symmetric_csr,
)
from feeder.planning.budgets import node_today, search_budgets
from feeder.planning.zones import Zones
from feeder.scenario import Scenario

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
NO_LIMIT: Final = 1e6
"""A tolerance that allows anything."""


def node_totals(district: District, graph: FeederGraph, scenario: Scenario) -> FloatArray:
    """Shape (n_totals, n_nodes): enrollment of each node and, where it counts, its need.

    Need counts where the scenario bounds it or weighs it, and the district has a need figure.
    """
    schools = district.schools.loc[list(graph.school_ids)]
    rows = [schools["enrollment"].to_numpy(dtype=np.float64)]
    counts = scenario.need_tolerance is not None or scenario.weights.get("need_deviation", 0.0) > 0
    if counts and district.statistics.need is not None:
        need = district.statistics.need.reindex(graph.school_ids).fillna(0.0)
        rows.append(need.to_numpy(dtype=np.float64))
    return np.stack(
        [np.bincount(graph.school_node, weights=row, minlength=graph.n_nodes) for row in rows]
    )


def tolerances(scenario: Scenario) -> FloatArray:
    """Shape (2,): how far enrollment and need may be from the mean, as shares of it."""
    need = NO_LIMIT if scenario.need_tolerance is None else scenario.need_tolerance
    return np.array([scenario.enrollment_tolerance, need])


def node_grades(district: District, graph: FeederGraph) -> IntArray:
    """Shape (n_nodes,): K-12 grades served on each node, as a bit mask."""
    mask = district.schools["grades"].reindex(graph.school_ids).to_numpy(dtype=np.int64) & K12_MASK
    grades = np.zeros(graph.n_nodes, dtype=np.int64)
    np.bitwise_or.at(grades, graph.school_node, mask)
    return grades


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
    district: District,
    graph: FeederGraph,
    points: FloatArray,
    scenario: Scenario,
    zones: Zones,
    community_zone: IntArray,
    locked_ids: tuple[str, ...],
    offices: Offices | None,
) -> PartitionProblem:
    """Translate; every check has been made (see ``limits``).

    Parameters
    ----------
    points
        Shape (n_nodes, 2): metres east and north of each node of the graph.
    community_zone
        Shape (n_communities,): zone of each community.
    locked_ids
        Community ids that locks use; the first communities carry them in this order.
    offices
        The way to offices (:func:`unit_offices`).
    """
    n = graph.n_nodes
    node_of = dict(zip(graph.school_ids, graph.school_node.tolist(), strict=True))
    totals = node_totals(district, graph, scenario)
    grades = node_grades(district, graph)
    mean = totals.sum(axis=1) / len(community_zone)
    tolerance = tolerances(scenario)[: len(mean)]
    flow_a, flow_b = graph.school_node[graph.flow_from], graph.school_node[graph.flow_to]
    locked = np.full(n, -1, dtype=np.int64)
    for school, community in sorted(scenario.locked.items()):
        locked[node_of[school]] = locked_ids.index(community)
    return PartitionProblem(
        community_zone=community_zone,
        unit_zone=zones.node_zone,
        schools=np.bincount(graph.school_node, minlength=n).astype(np.int64),
        grades=grades,
        has_land=graph.has_land,
        totals=totals,
        locked=locked,
        land=_land(graph),
        anchors=_anchors(graph),
        flows=symmetric_csr(n, flow_a, flow_b, graph.flow_students),
        flow_inside=float(graph.flow_students[flow_a == flow_b].sum()),
        flow_total=float(graph.flow_students.sum()),
        together=_pairs(scenario.keep_together, node_of, chain=True),
        apart=_pairs(scenario.keep_apart, node_of, chain=False),
        school_bounds=scenario.schools,
        totals_low=mean * (1 - tolerance),
        totals_high=mean * (1 + tolerance),
        required_grades=int(np.bitwise_or.reduce(grades)) if n else 0,
        points=points,
        today=node_today(district, graph),
        weights=scenario.weights,
        offices=offices,
        budgets=search_budgets(district, graph, scenario),
    )


def unit_offices(
    district: District, network: Network, graph: FeederGraph, scenario: Scenario
) -> Offices | None:
    """Return the way to an office on any node of ``graph``; None where nothing asks for it.

    The way to a campus of several schools is the mean of the ways to those that may hold an office,
    but for the limit, which counts the longest: what keeps it here keeps it to any of them.
    """
    if scenario.max_office_minutes is None and not scenario.weights.get("office_minutes_mean"):
        return None
    place = {school: i for i, school in enumerate(network.graph.school_ids)}
    places = np.array([place[school] for school in graph.school_ids], dtype=np.int64)
    minutes = network.travel.minutes(places, places)
    capacity = district.schools["office_capacity"].reindex(graph.school_ids).to_numpy(np.float64)
    hosts = np.where(np.isnan(capacity), np.inf, capacity)
    may = np.flatnonzero(hosts > 0)
    node, n = graph.school_node, graph.n_nodes
    number = np.maximum(1, np.bincount(node[may], minlength=n))
    most = scenario.max_office_minutes
    total, farthest = np.zeros((n, n)), np.zeros((len(node), n))
    for host in may:
        np.add.at(total[:, node[host]], node, minutes[:, host])
        farthest[:, node[host]] = np.maximum(farthest[:, node[host]], minutes[:, host])
    beyond = np.zeros((n, n))
    if most is not None:
        np.add.at(beyond, node, np.maximum(farthest - most, 0.0))
    largest = np.zeros(n)
    np.maximum.at(largest, node[may], hosts[may])
    return Offices(travel=total / number, beyond=beyond, hosts=largest, most=most)


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


def _pairs(
    groups: tuple[tuple[str, ...], ...], node_of: dict[str, int], *, chain: bool
) -> IntArray:
    """Pairs of nodes from groups of schools: neighbours in the group, or every two of it."""
    pairs: list[tuple[int, int]] = []
    for group in groups:
        nodes = [node_of[school] for school in group]
        if chain:
            pairs += list(pairwise(nodes))
        else:
            pairs += [(a, b) for i, a in enumerate(nodes) for b in nodes[i + 1 :]]
    distinct = [pair for pair in pairs if pair[0] != pair[1]]
    return np.array(distinct, dtype=np.int64).reshape(-1, 2)
