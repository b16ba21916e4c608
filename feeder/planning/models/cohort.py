"""Cohort: one high school with the schools that send it the most pupils; the rest in none."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from feeder.district.wording import listed
from feeder.errors import InputError, Problem
from feeder.language import Said
from feeder.planning.models.case import Case, Made
from feeder.planning.models.reach import Reach, reach_of

LEAST: Final = 0.1
"""Share of a school's leavers that must come to the high school for it to belong."""
EXACT: Final = 9


def cohort(case: Case) -> Made | Said:
    """Gather the schools that send most pupils to one high school, as many as one community holds.

    Pupils count at every step before it (:func:`~feeder.planning.models.reach.reach_of`). Schools
    that send it under a tenth of their leavers do not belong. A campus comes whole, while there
    is room under the scenario's most schools; the pupils of its schools add up.

    Raises
    ------
    InputError
        Where the planner named a school that is no such high school.
    """
    reach = reach_of(case)
    if not len(reach.highs):
        return Said("model.none.high_schools")
    chosen = _chosen(case, reach)
    graph, table = case.network.graph, case.schools
    share = reach.share[:, chosen]
    sent = np.round(share * reach.leavers, EXACT)
    head = int(reach.highs[chosen])
    sent[head] = 0.0
    by_place = case.by_place()
    campus_sent = case.campus_sums(sent)
    leaving = case.campus_sums(np.where(sent > 0, reach.leavers, 0.0))
    size = np.bincount(graph.school_node, minlength=graph.n_campuses)
    head_campus = int(graph.school_node[head])
    belongs = (campus_sent > 0) & (campus_sent >= LEAST * leaving - 1e-9)
    belongs &= ~by_place & ~graph.is_apart[: graph.n_campuses]
    belongs[head_campus] = False
    chosen_campuses, room = [head_campus], case.scenario.schools[1] - int(size[head_campus])
    for campus in sorted(np.flatnonzero(belongs).tolist(), key=lambda c: (-campus_sent[c], c)):
        if size[campus] <= room:
            chosen_campuses.append(campus)
            room -= int(size[campus])
    node = np.full(graph.n_nodes, -1, dtype=np.int64)
    node[chosen_campuses] = 0
    rows = np.flatnonzero((node[graph.school_node] == 0) & (np.arange(len(table)) != head))
    senders = pd.DataFrame(
        {
            "school_id": table.index[rows],
            "name": table["name"].to_numpy()[rows],
            "students": sent[rows],
            "share": np.where(sent[rows] > 0, share[rows], 0.0),
        }
    ).sort_values(["students", "school_id"], ascending=[False, True], ignore_index=True)
    left_out = int(belongs.sum()) - len(chosen_campuses) + 1
    note = Said(
        "model.note.cohort",
        {"school": str(table["name"].iloc[head]), "n": len(rows), "others": left_out},
    )
    return Made(assignment=case.plan(node), notes=(note,), senders=senders)


def _chosen(case: Case, reach: Reach) -> int:
    """Return which of the high schools the cohort is of: the one named, or the largest."""
    graph, asked = case.network.graph, case.options.cohort
    ids = [graph.school_ids[school] for school in reach.highs.tolist()]
    if asked is None:
        pupils = case.schools["enrollment"].to_numpy(np.float64)[reach.highs]
        return int(pupils.argmax())
    if asked in ids:
        return ids.index(asked)
    names = case.schools["name"]
    problem = Problem(
        rule="no-such-high-school",
        message=f"the cohort of {asked!r}: no high school that pupils are sent to has this id.",
        fix=f"Name one of {listed(f'{names[one]} ({one})' for one in ids)}.",
        value=asked,
    )
    raise InputError([problem])
