"""Today's offices: one a community of today's plan, at a school not far from its middle."""

from __future__ import annotations

import numpy as np

from feeder.district.synthetic.places import Places
from feeder.district.synthetic.terrain import IntArray


def make_offices(today: IntArray, places: Places, rng: np.random.Generator) -> dict[int, int]:
    """Return the school at which the office of each of today's communities stands.

    Any school of the half nearer to the middle of the community will do: offices came to where
    there was room, not to where the way is shortest.
    """
    offices = {}
    for community in np.unique(today[today >= 0]).tolist():
        members = np.flatnonzero(today == community)
        away = np.hypot(*(places.xy[members] - places.xy[members].mean(axis=0)).T)
        near = members[np.argsort(away, kind="stable")][: (len(members) + 1) // 2]
        offices[community] = int(near[rng.integers(len(near))])
    return offices
