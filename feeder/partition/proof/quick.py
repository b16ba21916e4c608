"""A bound in a moment, for every plan, with what every installation has.

Pairs that no community can hold are lost. Where the district is small enough the linear relaxation
of its slots, under prices lowered a few times, says more.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

import numpy as np

from feeder.partition.problem import BoolArray, IntArray, PartitionProblem
from feeder.partition.proof.bound import Bound, tightest
from feeder.partition.proof.model import Model, make_model
from feeder.partition.proof.prices import half_prices, lower_prices, typical_reward
from feeder.partition.proof.pricing import Care, Pricer

WORK: Final = 100_000
"""Units and pairs of all slots, times passes: a second or two of one processor."""
MOST_PASSES: Final = 12
REACH: Final = "flow that no community can hold is lost"
RELAXATION: Final = "prices on schools, linear relaxation"
RELAXED: Final = Care(nodes=0, rounds=1)


def quick_bound(problem: PartitionProblem, *, plan: IntArray | None = None) -> Bound:
    """Bound the objective of every partition in about a second.

    By Lagrangian relaxation (Fisher 1981) where the district is small enough.

    Parameters
    ----------
    problem
        What is to be partitioned.
    plan
        Labels of the best partition known; it guides the work, and the bound does not rest on it.
    """
    started = time.process_time()
    model = make_model(problem)
    passes = min(MOST_PASSES, WORK // max(1, model.work))
    bounds = [Bound(reach_bound(model), REACH)]
    if passes:
        scale = typical_reward(model)
        pricers = [Pricer(model, slot, scale) for slot in model.slots]
        lowered = lower_prices(
            model, pricers, half_prices(model), care=RELAXED, passes=passes, plan=plan
        )
        bounds.append(Bound(lowered.bound, RELAXATION))
    best = tightest(bounds)
    return replace(best, seconds=time.process_time() - started)


def reach_bound(model: Model) -> float:
    """Bound by the pairs that some slot holds: the others are lost in every partition."""
    return model.ceiling - float(model.rewards[~_can_share(model)].sum())


def _can_share(model: Model) -> BoolArray:
    """Tell of each pair whether some slot holds both units."""
    n = model.problem.n_units
    held = np.zeros(n * n, dtype=np.bool_)
    for slot in model.slots:
        a, b = slot.units[slot.pairs].T
        held[a * n + b] = True
    shared: BoolArray = held[model.pairs[:, 0] * n + model.pairs[:, 1]]
    return shared
