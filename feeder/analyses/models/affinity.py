"""Affinity: schools grouped by what they are like, not where: what strangers across a city cost."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from feeder.analyses.models.model_input import EXACT, ModelInput, ModelPlan
from feeder.district.model import K12_MASK
from feeder.language import Message
from feeder.network.graph import FloatArray, IntArray

ROUNDS: Final = 100
"""Rounds after which grouping stops where it has not settled by itself."""


def affinity(inputs: ModelInput) -> ModelPlan | Message:
    """Group campuses by need per pupil and by results, in equal numbers, wherever they are.

    Figures are standardized over the schools, unknown ones stand in the middle; a campus is the
    mean of its schools. Where a district has no measures: by the levels it serves and its size.
    Every campus is a member by its figures, also one of choice, but for those that stay apart.
    """
    graph = inputs.network.graph
    figures, by_need = _figures(inputs)
    member = np.flatnonzero(~graph.is_apart[: graph.n_campuses])
    size = np.bincount(graph.school_node, minlength=graph.n_campuses)
    like = inputs.campus_sums(figures)[member] / size[member, None]
    number = min(inputs.scenario.communities or 1, len(member))
    campus = np.full(graph.n_campuses, -1, dtype=np.int64)
    campus[member] = equal_groups(like, number, seed=inputs.scenario.seed)
    note = Message("model.note.affinity_need" if by_need else "model.note.affinity_levels")
    return ModelPlan(assignment=inputs.plan(inputs.settled(campus)), notes=(note,))


def equal_groups(points: FloatArray, number: int, *, seed: int) -> IntArray:
    """Group points around centers in groups whose sizes differ by one at most.

    Balanced k-means (Malinen and Fränti 2014): each round gives the points to the places at the
    centers at the least total of squared distances, exactly (Kuhn 1955); then centers move to the
    means. Centers start by k-means++ (Arthur and Vassilvitskii 2007; scikit-learn).

    Parameters
    ----------
    points
        Shape (n, n_figures).
    number
        Groups, at most n.
    seed
        Of the first centers.

    Returns
    -------
    Shape (n,): group of each point.
    """
    from sklearn.cluster import kmeans_plusplus

    centers, _ = kmeans_plusplus(points, number, random_state=seed)
    place = np.arange(len(points)) % number
    group = np.full(len(points), -1, dtype=np.int64)
    for _ in range(ROUNDS):
        cost = np.round(cdist(points, centers, "sqeuclidean"), EXACT)
        rows, at = linear_sum_assignment(cost[:, place])
        found = np.empty(len(points), dtype=np.int64)
        found[rows] = place[at]
        if (found == group).all():
            break
        group = found
        centers = np.stack([points[group == k].mean(axis=0) for k in range(number)])
    return group


def _figures(inputs: ModelInput) -> tuple[FloatArray, bool]:
    """Shape (n_schools, n_figures): standardized figures, and whether they tell need or results."""
    schools, measures = inputs.schools, inputs.district.statistics
    columns: dict[str, pd.Series[float]] = {}
    if measures.need is not None:
        pupils = schools["enrollment"].where(schools["enrollment"] > 0)
        columns["need"] = measures.need.reindex(schools.index) / pupils
    for name in measures.rates:
        if f"{name}_denominator" in measures.rates:
            columns[f"rate {name}"] = measures.rates[name].reindex(schools.index)
    for name in measures.ratings:
        columns[f"rating {name}"] = measures.ratings[name].reindex(schools.index)
    known = pd.DataFrame(columns, index=schools.index).astype(float)
    told = bool(known.notna().any(axis=None))
    if not told:
        grades = schools["grades"].to_numpy(np.int64) & K12_MASK
        spans = {"elementary": range(6), "middle": range(6, 9), "high": range(9, 13)}
        for level, span in spans.items():
            known[level] = sum((grades >> grade & 1) / len(span) for grade in span)
        known["enrollment"] = schools["enrollment"].astype(float)
    spread = known.std(ddof=0)
    standard = (known - known.mean()) / spread.where(spread > 0, 1.0)
    return standard.fillna(0.0).to_numpy(np.float64), told
