"""Who belongs where: the plan, and today's plan read onto the same schools and tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from feeder.district.model import District
from feeder.language import Message
from feeder.network.graph import IntArray
from feeder.network.model import Network
from feeder.planning import Assignment
from feeder.planning.identity import Ground, identified
from feeder.planning.today import read_today
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
    host
        Shape (n_communities,): school that is to hold the office of each; -1 where the best is
        chosen. None where nobody said of any.
    """

    ids: tuple[str, ...]
    school: IntArray
    node: IntArray
    land_reason: Message | None = None
    host: IntArray | None = None

    @property
    def n(self) -> int:
        """Number of communities."""
        return len(self.ids)


def planned(assignment: Assignment) -> Grouping:
    """Return the division a plan makes."""
    place = {school: at for at, school in enumerate(assignment.network.graph.school_ids)}
    wanted = [place.get(one.office_school_id, -1) for one in assignment.communities]
    return Grouping(
        assignment.community_ids,
        assignment.school_community,
        assignment.node_community,
        host=np.array(wanted, dtype=np.int64) if max(wanted, default=-1) >= 0 else None,
    )


def existing(known: HasNetwork) -> Grouping | None:
    """Return today's division of the same schools and tiles, or None without an existing plan.

    :func:`~feeder.planning.today.read_today` says how.
    """
    today = read_today(known.district, known.network)
    if today is None:
        return None
    graph = known.network.graph
    landed = int(graph.has_land[: graph.n_campuses].sum())
    reason = None
    if today.unknown > PARTIAL_LAND * landed:
        reason = Message("missing.land_today", {"unknown": today.unknown, "campuses": landed})
    return Grouping(today.ids, today.school, today.node, land_reason=reason)


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
        communities=identified(
            Ground(known.district, known.network, today.school, today.node), today.ids, today.ids
        ),
        is_today=True,
    )
