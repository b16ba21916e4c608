"""The best community of one representative under given prices of its members.

A community is worth the rewards of its pairs less the prices of its units. The most that one can
be worth is found by branch and bound, or bounded by the linear relaxation alone; rows against land
in pieces are added where a solution needs them, and stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp

from feeder.partition.problem import FloatArray, IntArray
from feeder.partition.proof.model import Model, Slot
from feeder.partition.proof.rows import community_rows
from feeder.partition.proof.separators import Contiguity

OFFSET: Final = 100.0
"""Worth, in typical units, that each community gets while it is priced: the solver's gap is a
share of the worth, and worth near 0 would ask for a gap near 0."""
SAFE: Final = 1e-5
"""Added to every bound, in typical units: ten times what the solver's own tolerances can hide."""
_INFEASIBLE: Final = 2
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """How carefully a slot is priced.

    Parameters
    ----------
    nodes
        Most nodes of one search by branch and bound; 0 leaves it at the linear relaxation.
    rounds
        Most times that rows against land in pieces are added and the search repeated.
    """

    nodes: int
    rounds: int


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A community of a slot, or a blend of some: ``shares`` of ``units``, and its reward."""

    units: IntArray
    shares: FloatArray
    reward: float


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """No community of a slot is worth more than ``bound``; ``column`` is the best one found.

    ``bound`` is -inf where the slot has no community.
    """

    bound: float
    column: Column | None


class Pricer:
    """Prices one slot; keeps the rows against land in pieces that it has met.

    Parameters
    ----------
    model, slot
        What is priced.
    scale
        Reward of one typical unit: the solver counts in it.
    """

    def __init__(self, model: Model, slot: Slot, scale: float) -> None:
        self.slot = slot
        self._scale = scale
        self._rows = community_rows(model, slot)
        self._contiguity = Contiguity(model, slot)
        self._contiguity.first_rows(self._rows)
        self._links = _links(slot)

    def price(
        self, prices: FloatArray, care: Care, *, floor: float = -np.inf, tolerance: float = 0.0
    ) -> Priced:
        """Bound the worth of every community of the slot.

        Parameters
        ----------
        prices
            Shape (n_units,), of every unit of the problem.
        care
            Where to stop; the bound holds wherever that is.
        floor
            Worth below which nothing matters: the bound need not be lower.
        tolerance
            Gap at which a search may stop.
        """
        cost = np.concatenate([prices[self.slot.units], -self.slot.rewards]) / self._scale
        cost[self.slot.at] -= OFFSET
        order = np.argsort(cost[: len(self.slot.units)], kind="stable")
        bound, column = self._rough(prices), None
        for _ in range(max(1, care.rounds)):
            worth, solution = self._solve(cost, care.nodes, floor, tolerance)
            bound = max(floor, min(bound, worth))
            if solution is None or bound <= floor:
                break
            members = solution[: len(self.slot.units)]
            if care.nodes == 0 or self._contiguity.add_broken(self._rows, members > _HALF, order):
                column = self._column(solution)
                break
        return Priced(bound, column)

    def _rough(self, prices: FloatArray) -> float:
        """Bound the worth without a solver."""
        own = prices[self.slot.units]
        others = np.delete(own, self.slot.at)
        gained = self.slot.rewards.sum() + np.maximum(0.0, -others).sum()
        return float(gained - own[self.slot.at])

    def _solve(
        self, cost: FloatArray, nodes: int, floor: float, tolerance: float
    ) -> tuple[float, FloatArray | None]:
        """Return a bound, and the best solution found."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        width, m = len(cost), len(self.slot.units)
        low = np.zeros(width)
        low[self.slot.at] = 1.0
        constraints = [
            LinearConstraint(self._rows.matrix(width), self._rows.low, self._rows.high),
            LinearConstraint(self._links, -np.inf, 0.0),
        ]
        if np.isfinite(floor):
            constraints.append(LinearConstraint(cost[None, :], ub=-floor / self._scale - OFFSET))
        result: Any = milp(
            cost,
            integrality=np.repeat([1.0 if nodes else 0.0, 0.0], [m, width - m]),
            bounds=Bounds(low, 1.0),
            constraints=constraints,
            options={
                "node_limit": max(nodes, 1),
                "mip_rel_gap": max(1e-6, tolerance / self._scale / OFFSET),
            },
        )
        # A model that the solver cannot take has the same status as an infeasible one.
        if result.status == _INFEASIBLE and "infeasible" in result.message.lower():
            return -np.inf, None
        proven = result.mip_dual_bound if nodes else result.fun
        # Stopped without an answer, it may say 0 or nothing: neither is a bound.
        if proven is None or not np.isfinite(proven) or (result.x is None and proven == 0.0):
            return np.inf, result.x
        return float(SAFE - OFFSET - proven) * self._scale, result.x

    def _column(self, solution: FloatArray) -> Column:
        m = len(self.slot.units)
        shares = np.clip(solution[:m], 0.0, 1.0)
        kept = np.flatnonzero(shares > SAFE)
        reward = float(self.slot.rewards @ np.clip(solution[m:], 0.0, 1.0))
        return Column(self.slot.units[kept], shares[kept], reward)


def _links(slot: Slot) -> sp.csr_array[np.float64]:
    """Return rows: a pair is together only where each of its two units is a member."""
    p, m = len(slot.pairs), len(slot.units)
    row = np.tile(np.arange(2 * p), 2)
    column = np.concatenate([m + np.tile(np.arange(p), 2), slot.pairs[:, 0], slot.pairs[:, 1]])
    data = np.repeat([1.0, -1.0], 2 * p)
    return sp.csr_array((data, (row, column)), shape=(2 * p, m + p))
