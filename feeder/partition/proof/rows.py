"""What one community must keep, as rows of a linear program over its members.

The rows of a slot hold for every community of it; contiguity is in them only in part, and
:mod:`feeder.partition.proof.separators` adds the rest where a solution breaks it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from feeder.partition.problem import MIN_ANCHOR, N_GRADES, FloatArray, IntArray
from feeder.partition.proof.model import SLACK, Model, Slot


@dataclass(slots=True)
class Rows:
    """Rows ``low <= sum of coefficient * member <= high``, collected one by one."""

    columns: list[IntArray] = field(default_factory=list)
    coefficients: list[FloatArray] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(
        self,
        columns: IntArray,
        coefficients: FloatArray,
        low: float = -np.inf,
        high: float = np.inf,
    ) -> None:
        """Add a row."""
        self.columns.append(np.asarray(columns, dtype=np.int64))
        self.coefficients.append(np.asarray(coefficients, dtype=np.float64))
        self.low.append(low)
        self.high.append(high)

    def implies(self, members: IntArray, support: IntArray, spare: float = 0.0) -> None:
        """Add: where all of ``members`` are in, one of ``support`` is; ``spare`` loosens it."""
        columns = np.concatenate([support, members])
        coefficients = np.concatenate([np.ones(len(support)), np.full(len(members), -1.0)])
        self.add(columns, coefficients, low=1.0 - len(members) - spare)

    def __len__(self) -> int:
        return len(self.low)

    def matrix(self, width: int, first: int = 0) -> sp.csr_array[np.float64]:
        """Return the rows from ``first`` on as a matrix of ``width`` columns."""
        sizes = [len(columns) for columns in self.columns[first:]]
        start = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        none = np.zeros(0)
        data = np.concatenate([none, *self.coefficients[first:]])
        columns = np.concatenate([none, *self.columns[first:]]).astype(np.int64)
        found = sp.csr_array((data, columns, start), shape=(len(sizes), width))
        found.sum_duplicates()  # which the solver takes for an error of the model
        return found


def community_rows(model: Model, slot: Slot) -> Rows:
    """Return what every community of a slot keeps, over positions in ``slot.units``."""
    problem, units = model.problem, slot.units
    everyone = np.arange(len(units))
    rows = Rows()
    schools = problem.schools[units].astype(np.float64)
    rows.add(everyone, schools, problem.school_bounds[0], problem.school_bounds[1])
    for total, low, high in zip(
        problem.totals, problem.totals_low, problem.totals_high, strict=True
    ):
        # A bound of 0 needs room too: as much as of one unit.
        largest = float(np.abs(total).max(initial=0.0))
        room = [SLACK * max(abs(bound), largest) for bound in (low, high)]
        rows.add(everyone, total[units], low - room[0], high + room[1])
    for grade in range(N_GRADES):
        if problem.required_grades >> grade & 1:
            serving = np.flatnonzero(problem.grades[units] >> grade & 1)
            rows.add(serving, np.ones(len(serving)), low=1.0)
    _bind(rows, model, slot)
    _anchor(rows, model, slot)
    return rows


def _bind(rows: Rows, model: Model, slot: Slot) -> None:
    """Add pairs and locks."""
    place = positions(model, slot)
    for a, b in place[model.together].tolist():
        if a >= 0 and b >= 0:
            rows.add(np.array([a, b]), np.array([1.0, -1.0]), 0.0, 0.0)
        elif a >= 0 or b >= 0:
            rows.add(np.array([max(a, b)]), np.ones(1), high=0.0)
    for a, b in place[model.apart].tolist():
        if a >= 0 and b >= 0:
            rows.add(np.array([a, b]), np.ones(2) if a != b else np.array([1.0, 0.0]), high=1.0)


def _anchor(rows: Rows, model: Model, slot: Slot) -> None:
    """Add: landless units lean on members; some tile is a member."""
    problem, place = model.problem, positions(model, slot)
    landed = np.flatnonzero(problem.has_land[slot.units])
    rows.add(landed, np.ones(len(landed)), low=1.0)
    for position in np.flatnonzero(~problem.has_land[slot.units]).tolist():
        unit = slot.units[position]
        span = slice(problem.anchors.start[unit], problem.anchors.start[unit + 1])
        at = place[problem.anchors.to[span]]
        share = np.minimum(1.0, problem.anchors.weight[span] / (MIN_ANCHOR - SLACK))
        columns = np.concatenate([at[at >= 0], [position]])
        rows.add(columns, np.concatenate([share[at >= 0], [-1.0]]), low=-SLACK)


def positions(model: Model, slot: Slot) -> IntArray:
    """Shape (n_units,): position of each unit in the slot, or -1."""
    place = np.full(model.problem.n_units, -1, dtype=np.int64)
    place[slot.units] = np.arange(len(slot.units))
    return place
