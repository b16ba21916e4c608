"""Flow tables of other shapes: a matrix, or a row a student, made a row a pair of schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.flows.table import read_flows
from feeder.district.model import K12_MASK
from feeder.district.schools.grade_systems import GradeSystem
from feeder.district.schools.grade_words import parse_grades
from feeder.district.schools.grades import highest
from feeder.district.schools.roster import Roster
from feeder.district.settings.specs import FlowsSpec
from feeder.district.tables.numbers import read_numbers
from feeder.district.tables.shapes import NOBODY, Known, Reshaped, known, reshaped
from feeder.district.tables.table import Table, resolve_columns, select
from feeder.errors import Findings, InputError, row_word
from feeder.wording import counted, listed, shown, warn_grouped

_PAIR: Final = ("from_id", "to_id")
_AMOUNTS: Final = ("students", "share")
_FEWEST: Final = 5
"""Senders whose cells sum to a whole before a matrix is taken for one of shares."""
_MOST: Final = 0.5
_MOSTLY: Final = 0.9
_WHOLES: Final[Mapping[float, str]] = {1.0: "shares", 100.0: "percents"}
_SLACK: Final = 0.015
"""What shares may sum to above or below the whole: rounding."""


def read_flow_table(
    table: Table, spec: FlowsSpec, schools: pd.DataFrame, roster: Roster, findings: Findings
) -> pd.DataFrame | None:
    """Read a flow table of any shape.

    A matrix is taken as one where nothing else is possible; a row a student where
    ``[flows]`` says so. Parameters are those of :func:`~feeder.district.flows.table.read_flows`.

    Returns
    -------
    DataFrame or None
        As :attr:`feeder.district.model.District.flows`; None where it cannot be used.
    """
    try:
        made = _reshaped(table, spec, schools, roster, findings)
    except InputError as error:
        findings.errors.extend(error.problems)
        return None
    if made is None:
        return read_flows(table, spec, schools, roster, findings)
    found = Findings()
    bare = replace(spec.table, columns={}, where={}, match="id")
    plain = replace(spec, table=bare, shape="pairs")
    flows = read_flows(made.table, plain, schools, roster, found)
    made.tell(found, findings)
    return flows


def _reshaped(
    table: Table, spec: FlowsSpec, schools: pd.DataFrame, roster: Roster, findings: Findings
) -> Reshaped | None:
    """Return a table of one row a pair; None where it is one already."""
    meant = known(roster)
    if spec.shape == "students":
        return _Students.of(table, spec, schools, findings).pairs(meant)
    receivers = [str(name) for name in table.frame if meant.has(str(name))]
    if spec.shape == "matrix" or (spec.shape is None and _is_matrix(table, spec, receivers)):
        return _matrix(table, spec, meant, receivers, findings)
    return None


def _is_matrix(table: Table, spec: FlowsSpec, receivers: Sequence[str]) -> bool:
    """Return whether a table has a column a receiver, and none that a row a pair has."""
    names = [spec.table.columns.get(name, name) for name in ("to_id", *_AMOUNTS)]
    others = [name for name in table.frame if str(name) not in receivers]
    pairs = any(name in table.frame for name in names)
    return len(receivers) > 1 and len(receivers) >= len(others) and not pairs


def _matrix(
    table: Table, spec: FlowsSpec, meant: Known, receivers: Sequence[str], findings: Findings
) -> Reshaped:
    """Return a row a cell of the matrix that stands for somebody.

    Raises
    ------
    InputError
        Where no column is one of senders, or none a receiver.
    """
    sender = _sender(table, spec, meant, receivers)
    keep = [name for name in receivers if name != sender]
    source = spec.table.columns.get("source", "source")
    sources = [source] if source in table.frame else []
    left_out = [str(name) for name in table.frame if name not in {sender, *keep, *sources}]
    chosen = select(table, spec.table, findings).frame
    rows: list[list[str]] = []
    places = []
    for line, cells in zip(chosen.index, chosen.to_dict("records"), strict=True):
        for receiver in keep:
            if cells[receiver].strip().lower() not in NOBODY:
                own = (cells[name] for name in sources)
                rows.append([cells[sender], receiver, cells[receiver], *own])
                places.append((int(line), receiver))
    told = f"; columns that are no school were left out: {listed(left_out)}" if left_out else ""
    message = (
        f"the flows are a matrix: {counted(len(chosen), 'sender')} on rows, "
        f"{counted(len(keep), 'receiver')} as columns{told}."
    )
    findings.warnings.append(table.problem("flows-matrix", message))
    amount, rows = _whole_or_share(table, rows, findings)
    names = [*_PAIR, amount, *(["source"] * len(sources))]
    if amount == "share":  # written anew, with a point
        table = replace(table, decimal_comma=False)
    return reshaped(table, names, rows, places, meant, findings)


def _sender(table: Table, spec: FlowsSpec, meant: Known, receivers: Sequence[str]) -> str:
    """Return the column of senders: the one named, else the first that holds schools."""
    sender = spec.table.columns.get("from_id", "from_id")
    if sender not in table.frame and "from_id" not in spec.table.columns:
        rest = [str(name) for name in table.frame if str(name) not in receivers]
        sender = next((name for name in rest if meant.share(table.frame[name]) > _MOST), sender)
    if sender in table.frame and receivers:
        return sender
    what = (
        f"there is no column {shown(sender)} of senders" if receivers else "no column is a school"
    )
    message = f"the table cannot be read as a matrix: {what}."
    fix = (
        'A matrix has a row a sender and a column a receiver: columns = { from_id = "..." } names '
        "the column of the senders."
    )
    raise InputError([table.problem("flows-matrix", message, fix)])


def _whole_or_share(
    table: Table, rows: list[list[str]], findings: Findings
) -> tuple[str, list[list[str]]]:
    """Return what the cells of a matrix are, and the rows with percents as shares.

    The cells of each sender of a matrix of shares sum to 1, or to 100.
    """
    cells = [row[2].strip() for row in rows]
    bare = [cell.removesuffix("%").strip() for cell in cells]
    frame = pd.DataFrame({"from_id": [row[0] for row in rows], "cell": bare}, dtype=str)
    numbers = read_numbers(replace(table, frame=frame), "cell", Findings()).found
    sums = numbers.groupby(frame["from_id"]).sum()
    for whole, what in _WHOLES.items():
        close = (sums - whole).abs() <= _SLACK * whole
        if len(sums) >= _FEWEST and close.mean() >= _MOSTLY:
            message = f"the cells of a sender sum to {whole:g}, so they were read as {what}."
            findings.warnings.append(table.problem("matrix-of-shares", message))
            shares = [
                cell if np.isnan(number) else f"{number / whole:.12g}"
                for cell, number in zip(cells, numbers, strict=True)
            ]
            return "share", [
                [*row[:2], share, *row[3:]] for row, share in zip(rows, shares, strict=True)
            ]
    return "students", rows


@dataclass(frozen=True, slots=True, eq=False)
class _Students:
    """A table of one row a student: where each is, and where next."""

    table: Table
    columns: Mapping[str, str]
    schools: pd.DataFrame
    system: GradeSystem
    findings: Findings

    @classmethod
    def of(
        cls, table: Table, spec: FlowsSpec, schools: pd.DataFrame, findings: Findings
    ) -> _Students:
        """Return the chosen rows.

        Raises
        ------
        InputError
            Where a column is missing.
        """
        missing = Findings()
        columns = resolve_columns(table, spec.table, _PAIR, ("student_id", "grade"), missing)
        if missing.errors:
            raise InputError(missing.errors)
        chosen = select(table, spec.table, findings)
        return cls(chosen, columns, schools, spec.system, findings)

    def pairs(self, meant: Known) -> Reshaped:
        """Return the students counted by pair of schools."""
        rows = pd.DataFrame({name: self.table.text(self.columns[name]) for name in _PAIR})
        rows = self._once(rows)
        blank = rows.apply(lambda ids: ids.str.lower().isin(NOBODY))
        both = ~blank.any(axis=1)
        stay = both & (rows["from_id"] == rows["to_id"])
        moving = rows[both & ~stay]
        early = self._early(moving, meant)
        left_out = (
            (stay, "stay"),
            (blank["to_id"] & ~blank["from_id"], "leave the district"),
            (blank["from_id"], "are new to it"),
            (early, "change school before its last grade"),
        )
        told = [f"{int(mask.sum()):,} {what}" for mask, what in left_out if mask.any()]
        moving = moving[~early]
        more = f"; left out: {', '.join(told)}" if told else ""
        message = f"one row a student: {counted(len(moving), 'student')} counted by pair{more}."
        self.findings.warnings.append(self.table.problem("flows-students", message))
        counts = moving.groupby(list(_PAIR)).size()
        lines = moving.assign(line=moving.index).groupby(list(_PAIR))["line"].first()
        cells = [[*map(str, pair), str(size)] for pair, size in counts.items()]
        places = [(int(line), None) for line in lines]
        names = [*_PAIR, "students"]
        return reshaped(self.table, names, cells, places, meant, self.findings)

    def _once(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return one row a student. Students are never told by their ids: lines are.

        Raises
        ------
        InputError
            Where one stands with several schools.
        """
        if "student_id" not in self.columns:
            return rows
        keyed = rows.assign(student=self.table.text(self.columns["student_id"]))
        keyed = keyed[keyed["student"] != ""]
        same = keyed.index[keyed.duplicated()]
        word = row_word(self.table.file)
        warn_grouped(
            self.findings,
            rule="student-again",
            before=f"{counted(len(same), 'row')} that repeat a student, counted once",
            examples=[f"{word} {line}" for line in same],
            file=self.table.file,
        )
        others = keyed.drop(index=same)
        again = others.index[others["student"].duplicated()]
        if len(again):
            message = (
                f"{counted(len(again), 'row')} of students who stand above with other schools: "
                f"{listed(f'{word} {line}' for line in again)}."
            )
            fix = 'Keep one row a student; of several years one: where = { year = "..." }.'
            column = self.columns["student_id"]
            raise InputError([self.table.problem("student-again", message, fix, column=column)])
        return rows.drop(index=same)

    def _early(self, moving: pd.DataFrame, meant: Known) -> pd.Series[bool]:
        """Return who changes school below the last grade of the school that is left."""
        if "grade" not in self.columns:
            return pd.Series(data=False, index=moving.index)
        last = (self.schools["grades"] & K12_MASK).map(highest)
        grades = (
            self.table.text(self.columns["grade"])
            .loc[moving.index]
            .map(partial(_grade, system=self.system))
        )
        senders = moving["from_id"].map(meant.id_of).map(last)
        return (grades < senders).fillna(value=False).astype(bool)


def _grade(text: str, system: GradeSystem) -> int | None:
    """Return one grade; None where the text is none, and the student counts."""
    try:
        return highest(parse_grades(text, system).mask)
    except ValueError:
        return None
