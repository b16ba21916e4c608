"""Wishes for single schools: locked, kept together, kept apart; and what contradicts them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from feeder.district.model import District
from feeder.errors import InputError, Problem
from feeder.network.graph import MIN_OVERLAP, FeederGraph
from feeder.planning.zones import Zones
from feeder.scenario import Scenario
from feeder.terms import BUDGETABLE
from feeder.wording import nearest

NUMBERED: Final = ("schools_moved", "students_moved")
"""Measures that have a value only where both plans have as many communities."""
FEW: Final = 20
"""Schools that a hint may list."""
BOUND: Final = "share a campus or its land, or are kept together"


@dataclass(frozen=True, slots=True)
class Bonds:
    """Which campuses must share a community.

    Attributes
    ----------
    node_of
        The campus of each school.
    names
        The name of each school.
    group
        The group of each campus: those that share land they cannot do without, or are kept
        together.
    locked
        The community that a group is locked to, and the school that says so.
    """

    node_of: Mapping[str, int]
    names: Mapping[str, str]
    group: tuple[int, ...]
    locked: Mapping[int, tuple[str, str]]

    def of(self, school: str) -> int:
        """Return the group of a school."""
        return self.group[self.node_of[school]]

    def communities(self) -> dict[object, list[int]]:
        """Return the campuses that must share a community, where there are two or more."""
        parts: dict[object, list[int]] = {}
        for node in sorted(set(self.node_of.values())):
            group = self.group[node]
            parts.setdefault(self.locked.get(group, ("", group))[1], []).append(node)
        return {key: nodes for key, nodes in parts.items() if len(nodes) > 1}


def check_named_schools(district: District, graph: FeederGraph, scenario: Scenario) -> None:
    """Check that every school the scenario names is there, and measures it needs too.

    ``graph`` has the members of the plan: a school of choice that stays apart is not there.

    Raises
    ------
    InputError
        With every unknown id, and every limit or weight on a measure the district does not have.
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
            _unknown_school(district, key, school, known) for school in ids if school not in known
        ]
    if scenario.need_tolerance is not None and district.statistics.need is None:
        problems.append(
            Problem(
                rule="no-need",
                message="need_tolerance is set, but the district has no need figure.",
                fix="Give [measures] counts and need, or leave need_tolerance out.",
                column="need_tolerance",
            )
        )
    problems += _weightless(district, scenario)
    if problems:
        raise InputError(problems)


def _weightless(district: District, scenario: Scenario) -> list[Problem]:
    """Tell weights and budgets on measures that this district cannot have."""
    plan = district.existing_plan
    today = 0 if plan is None else plan.nunique()
    found: list[tuple[str, str, str, str]] = []
    if scenario.weights.get("need_deviation") and district.statistics.need is None:
        way_out = "Give [measures] counts and need, or leave the weight out."
        found.append(("weights", "need_deviation", "the district has no need figure", way_out))
    asked = [("weights", name) for name in BUDGETABLE if scenario.weights.get(name)]
    asked += [("budgets", name) for name in BUDGETABLE if name in scenario.budgets]
    for key, name in asked:
        if not today:
            way_out = f"Give [existing_plan], or leave the {key.removesuffix('s')} out."
            found.append((key, name, "the district has no existing plan", way_out))
        elif name in NUMBERED and today != scenario.communities:
            reason = f"today's plan has {today} communities and this one {scenario.communities}"
            found.append((key, name, reason, "Use students_separated instead."))
    return [
        Problem(
            rule=f"{key.removesuffix('s')}-without-measure",
            message=f"{name} has a {key.removesuffix('s')}, but {reason}.",
            fix=way_out,
            column=key,
            value=name,
        )
        for key, name, reason, way_out in found
    ]


def _unknown_school(district: District, key: str, school: str, known: set[str]) -> Problem:
    if school in district.schools.index:
        return Problem(
            rule="school-apart",
            message=f"{key} names {district.schools['name'][school]} ({school}), a school of "
            'choice, which choice_schools = "apart" leaves outside every community.',
            fix=f"Take it out of {key}, or let schools of choice belong by place or flow.",
            column=key,
            value=school,
        )
    return Problem(
        rule="unknown-school",
        message=f"{key} names school {school}, which is not in the plan.",
        fix=nearest(school, known) if len(known) <= FEW else _closest(school, known),
        column=key,
        value=school,
    )


