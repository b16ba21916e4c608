"""The whole partition as one exact model for CP-SAT, for districts of a hundred schools or so.

Every unit is in the community of one representative. Contiguity is added where a solution breaks
it, and the model is solved again; each bound on the way holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from feeder.errors import FeederError
from feeder.partition.problem import FloatArray, IntArray
from feeder.partition.proof.model import Model, Slot
from feeder.partition.proof.rows import Rows, community_rows
from feeder.partition.proof.separators import Contiguity

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

REWARD_UNIT: Final = 1e-8
"""Objective of one step of the solver's whole numbers; every reward is rounded up to them."""
ROW_UNIT: Final = 1e-6
"""The same for rows that do not consist of whole numbers; they are rounded so as to hold less."""
MARGIN: Final = 1e-6
"""Objective by which a plan may fall short of the one to beat."""


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """What CP-SAT proved.

    Attributes
    ----------
    bound
        No partition has a higher objective; -inf where there is none (or none as good as the goal).
    labels
        Shape (n_units,): the best partition, where one was found that is whole; else None.
    """

    bound: float
    labels: IntArray | None


def solve(
    model: Model,
    slots: Sequence[Slot] | None = None,
    *,
    goal: float = -np.inf,
    plan: IntArray | None = None,
    work: float,
    workers: int = 1,
    seed: int = 0,
) -> Exact:
    """Solve a problem exactly, or bound it as far as the work allows.

    Hess's model (Hess and others 1965), with contiguity by cuts (Validi, Buchanan and Lykhovyd
    2022).

    Parameters
    ----------
    model
        The problem by representatives.
    slots
        Those that may be chosen; all by default.
    goal
        Partitions with a lower objective do not matter: the bound need not be lower.
    plan
        Labels of a partition to begin near.
    work
        Deterministic time of the solver: about a second of one processor each.
    workers
        Threads. Their searches take turns by deterministic time, so that the outcome is the same
        each time; another number of threads may bring another bound.
    seed
        Fixes the search.

    Raises
    ------
    FeederError
        Where ortools is not installed.
    """
    cp = library()
    program = _Program(cp, model, model.slots if slots is None else tuple(slots), goal)
    if plan is not None:
        program.hint(plan)
    bound, left = model.ceiling, work
    while left > 0:
        solver = cp.CpSolver()
        solver.parameters.max_deterministic_time = left
        solver.parameters.random_seed = seed
        solver.parameters.num_workers = workers
        solver.parameters.interleave_search = workers > 1
        solver.parameters.symmetry_level = 0
        status = solver.solve(program.cp)
        left -= max(solver.response_proto.deterministic_time, 1e-3)
        if status == cp.INFEASIBLE:
            return Exact(goal, None)
        if status not in {cp.OPTIMAL, cp.FEASIBLE}:
            # Nothing found: the bound of the solver is the one of its presolve, if it has any.
            break
        bound = min(bound, model.constant + REWARD_UNIT * solver.best_objective_bound)
        labels = program.cut(solver)
        if labels is not None:
            return Exact(max(bound, goal), labels)
    return Exact(max(bound, goal), None)


def library() -> Any:  # noqa: ANN401 - a module of an extra that may not be there
    """Return CP-SAT, or say how to install it."""
    try:
        from ortools.sat.python import cp_model
    except ImportError as error:
        raise FeederError(
            "The exact proof needs ortools, which is not installed; install it with: "
            "pip install ortools"
        ) from error
    return cp_model


