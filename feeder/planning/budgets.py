"""Today's plan as the search counts it, and budgets of change that hold however it is counted.

Campuses never part, but today's plan may part one. The search lets a campus go with its first
school; the measures count every school. What the two may differ by is held back of each budget, so
that a plan which keeps it here keeps it there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import entr

from feeder.district.model import District
from feeder.network.graph import FeederGraph
from feeder.scenario import Scenario

IntArray = npt.NDArray[np.int64]


def node_today(district: District, graph: FeederGraph) -> IntArray:
    """Shape (n_nodes,): community of each campus in the existing plan, from 0; -1 is none.

    A campus goes with the first of its schools that has a community today; the numbers follow
    the sorted community ids.
    """
    today = np.full(graph.n_nodes, -1, dtype=np.int64)
    if district.existing_plan is None:
        return today
    by_school = district.existing_plan.reindex(list(graph.school_ids))
    ids = sorted(by_school.dropna().unique())
    code = by_school.map({community: index for index, community in enumerate(ids)}).fillna(-1)
    placed = np.flatnonzero(code.to_numpy() >= 0)[::-1]
    today[graph.school_node[placed]] = code.to_numpy(dtype=np.int64)[placed]
    return today


def schools_today(district: District, graph: FeederGraph) -> pd.DataFrame:
    """Return the schools that have a community today, one row each, in the graph's order.

    Columns: ``node``, ``today`` (index of the community), ``led`` (that of its campus in
    :func:`node_today`), ``students`` and ``schools`` (1).
    """
    schools = district.schools.loc[list(graph.school_ids)]
    plan = district.existing_plan
    today = pd.Series(np.nan, schools.index) if plan is None else plan.reindex(schools.index)
    ids = {one: index for index, one in enumerate(sorted(today.dropna().unique()))}
    table = pd.DataFrame(
        {
            "node": graph.school_node,
            "today": today.map(ids).to_numpy(),
            "led": node_today(district, graph)[graph.school_node],
            "students": schools["enrollment"].to_numpy(np.float64),
            "schools": 1.0,
        }
    )
    return table[table["today"].notna()]


def must_move(district: District, graph: FeederGraph) -> pd.Series[float]:
    """Return the fewest ``schools`` and ``students`` that any plan of whole campuses moves."""
    sizes = schools_today(district, graph).groupby(["node", "today"])[["schools", "students"]].sum()
    by_campus = sizes.groupby("node")
    return (by_campus.sum() - by_campus.max()).sum()


def search_budgets(district: District, graph: FeederGraph, scenario: Scenario) -> dict[str, float]:
    """Return the budgets as the search must keep them.

    Schools and students of a campus that are not in the community it goes with may all count as
    moved. Variation of information is a distance, so what lies between both ways to count is the
    most it can add. Of pairs of students, those that only the measures see may all be parted.
    """
    if not scenario.budgets:
        return {}
    table = schools_today(district, graph)
    led_away = table[table["today"] != table["led"]]
    seen = _pairs(table, ["today"])
    unseen = seen - _pairs(table, ["today", "led"])
    enrollment = district.schools["enrollment"].reindex(list(graph.school_ids)).to_numpy(np.float64)
    campus = np.bincount(graph.school_node, weights=enrollment, minlength=graph.n_nodes)
    led = node_today(district, graph)
    searched = _pairs(pd.DataFrame({"led": led, "students": campus})[led >= 0], ["led"])
    kept = {
        "schools_moved": lambda most: most - led_away["schools"].sum(),
        "students_moved": lambda most: most - led_away["students"].sum(),
        "variation_of_information": lambda most: most - _between(table),
        "students_separated": lambda most: (most * seen - unseen) / max(searched, 1.0),
    }
    return {
        name: max(0.0, float(kept[name](most))) for name, most in sorted(scenario.budgets.items())
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
