"""What a file tells of the plans in it: the headlines, and what they would be in another world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import GRADE_COLUMNS, MODELED
from feeder.measures import balance, capacity, continuity, disruption, feeders
from feeder.measures.flow_variants import Flows
from feeder.measures.grouping import existing, planned
from feeder.measures.inputs import MeasureInputs, measure_inputs
from feeder.measures.scorecard import Value
from feeder.network.graph import FloatArray, IntArray
from feeder.planning import Assignment
from feeder.planning.community_totals import totals
from feeder.publishing.audit.unknowns import FLOW, Unknowns
from feeder.publishing.digits import Digits, told_as
from feeder.publishing.flow_cells import highest_grade

AUDITED: Final[Mapping[str, int]] = {
    "feeder_continuity": 3,
    "k12_continuity": 3,
    "enrollment_deviation": 3,
    "need_deviation": 3,
    "capacity_utilization": 3,
    "split_across_communities": 0,
    "schools_moved": 0,
}
"""Headlines that are told true, and their decimals: a tenth of a percent, and whole counts."""
_EDGE: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """One division of the schools that a file tells the headlines of.

    Attributes
    ----------
    name
        The plan's id, or ``today``.
    school
        Shape (n_schools,): community of each school, in the order of the graph; -1 is none.
    n
        Number of communities.
    today
        Shape (n_schools,): the same of today's plan; None where nothing is compared.
    """

    name: str
    school: IntArray
    n: int
    today: IntArray | None = None


def divisions(plans: Iterable[Assignment]) -> tuple[Division, ...]:
    """Return the divisions of some plans, and today's once."""
    found: dict[str, Division] = {}
    for plan in plans:
        own, today = planned(plan), existing(plan)
        before = None if today is None else today.school
        found[plan.plan_id] = Division(plan.plan_id, own.school, own.n, before)
        if today is not None:
            found["today"] = Division("today", today.school, today.n)
    return tuple(found.values())


@dataclass(frozen=True, slots=True, eq=False)
class PossibleWorld:
    """One set of counts that may be the true one: all that headlines rest on."""

    flows: Flows
    schools: pd.DataFrame
    need: FloatArray | None


class WorldMaker:
    """Makes worlds of the values of unknowns, and tells what the headlines are there."""

    def __init__(self, assignment: Assignment, hidden: Unknowns) -> None:
        self.inputs: MeasureInputs = measure_inputs(assignment)
        self.hidden = hidden
        district = assignment.district
        self.order = district.schools.index.get_indexer(
            pd.Index(assignment.network.graph.school_ids)
        )
        self.weights = pd.Series(district.statistics.need_weights, dtype=np.float64)
        self.counts = district.statistics.counts[list(self.weights.index)].fillna(0.0)
        self.counted = ~district.schools["leavers_estimated"].to_numpy(np.bool_)
        self.is_modeled = np.isin(assignment.network.graph.flow_source, sorted(MODELED))
        self.has_grades = district.grade_enrollment is not None

    def of(self, values: FloatArray) -> PossibleWorld:
        """Return the world in which the unknowns have some values; shape (n,)."""
        hidden = self.hidden
        rows = hidden.of(FLOW)
        rows = rows[hidden.is_measured[rows]]
        flows = self.inputs.flows[0]
        schools = self._schools(values)
        students = np.where(self.is_modeled, flows.students * self._grown(schools), flows.students)
        students[hidden.row[rows]] = values[rows]
        return PossibleWorld(
            replace(flows, students=students, low=students, high=students),
            schools,
            self._need(values),
        )

    def _grown(self, schools: pd.DataFrame) -> FloatArray:
        """Shape (n_flows,): leavers of a row's sender over the true ones; modeled flows follow."""
        true = self.inputs.schools["leavers"].to_numpy(np.float64)
        now = schools["leavers"].to_numpy(np.float64)
        grown = np.divide(now, true, out=np.ones(len(true)), where=true > 0)
        return np.asarray(grown[self.inputs.flows[0].sender], dtype=np.float64)

    def _schools(self, values: FloatArray) -> pd.DataFrame:
        """Return the schools with their enrollment, and what enters and leaves."""
        hidden, schools = self.hidden, self.inputs.schools.copy()
        back = np.argsort(self.order)
        own: dict[str, FloatArray] = {
            name: schools[name].to_numpy(np.float64).copy() for name in _OF_SCHOOLS
        }
        entering = own["entering"] > 0
        for at in hidden.of("enrollment"):
            here = back[hidden.row[at]]
            grown = values[at] / hidden.truth[at]
            own["enrollment"][here] = values[at]
            if not self.has_grades:
                own["entering"][here] *= grown
                own["leavers"][here] *= grown
        last = highest_grade(schools)
        for grade, name in enumerate(GRADE_COLUMNS[1:-1]):
            for at in hidden.of(f"grade {name}"):
                here = back[hidden.row[at]]
                if grade == 0 and entering[here]:
                    own["entering"][here] = values[at]
                if last[here] == grade and self.counted[hidden.row[at]]:
                    own["leavers"][here] = values[at]
        return schools.assign(**own)

    def _need(self, values: FloatArray) -> FloatArray | None:
        if self.inputs.need is None:
            return None
        counts: FloatArray = self.counts.to_numpy(np.float64).copy()
        for column, name in enumerate(self.counts.columns):
            cells = self.hidden.of(f"count {name}")
            counts[self.hidden.row[cells], column] = values[cells]
        need: FloatArray = (counts @ self.weights.to_numpy())[self.order]
        return need

    def headlines(self, world: PossibleWorld, division: Division) -> dict[str, float | None]:
        """Return the headlines of a division in a world, to every digit."""
        home, n, schools = division.school, division.n, world.schools
        enrollment, room = (
            schools[name].to_numpy(np.float64) for name in ("enrollment", "capacity")
        )
        found: dict[str, Value] = {
            "feeder_continuity": continuity.feeder_continuity(world.flows, home),
            "k12_continuity": continuity.k12_continuity(world.flows, home, schools),
            "split_across_communities": feeders.split_across_communities(
                world.flows, home, schools
            ),
            "enrollment_deviation": balance.largest_deviation(
                totals(enrollment, home, n), "students"
            ),
            "capacity_utilization": capacity.capacity_measures(enrollment, room, home, n)[
                "capacity_utilization"
            ],
        }
        if world.need is not None:
            found["need_deviation"] = balance.largest_deviation(totals(world.need, home, n), "need")
        if division.today is not None:
            found["schools_moved"] = disruption.disruption(home, division.today, enrollment)[
                "schools_moved"
            ]
        return {name: value.value for name, value in found.items()}


_OF_SCHOOLS: Final = ("enrollment", "entering", "leavers")


def broken(
    told: Mapping[str, float | None], there: Mapping[str, float | None], digits: Digits
) -> tuple[str, ...]:
    """Return the headlines that would be told otherwise in another world."""
    return tuple(
        name
        for name, value in told.items()
        if (places := digits.get(name)) is not None and not _same(value, there[name], places)
    )


def band(value: float, places: int) -> tuple[float, float]:
    """Return the least and the most of what is told alike."""
    half = 0.5 * 10.0**-places
    middle = told_as(value, places)
    return middle - half + _EDGE, middle + half - _EDGE


def _same(one: float | None, other: float | None, places: int) -> bool:
    if one is None or other is None:
        return one is other
    low, high = band(one, places)
    return low <= other <= high
