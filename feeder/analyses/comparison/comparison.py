"""Plans side by side: communities matched, so that names stay, and every measure in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from feeder.analyses.contract import Result
from feeder.errors import Problem
from feeder.language import Message
from feeder.measures.disruption import moved, placed_by_both
from feeder.measures.grouping import today_of
from feeder.measures.own import OwnMeasure
from feeder.measures.score import score
from feeder.measures.scorecard import Measure, Scorecard
from feeder.network.graph import IntArray
from feeder.opening.reading import TODAY
from feeder.planning import Assignment
from feeder.planning.carrying import beside
from feeder.planning.identity import Community, free_name
from feeder.planning.matching import one_to_one
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
        """How communities are called."""
        told = (Message("identity.compared"),)
        return (Section(Message("identity.title"), told, ()),) if len(self.names) > 1 else ()

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
        """Name of every community of any plan by its id, today's last."""
        found: dict[str, str] = {}
        for plan in sorted(self.assignments, key=lambda plan: plan.is_today):
            for one in plan.communities:
                found.setdefault(one.id, one.name)
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

    Each plan's communities are matched one to one, in the order given, to those of all plans before
    it, so that most students keep their community, and take number, name and color over
    (:func:`~feeder.planning.matching.one_to_one`). A community that shares no school with any that
    is left keeps its own name, or takes a new one where another has it. Today's plan keeps its
    names and shares the colors of the first plan (:func:`~feeder.planning.carrying.beside`).

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
    """Give each plan's communities the identities of those before that they match.

    The first plan that is not today's leads; today's goes beside it.
    """
    others = [plan for plan in plans if not plan.is_today]
    pool: dict[str, Community] = {}
    homes: list[IntArray] = []  # for each plan so far, the place in the pool of each school
    done: list[Assignment] = []
    for plan in others:
        made = _of_pool(plan, pool, homes)
        pool |= {one.id: pool.get(one.id, one) for one in made.communities}
        place = {one: at for at, one in enumerate(pool)}
        codes = np.array([*(place[one] for one in made.community_ids), -1], dtype=np.int64)
        homes.append(codes[plan.school_community])
        done.append(made)
    if len(others) == len(plans):
        return done
    first = done[0] if done else plans[0]
    rest = iter(done)
    return [_today(plan, first) if plan.is_today else next(rest) for plan in plans]


def _of_pool(plan: Assignment, pool: dict[str, Community], homes: list[IntArray]) -> Assignment:
    """Return a plan whose communities are of the pool as far as they match, else new to it."""
    if not homes:
        return plan
    shape, times = (plan.n_communities, len(pool)), len(homes)
    here, students = np.tile(plan.school_community, times), np.tile(plan.ground.students, times)
    match = one_to_one(here, np.concatenate(homes), students, shape).tolist()
    known, ids, names = list(pool.values()), set(pool), {one.name for one in pool.values()}
    given = []
    for own, at in zip(plan.communities, match, strict=True):
        new = Community(free_name(own.id, ids), name=free_name(own.name, names))
        one = new if at < 0 else known[at]
        ids.add(one.id)
        names.add(one.name)
        given.append(replace(one, office_school_id=own.office_school_id))
    return plan.known_as(given, numbers={one.number for one in known})


def _today(today: Assignment, plan: Assignment) -> Assignment:
    """Return today's plan beside another, under the ids of the communities that match."""
    ids = set(plan.community_ids)
    given = []
    for one, at in zip(beside(today, plan).communities, today.match(plan).tolist(), strict=True):
        own = plan.communities[at].id if at >= 0 else free_name(one.id, ids)
        ids.add(own)
        given.append(replace(one, id=own))
    return replace(today, communities=tuple(given))
