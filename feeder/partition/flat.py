"""From a problem to what the compiled loops work on: flat and typed arrays."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import scipy.sparse as sp

from feeder.partition.founding import pair_lengths
from feeder.partition.kernels.arrays import ProblemArrays
from feeder.partition.problem import DISRUPTIONS, FloatArray, PartitionProblem, csr_from_pairs
from feeder.partition.values import KM

PAIR_COST: Final = 4.0
"""Cost of a broken pair between neighbours, in typical schools."""
SMALLEST: Final = 1e-9
BUDGET_SLACK: Final = 1e-7
"""A budget is kept by this much, so that sums of another order do not overdraw it."""


def flatten(problem: PartitionProblem) -> ProblemArrays:
    """Flatten the problem into the types the compiled loops were made for."""
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.anchors.start))
    dependents = csr_from_pairs(problem.n_units, problem.anchors.to, tail, problem.anchors.weight)
    pairs = np.concatenate([problem.together, problem.apart]).reshape(-1, 2)
    # The land to cross to join a pair again is what makes parting it dear.
    cost = PAIR_COST * np.concatenate([pair_lengths(problem), np.full(len(problem.apart), -1.0)])
    pairs_of = csr_from_pairs(
        problem.n_units,
        np.concatenate([pairs[:, 0], pairs[:, 1]]),
        np.concatenate([pairs[:, 1], pairs[:, 0]]),
        np.concatenate([cost, cost]),
    )
    weights = problem.weights
    deviation = np.array([weights.get(name, 0.0) for name in problem.total_measures])
    return ProblemArrays(
        community_zone=problem.community_zone.astype(np.int64),
        unit_zone=problem.unit_zone.astype(np.int64),
        schools=problem.schools.astype(np.int64),
        grades=problem.grades.astype(np.int64),
        landed=problem.has_land.astype(np.int64),
        totals=np.ascontiguousarray(problem.totals, dtype=np.float64),
        locked=problem.locked.astype(np.int64),
        land_start=problem.land.start,
        land_to=problem.land.to,
        land_pull=land_pull(problem),
        anchor_start=problem.anchors.start,
        anchor_to=problem.anchors.to,
        anchor_share=problem.anchors.weight,
        dependent_start=dependents.start,
        dependent_to=dependents.to,
        dependent_share=dependents.weight,
        flow_start=problem.flows.start,
        flow_to=problem.flows.to,
        flow_students=problem.flows.weight,
        pair_start=pairs_of.start,
        pair_to=pairs_of.to,
        pair_cost=pairs_of.weight,
        schools_low=int(problem.school_bounds[0]),
        schools_high=int(problem.school_bounds[1]),
        totals_low=problem.totals_low.astype(np.float64),
        totals_high=problem.totals_high.astype(np.float64),
        total_unit=total_units(problem.totals),
        total_mean=np.maximum(problem.totals.sum(axis=1) / problem.n_communities, SMALLEST),
        required=int(problem.required_grades),
        km=np.ascontiguousarray(problem.points / KM, dtype=np.float64),
        n_today=problem.n_today,
        flow_gain=_per(problem.flow_weight, problem.flow_total),
        cut_cost=_per(problem.cut_weight, problem.n_contacts),
        diameter_cost=float(weights.get("diameter_km", 0.0)),
        deviation_cost=deviation.astype(np.float64),
        **_offices(problem),
        **_disruption(problem),
    )


def _offices(problem: PartitionProblem) -> dict[str, Any]:
    """Return the way to offices; empty arrays where it does not matter."""
    offices, weight = problem.offices, problem.weights.get("office_minutes_mean", 0.0)
    none = np.zeros((0, 0))
    return {
        "travel": none if offices is None else np.ascontiguousarray(offices.travel),
        "beyond": none if offices is None else np.ascontiguousarray(offices.beyond),
        "hosts": np.zeros(0) if offices is None else offices.hosts.astype(np.float64),
        "most_minutes": float(offices.most or 0.0) if offices else 0.0,
        "counts_offices": offices is not None,
        "office_cost": _per(weight, float(problem.schools.sum())) if offices else 0.0,
    }


def _disruption(problem: PartitionProblem) -> dict[str, Any]:
    """Return budgets and costs of what changes against today's plan."""
    weights = [problem.weights.get(name, 0.0) for name in DISRUPTIONS]
    students, schools = problem.students_today, float(problem.schools_today)
    budget = np.array([problem.budgets.get(name, np.inf) for name in DISRUPTIONS])
    # A typical school brings its students, and parts about twice its share of the pairs.
    typical = 1.0 / max(1, int((problem.schools > 0).sum()))
    origins = problem.origins
    start = np.searchsorted(origins.unit, np.arange(problem.n_units + 1))
    unit = [schools * typical, students * typical, 2 * typical, 2 * typical]
    return {
        "origin_start": start.astype(np.int64),
        "origin": origins.community.astype(np.int64),
        "origin_students": origins.students.astype(np.float64),
        "origin_schools": origins.schools.astype(np.float64),
        "students_today": max(students, SMALLEST),
        "pairs_today": problem.pairs_today,
        "budget": budget - np.where(np.isfinite(budget), BUDGET_SLACK, 0.0),
        "budget_unit": np.maximum(unit, SMALLEST),
        "counts_disruption": bool(np.isfinite(budget).any() or any(weights)),
        "disruption_cost": np.array(
            [_per(weights[0], schools), _per(weights[1], students), *map(float, weights[2:])]
        ),
    }


def total_units(totals: FloatArray) -> FloatArray:
    """Shape (n_totals,): what a typical unit that counts at all adds to each total or takes."""
    used = np.maximum(1, (totals != 0).sum(axis=1))
    units: FloatArray = np.maximum(np.abs(totals).sum(axis=1) / used, SMALLEST)
    return units


def _per(weight: float, total: float) -> float:
    """Weight of one of ``total``; 0 where there are none."""
    return float(weight / total) if total > 0 else 0.0


def land_pull(problem: PartitionProblem) -> FloatArray:
    """Shape of ``land.to``: how much the two tiles of each contact belong together.

    1, and the students that the two exchange, with each other or both with the same third school,
    in typical schools.
    """
    n = problem.n_units
    flows = problem.flows
    matrix: sp.csr_array[np.float64] = sp.csr_array((flows.weight, flows.to, flows.start), (n, n))
    tail = np.repeat(np.arange(n), np.diff(problem.land.start))
    direct = np.asarray(matrix[tail, problem.land.to]).ravel()
    both = matrix[tail].minimum(matrix[problem.land.to])
    shared: FloatArray = np.asarray(both.sum(axis=1)).ravel()
    typical = problem.flow_total / max(1, int((problem.schools > 0).sum()))
    pull: FloatArray = 1.0 + (direct + shared) / max(typical, SMALLEST)
    return pull
