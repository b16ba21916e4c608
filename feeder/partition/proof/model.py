"""A partition problem as choices of communities, one to a *representative*.

Every community has a unit of a scarce kind (one that serves the grade fewest units serve): its
first one in a fixed order is its representative. So a partition is a choice of representatives and,
for each of them, of one community among the units that come after it: a *slot*. What cannot be in
one community with a representative is left out of its slot beforehand.

Flow kept and land contacts kept are one kind of reward for pairs of units in one community.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from feeder.partition.problem import (
    N_GRADES,
    BoolArray,
    FloatArray,
    IntArray,
    PartitionProblem,
)

TINY = 1e-9
"""Length of a vacant tile on a way, so that it is a tile to cross and not a missing one; and what
sums of rewards in another order may differ by."""
NOWHERE = -2
"""Zone of a unit whose lock and zone contradict one another."""
SLACK = 1e-6
"""What rounding may add to a limit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slot:
    """The communities of one representative in one zone.

    Attributes
    ----------
    representative, zone
        The unit that is surely a member, and the zone of the community.
    units
        Units that may be members, sorted; the representative is one of them.
    at
        Position of the representative among ``units``.
    pairs
        Shape (n_pairs, 2): positions of pairs that bring a reward.
    rewards
        Shape (n_pairs,).
    """

    representative: int
    zone: int
    units: IntArray
    at: int
    pairs: IntArray
    rewards: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A partition problem by representatives.

    Attributes
    ----------
    problem
        What is to be bounded.
    constant
        Objective of a partition that keeps no pair.
    pairs, rewards
        Shape (n_pairs, 2) and (n_pairs,): units, first below second, and what their being in one
        community adds to the objective; never negative.
    together
        Shape (n, 2): pairs that share a community, locks included.
    apart
        Shape (n, 2): pairs that must not, locks included.
    slots
        All slots, by order of the representatives.
    per_zone
        Shape (n_zones,): number of communities of each zone.
    """

    problem: PartitionProblem
    constant: float
    pairs: IntArray
    rewards: FloatArray
    together: IntArray
    apart: IntArray
    slots: tuple[Slot, ...]
    per_zone: IntArray

    @property
    def ceiling(self) -> float:
        """Objective of a partition that keeps every pair: the bound that needs no work."""
        return self.constant + float(self.rewards.sum()) + TINY

    @property
    def work(self) -> int:
        """Units and pairs of all slots: what pricing each of them once costs."""
        return sum(len(slot.units) + len(slot.pairs) for slot in self.slots)

    def communities(self, labels: IntArray) -> list[tuple[int, IntArray]]:
        """Return the slot and the units of each community of a partition that has a slot.

        Communities may be numbered in any way; units below 0 are in none.
        """
        found: list[tuple[int, IntArray]] = []
        seen = {-1}
        for at, slot in enumerate(self.slots):
            label = max(-1, int(labels[slot.representative]))
            if label in seen:
                continue
            units = np.flatnonzero(labels == label)
            if np.isin(units, slot.units).all():
                seen.add(label)
                found.append((at, units))
        return found


def make_model(problem: PartitionProblem) -> Model:
    """Rewrite a partition problem by representatives: Hess's model (Hess and others 1965)."""
    pairs, rewards = pair_rewards(problem)
    constant = -problem.cut_weight if problem.n_contacts else 0.0
    share = problem.flow_inside / problem.flow_total if problem.flow_total > 0 else 1.0
    constant += problem.flow_weight * share
    together, apart = _pairs(problem)
    zone = _unit_zones(problem)
    order = _scarce(problem)
    slots = []
    for position, unit in enumerate(order.tolist()):
        barred = np.zeros(problem.n_units, dtype=np.bool_)
        barred[order[:position]] = True
        for z in np.unique(problem.community_zone).tolist():
            if zone[unit] in {-1, z}:
                may = ~barred & ((zone == -1) | (zone == z))
                slots.append(_slot(problem, unit, z, may, (pairs, rewards)))
    return Model(
        problem=problem,
        constant=constant,
        pairs=pairs,
        rewards=rewards,
        together=together,
        apart=apart,
        slots=tuple(slot for slot in slots if slot is not None),
        per_zone=np.bincount(problem.community_zone),
    )


def pair_rewards(problem: PartitionProblem) -> tuple[IntArray, FloatArray]:
    """Return the pairs whose being together is rewarded, first unit below second, and how much."""
    n = problem.n_units
    reward: sp.csr_array[np.float64] = sp.csr_array((n, n))
    if problem.flow_total > 0:
        flows = problem.flows
        worth = flows.weight * (problem.flow_weight / problem.flow_total)
        reward = reward + sp.csr_array((worth, flows.to, flows.start), shape=(n, n))
    if problem.n_contacts:
        land = problem.land
        worth = np.full(len(land.to), problem.cut_weight / problem.n_contacts)
        reward = reward + sp.csr_array((worth, land.to, land.start), shape=(n, n))
    upper = sp.triu(reward, k=1).tocoo()
    keep = upper.data > 0
    low, high = upper.row[keep].astype(np.int64), upper.col[keep].astype(np.int64)
    sort = np.lexsort((high, low))
    return np.stack([low, high], axis=1)[sort], upper.data[keep][sort].astype(np.float64)


