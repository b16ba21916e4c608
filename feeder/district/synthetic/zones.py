"""Attendance areas of three levels: nested within the planted communities, but not perfectly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from feeder.district.synthetic.city import City
from feeder.district.synthetic.growth import grow, mended, pieces
from feeder.district.synthetic.roster import LAST_ELEMENTARY, LAST_MIDDLE, Roster
from feeder.district.synthetic.terrain import BoolArray, FloatArray, IntArray

NOISE: Final = 0.12
"""Usual share of elementary areas that send children out of their planted community."""
KEPT_SPLIT: Final = 0.2
"""Share of elementary areas that a middle school border may cut."""
LEAST_SPLIT: Final = 0.12
"""A border that cuts off less of an area's children follows the area instead."""
LEAST_KEPT: Final = 0.5
"""A school that keeps less of the children drawn for it gets all of them back."""
EXCLAVE_SHARE: Final = 0.08
LEAST_EXCLAVE_KM2: Final = 0.3
MOST_EXCLAVE: Final = 0.22
"""Size of an area's second piece: a share of the first, within bounds."""
TRIES: Final = 400


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """What each cell belongs to; every attribute has the shape (n_cells,).

    Attributes
    ----------
    region, community
        Indices of the region and the planted community.
    elementary
        Index of the elementary area.
    middle, high
        Index of the school whose middle or high school area it is.
    """

    region: IntArray
    community: IntArray
    elementary: IntArray
    middle: IntArray
    high: IntArray


