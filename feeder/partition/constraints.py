"""What every community must keep: each constraint with its excess and its change for a move.

The search softens these at first and hardens them while it cools; what it never breaks at all
(whole land, anchored schools, zones) are conditions of every move. ``excess`` counts a partition
from scratch, 0 where the constraint is kept, in the units of the search (one typical school); a
test holds that the compiled ``change`` agrees with it.
"""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np

from feeder.partition import values
from feeder.partition.flat import PAIR_COST, flatten, total_units
from feeder.partition.founding import pair_lengths
from feeder.partition.kernels import constraints as kernels
from feeder.partition.kernels.arrays import ProblemArrays, State
from feeder.partition.kernels.disruption import budget_change, overdraft
from feeder.partition.problem import DISRUPTIONS, N_GRADES, IntArray, PartitionProblem


class Constraint(Protocol):
    """One constraint on every community."""

    @property
    def name(self) -> str:
        """The constraint."""
        ...

    def excess(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Distance of a partition, of shape (n_units,), from the bound; 0 where it is kept."""
        ...

    def change(self, arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
        """Change of the excess once unit ``u`` moves from community ``a`` to ``b``."""
        ...


class Schools:
    """Schools per community within their bounds."""

    name = "schools"

    def excess(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Schools too many and too few, over all communities."""
        number = np.bincount(labels, weights=problem.schools, minlength=problem.n_communities)
        low, high = problem.school_bounds
        over = np.maximum(number - high, 0) + np.maximum(low - number, 0)
        return kernels.SCHOOL_PENALTY * float(over.sum())

    def change(self, arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
        """Change over both communities."""
        after = kernels.schools_penalty(arrays, state, a, u, -1)
        after += kernels.schools_penalty(arrays, state, b, u, 1)
        before = kernels.schools_penalty(arrays, state, a, u, 0)
        return after - before - kernels.schools_penalty(arrays, state, b, u, 0)


class Totals:
    """Every total per community (enrollment, need, what utilization is made of) in its bounds."""

    name = "totals"

    def excess(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Distance from the bounds, in typical units, and a little for being out at all."""
        k, units = problem.n_communities, total_units(problem.totals)
        sums = np.stack([np.bincount(labels, weights=row, minlength=k) for row in problem.totals])
        low, high = problem.totals_low[:, None], problem.totals_high[:, None]
        over = np.maximum(sums - high, low - sums)
        cost = over / units[:, None] + kernels.TOTAL_PENALTY
        return float(cost[over > kernels.EPSILON].sum())

    def change(self, arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
        """Change over both communities."""
        change = 0.0
        for row in range(len(arrays.totals)):
            for c, sign in ((a, -1), (b, 1)):
                change += kernels.total_penalty_of(arrays, state, row, c, u, sign)
                change -= kernels.total_penalty_of(arrays, state, row, c, u, 0)
        return change


class Grades:
    """Every required grade served in every community."""

    name = "grades"

    def excess(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Grades missing, over all communities, weighted."""
        missing = 0
        for c in range(problem.n_communities):
            served = int(np.bitwise_or.reduce(problem.grades[labels == c], initial=0))
            missing += (problem.required_grades & ~served & ((1 << N_GRADES) - 1)).bit_count()
        return kernels.GRADE_PENALTY * missing

    def change(self, arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
        """Change over both communities."""
        after = kernels.grades_penalty(arrays, state, a, u, -1)
        after += kernels.grades_penalty(arrays, state, b, u, 1)
        before = kernels.grades_penalty(arrays, state, a, u, 0)
        return after - before - kernels.grades_penalty(arrays, state, b, u, 0)


class Locks:
    """Units in the community they are locked to."""

    name = "locked"

    def excess(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Units elsewhere, weighted."""
        away = (problem.locked >= 0) & (problem.locked != labels)
        return kernels.LOCK_PENALTY * float(away.sum())

    def change(self, arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
        """Change for the unit."""
        del state
        return kernels.lock_penalty(arrays, u, b) - kernels.lock_penalty(arrays, u, a)


class Pairs:
    """Units that must be together, or must not."""

    name = "keep_together, keep_apart"

    def excess(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Broken pairs; one between units kept together counts the contacts to cross."""
        parted = labels[problem.together[:, 0]] != labels[problem.together[:, 1]]
        joined = labels[problem.apart[:, 0]] == labels[problem.apart[:, 1]]
        return PAIR_COST * float(pair_lengths(problem)[parted].sum() + joined.sum())

    def change(self, arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
        """Change over the pairs of the unit."""
        after = kernels.pair_penalty(arrays, state, u, b)
        return after - kernels.pair_penalty(arrays, state, u, a)


class OfficeReach:
    """Every school within the longest way to the office of its community."""

    name = "max_office_minutes"

    def excess(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Minutes beyond the limit as shares of it, and one for a community beyond it."""
        if problem.offices is None or problem.offices.most is None:
            return 0.0
        late = values.office_ways(problem, labels)[:, 0]
        late = late[late > kernels.EPSILON]
        return float((late / problem.offices.most + kernels.OFFICE_PENALTY).sum())

    def change(self, arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
        """Change over both communities."""
        if arrays.most_minutes <= 0:
            return 0.0
        after = kernels.office_penalty(arrays, state, a, u, -1)
        after += kernels.office_penalty(arrays, state, b, u, 1)
        before = kernels.office_penalty(arrays, state, a, u, 0)
        return after - before - kernels.office_penalty(arrays, state, b, u, 0)


class Budgets:
    """What changes against the existing plan within its budgets."""

    name = "budgets"

    def excess(self, problem: PartitionProblem, labels: IntArray) -> float:
        """Overdrafts of all budgets, in typical schools."""
        spent = values.disruption(problem, labels) if problem.budgets else {}
        arrays = flatten(problem)
        return sum(
            overdraft(arrays, DISRUPTIONS.index(name), spent[name]) for name in problem.budgets
        )

    def change(self, arrays: ProblemArrays, state: State, u: int, a: int, b: int) -> float:
        """Change over all budgets."""
        return budget_change(arrays, state, u, a, b) if arrays.counts_disruption else 0.0


CONSTRAINTS: Final[tuple[Constraint, ...]] = (
    Schools(),
    Totals(),
    Grades(),
    Locks(),
    Pairs(),
    OfficeReach(),
    Budgets(),
)