def reach(problem: PartitionProblem, unit: int) -> sp.csr_array[np.float64]:
    """Return the ways by which a community holds together around one of its units.

    Land contacts, and where the unit has no land, the units it leans on. Every tile of a community
    of ``unit`` can be reached from it inside the community.
    """
    n = problem.n_units
    land, anchors = problem.land, problem.anchors
    tails = [np.repeat(np.arange(n), np.diff(land.start))]
    heads = [land.to]
    queue = [] if problem.has_land[unit] else [unit]
    while queue:
        u = queue.pop()
        leans = anchors.to[anchors.start[u] : anchors.start[u + 1]]
        tails += [np.full(len(leans), u), leans]
        heads += [leans, np.full(len(leans), u)]
        if u == unit:
            queue += leans[~problem.has_land[leans]].tolist()
    tail, head = np.concatenate(tails), np.concatenate(heads)
    found = sp.csr_array((np.ones(len(tail)), (tail, head)), shape=(n, n))
    found.sum_duplicates()
    return found


def _slot(
    problem: PartitionProblem,
    unit: int,
    zone: int,
    may: BoolArray,
    rewarded: tuple[IntArray, FloatArray],
) -> Slot | None:
    """Return a slot without the units too far from its representative; None where it is empty."""
    may = may & _within_reach(problem, unit, may)
    if not may[unit]:
        return None
    units = np.flatnonzero(may)
    place = np.full(problem.n_units, -1, dtype=np.int64)
    place[units] = np.arange(len(units))
    pairs, rewards = rewarded
    inside = may[pairs].all(axis=1)
    return Slot(
        representative=unit,
        zone=zone,
        units=units,
        at=int(place[unit]),
        pairs=place[pairs[inside]],
        rewards=rewards[inside],
    )


def _within_reach(problem: PartitionProblem, unit: int, may: BoolArray) -> BoolArray:
    """Tell which units a community of ``unit`` can hold together with all on the way to them."""
    n = problem.n_units
    ways = reach(problem, unit).tocoo()
    open_ways = may[ways.row] & may[ways.col]
    tail, head = ways.row[open_ways], ways.col[open_ways]
    anchors = problem.anchors
    leaning = np.repeat(np.arange(n), np.diff(anchors.start))
    sizes = [(problem.schools.astype(np.float64), float(problem.school_bounds[1]))]
    # A total that some units lower can be made up for on the way, so it rules out nothing here.
    sizes += [
        (total, high)
        for total, high in zip(problem.totals, problem.totals_high.tolist(), strict=True)
        if (total >= 0).all() and np.isfinite(high)
    ]
    fits = may.copy()
    for size, most in sizes:
        graph = sp.csr_array((size[head] + TINY, (tail, head)), shape=(n, n))
        far = size[unit] + dijkstra(graph, indices=np.array([unit]))[0]
        # A landless unit joins through one it leans on; that one may be landless in its turn.
        for _ in range(2):
            through = np.full(n, np.inf)
            np.minimum.at(through, leaning, far[anchors.to])
            far = np.minimum(far, through + size)
        fits &= far <= most * (1 + SLACK) + SLACK
    return fits


def _scarce(problem: PartitionProblem) -> IntArray:
    """Return the smallest set of units of which every community has one, from west to east."""
    kinds = [problem.has_land]
    if problem.school_bounds[0] > 0:
        kinds.append(problem.schools > 0)
    kinds += [
        total > 0 for total, low in zip(problem.totals, problem.totals_low, strict=True) if low > 0
    ]
    kinds += [
        (problem.grades >> grade & 1) > 0
        for grade in range(N_GRADES)
        if problem.required_grades >> grade & 1
    ]
    units = np.flatnonzero(min(kinds, key=lambda kind: int(kind.sum())))
    return units[np.lexsort((units, problem.points[units, 1], problem.points[units, 0]))]


def _unit_zones(problem: PartitionProblem) -> IntArray:
    """Zone of each unit, with those that a lock fixes; a lock into another zone fits nowhere."""
    fixed = problem.locked >= 0
    asked = problem.community_zone[problem.locked[fixed]]
    zone = problem.unit_zone.copy()
    zone[fixed] = np.where((zone[fixed] == -1) | (zone[fixed] == asked), asked, NOWHERE)
    return zone


def _pairs(problem: PartitionProblem) -> tuple[IntArray, IntArray]:
    """Return pairs together and pairs apart, with those that locks imply."""
    together, apart = problem.together.tolist(), problem.apart.tolist()
    fixed = np.flatnonzero(problem.locked >= 0)
    first = {int(c): int(u) for u, c in zip(fixed[::-1], problem.locked[fixed][::-1], strict=True)}
    together += [
        [first[c], u]
        for u, c in zip(fixed.tolist(), problem.locked[fixed].tolist(), strict=True)
        if u != first[c]
    ]
    leads = [first[c] for c in sorted(first)]
    apart += [[a, b] for i, a in enumerate(leads) for b in leads[i + 1 :]]
    shape = (-1, 2)
    return (
        np.array(together, dtype=np.int64).reshape(shape),
        np.array(apart, dtype=np.int64).reshape(shape),
    )