class _Program:
    """The model in CP-SAT's terms; grows by rows against land in pieces."""

    def __init__(self, cp: Any, model: Model, slots: tuple[Slot, ...], goal: float) -> None:  # noqa: ANN401
        self.cp: cp_model.CpModel = cp.CpModel()
        self._expr: Any = cp.LinearExpr
        self._model, self._slots = model, slots
        self._members = [
            [self.cp.new_bool_var(f"x{s}_{unit}") for unit in slot.units.tolist()]
            for s, slot in enumerate(slots)
        ]
        self._chosen = [
            members[slot.at] for members, slot in zip(self._members, slots, strict=True)
        ]
        self._rows: list[Rows] = []
        self._contiguity: list[Contiguity] = []
        for s, slot in enumerate(slots):
            rows, contiguity = community_rows(model, slot), Contiguity(model, slot)
            contiguity.first_rows(rows)
            self._rows.append(rows)
            self._contiguity.append(contiguity)
            self._post(s, 0)
            for member in self._members[s]:
                self.cp.add_implication(member, self._chosen[s])
        self._once()
        self._reward(goal)

    def _once(self) -> None:
        """Each unit is in one community; each zone has its number of them."""
        of_unit: list[list[Any]] = [[] for _ in range(self._model.problem.n_units)]
        for slot, members in zip(self._slots, self._members, strict=True):
            for unit, member in zip(slot.units.tolist(), members, strict=True):
                of_unit[unit].append(member)
        for choices in of_unit:
            self.cp.add_exactly_one(choices)
        for zone, count in enumerate(self._model.per_zone.tolist()):
            chosen = [
                one
                for slot, one in zip(self._slots, self._chosen, strict=True)
                if slot.zone == zone
            ]
            self.cp.add(self._expr.sum(chosen) == count)

    def _reward(self, goal: float) -> None:
        kept, rewards = [], []
        for s, slot in enumerate(self._slots):
            whole = np.ceil(slot.rewards / REWARD_UNIT).astype(np.int64).tolist()
            for p, ((a, b), reward) in enumerate(zip(slot.pairs.tolist(), whole, strict=True)):
                pair = self.cp.new_bool_var(f"y{s}_{p}")
                self.cp.add_implication(pair, self._members[s][a])
                self.cp.add_implication(pair, self._members[s][b])
                kept.append(pair)
                rewards.append(reward)
        total = self._expr.weighted_sum(kept, rewards)
        self.cp.maximize(total)
        if np.isfinite(goal):
            least = np.floor((goal - MARGIN - self._model.constant) / REWARD_UNIT)
            self.cp.add(total >= int(least))

    def _post(self, s: int, first: int) -> None:
        """Hand over the rows of a slot from ``first`` on; they bind where it is chosen."""
        rows, members, chosen = self._rows[s], self._members[s], self._chosen[s]
        for i in range(first, len(rows)):
            where = [members[at] for at in rows.columns[i].tolist()]
            up, down, low, high = _whole(rows.coefficients[i], rows.low[i], rows.high[i])
            if low is not None:
                self.cp.add(self._expr.weighted_sum(where, up) >= low * chosen)
            if high is not None:
                self.cp.add(self._expr.weighted_sum(where, down) <= high * chosen)

    def cut(self, solver: cp_model.CpSolver) -> IntArray | None:
        """Return the labels of a solution, or add rows against the land it has in pieces."""
        labels = np.full(self._model.problem.n_units, -1, dtype=np.int64)
        free = [
            np.flatnonzero(self._model.problem.community_zone == zone).tolist()
            for zone in range(len(self._model.per_zone))
        ]
        locked = self._model.problem.locked
        whole = True
        chosen = []
        for s, slot in enumerate(self._slots):
            if solver.boolean_value(self._chosen[s]):
                inside = np.array([solver.boolean_value(member) for member in self._members[s]])
                first = len(self._rows[s])
                order = np.arange(len(slot.units))
                whole &= self._contiguity[s].add_broken(self._rows[s], inside, order)
                self._post(s, first)
                chosen.append((slot.zone, slot.units[inside]))
        if not whole:
            return None
        # Communities that locks name come first, so that the others take what is left.
        chosen.sort(key=lambda one: -int(locked[one[1]].max()))
        for zone, units in chosen:
            name = int(locked[units].max())
            labels[units] = name if name >= 0 else free[zone][0]
            free[zone].remove(int(labels[units[0]]))
        return labels

    def hint(self, plan: IntArray) -> None:
        """Begin near a partition."""
        held = {
            self._model.slots[at]: set(units.tolist())
            for at, units in self._model.communities(plan)
        }
        for slot, members in zip(self._slots, self._members, strict=True):
            inside = held.get(slot, set())
            for unit, member in zip(slot.units.tolist(), members, strict=True):
                self.cp.add_hint(member, unit in inside)


def _whole(
    coefficients: FloatArray, low: float, high: float
) -> tuple[list[int], list[int], int | None, int | None]:
    """Return a row in whole numbers that every solution of it keeps.

    Coefficients rounded up go with the lower end, those rounded down with the upper end.
    """
    step = 1.0 if (coefficients == np.round(coefficients)).all() else ROW_UNIT
    scaled = np.round(coefficients / step, 6)
    return (
        np.ceil(scaled).astype(np.int64).tolist(),
        np.floor(scaled).astype(np.int64).tolist(),
        int(np.ceil(low - 1e-9)) if step == 1.0 and np.isfinite(low) else _floor(low / step),
        int(np.floor(high + 1e-9)) if step == 1.0 and np.isfinite(high) else _ceil(high / step),
    )


def _floor(value: float) -> int | None:
    return int(np.floor(value)) if np.isfinite(value) else None


def _ceil(value: float) -> int | None:
    return int(np.ceil(value)) if np.isfinite(value) else None
