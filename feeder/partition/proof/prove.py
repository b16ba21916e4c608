"""Prove how good the best partition could be, as tightly as the effort allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from feeder.partition.problem import IntArray, PartitionProblem
from feeder.partition.proof import cpsat
from feeder.partition.proof.bound import Bound, tightest
from feeder.partition.proof.model import Model, make_model
from feeder.partition.proof.prices import (
    Lowered,
    best_sum,
    half_prices,
    lower_prices,
    typical_reward,
)
from feeder.partition.proof.pricing import Care, Pricer
from feeder.partition.proof.quick import REACH, RELAXATION, RELAXED, reach_bound

PRICES: Final = "prices on schools, best communities by branch and bound"
EXACT: Final = "exact model of all communities"
TOO_LARGE: Final = "; too large for the exact model"

CAREFUL: Final = Care(nodes=100, rounds=3)

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofEffort:
    """How much work to put into a proof. It ends by work done, never by the clock.

    Parameters
    ----------
    relaxed_passes
        Times that all slots are priced by their linear relaxation.
    work
        Units and pairs of all slots, times passes, that are priced by branch and bound: some
        400 a second of one processor. A pass is finished once begun, and one is always done; 0
        leaves branch and bound out.
    most_passes
        Most such passes.
    care
        How carefully each slot is priced.
    exact_work
        Deterministic seconds of the exact model, which comes last where the district is small
        enough and a gap is left; 0 leaves it out. It needs ortools.
    exact_size
        Most units and pairs of all slots that the exact model is tried with.
    """

    relaxed_passes: int = 16
    work: int = 120_000
    most_passes: int = 40
    care: Care = CAREFUL
    exact_work: float = 0.0
    exact_size: int = 4_000

    def passes(self, model: Model) -> int:
        """Return how often all slots of a model are priced by branch and bound."""
        wanted = -(-self.work // max(1, model.work))
        return min(self.most_passes, wanted)

    def times(self, factor: float) -> ProofEffort:
        """Return this effort with that many times the work."""
        return replace(
            self,
            work=int(self.work * factor),
            most_passes=int(self.most_passes * max(1.0, factor)),
            exact_work=self.exact_work * factor,
        )


EFFORTS: Final[Mapping[str, ProofEffort]] = MappingProxyType(
    {
        "standard": ProofEffort(),
        "long": ProofEffort().times(5),
        "exact": ProofEffort(exact_work=300.0),
    }
)
"""Efforts by name; what takes less than the least of them is ``quick_bound``."""


def prove(
    problem: PartitionProblem,
    *,
    plan: IntArray | None = None,
    effort: ProofEffort | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Bound:
    """Bound the objective of every partition that keeps all constraints.

    By Lagrangian relaxation (Fisher 1981), then, where asked for, by Hess's model (Hess and others
    1965).

    Parameters
    ----------
    problem
        What is to be partitioned.
    plan
        Labels of the best partition known. It guides the work and ends it once nothing can be
        better; the bound does not rest on it, whether or not it keeps the limits.
    effort
        How much work.
    workers
        Threads; the bound does not depend on them.
    progress
        Called with the share done, 0 to 1.

    Raises
    ------
    FeederError
        Where the effort asks for the exact model and ortools is not installed.
    """
    effort = effort or ProofEffort()
    tell = progress or (lambda _: None)
    started = time.process_time()
    if effort.exact_work:
        cpsat.library()
    model = make_model(problem)
    goal = -np.inf if plan is None else problem.objective(plan)
    bounds = [Bound(reach_bound(model), REACH)]
    scale = typical_reward(model)
    pricers = [Pricer(model, slot, scale) for slot in model.slots]
    relaxed = lower_prices(
        model,
        pricers,
        half_prices(model),
        care=RELAXED,
        passes=effort.relaxed_passes,
        plan=plan,
        workers=workers,
        progress=lambda share: tell(0.1 * share),
    )
    bounds.append(Bound(relaxed.bound, RELAXATION))
    lowered = lower_prices(
        model,
        pricers,
        relaxed.prices,
        care=effort.care,
        passes=effort.passes(model),
        plan=plan,
        workers=workers,
        progress=lambda share: tell(0.1 + 0.7 * share),
    )
    bounds.append(Bound(lowered.bound, PRICES))
    tell(0.8)
    best = tightest(bounds)
    if effort.exact_work and not best.infeasible and not best.closes(goal):
        exact = _exact(model, lowered, effort, goal, plan)
        if exact is None:
            best = replace(best, method=f"{best.method}{TOO_LARGE}")
        else:
            best = tightest([best, exact])
    tell(1.0)
    return replace(best, seconds=time.process_time() - started)


def _exact(
    model: Model, lowered: Lowered, effort: ProofEffort, goal: float, plan: IntArray | None
) -> Bound | None:
    """Bound by the exact model of the slots that can still bring a better plan; None if too big."""
    slots = [slot for at, slot in enumerate(model.slots) if _with_slot(model, lowered, at) > goal]
    if sum(len(slot.units) + len(slot.pairs) for slot in slots) > effort.exact_size:
        return None
    exact = cpsat.solve(model, slots, goal=goal, plan=plan, work=effort.exact_work)
    return Bound(max(goal, exact.bound), EXACT)


def _with_slot(model: Model, lowered: Lowered, at: int) -> float:
    """Bound the objective of partitions that choose one slot."""
    worth = lowered.worth.copy()
    if np.isposinf(worth).any() or np.isneginf(worth[at]):
        return -np.inf if np.isneginf(worth[at]) else np.inf
    worth[at] = worth.max() + 1.0  # surely among the best
    others = best_sum(model, worth) - worth[at]
    return model.constant + float(lowered.prices.sum() + others + lowered.worth[at])
