"""Before any search: limits that provably cannot hold together, told with numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Final

import numpy as np
import numpy.typing as npt

from feeder.district.grades import span_label
from feeder.district.model import District
from feeder.errors import InfeasibleError
from feeder.network.graph import FeederGraph
from feeder.partition.problem import N_GRADES
from feeder.planning.apportion import apportion, zone_costs, zone_reason
from feeder.planning.budgets import must_move
from feeder.planning.translate import node_grades, node_totals
from feeder.planning.wishes import Bonds, bonds, wish_reasons
from feeder.planning.zones import Zones
from feeder.scenario import Scenario
from feeder.wording import counted, listed

IntArray = npt.NDArray[np.int64]
CLOSE: Final = 1e-9


def community_zones(
    district: District, graph: FeederGraph, scenario: Scenario, zones: Zones
) -> IntArray:
    """Check every limit against the others and share the communities among the zones.

    Returns
    -------
    Shape (n_communities,): the zone of each community, ascending.

    Raises
    ------
    InfeasibleError
        With every reason why the limits cannot hold together, and what would help.
    """
    found = bonds(district, graph, scenario)
    reasons = [
        *zones.conflicts,
        *_size_reasons(graph, scenario),
        *_grade_reasons(district, graph, scenario),
        *_campus_reasons(district, graph, scenario, found),
        *_office_reasons(district, graph, scenario),
        *_budget_reasons(district, graph, scenario),
        *wish_reasons(found, scenario, zones),
    ]
    if reasons:
        raise InfeasibleError(reasons)
    counts, cost = apportion(zone_costs(district, graph, scenario, zones), _wanted(scenario))
    if not math.isfinite(cost):
        raise InfeasibleError([zone_reason(district, graph, scenario, zones)])
    return np.repeat(np.arange(len(zones.names)), counts)


def _wanted(scenario: Scenario) -> int:
    if scenario.communities is None:
        raise ValueError("the scenario is not resolved")
    return scenario.communities


def _size_reasons(graph: FeederGraph, scenario: Scenario) -> list[str]:
    n, k = len(graph.school_ids), _wanted(scenario)
    low, high = scenario.schools
    tiles = int(graph.has_land[: graph.n_campuses].sum())
    reasons = []
    if not k * low <= n <= k * high:
        fewest, most = math.ceil(n / high), n // low
        ways = [f"Ask for {_between(fewest, most)}"] if fewest <= most else []
        if n > k * high:
            ways.append(f"let communities have up to {math.ceil(n / k)} schools")
        elif n >= k:
            ways.append(f"let communities have as few as {n // k} schools")
        reasons.append(
            f"{counted(n, 'school')} do not make {_communities(k)} of {low} to {high} schools, "
            f"which take {k * low:,} to {k * high:,}. {_way_out(ways)}"
        )
    if k > tiles:
        reasons.append(
            f"{_communities(k)} need land each, but only {counted(tiles, 'campus', 'campuses')} "
            f"{'has' if tiles == 1 else 'have'} a tile. Ask for {_communities(tiles)}"
            f"{' or fewer' if tiles > 1 else ''}."
        )
    return reasons


def _communities(number: int) -> str:
    return counted(number, "community", "communities")


def _between(fewest: int, most: int) -> str:
    return _communities(most) if fewest == most else f"{fewest} to {most} communities"


def _way_out(ways: list[str]) -> str:
    text = ", or ".join(ways) or "widen the schools per community"
    return f"{text[0].upper()}{text[1:]}."


def _grade_reasons(district: District, graph: FeederGraph, scenario: Scenario) -> list[str]:
    k, grades = _wanted(scenario), node_grades(district, graph)
    by_count: dict[int, int] = defaultdict(int)
    for grade in range(N_GRADES):
        by_count[int((grades >> grade & 1).sum())] |= 1 << grade
    return [
        _too_few_campuses(k, count, mask)
        for count, mask in sorted(by_count.items())
        if 0 < count < k
    ]


def _too_few_campuses(k: int, count: int, mask: int) -> str:
    one_grade, one_campus = mask.bit_count() == 1, count == 1
    return (
        f"{k} communities cannot all reach {'grade' if one_grade else 'grades'} "
        f"{span_label(mask)}: only {count} {'campus serves' if one_campus else 'campuses serve'} "
        f"{'it' if one_grade else 'them'}. Ask for {_communities(count)}"
        f"{'' if one_campus else ' or fewer'}."
    )


def _campus_reasons(
    district: District, graph: FeederGraph, scenario: Scenario, found: Bonds
) -> list[str]:
    """Tell campuses, alone or bound to others, that are too much for one community."""
    enrollment = node_totals(district, graph, scenario)[0]
    schools = np.bincount(graph.school_node, minlength=graph.n_nodes)
    groups = list(found.communities().values())
    bound = {node for group in groups for node in group}
    groups += [[node] for node in range(graph.n_campuses) if node not in bound]
    total = float(enrollment.sum())
    ceiling = total / _wanted(scenario) * (1 + scenario.enrollment_tolerance)
    reasons = []
    for nodes in groups:
        who = _named(graph, found, nodes)
        if enrollment[nodes].sum() > ceiling + CLOSE:
            reasons.append(_too_many_students(who, enrollment[nodes].sum(), total, scenario))
        if schools[nodes].sum() > scenario.schools[1]:
            reasons.append(
                f"{who} make {schools[nodes].sum()} schools that must share a community, over the "
                f"{scenario.schools[1]} it may have. Raise that limit, or bind fewer schools."
            )
    return reasons


def _office_reasons(district: District, graph: FeederGraph, scenario: Scenario) -> list[str]:
    """Tell that too few campuses may hold an office, where every community must reach one."""
    if scenario.max_office_minutes is None:
        return []
    capacity = district.schools["office_capacity"].reindex(list(graph.school_ids))
    may = (capacity.isna() | (capacity >= scenario.schools[0])).to_numpy()
    hosts, k = len(np.unique(graph.school_node[may])), _wanted(scenario)
    if hosts >= k:
        return []
    reason = (
        f"{_communities(k)} need an office each, but only {counted(hosts, 'campus', 'campuses')} "
        f"may hold one for {scenario.schools[0]} schools or more (office_capacity). Allow more "
        f"hosts, ask for {_communities(max(1, hosts))} or fewer, or leave max_office_minutes out."
    )
    return [reason]


def _budget_reasons(district: District, graph: FeederGraph, scenario: Scenario) -> list[str]:
    """Tell budgets under what must move: a campus never parts, though today's plan parts some."""
    needed, reasons = must_move(district, graph), []
    for name, noun in (("schools_moved", "schools"), ("students_moved", "students")):
        least = float(needed[noun])
        if scenario.budgets.get(name, least) < least:
            reasons.append(
                f"The budget allows {scenario.budgets[name]:,g} {name}, but today's plan parts "
                f"schools of one campus, and a campus never parts: at least {least:,.0f} {noun} "
                f"must move. Raise the budget to {least:,.0f} or more."
            )
    return reasons


def _named(graph: FeederGraph, found: Bonds, nodes: list[int]) -> str:
    inside = np.isin(graph.school_node, nodes)
    return listed(found.names[graph.school_ids[i]] for i in np.flatnonzero(inside))


def _too_many_students(who: str, students: float, total: float, scenario: Scenario) -> str:
    mean, tolerance = total / _wanted(scenario), scenario.enrollment_tolerance
    fits = math.floor(total * (1 + tolerance) / students + CLOSE)
    needed = math.ceil((students / mean - 1) * 100 - CLOSE) / 100
    return (
        f"{who}: {students:,.0f} students in one community, over the ceiling of "
        f"{mean * (1 + tolerance):,.0f} (the mean of {mean:,.0f} + {tolerance:.0%}). Ask for "
        f"{_communities(fits)}{' or fewer' if fits > 1 else ''}"
        f"{f', or a tolerance of {needed:g} or more' if needed < 1 else ''}."
    )
