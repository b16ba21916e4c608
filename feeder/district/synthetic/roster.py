"""Which schools there are: so many of each level in each planted community, and the odd ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from feeder.district.synthetic.terrain import IntArray

FEWEST: Final = 12
MOST: Final = 24
"""Schools of a community: the limits that the folder's scenario asks for."""
USUAL: Final = 18
LAST_ELEMENTARY: Final = 5
LAST_MIDDLE: Final = 8
LAST_HIGH: Final = 12
"""Grades."""
CHOICE_SHARE: Final = 0.085
"""Share of schools that have no attendance area."""
CHOICE_TYPES: Final = (
    ("magnet", 0, 5),
    ("alternative", 10, 12),
    ("magnet", 9, 12),
    ("charter", 0, 8),
    ("magnet", 6, 8),
)
"""Kind, lowest and highest grade of the schools without an area, in turn."""
TWO_HIGHS: Final = 16
"""A community of so many schools has two high schools rather than one."""
TWO_HIGHS_SHARE: Final = 0.9
"""But for one in ten."""
FOUR_MIDDLES: Final = 21


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """Every school of the district before it has a place, a name or a pupil.

    Attributes
    ----------
    region_of
        Shape (n_communities,): region of each planted community.
    community
        Shape (n_schools,): planted community.
    role
        Shape (n_schools,), text: ``elementary``, ``middle`` or ``high`` (it has an area of that
        layer) or ``choice`` (it has none).
    low, high
        Shape (n_schools,): first and last grade, K is 0.
    kind
        Shape (n_schools,), text: empty, ``magnet``, ``charter`` or ``alternative``.
    area
        Shape (n_schools,): index of its elementary area, -1 for other roles. Paired schools
        share one.
    area_community
        Shape (n_areas,): planted community of each elementary area.
    vacant
        Elementary areas whose school has closed.
    """

    region_of: IntArray
    community: IntArray
    role: npt.NDArray[np.str_]
    low: IntArray
    high: IntArray
    kind: npt.NDArray[np.str_]
    area: IntArray
    area_community: IntArray
    vacant: IntArray

    @property
    def n(self) -> int:
        """Number of schools."""
        return len(self.community)

    @property
    def n_communities(self) -> int:
        """Number of planted communities."""
        return len(self.region_of)

    @property
    def spans_to_high(self) -> IntArray:
        """Schools of grades 6 to 12: middle and high school of one neighbourhood."""
        return np.flatnonzero((self.role == "middle") & (self.high == LAST_HIGH))


def make_roster(schools: int, rng: np.random.Generator) -> Roster:
    """Decide on the schools of every planted community.

    Parameters
    ----------
    schools
        How many in all.
    rng
        Source of every choice.
    """
    n_communities = max(round(schools / USUAL), -(-schools // MOST))
    n_regions = min(12, round(np.sqrt(2 * n_communities)))
    size = _sizes(schools, n_communities, rng)
    choice = _dealt(max(2, round(CHOICE_SHARE * schools)), n_communities, rng)
    odd = rng.permutation(n_communities)
    spans = odd[: max(1, min(n_communities, schools // 150))]
    highs = np.where((size >= TWO_HIGHS) & (rng.random(n_communities) < TWO_HIGHS_SHARE), 2, 1)
    highs[spans] = 1
    middles = np.where(size >= FOUR_MIDDLES, 4, np.where(size >= TWO_HIGHS, 3, 2))
    elementary = size - choice - highs - middles
    community = np.repeat(
        np.tile(np.arange(n_communities), 4),
        np.concatenate([elementary, middles, highs, choice]),
    )
    counts = [elementary.sum(), middles.sum(), highs.sum(), choice.sum()]
    role = np.repeat(["elementary", "middle", "high", "choice"], counts)
    low = np.repeat([0, 6, 9, 0], counts)
    high = np.repeat([5, 8, 12, 0], counts)
    kind = np.full(schools, "", dtype="<U11")
    for turn, school in enumerate(rng.permutation(np.flatnonzero(role == "choice"))):
        kind[school], low[school], high[school] = CHOICE_TYPES[turn % len(CHOICE_TYPES)]
    for one in spans:
        high[np.flatnonzero((role == "middle") & (community == one))[-1]] = 12
    return _with_areas(n_regions, community, role, low, high, kind, rng)


def _with_areas(
    n_regions: int,
    community: IntArray,
    role: npt.NDArray[np.str_],
    low: IntArray,
    high: IntArray,
    kind: npt.NDArray[np.str_],
    rng: np.random.Generator,
) -> Roster:
    """Give elementary schools their areas: one each, one a pair, and some without a school."""
    schools, n_communities = len(community), int(community.max()) + 1
    elementary = rng.permutation(np.flatnonzero(role == "elementary"))
    paired_in = rng.permutation(n_communities)[: max(1, schools // 200)]
    lower, upper = np.array([elementary[community[elementary] == one][:2] for one in paired_in]).T
    high[lower], low[upper] = 2, 3
    single = np.setdiff1d(elementary, [*lower, *upper])
    high[rng.permutation(single)[: max(1, schools // 26)]] = 8
    area = np.full(schools, -1, dtype=np.int64)
    owners = np.setdiff1d(elementary, upper)
    area[owners] = np.arange(len(owners))
    area[upper] = area[lower]
    vacant_in = rng.permutation(n_communities)[: max(1, schools // 400)]
    region = np.sort(np.arange(n_communities) * n_regions // n_communities)
    return Roster(
        region_of=region,
        community=community,
        role=role,
        low=low,
        high=high,
        kind=kind,
        area=area,
        area_community=np.concatenate([community[owners], vacant_in]),
        vacant=len(owners) + np.arange(len(vacant_in)),
    )


def _sizes(schools: int, n_communities: int, rng: np.random.Generator) -> IntArray:
    """Return schools per community: near the mean, not all alike, within the limits."""
    size = np.full(n_communities, schools // n_communities)
    size[rng.permutation(n_communities)[: schools % n_communities]] += 1
    givers, takers = np.array_split(rng.permutation(n_communities)[: n_communities // 2 * 2], 2)
    for giver, taker in zip(givers, takers, strict=True):
        room = min(size[giver] - FEWEST - 1, MOST - 1 - size[taker])
        moved = int(rng.integers(0, max(0, min(room, 2)) + 1))
        size[giver] -= moved
        size[taker] += moved
    return size


def _dealt(total: int, hands: int, rng: np.random.Generator) -> IntArray:
    """Deal ``total`` evenly to ``hands``; who gets one more is drawn."""
    dealt = np.full(hands, total // hands)
    dealt[rng.permutation(hands)[: total % hands]] += 1
    return dealt
