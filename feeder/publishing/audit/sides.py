"""On which side of the threshold the flows of each sender may be, and which schools that tears.

Whether a school is split across communities hangs on its flows by a threshold. Each sender's open
flows are on one of a few *patterns* of sides; a program that chooses a pattern a sender, so that as
many schools are torn as before, looks through all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Final

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import coo_array, csr_array, hstack

from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.publishing.audit.told import Division, WorldMaker
from feeder.publishing.audit.unknowns import FLOW
from feeder.terms import SLACK, SPLIT_THRESHOLD

_UNDER: Final = 1e-4
"""Students by which a flow keeps off the threshold: more than a program's tolerance."""
_MOST: Final = 64
"""Patterns of one sender that are looked at."""
_Way = dict[int, tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Sides of one sender's open flows.

    ``ends`` holds the least and the most of each of them by index, ``torn`` by how many split
    schools it changes each division.
    """

    sender: int
    ends: _Way
    torn: tuple[int, ...]


class Sides:
    """The sides that the unknown flows of some worlds can be on, in some divisions."""

    def __init__(self, worlds: WorldMaker, parts: Sequence[Division]) -> None:
        self.hidden, self.parts = worlds.hidden, parts
        self.flows = worlds.inputs.flows[0]
        measured = [at for at in self.hidden.of(FLOW).tolist() if self.hidden.is_measured[at]]
        self.own_row = {at: int(self.hidden.row[at]) for at in measured}
        leavers = worlds.inputs.schools["leavers"].fillna(0.0).to_numpy(np.float64)
        sent = np.bincount(self.flows.sender, self.flows.students, minlength=len(leavers))
        self.threshold: FloatArray = (
            SPLIT_THRESHOLD * np.where(leavers > 0, leavers, sent)[self.flows.sender] * (1 - SLACK)
        )

    def patterns(self) -> list[Pattern]:
        """Return every pattern, by sender; a sender that has only one is left out."""
        by_sender: dict[int, list[int]] = {}
        for at, row in self.own_row.items():
            by_sender.setdefault(int(self.flows.sender[row]), []).append(at)
        found = []
        for sender, own in by_sender.items():
            sides = [list(self._sides(at)) for at in own]
            ways = [dict(zip(own, way, strict=True)) for way in islice(product(*sides), _MOST)]
            if len(ways) > 1:
                rows = np.flatnonzero(self.flows.sender == sender)
                found += [Pattern(sender, way, self._torn(rows, way)) for way in ways]
        return found

    def _is_branch(self, row: int, value: float) -> bool:
        return value > 0 and value >= self.threshold[row]

    def _sides(self, at: int) -> Iterator[tuple[float, float]]:
        """Yield the ends of a flow on each side that it can be on, its own side first."""
        hidden, edge = self.hidden, float(self.threshold[self.own_row[at]])
        up, down = (
            (np.ceil(edge), np.ceil(edge) - 1) if hidden.is_whole[at] else (edge, edge - _UNDER)
        )
        low, high, true = (float(ends[at]) for ends in (hidden.low, hidden.high, hidden.truth))
        is_branch = self._is_branch(self.own_row[at], true)
        below = (low, max(min(high, down), low if is_branch else true))
        above = (min(max(low, up), true if is_branch else high), high)
        sides = [above, below] if is_branch else [below, above]
        yield sides[0]
        if low <= down and up <= high:
            yield sides[1]

    def _torn(self, rows: IntArray, way: _Way) -> tuple[int, ...]:
        """Return what a pattern of a sender, whose flows are in some rows, changes."""
        middle = {self.own_row[at]: (low + high) / 2 for at, (low, high) in way.items()}
        before = self.flows.students[rows]
        after = [middle.get(row, before[i]) for i, row in enumerate(rows.tolist())]
        was, now = (
            rows[[self._is_branch(row, value) for row, value in zip(rows, students, strict=True)]]
            for students in (before, after)
        )
        return tuple(self._is_torn(one, now) - self._is_torn(one, was) for one in self.parts)

    def _is_torn(self, one: Division, branches: IntArray) -> int:
        there = one.school[self.flows.receiver[branches]]
        return int(len(np.unique(there[there >= 0])) > 1)


def chosen(
    found: Sequence[Pattern], least: FloatArray, is_loose: BoolArray
) -> list[LinearConstraint]:
    """Return that one pattern a sender is chosen, and the flows lie in its ends.

    Columns are the values, then twice as many of a program's own, then one a pattern.

    Parameters
    ----------
    found
        The patterns.
    least
        Shape (n,): the least that each value may be on any side.
    is_loose
        Shape (n,): values that are neither given nor whole; they keep off the threshold.
    """
    n = len(least)
    senders = {one: row for row, one in enumerate(dict.fromkeys(p.sender for p in found))}
    flows = {at: row for row, at in enumerate(dict.fromkeys(at for p in found for at in p.ends))}
    one_each = _matrix(
        [(senders[p.sender], k, 1.0) for k, p in enumerate(found)], len(senders), found
    )
    torn = csr_array(np.array([p.torn for p in found], dtype=np.float64).T)
    own = coo_array(
        (np.ones(len(flows)), (list(flows.values()), list(flows))), shape=(len(flows), 3 * n)
    )
    shown = [_off_the_edge(p, least, is_loose) for p in found]
    ends = [
        _matrix(
            [(flows[at], k, -p.ends[at][side]) for k, p in enumerate(shown) for at in p.ends],
            len(flows),
            found,
        )
        for side in (0, 1)
    ]
    wide = [
        hstack([csr_array((matrix.shape[0], 3 * n)), matrix], format="csr")
        for matrix in (one_each, torn)
    ]
    return [
        LinearConstraint(wide[0], 1.0, 1.0),
        LinearConstraint(wide[1], 0.0, 0.0),
        LinearConstraint(hstack([own, ends[0]], format="csr"), 0.0, np.inf),
        LinearConstraint(hstack([own, ends[1]], format="csr"), -np.inf, 0.0),
    ]


def _off_the_edge(one: Pattern, least: FloatArray, is_loose: BoolArray) -> Pattern:
    return replace(
        one,
        ends={
            at: (low + _UNDER * bool(is_loose[at] and low > least[at]), high)
            for at, (low, high) in one.ends.items()
        },
    )


def _matrix(cells: list[tuple[int, int, float]], rows: int, found: Sequence[Pattern]) -> csr_array:
    at, column, value = zip(*cells, strict=True)
    return csr_array(coo_array((value, (at, column)), shape=(rows, len(found))))
