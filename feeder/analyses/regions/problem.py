"""A plan's communities as the units of a partition problem: how they are grouped into regions."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from feeder.network.graph import FloatArray, IntArray
from feeder.partition.problem import PartitionProblem, csr_from_pairs, symmetric_csr
from feeder.planning.assignment import Assignment
from feeder.planning.translate import node_points

WEIGHTS: Final = MappingProxyType(
    {"enrollment_deviation": 1.0, "feeder_continuity": 0.01, "cut_contacts": 0.01}
)
"""Balance first; of equals, more students who stay and shorter borders."""


def regions_problem(
    plan: Assignment, number: int
) -> tuple[PartitionProblem, tuple[tuple[int, int], ...]]:
    """Return the problem whose units are communities, and the neighbors that no land makes."""
    graph, n = plan.network.graph, plan.n_communities
    node, school = plan.node_community, plan.school_community
    land = graph.is_land_contact
    a, b = node[graph.contact_a[land]], node[graph.contact_b[land]]
    across = (a >= 0) & (b >= 0) & (a != b)
    a, b = a[across], b[across]
    points = _middles(plan)
    bridged = _bridges(a, b, points, number)
    a = np.concatenate([a, [pair[0] for pair in bridged]]).astype(np.int64)
    b = np.concatenate([b, [pair[1] for pair in bridged]]).astype(np.int64)
    pairs = np.unique(np.sort(np.column_stack([a, b]), axis=1), axis=0)
    students = plan.district.schools.loc[list(graph.school_ids), "enrollment"].to_numpy(np.float64)
    placed = school >= 0
    total = np.bincount(school[placed], students[placed], minlength=n).astype(np.float64)
    flow_a, flow_b = school[graph.flow_from], school[graph.flow_to]
    known = (flow_a >= 0) & (flow_b >= 0)
    flow_a, flow_b, moving = flow_a[known], flow_b[known], graph.flow_students[known]
    none = np.zeros((0, 2), dtype=np.int64)
    problem = PartitionProblem(
        community_zone=np.zeros(number, dtype=np.int64),
        unit_zone=np.zeros(n, dtype=np.int64),
        schools=np.ones(n, dtype=np.int64),
        grades=np.zeros(n, dtype=np.int64),
        has_land=np.ones(n, dtype=np.bool_),
        totals=total[None, :],
        locked=np.full(n, -1, dtype=np.int64),
        land=symmetric_csr(n, pairs[:, 0], pairs[:, 1], np.ones(len(pairs))),
        anchors=csr_from_pairs(n, none[:, 0], none[:, 1], np.zeros(0)),
        flows=symmetric_csr(n, flow_a, flow_b, moving),
        flow_inside=float(moving[flow_a == flow_b].sum()),
        flow_total=float(moving.sum()),
        together=none,
        apart=none,
        school_bounds=(1, n),
        totals_low=np.zeros(1),
        totals_high=total.sum(keepdims=True),
        required_grades=0,
        points=points,
        today=np.full(n, -1, dtype=np.int64),
        weights=WEIGHTS,
    )
    return problem, bridged


def _middles(plan: Assignment) -> FloatArray:
    """Shape (n_communities, 2): the mean place of the campuses of each community, in meters."""
    campus = plan.node_community[: plan.network.graph.n_campuses]
    points = node_points(plan.district, plan.network)[: len(campus)]
    number = np.maximum(1, np.bincount(campus[campus >= 0], minlength=plan.n_communities))
    sums = [
        np.bincount(campus[campus >= 0], points[campus >= 0, axis], minlength=plan.n_communities)
        for axis in (0, 1)
    ]
    middles: FloatArray = np.stack(sums, axis=1) / number[:, None]
    return middles


def _bridges(
    a: IntArray, b: IntArray, points: FloatArray, number: int
) -> tuple[tuple[int, int], ...]:
    """Return the nearest pairs of communities that leave no more pieces of land than regions."""
    n = len(points)
    found: list[tuple[int, int]] = []
    far = cdist(points, points)
    while True:
        ends = np.array([*zip(a.tolist(), b.tolist(), strict=True), *found], dtype=np.int64)
        ends = ends.reshape(-1, 2)
        links = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))
        count, piece = connected_components(links, directed=False)
        if count <= number:
            return tuple(found)
        apart = np.where(piece[:, None] != piece, far, np.inf)
        one, other = divmod(int(apart.argmin()), n)
        found.append((min(one, other), max(one, other)))
