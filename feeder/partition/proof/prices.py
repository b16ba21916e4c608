"""Prices of units under which the sum of the best communities bounds every partition.

Lagrangian relaxation of "each unit in one community": whatever the prices, no partition is worth
more than the prices of all units and, for each zone, its number of best slots. The prices are
lowered by the box-step method: the communities found so far say where in a box around the best
prices the bound could be lowest; pricing there gives a bound that holds, and more communities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp

from feeder.partition.problem import FloatArray, IntArray
from feeder.partition.proof.model import Model
from feeder.partition.proof.pricing import Care, Column, Priced, Pricer

FIRST_BOX: Final = 0.05
"""Half a side of the first box, as a share of each unit's first price."""
SHRINK: Final = 0.6
GROW: Final = 1.3
"""What becomes of the box where pricing did not do what was hoped, or did."""
FINE: Final = 1e-5
"""Objective too small to go on for."""
SHARE_OF_GAP: Final = 0.15
"""Share of the gap still open that all searches of one pass may leave open together."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Lowered:
    """Where the lowering of prices came to.

    Attributes
    ----------
    bound
        No partition has a higher objective; -inf where there is none.
    prices
        Shape (n_units,): the prices that prove it.
    worth
        Shape (n_slots,): bound of each slot under these prices.
    passes
        Times that all slots were priced.
    """

    bound: float
    prices: FloatArray
    worth: FloatArray
    passes: int


class Master:
    """The communities found so far, and the prices that they make look best."""

    def __init__(self, model: Model, scale: float) -> None:
        self._model = model
        self._scale = scale
        self._columns: list[Column] = []
        self._slots: list[int] = []

    def add(self, slot: int, column: Column) -> None:
        """Remember a community of a slot."""
        self._slots.append(slot)
        self._columns.append(column)

    def add_plan(self, labels: IntArray) -> None:
        """Remember the communities of a plan, so far as they have a slot."""
        model = self._model
        for at, units in model.communities(labels):
            inside = np.zeros(model.problem.n_units, dtype=np.bool_)
            inside[units] = True
            reward = float(model.rewards[inside[model.pairs].all(axis=1)].sum())
            self.add(at, Column(units, np.ones(len(units)), reward))

    def lowest(self, center: FloatArray, side: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Return the lowest bound that seems possible in a box, its prices, and each zone's floor.

        A floor is the worth that a slot needs to be among the best of its zone.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        model = self._model
        n, z, s = model.problem.n_units, len(model.per_zone), len(model.slots)
        rows = []
        for slot, column in zip(self._slots, self._columns, strict=True):
            extra = [n + model.slots[slot].zone, n + z + slot]
            rows.append((np.append(column.units, extra), np.append(column.shares, [1.0, 1.0])))
        start = np.concatenate([[0], np.cumsum([len(units) for units, _ in rows])])
        data = np.concatenate([np.zeros(0), *(shares for _, shares in rows)])
        where = np.concatenate([np.zeros(0), *(units for units, _ in rows)]).astype(np.int64)
        matrix = sp.csr_array((data, where, start), shape=(len(rows), n + z + s))
        # A zone whose communities are not yet known must not make the floor fall for ever.
        most = max(1.0, float(model.rewards.sum()) / self._scale)
        center, side = center / self._scale, side / self._scale
        low = np.concatenate([center - side, np.full(z, -most), np.zeros(s)])
        high = np.concatenate([center + side, np.full(z + s, np.inf)])
        rewards = np.array([column.reward for column in self._columns]) / self._scale
        result: Any = milp(
            np.concatenate([np.ones(n), model.per_zone, np.ones(s)]),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, rewards, np.inf),
        )
        if result.x is None:
            return -np.inf, center * self._scale, np.full(z, -np.inf)
        found = result.x * self._scale
        return model.constant + float(result.fun) * self._scale, found[:n], found[n : n + z]


def half_prices(model: Model) -> FloatArray:
    """Shape (n_units,): half the reward of each unit's pairs, the prices to begin with."""
    prices = np.zeros(model.problem.n_units)
    np.add.at(prices, model.pairs.ravel(), np.repeat(model.rewards / 2, 2))
    return prices


def typical_reward(model: Model) -> float:
    """Reward of one typical unit: the yardstick of the solver."""
    return max(float(model.rewards.sum()) / max(1, model.problem.n_units), 1e-9)


def best_sum(model: Model, worth: FloatArray) -> float:
    """Sum of the best slots, as many of each zone as it has communities; -inf if too few."""
    zone = np.array([slot.zone for slot in model.slots], dtype=np.int64)
    total = 0.0
    for z, count in enumerate(model.per_zone.tolist()):
        best = np.sort(worth[zone == z])[::-1][:count]
        total += float(best.sum()) if len(best) == count else -np.inf
    return total


def lower_prices(
    model: Model,
    pricers: Sequence[Pricer],
    start: FloatArray,
    *,
    care: Care,
    passes: int,
    plan: IntArray | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Lowered:
    """Lower the prices for a number of passes, or until no plan can be better than ``plan``.

    Lagrangian relaxation (Fisher 1981) by the box-step method (Marsten, Hogan and Blankenship
    1975).

    Parameters
    ----------
    model
        The problem by representatives.
    pricers
        One for each slot.
    start
        Shape (n_units,): prices to begin with.
    care
        How carefully each slot is priced.
    passes
        Most times that all slots are priced.
    plan
        Labels of a plan to compare with; they guide the work, and no bound rests on them.
    workers
        Threads; the outcome does not depend on them.
    progress
        Called with the share of the passes done.
    """
    scale = typical_reward(model)
    master = Master(model, scale)
    goal = -np.inf
    if plan is not None:
        master.add_plan(plan)
        goal = model.problem.objective(plan)
    per_community = SHARE_OF_GAP / model.problem.n_communities
    side = FIRST_BOX * np.maximum(start, scale / 2)
    best = Lowered(model.ceiling, start, np.full(len(pricers), np.inf), 0)
    prices, floors, hoped = start, np.full(len(model.per_zone), -np.inf), -np.inf
    tolerance = scale * SHARE_OF_GAP
    for done in range(passes):
        slots = _price_all(pricers, prices, care, floors, tolerance, workers)
        worth = np.array([priced.bound for priced in slots])
        bound = model.constant + float(prices.sum()) + best_sum(model, worth)
        for at, priced in enumerate(slots):
            if priced.column is not None:
                master.add(at, priced.column)
        if done:
            kept_promise = (best.bound - bound) / max(best.bound - hoped, FINE)
            side = side * (GROW if kept_promise > 0.5 else SHRINK if kept_promise < 0.1 else 1.0)  # noqa: PLR2004
        if bound < best.bound:
            best = Lowered(bound, prices, worth, done + 1)
        if progress is not None:
            progress((done + 1) / passes)
        if best.bound <= goal + FINE:
            break
        hoped, prices, floors = master.lowest(best.prices, side)
        floors = floors - scale * FINE
        if best.bound - hoped < FINE:
            break
        tolerance = min(scale * SHARE_OF_GAP, per_community * (best.bound - max(hoped, goal)))
    return best


def _price_all(
    pricers: Iterable[Pricer],
    prices: FloatArray,
    care: Care,
    floors: FloatArray,
    tolerance: float,
    workers: int,
) -> list[Priced]:
    """Price every slot, side by side: the solver lets other threads run."""

    def one(pricer: Pricer) -> Priced:
        floor = float(floors[pricer.slot.zone])
        return pricer.price(prices, care, floor=floor, tolerance=tolerance)

    if workers == 1:
        return [one(pricer) for pricer in pricers]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(one, pricers))
