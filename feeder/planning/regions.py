"""Regions: groups of a plan's communities, each with one headquarters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from feeder.district.wording import counted, listed
from feeder.errors import InputError, Problem
from feeder.network.graph import FloatArray, IntArray
from feeder.partition.cooling import Effort
from feeder.partition.problem import (
    Limits,
    PartitionProblem,
    csr_from_pairs,
    symmetric_csr,
)
from feeder.partition.search import search
from feeder.planning.assignment import Assignment
from feeder.planning.naming import name_communities
from feeder.planning.translate import node_points
from feeder.scenario import nearest

COMMUNITIES_PER_REGION: Final = 6
EFFORT: Final = Effort(steps_per_unit=4_000, chains=6, rounds=1)
"""A few dozen units: more finds nothing better."""
WEIGHTS: Final = MappingProxyType(
    {"enrollment_deviation": 1.0, "feeder_continuity": 0.01, "cut_contacts": 0.01}
)
"""Balance first; of equals, more students who stay and shorter borders."""
TIGHTER: Final = 1e-6
"""Part of the mean by which each search must beat the one before it."""
EXACT: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regions:
    """A plan's communities in regions.

    Attributes
    ----------
    assignment
        The plan of the communities.
    region
        Shape (n_communities,): index of the region of each community.
    ids, names
        Shape (n_regions,).
    headquarters
        Shape (n_regions,): index of the school that hosts the headquarters of each.
    split
        Communities with schools in other regions too, where regions were given: community,
        its region, and how many of its schools lie in others.
    bridged
        Pairs of communities that were taken for neighbors though no land joins them.
    """

    assignment: Assignment
    region: IntArray
    ids: tuple[str, ...]
    names: tuple[str, ...]
    headquarters: IntArray
    split: tuple[tuple[int, int, int], ...] = ()
    bridged: tuple[tuple[int, int], ...] = ()

    @property
    def school_region(self) -> IntArray:
        """Shape (n_schools,): index of the region of each school; -1 is none."""
        return _within(self.region, self.assignment.school_community)

    @property
    def node_region(self) -> IntArray:
        """Shape (n_nodes,): index of the region of each campus or vacant tile; -1 is none."""
        return _within(self.region, self.assignment.node_community)

    def as_plan(self) -> Assignment:
        """Return the regions as a plan of fewer, larger parts, which seeks balance alone."""
        n = len(self.ids)
        scenario = replace(
            self.assignment.scenario,
            communities=n,
            schools=(1, max(1, len(self.school_region))),
            need_tolerance=None,
            nested_in=None,
            keep_together=(),
            keep_apart=(),
            locked=MappingProxyType({}),
        )
        return replace(
            self.assignment,
            scenario=scenario,
            school_community=self.school_region,
            node_community=self.node_region,
            community_ids=self.ids,
            community_names=self.names,
        )

    def table(self) -> pd.DataFrame:
        """Return ``community_id``, ``region_id`` and ``headquarters_id`` of every community."""
        schools = self.assignment.network.graph.school_ids
        return pd.DataFrame(
            {
                "community_id": self.assignment.community_ids,
                "region_id": [self.ids[r] for r in self.region],
                "headquarters_id": [schools[self.headquarters[r]] for r in self.region],
            }
        )


def usual_number(n_communities: int) -> int:
    """Return how many regions are made where none is asked for: one per 6 communities, 2 at least.

    A plan of one community is one region.
    """
    return min(n_communities, max(2, round(n_communities / COMMUNITIES_PER_REGION)))


def make_regions(plan: Assignment, number: int, *, seed: int) -> Regions:
    """Group communities into contiguous regions as even in enrollment as can be found.

    A partition problem whose units are communities: two are neighbors where their land is. After
    each search the limit is set below the deviation it found, until none is found.

    Parameters
    ----------
    plan
        The communities.
    number
        How many regions.
    seed
        Of the search.

    Raises
    ------
    InputError
        Where there are fewer communities than regions.
    """
    if not 1 <= number <= plan.n_communities:
        raise InputError([_too_many(plan, number)])
    problem, bridged = regions_problem(plan, number)
    if number == 1:
        return _named(plan, np.zeros(plan.n_communities, dtype=np.int64))
    found = search(problem, seed=seed, effort=EFFORT)
    while True:
        labels = found.labels
        total = np.bincount(labels, weights=problem.totals[0], minlength=number)
        mean = problem.totals[0].sum() / number
        allowed = float(np.abs(total - mean).max()) - TIGHTER * mean
        if allowed <= 0:
            break
        limits = replace(
            problem.limits,
            totals_low=np.array([mean - allowed]),
            totals_high=np.array([mean + allowed]),
        )
        found = search(replace(problem, limits=limits), seed=seed, effort=EFFORT)
        if not found.feasible:
            break
    return replace(_named(plan, labels), bridged=bridged)


def keep_regions(plan: Assignment, column: str) -> Regions:
    """Give each community to the region of a column where most of its students are.

    Parameters
    ----------
    plan
        The communities.
    column
        Column of the schools table; blank cells do not count.

    Raises
    ------
    InputError
        Where there is no such column, or a community has no school with a region.
    """
    value = _column(plan, column)
    schools = plan.district.schools.loc[list(plan.network.graph.school_ids)]
    frame = pd.DataFrame(
        {
            "community": plan.school_community,
            "region": value,
            "students": schools["enrollment"].to_numpy(np.float64),
        }
    )
    frame = frame[(frame["community"] >= 0) & (frame["region"] != "")]
    held = frame.groupby(["community", "region"])["students"].agg(["sum", "size"]).reset_index()
    held = held.sort_values(["community", "sum", "region"], ascending=[True, False, True])
    first = held.drop_duplicates("community").set_index("community")
    absent = sorted(set(range(plan.n_communities)) - set(first.index))
    if absent:
        problem = Problem(
            rule="no-region",
            message="no school of "
            f"{listed(plan.community_names[one] for one in absent)} has a {column}.",
            fix="Fill the column, or let feeder make regions with --regions.",
            column=column,
        )
        raise InputError([problem])
    names = tuple(sorted(set(first["region"])))
    region = np.array([names.index(first["region"][k]) for k in range(plan.n_communities)])
    schools_of = held.groupby("community")["size"].sum()
    split = tuple(
        (k, int(region[k]), int(schools_of[k] - first["size"][k]))
        for k in range(plan.n_communities)
        if schools_of[k] > first["size"][k]
    )
    region = region.astype(np.int64)
    return Regions(
        assignment=plan,
        region=region,
        ids=names,
        names=names,
        headquarters=headquarters(plan, region, len(names)),
        split=split,
    )


def headquarters(plan: Assignment, region: IntArray, number: int) -> IntArray:
    """Return the member school of each region to which its schools have the least way in all.

    Sites that can hold no office are not asked where another can; of equals the first id hosts.

    Parameters
    ----------
    plan
        The communities.
    region
        Shape (n_communities,): index of each one's region.
    number
        How many regions.

    Returns
    -------
    Shape (number,): school indices.
    """
    home = _within(region, plan.school_community)
    table = plan.district.schools.loc[list(plan.network.graph.school_ids)]
    can = table["office_capacity"].to_numpy(np.float64) != 0
    found = []
    for one in range(number):
        members = np.flatnonzero(home == one)
        hosts = members[can[members]] if can[members].any() else members
        minutes = plan.network.travel.minutes(members, hosts)
        found.append(int(hosts[np.round(minutes.sum(axis=0), EXACT).argmin()]))
    return np.array(found, dtype=np.int64)


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
    bridged = _bridges(a, b, points)
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
        limits=Limits(
            schools=(1, n), totals_low=np.zeros(1), totals_high=total.sum(keepdims=True), grades=0
        ),
        points=points,
        today=np.full(n, -1, dtype=np.int64),
        weights=WEIGHTS,
    )
    return problem, bridged


def _too_many(plan: Assignment, number: int) -> Problem:
    return Problem(
        rule="regions",
        message=f"{counted(plan.n_communities, 'community', 'communities')} do not make "
        f"{counted(number, 'region')}.",
        fix=f"Ask for 1 to {plan.n_communities}.",
    )


def _within(region: IntArray, community: IntArray) -> IntArray:
    """Return the region of each community index; -1 stays -1."""
    return np.append(region, -1)[community]


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


def _bridges(a: IntArray, b: IntArray, points: FloatArray) -> tuple[tuple[int, int], ...]:
    """Return the nearest pairs of communities that join all pieces of land into one."""
    n = len(points)
    found: list[tuple[int, int]] = []
    far = cdist(points, points)
    while True:
        ends = np.array([*zip(a.tolist(), b.tolist(), strict=True), *found], dtype=np.int64)
        ends = ends.reshape(-1, 2)
        links = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))
        count, piece = connected_components(links, directed=False)
        if count <= 1:
            return tuple(found)
        apart = np.where(piece[:, None] != piece, far, np.inf)
        one, other = divmod(int(apart.argmin()), n)
        found.append((min(one, other), max(one, other)))


def _named(plan: Assignment, labels: IntArray) -> Regions:
    """Return the regions, numbered in the order of their names: that of the largest high school."""
    number = int(labels.max()) + 1
    node = _within(labels, plan.node_community)
    names = name_communities(plan.district, plan.network.graph, node, number)
    order = sorted(range(number), key=lambda one: names[one])
    position = np.empty(number, dtype=np.int64)
    position[order] = np.arange(number)
    region = position[labels]
    return Regions(
        assignment=plan,
        region=region,
        ids=tuple(f"R{one}" for one in range(1, number + 1)),
        names=tuple(names[one] for one in order),
        headquarters=headquarters(plan, region, number),
    )


def _column(plan: Assignment, column: str) -> npt.NDArray[np.object_]:
    """Shape (n_schools,): the trimmed text of a column of the schools table."""
    district = plan.district
    columns: dict[str, pd.Series[str]] = {
        **{str(name): cells for name, cells in district.extra.items()},
        **{name: district.schools[name] for name in ("region", "kind")},
    }
    if column not in columns:
        problem = Problem(
            rule="unknown-column",
            message=f"the schools table has no column {column!r} to keep regions by.",
            fix=nearest(column, columns),
            column=column,
        )
        raise InputError([problem])
    cells = columns[column].reindex(list(plan.network.graph.school_ids)).fillna("")
    return cells.str.strip().to_numpy(dtype=object)
