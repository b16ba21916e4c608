"""What an attacker looks for: every count told as a range that some headline rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array, lil_array

from feeder.district.model import GRADE_COLUMNS, MODELED, District
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.model import Network
from feeder.publishing.cells import Told
from feeder.publishing.primary import LARGEST_FEW, SMALLEST
from feeder.publishing.school_cells import SchoolCells, school_cells

FLOW: Final = "flow"
"""The kind of unknowns that are flows; the others are columns of the schools' cells."""
_SLACK: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unknowns:
    """Counts that are told as a range, and the sums anyone knows of them.

    Attributes
    ----------
    kind
        Shape (n,), text: ``flow``, or the column of the schools' cells.
    row
        Shape (n,): row of the network's flows, or of the district's schools.
    truth, low, high
        Shape (n,): the true count and what is told of it.
    is_whole
        Shape (n,): whether it is a whole number of students.
    is_measured
        Shape (n,): whether figures count it; cells suppressed in the table count by their middle,
        whatever they hold.
    sums
        Shape (n_sums, n): sums that anyone knows; each world has those of the truth.
    targets
        For each count to protect its index and a value that it must be able to have: 1 to 9, or
        all but 1 to 9 of a school.
    """

    kind: tuple[str, ...]
    row: IntArray
    truth: FloatArray
    low: FloatArray
    high: FloatArray
    is_whole: BoolArray
    is_measured: BoolArray
    sums: csr_array
    targets: tuple[tuple[int, float], ...]

    def of(self, kind: str) -> IntArray:
        """Return the indices of the unknowns of a kind."""
        return np.flatnonzero(np.array(self.kind, dtype=object) == kind)


def unknowns(told: Told, district: District, network: Network) -> Unknowns:
    """Return what is told as a range of flows, enrollment, need, and grades that pupils change in.

    Counts that no headline rests on are no part of it: nothing but their ranges is told of them.
    """
    schools = school_cells(district)
    columns = _columns(schools, district)
    cells = [_school_unknowns(schools, name) for name in columns]
    flows = _flow_unknowns(told, network)
    kind = [name for name, rows in zip(columns, cells, strict=True) for _ in rows]
    row = np.concatenate([*cells, flows]).astype(np.int64)
    kind += [FLOW] * len(flows)
    school = [
        (
            schools.students[name].to_numpy(),
            schools.low[name].to_numpy(),
            schools.high[name].to_numpy(),
        )
        for name in columns
    ]
    ends = [
        np.concatenate(
            [*(one[i][rows] for one, rows in zip(school, cells, strict=True)), flow[flows]]
        )
        for i, flow in enumerate(
            (
                network.flows["students"].to_numpy(np.float64),
                told.flows.low["students"].to_numpy(np.float64),
                told.flows.high["students"].to_numpy(np.float64),
            )
        )
    ]
    few = np.concatenate(
        [
            *(
                schools.is_few[name].to_numpy()[rows]
                for name, rows in zip(columns, cells, strict=True)
            ),
            ends[0][len(kind) - len(flows) :] < LARGEST_FEW + 1,
        ]
    )
    return Unknowns(
        kind=tuple(kind),
        row=row,
        truth=ends[0],
        low=ends[1],
        high=ends[2],
        is_whole=_are_whole(kind, ends[0]),
        is_measured=np.concatenate(
            [np.ones(len(kind) - len(flows), dtype=np.bool_), ~_suppressed(network)[flows]]
        ),
        sums=_sums(kind, row, schools, network),
        targets=_targets(few, *ends),
    )


def _columns(schools: SchoolCells, district: District) -> list[str]:
    """Return the columns that headlines rest on, and those that add up with them."""
    wanted = ["enrollment", *(f"count {name}" for name in district.statistics.need_weights)]
    if district.grade_enrollment is not None:
        wanted += [f"grade {name}" for name in GRADE_COLUMNS]
    grown = True
    while grown:
        tied = {
            name
            for one in schools.relations
            for name in (*one.parts, one.whole)
            if {*one.parts, one.whole} & set(wanted) - {"enrollment"}
        }
        grown = bool(tied - set(wanted))
        wanted += sorted(tied - set(wanted))
    return [name for name in wanted if name in schools.students]


def _school_unknowns(schools: SchoolCells, name: str) -> IntArray:
    is_open: IntArray = np.flatnonzero(
        (schools.low[name] < schools.high[name]).to_numpy(np.bool_)
        & schools.students[name].notna().to_numpy()
    )
    return is_open


def _flow_unknowns(told: Told, network: Network) -> IntArray:
    counted = ~network.flows["source"].isin(MODELED).to_numpy()
    is_open = told.flows.is_open["students"].to_numpy(np.bool_)
    rows: IntArray = np.flatnonzero(counted & is_open)
    return rows


def _suppressed(network: Network) -> BoolArray:
    """Shape (n_flows,): whether a row was suppressed in the table already."""
    flows = network.flows
    return np.asarray(flows["students_low"] < flows["students_high"], dtype=np.bool_)


def _are_whole(kind: list[str], truth: FloatArray) -> BoolArray:
    """Whether every count of its kind is a whole number."""
    broken = {name for name, value in zip(kind, truth.tolist(), strict=True) if value % 1}
    return np.array([name not in broken for name in kind], dtype=np.bool_)


def _sums(kind: list[str], row: IntArray, schools: SchoolCells, network: Network) -> csr_array:
    """Return the sums of each school's columns and of each sender's flows, where some are open."""
    place: dict[tuple[str, int], int] = {
        (name, int(i)): at for at, (name, i) in enumerate(zip(kind, row, strict=True))
    }
    rows: list[dict[int, float]] = []
    for one in schools.relations:
        for i in range(len(schools.students)):
            members = dict.fromkeys(one.parts, 1.0) | {one.whole: -1.0}
            here = {place[name, i]: s for name, s in members.items() if (name, i) in place}
            if here:
                rows.append(here)
    sender = network.flows["from_id"].to_numpy(dtype=object)
    sent = network.flows.groupby("from_id")["students"].sum()
    for school in sorted({sender[i] for name, i in place if name == FLOW}):
        if sent[school] < SMALLEST:  # leavers so few are told by nobody
            continue
        own = {at: 1.0 for (name, i), at in place.items() if name == FLOW and sender[i] == school}
        rows.append(own)
    matrix = lil_array((len(rows), len(kind)))
    for number, found in enumerate(rows):
        for column, sign in found.items():
            matrix[number, column] = sign
    return csr_array(matrix)


def _targets(
    few: BoolArray, truth: FloatArray, low: FloatArray, high: FloatArray
) -> tuple[tuple[int, float], ...]:
    """Return the values that each count to protect must be able to have."""
    found = []
    for at in np.flatnonzero(few).tolist():
        top = truth[at] > LARGEST_FEW  # all but a few of a school: who is left is protected
        values = [high[at] - left if top else float(left) for left in range(1, LARGEST_FEW + 1)]
        found += [(at, value) for value in values if low[at] - _SLACK <= value <= high[at] + _SLACK]
    return tuple(found)
