"""Where pupils end up: from every school to the high school they reach, over all steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, identity
from scipy.sparse.linalg import splu

from feeder.analyses.models.model_input import ModelInput
from feeder.network.graph import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """The high schools of a district and who reaches them.

    Attributes
    ----------
    highs
        Shape (n_highs,): indices of the high schools that pupils are sent to: each has an area or
        is reached from another school.
    share
        Shape (n_schools, n_highs): share of a school's leavers who come to each high school,
        sooner or later; a high school's own pupils are there.
    leavers
        Shape (n_schools,): pupils a year who leave each school.
    """

    highs: IntArray
    share: FloatArray
    leavers: FloatArray


def reach_of(inputs: ModelInput) -> Reach:
    """Follow the flows of a district to its high schools.

    An absorbing Markov chain (Kemeny and Snell 1960): a pupil leaves a school for the next with the
    share of its leavers that the flows tell, and is absorbed where he reaches a high school; who
    goes nowhere that is told is lost. With ``Q`` the moves between other schools and ``R`` those
    into high schools the shares solve ``(I - Q) X = R``.
    """
    graph = inputs.network.graph
    n = len(graph.school_ids)
    high = inputs.is_high()
    sent = np.bincount(graph.flow_from, graph.flow_students, minlength=n)
    leavers = np.maximum(inputs.schools["leavers"].fillna(0.0).to_numpy(np.float64), sent)
    use = ~high[graph.flow_from] & (graph.flow_students > 0)
    sender, receiver = graph.flow_from[use], graph.flow_to[use]
    moves = graph.flow_students[use] / leavers[sender]
    live = _leading(high, sender, receiver)
    ends = np.flatnonzero(high)
    column = np.cumsum(high) - 1
    into = high[receiver]
    enter = np.zeros((n, len(ends)))
    np.add.at(enter, (sender[into], column[receiver[into]]), moves[into])
    share = np.zeros((n, len(ends)))
    open_ = live & ~high
    if open_.any():
        state = np.cumsum(open_) - 1
        inner = open_[sender] & open_[receiver]
        size = int(open_.sum())
        step = coo_array(
            (moves[inner], (state[sender[inner]], state[receiver[inner]])), shape=(size, size)
        )
        system = (identity(size, format="csc") - step).tocsc()
        share[open_] = np.clip(splu(system).solve(enter[open_]), 0.0, 1.0)
    share[ends, np.arange(len(ends))] = 1.0
    sought = inputs.has_area()[ends] | (share.sum(axis=0) > 1.0)
    return Reach(highs=ends[sought], share=share[:, sought], leavers=leavers)


def _leading(high: BoolArray, sender: IntArray, receiver: IntArray) -> BoolArray:
    """Shape (n_schools,): schools from which the flows lead to a high school."""
    live = high.copy()
    while (new := live[receiver] & ~live[sender]).any():
        live[sender[new]] = True
    return live
