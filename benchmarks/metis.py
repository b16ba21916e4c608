"""METIS (Karypis and Kumar 1998, through pymetis) as a comparator: two ways to tell it of flows."""

from __future__ import annotations

import numpy as np
import pymetis
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from feeder.partition.methods.ground import Ground
from feeder.partition.problem import IntArray

TOLERANCE = 0.15
CUTS, TURNS = 10, 100
"""Partitions tried, of which the best counts, and rounds of refinement: ten times its defaults."""


def on_flows(ground: Ground, k: int, seed: int) -> IntArray:
    """Cut few contacts and few students; enrollment in balance, land as it comes."""
    return _cut(ground, ground.flows + ground.contacts, k, seed, contiguous=False)


def on_routes(ground: Ground, k: int, seed: int) -> IntArray:
    """Cut few students on their way over contacts; every part in one piece of contacts."""
    return _cut(ground, routed(ground) + ground.contacts, k, seed, contiguous=True)


def routed(ground: Ground) -> sp.csr_array[np.float64]:
    """Lay every flow along the shortest way over the contacts; returns students by contact."""
    a, b = ground.contacts.nonzero()
    away = 1.0 + np.hypot(*(ground.points[a] - ground.points[b]).T)
    lengths = sp.csr_array((away, (a, b)), shape=ground.contacts.shape)
    before = dijkstra(lengths, return_predecessors=True)[1]
    sender, receiver = ground.flows.nonzero()
    students = ground.flows[sender, receiver]
    here, there, weight = [], [], []
    while len(sender):
        step = before[sender, receiver]
        here.append(step)
        there.append(receiver)
        weight.append(students)
        going = step != sender
        sender, receiver, students = sender[going], step[going], students[going]
    if not here:
        return sp.csr_array(ground.contacts.shape)
    ends = np.concatenate(here), np.concatenate(there)
    return sp.csr_array((np.concatenate(weight), ends), shape=ground.contacts.shape)


def _cut(
    ground: Ground, links: sp.csr_array[np.float64], k: int, seed: int, *, contiguous: bool
) -> IntArray:
    links = sp.csr_array((links + links.T) / 2)
    links.sort_indices()
    options = pymetis.Options(
        seed=seed + 1,  # 0 and 1 are one to METIS
        ufactor=round(1000 * TOLERANCE),
        contig=contiguous,
        ncuts=CUTS,
        niter=TURNS,
    )
    _, parts = pymetis.part_graph(
        k,
        pymetis.CSRAdjacency(links.indptr.tolist(), links.indices.tolist()),
        eweights=np.maximum(1, np.rint(10 * links.data)).astype(int).tolist(),
        vweights=np.maximum(1, np.rint(ground.enrollment)).astype(int).tolist(),
        recursive=False,
        options=options,
    )
    return np.asarray(parts, dtype=np.int64)
