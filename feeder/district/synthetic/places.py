"""Where each school stands: inside its area and its planted community, two shared campuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy.sparse import coo_array

from feeder.district.synthetic.city import City
from feeder.district.synthetic.drawing import Drawing
from feeder.district.synthetic.mesh import degrees
from feeder.district.synthetic.roster import LAST_ELEMENTARY, Roster
from feeder.district.synthetic.terrain import BoolArray, FloatArray, IntArray
from feeder.district.synthetic.zones import Zones

NEAR_MIDDLE: Final = 0.12
"""A school stands on one of the cells nearest the middle of its area: this share of them."""
CLEAR_DEGREES: Final = 0.0006
"""How far from the border of its areas a school stands: some 60 m."""
NEXT_DOOR_KM: Final = np.array([0.045, 0.02])
"""From the first building of a shared campus to the second."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the schools stand.

    Attributes
    ----------
    cell
        Shape (n_schools,): the cell a school stands on.
    xy
        Shape (n_schools, 2): kilometres east and north of the middle of the map.
    campus
        Shape (n_schools,): index of the shared campus, -1 for a site of its own.
    """

    cell: IntArray
    xy: FloatArray
    campus: IntArray


def make_places(
    city: City, roster: Roster, zones: Zones, drawing: Drawing, rng: np.random.Generator
) -> Places:
    """Choose a site for every school, no two on neighbouring cells but for the shared campuses."""
    guest_of = _campuses(city, roster, zones, rng)
    number = {guest: i for i, guest in enumerate(sorted(guest_of))}
    around = coo_array((np.ones(len(city.a), dtype=bool), (city.a, city.b)), (city.n, city.n))
    beside = (around + around.T).tocsr()
    inner = _inner(city, zones, drawing)
    free = np.ones(city.n, dtype=bool)
    cell = np.full(roster.n, -1, dtype=np.int64)
    campus = np.full(roster.n, -1, dtype=np.int64)
    xy = np.zeros((roster.n, 2))
    by_role = [np.flatnonzero(roster.role == role) for role in ("elementary", "high", "middle")]
    for school in np.concatenate([*by_role, np.flatnonzero(roster.role == "choice")]):
        if school in guest_of:
            host = guest_of[school]
            cell[school], xy[school] = cell[host], xy[host] + NEXT_DOOR_KM
            campus[school] = campus[host] = number[school]
            continue
        inside = _own_land(school, roster, zones)
        for guest in (guest for guest, host in guest_of.items() if host == school):
            inside &= _own_land(guest, roster, zones)
        spot = _site(city, inside, (inner & free, inner, free), roster.role[school], rng)
        cell[school], xy[school] = spot, city.xy[spot]
        free[spot] = False
        free[beside.indices[beside.indptr[spot] : beside.indptr[spot + 1]]] = False
    return Places(cell, xy, campus)


def _inner(city: City, zones: Zones, drawing: Drawing) -> BoolArray:
    """Tell the cells whose centre lies well inside its area of every level, as drawn."""
    inner = np.ones(city.n, dtype=bool)
    points = shapely.points(degrees(city.xy))
    for label, areas in (
        (zones.elementary, drawing.elementary),
        (zones.middle, drawing.middle),
        (zones.high, drawing.high),
    ):
        numbers = np.array(list(areas))
        shrunk = shapely.buffer(np.array(list(areas.values()), dtype=object), -CLEAR_DEGREES)
        shapely.prepare(shrunk)
        inner &= shapely.contains(shrunk[np.searchsorted(numbers, label)], points)
    return inner


def _own_land(school: int, roster: Roster, zones: Zones) -> BoolArray:
    """Return the cells on which a school may stand: its community, and each of its own areas."""
    inside = zones.community == roster.community[school]
    layers = [zones.middle == school, zones.high == school]
    if roster.area[school] >= 0:
        layers.append(zones.elementary == roster.area[school])
    for layer in layers:
        if (inside & layer).any():
            inside &= layer
    inside &= ~np.isin(zones.elementary, roster.vacant)
    return np.asarray(inside)


def _site(
    city: City,
    inside: BoolArray,
    preferred: tuple[BoolArray, ...],
    role: str,
    rng: np.random.Generator,
) -> int:
    """Choose a cell near the middle of the children, or anywhere for a school without an area.

    The first of the preferred sets of cells that leaves a choice is used.
    """
    cells = next(
        found for found in (np.flatnonzero(inside & p) for p in (*preferred, inside)) if len(found)
    )
    weight = city.children[cells]
    if role == "choice":
        return int(rng.choice(cells, p=weight / weight.sum()))
    middle = np.average(city.xy[inside], axis=0, weights=city.children[inside])
    order = np.argsort(np.hypot(*(city.xy[cells] - middle).T), kind="stable")
    return int(cells[order[int(rng.integers(0, max(1, int(NEAR_MIDDLE * len(cells)))))]])


def _campuses(city: City, roster: Roster, zones: Zones, rng: np.random.Generator) -> dict[int, int]:
    """Pair guests with hosts: a middle with its high school, a magnet with an elementary school."""
    pairs: dict[int, int] = {}
    n_each = max(1, roster.n // 130)
    both = np.stack([zones.middle, zones.high], axis=1)
    shared, inverse = np.unique(both, axis=0, return_inverse=True)
    children = np.bincount(inverse.ravel(), city.children)
    usual = (roster.role[shared[:, 0]] == "middle") & (roster.role[shared[:, 1]] == "high")
    usual &= roster.community[shared[:, 0]] == roster.community[shared[:, 1]]
    for row in np.argsort(np.where(usual, -children, 0.0), kind="stable"):
        middle, high = (int(school) for school in shared[row])
        taken = high in pairs.values() or middle in pairs
        if usual[row] and not taken and len(pairs) < n_each:
            pairs[middle] = high
    magnets = (roster.kind == "magnet") & (roster.high == LAST_ELEMENTARY)
    plain = (roster.role == "elementary") & (roster.high == LAST_ELEMENTARY) & (roster.low == 0)
    for magnet in np.flatnonzero(magnets)[:n_each]:
        hosts = np.flatnonzero(plain & (roster.community == roster.community[magnet]))
        hosts = hosts[~np.isin(hosts, list(pairs.values()))]
        if len(hosts):
            pairs[int(magnet)] = int(rng.choice(hosts))
    return pairs
