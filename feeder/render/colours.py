"""Four colours for the communities of a map, no two neighbours alike."""

from __future__ import annotations

from typing import Final

import networkx as nx
import numpy as np

from feeder.planning import Assignment

PALETTE: Final = ("#88CCEE", "#DDCC77", "#CC6677", "#44AA99")
"""Stay apart under protanopia, deuteranopia and tritanopia."""
SPARE: Final = ("#BBBBBB", "#AA4499", "#999933", "#332288")
"""For communities in several pieces, whose neighbourhood need not be that of a plane map."""
_MOST_STEPS: Final = 50_000


def community_colours(assignment: Assignment) -> tuple[str, ...]:
    """Return one hex colour a community; communities that share a border differ.

    Every plane map needs four colours at most. A fifth appears only where communities in
    several pieces touch in a way no plane map can.
    """
    neighbours = community_neighbours(assignment)
    for count in range(len(PALETTE), len(PALETTE) + len(SPARE) + 1):
        chosen = _exact(neighbours, count)
        if chosen is not None:
            break
    else:
        chosen = nx.greedy_color(neighbours, strategy="saturation_largest_first")
    palette = PALETTE + SPARE
    return tuple(palette[chosen[k] % len(palette)] for k in range(assignment.n_communities))


def community_neighbours(assignment: Assignment) -> nx.Graph[int]:
    """Return the communities as nodes 0 .. n-1, joined where their land shares a border."""
    graph = assignment.network.graph
    border = graph.contact_kind == "border"
    ends = np.stack([graph.contact_a[border], graph.contact_b[border]], axis=1)
    pairs = np.sort(assignment.node_community[ends], axis=1)
    pairs = np.unique(pairs[(pairs[:, 0] >= 0) & (pairs[:, 0] != pairs[:, 1])], axis=0)
    neighbours: nx.Graph[int] = nx.Graph()
    neighbours.add_nodes_from(range(assignment.n_communities))
    neighbours.add_edges_from(pairs.tolist())
    return neighbours


def _exact(neighbours: nx.Graph[int], count: int) -> dict[int, int] | None:
    """Colour with ``count`` colours by backtracking, or return None.

    The next community is the one whose neighbours leave it the fewest colours (Brelaz, 1979);
    among its colours the least used comes first, so that the map is evenly mixed.
    """
    chosen: dict[int, int] = {}
    steps = 0

    def free(node: int) -> list[int]:
        taken = {chosen[other] for other in neighbours[node] if other in chosen}
        used = list(chosen.values())
        return sorted(set(range(count)) - taken, key=lambda colour: (used.count(colour), colour))

    def colour_the_rest() -> bool:
        nonlocal steps
        steps += 1
        waiting = [node for node in neighbours if node not in chosen]
        if not waiting:
            return True
        node = min(waiting, key=lambda one: (len(free(one)), -neighbours.degree(one), one))
        for colour in free(node):
            if steps > _MOST_STEPS:
                return False
            chosen[node] = colour
            if colour_the_rest():
                return True
            del chosen[node]
        return False

    return chosen if colour_the_rest() else None
