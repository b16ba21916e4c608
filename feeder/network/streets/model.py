"""StreetNetwork: streets as numbers, every place on it within reach of every other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from feeder.network.graph import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StreetNetwork:
    """Streets that can be driven, as a directed graph.

    Attributes
    ----------
    lon, lat
        Shape (n_nodes,): degrees east and north.
    start
        Shape (n_nodes + 1,), int64: the edges that leave node ``i`` are ``start[i]`` up to
        ``start[i + 1]``.
    end
        Shape (n_edges,), int64: the node where each edge ends; increasing within a node.
    minutes
        Shape (n_edges,): minutes to drive each edge, 0 or more.
    n_left_out
        Nodes of the file that cannot be reached from all of these, or from which these cannot be.
    """

    lon: FloatArray
    lat: FloatArray
    start: IntArray
    end: IntArray
    minutes: FloatArray
    n_left_out: int

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.lon)

    def matrix(self) -> csr_array[np.float64, tuple[int, int]]:
        """Return the minutes of the edges as a sparse matrix, from row to column."""
        shape = (self.n_nodes, self.n_nodes)
        return csr_array((self.minutes, self.end, self.start), shape=shape)


def street_network(
    lon: FloatArray, lat: FloatArray, tail: IntArray, head: IntArray, minutes: FloatArray
) -> StreetNetwork:
    """Make the network of nodes and directed edges.

    Of parallel edges the quickest is kept, of the nodes the largest set within which every node
    can be reached from every other (the largest strongly connected component; of equal ones the
    one with the first node).

    Parameters
    ----------
    lon, lat
        Shape (n,): degrees of each node.
    tail, head
        Shape (m,): the nodes where each edge begins and ends.
    minutes
        Shape (m,): minutes of each edge.
    """
    order = np.lexsort((minutes, head, tail))
    tail, head, minutes = tail[order], head[order], minutes[order]
    quickest = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)][: len(tail)]
    tail, head, minutes = tail[quickest], head[quickest], minutes[quickest]
    kept = _largest(len(lon), tail, head)
    inside = kept[tail] & kept[head]
    number = np.cumsum(kept) - 1
    tail, head = number[tail[inside]], number[head[inside]]
    n_kept = int(kept.sum())
    return StreetNetwork(
        lon=lon[kept],
        lat=lat[kept],
        start=np.searchsorted(tail, np.arange(n_kept + 1)).astype(np.int64),
        end=head.astype(np.int64),
        minutes=minutes[inside],
        n_left_out=len(lon) - n_kept,
    )


def _largest(n_nodes: int, tail: IntArray, head: IntArray) -> BoolArray:
    """Shape (n_nodes,): whether each node is in the largest strongly connected component."""
    edges = csr_array((np.ones(len(tail)), (tail, head)), shape=(n_nodes, n_nodes))
    _, label = connected_components(edges, directed=True, connection="strong")
    size = np.bincount(label, minlength=1)[label]
    kept: BoolArray = label == label[size.argmax()]
    return kept
