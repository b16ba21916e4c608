"""Communities in several pieces for a good reason: islands of a tile, and bridges."""

from __future__ import annotations

from typing import Any

import numpy as np

from feeder.language import Message
from feeder.language.words import shown
from feeder.measures.grouping import Grouping
from feeder.measures.inputs import MeasureInputs
from feeder.measures.shape import Land, pieces
from feeder.network.graph import BRIDGE
from feeder.planning import Assignment


def island_communities(
    assignment: Assignment, inputs: MeasureInputs, grouping: Grouping, land: Land
) -> tuple[dict[str, Any], ...]:
    """Name the communities whose onshore land lies in pieces through no fault of the plan.

    Returns
    -------
    ``community_id``, ``name``, ``pieces`` and ``reason``: the tiles that lie in several pieces
    themselves, and the bridges inside the community. A community whose land is in pieces with
    neither is not an island community; it breaks the promise of contiguity.
    """
    graph = assignment.network.graph
    by_tile = grouping.node[inputs.tile_node]
    parts = pieces(land.onshore)
    own = pieces(inputs.onshore)
    bridges = np.flatnonzero(graph.contact_kind == BRIDGE)
    found = []
    for c in np.flatnonzero(parts > 1):
        torn = [
            graph.node_ids[inputs.tile_node[tile]]
            for tile in np.flatnonzero((by_tile == c) & (own > 1))
        ]
        across = [
            Message(
                "island.bridge",
                {
                    "a": shown(graph.node_ids[graph.contact_a[i]]),
                    "b": shown(graph.node_ids[graph.contact_b[i]]),
                },
            )
            for i in bridges
            if grouping.node[graph.contact_a[i]] == c == grouping.node[graph.contact_b[i]]
        ]
        if torn or across:
            found.append(
                {
                    "community_id": grouping.ids[c],
                    "name": assignment.community_names[c],
                    "pieces": int(parts[c]),
                    "reason": _reason(tuple(torn), tuple(across)),
                }
            )
    return tuple(found)


def _reason(torn: tuple[str, ...], across: tuple[Message, ...]) -> Message:
    tiles = Message("island.tiles", {"tiles": torn})
    bridges = Message("island.bridges", {"bridges": across})
    if torn and across:
        return Message("island.both", {"tiles": tiles, "bridges": bridges})
    return tiles if torn else bridges
