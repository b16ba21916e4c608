"""On which side of the threshold the flows of each sender may be, and which schools that tears.

A flow below the threshold counts for no split school. Each sender's open flows are on one of a few
*patterns* of sides; a program that chooses a pattern a sender, so that as many schools are torn as
before, looks through all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Final

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import coo_array, csr_array, hstack

from feeder.network.graph import BoolArray, FloatArray
from feeder.publishing.audit.moves import UNDER, Moves

_MOST: Final = 64
"""Patterns of one sender that are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Sides of one sender's open flows.

    ``ends`` holds the least and the most of each of them by index, ``torn`` by how many split
    schools it changes each division.
    """

    sender: int
    ends: dict[int, tuple[float, float]]
    torn: tuple[int, ...]


def patterns(moves: Moves) -> list[Pattern]:
    """Return every pattern of sides, by sender; one that has one pattern is left out."""
    hidden, by_sender = moves.hidden, dict[int, list[int]]()
    for at in moves.own_row:
        if hidden.is_measured[at]:
            by_sender.setdefault(moves.group(at)[1], []).append(at)
    found = []
    for sender, own in by_sender.items():
        sides = [list(_sides(moves, at)) for at in own]
        ways = [dict(zip(own, way, strict=True)) for way in islice(product(*sides), _MOST)]
        if len(ways) > 1:
            found += [Pattern(sender, way, _torn(moves, way)) for way in ways]
    return found


def _sides(moves: Moves, at: int) -> Iterator[tuple[float, float]]:
    """Yield the ends of a flow on each side that it can be on, its own side first."""
    hidden, edge = moves.hidden, float(moves.threshold[moves.own_row[at]])
    up, down = (np.ceil(edge), np.ceil(edge) - 1) if hidden.is_whole[at] else (edge, edge - UNDER)
    low, high, true = (float(ends[at]) for ends in (hidden.low, hidden.high, hidden.truth))
    is_branch = moves.is_branch(at, true)
    below = (low, max(min(high, down), low if is_branch else true))
    above = (min(max(low, up), true if is_branch else high), high)
    sides = [above, below] if is_branch else [below, above]
    yield sides[0]
    if low <= down and up <= high:
        yield sides[1]


def _torn(moves: Moves, way: dict[int, tuple[float, float]]) -> tuple[int, ...]:
    """Return what a pattern changes, looked at where each flow is in the midst of its side."""
    return moves.effect({at: (low + high) / 2 for at, (low, high) in way.items()})


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
    torn = np.array([p.torn for p in found], dtype=np.float64).T
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
        for matrix in (one_each, csr_array(torn))
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
            at: (low + UNDER * bool(is_loose[at] and low > least[at]), high)
            for at, (low, high) in one.ends.items()
        },
    )


def _matrix(cells: list[tuple[int, int, float]], rows: int, found: Sequence[Pattern]) -> csr_array:
    at, column, value = zip(*cells, strict=True)
    return csr_array(coo_array((value, (at, column)), shape=(rows, len(found))))
