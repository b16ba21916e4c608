"""Why here? What each possible move of a school would change, measure by measure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from feeder.measures.score import objective, score
from feeder.measures.scorecard import Scorecard, Violation
from feeder.measures.units import with_units
from feeder.network.graph import MIN_OVERLAP, IntArray
from feeder.planning import Assignment
from feeder.planning.land import TIE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move:
    """A school, with its campus, in another community.

    Attributes
    ----------
    community
        Index of the community it moves to.
    card
        Scorecard of the plan after the move.
    gain
        Objective gained; negative where the move costs.
    broken, mended
        Promises that the move breaks, and those broken before that it mends.
    """

    community: int
    card: Scorecard
    gain: float
    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
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
    def home(self) -> int:
        """Index of its community; -1 is none."""
        return int(self.assignment.school_community[self.school])

    @property
    def exchange(self) -> pd.DataFrame:
        """Students a year it exchanges with each community, its own first; then the others'.

        Columns: ``community_id``, ``community`` (name; blank is none), ``come_from`` and ``go_to``
        (students a year).
        """
        graph, plan = self.assignment.network.graph, self.assignment
        own = np.zeros(len(graph.school_ids), dtype=bool)
        own[self.campus] = True
        n = plan.n_communities
        ends = (
            (graph.flow_from, own[graph.flow_to] & ~own[graph.flow_from]),
            (graph.flow_to, own[graph.flow_from] & ~own[graph.flow_to]),
        )
        sums = [
            np.bincount(
                plan.school_community[other[rows]] % (n + 1),  # the last is no community
                weights=graph.flow_students[rows],
                minlength=n + 1,
            )
            for other, rows in ends
        ]
        ids, names = (*plan.community_ids, ""), (*plan.community_names, "")
        order = sorted(range(n + 1), key=lambda c: (c != self.home, -sums[0][c] - sums[1][c], c))
        kept = [c for c in order if c == self.home or sums[0][c] + sums[1][c] > 0]
        table = pd.DataFrame(
            {
                "community_id": [ids[c] for c in kept],
                "community": [names[c] for c in kept],
                "come_from": [sums[0][c] for c in kept],
                "go_to": [sums[1][c] for c in kept],
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
                before, after = self.card.plan[name].value, move.card.plan[name].value
                if before == after:
                    continue
                both = before is not None and after is not None
                change = after - before if before is not None and after is not None else np.nan
                better = None
                if both and measure.sense != "none":
                    better = bool((change > 0) == (measure.sense == "higher"))
                rows.append(
                    {
                        "community_id": self.assignment.community_ids[move.community],
                        "measure": name,
                        "unit": measure.unit,
                        "before": np.nan if before is None else before,
                        "after": np.nan if after is None else after,
                        "change": change,
                        "better": better,
                    }
                )
        columns = ("community_id", "measure", "unit", "before", "after", "change", "better")
        table = pd.DataFrame(rows, columns=list(columns))
        figures = dict.fromkeys(("before", "after", "change"), "by row")
        return with_units(table, {name: figures.get(name, "") for name in columns})


def explain_school(assignment: Assignment, school_id: str) -> Explanation:
    """Work out what each possible move of a school would change.

    It moves with its whole campus, to a community that its tile borders or on whose land it
    stands; what it would be cut off from is no move. Every figure is that of the scorecard of the
    plan after the move.

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
    ids = list(graph.school_ids)
    if school_id not in ids:
        raise KeyError(school_id)
    school = ids.index(school_id)
    node = int(graph.school_node[school])
    campus = np.flatnonzero(graph.school_node == node)
    plan = _anew(assignment, assignment.school_community)
    card = score(plan)
    weights = dict(plan.scenario.weights)
    worth = objective(card.plan, weights)
    moves = []
    for community in _open_to(plan, node):
        home = plan.school_community.copy()
        home[campus] = community
        moved = score(_anew(plan, home))
        moves.append(
            Move(
                community=community,
                card=moved,
                gain=objective(moved.plan, weights) - worth,
                broken=_only_in(moved, card),
                mended=_only_in(card, moved),
            )
        )
    moves.sort(key=lambda move: (-move.gain, move.community))
    return Explanation(assignment=plan, school=school, campus=campus, card=card, moves=tuple(moves))


def _anew(plan: Assignment, home: IntArray) -> Assignment:
    """Return a plan of the same communities as a plan file gives it."""
    graph = plan.network.graph
    made = Assignment.of_schools(
        plan.district,
        plan.network,
        plan.scenario,
        home,
        vacant=np.full(graph.n_nodes - graph.n_campuses, -1, dtype=np.int64),
        ids=plan.community_ids,
        names=plan.community_names,
    )
    return replace(made, community_names=plan.community_names)


def _open_to(plan: Assignment, node: int) -> list[int]:
    """Return the communities that a campus could move to, ascending."""
    graph, division = plan.network.graph, plan.node_community
    if graph.has_land[node]:
        land = graph.is_land_contact
        a, b = graph.contact_a[land], graph.contact_b[land]
        near = np.concatenate([division[b[a == node]], division[a[b == node]]])
    else:
        lean = ~graph.is_land_contact & (graph.contact_a == node)
        share = np.zeros(plan.n_communities + 1)  # the last is no community
        np.add.at(share, division[graph.contact_b[lean]], graph.contact_share[lean])
        near = np.flatnonzero(share[:-1] >= MIN_OVERLAP * (1 - TIE))
    home = int(division[node])
    return [int(c) for c in np.unique(near) if c >= 0 and c != home]


def _only_in(card: Scorecard, other: Scorecard) -> tuple[Violation, ...]:
    """Return violations of a scorecard of promises and communities that the other keeps."""
    known = {
        (promise.name, one.community_id)
        for promise in other.constraints
        for one in promise.violations
    }
    return tuple(
        one
        for promise in card.constraints
        for one in promise.violations
        if (promise.name, one.community_id) not in known
    )
