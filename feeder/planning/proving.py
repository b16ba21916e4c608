"""How much better any plan of a district could be than one at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from feeder.errors import InfeasibleError
from feeder.partition.problem import IntArray, PartitionProblem
from feeder.partition.proof.bound import Bound
from feeder.partition.proof.prove import ProofEffort, prove
from feeder.partition.proof.quick import quick_bound
from feeder.planning.assignment import Assignment
from feeder.planning.prepared import prepare

CHECKS: Final = "the limits contradict one another"
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
        prepared = prepare(assignment.district, assignment.network, assignment.scenario)
    except InfeasibleError:
        return Bound(-np.inf, CHECKS, 0.0)
    labels = prepared.units_of(assignment)
    # What is in no community shares one with nobody.
    alone = -1 - np.arange(len(labels))
    return prover(prepared.problem, np.where(labels < 0, alone, labels))
