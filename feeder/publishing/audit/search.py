"""The search for witnesses: worlds in which a count has another value and all told is the same.

A world is made by a linear program for many counts at once and then measured like the true one, by
the functions that measure plans: what is proven rests on these alone. Where a world tells
something else, its counts are parted into two worlds, down to one count a world.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from feeder.network.graph import FloatArray
from feeder.publishing.audit.programs import CURVED, Rows, nearest
from feeder.publishing.audit.sides import Sides
from feeder.publishing.audit.told import Division, WorldMaker, broken
from feeder.publishing.audit.unknowns import FLOW
from feeder.publishing.digits import WHOLE_PERCENT, Digits

Target = tuple[int, float]
"""An unknown by index, and a value it must be able to have."""
_NEAR = 1e-5
_STEPS = 6
"""Programs that are looked at for one target alone."""


class Search:
    """Looks for a witness of every target, for some divisions told with some digits."""

    def __init__(self, worlds: WorldMaker, parts: Sequence[Division], digits: Digits) -> None:
        self.worlds, self.parts, self.digits = worlds, parts, digits
        self.rows = Rows(worlds, parts, digits).rows
        heeds = digits.get("split_across_communities") is not None
        self.patterns = Sides(worlds, parts).patterns() if heeds else []
        true = worlds.of(worlds.hidden.truth)
        self.told = [worlds.headlines(true, one) for one in parts]
        self.n_worlds = 0

    def unproven(self, targets: Iterable[Target]) -> tuple[list[Target], Target | None]:
        """Return the targets without a witness yet, and the first of them that has none."""
        left = dict.fromkeys(targets)
        for at, value in self._at_truth(left):
            left.pop((at, value))
        while left:
            batch = self._batch(list(left))
            found, failed = self._witnessed(batch)
            if failed is not None:
                return list(left), failed
            for world in found:
                for target in [one for one in left if self._has(world, one)]:
                    left.pop(target)
        return [], None

    def _at_truth(self, targets: Iterable[Target]) -> list[Target]:
        return [one for one in targets if self._has(self.worlds.hidden.truth, one)]

    def _has(self, values: FloatArray, target: Target) -> bool:
        return bool(abs(values[target[0]] - target[1]) < _NEAR)

    def _batch(self, targets: list[Target]) -> list[Target]:
        """Return targets that may be in one world: one of each group, each value in turn."""
        groups: dict[tuple[bool, int], Target] = {}
        for target in targets:
            groups.setdefault(self._group(target[0]), target)
        return list(groups.values())

    def _group(self, at: int) -> tuple[bool, int]:
        """Return what a count shares its sums with: the sender of a flow, or the school."""
        hidden, flows = self.worlds.hidden, self.worlds.inputs.flows[0]
        is_flow, row = hidden.kind[at] == FLOW, int(hidden.row[at])
        return is_flow, int(flows.sender[row]) if is_flow else row

    def _witnessed(self, batch: list[Target]) -> tuple[list[FloatArray], Target | None]:
        """Return worlds that hold every target of a batch between them, or the one none holds."""
        found, waiting = [], [batch]
        while waiting:
            some = waiting.pop()
            world = self._world(some)
            if world is not None:
                found.append(world)
            elif len(some) == 1:
                return found, some[0]
            else:
                half = len(some) // 2
                waiting += [some[half:], some[:half]]
        return found, None

    def _world(self, targets: list[Target]) -> FloatArray | None:
        """Return a world that holds all targets and tells the same; None where none was found.

        For one target alone the slope of a curved figure is taken anew in each world that tells
        something else.
        """
        low, high = self.worlds.hidden.low.copy(), self.worlds.hidden.high.copy()
        for at, value in targets:
            low[at] = high[at] = value
        rows = self.rows
        for _ in range(_STEPS if len(targets) == 1 else 1):
            values = nearest(rows, self.worlds, low, high, self.patterns)
            self.n_worlds += 1
            if values is None and rows is not self.rows:
                return None
            if values is None:
                rows = [row for row in rows if row.measure != CURVED]
                continue
            if self.is_witness(values):
                return values
            rows = Rows(self.worlds, self.parts, self.digits, near=values).rows
        return None

    def is_witness(self, values: FloatArray) -> bool:
        """Whether a world fits the ranges and the sums, and all that is told is told alike."""
        hidden = self.worlds.hidden
        inside = (values >= hidden.low - _NEAR) & (values <= hidden.high + _NEAR)
        sums = hidden.sums @ (values - hidden.truth)
        if not inside.all() or np.abs(sums).max(initial=0.0) > _NEAR:
            return False
        world = self.worlds.of(values)
        return not any(
            broken(told, self.worlds.headlines(world, one), self.digits)
            for told, one in zip(self.told, self.parts, strict=True)
        )


def gentlest(
    worlds: WorldMaker, parts: Sequence[Division], told: Digits, failed: Target
) -> Digits | None:
    """Return with which fewer digits a target has a witness; None where with none.

    One headline gives up digits where that is enough; else as many as it takes, and those that were
    given up for nothing are told again.
    """

    def helps(digits: Digits) -> bool:
        return Search(worlds, parts, digits).unproven([failed])[1] is None

    alone = next((one for one in coarser(told) if helps(one)), None)
    if alone is not None:
        return alone
    fewer = told
    while not helps(fewer):
        step = next(coarser(fewer), None)
        if step is None:
            return None
        fewer = step
    for name in reversed(_GIVEN_UP):
        again = {**fewer, name: told.get(name)}
        if again != fewer and helps(again):
            fewer = again
    return fewer


def coarser(digits: Digits) -> Iterator[Digits]:
    """Yield each way to tell one headline with fewer digits, the gentlest first.

    A share loses a digit before any headline is told as its range only.
    """
    for name in _GIVEN_UP:
        if (places := digits.get(name) or 0) > WHOLE_PERCENT:
            yield {**digits, name: places - 1}
    for name in _GIVEN_UP:
        if digits.get(name) is not None:
            yield {**digits, name: None}


_GIVEN_UP = (
    "split_across_communities",
    "k12_continuity",
    "need_deviation",
    "enrollment_deviation",
    "schools_moved",
    "capacity_utilization",
    "feeder_continuity",
)
