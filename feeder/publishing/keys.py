"""Which communities of two plans are the same to a reader who switches between them."""

from __future__ import annotations

from itertools import count

import numpy as np

from feeder.measures.disruption import relabelling
from feeder.planning import Assignment


def keys_beside(plan: Assignment, today: Assignment) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the numbers of a plan's communities, and of today's that are the same.

    As in the measures of disruption, most schools, then most students, keep their community. Where
    the numbers of communities differ, so that nothing is counted as moved, those of one name are
    the same first. A community of today that shares no school with its match is one of its own.
    """
    schools = plan.district.schools.loc[list(plan.network.graph.school_ids)]
    enrollment = schools["enrollment"].to_numpy(np.float64)
    both = (plan.school_community >= 0) & (today.school_community >= 0)
    here, there = plan.school_community[both], today.school_community[both]
    met = set(zip(here.tolist(), there.tolist(), strict=True))
    same: dict[int, int] = {}
    if plan.n_communities != today.n_communities:
        own = {name: k for k, name in enumerate(plan.community_names)}
        named = ((own[name], k) for k, name in enumerate(today.community_names) if name in own)
        same = {k: community for community, k in named if (community, k) in met}
    left = ~np.isin(here, list(same.values())) & ~np.isin(there, list(same))
    if left.any():
        match = relabelling(here[left], there[left], enrollment[both][left]).tolist()
        same |= {k: community for community, k in enumerate(match) if (community, k) in met}
    new = count(plan.n_communities + 1)
    numbers = (same[k] + 1 if k in same else next(new) for k in range(today.n_communities))
    return tuple(range(1, plan.n_communities + 1)), tuple(numbers)
