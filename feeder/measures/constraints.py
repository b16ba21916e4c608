"""Every promise of the scenario, checked on the finished plan and on nothing the search says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.grades import span_label
from feeder.district.model import K12_MASK
from feeder.district.wording import listed
from feeder.measures.balance import deviations
from feeder.measures.definitions import TIE
from feeder.measures.facts import Facts
from feeder.measures.scorecard import ConstraintResult, Violation
from feeder.measures.sums import totals
from feeder.network.graph import FEED, MIN_OVERLAP, FloatArray, IntArray
from feeder.planning import Assignment
from feeder.planning.land import pieces

_PLACED: Final = {
    "place": "Every school and tile has a community.",
    "flow": "Every school and tile has a community.",
    "apart": "Every school and tile has a community, but for schools of choice, which have none.",
}
"""The promise that every school is placed, by the policy for schools of choice."""
_FED: Final = (
    f"; of a school of choice without a tile, {MIN_OVERLAP:.0%} of its pupils (or those of the one "
    "campus it exchanges most with) come from or go to schools of its community."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """A finished plan and the facts it is judged on."""

    assignment: Assignment
    facts: Facts

    @property
    def school(self) -> IntArray:
        return self.assignment.school_community

    @property
    def ids(self) -> tuple[str, ...]:
        return self.assignment.community_ids

    def label(self, community: int) -> str:
        """Return a community's id and name for a message."""
        name = self.assignment.community_names[community]
        return (
            self.ids[community]
            if name == self.ids[community]
            else f"{self.ids[community]} ({name})"
        )

    def members(self) -> Iterator[tuple[int, IntArray]]:
        """Yield each community with its schools."""
        for community in range(len(self.ids)):
            yield community, np.flatnonzero(self.school == community)

    def schools_named(self, schools: IntArray) -> str:
        """Return up to five schools by name and id."""
        table = self.facts.schools
        return listed(f"{table['name'].iloc[i]} ({table.index[i]})" for i in schools)

    def places_named(self, nodes: IntArray) -> str:
        """Return up to five nodes by the name of their first school, or as vacant."""
        graph, names = self.assignment.network.graph, self.facts.schools["name"]
        ids = [graph.node_ids[node] for node in nodes]
        return listed(
            f"{names[one]} ({one})" if node < graph.n_campuses else f"the vacant area {one}"
            for node, one in zip(nodes, ids, strict=True)
        )


def check(assignment: Assignment, facts: Facts) -> tuple[ConstraintResult, ...]:
    """Check every promise of ``assignment.scenario``.

    Promises the scenario does not make (no need band, no nesting, no groups, no locks) are left
    out; those every plan makes (no empty community, coverage, contiguity, every school placed, no
    campus parted) always stand.
    """
    case = _Case(assignment, facts)
    scenario = assignment.scenario
    results = [
        _result("communities", f"The plan has {scenario.communities} communities.", _number(case)),
        _result("no_empty_community", "Every community has a school.", _empty(case)),
        _result(
            "schools",
            f"Every community has {scenario.schools[0]} to {scenario.schools[1]} schools.",
            _sizes(case),
        ),
        _result(
            "enrollment_tolerance",
            f"Every community's enrollment is within {scenario.enrollment_tolerance:.0%} of the "
            "mean community.",
            _band(case, facts.enrollment, scenario.enrollment_tolerance, "enrollment"),
        ),
    ]
    if scenario.need_tolerance is not None:
        results.append(
            _result(
                "need_tolerance",
                f"Every community's need figure is within {scenario.need_tolerance:.0%} of the "
                "mean community.",
                _need(case, scenario.need_tolerance),
            )
        )
    results += [
        _result(
            "k12_coverage",
            "Every community serves every K-12 grade that the district serves.",
            _coverage(case),
        ),
        _result(
            "contiguity",
            "The tiles of a community hang together by borders and bridges, and every school "
            f"without a tile has {MIN_OVERLAP:.0%} of its own area, or its point, on them"
            f"{_FED if scenario.choice_schools == 'flow' else '.'}",
            [*_land(case), *_landless(case)],
        ),
        _result("every_school_placed", _PLACED[scenario.choice_schools], _placed(case)),
        _result("campus_whole", "Schools on one campus never part.", _parted(case)),
    ]
    if scenario.nested_in is not None:
        results.append(
            _result(
                "nested_in",
                f"No community has schools of two values of {scenario.nested_in}.",
                _nested(case, scenario.nested_in),
            )
        )
    for name, groups, violations in (
        ("keep_together", scenario.keep_together, _together),
        ("keep_apart", scenario.keep_apart, _apart),
    ):
        if groups:
            sense = "shares one community" if name == "keep_together" else "is apart"
            results.append(_result(name, f"Every group {sense}.", violations(case)))
    if scenario.locked:
        results.append(_result("locked", "Every locked school is in its community.", _locked(case)))
    return tuple(results)


