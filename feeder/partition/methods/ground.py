"""What a comparator sees: the schools of one zone, where they stand and what links them.

Vacant tiles are no schools, yet land. Each has a *host*, the campus nearest to it over the land,
goes where its host goes, and lends the host its contacts; so whoever keeps the hosts' contacts
together keeps the land together too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from feeder.partition.problem import Csr, FloatArray, IntArray, PartitionProblem

CONTACT_SHARE: Final = 0.3
"""Weight of all contacts together, beside 1 for all flows together."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """The campuses of one zone.

    Attributes
    ----------
    points
        Shape (n, 2): meters east and north.
    enrollment, grades
        Shape (n,): pupils; bit mask of grades served.
    flows
        Shape (n, n), symmetric: students between two campuses, both ways together.
    contacts
        Shape (n, n), symmetric, of ones: borders, vacant tiles between counted as crossed; a
        campus without land touches those it leans on. Connected: pieces are linked where they
        come nearest to one another.
    """

    points: FloatArray
    enrollment: FloatArray
    grades: IntArray
    flows: sp.csr_array[np.float64]
    contacts: sp.csr_array[np.float64]

    @property
    def n(self) -> int:
        """Number of campuses."""
        return len(self.points)

    @property
    def affinity(self) -> sp.csr_array[np.float64]:
        """Flows as shares of all, and a little for each contact: what holds two campuses."""
        per_student = 1.0 / max(float(self.flows.sum()), 1e-9)
        per_contact = CONTACT_SHARE / max(float(self.contacts.sum()), 1e-9)
        both: sp.csr_array[np.float64] = self.flows * per_student + self.contacts * per_contact
        return both


Cluster = Callable[[Ground, int, int], IntArray]
"""A comparator: the campuses of one zone, how many communities and a seed give labels from 0."""


def hosts(problem: PartitionProblem) -> IntArray:
    """Shape (n_units,): the unit whose community each unit shares; a campus is its own host.

    The host of a vacant tile is the campus nearest over the land; where no land leads to one,
    the nearest as the crow flies. So is that of a campus whom no zone claims.
    """
    own = (problem.schools > 0) & (problem.unit_zone >= 0)
    host = np.arange(problem.n_units)
    landed = np.flatnonzero(own & problem.has_land)
    if len(landed):
        reached = _nearest_over_land(problem, landed)
        host = np.where(own, host, reached)
    stray = np.flatnonzero(host < 0)
    if len(stray):
        campuses = np.flatnonzero(own)
        host[stray] = campuses[_nearest(problem.points[campuses], problem.points[stray])[1]]
    return host


def make_ground(problem: PartitionProblem, host: IntArray, campuses: IntArray) -> Ground:
    """Show the given campuses, each with the tiles it hosts, to a comparator."""
    n = len(campuses)
    place = np.full(problem.n_units, -1, dtype=np.int64)
    place[campuses] = np.arange(n)
    touching = _links(problem.land, place[host], n) + _links(problem.anchors, place[host], n)
    touching = touching + touching.T
    touching.data[:] = 1.0
    points = problem.points[campuses]
    return Ground(
        points=points,
        enrollment=problem.totals[0][campuses],
        grades=problem.grades[campuses],
        flows=_links(problem.flows, place, n),
        contacts=_connected(touching.tocsr(), points),
    )


def _nearest_over_land(problem: PartitionProblem, sources: IntArray) -> IntArray:
    """Shape (n_units,): which of ``sources`` is nearest over the land; -1 where none is."""
    tail = np.repeat(np.arange(problem.n_units), np.diff(problem.land.start))
    length = 1.0 + np.hypot(*(problem.points[tail] - problem.points[problem.land.to]).T)
    shape = (problem.n_units, problem.n_units)
    land = sp.csr_array((length, problem.land.to, problem.land.start), shape=shape)
    nearest = dijkstra(land, indices=sources, min_only=True, return_predecessors=True)[2]
    return np.where(nearest >= 0, nearest, -1).astype(np.int64)


def _links(csr: Csr, place: IntArray, n: int) -> sp.csr_array[np.float64]:
    """Return the links between units that have a place, at their places; loops are dropped."""
    place = place.astype(np.int32)  # scikit-learn takes no wider ones
    a, b = np.repeat(place, np.diff(csr.start)), place[csr.to]
    keep = (a >= 0) & (b >= 0) & (a != b)
    links: sp.csr_array[np.float64] = sp.coo_array(
        (csr.weight[keep], (a[keep], b[keep])), shape=(n, n)
    ).tocsr()
    return links


def _connected(contacts: sp.csr_array[np.float64], points: FloatArray) -> sp.csr_array[np.float64]:
    """Link every piece to the rest where it comes nearest, the smallest piece first."""
    count, components = connected_components(contacts, directed=False)
    piece: IntArray = components.astype(np.int64)
    here, there = contacts.nonzero()
    for _ in range(count - 1):
        sizes = np.bincount(piece)[piece]
        inside = piece == piece[sizes.argmin()]
        own, others = np.flatnonzero(inside), np.flatnonzero(~inside)
        away, near = _nearest(points[others], points[own])
        bridge = own[away.argmin()], others[near[away.argmin()]]
        piece[inside] = piece[bridge[1]]
        here, there = np.append(here, bridge), np.append(there, bridge[::-1])
    ends = here.astype(np.int32), there.astype(np.int32)
    shape = (len(points), len(points))
    connected: sp.csr_array[np.float64] = sp.coo_array((np.ones(len(here)), ends), shape).tocsr()
    return connected


def _nearest(points: FloatArray, of: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the distance from each of ``of`` to the nearest of ``points``, and which it is."""
    away, which = cKDTree(points).query(of)
    return np.asarray(away, dtype=np.float64), np.asarray(which, dtype=np.int64)
