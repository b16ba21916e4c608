"""A count changed to another value, and what changes with it so that no told count of schools does.

Whether a school is split across communities hangs on its flows by a threshold. A count that crosses
it may change a told number of schools; then a flow of another school has to cross the other way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from feeder.network.graph import FloatArray, IntArray
from feeder.publishing.audit.told import Division, Worlds
from feeder.publishing.audit.unknowns import FLOW
from feeder.terms import SLACK, SPLIT_THRESHOLD

Move = dict[int, float]
"""Values of some unknowns, by index."""
UNDER: Final = 1e-4
"""Students by which a flow keeps off a threshold: more than a program's tolerance."""
_ENOUGH: Final = 12
"""Pairs of flows that are looked at."""


class Moves:
    """Moves in the worlds of some unknowns that leave the split schools of every division alone."""

    def __init__(self, worlds: Worlds, parts: Sequence[Division], *, heeds_splits: bool) -> None:
        hidden = worlds.hidden
        self.hidden, self.parts, self.worlds = hidden, parts, worlds
        self.flows = worlds.inputs.flows[0]
        self.own_row = {int(at): int(hidden.row[at]) for at in hidden.of(FLOW)}
        leavers = worlds.inputs.schools["leavers"].fillna(0.0).to_numpy(np.float64)
        sent = np.bincount(self.flows.sender, self.flows.students, minlength=len(leavers))
        self.threshold: FloatArray = (
            SPLIT_THRESHOLD * np.where(leavers > 0, leavers, sent)[self.flows.sender] * (1 - SLACK)
        )
        self.rows_of: dict[int, IntArray] = {
            school: np.flatnonzero(self.flows.sender == school)
            for school in {int(self.flows.sender[row]) for row in self.own_row.values()}
        }
        self.low, self.high = hidden.low.copy(), hidden.high.copy()
        self.heeds_splits = heeds_splits
        if heeds_splits:
            self._keep_sides()
            self.turns = self._turns()

    def group(self, at: int) -> tuple[str, int]:
        """Return what a count shares its sums with: the sender of a flow, or the school."""
        if at in self.own_row:
            return ("sender", int(self.flows.sender[self.own_row[at]]))
        return ("school", int(self.hidden.row[at]))

    def to(self, at: int, value: float, turn: int = 0) -> Move | None:
        """Return a move of a count to a value; None where no other flow can make up for it.

        ``turn`` chooses among the flows of others that can.
        """
        move = {at: value}
        if not self.heeds_splits or at not in self.own_row:
            return move
        effect = self.effect(move)
        if not any(effect):
            return move
        wanted = tuple(-change for change in effect)
        others = self._turned(wanted, {self.group(at)})
        return None if not others else move | others[turn % len(others)]

    def _turned(self, wanted: tuple[int, ...], used: set[tuple[str, int]]) -> list[Move]:
        """Return flows of other senders, one or two, that change the split schools as wanted."""
        ones = [
            (one, effect)
            for effect, found in self.turns.items()
            for one in found
            if self.group(one[0]) not in used
        ]
        alone: list[Move] = [dict([one]) for one, effect in ones if effect == wanted]
        if alone:
            return alone
        pairs: list[Move] = []
        for one, effect in ones:
            rest = tuple(want - got for want, got in zip(wanted, effect, strict=True))
            pairs += [
                dict([one, other])
                for other in self.turns.get(rest, ())
                if self.group(other[0]) not in used | {self.group(one[0])}
            ]
            if len(pairs) >= _ENOUGH:
                break
        return pairs

    def ends(self, moves: Sequence[Move]) -> tuple[FloatArray, FloatArray]:
        """Return the ends of every unknown in a world with some moves."""
        low, high = self.low.copy(), self.high.copy()
        for move in moves:
            for at, value in move.items():
                low[at] = high[at] = value
        return low, high

    def is_branch(self, at: int, value: float) -> bool:
        """Whether a flow of some students counts for whether its sender is split."""
        return value > 0 and value >= self.threshold[self.own_row[at]]

    def _keep_sides(self) -> None:
        """Narrow the ends so that a flow that is not moved stays on its side of the threshold."""
        for at, row in self.own_row.items():
            edge = self.threshold[row]
            if self.is_branch(at, self.hidden.truth[at]):
                least = np.ceil(edge) if self.hidden.is_whole[at] else edge + UNDER
                self.low[at] = min(max(self.low[at], least), self.hidden.truth[at])
            else:
                most = np.ceil(edge) - 1 if self.hidden.is_whole[at] else edge - UNDER
                self.high[at] = max(min(self.high[at], most), self.hidden.truth[at])

    def effect(self, move: Move) -> tuple[int, ...]:
        """Return by how many split schools new values of a sender's flows change each division."""
        own = {self.own_row[at]: value for at, value in move.items() if self.hidden.is_measured[at]}
        if not own:
            return (0,) * len(self.parts)
        rows = self.rows_of[int(self.flows.sender[next(iter(own))])]
        before = self.flows.students[rows]
        after = np.array([own.get(row, before[i]) for i, row in enumerate(rows.tolist())])
        branches = [
            rows[(students > 0) & (students >= self.threshold[rows])]
            for students in (before, after)
        ]
        return tuple(
            self._is_torn(one, branches[1]) - self._is_torn(one, branches[0]) for one in self.parts
        )

    def _is_torn(self, one: Division, branches: IntArray) -> int:
        there = one.school[self.flows.receiver[branches]]
        return int(len(np.unique(there[there >= 0])) > 1)

    def _turns(self) -> dict[tuple[int, ...], list[tuple[int, float]]]:
        """Return the nearest value of each flow across its threshold, by what it changes."""
        found: dict[tuple[int, ...], list[tuple[int, float]]] = {}
        for at, row in self.own_row.items():
            edge = self.threshold[row]
            up = np.ceil(edge) if self.hidden.is_whole[at] else edge + UNDER
            down = np.ceil(edge) - 1 if self.hidden.is_whole[at] else edge - UNDER
            there = down if self.is_branch(at, self.hidden.truth[at]) else up
            if self.hidden.low[at] <= there <= self.hidden.high[at]:
                effect = self.effect({at: float(there)})
                if any(effect):
                    found.setdefault(effect, []).append((at, float(there)))
        return found