def _result(name: str, definition: str, violations: list[Violation]) -> ConstraintResult:
    return ConstraintResult(name, definition, not violations, tuple(violations))


def _number(case: _Case) -> list[Violation]:
    wanted, found = case.assignment.scenario.communities, len(case.ids)
    if wanted is None or wanted == found:
        return []
    message = f"the plan has {found} communities, {wanted} were asked for."
    return [Violation("", found, wanted, "communities", message)]


def _empty(case: _Case) -> list[Violation]:
    return [
        Violation(case.ids[c], 0, 1, "schools", f"{case.label(c)} has no school.")
        for c, members in case.members()
        if not len(members)
    ]


def _sizes(case: _Case) -> list[Violation]:
    least, most = case.assignment.scenario.schools
    found = []
    for c, members in case.members():
        n = len(members)
        if not least <= n <= most:
            bound = least if n < least else most
            word = "fewest" if n < least else "most"
            message = f"{case.label(c)} has {n} schools, the {word} allowed is {bound}."
            found.append(Violation(case.ids[c], n, bound, "schools", message))
    return found


def _band(case: _Case, weights: FloatArray, tolerance: float, what: str) -> list[Violation]:
    sums = totals(weights, case.school, len(case.ids))
    relative = deviations(sums)
    if relative is None:
        return []
    mean, found = sums.mean(), []
    for c in np.flatnonzero(np.abs(relative) > tolerance + TIE).tolist():
        sign = 1 if relative[c] > 0 else -1
        bound = float(mean * (1 + sign * tolerance))
        message = (
            f"{case.label(c)} has {what} {sums[c]:,.0f}, {abs(relative[c]):.1%} "
            f"{'above' if sign > 0 else 'below'} the mean of {mean:,.0f}; "
            f"the {'most' if sign > 0 else 'least'} allowed is {bound:,.0f}."
        )
        found.append(Violation(case.ids[c], float(sums[c]), bound, "students", message))
    return found


def _need(case: _Case, tolerance: float) -> list[Violation]:
    if case.facts.need is None:
        message = "the district has no need figure to hold within a band."
        return [Violation("", "unknown", tolerance, "share of the mean", message)]
    return _band(case, case.facts.need, tolerance, "need")


def _coverage(case: _Case) -> list[Violation]:
    grades = case.facts.schools["grades"].to_numpy(np.int64) & K12_MASK
    every = int(np.bitwise_or.reduce(grades))
    found = []
    for c, members in case.members():
        missing = every & ~int(np.bitwise_or.reduce(grades[members]))
        if missing:
            text = span_label(missing)
            message = f"{case.label(c)} has no school that serves {text}."
            found.append(Violation(case.ids[c], text, span_label(every), "grades", message))
    return found


def _land(case: _Case) -> list[Violation]:
    """Return communities whose landed nodes fall into several parts, or that have none."""
    graph, node = case.assignment.network.graph, case.assignment.node_community
    part = pieces(graph, node)
    found = []
    for c in range(len(case.ids)):
        landed = np.flatnonzero((node == c) & graph.has_land)
        parts, sizes = np.unique(part[landed], return_counts=True)
        if len(parts) == 1:
            continue
        largest = parts[np.argmax(sizes)] if len(parts) else -1
        stray = case.places_named(landed[part[landed] != largest])
        message = (
            f"{case.label(c)} lies in {len(parts)} parts; apart from the largest: {stray}."
            if len(parts)
            else f"{case.label(c)} has no land."
        )
        found.append(Violation(case.ids[c], len(parts), 1, "parts of land", message))
    return found


def _landless(case: _Case) -> list[Violation]:
    """Return schools on landless campuses that touch too little of their community's land.

    The schools of one campus in one community are told together.
    """
    graph, node = case.assignment.network.graph, case.assignment.node_community
    touch = ~graph.is_land_contact
    campus, tile = graph.contact_a[touch], graph.contact_b[touch]
    on_land = np.zeros((graph.n_nodes, len(case.ids) + 1))  # the last column is no community
    np.add.at(on_land, (campus, node[tile]), graph.contact_share[touch])
    shares = on_land[graph.school_node, case.school]
    leaning = ~graph.has_land & ~graph.is_apart
    landless = (case.school >= 0) & leaning[graph.school_node]
    short = np.flatnonzero(landless & (shares < MIN_OVERLAP * (1 - TIE)))
    fed = np.isin(np.arange(graph.n_nodes), graph.contact_a[graph.contact_kind == FEED])
    found = []
    for _, group in pd.Series(short).groupby([graph.school_node[short], case.school[short]]):
        schools = group.to_numpy()
        home, share = int(case.school[schools[0]]), float(shares[schools[0]])
        if fed[graph.school_node[schools[0]]]:
            found.append(_too_few_pupils(case, schools, home))
            continue
        message = (
            f"{case.schools_named(schools)} has no land and touches too little of "
            f"{case.label(home)}: {share:.1%} of its area, {MIN_OVERLAP:.0%} is needed."
        )
        found.append(Violation(case.ids[home], share, MIN_OVERLAP, "share of its area", message))
    return found


