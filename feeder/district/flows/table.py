"""Feeder flows: who goes where next, in students a year.

The order of the steps is part of the meaning: rows that name strangers and pathways go first,
so that they neither count twice nor spoil a sum; only what is left is checked and added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from feeder.district.flows.checks import (
    are_ids,
    check_direction,
    check_sizes,
    may_be_students,
)
from feeder.district.model import K12_MASK
from feeder.district.schools.grades import LAST_GRADE, highest, span_label
from feeder.district.schools.names import Names
from feeder.district.schools.recognition import read_schools, recognised
from feeder.district.schools.roster import Place, Roster
from feeder.district.settings.specs import MANIFEST, FlowsSpec
from feeder.district.tables.numbers import read_all
from feeder.district.tables.numerals import Kind
from feeder.district.tables.schemas import OBSERVED, TRANSITIONS, check
from feeder.district.tables.table import Table, resolve_columns, select, told_cells
from feeder.errors import Findings, Problem
from feeder.wording import counted, warn_grouped

SHARE_LIMIT: Final = 1.001
"""Shares of one sender may sum to this much: 1, and a thousandth for rounding."""
_COLUMNS: Final = ["from_id", "to_id", "students", "students_low", "students_high", "source"]
_PAIR: Final = ["from_id", "to_id"]
_KINDS: Final = {"students": Kind.AMOUNT, "share": Kind.SHARE}


def read_flows(
    table: Table, spec: FlowsSpec, schools: pd.DataFrame, roster: Roster, findings: Findings
) -> pd.DataFrame:
    """Read the flow table.

    Parameters
    ----------
    table, spec
        The table, and what ``[flows]`` says of it.
    schools
        ``grades`` and ``leavers`` by school.
    roster
        Names of the schools.
    findings
        Collects what is wrong or left out.

    Returns
    -------
    DataFrame
        As :attr:`feeder.district.model.District.flows`; without rows where the table has none
        or cannot be used.
    """
    optional = ["students", "share", "suppressed_cells", "source"]
    columns = resolve_columns(table, spec.table, _PAIR, optional, findings)
    chosen = select(table, spec.table, findings)
    amount = _amount(table, spec, columns, findings)
    if amount is None or not set(_PAIR) <= set(columns):
        if amount is not None:
            read_all(chosen, {columns[amount]: _KINDS[amount]}, findings)
        return _empty()
    if amount == "students" and are_ids(chosen.text(columns[amount])):
        message = "every cell is a large number of its own: are these ids?"
        fix = 'Name a column of counts; where each row is one student, write shape = "students".'
        findings.errors.append(
            table.problem("ids-as-students", message, fix, column=columns[amount])
        )
        return _empty()
    if not len(chosen):
        message = "the flow table has no rows, so nobody changes school."
        findings.warnings.append(table.problem("no-flows", message))
        return _empty()
    reader = _Reader(chosen, columns, spec, schools, roster, findings)
    rows = reader.transitions()
    rows = reader.amounts(rows, amount)
    if amount == "students":
        reader.check_sizes(rows)
    rows = reader.shares_kept(rows) if amount == "share" else rows
    flows = reader.pairs(rows, amount)
    if len(rows) and flows.empty and not told_cells(table, findings):
        message = "no flow has a student, so nobody changes school."
        findings.warnings.append(table.problem("no-flows", message, column=columns[amount]))
    return flows


def _amount(
    table: Table, spec: FlowsSpec, columns: Mapping[str, str], findings: Findings
) -> str | None:
    """Return whether rows count ``students`` or give a ``share``; a mapped name wins."""
    found = [name for name in ("students", "share") if name in columns]
    mapped = [name for name in found if name in spec.table.columns]
    if len(mapped or found) == 1:
        return (mapped or found)[0]
    if not found and not {"students", "share"} & set(spec.table.columns):
        message = "there is no column of students or shares."
        fix = "Map students or share in [flows].columns."
        if may_be_students(table, spec.table):
            fix = (
                'Where each row is one student, write shape = "students" in [flows]; else map '
                "students or share in [flows].columns."
            )
        findings.errors.append(table.problem("missing-column", message, fix))
    elif len(found) > 1 and not mapped:
        message = "the table has columns students and share."
        fix = 'Say which in [flows]: columns = { students = "students" }.'
        findings.errors.append(table.problem("ambiguous-column", message, fix))
    return None


def _empty() -> pd.DataFrame:
    types = {name: "float64" if "students" in name else "str" for name in _COLUMNS}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """Takes the table step by step to one row a pair; rows keep their line until the last."""

    table: Table
    columns: Mapping[str, str]
    spec: FlowsSpec
    schools: pd.DataFrame
    roster: Roster
    findings: Findings

    def transitions(self) -> pd.DataFrame:
        """Return the rows between members where the receiver serves the next grade."""
        named = {name: self.columns[name] for name in _PAIR}
        match, section = self.spec.table.match, self.spec.table.section
        ids = read_schools(self.table, named, match, self.roster, self.findings)
        names = Names(self.roster, self.schools["level"])
        for name, column in named.items():
            at = Place(self.table, column, section)
            ids[name] = recognised(ids[name], at, match, self.roster, names, self.findings)
        place = Place(self.table, " and ".join(named.values()), section)
        for tell in (self.roster.tell_unheard, self.roster.tell_left_out):
            tell(ids, place, noun="flow", fate="left out", findings=self.findings)
        rows = ids[self.roster.are_members(ids)]
        stays = rows["from_id"] == rows["to_id"]
        self._warn(
            "self-flow",
            self.roster.names(list(rows.loc[stays, "from_id"])),
            f"{counted(int(stays.sum()), 'flow')} from a school to itself, left out",
        )
        rows = rows[~stays]
        return rows[~self._pathways(rows)]

    def _pathways(self, rows: pd.DataFrame) -> pd.Series[bool]:
        grades = self.schools["grades"]
        pathway = ~self._leads_on(rows["from_id"], rows["to_id"])
        back = self._leads_on(rows["to_id"], rows["from_id"])
        check_direction(pathway, back, self.table, self.findings)
        names = {
            school_id: f"{name} ({span_label(int(grades[school_id]), self.spec.system)})"
            for school_id, name in self.roster.members.items()
        }
        examples = _arrows(rows[pathway], names)
        self._warn(
            "pathway",
            examples,
            f"{counted(len(examples), 'flow')} to a school that does not serve the sender's next "
            "grade (pathways), left out",
        )
        return pathway

    def _leads_on(self, senders: pd.Series[str], receivers: pd.Series[str]) -> pd.Series[bool]:
        """Return where the receiver serves the grade after the sender's last."""
        grades = self.schools["grades"]
        last = (grades & K12_MASK).map(highest)
        after = last.loc[senders].to_numpy() + 1
        serves = (grades.loc[receivers].to_numpy() >> after.clip(min=0)) & 1
        return pd.Series((after >= 1) & (after <= LAST_GRADE) & (serves == 1), senders.index)

    def check_sizes(self, rows: pd.DataFrame) -> None:
        """Report more students than the senders have, unless the column is wrong already."""
        column = self.columns["students"]
        if all(column != told for _, told in told_cells(self.table, self.findings)):
            check_sizes(rows, self.schools, self.roster, self.table, column, self.findings)

    def amounts(self, rows: pd.DataFrame, amount: str) -> pd.DataFrame:
        """Add ``students`` or ``share``, the bounds of suppressed cells and the source."""
        chosen, rows = self._known(rows, amount)
        kinds = {self.columns[amount]: _KINDS[amount]}
        if "suppressed_cells" in self.columns:
            kinds[self.columns["suppressed_cells"]] = Kind.STUDENTS
        read = read_all(chosen, kinds, self.findings)
        numbers = read[self.columns[amount]]
        cells = numbers.suppressed.astype(float)
        if "suppressed_cells" in self.columns:
            cells = cells + read[self.columns["suppressed_cells"]].found
        source = (
            chosen.text(self.columns["source"]) if "source" in self.columns else self.spec.source
        )
        rows = rows.assign(
            **{amount: numbers.found.where(~numbers.suppressed, 0.0)},
            suppressed_cells=cells,
            source=source,
        )
        self._check(rows, amount)
        told = numbers.low.notna()
        rest = rows["suppressed_cells"].fillna(0.0) - told
        low, high = self._suppressed_range(rows, rest > 0, amount)
        known = rows[amount].fillna(0.0)
        students_low = known + rest * low + numbers.low.fillna(0.0)
        students_high = known + rest * high + numbers.high.fillna(0.0)
        if amount == "share":
            leavers = self.schools["leavers"].loc[rows["from_id"]].to_numpy()
            students_low = students_high = known * leavers
        return rows.assign(
            students=(students_low + students_high) / 2,
            students_low=students_low,
            students_high=students_high,
        )

    def _known(self, rows: pd.DataFrame, amount: str) -> tuple[Table, pd.DataFrame]:
        """Leave out rows whose amount is a text that stands for nothing; return table and rows."""
        chosen = self.table.rows(pd.Series(self.table.frame.index.isin(rows.index)))
        nothing = chosen.text(self.columns[amount]).isin(list(self.table.missing))
        self._warn(
            "missing-code",
            _arrows(rows[nothing], self.roster.members),
            f"{counted(int(nothing.sum()), 'flow')} of an unknown number of students, left out",
        )
        return chosen.rows(~nothing), rows[~nothing]

    def _check(self, rows: pd.DataFrame, amount: str) -> None:
        optional = {"suppressed_cells", "source"} & set(self.columns)
        checked = rows[[amount, *sorted(optional)]]
        observed = rows["source"].eq("observed").to_numpy()
        failed = check(checked, TRANSITIONS, self.table, self.columns, self.findings)
        if amount == "students" and "not-a-number" not in failed:
            check(
                rows.loc[observed, ["students"]], OBSERVED, self.table, self.columns, self.findings
            )

    def _suppressed_range(
        self, rows: pd.DataFrame, untold: pd.Series[bool], amount: str
    ) -> tuple[float, float]:
        """Return what a suppressed cell may hold that does not say so itself (``untold``)."""
        hidden = rows["suppressed_cells"] > 0
        if not untold.any() and not (amount == "share" and hidden.any()):
            return 0.0, 0.0
        column = self.columns.get("suppressed_cells", self.columns[amount])
        if amount == "share":
            message = f"{counted(int(hidden.sum()), 'share')} suppressed; only counts may be."
            fix = "Leave these rows out, or give the shares."
            self.findings.errors.append(
                self.table.problem("suppressed-share", message, fix, column=column)
            )
        elif self.spec.suppressed_range is None:
            message = f"[flows] has suppressed cells ({column}) but no suppressed_range."
            fix = "Say what one cell may hold: suppressed_range = [1, 9]."
            self.findings.errors.append(
                Problem(rule="missing-key", message=message, fix=fix, file=MANIFEST)
            )
        return self.spec.suppressed_range or (0.0, 0.0)

    def shares_kept(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Drop repeats of one share, and report senders whose shares exceed the whole."""
        again = rows.duplicated([*_PAIR, "share"])
        self._warn_repeats(rows[again], "with the same share again, read once")
        rows = rows[~again]
        clash = rows.duplicated(_PAIR)
        for row, pair in rows[clash].iterrows():
            message = f"{self._pair(pair)} stands again with another share."
            fix = "Keep one row a pair."
            self.findings.errors.append(
                self.table.problem(
                    "repeated-share",
                    message,
                    fix,
                    row=row,
                    column=self.columns["share"],
                    value=f"{pair['share']:g}",
                )
            )
        once = rows[~clash & rows["share"].between(0, 1)]
        sums = once.groupby("from_id")["share"].sum()
        for sender, total in sums[sums > SHARE_LIMIT].items():
            first = rows.index[rows["from_id"] == sender][0]
            message = f"the shares of {self.roster.name(str(sender))} sum to {total:.4g}."
            fix = "Shares are of the sender's leavers; together they are 1 at most."
            self.findings.errors.append(
                self.table.problem(
                    "shares-over-1",
                    message,
                    fix,
                    row=first,
                    column=self.columns["share"],
                    value=f"{total:.4g}",
                )
            )
        return rows

    def pairs(self, rows: pd.DataFrame, amount: str) -> pd.DataFrame:
        """Return one row a pair, sorted; repeated counts add up, pairs of nobody are dropped."""
        again = rows.duplicated(_PAIR)
        if amount == "students":
            self._warn_repeats(rows[again], "more than once, added up")
        if not again.any():
            return rows.loc[rows["students_high"] > 0, _COLUMNS].sort_values(
                _PAIR, ignore_index=True
            )
        mixed = rows.groupby(_PAIR)["source"].transform("nunique") > 1
        for row, pair in rows[mixed & again].iterrows():
            message = f"{self._pair(pair)} stands again with another source."
            fix = "Keep one source a pair."
            self.findings.errors.append(
                self.table.problem("mixed-source", message, fix, row=row, value=pair["source"])
            )
        sums = {name: "sum" for name in _COLUMNS if name.startswith("students")}
        flows = rows.groupby(_PAIR, as_index=False).agg({**sums, "source": "first"})
        return flows.loc[flows["students_high"] > 0, _COLUMNS].reset_index(drop=True)

    def _pair(self, pair: pd.Series[str]) -> str:
        return f"{self.roster.name(pair['from_id'])} to {self.roster.name(pair['to_id'])}"

    def _warn_repeats(self, rows: pd.DataFrame, what: str) -> None:
        examples = _arrows(rows, self.roster.members)
        self._warn("repeated-flow", examples, f"{counted(len(rows), 'pair')} {what}")

    def _warn(self, rule: str, examples: list[str], before: str) -> None:
        warn_grouped(
            self.findings, rule=rule, examples=examples, before=before, file=self.table.file
        )


def _arrows(rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    return [
        f"{names[a]} to {names[b]}" for a, b in zip(rows["from_id"], rows["to_id"], strict=True)
    ]
