"""How full schools are: enrollment over capacity, of the schools whose capacity is known."""

from __future__ import annotations

import numpy as np

from feeder.language import Message
from feeder.measures.scorecard import Value
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.planning.community_totals import totals
from feeder.terms import FULL, OF_CAPACITY, SLACK, UNDERUSED


def has_capacity(capacity: FloatArray) -> BoolArray:
    """Shape (n_schools,): whether a school's capacity is known, so that it can be counted."""
    return np.asarray(capacity > 0, dtype=np.bool_)


def capacity_measures(
    enrollment: FloatArray, capacity: FloatArray, home: IntArray, n: int
) -> dict[str, Value]:
    """Return every measure of capacity.

    Parameters
    ----------
    enrollment, capacity
        Shape (n_schools,): students, and for how many a school has room (NaN or 0 unknown).
    home
        Shape (n_schools,): community of each school; -1 is none.
    n
        Number of communities.
    """
    known = has_capacity(capacity) & (home >= 0)
    if not known.any():
        return dict.fromkeys(OF_CAPACITY, Value(None, Message("missing.no_capacity")))
    students, places = float(enrollment[known].sum()), float(capacity[known].sum())
    here, room = (_by_community(column, known, home, n) for column in (enrollment, capacity))
    whole = students / places
    shares = here[room > 0] / room[room > 0]
    off = np.abs(shares / whole - 1.0) if whole > 0 else np.zeros(1)
    return {
        "capacity_utilization": Value(whole, numerator=students, denominator=places),
        "capacity_deviation": Value(float(off.max())),
        "schools_over_capacity": _counted(_over(enrollment, capacity), known),
        "schools_under_capacity": _counted(_under(enrollment, capacity), known),
    }


def capacity_columns(
    enrollment: FloatArray, capacity: FloatArray, home: IntArray, n: int
) -> dict[str, FloatArray | IntArray]:
    """Return the columns of the communities; none where no school's capacity is known."""
    known = has_capacity(capacity)
    if not known.any():
        return {}
    here, room = (_by_community(column, known, home, n) for column in (enrollment, capacity))
    share = np.full(n, np.nan)
    np.divide(here, room, out=share, where=room > 0)
    counts = {
        "schools_over_capacity": _over(enrollment, capacity) & known,
        "schools_under_capacity": _under(enrollment, capacity) & known,
        "schools_without_capacity": ~known,
    }
    return {
        "capacity_utilization": share,
        "capacity_utilization_numerator": here,
        "capacity_utilization_denominator": room,
        **{name: np.bincount(home[(home >= 0) & of], minlength=n) for name, of in counts.items()},
    }


def _over(enrollment: FloatArray, capacity: FloatArray) -> BoolArray:
    return np.asarray(enrollment > FULL * capacity * (1 + SLACK), dtype=np.bool_)


def _under(enrollment: FloatArray, capacity: FloatArray) -> BoolArray:
    return np.asarray(enrollment < UNDERUSED * capacity * (1 - SLACK), dtype=np.bool_)


def _counted(which: BoolArray, known: BoolArray) -> Value:
    count = int((which & known).sum())
    return Value(count, numerator=count, denominator=int(known.sum()))


def _by_community(column: FloatArray, known: BoolArray, home: IntArray, n: int) -> FloatArray:
    return totals(np.where(known, column, 0.0), home, n)