def _too_few_pupils(case: _Case, schools: IntArray, home: int) -> Violation:
    """Tell of a school of choice in the wrong community, without a figure: it may be few pupils."""
    message = (
        f"{case.schools_named(schools)} belongs where its pupils come from or go, and fewer than "
        f"{MIN_OVERLAP:.0%} of them come from or go to schools of {case.label(home)}."
    )
    return Violation(case.ids[home], "fewer", MIN_OVERLAP, "share of its pupils", message)


def _parted(case: _Case) -> list[Violation]:
    """Return campuses whose schools are in several communities; those in none are told apart."""
    placed = np.flatnonzero(case.school >= 0)
    found = []
    for _, group in pd.Series(placed).groupby(case.assignment.network.graph.school_node[placed]):
        schools = group.to_numpy()
        homes = list(dict.fromkeys(case.school[schools].tolist()))
        if len(homes) > 1:
            where = " and ".join(
                f"{case.schools_named(schools[case.school[schools] == c])} in {case.label(c)}"
                for c in homes
            )
            message = f"one campus is parted: {where}."
            found.append(
                Violation(case.ids[homes[0]], len(homes), 1, "communities of a campus", message)
            )
    return found


def _placed(case: _Case) -> list[Violation]:
    """Return schools and tiles without a community, and schools with one that stay apart."""
    graph, node = case.assignment.network.graph, case.assignment.node_community
    stays_apart = graph.is_apart[graph.school_node]
    stray = np.flatnonzero((case.school < 0) & ~stays_apart)
    found = [
        Violation("", 0, 1, "communities", f"{case.schools_named(stray[[i]])} is in no community.")
        for i in range(len(stray))
    ]
    for i in np.flatnonzero((case.school >= 0) & stays_apart):
        home = case.school[i]
        message = f"{case.schools_named(np.array([i]))} stays apart, but is in {case.label(home)}."
        found.append(Violation(case.ids[home], 1, 0, "communities", message))
    tiles = np.flatnonzero((node < 0) & graph.has_land)
    if len(tiles):
        message = f"land in no community: {case.places_named(tiles)}."
        found.append(Violation("", len(tiles), 0, "tiles", message))
    return found


def nesting(assignment: Assignment, facts: Facts) -> pd.Series[str] | None:
    """Return each school's value of the column that communities are nested in, or None."""
    column = assignment.scenario.nested_in
    if column is None:
        return None
    district = assignment.district
    table = district.schools if column in district.schools else district.extra
    return table[column].reindex(facts.schools.index).fillna("").astype(str)


def _nested(case: _Case, column: str) -> list[Violation]:
    values = nesting(case.assignment, case.facts)
    if values is None:
        return []
    found = []
    for c, members in case.members():
        inside = sorted(set(values.iloc[members]))
        if len(inside) > 1:
            message = f"{case.label(c)} has schools of {', '.join(inside)}."
            found.append(Violation(case.ids[c], ", ".join(inside), 1, column, message))
    return found


def _group(case: _Case, ids: tuple[str, ...]) -> IntArray:
    """Return the schools of a group that the network has."""
    found = case.facts.schools.index.get_indexer(pd.Index(ids))
    return found[found >= 0].astype(np.int64)


def _together(case: _Case) -> list[Violation]:
    found = []
    for ids in case.assignment.scenario.keep_together:
        group = _group(case, ids)
        homes = sorted({int(c) for c in case.school[group]})
        if len(homes) > 1:
            where = ", ".join(case.ids[c] if c >= 0 else "no community" for c in homes)
            message = f"{case.schools_named(group)} are in {where}, and should be together."
            found.append(Violation("", len(homes), 1, "communities", message))
    return found


def _apart(case: _Case) -> list[Violation]:
    found = []
    for ids in case.assignment.scenario.keep_apart:
        group = _group(case, ids)
        homes, sizes = np.unique(case.school[group], return_counts=True)
        for c in homes[(sizes > 1) & (homes >= 0)]:
            both = group[case.school[group] == c]
            message = f"{case.schools_named(both)} are all in {case.label(c)}, and should be apart."
            found.append(Violation(case.ids[c], len(both), 1, "schools of one group", message))
    return found


def _locked(case: _Case) -> list[Violation]:
    found = []
    for school, wanted in sorted(case.assignment.scenario.locked.items()):
        for i in _group(case, (school,)):
            home = case.ids[case.school[i]] if case.school[i] >= 0 else ""
            if home != wanted:
                message = (
                    f"{case.schools_named(np.array([i]))} is locked to {wanted}, "
                    f"but is in {home or 'no community'}."
                )
                found.append(Violation(home, home, wanted, "community", message))
    return found
