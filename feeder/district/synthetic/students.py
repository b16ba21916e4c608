"""Who goes to which school, and where they go next.

Every cell is served by one school in every grade, so that enrollment, leavers and zoned flows
all come from the same children: a flow is the children whose next grade is at another school.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.synthetic.city import City
from feeder.district.synthetic.places import Places
from feeder.district.synthetic.roster import LAST_MIDDLE, Roster
from feeder.district.synthetic.terrain import FloatArray, IntArray
from feeder.district.synthetic.zones import Zones

GRADES: Final = 13
PER_SCHOOL: Final = 545
"""Children of school age in the district, for each of its schools."""
TREND: Final = np.array([0.94, 0.97, 0.98, 0.98, 1.0, 1.01, 1.0, 0.99, 1.0, 1.09, 1.05, 1.0, 0.96])
"""Size of each grade beside the mean grade: births fall, and ninth grade holds repeaters."""
CHOICE_SIZE: Final = {
    ("magnet", 5): 340,
    ("magnet", 8): 520,
    ("magnet", 12): 720,
    ("charter", 8): 460,
    ("alternative", 12): 140,
}
"""Usual enrollment by kind and last grade of the schools without an area."""
EVEN: Final = 0.055
"""Half the width of the band around the mean community that the planted ones keep."""
DRAW_KM: Final = 2.5
"""Distance over which a school of choice loses two thirds of its pull."""
MOST_CHOOSE: Final = 0.09
"""Share of a school's leavers that one school of choice draws at most."""
LEAST_SHARE: Final = 0.015
"""Smaller shares of a school's leavers are an accident of the mesh, and left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Students:
    """Pupils of each school and their next schools.

    Attributes
    ----------
    by_grade
        Shape (n_schools, 13): pupils in grades K to 12.
    pre_k, ungraded
        Shape (n_schools,): pupils before kindergarten, and outside every grade.
    flows
        Columns ``sender``, ``receiver`` (schools) and ``tenths`` (tenths of a student a year);
        the rows of a sender sum to its highest grade.
    """

    by_grade: IntArray
    pre_k: IntArray
    ungraded: IntArray
    flows: pd.DataFrame

    @property
    def enrollment(self) -> IntArray:
        """Shape (n_schools,): all pupils."""
        return np.asarray(self.by_grade.sum(axis=1) + self.pre_k + self.ungraded)


def make_students(
    city: City, roster: Roster, zones: Zones, places: Places, rng: np.random.Generator
) -> Students:
    """Enrol the children and send them on."""
    server = np.stack([_serving(city, roster, zones, grade) for grade in range(GRADES)])
    by_grade = _enrolled(city, roster, server, rng)
    pre_k = np.zeros(roster.n, dtype=np.int64)
    opens = np.flatnonzero((roster.low == 0) & (roster.role == "elementary"))
    with_pre_k = opens[rng.random(len(opens)) < 0.3]  # noqa: PLR2004 - a share
    pre_k[with_pre_k] = rng.integers(16, 44, len(with_pre_k))
    ungraded = np.zeros(roster.n, dtype=np.int64)
    large = np.flatnonzero(by_grade.sum(axis=1) > 350)  # noqa: PLR2004 - the remainder stays small
    some = rng.permutation(large)[: max(2, roster.n // 40)]
    ungraded[some] = rng.integers(1, 6, len(some))
    flows = _flows(city, roster, places, server, by_grade)
    return Students(by_grade, pre_k, ungraded, flows)


def _serving(city: City, roster: Roster, zones: Zones, grade: int) -> IntArray:
    """Return the school that serves a grade on each cell."""
    n_areas = len(roster.area_community)
    school = np.full(n_areas, -1, dtype=np.int64)
    serves = (roster.area >= 0) & (roster.low <= grade) & (grade <= roster.high)
    school[roster.area[serves]] = np.flatnonzero(serves)
    school[roster.vacant] = school[_neighbours_of_vacant(city, roster, zones)]
    by_area = school[zones.elementary]
    later = zones.middle if grade <= LAST_MIDDLE else zones.high
    return np.where(by_area >= 0, by_area, later)


def _neighbours_of_vacant(city: City, roster: Roster, zones: Zones) -> IntArray:
    """Return for each vacant area the open area of its community that it touches most."""
    out = np.concatenate([city.a, city.b])
    into = np.concatenate([city.b, city.a])
    home = zones.community[out] == zones.community[into]
    found = []
    for area in roster.vacant:
        across = zones.elementary[into[home & (zones.elementary[out] == area)]]
        across = across[~np.isin(across, roster.vacant)]
        found.append(np.bincount(across).argmax())
    return np.array(found, dtype=np.int64)


def _enrolled(city: City, roster: Roster, server: IntArray, rng: np.random.Generator) -> IntArray:
    """Return pupils by school and grade, with planted communities of nearly equal enrollment."""
    n = roster.n
    share = np.stack([np.bincount(server[g], city.children, n) for g in range(GRADES)], axis=1)
    luck = np.exp(rng.normal(0.0, 0.045, share.shape))
    zoned = share * luck * TREND * PER_SCHOOL * n / GRADES
    chosen = np.zeros_like(zoned)
    for school in np.flatnonzero(roster.role == "choice"):
        low, high = roster.low[school], roster.high[school]
        size = CHOICE_SIZE[str(roster.kind[school]), int(high)] * np.exp(rng.normal(0.0, 0.18))
        taper = 1.0 + 0.06 * rng.normal(0.0, 1.0, high - low + 1)
        chosen[school, low : high + 1] = size * taper / taper.sum()
    k = roster.n_communities
    total = np.bincount(roster.community, zoned.sum(axis=1) + chosen.sum(axis=1), k)
    wanted = total.mean() * (1 + rng.uniform(-EVEN, EVEN, k))
    by_choice = np.bincount(roster.community, chosen.sum(axis=1), k)
    factor = (wanted - by_choice) / np.bincount(roster.community, zoned.sum(axis=1), k)
    pupils = zoned * factor[roster.community, None] + chosen
    return np.asarray(np.rint(pupils), dtype=np.int64)


def _flows(
    city: City, roster: Roster, places: Places, server: IntArray, by_grade: IntArray
) -> pd.DataFrame:
    """Return the flows of every school, conserving its leavers to the tenth of a student."""
    n = roster.n
    leavers = by_grade[np.arange(n), roster.high]
    parts: list[pd.DataFrame] = []
    for grade in range(GRADES - 1):
        moves = server[grade] != server[grade + 1]
        pair = server[grade, moves] * n + server[grade + 1, moves]
        pairs, inverse = np.unique(pair, return_inverse=True)
        children = np.bincount(inverse, city.children[moves])
        parts.append(pd.DataFrame({"sender": pairs // n, "receiver": pairs % n, "w": children}))
        parts.append(_from_choice(roster, places, grade))
    shares = pd.concat(parts, ignore_index=True)
    shares = shares[shares["w"] > 0]
    shares["w"] /= shares.groupby("sender")["w"].transform("sum")
    shares = shares[shares["w"] >= LEAST_SHARE]
    shares["w"] /= shares.groupby("sender")["w"].transform("sum")
    drawn = _to_choice(roster, places, leavers, by_grade)
    taken = drawn.groupby("sender")["w"].sum().reindex(shares["sender"], fill_value=0.0)
    shares["w"] *= 1 - taken.to_numpy()
    return _in_tenths(pd.concat([shares, drawn], ignore_index=True), leavers)


def _from_choice(roster: Roster, places: Places, grade: int) -> pd.DataFrame:
    """Return where pupils of schools of choice go on: schools with an area, nearer ones more."""
    senders = np.flatnonzero((roster.role == "choice") & (roster.high == grade))
    role = "middle" if grade < LAST_MIDDLE else "high"
    serves = (roster.low <= grade + 1) & (grade + 1 <= roster.high)
    receivers = np.flatnonzero(serves & ((roster.role == role) | (roster.role == "middle")))
    return _pull(places, senders, receivers, 6)


def _to_choice(
    roster: Roster, places: Places, leavers: IntArray, by_grade: IntArray
) -> pd.DataFrame:
    """Return the shares of leavers that middle and high schools of choice draw."""
    parts = []
    for school in np.flatnonzero((roster.role == "choice") & np.isin(roster.low, (6, 9))):
        low = int(roster.low[school])
        senders = np.flatnonzero((roster.high == low - 1) & (roster.role != "choice"))
        pull = _pull(places, np.array([school]), senders, 12)
        pull = pull.rename(columns={"sender": "receiver", "receiver": "sender"})
        seats = 0.8 * by_grade[school, low] * pull["w"] / pull["w"].sum()
        pull["w"] = np.minimum(seats / leavers[pull["sender"]], MOST_CHOOSE)
        parts.append(pull)
    empty = pd.DataFrame({"sender": np.zeros(0, int), "receiver": np.zeros(0, int), "w": []})
    return pd.concat(parts, ignore_index=True) if parts else empty


def _pull(places: Places, ends: IntArray, others: IntArray, most: int) -> pd.DataFrame:
    """Weigh the nearest of ``others`` for each of ``ends`` by distance."""
    away = np.hypot(*(places.xy[ends][:, None] - places.xy[others][None]).transpose(2, 0, 1))
    nearest = np.argsort(away, axis=1, kind="stable")[:, :most]
    away = np.take_along_axis(away, nearest, axis=1)
    return pd.DataFrame(
        {
            "sender": np.repeat(ends, nearest.shape[1]),
            "receiver": others[nearest].ravel(),
            "w": np.exp(
                -(away - away.min(axis=1, initial=np.inf, keepdims=True)) / DRAW_KM
            ).ravel(),
        }
    )


def _in_tenths(shares: pd.DataFrame, leavers: IntArray) -> pd.DataFrame:
    """Turn shares into tenths of a student, so that each sender is whole.

    By largest remainder (Balinski and Young 1982).
    """
    shares = shares.sort_values(["sender", "receiver"], ignore_index=True)
    sender = shares["sender"].to_numpy()
    exact: FloatArray = np.round(shares["w"].to_numpy() * leavers[sender] * 10, 6)
    tenths = np.floor(exact).astype(np.int64)
    missing = 10 * leavers - np.bincount(sender, tenths, len(leavers)).astype(np.int64)
    order = np.lexsort((shares["receiver"], -(exact - tenths), sender))
    starts = np.r_[True, np.diff(sender[order]) != 0]
    rank = np.arange(len(order)) - np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    tenths[order] += rank < missing[sender[order]]
    shares = shares.drop(columns="w").assign(tenths=tenths)
    return shares[shares["tenths"] > 0].reset_index(drop=True)
