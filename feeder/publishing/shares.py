"""Shares of a published plan that stand in no scorecard: of one school, and of own figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from feeder.measures.continuity import same_community
from feeder.measures.flow_variants import as_used
from feeder.network.graph import FloatArray
from feeder.planning.community_totals import totals
from feeder.publishing.published import PublishedPlan
from feeder.publishing.ranges import rate_range, share_range

Share = tuple[FloatArray, FloatArray]
"""The least and the greatest a share may be; NaN where there is none."""


def share_that_stays(published: PublishedPlan) -> Share:
    """Shape (n_schools,): how much of each school's flows stays in its community.

    NaN where a school sends nobody on, or is in no community.
    """
    plan, worlds = published.assignment, published.worlds
    home, flows = plan.school_community, as_used(plan.network)
    kept = same_community(flows, home)
    ends = [world.network.graph.flow_students for world in (worlds.least, worlds.most)]
    inside, away = (
        np.stack([totals(end[rows], flows.sender[rows], len(home)) for end in ends])
        for rows in (kept, ~kept)
    )
    low, high = rate_range(inside, away)
    return np.where(home >= 0, low, np.nan), np.where(home >= 0, high, np.nan)


def own_shares(published: PublishedPlan) -> Mapping[str, Share]:
    """Return the district's own counts, as shares of enrollment, and its rates, by name.

    Shape (n_communities + 1,): of each community, and of all of them together. Schools whose
    figures nobody knows are in no sum.
    """
    plan = published.assignment
    home, n = plan.school_community, plan.n_communities
    found = {}
    for name, (part, whole) in _students(published).items():
        known = np.isfinite(part).all(axis=0) & np.isfinite(whole).all(axis=0) & (home >= 0)
        sums = (
            np.stack([totals(end[known], home[known], n) for end in of]) for of in (part, whole)
        )
        both = (np.column_stack([one, one.sum(axis=1)]) for one in sums)
        found[name] = share_range(*both)
    return found


def _students(published: PublishedPlan) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return students and of how many, each of shape (2, n_schools): at the least and the most."""
    plan, worlds = published.assignment, published.worlds
    ids = list(plan.network.graph.school_ids)
    ends = [world.district for world in (worlds.least, worlds.most)]
    students = np.stack([end.schools["enrollment"].loc[ids].to_numpy(np.float64) for end in ends])

    def both(table: str, name: str) -> FloatArray:
        tables = [getattr(end.statistics, table)[name].loc[ids] for end in ends]
        return np.stack([one.to_numpy(np.float64) for one in tables])

    measures = plan.district.statistics
    found = {name: (both("counts", name), students) for name in map(str, measures.counts)}
    for name in map(str, measures.rates):
        if f"{name}_denominator" in measures.rates:
            whole = both("rates", f"{name}_denominator")
            found[name] = both("rates", name) * whole, whole
    return found
