"""Colors for communities: those within sight of each other differ, whoever looks, in grey too.

Any two colors of :data:`PALETTE` are at least 15 apart (CIEDE2000; Sharma, Wu and Dalal 2005) under
normal sight and under protanopia, deuteranopia and tritanopia (Machado, Oliveira and Fernandes
2009). In grey they are 10 apart in lightness (CIELAB), or one of them has a dashed border.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import networkx as nx
import numpy as np

from feeder.network.graph import FeederGraph, IntArray

SOLID: Final = ("#C6C3FF", "#0EA571", "#E1FB78", "#B1621B", "#A2B636")
DASHED: Final = ("#D9D2B0", "#8488EB", "#D0A0B2", "#876F8C", "#C5FBF8")
"""Colors whose community has a dashed line inside its border."""
PALETTE: Final = SOLID + DASHED
_LUMINANCE: Final = (0.2126, 0.7152, 0.0722)
"""Share of linear red, green and blue in how light a color of sRGB looks."""
_KNEE: Final = 0.04045
_AS_DARK_AS_LIGHT: Final = 0.179
"""Luminance on which black and white are read equally well."""
_NOTHING: Final[Mapping[int, str]] = MappingProxyType({})


def has_dashes(color: str) -> bool:
    """Return whether a community of this color has a dashed line inside its border."""
    return color in DASHED


def ink_on(color: str) -> str:
    """Return black or white, whichever is easier to read on a color (WCAG's contrast)."""
    share = _channels(color) / 255
    linear = np.where(share <= _KNEE, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return "#000000" if linear @ _LUMINANCE > _AS_DARK_AS_LIGHT else "#FFFFFF"


def border_graph(graph: FeederGraph, node_community: IntArray, n: int) -> nx.Graph[int]:
    """Return the communities as nodes 0 .. n-1, joined where their land shares a border.

    Parameters
    ----------
    graph
        A district's graph.
    node_community
        Shape (n_nodes,): community of each campus or vacant tile; -1 is none.
    n
        Number of communities.
    """
    border = graph.contact_kind == "border"
    ends = np.stack([graph.contact_a[border], graph.contact_b[border]], axis=1)
    pairs = np.sort(node_community[ends], axis=1)
    pairs = np.unique(pairs[(pairs[:, 0] >= 0) & (pairs[:, 0] != pairs[:, 1])], axis=0)
    borders: nx.Graph[int] = nx.Graph()
    borders.add_nodes_from(range(n))
    borders.add_edges_from(pairs.tolist())
    return borders


def colored(borders: nx.Graph[int], fixed: Mapping[int, str] = _NOTHING) -> dict[int, str]:
    """Color communities: neighbors differ, and neighbors of neighbors where it can be had.

    Colors are used evenly, so that up to ten communities all differ.

    Two greedy colorings of networkx, of all that are within sight of each other (Brélaz 1979) and
    of neighbors alone (Matula and Beck 1983; six colors do for any plane map), are made better one
    community at a time; the better of them is taken.

    Parameters
    ----------
    borders
        Communities as nodes, joined where they share a border.
    fixed
        Colors that stay, any ``#RRGGBB``; one that is not of the palette counts as the nearest.
    """
    sight = nx.power(borders, 2)
    starts = (
        nx.greedy_color(sight, strategy="saturation_largest_first"),
        nx.greedy_color(borders, strategy="smallest_last"),
    )
    kept = {one: _nearest(color) for one, color in fixed.items()}
    found = [_improved({**start, **kept}, kept, borders, sight) for start in starts]
    best = min(found, key=lambda code: (_alike(code, borders), _alike(code, sight)))
    return {one: fixed.get(one, PALETTE[best[one]]) for one in sorted(best)}


def _improved(
    start: Mapping[int, int],
    kept: Mapping[int, int],
    borders: nx.Graph[int],
    sight: nx.Graph[int],
) -> dict[int, int]:
    """Change one color after another, but for those kept, until no change does any good."""
    code = {one: color % len(PALETTE) for one, color in sorted(start.items())}
    free = [one for one in code if one not in kept]
    while sum(_improve(one, code, borders, sight) for one in free):
        pass  # every change lowers three whole numbers, the first of them first
    return code


def _improve(one: int, code: dict[int, int], borders: nx.Graph[int], sight: nx.Graph[int]) -> bool:
    """Give a community a color that fewer neighbors, in sight, or at all have; say if it did."""
    near, far = ([code[other] for other in graph[one]] for graph in (borders, sight))
    every = [color for other, color in code.items() if other != one]
    cost = [
        (near.count(color), far.count(color), every.count(color), color)
        for color in range(len(PALETTE))
    ]
    best = min(cost)
    if best[:3] >= cost[code[one]][:3]:
        return False
    code[one] = best[3]
    return True


def _alike(code: Mapping[int, int], graph: nx.Graph[int]) -> int:
    """Return how many pairs of a graph have one color."""
    return sum(code[one] == code[other] for one, other in graph.edges)


def _nearest(color: str) -> int:
    """Return the place in the palette of the color nearest to one, in red, green and blue."""
    wanted = _channels(color)
    return int(np.argmin([np.sum((_channels(one) - wanted) ** 2) for one in PALETTE]))


def _channels(color: str) -> IntArray:
    return np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.int64)
