"""Members: the part of a network that a plan gives to communities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from feeder.network.graph import FeederGraph

IntArray = npt.NDArray[np.int64]


def members(graph: FeederGraph) -> tuple[FeederGraph, IntArray]:
    """Return the graph without the campuses that stay apart, and the nodes it keeps.

    Parameters
    ----------
    graph
        A district's graph.

    Returns
    -------
    The graph of the other campuses, all vacant tiles, their contacts, and the flows between
    members; shape (n_kept,): the index in ``graph`` of each of its nodes, rising.
    """
    kept = np.flatnonzero(~graph.is_apart)
    if len(kept) == graph.n_nodes:
        return graph, kept
    node = np.full(graph.n_nodes, -1, dtype=np.int64)
    node[kept] = np.arange(len(kept))
    at_school = node[graph.school_node]
    stays = at_school >= 0
    school = np.where(stays, np.cumsum(stays) - 1, -1)
    inside = stays[graph.flow_from] & stays[graph.flow_to]
    member_graph = replace(
        graph,
        node_ids=tuple(graph.node_ids[i] for i in kept),
        n_campuses=int((kept < graph.n_campuses).sum()),
        school_ids=tuple(graph.school_ids[i] for i in np.flatnonzero(stays)),
        school_node=at_school[stays],
        has_land=graph.has_land[kept],
        contact_a=node[graph.contact_a],
        contact_b=node[graph.contact_b],
        flow_from=school[graph.flow_from[inside]],
        flow_to=school[graph.flow_to[inside]],
        flow_students=graph.flow_students[inside],
        flow_source=graph.flow_source[inside],
    )
    return member_graph, kept
