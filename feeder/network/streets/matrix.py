"""The minutes between all places of a district by its streets, and what is odd about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Final

import numpy as np

from feeder.district.model import District, InputFile
from feeder.errors import InputError, Problem
from feeder.network.graph import FloatArray
from feeder.network.streets.cache import Arrays, kept, key_of
from feeder.network.streets.model import StreetNetwork
from feeder.network.streets.shortest import minutes_between, snap
from feeder.wording import counted, shown

FAR_M: Final = 1000.0
"""A place farther than this from every street is told (metres)."""


def street_minutes(
    district: District, points: FloatArray
) -> tuple[FloatArray, tuple[Problem, ...]]:
    """Return the minutes between all places by the district's streets.

    The streets and the minutes are kept in the user's cache folder, by the hash of the file and
    of all else they depend on.

    Parameters
    ----------
    district
        With ``streets``.
    points
        Shape (n_places, 3): the places, in metres from the middle of the earth.

    Returns
    -------
    minutes
        Shape (n_places, n_places), from row to column; NaN where a place has no point.
    warnings
        Places far from every street, and streets that were left out.

    Raises
    ------
    InputError
        Where the streets cannot be read, or most places are far from all of them.
    """
    file = district.streets
    if file is None:
        raise ValueError("the district has no streets")
    rate = district.access.minutes_a_metre
    key = key_of(file.sha256, district.access.speed_km_h, rate, points)

    def make() -> Arrays:
        streets = load_streets(district, file)
        node, metres = snap(streets, points)
        return {
            "minutes": minutes_between(streets, points, node, metres, rate),
            "metres": metres,
            "n_nodes": np.array([streets.n_nodes, streets.n_left_out]),
        }

    found = kept("minutes", key, make)
    return found["minutes"], tuple(_odd(district, file, found))


def load_streets(district: District, file: InputFile) -> StreetNetwork:
    """Return the streets of a file, from the cache where they were read before.

    Raises
    ------
    InputError
        Where they cannot be read.
    """
    speed = district.access.speed_km_h

    def make() -> Arrays:
        from feeder.network.streets.reading import read_streets

        streets = read_streets(district.folder / file.path, file.path, speed)
        return {f.name: np.asarray(getattr(streets, f.name)) for f in fields(streets)}

    found = dict(kept("streets", key_of(file.sha256, speed), make))
    return StreetNetwork(n_left_out=int(found.pop("n_left_out")), **found)


def _odd(district: District, file: InputFile, found: Arrays) -> Iterator[Problem]:
    """Tell what is odd; raise where the streets are elsewhere."""
    metres = found["metres"]
    far = np.flatnonzero(metres > FAR_M)
    if 2 * len(far) > np.isfinite(metres).sum():
        message = (
            f"the streets do not cover the district: {len(far)} of {counted(len(metres), 'place')} "
            f"are more than {FAR_M / 1000:g} km from all of them."
        )
        fix = "Download the streets of this district with feeder streets."
        raise InputError(
            [Problem(rule="streets-elsewhere", message=message, fix=fix, file=file.path)]
        )
    names = _names(district)
    for place in far.tolist():
        message = (
            f"{shown(names[place])} is {metres[place] / 1000:,.1f} km from the nearest street; "
            "the way to it counts as off the streets."
        )
        fix = "Give streets of a wider outline (feeder streets --margin)."
        yield Problem(rule="far-from-streets", message=message, fix=fix, file=file.path)
    n_nodes, n_left_out = found["n_nodes"].tolist()
    if n_left_out:
        message = (
            f"{n_left_out:,} of {counted(n_nodes + n_left_out, 'crossing')} left out: no way leads "
            "there from the rest of the streets and back."
        )
        yield Problem(rule="streets-cut-off", message=message, file=file.path)


def _names(district: District) -> list[str]:
    """Return what places are called: the schools, then the offices."""
    names = [str(name) for name in district.schools["name"]]
    offices = district.offices
    if offices is None:
        return names
    for row, office in enumerate(offices.to_dict("records")):
        own = next((office[c] for c in ("name", "office_id", "school_id") if office.get(c)), "")
        names.append(str(own or f"office {row + 1}"))
    return names
