"""Today's plan read onto the schools and tiles of a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feeder.district.model import District
from feeder.network.graph import IntArray
from feeder.network.model import Network
from feeder.network.virtual import outside
from feeder.planning.land import whole_land


@dataclass(frozen=True, slots=True, eq=False)
class Today:
    """Who belongs where today.

    Attributes
    ----------
    ids
        Shape (n_communities,): today's communities, which go by their ids.
    school
        Shape (n_schools,): community of each school of the network; -1 is none.
    node
        Shape (n_nodes,): community of each campus or vacant tile; -1 is none.
    unknown
        Campuses with land whose schools are in no community today.
    """

    ids: tuple[str, ...]
    school: IntArray
    node: IntArray
    unknown: int


def read_today(district: District, network: Network) -> Today | None:
    """Return today's division of a network, or None without an existing plan.

    A virtual school that stays outside every community has none. A campus' tile follows its first
    school that has a community today. Every other tile goes where it keeps the land whole
    (:func:`~feeder.planning.land.whole_land`).
    """
    today, graph = district.existing_plan, network.graph
    if today is None:
        return None
    by_school = today.reindex(list(graph.school_ids))
    by_school = by_school.mask(by_school.index.isin(outside(district, network)))
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
    node = whole_land(graph, node, free=np.ones(graph.n_nodes, dtype=np.bool_))
    return Today(ids, school, node, unknown)
