"""Four colours for the communities of a map, no two neighbours alike, and kept between plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Final

import networkx as nx
import numpy as np

from feeder.network.graph import FloatArray
from feeder.planning import Assignment

PALETTE: Final = ("#88CCEE", "#DDCC77", "#CC6677", "#44AA99")
"""Stay apart under protanopia, deuteranopia and tritanopia."""
SPARE: Final = ("#BBBBBB", "#AA4499", "#999933", "#332288")
"""For communities in several pieces, whose neighbourhood need not be that of a plane map."""
_MOST_STEPS: Final = 50_000
_FEW_STEPS: Final = 1_000
"""For what may well be too much to ask: all plans at once, or some colours given."""


def community_colours(assignment: Assignment) -> tuple[str, ...]:
    """Return one hex colour a community; communities that share a border differ.

    Every plane map needs four colours at most (Appel and Haken 1977). A fifth appears only where
    communities in several pieces touch in a way no plane map can.
    """
    return _hex(_coloured(community_neighbours(assignment)))


def matched_colours(assignments: Sequence[Assignment]) -> tuple[tuple[str, ...], ...]:
    """Return the colours of every plan; communities of one id share one where they can.

    Within a plan communities that share a border differ, and that comes first. Where four
    colours do for the borders of all plans at once, every community keeps its colour. Else plan
    after plan takes on what most others have, as far as its own borders let it.
    """
    ids = [plan.community_ids for plan in assignments]
    graphs = [community_neighbours(plan) for plan in assignments]
    number = {one: k for k, one in enumerate(dict.fromkeys(chain.from_iterable(ids)))}
    places = [{k: number[one] for k, one in enumerate(own)} for own in ids]
    borders = nx.compose_all([nx.relabel_nodes(*pair) for pair in zip(graphs, places, strict=True)])
    shared = _exact(borders, len(PALETTE), _FEW_STEPS)
    if shared is None:
        return tuple(_hex(chosen) for chosen in _agreeing(graphs, ids))
    return tuple(_hex({k: shared[at] for k, at in place.items()}) for place in places)


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


def _hex(chosen: Mapping[int, int]) -> tuple[str, ...]:
    palette = PALETTE + SPARE
    return tuple(palette[chosen[k] % len(palette)] for k in range(len(chosen)))


def _coloured(neighbours: nx.Graph[int]) -> dict[int, int]:
    """Colour with as few colours as can be, but no fewer than the palette has."""
    for count in range(len(PALETTE), len(PALETTE) + len(SPARE) + 1):
        chosen = _exact(neighbours, count, _MOST_STEPS)
        if chosen is not None:
            return chosen
    greedy: dict[int, int] = nx.greedy_color(neighbours, strategy="saturation_largest_first")
    return greedy


def _agreeing(
    graphs: Sequence[nx.Graph[int]], ids: Sequence[tuple[str, ...]]
) -> list[dict[int, int]]:
    """Colour plan after plan like the ones before, then each again like all others."""
    found: list[dict[int, int]] = []
    for graph, own in zip(graphs, ids, strict=True):
        votes = _votes(own, found, ids)
        found.append(_voted(graph, votes) if votes.any() else _coloured(graph))
    for k, (graph, own) in enumerate(zip(graphs, ids, strict=True)):
        others = [*found[:k], *found[k + 1 :]]
        found[k] = _voted(graph, _votes(own, others, [*ids[:k], *ids[k + 1 :]]))
    return found


def _votes(
    own: tuple[str, ...], found: Sequence[dict[int, int]], ids: Sequence[tuple[str, ...]]
) -> FloatArray:
    """Shape (n_communities, n_colours): how many other plans give each community each colour."""
    votes = np.zeros((len(own), len(PALETTE + SPARE)))
    place = {one: k for k, one in enumerate(own)}
    for colours, theirs in zip(found, ids, strict=False):
        for k, one in enumerate(theirs):
            if one in place:
                votes[place[one], colours[k] % votes.shape[1]] += 1.0
    return votes


def _voted(neighbours: nx.Graph[int], votes: FloatArray) -> dict[int, int]:
    """Colour with no more colours than it takes, and give as many as can be what was voted for.

    Greedy: one community after the other keeps its colour where the rest can still be coloured;
    first those with most votes, among them those with fewest neighbours.
    """
    chosen = _coloured(neighbours)
    count = max(len(PALETTE), 1 + max(chosen.values(), default=0))
    kept: dict[int, int] = {}
    for node in sorted(
        neighbours, key=lambda one: (-votes[one].max(), neighbours.degree(one), one)
    ):
        for colour in np.argsort(-votes[node], kind="stable")[: (votes[node] > 0).sum()].tolist():
            wish = {**kept, node: colour}
            if colour >= count or any(kept.get(other) == colour for other in neighbours[node]):
                continue
            found = _exact(neighbours, count, _FEW_STEPS, wish)
            if found is not None:
                kept, chosen = wish, found
                break
    return chosen


def _exact(
    neighbours: nx.Graph[int],
    count: int,
    most_steps: int,
    given: Mapping[int, int] = MappingProxyType({}),
) -> dict[int, int] | None:
    """Colour with ``count`` colours by backtracking; None where ``most_steps`` find nothing.

    ``given`` are colours that stay, no two neighbours alike.

    The next community is the one whose neighbours leave it the fewest colours (Brélaz 1979);
    among its colours the least used comes first, so that the map is evenly mixed.
    """
    chosen = dict(given)
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
            if steps > most_steps:
                return False
            chosen[node] = colour
            if colour_the_rest():
                return True
            del chosen[node]
        return False

    return chosen if colour_the_rest() else None
