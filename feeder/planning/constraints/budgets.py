"""Budgets of change against today's plan (``budgets``).

Campuses never part, but today's plan may part one: the search counts each of its schools where it
is today, as the measures do, and begins with the campus where the first of them is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from feeder.errors import Problem
from feeder.language import Message
from feeder.network.graph import IntArray
from feeder.network.model import Network
from feeder.partition.problem import Origins
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.contract import Constraint
from feeder.planning.constraints.judged import (
    ConstraintResult,
    Judged,
    Violation,
    result,
)
from feeder.planning.constraints.today import without_today
from feeder.planning.zones import Zones
from feeder.terms import BUDGETABLE, SLACK


class Budgets(Constraint):
    """The most of each figure of change."""

    def problems(self, asked: Asked) -> Iterator[Problem]:
        """Tell budgets on figures that this district cannot have."""
        for name in BUDGETABLE:
            if name in asked.scenario.budgets:
                yield from without_today(asked, "budgets", name)

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell budgets under what must move, since no community has room for it."""
        del zones
        for name, least in must_move(asked).items():
            most = asked.scenario.budgets.get(name)
            if most is not None and most < least:
                # The budget as it is written in a scenario.
                yield Message(f"cannot.budget_{name}", {"most": f"{most:,g}", "least": least})

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give today's plan, of campuses and of schools, and the budgets."""
        del network
        return {
            "today": node_today(asked),
            "today_parts": origins_today(asked),
            "budgets": dict(sorted(asked.scenario.budgets.items())),
        }

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find the budgets that are overdrawn."""
        for name, most in sorted(plan.scenario.budgets.items()):
            yield result(f"budget_{name}", _overdrawn(plan, name, most), {"most": most})

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the budgets by name."""
        return {"budgets": sorted(plan.scenario.budgets.items())}


def node_today(asked: Asked) -> IntArray:
    """Shape (n_nodes,): community of each campus in the existing plan, from 0; -1 is none.

    A campus goes with the first of its schools that has a community today; the numbers follow
    the sorted community ids.
    """
    district, graph = asked.district, asked.graph
    today = np.full(graph.n_nodes, -1, dtype=np.int64)
    if district.existing_plan is None:
        return today
    by_school = district.existing_plan.reindex(list(graph.school_ids))
    ids = sorted(by_school.dropna().unique())
    code = by_school.map({community: index for index, community in enumerate(ids)}).fillna(-1)
    placed = np.flatnonzero(code.to_numpy() >= 0)[::-1]
    today[graph.school_node[placed]] = code.to_numpy(dtype=np.int64)[placed]
    return today


def origins_today(asked: Asked) -> Origins:
    """Return where the schools of each campus are in the existing plan."""
    schools, plan = asked.table, asked.district.existing_plan
    today = pd.Series(np.nan, schools.index) if plan is None else plan.reindex(schools.index)
    ids = {one: index for index, one in enumerate(sorted(today.dropna().unique()))}
    students = schools["enrollment"].to_numpy(np.float64)
    table = pd.DataFrame(
        {
            "unit": asked.graph.school_node,
            "community": today.map(ids).to_numpy(np.float64),
            "students": students,
            "schools": 1,
            "squares": students**2,
        }
    ).dropna()
    found = table.groupby(["unit", "community"]).sum().reset_index()
    return Origins(
        found["unit"].to_numpy(np.int64),
        found["community"].to_numpy(np.int64),
        found["students"].to_numpy(np.float64),
        found["schools"].to_numpy(np.int64),
        found["squares"].to_numpy(np.float64),
    )


def must_move(asked: Asked) -> dict[str, float]:
    """Return the fewest schools and students that any plan moves, by measure.

    A community that carries on one of today keeps no more of it than it may have, and one that
    carries on none is made of what moves, and of schools without a community today.
    """
    origins, scenario = origins_today(asked), asked.scenario
    schools = np.bincount(origins.community, weights=origins.schools)
    students = np.bincount(origins.community, weights=origins.students)
    ceiling = asked.enrollment.sum() / asked.n * (1 + scenario.enrollment_tolerance)
    fewest, most = scenario.schools
    new = (asked.n - len(schools)) * fewest - (int(asked.schools.sum()) - schools.sum())
    return {
        "schools_moved": float(max(np.maximum(schools - most, 0).sum(), new)),
        "students_moved": float(np.ceil(np.maximum(students - ceiling, 0).sum() - SLACK)),
    }


def _overdrawn(plan: Judged, name: str, most: float) -> Iterator[Violation]:
    """Yield a budget that is overdrawn, or whose figure is unknown."""
    change = plan.measured.change(name)
    if change.value is None:
        reason = change.reason or Message("missing.nothing_shared")
        yield Violation("", "unknown", most, change.unit, reason)
    elif change.value > most * (1 + SLACK) + SLACK:
        said = Message(f"broken.budget_{name}", {"n": change.value, "most": most})
        yield Violation("", change.value, most, change.unit, said)
