"""Ways to place offices, side by side: where each school's office stands, and what the ways cost.

An *arrangement* says at which place the office of each school stands. Places are those of
:mod:`feeder.network.travel`: the schools, then today's offices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import District
from feeder.measures.inputs import MeasureInputs
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.travel import Travel
from feeder.partition.medians import Medians, medians

NEARLY_ALL: Final = 0.9
"""The share of schools that a percentile is told of."""
_MINUTES: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrangement:
    """Where the office of each school stands.

    Attributes
    ----------
    place
        Shape (n_schools,): place of the office of each school; -1 is none.
    there, back
        Shape (n_schools,): minutes from each school to its office, and from there to the school;
        NaN where it has none.
    """

    place: IntArray
    there: FloatArray
    back: FloatArray

    def figures(self, visits: FloatArray, among: BoolArray) -> dict[str, float]:
        """Return ``mean``, ``p90`` and ``max`` minutes and crew ``hours`` a year; NaN for none.

        Each school counts once. ``p90`` is the fewest minutes within which nine schools of ten
        reach their office (numpy's ``inverted_cdf``: the way of one of the schools). A crew goes
        from the office to each school and back, as often as it ``visits`` it.

        Parameters
        ----------
        visits
            Shape (n_schools,): visits a year.
        among
            Shape (n_schools,): the schools that are looked at.
        """
        some = among & (self.place >= 0)
        there = self.there[some]
        if not len(there):
            return dict.fromkeys(("mean", "p90", "max", "hours"), np.nan)
        return {
            "mean": float(there.mean()),
            "p90": float(np.quantile(there, NEARLY_ALL, method="inverted_cdf")),
            "max": float(there.max()),
            "hours": float(visits[some] @ (there + self.back[some])) / _MINUTES,
        }


def arranged(travel: Travel, place: IntArray) -> Arrangement:
    """Return an arrangement by the place of each school's office; -1 is none."""
    there, back = np.full((2, len(place)), np.nan)
    for one in np.unique(place[place >= 0]):
        schools, office = np.flatnonzero(place == one), np.array([one])
        there[schools] = travel.minutes(schools, office)[:, 0]
        back[schools] = travel.minutes(office, schools)[0]
    return Arrangement(place=place, there=there, back=back)


def todays_places(district: District, inputs: MeasureInputs) -> IntArray | None:
    """Return the place of each school's office today; None where the district names no offices.

    The office of a school is that of its community today, else that of its region, else the
    nearest; of several the nearest.
    """
    offices, ids = district.offices, list(inputs.schools.index)
    if offices is None or offices.empty:
        return None
    places = len(ids) + np.arange(len(offices))
    away = inputs.travel.minutes(np.arange(len(ids)), places)
    today = pd.Series("", ids) if district.existing_plan is None else district.existing_plan
    serves = np.ones_like(away, dtype=np.bool_)
    for own, name in (
        (inputs.schools["region"], "region"),
        (today.reindex(ids).fillna(""), "community_id"),
    ):
        same = own.to_numpy(dtype=object)[:, None] == offices[name].to_numpy(dtype=object)
        same &= (own != "").to_numpy()[:, None]
        serves = np.where(same.any(axis=1)[:, None], same, serves)
    nearest: IntArray = places[np.where(serves, away, np.inf).argmin(axis=1)]
    return nearest


def nearest_of(travel: Travel, places: IntArray, n_schools: int) -> IntArray:
    """Return, for each school, the nearest of some places; of several the first."""
    nearest: IntArray = places[travel.minutes(np.arange(n_schools), places).argmin(axis=1)]
    return nearest


def shared_among(
    travel: Travel,
    group: IntArray,
    p: int,
    *,
    capacity: FloatArray,
    weights: FloatArray,
) -> tuple[IntArray, Medians] | None:
    """Place ``p`` offices so that every group of schools has one of them, at the fewest minutes.

    Parameters
    ----------
    travel
        Minutes between places.
    group
        Shape (n_schools,): the group of each school, such as its community, or its own number where
        each school may go anywhere; -1 is none. Groups are numbered from 0 without gaps.
    p
        Number of offices.
    capacity
        Shape (n_schools,): schools that an office there can serve; NaN is any number.
    weights
        Shape (n_schools,): how much the minutes of each school count.

    Returns
    -------
    The place of each school's office (-1 is none) and what is proven of it; None where too few
    schools may hold an office, or they have too little room.
    """
    members = np.flatnonzero(group >= 0)
    size = np.bincount(group[members]).astype(np.float64)
    sites = np.flatnonzero(~(capacity < size.min()))
    if len(sites) < p:
        return None
    cost = np.zeros((len(size), len(sites)))
    minutes = travel.minutes(members, sites) * weights[members, None]
    np.add.at(cost, group[members], minutes)
    found = medians(cost, p, size=size, capacity=capacity[sites])
    if found is None:
        return None
    place = np.full(len(group), -1, dtype=np.int64)
    place[members] = sites[found.site[group[members]]]
    return place, found


def served_from(travel: Travel, group: IntArray, places: IntArray, weights: FloatArray) -> IntArray:
    """Return each school's office where every group goes to one of some places, the best for it."""
    place = np.full(len(group), -1, dtype=np.int64)
    for one in np.unique(group[group >= 0]):
        members = np.flatnonzero(group == one)
        place[members] = places[(weights[members] @ travel.minutes(members, places)).argmin()]
    return place
