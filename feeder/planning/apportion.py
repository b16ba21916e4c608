"""How many communities each zone gets: what limits allow, and the fairest share of the total."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from feeder.district.model import District
from feeder.network.graph import FeederGraph
from feeder.partition.problem import N_GRADES
from feeder.planning.translate import node_grades, node_totals, tolerances
from feeder.planning.zones import Zones
from feeder.scenario import Scenario

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
CLOSE: Final = 1e-9
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


def zone_costs(
    district: District, graph: FeederGraph, scenario: Scenario, zones: Zones
) -> FloatArray:
    """How far from the mean the communities of a zone would be, by their number.

    Shape (n_zones, communities + 1). Infinite where a limit would be broken whatever the plan: a
    zone's mean community out of the enrollment or need band, too few or too many schools, too few
    campuses that serve some grade, fewer communities than locks and ``keep_apart`` place there. A
    campus that may be in several zones counts where it helps.
    """
    total = scenario.communities or 0
    totals = node_totals(district, graph, scenario)
    tolerance = tolerances(scenario)[: len(totals)]
    schools = np.bincount(graph.school_node, minlength=graph.n_nodes)
    grades = (node_grades(district, graph)[:, None] >> np.arange(N_GRADES)) & 1
    mean = totals.sum(axis=1) / total
    least = _least(graph, scenario, zones)
    cost = np.full((len(zones.names), total + 1), np.inf)
    for zone, could in enumerate(zones.may_hold):
        sure = could & (zones.may_hold.sum(axis=0) == 1)
        serving = grades[could].sum(axis=0)[grades.any(axis=0)]
        few, many = totals[:, sure].sum(axis=1), totals[:, could].sum(axis=1)
        here = totals[0, zones.node_zone == zone].sum()
        for k in range(least[zone], min(serving.min(initial=total), total) + 1):
            if (
                (few <= k * mean * (1 + tolerance) + CLOSE).all()
                and (many >= k * mean * (1 - tolerance) - CLOSE).all()
                and schools[sure].sum() <= k * scenario.schools[1]
                and schools[could].sum() >= k * scenario.schools[0]
            ):
                cost[zone, k] = k * (here / (k * mean[0]) - 1) ** 2 if mean[0] > 0 else 0.0
    return cost


def zone_reason(district: District, graph: FeederGraph, scenario: Scenario, zones: Zones) -> str:
    """Say why no apportionment exists: what each zone has room for, and what would fit."""
    total = scenario.communities or 0
    costs = zone_costs(district, graph, scenario, zones)
    enrollment = node_totals(district, graph, scenario)[0]
    schools = np.bincount(graph.school_node, minlength=graph.n_nodes)
    mean = enrollment.sum() / total
    lines = []
    for zone, name in enumerate(zones.names):
        inside = zones.node_zone == zone
        fits = np.flatnonzero(np.isfinite(costs[zone]))
        room = f"{_span(fits)} of them" if len(fits) else "no number of them"
        lines.append(
            f"{name} with {schools[inside].sum()} schools and {enrollment[inside].sum():,.0f} "
            f"students has room for {room}"
        )
    others = _others(district, graph, scenario, zones)
    way_out = f"{' or '.join(map(str, others))} communities would fit. " if others else ""
    return (
        f"{total} communities of {scenario.schools[0]} to {scenario.schools[1]} schools, within "
        f"{scenario.enrollment_tolerance:.0%} of the mean enrollment of {mean:,.0f} and with every "
        f"grade, cannot be nested in {scenario.nested_in}: {'; '.join(lines)}. {way_out}"
        "A wider tolerance, wider schools per community or no nesting may help."
    )


def _least(graph: FeederGraph, scenario: Scenario, zones: Zones) -> IntArray:
    """Shape (n_zones,): communities each zone has at least, by its wishes."""
    node_of = dict(zip(graph.school_ids, graph.school_node.tolist(), strict=True))
    least = np.ones(len(zones.names), dtype=np.int64)
    for group in scenario.keep_apart:
        nodes = sorted({node_of[school] for school in group})
        sure = [places[0] for u in nodes if len(places := zones.that_hold([u])) == 1]
        least = np.maximum(least, np.bincount(sure, minlength=len(least)))
    locked: dict[str, list[int]] = {}
    for school, to in scenario.locked.items():
        locked.setdefault(to, []).append(node_of[school])
    sure = [places[0] for group in locked.values() if len(places := zones.that_hold(group)) == 1]
    return np.maximum(least, np.bincount(sure, minlength=len(least)))


def _others(district: District, graph: FeederGraph, scenario: Scenario, zones: Zones) -> list[int]:
    """Return the next smaller and larger numbers of communities that can be apportioned."""
    total = scenario.communities or 0
    found = []
    for numbers in (
        range(total - 1, max(0, total - OTHERS - 1), -1),
        range(total + 1, total + OTHERS + 1),
    ):
        for k in numbers:
            costs = zone_costs(district, graph, replace(scenario, communities=k), zones)
            if np.isfinite(apportion(costs, k)[1]):
                found.append(k)
                break
    return found


def _span(numbers: IntArray) -> str:
    whole = len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1  # noqa: PLR2004 - a pair is named
    return f"{numbers[0]} to {numbers[-1]}" if whole else " or ".join(map(str, numbers))
