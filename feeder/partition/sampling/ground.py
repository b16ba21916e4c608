"""From a problem and a plan to what the chains' loops work on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from feeder.partition.cooling import typical_flow
from feeder.partition.kernels.chains import Chain, Ground
from feeder.partition.problem import IntArray, PartitionProblem, csr_from_pairs


def make_ground(problem: PartitionProblem) -> Ground:
    """Flatten a problem into the types the chains' loops were made for."""
    n, unit = problem.n_units, typical_flow(problem)
    pairs = np.concatenate([problem.together, problem.apart]).reshape(-1, 2)
    sign = np.repeat([1.0, -1.0], [len(problem.together), len(problem.apart)])
    pairs_of = csr_from_pairs(
        n,
        np.concatenate([pairs[:, 0], pairs[:, 1]]),
        np.concatenate([pairs[:, 1], pairs[:, 0]]),
        np.concatenate([sign, sign]),
    )
    # A cut is sought within the bands; what has a floor alone is checked once it is drawn.
    band, floor = np.isfinite(problem.totals_high), ~np.isfinite(problem.totals_high)
    amounts = np.vstack([problem.totals[band], problem.schools])
    return Ground(
        community_zone=problem.community_zone.astype(np.int64),
        rank=_ranks(problem),
        amounts=np.ascontiguousarray(amounts.T, np.float64),
        low=np.append(problem.totals_low[band], problem.school_bounds[0]).astype(np.float64),
        high=np.append(problem.totals_high[band], problem.school_bounds[1]).astype(np.float64),
        seats=np.ascontiguousarray(problem.totals[floor].T, np.float64),
        fewest=problem.totals_low[floor].astype(np.float64),
        grades=problem.grades.astype(np.int64),
        required=int(problem.required_grades),
        locked=problem.locked.astype(np.int64),
        land_start=problem.land.start,
        land_from=np.repeat(np.arange(n), np.diff(problem.land.start)),
        land_to=problem.land.to,
        anchor_start=problem.anchors.start,
        anchor_to=problem.anchors.to,
        anchor_share=problem.anchors.weight,
        pair_start=pairs_of.start,
        pair_to=pairs_of.to,
        pair_sign=pairs_of.weight,
        flow_start=problem.flows.start,
        flow_to=problem.flows.to,
        flow_students=problem.flows.weight,
        flow_gain=float(problem.flow_weight / max(problem.flow_total, 1e-9) / unit),
        cut_cost=float(problem.cut_weight / max(problem.n_contacts, 1) / unit),
    )


def make_chain(ground: Ground, labels: npt.NDArray[np.int16], rng: int) -> Chain:
    """Stand a chain on a plan, with its random state.

    Everything else of the value follows from these two, so a chain goes on alike from wherever it
    was put down; where it is put down matters, since members are sorted anew.
    """
    n, k = len(ground.rank), len(ground.community_zone)
    members = np.zeros((k, n), dtype=np.int64)
    size = np.bincount(labels, minlength=k).astype(np.int64)
    for c in range(k):
        units = np.flatnonzero(labels == c)
        members[c, : len(units)] = units[np.argsort(ground.rank[units], kind="stable")]
    return Chain(
        label=labels.astype(np.int64),
        members=members,
        size=size,
        rng=np.array([rng], dtype=np.uint64),
        tally=np.zeros(3, dtype=np.int64),
        unit=_room(n),
        number=_room(n),
        near_start=_room(n + 1),
        near=_room(len(ground.land_to)),
        parent=_room(n),
        order=_room(n),
        step=_room(n),
        load=np.zeros((n, ground.amounts.shape[1])),
        cuts=_room(n),
        carrier=_room(n),
        side=_room(n),
        sorted=np.zeros(n),
    )


def _ranks(problem: PartitionProblem) -> IntArray:
    """Shape (n_units,): 0 tile, 1 leans on tiles alone, 2 leans on landless units too."""
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.anchors.start))
    late = np.zeros(problem.n_units, dtype=np.bool_)
    late[tail[~problem.has_land[problem.anchors.to]]] = True
    return np.where(problem.has_land, 0, np.where(late, 2, 1)).astype(np.int64)


def _room(size: int) -> IntArray:
    return np.zeros(size, dtype=np.int64)
