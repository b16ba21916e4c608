"""Communities in several pieces for a good reason: islands of a tile, and bridges."""

from __future__ import annotations

from typing import Any

import numpy as np

from feeder.district.wording import listed
from feeder.measures.division import Division
from feeder.measures.facts import Facts
from feeder.measures.shape import Land, pieces
from feeder.network.graph import BRIDGE
from feeder.planning import Assignment


def island_communities(
    assignment: Assignment, facts: Facts, division: Division, land: Land
) -> tuple[dict[str, Any], ...]:
    """Name the communities whose onshore land lies in pieces through no fault of the plan.

    Returns
    -------
    ``community_id``, ``name``, ``pieces`` and ``reason``: the tiles that lie in several pieces
    themselves, and the bridges inside the community. A community whose land is in pieces with
    neither is not an island community; it breaks the promise of contiguity.
    """
    graph = assignment.network.graph
    by_tile = division.node[facts.tile_node]
    parts = pieces(land.onshore)
    own = pieces(facts.onshore)
    bridges = np.flatnonzero(graph.contact_kind == BRIDGE)
    found = []
    for c in np.flatnonzero(parts > 1):
        torn = [
            graph.node_ids[facts.tile_node[tile]]
            for tile in np.flatnonzero((by_tile == c) & (own > 1))
        ]
        across = [
            f"{graph.node_ids[graph.contact_a[i]]} to {graph.node_ids[graph.contact_b[i]]}"
            for i in bridges
            if division.node[graph.contact_a[i]] == c == division.node[graph.contact_b[i]]
        ]
        reasons = []
        if torn:
            reasons.append(f"tiles in several pieces: {listed(torn)}")
        if across:
            reasons.append(f"bridges: {listed(across)}")
        if reasons:
            found.append(
                {
                    "community_id": division.ids[c],
                    "name": assignment.community_names[c],
                    "pieces": int(parts[c]),
                    "reason": "; ".join(reasons),
                }
            )
    return tuple(found)
