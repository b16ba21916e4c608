"""Identities carried from plan to plan: most of a community stays, and so does its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from feeder.planning.assignment import Assignment
from feeder.planning.identity import Community, completed
from feeder.planning.matching import shared_table


def carried(plan: Assignment, before: Assignment) -> Assignment:
    """Give a plan's communities the identities of those they share most students with.

    Ids stay. Communities that take none over have a number, a name and a color of their own; an
    office at a school that came elsewhere is taken back.
    """
    given = [
        replace(before.communities[at], id=one.id) if at >= 0 else Community(one.id)
        for one, at in zip(plan.communities, plan.match(before).tolist(), strict=True)
    ]
    return with_hosts_inside(plan.known_as(given))[0]


def unplaced(plan: Assignment, before: Assignment) -> tuple[Community, ...]:
    """Return the identities of a plan that :func:`carried` gives to no community of another."""
    match = set(plan.match(before).tolist())
    return tuple(one for at, one in enumerate(before.communities) if at not in match)


def with_hosts_inside(plan: Assignment) -> tuple[Assignment, tuple[Community, ...]]:
    """Take back offices at schools that are not, or no longer, of their community.

    Returns
    -------
    The plan, and the identities that named such a school; the best one is then chosen.
    """
    ids = plan.network.graph.school_ids
    home = dict(zip(ids, plan.school_community.tolist(), strict=True))
    left = tuple(
        one
        for k, one in enumerate(plan.communities)
        if one.office_school_id and home.get(one.office_school_id) != k
    )
    kept = tuple(
        replace(one, office_school_id="") if one in left else one for one in plan.communities
    )
    return replace(plan, communities=kept), left


def beside(today: Assignment, plan: Assignment) -> Assignment:
    """Return today's plan as it stands beside another, without a mix-up.

    Its communities keep the names that the district gave. One that matches a community of the plan
    has its color, and its number where it is the same community: more than half of the students
    of either are in both. All other numbers follow those of the plan.
    """
    match = today.match(plan).tolist()
    same = _same(today, plan)
    given = [
        replace(one, number=0, color="")
        if at < 0
        else replace(
            one,
            number=plan.communities[at].number if same[k, at] else 0,
            color=plan.communities[at].color,
        )
        for k, (one, at) in enumerate(zip(today.communities, match, strict=True))
    ]
    return replace(today, communities=_after(today, given, plan))


def _after(
    today: Assignment, given: Sequence[Community], plan: Assignment
) -> tuple[Community, ...]:
    most = max(one.number for one in plan.communities)
    return completed(today.ground, given, numbers=range(1, most + 1))


def _same(today: Assignment, plan: Assignment) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Shape (n_today, n_plan): whether more than half of either's students are in both."""
    students = today.ground.students
    shape = (today.n_communities, plan.n_communities)
    shared = shared_table(today.school_community, plan.school_community, students, shape)
    of_today, of_plan = (
        np.bincount(one.school_community + 1, weights=students, minlength=n + 1)[1:]
        for one, n in zip((today, plan), shape, strict=True)
    )
    return (2 * shared > of_today[:, None]) & (2 * shared > of_plan[None, :])
