"""Why here? What each possible move of a school would change, measure by measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import pandas as pd

from feeder.analyses.contract import Result
from feeder.analyses.difference.between import together
from feeder.language import Fact
from feeder.measures.score import objective, score
from feeder.measures.scorecard import Scorecard
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.opening.reading import plan_of
from feeder.planning import Assignment
from feeder.planning.carrying import with_hosts_inside
from feeder.planning.constraints.judged import Violation
from feeder.telling.sections import Section
from feeder.telling.units import with_units
from feeder.terms import LEAST_SHARE, SLACK

_Broken: TypeAlias = "tuple[str, str, Fact]"
"""What a violation is about: the promise, how it is broken, and the community or the schools."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move:
    """A school, with its campus, in another community.

    Attributes
    ----------
    community
        Index of the community it moves to, in the plan as it is.
    card
        Scorecard of the plan after the move.
    gain
        Objective gained; negative where the move costs.
    kept, lost
        Students a year whose next school comes into their community with the move, and those
        whose next school no longer is in it.
    broken, mended
        Promises that the move breaks, and those broken before that it mends.
    changed
        Promises broken before and after, as they are after; told only where they differ.
    """

    community: int
    card: Scorecard
    gain: float
    kept: float
    lost: float
    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    changed: tuple[Violation, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation(Result):
    """Why a school is where it is.

    Attributes
    ----------
    assignment
        The plan, as a plan file gives it: vacant tiles lie where they keep the land whole.
    school
        Index of the school.
    campus
        Shape (n,): all schools that move with it, itself among them.
    card
        Scorecard of the plan.
    moves
        Every community it could move to, the best by the objective first.
    """

    assignment: Assignment
    school: int
    campus: IntArray
    card: Scorecard
    moves: tuple[Move, ...]

    @property
    def about(self) -> Assignment:
        """The plan."""
        return self.assignment

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``explained`` (every change of every move), ``outcomes``, ``partners``, ``exchange``."""
        return {
            "explained": self.changes,
            "outcomes": self.outcomes,
            "partners": self.partners,
            "exchange": self.exchange,
        }

    @property
    def desk(self) -> frozenset[str]:
        """Every table: each tells students of one school."""
        return frozenset(self.tables)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What a reader is told."""
        from feeder.analyses.explanation.sections import explanation_sections

        return explanation_sections(self)

    @property
    def home(self) -> int:
        """Index of its community; -1 is none."""
        return int(self.assignment.school_community[self.school])

    @property
    def flows(self) -> pd.DataFrame:
        """The rows of the network's flows between its campus and other schools."""
        graph = self.assignment.network.graph
        ends = np.isin(graph.flow_from, self.campus), np.isin(graph.flow_to, self.campus)
        rows: pd.DataFrame = self.assignment.network.flows.loc[ends[0] != ends[1]]
        return rows

    @property
    def partners(self) -> pd.DataFrame:
        """One row a school that it exchanges students with, the largest exchange first.

        Columns: ``school_id``, ``school``, ``community`` (names; blank is none), ``come_from`` and
        ``go_to`` (students a year of the campus).
        """
        plan = self.assignment
        sums = np.column_stack(self._exchanged())
        total = sums.sum(axis=1)
        order = [i for i in np.argsort(-total, kind="stable").tolist() if total[i] > 0]
        ids = [plan.network.graph.school_ids[i] for i in order]
        names = (*plan.community_names, "")
        table = pd.DataFrame(
            {
                "school_id": ids,
                "school": plan.district.schools["name"].loc[ids].tolist(),
                "community": [names[plan.school_community[i]] for i in order],
                "come_from": sums[order, 0],
                "go_to": sums[order, 1],
            }
        )
        units = {"come_from": "students a year", "go_to": "students a year"}
        return with_units(table, {"school_id": "", "school": "", "community": "", **units})

    @property
    def exchange(self) -> pd.DataFrame:
        """Students a year it exchanges with each community: its own, those next to it, others.

        Columns: ``community_id``, ``community`` (name; blank is none), ``come_from`` and ``go_to``
        (students a year of the campus). Its own community comes first, then the largest exchange.
        """
        plan, n = self.assignment, self.assignment.n_communities
        sums = [
            np.bincount(plan.school_community % (n + 1), weights=each, minlength=n + 1)
            for each in self._exchanged()  # the last place is no community
        ]
        total = sums[0] + sums[1]
        near = {self.home, *(move.community for move in self.moves)}
        kept = [c for c in range(n + 1) if c in near or total[c] > 0]
        kept.sort(key=lambda c: (c != self.home, -total[c], c))
        ids, names = (*plan.community_ids, ""), (*plan.community_names, "")
        table = pd.DataFrame(
            {
                "community_id": [ids[c] for c in kept],
                "community": [names[c] for c in kept],
                "come_from": sums[0][kept],
                "go_to": sums[1][kept],
            }
        )
        units = {"come_from": "students a year", "go_to": "students a year"}
        return with_units(table, {"community_id": "", "community": "", **units})

    @property
    def changes(self) -> pd.DataFrame:
        """One row a move and measure that changes.

        Columns: ``community_id`` (where to), ``measure``, ``unit`` (of the three figures),
        ``before``, ``after``, ``change`` and ``better`` (None where neither way is).
        """
        rows = []
        for move in self.moves:
            for name, measure in self.card.definitions.items():
                before, after = (
                    np.nan if value is None else float(value)
                    for value in (self.card.plan[name].value, move.card.plan[name].value)
                )
                change = after - before
                if change == 0 or (np.isnan(before) and np.isnan(after)):
                    continue
                judged = measure.sense != "none" and not np.isnan(change)
                rows.append(
                    {
                        "community_id": self.assignment.community_ids[move.community],
                        "measure": name,
                        "unit": measure.unit,
                        "before": before,
                        "after": after,
                        "change": change,
                        "better": (change > 0) == (measure.sense == "higher") if judged else None,
                    }
                )
        columns = ("community_id", "measure", "unit", "before", "after", "change", "better")
        table = pd.DataFrame(rows, columns=list(columns))
        figures = dict.fromkeys(("before", "after", "change"), "by row")
        return with_units(table, {name: figures.get(name, "") for name in columns})

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row a move, the best first: what it comes to.

        Columns: ``community_id``, ``community`` (where to), ``points`` (of the objective, 1 is
        100), ``newly_kept``, ``lost`` (students a year), ``promises_broken``, ``promises_mended``
        and ``promises`` (the sentences of both).
        """
        plan = self.assignment
        rows = [
            {
                "community_id": plan.community_ids[move.community],
                "community": plan.community_names[move.community],
                "points": 100 * move.gain,
                "newly_kept": move.kept,
                "lost": move.lost,
                "promises_broken": len(move.broken),
                "promises_mended": len(move.mended),
                "promises": " ".join(str(one.message) for one in (*move.broken, *move.mended)),
            }
            for move in self.moves
        ]
        units = {"community_id": "", "community": "", "points": "points"}
        units |= dict.fromkeys(("newly_kept", "lost"), "students a year")
        units |= {"promises_broken": "promises", "promises_mended": "promises", "promises": ""}
        return with_units(pd.DataFrame(rows, columns=list(units)), units)

    def _exchanged(self) -> tuple[FloatArray, FloatArray]:
        """Shape (n_schools,) each: students a year from each school to the campus, and back."""
        graph = self.assignment.network.graph
        own = np.zeros(len(graph.school_ids), dtype=np.bool_)
        own[self.campus] = True
        comes = ~own[graph.flow_from] & own[graph.flow_to]
        goes = own[graph.flow_from] & ~own[graph.flow_to]
        sums = np.zeros((2, len(own)))
        np.add.at(sums[0], graph.flow_from[comes], graph.flow_students[comes])
        np.add.at(sums[1], graph.flow_to[goes], graph.flow_students[goes])
        return sums[0], sums[1]


def explain_school(assignment: Assignment, school_id: str) -> Explanation:
    """Work out what each possible move of a school would change.

    It moves with its whole campus, to a community that its tile borders or on whose land it
    stands; any other place is no move. Every figure is that of the scorecard of a plan file in
    which only the community of these schools is another.

    Parameters
    ----------
    assignment
        Any plan.
    school_id
        A school of the network.

    Raises
    ------
    KeyError
        Where there is no such school.
    """
    graph = assignment.network.graph
    if school_id not in graph.school_ids:
        raise KeyError(school_id)
    school = graph.school_ids.index(school_id)
    node = int(graph.school_node[school])
    campus = np.flatnonzero(graph.school_node == node)
    table = assignment.plan_table()
    homes = dict(zip(table["school_id"], table["community_id"], strict=True))
    plan = _read_anew(assignment, homes)
    card = score(plan)
    return Explanation(
        assignment=plan,
        school=school,
        campus=campus,
        card=card,
        moves=tuple(_moves(plan, card, node, homes)),
    )


def _read_anew(plan: Assignment, homes: Mapping[str, str]) -> Assignment:
    """Return a plan as its file is read; communities go by what they go by already."""
    made = plan_of(homes, plan.district, plan.network, scenario=plan.scenario)
    known = {one.id: one for one in plan.communities}
    named = replace(made, communities=tuple(known[one] for one in made.community_ids))
    return with_hosts_inside(named)[0]


def _moves(plan: Assignment, card: Scorecard, node: int, homes: Mapping[str, str]) -> list[Move]:
    """Return every move of a campus, the best by the objective first."""
    graph, weights = plan.network.graph, dict(plan.scenario.weights)
    campus = [graph.school_ids[i] for i in np.flatnonzero(graph.school_node == node)]
    worth, inside = objective(card.plan, weights), _inside(plan)
    found = []
    for community in _open_to(plan, node):
        there = dict.fromkeys(campus, plan.community_ids[community])
        moved = _read_anew(plan, {**homes, **there})
        now, after = _inside(moved), score(moved)
        broken, mended, changed = _compared(card, after)
        found.append(
            Move(
                community=community,
                card=after,
                gain=objective(after.plan, weights) - worth,
                kept=float(graph.flow_students[now & ~inside].sum()),
                lost=float(graph.flow_students[inside & ~now].sum()),
                broken=broken,
                mended=mended,
                changed=changed,
            )
        )
    return sorted(found, key=lambda move: (-move.gain, move.community))


def _inside(plan: Assignment) -> BoolArray:
    """Shape (n_flows,): whether a flow stays in one community."""
    graph = plan.network.graph
    return together(plan.school_community, graph.flow_from, graph.flow_to)


def _open_to(plan: Assignment, node: int) -> list[int]:
    """Return the communities that a campus could move to, ascending."""
    graph, grouping = plan.network.graph, plan.node_community
    if graph.has_land[node]:
        land = graph.is_land_contact
        a, b = graph.contact_a[land], graph.contact_b[land]
        near = np.concatenate([grouping[b[a == node]], grouping[a[b == node]]])
    else:
        lean = ~graph.is_land_contact & (graph.contact_a == node)
        share = np.zeros(plan.n_communities + 1)  # the last is no community
        np.add.at(share, grouping[graph.contact_b[lean]], graph.contact_share[lean])
        near = np.flatnonzero(share[:-1] >= LEAST_SHARE * (1 - SLACK))
    home = int(grouping[node])
    return [int(c) for c in np.unique(near) if c >= 0 and c != home]


def _compared(
    before: Scorecard, after: Scorecard
) -> tuple[tuple[Violation, ...], tuple[Violation, ...], tuple[Violation, ...]]:
    """Return what is newly broken, what is mended, and what was and is broken in another way."""
    old, new = dict(_violations(before)), dict(_violations(after))
    return (
        tuple(one for about, one in new.items() if about not in old),
        tuple(one for about, one in old.items() if about not in new),
        tuple(
            one
            for about, one in new.items()
            if about in old and str(old[about].message) != str(one.message)
        ),
    )


def _violations(card: Scorecard) -> Iterator[tuple[_Broken, Violation]]:
    """Return each violation by what it is about, which stays the same when its figures change."""
    for promise in card.constraints:
        for one in promise.violations:
            facts = one.message.facts
            about = facts.get("schools", facts.get("where", one.community_id))
            if promise.name == "max_office_minutes":  # its schools are a figure of the community
                about = one.community_id
            yield (promise.name, one.message.key, about), one
