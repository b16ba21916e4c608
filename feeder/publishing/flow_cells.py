"""What may be known of every flow: few students are a range, and so is a partner of theirs.

What a sender's flows are together anyone may know: they are the pupils of its last grade, which
states publish. So the hidden flows of a sender need a partner among its told ones.

Flows that a method gives (:data:`~feeder.district.model.MODELED`) count nobody: they are shares
of the sender's leavers, and are told unless these are a range, which then is theirs.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import GRADE_COLUMNS, K12_MASK, MODELED, District
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.model import Network
from feeder.publishing.partners import Sum, completed
from feeder.publishing.primary import LARGEST_FEW, fractions, whole_counts

_TINY: Final = 1e-9


def flow_ends(
    district: District, network: Network, low: pd.DataFrame, high: pd.DataFrame
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each row of the network's flows may be.

    Parameters
    ----------
    district, network
        What was read.
    low, high
        What may be known of the schools (:class:`~feeder.publishing.school_cells.SchoolCells`).
    """
    flows, ids = network.flows, district.schools.index
    students = flows["students"].to_numpy(np.float64)
    modeled = flows["source"].isin(MODELED).to_numpy()
    sender, receiver = (
        ids.get_indexer(pd.Index(flows[name])).astype(np.int64) for name in ("from_id", "to_id")
    )
    leavers = leavers_range(district, low, high)
    least, most = _primary(flows, ~modeled)
    open_leavers = leavers[0] < leavers[1]
    for school in np.unique(sender[~modeled & ((least < most) | open_leavers[sender])]):
        rows = np.flatnonzero((sender == school) & ~modeled)
        if leavers[1][school] > LARGEST_FEW:
            least[rows], most[rows] = _completed(flows.iloc[rows], least[rows], most[rows])
            _leave_open(students, rows, (least, most), (leavers[0][school], leavers[1][school]))
    return _modeled_ends(
        district, students, (least, most), (low, high), (sender, receiver), flows["source"]
    )


def leavers_range(
    district: District, low: pd.DataFrame, high: pd.DataFrame
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most leavers of each school, each of shape (n_schools,)."""
    schools = district.schools
    leavers = schools["leavers"].to_numpy(np.float64)
    counted = ~schools["leavers_estimated"].to_numpy(np.bool_)
    enrollment = schools["enrollment"].to_numpy(np.float64)
    ends = [
        np.where(
            end["enrollment"].to_numpy() == enrollment,
            leavers,
            leavers * end["enrollment"].to_numpy() / np.maximum(enrollment, 1.0),
        )
        for end in (low, high)
    ]
    if district.grade_enrollment is not None:
        last = [f"grade {GRADE_COLUMNS[grade + 1]}" for grade in highest_grade(schools)]
        columns = low.columns.get_indexer(pd.Index(last))
        rows = np.arange(len(schools))
        ends = [
            np.where(counted, table.to_numpy()[rows, columns], end)
            for table, end in zip((low, high), ends, strict=True)
        ]
    return ends[0], ends[1]


def highest_grade(schools: pd.DataFrame) -> list[int]:
    """Return the highest K-12 grade of each school; 0 where there is none."""
    masks = (schools["grades"].to_numpy(np.int64) & K12_MASK).tolist()
    return [max(mask.bit_length() - 1, 0) for mask in masks]


def _primary(flows: pd.DataFrame, counted: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return what is told of every flow on its own; the cells suppressed in the table stay so."""
    students, least, most = (
        flows[name].to_numpy(np.float64) for name in ("students", "students_low", "students_high")
    )
    whole = bool((students[counted] == np.round(students[counted])).all())
    low, high = (whole_counts if whole else fractions)(students)
    suppressed = counted & (least < most)
    low = np.where(suppressed, np.minimum(least, 1.0), np.where(counted, low, students))
    high = np.where(suppressed, np.maximum(most, LARGEST_FEW), np.where(counted, high, students))
    return low, high


def _completed(
    rows: pd.DataFrame, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the ends of a sender's flows with their partners.

    Where cells were suppressed in the table nobody here knows their sum, so the ends hold for the
    least and for the most that it may be.
    """
    ends = [
        completed(
            Sum(
                students=rows[name].to_numpy(np.float64),
                low=low,
                high=high,
                sign=np.ones(len(rows)),
                is_few=low < high,
                rank=np.zeros(len(rows)),
            )
        )
        for name in ("students_low", "students_high")
    ]
    return np.minimum(ends[0][0], ends[1][0]), np.maximum(ends[0][1], ends[1][1])


def _leave_open(
    students: FloatArray,
    rows: IntArray,
    ends: tuple[FloatArray, FloatArray],
    leavers: tuple[float, float],
) -> None:
    """Widen the largest flow of a sender whose leavers are a range, so that no sum tells them."""
    if leavers[0] < leavers[1] and len(rows):
        largest = rows[np.argmax(students[rows])]
        spread = leavers[1] - leavers[0]
        ends[0][largest] = max(np.floor(ends[0][largest] - spread), 0.0)
        ends[1][largest] = np.ceil(ends[1][largest] + spread)


def _modeled_ends(
    district: District,
    students: FloatArray,
    ends: tuple[FloatArray, FloatArray],
    schools: tuple[pd.DataFrame, pd.DataFrame],
    pairs: tuple[IntArray, IntArray],
    source: pd.Series[str],
) -> tuple[FloatArray, FloatArray]:
    """Return the ends with those of modeled flows, which are shares of their senders' leavers.

    An estimate reads the seats of the receivers, few ones as five: where others are a range,
    nothing is told of the flows of a sender that has one among its receivers, but that they are
    no more than its leavers.
    """
    sender, receiver = pairs
    modeled = source.isin(MODELED).to_numpy()
    low, high = leavers_range(district, *schools)
    leavers = np.maximum(district.schools["leavers"].to_numpy(np.float64), _TINY)
    unknown = modeled & (low < high)[sender]
    least, most = (
        np.where(unknown, students * leaving[sender] / leavers[sender], end)
        for end, leaving in zip(ends, (low, high), strict=True)
    )
    unsure = (
        _seats_are_open(district, schools, sender, receiver) & (source == "estimated").to_numpy()
    )
    silent = np.isin(sender, np.unique(sender[unsure])) & (source == "estimated").to_numpy()
    return np.where(silent, 0.0, least), np.where(silent, np.ceil(high[sender]), most)


def _seats_are_open(
    district: District,
    schools: tuple[pd.DataFrame, pd.DataFrame],
    sender: IntArray,
    receiver: IntArray,
) -> BoolArray:
    """Shape (n_flows,): whether the seats that an estimate reads of a receiver are a range."""
    low, high = schools
    # Few seats are no part of the estimate (``feeder.network.receivers``).
    few = (low == 1.0) & (high == LARGEST_FEW)
    is_open = ((low < high) & ~few).to_numpy()
    whole = is_open[receiver, low.columns.get_loc("enrollment")]
    if district.grade_enrollment is None:
        return np.asarray(whole, dtype=np.bool_)
    following = np.minimum(np.array(highest_grade(district.schools)) + 1, len(GRADE_COLUMNS) - 3)
    columns = low.columns.get_indexer(pd.Index([f"grade {grade}" for grade in following]))
    seats = is_open[receiver, columns[sender]]
    return np.asarray(whole | seats, dtype=np.bool_)
