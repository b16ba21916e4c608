"""One row of scores a plan: the measures' own definitions, made ready for many plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.measures.balance import largest_deviation
from feeder.measures.capacity import capacity_measures
from feeder.measures.continuity import feeder_continuity, stay_probability
from feeder.measures.disruption import disruption
from feeder.measures.flow_variants import Flows
from feeder.measures.grouping import Grouping, existing
from feeder.measures.inputs import measure_inputs
from feeder.measures.shape import school_distances_km
from feeder.network.graph import FloatArray, IntArray
from feeder.partition.problem import PartitionProblem
from feeder.planning import Assignment
from feeder.planning.community_totals import totals
from feeder.planning.prepared import Prepared
from feeder.terms import ON_LABELS

MEASURES: Final = ON_LABELS
"""What a plan is scored on, by the names of the scorecard; the rest needs drawn polygons."""
OBJECTIVE: Final = "objective"
"""The column of the value that the search maximises."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scorer:
    """What scoring needs of a district, looked up once; it travels to wherever chains run.

    Attributes
    ----------
    problem
        The partition problem.
    kept
        Shape (n_units,): the network's node of each unit.
    school_node
        Shape (n_schools,): node of each school; there are ``n_nodes`` nodes.
    schools
        The district's schools in the order of ``school_node``.
    flows
        The flows as used.
    enrollment, need
        Shape (n_schools,); need is None where the district has none.
    distances
        Shape (n_schools, n_schools): km between schools.
    land_a, land_b
        Shape (n_land_contacts,): the nodes of each contact between tiles.
    today
        The existing plan; None where there is none.
    """

    problem: PartitionProblem
    kept: IntArray
    school_node: IntArray
    n_nodes: int
    schools: pd.DataFrame
    flows: Flows
    enrollment: FloatArray
    need: FloatArray | None
    distances: FloatArray
    land_a: IntArray
    land_b: IntArray
    today: Grouping | None

    @classmethod
    def of(cls, prepared: Prepared, assignment: Assignment) -> Scorer:
        """Gather what scoring needs; ``assignment`` is any plan of the prepared district."""
        inputs, graph = measure_inputs(assignment), prepared.network.graph
        land = graph.is_land_contact
        columns = ["grades", "leavers", "entering", "capacity"]
        return cls(
            # A plain mapping travels between processes; a proxy does not.
            problem=replace(prepared.problem, weights=dict(prepared.problem.weights)),
            kept=prepared.kept,
            school_node=graph.school_node,
            n_nodes=graph.n_nodes,
            schools=inputs.schools[columns],
            flows=inputs.flows[0],
            enrollment=inputs.enrollment,
            need=inputs.need,
            distances=school_distances_km(inputs.schools),
            land_a=graph.contact_a[land],
            land_b=graph.contact_b[land],
            today=existing(assignment),
        )

    def scores(self, plans: npt.NDArray[np.int16]) -> FloatArray:
        """Score plans of the problem.

        Parameters
        ----------
        plans
            Shape (n_plans, n_units): community of each unit.

        Returns
        -------
        Shape (n_plans, 1 + len(MEASURES)): the objective, then MEASURES; NaN without a value.
        """
        rows = np.empty((len(plans), 1 + len(MEASURES)))
        for row, plan in zip(rows, plans.astype(np.int64), strict=True):
            node = np.full(self.n_nodes, -1, dtype=np.int64)
            node[self.kept] = plan
            row[0] = self.problem.objective(plan)
            row[1:] = self.of_division(
                node[self.school_node], node, self.problem.n_communities, of_change=True
            )
        return rows

    def of_division(
        self, school: IntArray, node: IntArray, n: int, *, of_change: bool
    ) -> FloatArray:
        """Return MEASURES of any division of the district.

        Parameters
        ----------
        school, node
            Shape (n_schools,) and (n_nodes,): community of each; -1 is none.
        n
            Number of communities.
        of_change
            Whether to measure the distance from today's plan; NaN otherwise.
        """
        found = {
            "feeder_continuity": feeder_continuity(self.flows, school).value,
            "k12_continuity": self._k12_continuity(school),
            "cut_contacts": self._cut_contacts(node),
            "diameter_km": self._diameter_km(school, n),
            "enrollment_deviation": largest_deviation(
                totals(self.enrollment, school, n), "students"
            ).value,
        }
        room = capacity_measures(
            self.enrollment, self.schools["capacity"].to_numpy(np.float64), school, n
        )
        found["capacity_deviation"] = room["capacity_deviation"].value
        if self.need is not None:
            found["need_deviation"] = largest_deviation(totals(self.need, school, n), "need").value
        if self.today is not None and of_change:
            change = disruption(school, self.today.school, self.enrollment)
            found |= {name: value.value for name, value in change.items()}
        values = [found.get(name) for name in MEASURES]
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    def _k12_continuity(self, school: IntArray) -> float | None:
        entering = self.schools["entering"].to_numpy(np.float64)
        total = float(entering.sum())
        if total == 0:
            return None
        return float(entering @ stay_probability(self.flows, school, self.schools)) / total

    def _cut_contacts(self, node: IntArray) -> float | None:
        a, b = node[self.land_a], node[self.land_b]
        placed = (a >= 0) & (b >= 0)
        return float((placed & (a != b)).sum() / placed.sum()) if placed.any() else None

    def _diameter_km(self, school: IntArray, n: int) -> float | None:
        members = [np.flatnonzero(school == c) for c in range(n)]
        reach = [self.distances[np.ix_(own, own)].max() for own in members if len(own)]
        return float(max(reach)) if reach else None
