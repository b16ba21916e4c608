"""Where the office of each community stands, and how far its schools have to go.

The office of a community stands at one of its schools, the *host*. Minutes run from a school to
the host of its community; those of the host itself are 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from feeder.language import Message
from feeder.measures.grouping import Grouping
from feeder.measures.inputs import MeasureInputs
from feeder.measures.scorecard import Value
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.travel import Travel
from feeder.terms import SLACK


@dataclass(frozen=True, slots=True, eq=False)
class Hosts:
    """The host of each community.

    Attributes
    ----------
    host
        Shape (n_communities,): school at which the office stands; -1 where no member may hold
        it, or there is no member.
    minutes
        Shape (n_schools,): minutes from each school to its host; NaN where it has none.
    """

    host: IntArray
    minutes: FloatArray


def choose_hosts(
    travel: Travel,
    community: IntArray,
    n: int,
    *,
    capacity: FloatArray,
    weights: FloatArray | None = None,
    most: float | None = None,
    wanted: IntArray | None = None,
) -> Hosts:
    """Choose the host of each community; every other choice is worse, or as good and later.

    A member that is wanted is host. Else a school may be host where it can serve as many schools as
    the community has; the best is that with the fewest minutes beyond ``most``, summed over the
    members; then with the fewest minutes from the members; then the first. The whole choice is
    looked through.

    Parameters
    ----------
    travel
        Minutes between places, the schools first
        (:class:`~feeder.network.travel.StreetTravel` makes it of a matrix).
    community
        Shape (n_schools,): community of each school, the schools in the order of their ids; -1
        is none.
    n
        Number of communities.
    capacity
        Shape (n_schools,): schools that an office there can serve; NaN is any number.
    weights
        Shape (n_schools,): how much the minutes of each school count; None counts each once.
    most
        Minutes that no school should have to go beyond; None where there is no such limit.
    wanted
        Shape (n_communities,): the school that is to be host of each; -1 for the best.
    """
    host = np.full(n, -1, dtype=np.int64)
    minutes = np.full(len(community), np.nan)
    weights = np.ones(len(community)) if weights is None else weights
    for one in range(n):
        members = np.flatnonzero(community == one)
        allowed = members[~(capacity[members] < len(members))]
        if wanted is not None and wanted[one] in members:
            allowed = wanted[one : one + 1]
        if not len(allowed):
            continue
        away = travel.minutes(members, allowed)
        best = np.arange(len(allowed))
        if most is not None:
            best = best[_least(np.maximum(away - most, 0.0).sum(axis=0))]
        best = best[_least(weights[members] @ away[:, best])]
        host[one] = allowed[best[0]]
        minutes[members] = away[:, best[0]]
    return Hosts(host, minutes)


def office_minutes(hosts: Hosts, grouping: Grouping) -> dict[str, Value]:
    """Return the mean and the longest way to the office, over the schools of all communities.

    Parameters
    ----------
    hosts
        The hosts of the grouping.
    grouping
        Who belongs where.
    """
    placed = grouping.school >= 0
    missing = None
    if not placed.any():
        missing = Message("missing.no_school")
    elif np.isnan(hosts.minutes[placed]).any():
        without = np.unique(grouping.school[placed & np.isnan(hosts.minutes)])
        missing = Message(
            "missing.no_host", {"communities": tuple(grouping.ids[one] for one in without)}
        )
    if missing is not None:
        return dict.fromkeys(("office_minutes_mean", "office_minutes_max"), Value(None, missing))
    total, schools = float(hosts.minutes[placed].sum()), int(placed.sum())
    return {
        "office_minutes_mean": Value(total / schools, numerator=total, denominator=schools),
        "office_minutes_max": Value(float(hosts.minutes[placed].max())),
    }


def hosts_of(inputs: MeasureInputs, grouping: Grouping, most: float | None) -> Hosts:
    """Choose the host of each community of a grouping by the district's own capacities.

    ``most`` are the minutes that no school should have to go beyond, if there is such a limit.
    """
    capacity = inputs.schools["office_capacity"].to_numpy(np.float64)
    return choose_hosts(
        inputs.travel,
        grouping.school,
        grouping.n,
        capacity=capacity,
        most=most,
        wanted=grouping.host,
    )


def office_columns(inputs: MeasureInputs, grouping: Grouping, hosts: Hosts) -> dict[str, object]:
    """Return, one entry a community, the host's name and the minutes of its schools to it."""
    names = inputs.schools["name"].to_numpy()
    by_community = pd.Series(hosts.minutes).groupby(grouping.school)
    order = range(grouping.n)
    return {
        "office": ["" if one < 0 else names[one] for one in hosts.host],
        "office_minutes_mean": by_community.mean().reindex(order).to_numpy(),
        "office_minutes_max": by_community.max().reindex(order).to_numpy(),
    }


def _least(values: FloatArray) -> BoolArray:
    """Whether each value is the least, but for rounding."""
    least = values.min()
    return np.asarray(values <= least + SLACK * max(least, 1.0), dtype=np.bool_)
