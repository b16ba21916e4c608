"""Which shares of contacts may be told: not those that a hidden count of students made."""

from __future__ import annotations

import numpy as np

from feeder.network.graph import FEED, BoolArray, FeederGraph
from feeder.publishing.cells import Told


def told_shares(graph: FeederGraph, told: Told) -> BoolArray:
    """Shape (n_contacts,): whether a contact's share may be told to every digit.

    Shares of land may. The share of a ``feed`` contact is the students of one campus' flows over
    all of its flows, scaled: where any flow of the campus is a range no share of its ``feed``
    contacts may be told, since with one told flow as a measure each of them gives its students.
    """
    is_open = told.flows.is_open["students"].to_numpy().astype(np.bool_)
    ends = np.concatenate([graph.flow_from[is_open], graph.flow_to[is_open]])
    campuses = np.unique(graph.school_node[ends])
    hidden = (graph.contact_kind == FEED) & np.isin(graph.contact_a, campuses)
    return np.asarray(~hidden, dtype=np.bool_)
