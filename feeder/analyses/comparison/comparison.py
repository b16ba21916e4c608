"""Plans side by side: communities matched, so that names stay, and every measure in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from feeder.analyses.contract import Result
from feeder.errors import Problem
from feeder.measures.disruption import moved, placed_by_both, relabelling
from feeder.measures.grouping import today_of
from feeder.measures.own import OwnMeasure
from feeder.measures.score import score
from feeder.measures.scorecard import Measure, Scorecard
from feeder.network.graph import FloatArray, IntArray
from feeder.opening.reading import TODAY
from feeder.planning import Assignment
from feeder.telling.sections import Section


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Result):
    """Plans of one district side by side, today's first where there is one.

    Attributes
    ----------
    names
        Shape (n_plans,): what each plan is called.
    assignments
        Shape (n_plans,): the plans with their communities matched: one id and one name, wherever
        it occurs, is as nearly the same community as can be. Schools and land are as they were.
    scorecards
        Shape (n_plans,): the scorecard of each, which speaks of communities by the plan's own ids.
    """

    names: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    scorecards: tuple[Scorecard, ...]

    @property
    def about(self) -> Assignment:
        """The first plan."""
        return self.assignments[0]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``compared``: measures, promises and schools, one column a plan."""
        from feeder.analyses.comparison.table import comparison_table

        return {"compared": comparison_table(self)}

    @property
    def sections(self) -> tuple[Section, ...]:
        """Nothing in sentences."""
        return ()

    @property
    def pages(self) -> dict[str, str | bytes]:
        """``map.html``: the map that switches between the plans."""
        from feeder.analyses.comparison.page import comparison_page

        return {"map.html": comparison_page(self)}

    @property
    def definitions(self) -> Mapping[str, Measure]:
        """Every measure by name."""
        return self.scorecards[0].definitions

    @property
    def measures(self) -> pd.DataFrame:
        """One row a measure: ``unit``, ``sense``, and one column of values a plan (NaN: none)."""
        rows = {}
        for name, measure in self.definitions.items():
            values = [card.plan[name] for card in self.scorecards]
            rows[name] = {
                "unit": measure.unit,
                "sense": measure.sense,
                **{name: value.value for name, value in zip(self.names, values, strict=True)},
            }
        table = pd.DataFrame.from_dict(rows, orient="index")
        table[list(self.names)] = table[list(self.names)].astype(float)
        return table.rename_axis("measure")

    @property
    def best(self) -> dict[str, tuple[str, ...]]:
        """Name of the plan or plans with the best value of each measure.

        None where fewer than two plans compete, or all are the same. Plans cut short, with a
        school in no community that does not stay apart, do not compete.
        """
        complete = [_is_complete(plan) for plan in self.assignments]
        return {name: self._best(measure, complete) for name, measure in self.definitions.items()}

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was repaired, left out or looks odd, in the district and in any plan."""
        told = [*self.assignments[0].network.warnings]
        for plan in self.assignments:
            told += plan.district.warnings
        return tuple(dict.fromkeys(told))

    @property
    def promises(self) -> pd.DataFrame:
        """One row a promise, one column a plan: how often the plan breaks it.

        Missing where a limit does not bind a plan: today's is not held to those of a new one.
        """
        columns = {
            name: {promise.name: len(promise.violations) for promise in card.constraints}
            for name, card in zip(self.names, self.scorecards, strict=True)
        }
        longest = max(columns.values(), key=len)
        table = pd.DataFrame(columns, index=list(longest), dtype="Int64")
        return table.rename_axis("promise")

    @property
    def schools(self) -> pd.DataFrame:
        """One row a school: ``name``, one column a plan with its community, and ``changes``.

        ``changes`` says whether the school changes from the first plan, which is today's where
        there is one, to any other (:attr:`changes`). A blank community is none.
        """
        tables = [plan.plan_table().set_index("school_id") for plan in self.assignments]
        homes = pd.concat([table["community_id"] for table in tables], axis=1, keys=self.names)
        names = self.assignments[0].district.schools["name"]
        homes.insert(0, "name", names.reindex(homes.index))
        # What is known of no plan stays missing.
        changes = self.changes.max(axis=1).astype("boolean").reindex(homes.index)
        return homes.assign(changes=changes)

    @property
    def changes(self) -> pd.DataFrame:
        """One row a school, one column a plan but the first: whether it changes from that.

        As told by :func:`~feeder.measures.disruption.moved`; missing where either has the school in
        no community.
        """
        first, *others = self.assignments
        ids = list(first.network.graph.school_ids)
        students = first.district.schools.loc[ids, "enrollment"].to_numpy(np.float64)
        told = {}
        for name, plan in zip(self.names[1:], others, strict=True):
            homes = plan.school_community, first.school_community
            change = pd.Series(moved(*homes, students), ids, dtype="boolean")
            told[name] = change.where(placed_by_both(*homes))
        return pd.DataFrame(told, index=ids, dtype="boolean").rename_axis("school_id")

    @property
    def communities(self) -> dict[str, str]:
        """Name of every community of any plan by its id, in the order in which they come up."""
        found: dict[str, str] = {}
        for plan in self.assignments:
            for community, name in zip(plan.community_ids, plan.community_names, strict=True):
                found.setdefault(community, name)
        return found

    def _best(self, measure: Measure, complete: list[bool]) -> tuple[str, ...]:
        known = {
            name: value
            for name, card, whole in zip(self.names, self.scorecards, complete, strict=True)
            if whole and (value := card.plan[measure.name].value) is not None
        }
        if len(set(known.values())) < 2 or measure.sense == "none":  # noqa: PLR2004 - to compare
            return ()
        top = (max if measure.sense == "higher" else min)(known.values())
        return tuple(name for name, value in known.items() if value == top)


def compare_plans(
    plans: Mapping[str, Assignment],
    *,
    measures: Sequence[OwnMeasure] = (),
    progress: Callable[[float], None] | None = None,
) -> Comparison:
    """Put plans of one district side by side, after today's where there is one.

    Each plan's communities are matched, in the order given, to those of all plans before it: most
    schools, then most students, keep their community
    (:func:`~feeder.measures.disruption.relabelling`). A community that shares no school with any
    that is left keeps its own name, or takes a new one where another has it.

    Parameters
    ----------
    plans
        Assignments on one network by the name of the plan; :data:`TODAY` is taken.
    measures
        More measures, of one's own.
    progress
        Called with the share of the work done, 0 to 1.
    """
    tell = progress or (lambda _: None)
    given = dict(plans)
    today = today_of(next(iter(given.values())))
    every = {**({} if today is None else {TODAY: today}), **given}
    cards = []
    for number, plan in enumerate(every.values(), start=1):
        cards.append(score(plan, measures=measures))
        tell(number / len(every))
    if today is not None:
        cards[0] = replace(cards[0], plan=cards[0].existing or cards[0].plan)
    return Comparison(tuple(every), tuple(_matched(list(every.values()))), tuple(cards))


def _is_complete(plan: Assignment) -> bool:
    graph = plan.network.graph
    return bool(((plan.school_community >= 0) | graph.is_apart[graph.school_node]).all())


def _matched(plans: list[Assignment]) -> list[Assignment]:
    """Give each plan's communities the ids and names of those before that they match."""
    schools = plans[0].district.schools.loc[list(plans[0].network.graph.school_ids)]
    enrollment = schools["enrollment"].to_numpy(np.float64)
    labels: dict[str, str] = {}  # name of every community so far, by id
    homes: list[IntArray] = []  # for each plan so far, the label of each school
    done: list[Assignment] = []
    for plan in plans:
        match = _match(plan, homes, enrollment)
        named = _named(plan, match, labels)
        labels |= named
        order = {label: index for index, label in enumerate(labels)}
        codes = np.array([*(order[label] for label in named), -1], dtype=np.int64)
        homes.append(codes[plan.school_community])
        ids, names = tuple(named), tuple(named.values())
        done.append(replace(plan, community_ids=ids, community_names=names))
    return done


