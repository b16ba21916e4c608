"""How long it takes from one place to another: by streets, or by distance where there are none.

*Places* are numbered: the schools in the order of the graph, then the rows of the district's
offices. A matrix of minutes need not be symmetric: streets may be one-way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from feeder.district.model import Access, District
from feeder.errors import Problem
from feeder.network.globe import metres_from_middle
from feeder.network.graph import FloatArray, IntArray
from feeder.network.streets.matrix import street_minutes

DISTANCE: Final = "distance"
STREETS: Final = "streets"


class Travel(Protocol):
    """Minutes between places."""

    @property
    def source(self) -> str:
        """``streets`` or ``distance``: what the minutes rest on, for every figure made of them."""
        ...

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was left out or looks odd."""
        ...

    def minutes(self, origins: IntArray, destinations: IntArray) -> FloatArray:
        """Shape (n_origins, n_destinations): minutes from each origin to each destination."""
        ...

    def at(self, lon: FloatArray, lat: FloatArray) -> Travel:
        """Return the same for places that were moved a little, as publishing rounds them."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class DistanceTravel:
    """Minutes by the straight distance, a detour factor and a speed.

    Attributes
    ----------
    points
        Shape (n_places, 3): metres from the middle of the earth (WGS 84, height 0). At the size of
        a district the straight line between two of them is the distance over the ground, less
        a millimetre or so.
    access
        The detour factor and the speed.
    """

    points: FloatArray
    access: Access

    @classmethod
    def of(cls, lon: FloatArray, lat: FloatArray, access: Access) -> DistanceTravel:
        """Make it from degrees, one entry a place."""
        return cls(metres_from_middle(lon, lat), access)

    @property
    def source(self) -> str:
        """``distance``."""
        return DISTANCE

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """None: there is always a straight line."""
        return ()

    def minutes(self, origins: IntArray, destinations: IntArray) -> FloatArray:
        """Shape (n_origins, n_destinations): minutes from each origin to each destination."""
        metres = cdist(self.points[origins], self.points[destinations])
        minutes: FloatArray = metres * self.access.minutes_a_metre
        return minutes

    def at(self, lon: FloatArray, lat: FloatArray) -> DistanceTravel:
        """Return the same for places that were moved a little."""
        return DistanceTravel.of(lon, lat, self.access)


@dataclass(frozen=True, slots=True, eq=False)
class StreetTravel:
    """Minutes on a street network, worked out once for all places.

    Attributes
    ----------
    matrix
        Shape (n_places, n_places): minutes from the place of the row to that of the column.
    warnings
        Places far from every street, and streets that were left out.
    """

    matrix: FloatArray
    warnings: tuple[Problem, ...] = ()

    @property
    def source(self) -> str:
        """``streets``."""
        return STREETS

    def minutes(self, origins: IntArray, destinations: IntArray) -> FloatArray:
        """Shape (n_origins, n_destinations): minutes from each origin to each destination."""
        return self.matrix[np.ix_(origins, destinations)]

    def at(self, lon: FloatArray, lat: FloatArray) -> StreetTravel:
        """Return itself: a meter does not change the way."""
        del lon, lat
        return self


def travel_of(district: District) -> Travel:
    """Return how long it takes between the places of a district.

    Raises
    ------
    InputError
        Where the district's streets cannot be used.
    """
    lon, lat = place_points(district)
    if district.streets is None:
        return DistanceTravel.of(lon, lat, district.access)
    return StreetTravel(*street_minutes(district, metres_from_middle(lon, lat)))


def place_points(district: District) -> tuple[FloatArray, FloatArray]:
    """Return the degrees east and north of every place: the schools, then the offices.

    An office without a place of its own stands at its school; NaN where it has neither.
    """
    schools = district.schools
    lon, lat = (schools[name].to_numpy(np.float64) for name in ("lon", "lat"))
    offices = district.offices
    if offices is None:
        return lon, lat
    host = offices.get("school_id", pd.Series("", offices.index))
    found = []
    for name in ("lon", "lat"):
        given = pd.to_numeric(offices.get(name, pd.Series(np.nan, offices.index)), errors="coerce")
        at_school = host.map(schools[name])
        found.append(given.fillna(at_school).to_numpy(np.float64))
    return np.concatenate([lon, found[0]]), np.concatenate([lat, found[1]])
