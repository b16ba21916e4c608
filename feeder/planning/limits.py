"""Before any search: limits that provably cannot hold together, told with numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from feeder.district.model import District
from feeder.errors import InfeasibleError, InputError, Problem
from feeder.network.graph import FeederGraph
from feeder.planning.translate import node_grades, node_totals
from feeder.planning.zones import Zones, apportion
from feeder.scenario import Scenario, nearest

IntArray = npt.NDArray[np.int64]
GRADE_NAMES = ("K", *(str(grade) for grade in range(1, 13)))
CLOSE = 1e-9


def check_named_schools(district: District, graph: FeederGraph, scenario: Scenario) -> None:
    """Check that every school the scenario names is there, and measures it needs too.

    Raises
    ------
    InputError
        With every unknown id, and where need is bounded but the district gives none.
    """
    problems = []
    named = {
        "keep_together": [school for group in scenario.keep_together for school in group],
        "keep_apart": [school for group in scenario.keep_apart for school in group],
        "locked": sorted(scenario.locked),
    }
    known = set(graph.school_ids)
    for key, ids in named.items():
        problems += [
            Problem(
                rule="unknown-school",
                message=f"{key} names school {school}, which is not in the plan.",
                fix=nearest(school, known) if len(known) <= 20 else _closest(school, known),  # noqa: PLR2004 - few enough to list
                column=key,
                value=school,
            )
            for school in ids
            if school not in known
        ]
    if scenario.need_tolerance is not None and district.measures.need is None:
        problems.append(
            Problem(
                rule="no-need",
                message="need_tolerance is set, but the district has no need figure.",
                fix="Give [measures] counts and need, or leave need_tolerance out.",
                column="need_tolerance",
            )
        )
    if scenario.choice_schools != "place":
        problems.append(
            Problem(
                rule="choice-schools",
                message=f"choice_schools = {scenario.choice_schools!r} is not available yet.",
                fix='Use choice_schools = "place": schools of choice belong where they lie.',
                column="choice_schools",
            )
        )
    if problems:
        raise InputError(problems)


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
    reasons = [
        *zones.conflicts,
        *_size_reasons(graph, scenario),
        *_grade_reasons(district, graph, scenario),
        *_large_campus_reasons(district, graph, scenario),
        *_tie_reasons(district, graph, scenario, zones),
    ]
    if reasons:
        raise InfeasibleError(reasons)
    counts, cost = apportion(_zone_costs(district, graph, scenario, zones), _wanted(scenario))
    if not math.isfinite(cost):
        raise InfeasibleError(_zone_reasons(district, graph, scenario, zones))
    return np.repeat(np.arange(len(zones.names)), counts)


def _wanted(scenario: Scenario) -> int:
    if scenario.communities is None:
        raise ValueError("the scenario is not resolved")
    return scenario.communities


def _size_reasons(graph: FeederGraph, scenario: Scenario) -> list[str]:
    n, k = len(graph.school_ids), _wanted(scenario)
    low, high = scenario.schools
    if k * low <= n <= k * high:
        return []
    fewest, most = math.ceil(n / high), n // low
    way_out = (
        f"Ask for {fewest} communities"
        if fewest == most
        else f"Ask for {fewest} to {most} communities"
        if fewest < most
        else "Widen the schools per community"
    )
    least = math.ceil(n / k) if n > k * high else n // k
    bound = f"up to {least}" if n > k * high else f"as few as {least}"
    reason = (
        f"{n} schools do not make {k} communities of {low} to {high} schools, which take "
        f"{k * low} to {k * high}. {way_out}, or let communities have {bound} schools."
    )
    return [reason]


def _grade_reasons(district: District, graph: FeederGraph, scenario: Scenario) -> list[str]:
    k, grades = _wanted(scenario), node_grades(district, graph)
    serving = [(grades >> g & 1).sum() for g in range(len(GRADE_NAMES))]
    by_count: dict[int, list[int]] = defaultdict(list)
    for grade, count in enumerate(serving):
        if 0 < count < k:
            by_count[int(count)].append(grade)
    return [
        f"{k} communities cannot all reach {_grades(found)}: only {count} "
        f"{'campus serves' if count == 1 else 'campuses serve'} "
        f"{'it' if len(found) == 1 else 'them'}. "
        f"Ask for {count} communities or fewer."
        for count, found in sorted(by_count.items())
    ]


def _grades(grades: list[int]) -> str:
    names = [GRADE_NAMES[grade] for grade in grades]
    return f"grade {names[0]}" if len(names) == 1 else f"grades {', '.join(names)}"


def _large_campus_reasons(district: District, graph: FeederGraph, scenario: Scenario) -> list[str]:
    enrollment = node_totals(district, graph, scenario)[0]
    k, tolerance = _wanted(scenario), scenario.enrollment_tolerance
    mean = enrollment.sum() / k
    ceiling = mean * (1 + tolerance)
    reasons = []
    for node in np.flatnonzero(enrollment > ceiling + CLOSE):
        fits = math.floor(enrollment.sum() * (1 + tolerance) / enrollment[node])
        needed = enrollment[node] / mean - 1
        reasons.append(
            f"{_school(district, graph, int(node))} has {enrollment[node]:,.0f} students, over the "
            f"ceiling of {ceiling:,.0f} a community (mean {mean:,.0f} + {tolerance:.0%}). Ask for "
            f"{fits} communities or fewer, or a tolerance of {math.ceil(needed * 100) / 100:g} "
            "or more."
        )
    schools = np.bincount(graph.school_node, minlength=graph.n_nodes)
    reasons += [
        f"{schools[node]} schools share the campus of {_school(district, graph, int(node))}, over "
        f"the {scenario.schools[1]} schools a community may have. Raise that limit."
        for node in np.flatnonzero(schools > scenario.schools[1])
    ]
    return reasons


def _school(district: District, graph: FeederGraph, node: int) -> str:
    school = graph.node_ids[node]
    return str(district.schools["name"].get(school, school))


def _tie_reasons(
    district: District, graph: FeederGraph, scenario: Scenario, zones: Zones
) -> list[str]:
    """Contradictions among locks and schools to keep together or apart."""
    node_of = dict(zip(graph.school_ids, graph.school_node.tolist(), strict=True))
    names = {str(s): str(name) for s, name in district.schools["name"].items()}
    groups = _joined_nodes(scenario, node_of)
    community: dict[int, tuple[str, str]] = {}
    reasons: list[str] = []
    for school, to in sorted(scenario.locked.items()):
        group = groups.get(node_of[school], node_of[school])
        other, where = community.setdefault(group, (school, to))
        if where != to:
            reasons.append(
                f"{names[school]} is locked to {to} and {names[other]} to {where}, yet they share "
                "a campus or are kept together. Lock them to one community, or part the group."
            )
    for group in scenario.keep_apart:
        reasons += _apart_reasons(group, node_of, groups, community, names)
        if len(group) > _wanted(scenario):
            reasons.append(
                f"{len(group)} schools are to be kept apart in {_wanted(scenario)} communities: "
                f"{', '.join(str(names[s]) for s in group[:5])}. Shorten the list."
            )
    locked_to = sorted({to for _, to in community.values()})
    if len(locked_to) > _wanted(scenario):
        reasons.append(
            f"Locks name {len(locked_to)} communities ({', '.join(locked_to[:8])}), but the plan "
            f"has {_wanted(scenario)}. Ask for {len(locked_to)} communities or lock to fewer."
        )
    return reasons + _zone_tie_reasons(scenario, node_of, groups, zones, names)


def _joined_nodes(scenario: Scenario, node_of: dict[str, int]) -> dict[int, int]:
    """Map each node that is kept together with others to the first node of its group."""
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    for group in scenario.keep_together:
        nodes = [node_of[school] for school in group]
        graph.add_nodes_from(nodes)
        graph.add_edges_from(pairwise(nodes))
    return {node: min(part) for part in nx.connected_components(graph) for node in part}


def _apart_reasons(
    group: tuple[str, ...],
    node_of: dict[str, int],
    groups: dict[int, int],
    community: dict[int, tuple[str, str]],
    names: dict[str, str],
) -> Iterable[str]:
    homes = [groups.get(node_of[s], node_of[s]) for s in group]
    for i, a in enumerate(group):
        for b, home in zip(group[i + 1 :], homes[i + 1 :], strict=True):
            if homes[i] == home:
                yield (
                    f"{names[a]} and {names[b]} are to be kept apart, yet they share a campus "
                    "or are kept together. Drop one of the two wishes."
                )
            elif (
                homes[i] in community
                and home in community
                and community[homes[i]][1] == community[home][1]
            ):
                yield (
                    f"{names[a]} and {names[b]} are to be kept apart, yet both are locked to "
                    f"{community[home][1]}. Drop one of the wishes."
                )


def _zone_tie_reasons(
    scenario: Scenario,
    node_of: dict[str, int],
    groups: dict[int, int],
    zones: Zones,
    names: dict[str, str],
) -> list[str]:
    """Schools that must share a community but lie in different zones."""
    bound: dict[object, list[str]] = defaultdict(list)
    for school, to in sorted(scenario.locked.items()):
        bound[to].append(school)
    for group in scenario.keep_together:
        bound[groups[node_of[group[0]]]] += group
    reasons = []
    for schools in bound.values():
        where = {zones.names[zones.node_zone[node_of[school]]]: school for school in schools}
        if len(where) > 1:
            places = ", ".join(f"{names[s]} in {zone}" for zone, s in sorted(where.items()))
            reasons.append(
                f"Schools that must share a community lie in different parts of "
                f"{scenario.nested_in}: {places}. Drop the wish, or plan without nesting."
            )
    return reasons


def _zone_costs(
    district: District, graph: FeederGraph, scenario: Scenario, zones: Zones
) -> npt.NDArray[np.float64]:
    """Shape (n_zones, communities + 1): how far a zone's communities would be from the mean.

    Infinite where a limit would be broken whatever the plan: a zone's mean community out of the
    enrolment band, too few or too many schools, or too few campuses that serve some grade.
    """
    total = _wanted(scenario)
    enrollment = node_totals(district, graph, scenario)[0]
    schools = np.bincount(graph.school_node, minlength=graph.n_nodes)
    grades = node_grades(district, graph)
    required = [g for g in range(len(GRADE_NAMES)) if (grades >> g & 1).any()]
    mean = enrollment.sum() / total
    cost = np.full((len(zones.names), total + 1), np.inf)
    locked = _locked_zones(graph, scenario, zones)
    for zone in range(len(zones.names)):
        inside = zones.node_zone == zone
        most = min([int((grades[inside] >> g & 1).sum()) for g in required], default=total)
        for k in range(max(1, locked[zone]), min(most, total) + 1):
            share = enrollment[inside].sum() / (k * mean) - 1 if mean > 0 else 0.0
            size = schools[inside].sum() / k
            if (
                abs(share) <= scenario.enrollment_tolerance + CLOSE
                and scenario.schools[0] <= size <= scenario.schools[1]
            ):
                cost[zone, k] = k * share**2
    return cost


def _locked_zones(graph: FeederGraph, scenario: Scenario, zones: Zones) -> IntArray:
    """Shape (n_zones,): communities that locks already place in each zone."""
    node_of = dict(zip(graph.school_ids, graph.school_node.tolist(), strict=True))
    places = {to: zones.node_zone[node_of[school]] for school, to in scenario.locked.items()}
    return np.bincount(
        np.array(sorted(places.values()), dtype=np.int64), minlength=len(zones.names)
    )


def _zone_reasons(
    district: District, graph: FeederGraph, scenario: Scenario, zones: Zones
) -> list[str]:
    """Why no apportionment exists: zones that fit no number of communities, or their sum."""
    costs = _zone_costs(district, graph, scenario, zones)
    enrollment = node_totals(district, graph, scenario)[0]
    schools = np.bincount(graph.school_node, minlength=graph.n_nodes)
    total = _wanted(scenario)
    mean = enrollment.sum() / total
    lines = []
    for zone, name in enumerate(zones.names):
        inside = zones.node_zone == zone
        size, students = int(schools[inside].sum()), enrollment[inside].sum()
        fits = np.flatnonzero(np.isfinite(costs[zone]))
        room = ", ".join(str(k) for k in fits) if len(fits) else "no number"
        lines.append(
            f"{name or 'the district'}: {size} schools, {students:,.0f} students "
            f"({students / mean:.2f} times the mean community), fits {room} of communities"
        )
    return [
        f"{total} communities of {scenario.schools[0]} to {scenario.schools[1]} schools within "
        f"{scenario.enrollment_tolerance:.0%} of the mean enrolment cannot be nested in "
        f"{scenario.nested_in or 'the district'}, with every grade in each. "
        + "; ".join(lines)
        + ". Another number of communities, a wider tolerance, wider schools per community or no "
        "nesting would help."
    ]


def _closest(word: str, known: set[str]) -> str:
    import difflib

    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else "Give the id as it stands in plan.csv."