def _named(plan: Assignment, match: IntArray, labels: dict[str, str]) -> dict[str, str]:
    """Return the name of each community by id: a label it takes over, or its own if free."""
    known = list(labels.items())
    ids, names = set(labels), set(labels.values())
    named: dict[str, str] = {}
    for at, own in zip(
        match.tolist(), zip(plan.community_ids, plan.community_names, strict=True), strict=True
    ):
        label, name = known[at] if at >= 0 else (_free(own[0], ids), _free(own[1], names))
        ids.add(label)
        names.add(name)
        named[label] = name
    return named


def _match(plan: Assignment, homes: list[IntArray], enrollment: FloatArray) -> IntArray:
    """Shape (n_communities,): the label that each community takes over; -1 is none."""
    match = np.full(plan.n_communities, -1, dtype=np.int64)
    if not homes:
        return match
    before = np.concatenate(homes)
    here = np.tile(plan.school_community, len(homes))
    both = (before >= 0) & (here >= 0)
    if not both.any():
        return match
    here, before, weights = here[both], before[both], np.tile(enrollment, len(homes))[both]
    found = relabelling(here, before, weights)
    met = set(zip(here.tolist(), before.tolist(), strict=True))
    for community, label in enumerate(found.tolist()):
        if (community, label) in met:
            match[community] = label
    return match


def _free(wanted: str, taken: set[str]) -> str:
    """Return a text that is not taken: the one wanted, or that with a number."""
    number = 2
    free = wanted
    while free in taken:
        free, number = f"{wanted} ({number})", number + 1
    return free
