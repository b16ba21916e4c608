"""Growing balanced, contiguous parts on the mesh of cells.

Every part grows from a seed along cheapest paths, so it is contiguous by construction: each
cell's path to its seed lies in the same part. Balance comes from head starts, which make an
additively weighted Voronoi diagram (Aurenhammer 1991) on a graph, and are corrected round by
round.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from feeder.district.synthetic.city import City
from feeder.district.synthetic.terrain import FloatArray, IntArray

ROUNDS: Final = 60
SETTLED: Final = 24
"""Rounds after which seeds no longer move to the middle of their part."""
STEP: Final = 0.45
"""Correction of a head start, as a share of the part's radius."""


class _Ground:
    """The mesh inside the parents, with one extra node a seed: the gate its part enters by.

    The cost of a gate is the head start that the part lacks.
    """

    def __init__(self, city: City, parent: IntArray, n_parts: int) -> None:
        inside = parent[city.a] == parent[city.b]
        a, b, cost = city.a[inside], city.b[inside], city.cost[inside]
        self._n, self._k = city.n, n_parts
        gates = np.arange(city.n, city.n + n_parts)
        rows = np.concatenate([a, b, gates])
        columns = np.concatenate([b, a, np.zeros(n_parts, dtype=np.int64)])
        costs = np.concatenate([cost, cost, np.ones(n_parts)])
        size = city.n + n_parts
        self._links = coo_array((costs, (rows, columns)), shape=(size, size)).tocsr()
        self._gates = gates

    def reached(self, seeds: IntArray, head_start: FloatArray) -> IntArray:
        """Return the part that reaches each cell first."""
        # The rows of the gates come last and hold one entry each.
        self._links.indices[-self._k :] = seeds
        self._links.data[-self._k :] = head_start.max() - head_start + 1e-9
        source = dijkstra(
            self._links, indices=self._gates, min_only=True, return_predecessors=True
        )[2]
        return np.asarray(source[: self._n] - self._n, dtype=np.int64)


def grow(
    city: City, parent: IntArray, share: FloatArray, owner: IntArray, rng: np.random.Generator
) -> IntArray:
    """Cut every parent into contiguous parts that hold the wanted share of its children.

    Parameters
    ----------
    city
        The mesh.
    parent
        Shape (n,): parent of each cell; every parent is contiguous.
    share
        Shape (n_parts,): wanted children of each part, relative to its siblings.
    owner
        Shape (n_parts,): parent of each part; every parent owns at least one.
    rng
        Chooses the first seeds.

    Returns
    -------
    IntArray
        Shape (n,): part of each cell.
    """
    k = len(share)
    within = np.bincount(parent, city.children)
    target = share / np.bincount(owner, share)[owner] * within[owner]
    radius = np.sqrt(target * city.n / np.pi)
    ground = _Ground(city, parent, k)
    seeds = _first_seeds(city, parent, owner, rng)
    head_start = np.zeros(k)
    best, best_error = parent, np.inf
    for turn in range(ROUNDS):
        part = ground.reached(seeds, head_start)
        ratio = np.bincount(part, city.children, k) / target
        error = float(np.abs(ratio - 1).max())
        if turn >= SETTLED and error < best_error:
            best, best_error = part, error
        head_start -= STEP * radius * np.clip(ratio - 1, -0.8, 0.8) * (1 - 0.7 * turn / ROUNDS)
        head_start -= np.bincount(owner, head_start)[owner] / np.bincount(owner)[owner]
        head_start = np.round(head_start, 9)
        if turn < SETTLED:
            seeds = middles(city, part, seeds)
    return best


def middles(city: City, part: IntArray, otherwise: IntArray) -> IntArray:
    """Return the cell of each part nearest to the centre of its children.

    ``otherwise`` gives the cell of a part without cells, and so the number of parts.
    """
    k = len(otherwise)
    total = np.maximum(np.bincount(part, city.children, k), 1e-300)
    centre = np.stack(
        [np.bincount(part, city.children * city.xy[:, i], k) / total for i in (0, 1)], axis=1
    )
    away = np.hypot(*(city.xy - centre[part]).T)
    order = np.lexsort((np.arange(city.n), away, part))
    found, first = np.unique(part[order], return_index=True)
    cells = otherwise.copy()
    cells[found] = order[first]
    return cells


def mended(city: City, label: IntArray, scope: IntArray | None = None) -> IntArray:
    """Return the labels with every stray piece given to the neighbour it touches most.

    The piece with the most children stays; ``scope`` (shape (n,)), if given, is a layer whose
    borders a piece may not be handed across.
    """
    label = label.copy()
    while True:
        piece = pieces(city, label)
        children = np.bincount(piece, city.children)
        owner = np.zeros(len(children), dtype=np.int64)
        owner[piece] = label
        order = np.lexsort((-children, owner))
        main = order[np.unique(owner[order], return_index=True)[1]]
        stray = np.ones(len(children), dtype=bool)
        stray[main] = False
        out = np.concatenate([city.a, city.b])
        into = np.concatenate([city.b, city.a])
        usable = stray[piece[out]] & ~stray[piece[into]]
        if scope is not None:
            usable &= scope[out] == scope[into]
        if not usable.any():
            return label
        touch, count = np.unique(
            np.stack([piece[out[usable]], label[into[usable]]]), axis=1, return_counts=True
        )
        order = np.lexsort((touch[1], -count, touch[0]))
        strays, first = np.unique(touch[0, order], return_index=True)
        heir = owner.copy()
        heir[strays] = touch[1, order][first]
        label = heir[piece]


def pieces(city: City, label: IntArray) -> IntArray:
    """Return for each cell the number of its piece: connected cells of the same label."""
    same = label[city.a] == label[city.b]
    links = coo_array(
        (np.ones(int(same.sum())), (city.a[same], city.b[same])), shape=(city.n, city.n)
    )
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _first_seeds(
    city: City, parent: IntArray, owner: IntArray, rng: np.random.Generator
) -> IntArray:
    """Choose for every part a cell of its parent, likelier where more children live."""
    seeds = np.zeros(len(owner), dtype=np.int64)
    for one in np.unique(owner):
        inside = np.flatnonzero(parent == one)
        chance = city.children[inside] / city.children[inside].sum()
        wanted = owner == one
        seeds[wanted] = rng.choice(inside, int(wanted.sum()), replace=False, p=chance)
    return seeds
