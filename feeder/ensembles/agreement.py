"""Firm and swing schools: who is together among the good plans, and the plan they agree on most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.measures.disruption import relabelling
from feeder.network.graph import FloatArray, IntArray
from feeder.partition.sampling.walk import Plans

GOOD_SHARE: Final = 0.1
"""Share of the plans that count as good: those with the highest objective."""
FIRM: Final = 0.9
SWING: Final = 0.5
"""Certainty from which a school is firm, and below which it swings."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """What the good plans agree on.

    Attributes
    ----------
    good
        How many plans were good.
    together
        Shape (n_units, n_units): share of the good plans in which two units share a community.
    consensus
        Shape (n_units,): the good plan that agrees with all good plans on most pairs of schools.
    certainty
        Shape (n_units,): share of the good plans that put the unit where the consensus does,
        once their communities are matched with its own.
    """

    good: int
    together: FloatArray
    consensus: IntArray
    certainty: FloatArray


def good_plans(scores: pd.DataFrame, objective: str) -> pd.DataFrame:
    """Return ``chain`` and ``draw`` of the tenth of the plans with the highest objective.

    Of equals the first chain, then the first draw, goes first.
    """
    order = scores.sort_values(
        [objective, "chain", "draw"], ascending=[False, True, True], kind="stable"
    )
    return order[["chain", "draw"]].head(max(1, round(GOOD_SHARE * len(scores))))


def chosen_plans(
    batches: Iterable[tuple[npt.NDArray[np.int64], Plans]], wanted: pd.DataFrame
) -> Plans:
    """Return the wanted plans of a store, by chain and draw."""
    keys = set(map(tuple, wanted.to_numpy().tolist()))
    found: list[tuple[tuple[int, int], Plans]] = []
    for numbers, plans in batches:
        for i, (chain, draw) in enumerate(numbers.tolist()):
            if (chain, draw) in keys:
                found.append(((chain, draw), plans[i]))
    return np.stack([plan for _, plan in sorted(found, key=lambda one: one[0])])


def agree(plans: Plans, schools: IntArray) -> Agreement:
    """Return what plans agree on.

    The consensus is their medoid under Mirkin's distance (Mirkin 1996), the number of pairs of
    schools that one plan joins and the other parts: a plan that was drawn, so it keeps every limit.
    Of equals the first is taken.

    Parameters
    ----------
    plans
        Shape (n_plans, n_units): the good plans.
    schools
        Shape (n_units,): schools of each unit; vacant tiles have no say in consensus and
        matching. Every community has a school.
    """
    n = plans.shape[1]
    together = np.zeros((n, n))
    groups = [_groups(plan) for plan in plans]
    for members in groups:
        for own in members:
            together[np.ix_(own, own)] += 1.0
    together /= len(plans)
    # A pair that a plan joins costs it the plans that part them, and saves those that do not.
    cost = np.outer(schools, schools) * (1.0 - 2.0 * together)
    worth = [-sum(cost[np.ix_(own, own)].sum() for own in members) for members in groups]
    consensus = plans[int(np.argmax(np.round(worth, 6)))].astype(np.int64)
    return Agreement(
        good=len(plans),
        together=together,
        consensus=consensus,
        certainty=_certainty(plans, consensus, schools),
    )


def standing(certainty: FloatArray) -> list[str]:
    """Return ``firm``, ``swing`` or ``between`` for each certainty."""
    words = np.select([certainty >= FIRM, certainty < SWING], ["firm", "swing"], "between")
    return [str(word) for word in words]


def percent(certainty: FloatArray) -> IntArray:
    """Return certainties in whole percent, rounded down, so that none crosses a bound it is under.

    They are shares of a count of plans: what is less than a millionth is the last bits alone.
    """
    whole: IntArray = np.floor(np.round(100 * certainty, 6)).astype(np.int64)
    return whole


def school_pairs(
    together: FloatArray, school_unit: IntArray, school_ids: tuple[str, ...]
) -> pd.DataFrame:
    """Return ``a_id``, ``b_id`` and ``together`` of every two schools ever together."""
    placed = np.flatnonzero(school_unit >= 0)
    one, other = np.triu_indices(len(placed), k=1)
    share = together[school_unit[placed[one]], school_unit[placed[other]]]
    ever = share > 0
    ids = np.array(school_ids, dtype=object)[placed]
    return pd.DataFrame({"a_id": ids[one[ever]], "b_id": ids[other[ever]], "together": share[ever]})


def _groups(plan: Plans) -> list[IntArray]:
    """Return the units of each community."""
    order = np.argsort(plan, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(plan[order])) + 1)


def _certainty(plans: Plans, consensus: IntArray, schools: IntArray) -> FloatArray:
    same = np.zeros(plans.shape[1])
    unit = np.repeat(np.arange(plans.shape[1]), schools)  # of each school
    even = np.ones(len(unit))
    for plan in plans.astype(np.int64):
        same += relabelling(plan[unit], consensus[unit], even)[plan] == consensus
    return same / len(plans)