def _closest(word: str, known: set[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else "Give the id as it stands in plan.csv."


def bonds(district: District, graph: FeederGraph, scenario: Scenario) -> Bonds:
    """Find which campuses must share a community."""
    node_of = dict(zip(graph.school_ids, graph.school_node.tolist(), strict=True))
    pairs = [*_on_one_tile(graph)]
    for group in scenario.keep_together:
        pairs += [(node_of[group[0]], node_of[school]) for school in group[1:]]
    a, b = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    shape = (graph.n_nodes, graph.n_nodes)
    _, label = connected_components(sp.coo_array((np.ones(len(a)), (a, b)), shape=shape))
    group_of = tuple(label.tolist())
    locked: dict[int, tuple[str, str]] = {}
    for school, to in sorted(scenario.locked.items()):
        locked.setdefault(group_of[node_of[school]], (school, to))
    names = {str(school): str(name) for school, name in district.schools["name"].items()}
    return Bonds(node_of, names, group_of, locked)


def _on_one_tile(graph: FeederGraph) -> Iterator[tuple[int, int]]:
    """Yield landless campuses with the one node they cannot do without."""
    anchor = ~graph.is_land_contact
    a, b, share = graph.contact_a[anchor], graph.contact_b[anchor], graph.contact_share[anchor]
    held = np.bincount(a, weights=share, minlength=graph.n_nodes)
    needed = held[a] - share < MIN_OVERLAP - 1e-9
    yield from zip(a[needed].tolist(), b[needed].tolist(), strict=True)


def wish_reasons(found: Bonds, scenario: Scenario, zones: Zones) -> list[str]:
    """Tell contradictions among locks and schools to keep together or apart."""
    return [
        *_lock_reasons(found, scenario),
        *_apart_reasons(found, scenario),
        *_zone_reasons(found, scenario, zones),
    ]


def _lock_reasons(found: Bonds, scenario: Scenario) -> Iterator[str]:
    for school, to in sorted(scenario.locked.items()):
        other, where = found.locked[found.of(school)]
        if where != to:
            yield (
                f"{found.names[school]} is locked to {to} and {found.names[other]} to {where}, yet "
                f"they {BOUND}. Lock them to one community, or drop what binds them."
            )
    named = sorted(set(scenario.locked.values()))
    if len(named) > (scenario.communities or 0):
        yield (
            f"Locks name {len(named)} communities ({', '.join(named[:8])}"
            f"{', ...' if len(named) > 8 else ''}), but the plan has {scenario.communities}. "  # noqa: PLR2004 - a line's worth
            f"Ask for {len(named)} communities or lock to fewer."
        )


def _apart_reasons(found: Bonds, scenario: Scenario) -> Iterator[str]:
    for group in scenario.keep_apart:
        for a, b in combinations(group, 2):
            one, other = found.of(a), found.of(b)
            here, there = found.locked.get(one), found.locked.get(other)
            if one == other:
                yield (
                    f"{found.names[a]} and {found.names[b]} are to be kept apart, yet they "
                    f"{BOUND}. Drop one of the wishes."
                )
            elif here and there and here[1] == there[1]:
                yield (
                    f"{found.names[a]} and {found.names[b]} are to be kept apart, yet both are "
                    f"locked to {here[1]}. Drop one of the wishes."
                )
        if len(group) > (scenario.communities or 0):
            names = ", ".join(found.names[school] for school in group[:5])
            yield (
                f"{len(group)} schools are to be kept apart in {scenario.communities} communities: "
                f"{names}{', ...' if len(group) > 5 else ''}. Shorten the list."  # noqa: PLR2004 - a line's worth
            )


def _zone_reasons(found: Bonds, scenario: Scenario, zones: Zones) -> Iterator[str]:
    """Tell schools that must share a community but lie in different zones."""
    lead: dict[int, str] = {}
    for school, node in found.node_of.items():
        lead.setdefault(node, school)
    for nodes in found.communities().values():
        placed = [node for node in nodes if zones.that_hold([node])]
        if zones.that_hold(placed):
            continue
        where = {zones.names[zones.node_zone[node]]: lead[node] for node in placed}
        places = ", ".join(f"{found.names[s]} in {zone}" for zone, s in sorted(where.items()))
        yield (
            f"Schools that must share a community lie in different parts of {scenario.nested_in}: "
            f"{places}. Drop the wish, or plan without nesting."
        )
