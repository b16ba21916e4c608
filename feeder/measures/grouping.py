"""Who belongs where: the plan, and today's plan read onto the same schools and tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from feeder.district.model import District
from feeder.language import Message
from feeder.network.graph import IntArray
from feeder.network.model import Network
from feeder.network.virtual import outside
from feeder.planning import Assignment
from feeder.planning.land import whole_land
from feeder.scenario import Scenario
from feeder.terms import PARTIAL_LAND


class HasNetwork(Protocol):
    """A district and its network under a scenario; any plan of them is one."""

    @property
    def district(self) -> District:
        """The district."""
        ...

    @property
    def network(self) -> Network:
        """Its network."""
        ...

    @property
    def scenario(self) -> Scenario:
        """What is asked of plans."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A division of schools and of land into communities.

    Attributes
    ----------
    ids
        Shape (n_communities,): community ids.
    school
        Shape (n_schools,): community index of each school; -1 is none.
    node
        Shape (n_nodes,): community index of each campus or vacant tile; -1 is none. Where a
        plan parts the schools of a campus, its tile follows one of them.
    land_reason
        Why measures of land cannot be given; None where they can.
    """

    ids: tuple[str, ...]
    school: IntArray
    node: IntArray
    land_reason: Message | None = None

    @property
    def n(self) -> int:
        """Number of communities."""
        return len(self.ids)


def planned(assignment: Assignment) -> Grouping:
    """Return the division a plan makes."""
    return Grouping(
        assignment.community_ids, assignment.school_community, assignment.node_community
    )


def existing(known: HasNetwork) -> Grouping | None:
    """Return today's division of the same schools and tiles, or None without an existing plan.

    A virtual school that stays outside every community has none. A campus' tile follows its first
    school that has a community today. Every other tile goes where it keeps the land whole
    (:func:`~feeder.planning.land.whole_land`).
    """
    today = known.district.existing_plan
    graph = known.network.graph
    if today is None:
        return None
    by_school = today.reindex(list(graph.school_ids))
    by_school = by_school.mask(by_school.index.isin(outside(known.district, known.network)))
    ids = tuple(sorted(by_school.dropna().unique()))
    if not ids:
        return None
    code = {community: index for index, community in enumerate(ids)}
    school = np.array([code.get(value, -1) for value in by_school], dtype=np.int64)
    node = np.full(graph.n_nodes, -1, dtype=np.int64)
    for index in np.flatnonzero(school >= 0)[::-1]:
        node[graph.school_node[index]] = school[index]
    landed = graph.has_land[: graph.n_campuses]
    unknown = int((node[: graph.n_campuses][landed] < 0).sum())
    reason = None
    if unknown > PARTIAL_LAND * int(landed.sum()):
        reason = Message("missing.land_today", {"unknown": unknown, "campuses": int(landed.sum())})
    node = whole_land(graph, node, free=np.ones(graph.n_nodes, dtype=np.bool_))
    return Grouping(ids, school, node, reason)


def today_of(known: HasNetwork) -> Assignment | None:
    """Return today's plan of the same schools as the measures read it, or None without one."""
    today = existing(known)
    if today is None:
        return None
    return Assignment(
        district=known.district,
        network=known.network,
        scenario=known.scenario,
        school_community=today.school,
        node_community=today.node,
        community_ids=today.ids,
        community_names=today.ids,
        is_today=True,
    )
