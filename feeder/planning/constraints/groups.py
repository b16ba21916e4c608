"""Single schools that are locked to a community, kept together, or kept apart.

``locked``, ``keep_together`` and ``keep_apart``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any, Final

import numpy as np

from feeder.errors import Problem
from feeder.language import Message
from feeder.network.graph import IntArray
from feeder.network.model import Network
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.contract import Constraint
from feeder.planning.constraints.judged import (
    ConstraintResult,
    Judged,
    Violation,
    of_the_plan,
    result,
)
from feeder.planning.zones import Zones
from feeder.wording import nearest

FEW: Final = 20
"""Schools that a hint may list."""


class KeepTogether(Constraint):
    """Groups that share one community."""

    def problems(self, asked: Asked) -> Iterator[Problem]:
        """Tell schools that are not there."""
        yield from _unknown(asked, "keep_together", _ids(asked.scenario.keep_together))

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give neighbours in each group as pairs."""
        del network
        groups = _nodes(asked.scenario.keep_together, asked)
        return {"together": _pairs(pair for nodes in groups for pair in pairwise(nodes))}

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find groups in several communities."""
        if plan.scenario.keep_together:
            yield result("keep_together", _parted(plan))

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the groups as places of schools."""
        return {"keep_together": _places(plan, plan.scenario.keep_together)}


class KeepApart(Constraint):
    """Groups of which no two share a community."""

    def problems(self, asked: Asked) -> Iterator[Problem]:
        """Tell schools that are not there."""
        yield from _unknown(asked, "keep_apart", _ids(asked.scenario.keep_apart))

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell schools to keep apart that must share a community, and groups that are too many."""
        del zones
        shared = asked.shared()
        for group in asked.scenario.keep_apart:
            for a, b in combinations(group, 2):
                one, other = shared.of(a), shared.of(b)
                here, there = shared.locked.get(one), shared.locked.get(other)
                both = {"one": shared.names[a], "other": shared.names[b]}
                if one == other:
                    yield Message("cannot.apart_bound", both)
                elif here and there and here[1] == there[1]:
                    yield Message("cannot.apart_locked", {**both, "to": here[1]})
            if len(group) > asked.n:
                names = _some([shared.names[school] for school in group], 5)
                size = {"number": len(group), "communities": asked.n}
                yield Message("cannot.apart", {**size, "schools": names})

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give every two of a group as a pair."""
        del network
        groups = _nodes(asked.scenario.keep_apart, asked)
        return {"apart": _pairs(pair for nodes in groups for pair in combinations(nodes, 2))}

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find communities with several schools of a group."""
        if plan.scenario.keep_apart:
            yield result("keep_apart", _joined(plan))

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the groups as places of schools."""
        return {"keep_apart": _places(plan, plan.scenario.keep_apart)}


class Locked(Constraint):
    """Schools in the community they are locked to."""

    def problems(self, asked: Asked) -> Iterator[Problem]:
        """Tell schools that are not there."""
        yield from _unknown(asked, "locked", sorted(asked.scenario.locked))

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell locks that contradict one another, and locks to too many communities."""
        del zones
        shared, locked = asked.shared(), asked.scenario.locked
        for school, to in sorted(locked.items()):
            other, where = shared.locked[shared.of(school)]
            if where != to:
                both = {"one": shared.names[school], "other": shared.names[other]}
                yield Message("cannot.locked", {**both, "to": to, "where": where})
        named = sorted(set(locked.values()))
        if len(named) > asked.n:
            size = {"number": len(named), "communities": asked.n}
            yield Message("cannot.locks", {**size, "names": _some(named, 8)})

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give the community of each locked node; the first communities are those of the locks."""
        del network
        node_of, ids = asked.node_of, sorted(set(asked.scenario.locked.values()))
        locked = np.full(asked.graph.n_nodes, -1, dtype=np.int64)
        for school, community in sorted(asked.scenario.locked.items()):
            locked[node_of[school]] = ids.index(community)
        return {"locked": locked}

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find schools elsewhere."""
        if plan.scenario.locked:
            yield result("locked", _elsewhere(plan))

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the place of each school, and its community."""
        place = {one: index for index, one in enumerate(plan.schools.index)}
        locked = sorted(plan.scenario.locked.items())
        told = [[place[one], home] for one, home in locked if one in place]
        return {"locked": told if locked else None}


def _ids(groups: tuple[tuple[str, ...], ...]) -> list[str]:
    return [school for group in groups for school in group]


def _unknown(asked: Asked, key: str, ids: Iterable[str]) -> Iterator[Problem]:
    known = set(asked.graph.school_ids)
    for school in ids:
        if school not in known:
            yield _unknown_school(asked, key, school, known)


def _unknown_school(asked: Asked, key: str, school: str, known: set[str]) -> Problem:
    if school in asked.district.schools.index:
        return Problem(
            rule="school-apart",
            message=f"{key} names {asked.district.schools['name'][school]} ({school}), which stays "
            "outside every community as a school of choice or a virtual school.",
            fix=f'Take it out of {key}, or set choice_schools or virtual_schools to "place".',
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


def _some(names: list[str], most: int) -> str:
    return f"{', '.join(names[:most])}{', ...' if len(names) > most else ''}"


def _nodes(groups: tuple[tuple[str, ...], ...], asked: Asked) -> Iterator[list[int]]:
    node_of = asked.node_of
    for group in groups:
        yield [node_of[school] for school in group]


def _pairs(pairs: Iterable[tuple[int, int]]) -> IntArray:
    distinct = [pair for pair in pairs if pair[0] != pair[1]]
    return np.array(distinct, dtype=np.int64).reshape(-1, 2)


def _places(plan: Judged, groups: tuple[tuple[str, ...], ...]) -> list[list[int]] | None:
    return [plan.places(group).tolist() for group in groups] or None


def _parted(plan: Judged) -> Iterator[Violation]:
    for ids in plan.scenario.keep_together:
        group = plan.places(ids)
        homes = sorted({int(c) for c in plan.home[group]})
        if len(homes) > 1:
            inside = ", ".join(plan.ids[c] for c in homes if c >= 0)
            key = "together" if homes[0] >= 0 else "together_unplaced"
            named = plan.schools_named(group)
            yield of_the_plan(len(homes), 1, "communities", key, schools=named, ids=inside)


def _joined(plan: Judged) -> Iterator[Violation]:
    for ids in plan.scenario.keep_apart:
        group = plan.places(ids)
        homes, sizes = np.unique(plan.home[group], return_counts=True)
        for c in homes[(sizes > 1) & (homes >= 0)].tolist():
            both = group[plan.home[group] == c]
            named = plan.schools_named(both)
            yield plan.broken(c, len(both), 1, "schools of one group", "apart", schools=named)


def _elsewhere(plan: Judged) -> Iterator[Violation]:
    for school, wanted in sorted(plan.scenario.locked.items()):
        for i in plan.places([school]):
            home = plan.ids[plan.home[i]] if plan.home[i] >= 0 else ""
            if home != wanted:
                key = "broken.locked" if home else "broken.locked_unplaced"
                schools = plan.schools_named(np.array([i]))
                said = Message(key, {"schools": schools, "wanted": wanted, "id": home})
                yield Violation(home, home, wanted, "community", said)
