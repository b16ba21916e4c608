"""Who can send to whom: the senders and receivers of every grade at which schools end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import K12_MASK
from feeder.network.interaction import great_circle_m

NO_NEIGHBOURHOOD: Final = frozenset(
    {"adult", "alternative", "charter", "continuation", "special", "virtual"}
)
"""Words of ``kind`` that mark a receiver without a neighbourhood. Not ``magnet``: it often means
a programme inside a neighbourhood school."""
FAR_RATIO: Final = 10.0
"""A receiver this many times as far as the nearest school that teaches the next grade is far."""
NEVER_FAR_M: Final = 5_000.0

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """The step out of one grade. Indices are rows of the schools table.

    Attributes
    ----------
    grade
        The grade that ends; K is 0.
    senders, leavers
        Shape (n_senders,): schools whose highest K-12 grade it is, and their leavers (positive).
    receivers, seats
        Shape (n_receivers,): schools that open at the next grade, or at this one, and the
        students (positive) that they can seat from elsewhere.
    distances_m
        Shape (n_senders, n_receivers): metres.
    stranded, stranded_m
        Senders with no receiver but far away, and the metres to the nearest (infinite: none).
        They are not among ``senders``.
    left_out
        Row to reason: schools that would receive, were it not for their kind or empty seats.
    """

    grade: int
    senders: IntArray
    leavers: FloatArray
    receivers: IntArray
    seats: FloatArray
    distances_m: FloatArray
    stranded: IntArray
    stranded_m: FloatArray
    left_out: dict[int, str]


def kind_is_usable(kinds: pd.Series[str]) -> bool:
    """Return whether the schools' kinds can tell which of them take no neighbourhood.

    A column that only flags magnets cannot.
    """
    return any(kind and "magnet" not in kind.casefold() for kind in kinds)


def takes_no_neighbourhood(kind: str) -> bool:
    """Return whether a school's ``kind`` says that it receives no neighbourhood.

    Whole words decide, in any case: ``Continuation school`` does, ``non-charter`` does not.
    """
    words = set(re.findall(r"[a-z]+", kind.casefold()))
    return bool(words & NO_NEIGHBOURHOOD) and not words & {"no", "non", "not"}


def grade_steps(
    schools: pd.DataFrame, grade_enrollment: pd.DataFrame | None, *, seat_share_open: float
) -> list[Step]:
    """Return the step out of every grade at which pupils leave, lowest first.

    Parameters
    ----------
    schools
        As ``District.schools``.
    grade_enrollment
        As ``District.grade_enrollment``: seats are the enrollment in the next grade where known,
        else enrollment / grades served.
    seat_share_open
        Share of the seats that is free in a school that opened a grade earlier.

    Notes
    -----
    A school that ends at a grade after which hardly anyone opens (a K-2 half of a pair) must not
    send its pupils across the district to the one school that does: a sender is stranded where
    its nearest receiver lies over 5 km away and over ten times as far as the nearest school that
    teaches the next grade.
    """
    masks = schools["grades"].to_numpy(dtype=np.int64)
    served = (masks[:, None] >> np.arange(13)) & 1 == 1
    lowest = served.argmax(axis=1)
    highest = np.where(masks & K12_MASK, 12 - served[:, ::-1].argmax(axis=1), -1)
    leavers = schools["leavers"].to_numpy(dtype=np.float64)
    n_grades = np.array([mask.bit_count() for mask in masks.tolist()])
    per_grade = schools["enrollment"].to_numpy(dtype=np.float64) / np.maximum(n_grades, 1)
    kinds = schools["kind"].tolist()
    neighbourhood = np.array([not takes_no_neighbourhood(kind) for kind in kinds], dtype=bool)

    steps = []
    for grade in range(12):
        senders = np.flatnonzero((highest == grade) & (leavers > 0))
        if not len(senders):
            continue
        seats = per_grade
        if grade_enrollment is not None:
            counted = grade_enrollment[str(grade + 1)].to_numpy(dtype=np.float64)
            seats = np.where(np.isnan(counted), per_grade, counted)
        seats = seats * np.where(lowest <= grade, seat_share_open, 1.0)
        teaches = served[:, grade + 1]
        opens = teaches & ((lowest == grade) | (lowest == grade + 1))
        receivers = np.flatnonzero(opens & neighbourhood & (seats > 0))

        distances_m = _distances_m(schools, senders, receivers)
        nearest_m = distances_m.min(axis=1, initial=np.inf)
        taught_m = _distances_m(schools, senders, np.flatnonzero(teaches & neighbourhood))
        reach_m = np.maximum(FAR_RATIO * taught_m.min(axis=1, initial=np.inf), NEVER_FAR_M)
        near = np.isfinite(nearest_m) & (nearest_m <= reach_m)
        steps.append(
            Step(
                grade=grade,
                senders=senders[near],
                leavers=leavers[senders[near]],
                receivers=receivers,
                seats=seats[receivers],
                distances_m=distances_m[near],
                stranded=senders[~near],
                stranded_m=nearest_m[~near],
                left_out={
                    row: f"no seats in grade {grade + 1}"
                    if neighbourhood[row]
                    else f"kind is {kinds[row]}"
                    for row in np.setdiff1d(np.flatnonzero(opens), receivers).tolist()
                },
            )
        )
    return steps


def _distances_m(schools: pd.DataFrame, rows: IntArray, columns: IntArray) -> FloatArray:
    lat, lon = (schools[name].to_numpy(dtype=np.float64) for name in ("lat", "lon"))
    return great_circle_m(lat[rows], lon[rows], lat[columns], lon[columns])
