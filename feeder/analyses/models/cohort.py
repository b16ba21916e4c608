"""Cohort: one high school with the schools that send it the most pupils; the rest in none."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from feeder.analyses.models.model_input import EXACT, ModelInput, ModelPlan
from feeder.analyses.models.reach import Reach, reach_of
from feeder.language import Message
from feeder.network.graph import FloatArray, IntArray
from feeder.opening.schools import find_school
from feeder.terms import SLACK

LEAST: Final = 0.1
"""Share of a school's leavers that must come to the high school for it to belong."""


def cohort(inputs: ModelInput) -> ModelPlan | Message:
    """Gather the schools that send most pupils to one high school, as many as one community holds.

    Pupils count at every step before it (:func:`~feeder.analyses.models.reach.reach_of`). Schools
    that send it under a tenth of their leavers do not belong. A campus comes whole, while there
    is room under the scenario's most schools; the pupils of its schools add up.

    Raises
    ------
    InputError
        Where the planner named a school that is no such high school.
    """
    reach = reach_of(inputs)
    if not len(reach.highs):
        return Message("model.none.high_schools")
    chosen = _chosen(inputs, reach)
    head = int(reach.highs[chosen])
    sent = np.round(reach.share[:, chosen] * reach.leavers, EXACT)
    sent[head] = 0.0
    members, left_out = _members(inputs, reach, head, sent)
    node = np.full(inputs.network.graph.n_nodes, -1, dtype=np.int64)
    node[members] = 0
    senders = _senders(inputs, reach, head, sent, node)
    name = str(inputs.schools["name"].iloc[head])
    notes = [Message("model.note.cohort", {"school": name, "n": len(senders)})]
    if left_out:
        notes.append(Message("model.note.cohort_full", {"n": left_out}))
    return ModelPlan(assignment=inputs.plan(node), notes=tuple(notes), senders=senders)


def _members(
    inputs: ModelInput, reach: Reach, head: int, sent: FloatArray
) -> tuple[list[int], int]:
    """Return the campuses of a cohort, its high school's first, and how many did not fit."""
    graph = inputs.network.graph
    size = np.bincount(graph.school_node, minlength=graph.n_campuses)
    pupils = inputs.campus_sums(sent)
    leavers = inputs.campus_sums(np.where(sent > 0, reach.leavers, 0.0))
    belongs = (pupils > 0) & (pupils >= LEAST * leavers * (1 - SLACK))
    belongs &= ~inputs.by_place() & ~graph.is_apart[: graph.n_campuses]
    first = int(graph.school_node[head])
    belongs[first] = False
    members, room = [first], inputs.scenario.schools[1] - int(size[first])
    for campus in sorted(np.flatnonzero(belongs).tolist(), key=lambda one: (-pupils[one], one)):
        if size[campus] <= room:
            members.append(campus)
            room -= int(size[campus])
    return members, int(belongs.sum()) - len(members) + 1


def _senders(
    inputs: ModelInput, reach: Reach, head: int, sent: FloatArray, node: IntArray
) -> pd.DataFrame:
    """Return the schools of the cohort but its high school, and the pupils each sends."""
    table = inputs.schools
    inside = node[inputs.network.graph.school_node] == 0
    inside[head] = False
    rows = np.flatnonzero(inside)
    leavers = reach.leavers[rows]
    frame = pd.DataFrame(
        {
            "school_id": table.index[rows],
            "name": table["name"].to_numpy()[rows],
            "students": sent[rows],
            "share": np.divide(sent[rows], leavers, out=np.zeros(len(rows)), where=leavers > 0),
        }
    )
    return frame.sort_values(["students", "school_id"], ascending=[False, True], ignore_index=True)


def named_high_school(inputs: ModelInput) -> str | None:
    """Return the id of the high school that a cohort is asked of, by id or name; None for none.

    Raises
    ------
    InputError
        Where no high school that pupils are sent to is meant, or several could be.
    """
    asked = inputs.options.cohort
    if asked is None:
        return None
    graph, names = inputs.network.graph, inputs.schools["name"]
    highs = [graph.school_ids[school] for school in reach_of(inputs).highs.tolist()]
    return find_school(names, asked, among=highs, kind="high school that pupils are sent to")


def _chosen(inputs: ModelInput, reach: Reach) -> int:
    """Return which of the high schools the cohort is of: the one named, or the largest."""
    named = named_high_school(inputs)
    if named is None:
        pupils = inputs.schools["enrollment"].to_numpy(np.float64)[reach.highs]
        return int(pupils.argmax())
    return [inputs.network.graph.school_ids[school] for school in reach.highs.tolist()].index(named)
