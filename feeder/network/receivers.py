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
LEAST_FREE: Final = 0.05
"""Share of a receiver's seats that known flows never fill."""
FEWEST: Final = 10
FEW: Final = 5.0
"""Fewer students than FEWEST count as FEW where they are seats: an estimate is an open formula, so
flows that are published would give them away."""

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
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
    outside
        Shape (n_senders, n_receivers): receivers outside the area of a later step that the sender
        lies in, where some receiver lies inside it.
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
    outside: BoolArray
    stranded: IntArray
    stranded_m: FloatArray
    left_out: dict[int, str]


def kind_is_usable(kinds: pd.Series[str]) -> bool:
    """Return whether the schools' kinds can tell which of them take no neighbourhood.

    A column that only flags magnets or virtual schools cannot.
    """
    lower = (kind.casefold() for kind in kinds)
    return any(kind not in {"", "virtual"} and "magnet" not in kind for kind in lower)


def takes_no_neighbourhood(kind: str) -> bool:
    """Return whether a school's ``kind`` says that it receives no neighbourhood.

    Whole words decide, in any case: ``Continuation school`` does, ``non-charter`` does not.
    """
    words = set(re.findall(r"[a-z]+", kind.casefold()))
    return bool(words & NO_NEIGHBOURHOOD) and not words & {"no", "non", "not"}


def grade_steps(
    schools: pd.DataFrame,
    grade_enrollment: pd.DataFrame | None,
    *,
    seat_share_open: float,
    known: pd.DataFrame | None = None,
    senders: BoolArray | None = None,
    home: IntArray | None = None,
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
    known
        ``from_id``, ``to_id``, ``students`` of flows that are known: the seats they fill are taken.
    senders
        Shape (n_schools,): schools that may send; None is all.
    home
        Shape (12, n_schools): by the grade that ends, the area of a later step in which a school
        lies; -1 is none.

    Notes
    -----
    Seats of 1 to 9 students are taken for five, so that no estimate gives them away.

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
    enrolled = _none_is_few(schools["enrollment"].to_numpy(dtype=np.float64))
    per_grade = enrolled / np.maximum(n_grades, 1)
    kinds = schools["kind"].tolist()
    neighbourhood = np.array([not takes_no_neighbourhood(kind) for kind in kinds], dtype=bool)

    taken = _taken(schools, known, highest)
    sends = leavers > 0 if senders is None else senders & (leavers > 0)

    steps = []
    for grade in range(12):
        leaving = np.flatnonzero((highest == grade) & sends)
        if not len(leaving):
            continue
        seats = per_grade
        if grade_enrollment is not None:
            counted = _none_is_few(grade_enrollment[str(grade + 1)].to_numpy(dtype=np.float64))
            seats = np.where(np.isnan(counted), per_grade, counted)
        seats = seats * np.where(lowest <= grade, seat_share_open, 1.0)
        seats = np.maximum(seats - taken[grade], LEAST_FREE * seats)
        teaches = served[:, grade + 1]
        opens = teaches & ((lowest == grade) | (lowest == grade + 1))
        receivers = np.flatnonzero(opens & neighbourhood & (seats > 0))

        distances_m = _distances_m(schools, leaving, receivers)
        nearest_m = distances_m.min(axis=1, initial=np.inf)
        taught_m = _distances_m(schools, leaving, np.flatnonzero(teaches & neighbourhood))
        reach_m = np.maximum(FAR_RATIO * taught_m.min(axis=1, initial=np.inf), NEVER_FAR_M)
        near = np.isfinite(nearest_m) & (nearest_m <= reach_m)
        steps.append(
            Step(
                grade=grade,
                senders=leaving[near],
                leavers=leavers[leaving[near]],
                receivers=receivers,
                seats=seats[receivers],
                distances_m=distances_m[near],
                outside=_outside(home, grade, leaving[near], receivers),
                stranded=leaving[~near],
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


def _none_is_few(students: FloatArray) -> FloatArray:
    return np.where((students > 0) & (students < FEWEST), FEW, students)


def _taken(schools: pd.DataFrame, known: pd.DataFrame | None, highest: IntArray) -> FloatArray:
    """Shape (12, n_schools): seats that known flows fill, by the grade that ends."""
    taken = np.zeros((12, len(schools)))
    if known is None:
        return taken
    sender, receiver = (
        schools.index.get_indexer(pd.Index(known[name])) for name in ("from_id", "to_id")
    )
    ends = (highest[sender] >= 0) & (highest[sender] < len(taken))
    students = known["students"].to_numpy(dtype=np.float64)
    np.add.at(taken, (highest[sender][ends], receiver[ends]), students[ends])
    return taken


def _outside(
    home: IntArray | None, grade: int, senders: IntArray, receivers: IntArray
) -> BoolArray:
    """Shape (n_senders, n_receivers): receivers beyond the line around a sender's home."""
    if home is None:
        return np.zeros((len(senders), len(receivers)), dtype=np.bool_)
    own = home[grade][senders][:, None]
    inside = (own >= 0) & (own == home[grade][receivers][None, :])
    outside: BoolArray = inside.any(axis=1, keepdims=True) & ~inside
    return outside


def _distances_m(schools: pd.DataFrame, rows: IntArray, columns: IntArray) -> FloatArray:
    lat, lon = (schools[name].to_numpy(dtype=np.float64) for name in ("lat", "lon"))
    return great_circle_m(lat[rows], lon[rows], lat[columns], lon[columns])
