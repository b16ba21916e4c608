"""Every promise of the scenario, checked on the finished plan and on nothing the search says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feeder.district.grades import span_label
from feeder.district.model import K12_MASK
from feeder.language import Fact, Message
from feeder.measures.balance import deviations
from feeder.measures.community_totals import totals
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.disruption import disruption
from feeder.measures.grouping import existing, planned
from feeder.measures.hosts import hosts_of
from feeder.measures.inputs import MeasureInputs
from feeder.measures.scorecard import ConstraintResult, Violation
from feeder.network.graph import FEED, MIN_OVERLAP, FloatArray, IntArray
from feeder.planning import Assignment
from feeder.planning.land import pieces
from feeder.terms import SLACK as TIE


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """A finished plan and the facts it is judged on."""

    assignment: Assignment
    facts: MeasureInputs

    @property
    def school(self) -> IntArray:
        return self.assignment.school_community

    @property
    def n(self) -> int:
        """Number of communities."""
        return len(self.ids)

    @property
    def ids(self) -> tuple[str, ...]:
        return self.assignment.community_ids

    def label(self, community: int) -> Message:
        """Return what a message calls a community: its id, and its name where that is another."""
        name, one = self.assignment.community_names[community], self.ids[community]
        if name == one:
            return Message("community.id", {"id": one})
        return Message("community.id_and_name", {"id": one, "name": name})

    def said(self, key: str, community: int, **facts: Fact) -> Message:
        """Return a sentence about a community."""
        return Message(key, {"community": self.label(community), **facts})

    def members(self) -> Iterator[tuple[int, IntArray]]:
        """Yield each community with its schools."""
        for community in range(len(self.ids)):
            yield community, np.flatnonzero(self.school == community)

    def schools_named(self, schools: IntArray) -> tuple[str, ...]:
        """Return schools by name and id."""
        table = self.facts.schools
        return tuple(f"{table['name'].iloc[i]} ({table.index[i]})" for i in schools)

    def places_named(self, nodes: IntArray) -> tuple[str | Message, ...]:
        """Return nodes by the name and id of their first school, or as vacant."""
        graph, names = self.assignment.network.graph, self.facts.schools["name"]
        ids = [graph.node_ids[node] for node in nodes]
        return tuple(
            f"{names[one]} ({one})"
            if node < graph.n_campuses
            else Message("place.vacant", {"id": one})
            for node, one in zip(nodes, ids, strict=True)
        )


def check(assignment: Assignment, facts: MeasureInputs) -> tuple[ConstraintResult, ...]:
    """Check every promise of ``assignment.scenario``.

    Promises the scenario does not make (no need band, no nesting, no groups, no locks) are left
    out; those every plan makes (no empty community, coverage, contiguity, every school placed, no
    campus parted) always stand.
    """
    case = _Case(assignment, facts)
    scenario = assignment.scenario
    results = [
        _result("communities", {"n": scenario.communities or case.n}, _number(case)),
        _result("no_empty_community", {}, _empty(case)),
        _result("schools", dict(zip(("least", "n"), scenario.schools, strict=True)), _sizes(case)),
        _result(
            "enrollment_tolerance",
            {"share": scenario.enrollment_tolerance},
            _band(case, facts.enrollment, scenario.enrollment_tolerance, "enrollment"),
        ),
    ]
    if scenario.need_tolerance is not None:
        band = {"share": scenario.need_tolerance}
        results.append(_result("need_tolerance", band, _need(case, scenario.need_tolerance)))
    policy = scenario.choice_schools
    results += [
        _result("k12_coverage", {}, _coverage(case)),
        _result(
            "contiguity",
            {"share": MIN_OVERLAP},
            [*_land(case), *_landless(case)],
            variant="_by_flow" if policy == "flow" else "",
        ),
        _result(
            "every_school_placed", {}, _placed(case), variant="_apart" if policy == "apart" else ""
        ),
        _result("campus_whole", {}, _parted(case)),
    ]
    if scenario.max_office_minutes is not None:
        minutes = scenario.max_office_minutes
        results.append(_result("max_office_minutes", {"minutes": minutes}, _offices(case, minutes)))
    for name, most in sorted(scenario.budgets.items()):
        results.append(_result(f"budget_{name}", {"most": most}, _budget(case, name, most)))
    if scenario.nested_in is not None:
        column = scenario.nested_in
        results.append(_result("nested_in", {"column": column}, _nested(case, column)))
    if scenario.keep_together:
        results.append(_result("keep_together", {}, _together(case)))
    if scenario.keep_apart:
        results.append(_result("keep_apart", {}, _apart(case)))
    if scenario.locked:
        results.append(_result("locked", {}, _locked(case)))
    return tuple(results)


def _result(
    name: str, facts: Mapping[str, Fact], violations: list[Violation], *, variant: str = ""
) -> ConstraintResult:
    said = Message(f"promise.{name}{variant}", facts)
    return ConstraintResult(name, said, not violations, tuple(violations))


def _number(case: _Case) -> list[Violation]:
    wanted, found = case.assignment.scenario.communities, len(case.ids)
    if wanted is None or wanted == found:
        return []
    said = Message("broken.communities", {"n": found, "wanted": wanted})
    return [Violation("", found, wanted, "communities", said)]


def _empty(case: _Case) -> list[Violation]:
    return [
        Violation(case.ids[c], 0, 1, "schools", case.said("broken.empty", c))
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
            key = "broken.too_few_schools" if n < least else "broken.too_many_schools"
            said = case.said(key, c, n=n, bound=bound)
            found.append(Violation(case.ids[c], n, bound, "schools", said))
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
        side = "above" if sign > 0 else "below"
        said = case.said(
            f"broken.{what}_{side}",
            c,
            value=float(sums[c]),
            share=float(abs(relative[c])),
            mean=float(mean),
            bound=bound,
        )
        found.append(Violation(case.ids[c], float(sums[c]), bound, "students", said))
    return found


def _need(case: _Case, tolerance: float) -> list[Violation]:
    if case.facts.need is None:
        said = Message("broken.need_unknown")
        return [Violation("", "unknown", tolerance, "share of the mean", said)]
    return _band(case, case.facts.need, tolerance, "need")


def _coverage(case: _Case) -> list[Violation]:
    grades = case.facts.schools["grades"].to_numpy(np.int64) & K12_MASK
    every = int(np.bitwise_or.reduce(grades))
    found = []
    for c, members in case.members():
        missing = every & ~int(np.bitwise_or.reduce(grades[members]))
        if missing:
            text = span_label(missing)
            said = case.said("broken.grades", c, grades=text)
            found.append(Violation(case.ids[c], text, span_label(every), "grades", said))
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
        said = (
            case.said("broken.parts", c, n=len(parts), places=stray)
            if len(parts)
            else case.said("broken.no_land", c)
        )
        found.append(Violation(case.ids[c], len(parts), 1, "parts of land", said))
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
        said = case.said(
            "broken.landless",
            home,
            schools=case.schools_named(schools),
            share=share,
            bound=MIN_OVERLAP,
        )
        found.append(Violation(case.ids[home], share, MIN_OVERLAP, "share of its area", said))
    return found


def _too_few_pupils(case: _Case, schools: IntArray, home: int) -> Violation:
    """Tell of a school of choice in the wrong community, without a figure: it may be few pupils."""
    said = case.said(
        "broken.too_few_pupils", home, schools=case.schools_named(schools), bound=MIN_OVERLAP
    )
    return Violation(case.ids[home], "fewer", MIN_OVERLAP, "share of its pupils", said)


def _parted(case: _Case) -> list[Violation]:
    """Return campuses whose schools are in several communities; those in none are told apart."""
    placed = np.flatnonzero(case.school >= 0)
    found = []
    for _, group in pd.Series(placed).groupby(case.assignment.network.graph.school_node[placed]):
        schools = group.to_numpy()
        homes = list(dict.fromkeys(case.school[schools].tolist()))
        if len(homes) > 1:
            by_home = [(c, case.schools_named(schools[case.school[schools] == c])) for c in homes]
            where = tuple(
                Message("place.in", {"schools": names, "community": case.label(c)})
                for c, names in by_home
            )
            said = Message("broken.campus", {"n": len(homes), "where": where})
            found.append(
                Violation(case.ids[homes[0]], len(homes), 1, "communities of a campus", said)
            )
    return found


def _placed(case: _Case) -> list[Violation]:
    """Return schools and tiles without a community, and schools with one that stay apart."""
    graph, node = case.assignment.network.graph, case.assignment.node_community
    stays_apart = graph.is_apart[graph.school_node]
    stray = np.flatnonzero((case.school < 0) & ~stays_apart)
    found = [
        Violation(
            "",
            0,
            1,
            "communities",
            Message("broken.unplaced", {"schools": case.schools_named(stray[[i]])}),
        )
        for i in range(len(stray))
    ]
    for i in np.flatnonzero((case.school >= 0) & stays_apart):
        home = case.school[i]
        said = case.said("broken.not_apart", home, schools=case.schools_named(np.array([i])))
        found.append(Violation(case.ids[home], 1, 0, "communities", said))
    tiles = np.flatnonzero((node < 0) & graph.has_land)
    if len(tiles):
        said = Message("broken.land_unplaced", {"places": case.places_named(tiles)})
        found.append(Violation("", len(tiles), 0, "tiles", said))
    return found


def nesting(assignment: Assignment, facts: MeasureInputs) -> pd.Series[str] | None:
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
            said = case.said("broken.nested", c, values=tuple(inside))
            found.append(Violation(case.ids[c], ", ".join(inside), 1, column, said))
    return found


def _offices(case: _Case, most: float) -> list[Violation]:
    """Return communities with schools too far from their office, or that can have none."""
    hosts = hosts_of(case.facts, planned(case.assignment), most)
    found = []
    for c, members in case.members():
        if not len(members):
            continue
        if hosts.host[c] < 0:
            said = case.said("broken.no_host", c)
            found.append(Violation(case.ids[c], "none", most, "minutes", said))
            continue
        far = members[hosts.minutes[members] > most * (1 + TIE)]
        if len(far):
            longest = float(hosts.minutes[far].max())
            said = case.said(
                "broken.max_office_minutes",
                c,
                schools=case.schools_named(far),
                office=str(case.facts.schools["name"].iloc[hosts.host[c]]),
                minutes=longest,
                most=most,
            )
            found.append(Violation(case.ids[c], longest, most, "minutes", said))
    return found


def _budget(case: _Case, name: str, most: float) -> list[Violation]:
    """Return a budget on what changes against today's plan that is overdrawn."""
    plan, today = planned(case.assignment), existing(case.assignment)
    unit = DEFINITIONS[name].unit
    if today is None:
        return [Violation("", "unknown", most, unit, Message("broken.no_existing_plan"))]
    enrollment = case.facts.enrollment
    value = disruption(plan.school, today.school, enrollment, (plan.n, today.n))[name]
    if value.value is None:
        return [
            Violation("", "unknown", most, unit, value.reason or Message("missing.nothing_shared"))
        ]
    if value.value <= most * (1 + TIE) + TIE:
        return []
    said = Message(f"broken.budget_{name}", {"n": value.value, "most": most})
    return [Violation("", value.value, most, unit, said)]


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
            inside = ", ".join(case.ids[c] for c in homes if c >= 0)
            key = "broken.together" if homes[0] >= 0 else "broken.together_unplaced"
            said = Message(key, {"schools": case.schools_named(group), "ids": inside})
            found.append(Violation("", len(homes), 1, "communities", said))
    return found


def _apart(case: _Case) -> list[Violation]:
    found = []
    for ids in case.assignment.scenario.keep_apart:
        group = _group(case, ids)
        homes, sizes = np.unique(case.school[group], return_counts=True)
        for c in homes[(sizes > 1) & (homes >= 0)]:
            both = group[case.school[group] == c]
            said = case.said("broken.apart", int(c), schools=case.schools_named(both))
            found.append(Violation(case.ids[c], len(both), 1, "schools of one group", said))
    return found


def _locked(case: _Case) -> list[Violation]:
    found = []
    for school, wanted in sorted(case.assignment.scenario.locked.items()):
        for i in _group(case, (school,)):
            home = case.ids[case.school[i]] if case.school[i] >= 0 else ""
            if home != wanted:
                key = "broken.locked" if home else "broken.locked_unplaced"
                schools = case.schools_named(np.array([i]))
                said = Message(key, {"schools": schools, "wanted": wanted, "id": home})
                found.append(Violation(home, home, wanted, "community", said))
    return found
