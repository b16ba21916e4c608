"""How many communities each zone gets: what bounds allow, and the fairest share of the total."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from feeder.language import Fact, Message
from feeder.network.graph import FloatArray, IntArray
from feeder.partition.problem import N_GRADES
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.table import CONSTRAINTS
from feeder.planning.zones import Zones
from feeder.terms import SUM_SLACK
from feeder.wording import joined

OTHERS: Final = 10
"""How far from the number asked for another one is looked for that would fit."""


def apportion(cost: FloatArray, total: int) -> tuple[IntArray, float]:
    """Share ``total`` communities among zones at the least total cost.

    Parameters
    ----------
    cost
        Shape (n_zones, total + 1): cost of giving a zone that many communities; infinite where
        it may not have them.
    total
        Communities to share.

    Returns
    -------
    Shape (n_zones,): communities of each zone, and their cost (infinite where none fits).
    Exact, by dynamic programming over zones.
    """
    n_zones = len(cost)
    best = np.full((n_zones + 1, total + 1), np.inf)
    choice = np.zeros((n_zones, total + 1), dtype=np.int64)
    best[0, 0] = 0.0
    for zone in range(n_zones):
        for used in range(total + 1):
            options = best[zone, used::-1] + cost[zone, : used + 1]
            choice[zone, used] = int(np.argmin(options))
            best[zone + 1, used] = options[choice[zone, used]]
    counts = np.zeros(n_zones, dtype=np.int64)
    used = total
    for zone in range(n_zones - 1, -1, -1):
        counts[zone] = choice[zone, used]
        used -= int(counts[zone])
    return counts, float(best[n_zones, total])


def other_shares(cost: FloatArray, counts: IntArray, most: int) -> list[IntArray]:
    """Return the fairest ways to share that differ from ``counts`` by one community moved.

    Parameters
    ----------
    cost
        As for :func:`apportion`.
    counts
        Shape (n_zones,): communities of each zone.
    most
        Ways returned at most, the fairest first.
    """
    zones = range(len(counts))
    found = []
    for giver in zones:
        for taker in zones:
            other = counts.copy()
            other[giver] -= 1
            other[taker] += 1
            if giver == taker or other[giver] < 0 or other[taker] >= cost.shape[1]:
                continue
            total = float(cost[zones, other].sum())
            if np.isfinite(total):
                found.append((total, giver, taker, other))
    return [other for *_, other in sorted(found, key=lambda way: way[:3])[:most]]


def zone_costs(asked: Asked, zones: Zones) -> FloatArray:
    """How far from the mean the communities of a zone would be, by their number.

    Shape (n_zones, communities + 1). Infinite where a constraint would be broken whatever the plan:
    a zone's mean community out of the bounds of some total, too few or too many schools, too few
    campuses that serve some grade, fewer communities than locks and ``keep_apart`` place there. A
    campus that may be in several zones counts where it helps.
    """
    n = asked.n
    totals = [total for one in CONSTRAINTS for total in one.totals(asked)]
    amounts = np.stack([total.amounts for total in totals])
    low, high = (np.array([getattr(one, end) for one in totals]) for end in ("low", "high"))
    schools, enrollment = asked.schools, asked.enrollment
    bounds = asked.scenario.schools
    grades = (asked.grades[:, None] >> np.arange(N_GRADES)) & 1
    mean = enrollment.sum() / n
    least = _least(asked, zones)
    cost = np.full((len(zones.names), n + 1), np.inf)
    for zone, could in enumerate(zones.may_hold):
        sure = could & (zones.may_hold.sum(axis=0) == 1)
        serving = grades[could].sum(axis=0)[grades.any(axis=0)]
        open_to, inside = amounts[:, could & ~sure], amounts[:, sure].sum(axis=1)
        few = inside + np.minimum(open_to, 0.0).sum(axis=1)
        many = inside + np.maximum(open_to, 0.0).sum(axis=1)
        here = enrollment[zones.node_zone == zone].sum()
        for k in range(least[zone], min(serving.min(initial=n), n) + 1):
            if (
                (few <= k * high + SUM_SLACK).all()
                and (many >= k * low - SUM_SLACK).all()
                and schools[sure].sum() <= k * bounds[1]
                and schools[could].sum() >= k * bounds[0]
            ):
                cost[zone, k] = k * (here / (k * mean) - 1) ** 2 if mean > 0 else 0.0
    return cost


def zone_reason(asked: Asked, zones: Zones) -> Message:
    """Say why no apportionment exists: what each zone has room for, and what would fit."""
    scenario, costs = asked.scenario, zone_costs(asked, zones)
    rooms = []
    for zone, name in enumerate(zones.names):
        inside = zones.node_zone == zone
        fits = np.flatnonzero(np.isfinite(costs[zone])).tolist()
        room = Message("cannot.no_room")
        if fits:
            room = Message("cannot.room", {"numbers": _span(fits)})
        told: dict[str, Fact] = {
            "zone": name,
            "schools": int(asked.schools[inside].sum()),
            "students": float(asked.enrollment[inside].sum()),
            "room": room,
        }
        rooms.append(Message("cannot.zone", told))
    whole: dict[str, Fact] = {
        "communities": asked.n,
        "low": scenario.schools[0],
        "high": scenario.schools[1],
        "share": scenario.enrollment_tolerance,
        "mean": float(asked.enrollment.sum()) / asked.n,
        "column": scenario.nested_in or "",
        "zones": joined("cannot.zones", rooms),
    }
    others = _others(asked, zones)
    reason = Message("cannot.nested", whole)
    if others:
        reason = Message("cannot.nested_others", {**whole, "others": _either(others)})
    if len(set(zones.regions)) == len(zones.regions):
        return reason
    return Message("cannot.enclaves", {"told": reason, "column": scenario.nested_in or ""})


def _least(asked: Asked, zones: Zones) -> IntArray:
    """Shape (n_zones,): communities each zone has at least, by locks and groups kept apart."""
    node_of = asked.node_of
    least = np.ones(len(zones.names), dtype=np.int64)
    for group in asked.scenario.keep_apart:
        nodes = sorted({node_of[school] for school in group})
        sure = [places[0] for u in nodes if len(places := zones.that_hold([u])) == 1]
        least = np.maximum(least, np.bincount(sure, minlength=len(least)))
    locked: dict[str, list[int]] = {}
    for school, to in asked.scenario.locked.items():
        locked.setdefault(to, []).append(node_of[school])
    sure = [places[0] for group in locked.values() if len(places := zones.that_hold(group)) == 1]
    return np.maximum(least, np.bincount(sure, minlength=len(least)))


def _others(asked: Asked, zones: Zones) -> list[int]:
    """Return the next smaller and larger numbers of communities that can be apportioned."""
    found = []
    for numbers in (
        range(asked.n - 1, max(0, asked.n - OTHERS - 1), -1),
        range(asked.n + 1, asked.n + OTHERS + 1),
    ):
        for k in numbers:
            other = replace(asked, scenario=replace(asked.scenario, communities=k))
            if np.isfinite(apportion(zone_costs(other, zones), k)[1]):
                found.append(k)
                break
    return found


def _span(numbers: list[int]) -> Message:
    first, last = numbers[0], numbers[-1]
    if len(numbers) > 2 and last - first == len(numbers) - 1:  # noqa: PLR2004 - a pair is named
        return Message("cannot.span", {"first": first, "last": last})
    return _either(numbers)


def _either(numbers: list[int]) -> Message:
    return joined("cannot.or", [Message("cannot.number", {"number": one}) for one in numbers])
