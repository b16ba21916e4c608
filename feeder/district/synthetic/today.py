"""Today's plan: an older geography that the district has outgrown, so that it can be improved."""

from __future__ import annotations

from typing import Final

import numpy as np

from feeder.district.synthetic.places import Places
from feeder.district.synthetic.roster import LAST_MIDDLE, Roster
from feeder.district.synthetic.terrain import FloatArray, IntArray, spread

STRETCH: Final = 1.8
"""The old areas run further inland than along the coast."""
ROUNDS: Final = 8


def make_today(roster: Roster, places: Places, rng: np.random.Generator) -> IntArray:
    """Return today's community of each school, -1 for a school that opened after it was made.

    Elementary and middle schools belong to the nearest of some old area offices, placed without
    a thought for enrollment or for where pupils go next. High schools report to fewer offices,
    so that some communities have none.
    """
    k = roster.n_communities
    old_map = places.xy * [1.0, STRETCH]
    lower = np.flatnonzero(roster.high <= LAST_MIDDLE)
    offices = spread(old_map[rng.permutation(lower)], k)
    for _ in range(ROUNDS):
        nearest = _nearest(old_map[lower], offices)
        size = np.maximum(np.bincount(nearest, minlength=k), 1)
        sums = [np.bincount(nearest, old_map[lower, i], k) for i in (0, 1)]
        offices = np.round(np.stack(sums, axis=1) / size[:, None], 9)
    today = _nearest(old_map, offices)
    upper = roster.high > LAST_MIDDLE
    keeping = np.sort(rng.permutation(k)[: k - k // 3])
    today[upper] = keeping[_nearest(old_map[upper], offices[keeping])]
    newest = np.flatnonzero(roster.kind == "charter")
    today[newest[: max(1, roster.n // 130)]] = -1
    return today


def _nearest(points: FloatArray, offices: FloatArray) -> IntArray:
    """Return the index of the nearest office of each point."""
    away = np.hypot(*(points[:, None] - offices[None]).transpose(2, 0, 1))
    return np.asarray(away.argmin(axis=1), dtype=np.int64)
