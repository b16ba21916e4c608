"""Budgets of change against today's plan (``budgets``), which hold however change is counted.

Campuses never part, but today's plan may part one. The search lets a campus go with its first
school; the measures count every school. What the two may differ by is held back of each budget, so
that a plan which keeps it here keeps it there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import entr

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
        """Tell budgets under what must move: today's plan parts campuses, which never part."""
        del zones
        needed = must_move(asked)
        for name, noun in (("schools_moved", "schools"), ("students_moved", "students")):
            least, most = float(needed[noun]), asked.scenario.budgets.get(name)
            if most is not None and most < least:
                # The budget as it is written in a scenario.
                yield Message(f"cannot.budget_{name}", {"most": f"{most:,g}", "least": least})

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give today's plan, and the budgets as the search must keep them."""
        del network
        return {"today": node_today(asked), "budgets": search_budgets(asked)}

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


def schools_today(asked: Asked) -> pd.DataFrame:
    """Return the schools that have a community today, one row each, in the graph's order.

    Columns: ``node``, ``today`` (index of the community), ``led`` (that of its campus in
    :func:`node_today`), ``students`` and ``schools`` (1).
    """
    schools, plan = asked.table, asked.district.existing_plan
    today = pd.Series(np.nan, schools.index) if plan is None else plan.reindex(schools.index)
    ids = {one: index for index, one in enumerate(sorted(today.dropna().unique()))}
    table = pd.DataFrame(
        {
            "node": asked.graph.school_node,
            "today": today.map(ids).to_numpy(),
            "led": node_today(asked)[asked.graph.school_node],
            "students": schools["enrollment"].to_numpy(np.float64),
            "schools": 1.0,
        }
    )
    return table[table["today"].notna()]


def must_move(asked: Asked) -> pd.Series[float]:
    """Return the fewest ``schools`` and ``students`` that any plan of whole campuses moves."""
    sizes = schools_today(asked).groupby(["node", "today"])[["schools", "students"]].sum()
    by_campus = sizes.groupby("node")
    return (by_campus.sum() - by_campus.max()).sum()


def search_budgets(asked: Asked) -> dict[str, float]:
    """Return the budgets as the search must keep them.

    Schools and students of a campus that are not in the community it goes with may all count as
    moved. Variation of information is a distance, so what lies between both ways to count is the
    most it can add. Of pairs of students, those that only the measures see may all be parted.
    """
    if not asked.scenario.budgets:
        return {}
    table = schools_today(asked)
    led_away = table[table["today"] != table["led"]]
    seen = _pairs(table, ["today"])
    unseen = seen - _pairs(table, ["today", "led"])
    led = node_today(asked)
    campuses = pd.DataFrame({"led": led, "students": asked.enrollment})
    searched = _pairs(campuses[led >= 0], ["led"])
    kept = {
        "schools_moved": lambda most: most - led_away["schools"].sum(),
        "students_moved": lambda most: most - led_away["students"].sum(),
        "variation_of_information": lambda most: most - _between(table),
        "students_separated": lambda most: (most * seen - unseen) / max(searched, 1.0),
    }
    return {
        name: max(0.0, float(kept[name](most)))
        for name, most in sorted(asked.scenario.budgets.items())
    }


def _pairs(table: pd.DataFrame, by: list[str]) -> float:
    """Return the pairs of students of two rows of one group."""
    together = table.groupby(by)["students"].sum()
    return float((together**2).sum() - (table["students"] ** 2).sum()) / 2


def _between(table: pd.DataFrame) -> float:
    """Return the variation of information between both ways to count today's plan, in nats."""
    total = table["students"].sum()
    if total <= 0:
        return 0.0
    both, own, led = (
        entr((table.groupby(by)["students"].sum() / total).to_numpy()).sum()
        for by in (["today", "led"], ["today"], ["led"])
    )
    return max(0.0, float(2 * both - own - led))


def _overdrawn(plan: Judged, name: str, most: float) -> Iterator[Violation]:
    """Yield a budget that is overdrawn, or whose figure is unknown."""
    change = plan.measured.change(name)
    if change.value is None:
        reason = change.reason or Message("missing.nothing_shared")
        yield Violation("", "unknown", most, change.unit, reason)
    elif change.value > most * (1 + SLACK) + SLACK:
        said = Message(f"broken.budget_{name}", {"n": change.value, "most": most})
        yield Violation("", change.value, most, change.unit, said)
