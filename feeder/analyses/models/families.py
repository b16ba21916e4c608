"""Families: each high school with its feeders."""

from __future__ import annotations

import numpy as np

from feeder.analyses.models.model_input import EXACT, ModelInput, ModelPlan
from feeder.analyses.models.reach import Reach, reach_of
from feeder.language import Message
from feeder.network.graph import IntArray


def families(inputs: ModelInput) -> ModelPlan | Message:
    """Give every school to the high school that most of its pupils reach.

    Not only the next step counts: the flows are followed to the end
    (:func:`~feeder.analyses.models.reach.reach_of`). Of equals the first high school goes first.
    Schools without flows, and schools of choice placed by location, join the family around them.
    """
    reach = reach_of(inputs)
    heads = head_campuses(inputs, reach)
    if len(np.unique(heads)) < 2:  # noqa: PLR2004 - to choose between
        return Message("model.none.high_schools")
    groups = np.unique(heads, return_inverse=True)[1]
    campus = followed(inputs, reach, groups)
    by_place = int(((campus < 0) & ~inputs.network.graph.is_apart[: len(campus)]).sum())
    note = Message("model.note.by_place", {"n": by_place})
    return ModelPlan(
        assignment=inputs.plan(inputs.settled(campus)), notes=(note,) if by_place else ()
    )


def head_campuses(inputs: ModelInput, reach: Reach) -> IntArray:
    """Shape (n_highs,): the campus of each high school; two on one campus are one head."""
    return inputs.network.graph.school_node[reach.highs]


def followed(inputs: ModelInput, reach: Reach, groups: IntArray) -> IntArray:
    """Give each campus to the group of high schools that most of its pupils reach.

    Parameters
    ----------
    inputs, reach
        The district and where its pupils end up.
    groups
        Shape (n_highs,): the group of each high school, from 0.

    Returns
    -------
    Shape (n_campuses,): the group; -1 where no pupil is told to reach any, and for campuses of
    choice that belong where they stand.
    """
    graph = inputs.network.graph
    n_groups = int(groups.max()) + 1
    share = np.zeros((len(graph.school_ids), n_groups))
    np.add.at(share.T, groups, reach.share.T)
    pupils = inputs.schools["enrollment"].to_numpy(np.float64)
    reached = np.round(inputs.campus_sums(share * pupils[:, None]), EXACT)
    campus = np.where(reached.max(axis=1) > 0, reached.argmax(axis=1), -1)
    campus[inputs.by_place() | graph.is_apart[: graph.n_campuses]] = -1
    campus[head_campuses(inputs, reach)] = groups
    return campus.astype(np.int64)
