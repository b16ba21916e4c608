"""How much better any plan of a district could be than one at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from feeder.errors import InfeasibleError
from feeder.partition.problem import IntArray, PartitionProblem
from feeder.partition.proof.bound import Bound
from feeder.partition.proof.prove import ProofEffort, prove
from feeder.partition.proof.quick import quick_bound
from feeder.planning.assignment import Assignment
from feeder.planning.make import OTHER_SHARES
from feeder.planning.prepared import Prepared, prepare, prepare_shares

CHECKS: Final = "the limits contradict one another"
SAME_SHARES: Final = ", over plans that share communities among regions as this one does"
FAIREST: Final = ", over plans that share communities among regions most fairly"
Prover = Callable[[PartitionProblem, IntArray], Bound]
Progress = Callable[[float], None]


def bound_in_a_moment(assignment: Assignment) -> Bound:
    """Bound the objective of every plan that keeps the scenario's promises, in about a second."""
    return _bound(assignment, lambda problem, plan: quick_bound(problem, plan=plan))


def bound_with_effort(
    assignment: Assignment,
    effort: ProofEffort,
    *,
    workers: int = 2,
    progress: Progress | None = None,
) -> Bound:
    """Bound the objective of every plan that keeps the scenario's promises, as told by ``effort``.

    Raises
    ------
    FeederError
        Where the effort asks for a solver that is not installed.
    """
    return _bound(
        assignment,
        lambda problem, plan: prove(
            problem, plan=plan, effort=effort, workers=workers, progress=progress
        ),
    )


def _bound(assignment: Assignment, prover: Prover) -> Bound:
    """Bound by a prover; limits that cannot hold together are a proof that there is no plan."""
    try:
        prepared, limit = _prepared(assignment)
    except InfeasibleError:
        return Bound(-np.inf, CHECKS, 0.0)
    labels = prepared.units_of(assignment)
    # What is in no community shares one with nobody.
    alone = -1 - np.arange(len(labels))
    bound = prover(prepared.problem, np.where(labels < 0, alone, labels))
    return replace(bound, method=f"{bound.method}{limit}")


def _prepared(assignment: Assignment) -> tuple[Prepared, str]:
    """Prepare what the bound is over, and say where that is not every plan.

    Where the search may share communities among regions in several ways, it is the plans that
    share them as this one does.
    """
    given = assignment.district, assignment.network, assignment.scenario
    if assignment.scenario.apportion != "search":
        return prepare(*given), ""
    ways = prepare_shares(*given, others=OTHER_SHARES)
    for way in ways:
        zones, labels = way.problem.unit_zone, way.units_of(assignment)
        homes = np.unique(np.stack([labels, zones], axis=1)[(labels >= 0) & (zones >= 0)], axis=0)
        shares = np.bincount(homes[:, 1], minlength=len(way.zones.names))
        if (shares == np.bincount(way.problem.community_zone, minlength=len(shares))).all():
            return way, SAME_SHARES
    return ways[0], FAIREST
