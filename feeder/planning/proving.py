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
from feeder.planning.prepared import Prepared, prepare

CHECKS: Final = "the limits contradict one another"
SAME_SHARES: Final = ", over plans that share communities among regions as this one does"
FAIREST: Final = ", over plans that share communities among regions most fairly"
Prover = Callable[[PartitionProblem, IntArray | None], Bound]
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
    """Bound by a prover; constraints that cannot hold together prove that there is no plan."""
    try:
        prepared, scope = _prepared(assignment)
    except InfeasibleError:
        return Bound(-np.inf, CHECKS, 0.0)
    labels = prepared.units_of(assignment)
    # A plan cut short has no objective to compare with; the bound does not rest on it.
    bound = prover(prepared.problem, labels if (labels >= 0).all() else None)
    return replace(bound, method=f"{bound.method}{scope}")


def _prepared(assignment: Assignment) -> tuple[Prepared, str]:
    """Prepare what the bound is over, and say where that is not every plan.

    Where plans are nested, it is the plans that share communities among regions as this one does:
    promises allow others, and one of them may be better.
    """
    prepared = prepare(assignment.district, assignment.network, assignment.scenario)
    n_zones = len(prepared.zones.names)
    if n_zones == 1:
        return prepared, ""
    zones, labels = prepared.problem.unit_zone, prepared.units_of(assignment)
    homes = np.unique(np.stack([labels, zones], axis=1)[(labels >= 0) & (zones >= 0)], axis=0)
    shares = np.bincount(homes[:, 1], minlength=n_zones)
    if shares.sum() != prepared.problem.n_communities or not shares.all():
        return prepared, FAIREST
    return prepared.sharing(shares), SAME_SHARES
