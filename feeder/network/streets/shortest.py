"""Places set on the nearest node of the streets, and the minutes between them."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from feeder.network.globe import metres_from_middle
from feeder.network.graph import FloatArray, IntArray
from feeder.network.streets.model import StreetNetwork

_BLOCK: Final = 32
"""Sources at a time: their minutes to every node of a city take 40 MB."""


def snap(streets: StreetNetwork, points: FloatArray) -> tuple[IntArray, FloatArray]:
    """Find the node nearest to each place.

    Parameters
    ----------
    streets
        The streets.
    points
        Shape (n, 3): metres from the middle of the earth; not finite where a place has none.

    Returns
    -------
    node
        Shape (n,); -1 where a place has none.
    metres
        Shape (n,): straight distance to it; NaN where a place has none.
    """
    node = np.full(len(points), -1, dtype=np.int64)
    metres = np.full(len(points), np.nan)
    there = np.isfinite(points).all(axis=1)
    tree = cKDTree(metres_from_middle(streets.lon, streets.lat))
    metres[there], node[there] = tree.query(points[there])
    return node, metres


def minutes_between(
    streets: StreetNetwork,
    points: FloatArray,
    node: IntArray,
    metres: FloatArray,
    minutes_a_metre: float,
) -> FloatArray:
    """Return the minutes from every place to every other.

    A way leads from the place straight to its node, along the quickest streets (Dijkstra 1959;
    scipy), and straight to the other place. Places on one node are as far apart as the straight
    line.

    Parameters
    ----------
    streets
        The streets.
    points
        Shape (n, 3): the places, in metres from the middle of the earth.
    node, metres
        Shape (n,): what :func:`snap` found.
    minutes_a_metre
        Minutes that a metre off the streets takes.

    Returns
    -------
    array
        Shape (n, n), from row to column; NaN where a place has no point.
    """
    there = node >= 0
    stops, stop = np.unique(node[there], return_inverse=True)
    driven = _between_nodes(streets, stops)[np.ix_(stop, stop)]
    walk = metres[there] * minutes_a_metre
    straight = cdist(points[there], points[there]) * minutes_a_metre
    same = stop[:, None] == stop
    found = np.full((len(node), len(node)), np.nan)
    found[np.ix_(there, there)] = np.where(same, straight, walk[:, None] + driven + walk)
    return found


def _between_nodes(streets: StreetNetwork, stops: IntArray) -> FloatArray:
    """Shape (n_stops, n_stops): minutes between nodes, a few sources at a time."""
    edges = streets.matrix()
    found = np.empty((len(stops), len(stops)))
    for first in range(0, len(stops), _BLOCK):
        block = slice(first, first + _BLOCK)
        found[block] = dijkstra(edges, indices=stops[block])[:, stops]
    return found
