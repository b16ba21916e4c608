"""Which shares of contacts may be told: not those that a hidden count of students made."""

from __future__ import annotations

import numpy as np

from feeder.network.graph import FEED, BoolArray, FeederGraph, FloatArray
from feeder.publishing.cells import Told
from feeder.terms import LEAST_SHARE


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


def shares_of(graph: FeederGraph) -> FloatArray:
    """Shape (n_contacts,): the shares of ``feed`` contacts as a graph's own flows make them.

    As :func:`feeder.network.choice.feed_contacts` shares pupils out; the shares of all other
    contacts are the graph's.
    """
    feed = graph.contact_kind == FEED
    ends = graph.school_node[graph.flow_from], graph.school_node[graph.flow_to]
    apart = ends[0] != ends[1]
    campus, partner = (np.concatenate([a[apart], b[apart]]) for a, b in (ends, ends[::-1]))
    students = np.tile(graph.flow_students[apart], 2)
    everyone = np.bincount(campus, students, minlength=graph.n_nodes)
    codes, place = np.unique(campus * graph.n_nodes + partner, return_inverse=True)
    exchanged = np.bincount(place, students)
    wanted = graph.contact_a * graph.n_nodes + graph.contact_b
    at = np.minimum(np.searchsorted(codes, wanted), max(len(codes) - 1, 0))
    pair = np.zeros(len(wanted))
    pair[feed] = exchanged[at[feed]]
    strongest = np.zeros(graph.n_nodes)
    np.maximum.at(strongest, graph.contact_a[feed], pair[feed])
    base = np.minimum(everyone, strongest / LEAST_SHARE)[graph.contact_a]
    made = np.divide(pair, base, out=np.zeros_like(pair), where=base > 0)
    return np.where(feed, made, graph.contact_share)