def make_zones(city: City, roster: Roster, noise: float, rng: np.random.Generator) -> Zones:
    """Draw regions, planted communities and the areas of every level, from the top down.

    Parameters
    ----------
    city, roster
        The land and its schools.
    noise
        Share of elementary areas that send a part of their children out of their community.
    rng
        Source of every choice.
    """
    whole = np.zeros(city.n, dtype=np.int64)
    n_regions = int(roster.region_of.max()) + 1
    sizes = np.bincount(roster.region_of).astype(np.float64)
    region = grow(city, whole, sizes, np.zeros(n_regions, dtype=np.int64), rng)
    community = grow(city, region, np.ones(roster.n_communities), roster.region_of, rng)
    elementary = grow(city, community, _area_shares(roster, rng), roster.area_community, rng)
    for _ in range(max(1, roster.n // 300)):
        elementary = _with_exclave(city, roster, elementary, rng)
    middle = _middle(city, roster, community, elementary, rng)
    high = _high(city, roster, community, elementary, middle, rng)
    middle, high = _leaked(city, elementary, middle, high, community, noise, rng)
    return Zones(region, community, elementary, middle, high)


def _area_shares(roster: Roster, rng: np.random.Generator) -> FloatArray:
    """Return how many children each elementary area should hold, relative to its neighbours."""
    share = np.exp(rng.normal(0.0, 0.24, len(roster.area_community)))
    schools = np.bincount(roster.area[roster.area >= 0], minlength=len(share))
    share[schools > 1] *= 1.5
    share[roster.vacant] = 0.35
    return share


def _with_exclave(
    city: City, roster: Roster, elementary: IntArray, rng: np.random.Generator
) -> IntArray:
    """Give one area a second piece that was its neighbour's neighbour's.

    Returns the areas unchanged where the land offers no such place within some tries.
    """
    plain = (roster.role == "elementary") & (roster.low == 0) & (roster.high == LAST_ELEMENTARY)
    for _ in range(TRIES):
        area = int(rng.choice(roster.area[plain]))
        beside = np.unique(_around(city, elementary == area, elementary))
        lenders = np.setdiff1d(
            np.flatnonzero(roster.area_community == roster.area_community[area]),
            [area, *beside, *roster.vacant],
        )
        if len(lenders) == 0:
            continue
        lender = int(rng.choice(lenders))
        wanted = max(LEAST_EXCLAVE_KM2, EXCLAVE_SHARE * city.area[elementary == area].sum())
        blob = _blob(city, np.flatnonzero(elementary == lender), wanted, rng)
        label = elementary.copy()
        label[blob] = area
        piece = pieces(city, label)
        apart = [len(np.unique(piece[label == one])) for one in (area, lender)] == [2, 1]
        on_the_edge = len(np.unique(_around(city, label != elementary, elementary))) > 1
        share = city.area[blob].sum() / city.area[label == area].sum()
        left = city.area[label == lender].sum() / city.area[elementary == lender].sum()
        if apart and on_the_edge and share < MOST_EXCLAVE and left > 1 - MOST_EXCLAVE:
            return label
    return elementary


def _blob(city: City, cells: IntArray, km2: float, rng: np.random.Generator) -> IntArray:
    """Return the cells nearest to one of ``cells`` drawn at random, about ``km2`` of them."""
    start = city.xy[rng.choice(cells)]
    near = cells[np.argsort(np.hypot(*(city.xy[cells] - start).T), kind="stable")]
    return near[: 1 + int(np.searchsorted(np.cumsum(city.area[near]), km2))]


def _around(city: City, inside: BoolArray, label: IntArray) -> IntArray:
    """Return the labels across every edge that leaves the cells ``inside``."""
    out = inside[city.a] & ~inside[city.b]
    back = inside[city.b] & ~inside[city.a]
    return np.concatenate([label[city.b[out]], label[city.a[back]]])


def _middle(
    city: City, roster: Roster, community: IntArray, elementary: IntArray, rng: np.random.Generator
) -> IntArray:
    """Draw middle school areas: whole elementary areas, but for some that stay cut in two."""
    schools = np.flatnonzero(roster.role == "middle")
    share = np.exp(rng.normal(0.0, 0.12, len(schools)))
    share[np.isin(schools, roster.spans_to_high)] *= 0.7
    keeps = np.full(len(roster.area_community), -1, dtype=np.int64)
    spans = np.flatnonzero((roster.role == "elementary") & (roster.high == LAST_MIDDLE))
    keeps[roster.area[spans]] = spans
    kept = keeps[elementary]
    others = _without(city, kept >= 0)
    drawn = schools[grow(others, community, share, roster.community[schools], rng)]
    open_to_split = rng.random(len(keeps)) < 2 * KEPT_SPLIT
    middle = _snapped(others, elementary, drawn, open_to_split)
    return mended(city, np.where(kept >= 0, kept, middle), community)


def _high(
    city: City,
    roster: Roster,
    community: IntArray,
    elementary: IntArray,
    middle: IntArray,
    rng: np.random.Generator,
) -> IntArray:
    """Draw high school areas: whole middle school areas, but for some that are shared out."""
    schools = np.flatnonzero(roster.role == "high")
    share = np.exp(rng.normal(0.0, 0.15, len(schools)))
    own = np.isin(middle, roster.spans_to_high)
    others = _without(city, own)
    drawn = schools[grow(others, community, share, roster.community[schools], rng)]
    whole = _snapped(others, middle, drawn, np.zeros(roster.n, dtype=bool))
    finer = _snapped(others, elementary, drawn, np.zeros(len(roster.area_community), dtype=bool))
    shared = rng.random(roster.n) < 2 * KEPT_SPLIT
    high = _restored(others, np.where(shared[middle], finer, whole), drawn)
    return mended(city, np.where(own, middle, high), community)


def _without(city: City, taken: BoolArray) -> City:
    """Return the city as a level sees it when the children of some cells go elsewhere."""
    return replace(city, children=city.children * np.where(taken, 1e-3, 1.0))


def _snapped(city: City, unit: IntArray, drawn: IntArray, open_to_split: BoolArray) -> IntArray:
    """Give every unit whole to the label that most of its children have.

    A unit that is open to a split stays cut where the second label has enough of its children.
    """
    width = int(drawn.max()) + 1
    pair, inverse = np.unique(unit * width + drawn, return_inverse=True)
    children = np.bincount(inverse, city.children)
    order = np.lexsort((-children, pair // width))
    units, first = np.unique(pair[order] // width, return_index=True)
    most = np.zeros(int(unit.max()) + 1, dtype=np.int64)
    most[units] = pair[order[first]] % width
    rest = np.zeros(len(most))
    rest[units] = 1 - children[order[first]] / np.bincount(unit, city.children)[units]
    stays = np.zeros(len(most), dtype=bool)
    stays[units] = open_to_split[units] & (rest[units] > LEAST_SPLIT)
    label = np.where(stays[unit], drawn, most[unit])
    return _restored(city, label, drawn)


def _restored(city: City, label: IntArray, drawn: IntArray) -> IntArray:
    """Give the cells drawn for a label back to it where it kept too few of their children."""
    before = np.bincount(drawn, city.children)
    after = np.bincount(label, city.children, len(before))
    starved = after < LEAST_KEPT * before
    return np.where(starved[drawn], drawn, label)


def _leaked(
    city: City,
    elementary: IntArray,
    middle: IntArray,
    high: IntArray,
    community: IntArray,
    noise: float,
    rng: np.random.Generator,
) -> tuple[IntArray, IntArray]:
    """Let a corner of some areas belong to the middle and high school across the border."""
    out = np.concatenate([city.a, city.b])
    into = np.concatenate([city.b, city.a])
    border = community[out] != community[into]
    out, into = out[border], into[border]
    candidates = np.unique(elementary[out])
    wanted = min(len(candidates), round(noise * (int(elementary.max()) + 1)))
    new_middle, new_high = middle.copy(), high.copy()
    for area in np.sort(rng.permutation(candidates)[:wanted]):
        here = elementary[out] == area
        across = np.unique(middle[into[here]] * len(high) + high[into[here]], return_counts=True)
        other = divmod(int(across[0][np.argmax(across[1])]), len(high))
        touch = here & (middle[into] == other[0]) & (high[into] == other[1])
        goal = city.xy[into[touch]].mean(axis=0)
        cells = np.flatnonzero(elementary == area)
        cells = cells[np.argsort(np.hypot(*(city.xy[cells] - goal).T), kind="stable")]
        filled = np.cumsum(city.children[cells]) / city.children[cells].sum()
        corner = cells[filled < rng.uniform(0.12, 0.42)]
        new_middle[corner], new_high[corner] = other
    return mended(city, new_middle), mended(city, new_high)
