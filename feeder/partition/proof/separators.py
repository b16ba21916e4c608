"""Contiguity as rows: land between two members that any way from one to the other crosses."""

from __future__ import annotations

from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order, connected_components

from feeder.partition.problem import BoolArray, IntArray
from feeder.partition.proof.model import Model, Slot, reach
from feeder.partition.proof.rows import Rows

Ways = sp.csr_array
MOST_MEMBERS: Final = 6
"""Members of one loose piece that get a row of their own."""


class Contiguity:
    """The ways inside one slot, and what separates a piece of land from its representative.

    The cuts of Validi, Buchanan and Lykhovyd (2022), added where a solution needs them.
    """

    def __init__(self, model: Model, slot: Slot) -> None:
        problem = model.problem
        self._at = slot.at
        self._landed = problem.has_land[slot.units]
        ways = reach(problem, slot.representative)
        self._ways: sp.csr_array[np.float64] = ways[slot.units][:, slot.units].tocsr()
        self._joins = self._landed | (np.diff(self._ways.indptr) > 0)
        self._joins[slot.at] = True
        only_land = sp.diags_array(self._landed.astype(np.float64))
        self._land: sp.csr_array[np.float64] = (only_land @ self._ways @ only_land).tocsr()
        self._land.eliminate_zeros()

    def first_rows(self, rows: Rows) -> None:
        """Add: a tile that does not touch the representative has a neighbor."""
        for tile in np.flatnonzero(self._landed).tolist():
            near = self._around(self._ways, np.array([tile]))
            if tile != self._at and self._at not in near:
                rows.implies(np.array([tile]), near)

    def add_broken(self, rows: Rows, members: BoolArray, worth: IntArray) -> bool:
        """Add rows that ``members`` break; tells whether they are whole.

        ``worth`` orders the units of a loose piece: those that come first get a row.
        """
        inside = np.flatnonzero(members & self._joins)
        n, piece = connected_components(self._ways[inside][:, inside], directed=False)
        home = piece[np.searchsorted(inside, self._at)]
        pieces = [inside[piece == p] for p in range(n) if p != home]
        for loose in pieces:
            self._part(rows, loose, inside[piece == home], worth)
        if pieces:
            return False
        return self._add_bridged(rows, np.flatnonzero(members & self._landed))

    def _part(self, rows: Rows, loose: IntArray, home: IntArray, worth: IntArray) -> None:
        """Add a separator close to a loose piece and one close to the representative's piece."""
        found = {
            tuple(separator.tolist())
            for separator in (
                self._between(self._ways, loose, self._at),
                self._between(self._ways, home, int(loose[0])),
            )
        }
        for unit in loose[np.argsort(worth[loose], kind="stable")][:MOST_MEMBERS].tolist():
            for separator in sorted(found):
                if unit not in separator:
                    rows.implies(np.array([unit]), np.array(separator, dtype=np.int64))

    def _add_bridged(self, rows: Rows, tiles: IntArray) -> bool:
        """Add rows against land that only a landless representative joins."""
        if self._landed[self._at] or len(tiles) == 0:
            return True
        n, piece = connected_components(self._land[tiles][:, tiles], directed=False)
        first = tiles[piece == 0]
        for p in range(1, n):
            other = tiles[piece == p]
            separator = self._between(self._land, other, int(first[0]))
            rows.implies(np.array([first[0], other[0]]), separator)
        return bool(n == 1)

    def _between(self, ways: Ways[np.float64], piece: IntArray, goal: int) -> IntArray:
        """Return the units around ``piece`` from which ``goal`` is reached without crossing them.

        Every way from the piece to the goal crosses one of them, and none of them is idle.
        """
        around = self._around(ways, piece)
        stays = np.ones(ways.shape[0], dtype=np.bool_)
        stays[around] = False
        stays[piece] = False
        stays[goal] = True
        kept = np.flatnonzero(stays)
        inner = ways[kept][:, kept]
        beyond = kept[
            breadth_first_order(
                inner, int(np.searchsorted(kept, goal)), directed=False, return_predecessors=False
            )
        ]
        return np.intersect1d(around, self._around(ways, beyond))

    @staticmethod
    def _around(ways: Ways[np.float64], piece: IntArray) -> IntArray:
        """Return the neighbors of a piece, outside it."""
        return np.setdiff1d(np.unique(ways[piece].indices), piece)
