"""One row a school? Tables that tell of a school on several rows, by year, sex, race or grade.

Rows of one id are told apart by a column: then one of them must be chosen, or all must be added
up. Which of the two is never left to whether some of the rows happen to be equal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import pandas as pd

from feeder.district.schools.grade_systems import AMERICAN, GradeSystem
from feeder.district.schools.grade_words import parse_grades
from feeder.district.settings.specs import MANIFEST
from feeder.district.tables.doubts import toml_key
from feeder.district.tables.numerals import Kind, read_cells
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, shown

_YEAR: Final = re.compile(
    r"(?:sy|fy|ay)?\s*(?:19|20)\d\d(?:\s*[-/\u2013_]\s*(?:\d\d|(?:19|20)\d\d))?"
    r"|(?:sy|fy|ay)\s*\d\d(?:\s*[-/\u2013_]\s*\d\d)?",
    re.IGNORECASE,
)
_TOTALS: Final = frozenset(
    {
        *("all", "total", "totals", "tot", "overall", "both", "everyone", "ta"),
        *("all students", "all grades", "all races", "total students", "total enrollment"),
        *("total_enrollment", "all students (total)", "grand total", "district total", "99"),
        *("education unit total", "no category codes", "all sexes", "all genders", "all programs"),
    }
)
_SEXES: Final = (
    frozenset({"f", "m", "x", "n", "nb", "non-binary", "nonbinary"}),
    frozenset({"female", "male", "non-binary", "nonbinary", "x", "other", "gender x"}),
    frozenset({"girls", "boys", "other"}),
)
_BY_NAME: Final = re.compile(
    r"sex|gender|race|ethni|grade|year|subgroup|group|category|program|term|level|indicator",
    re.IGNORECASE,
)
"""Headers under which numbers are codes that tell rows apart."""
_SURELY: Final = re.compile(
    r"(?:(?:school|academic|fiscal|reporting|end|start)[ _]?)?(?:year|yr)|sex|gender|race.*"
    r"|ethnic.*|grade|subgroup|.*category",
    re.IGNORECASE,
)
"""Headers that tell rows apart even where they do so of one school only."""
_OF_GRADES: Final = re.compile(r"gr(?:ade|d)?s?(?:$|_)", re.IGNORECASE)
_MOST_VALUES: Final = 40
_MOST_COLUMNS: Final = 4
_MOST_CANDIDATES: Final = 10
_LEAST_IDS: Final = 2
"""Schools to which one value of such a column belongs, on average, unless its words are known."""
_SUMS: Final = 0.9
"""Share of the schools in which a total is the sum of the other rows."""


@dataclass(frozen=True, slots=True)
class _Divider:
    """A column that tells the rows of one id apart; ``choice`` is the value to keep, if any.

    ``nature`` is ``year``, ``total``, ``sex``, ``grade`` or empty.
    """

    column: str
    values: tuple[str, ...]
    choice: str | None
    nature: str


def one_row_a_school(
    table: Table,
    ids: pd.Series[str],
    amounts: Sequence[str],
    findings: Findings,
    *,
    others: Sequence[str] = (),
    grades: str | None = None,
    system: GradeSystem = AMERICAN,
) -> Table:
    """Return a table with one row an id, where a column tells the rows of an id apart.

    Parameters
    ----------
    table
        Its index is that of ``ids``.
    ids
        Whose row it is.
    amounts
        Columns of students: they add up where the rows are parts of a school.
    findings
        Collects a warning where parts were added up, else one error with the way out.
    others
        Further columns that are used: all must say the same of a school before its rows are
        added up.
    grades
        The column of grades, which are united where it is the one that tells rows apart.
    system
        What the district calls its grades.

    Returns
    -------
    Table
        As it is, where no column tells the rows apart. After an error, with the rows that the way
        out would keep, so that what else is wrong in them is told too.
    """
    again = ids.duplicated(keep=False) & (ids != "")
    if not again.any():
        return table
    rows, names = table.rows(again), ids[again]
    dividers = _dividers(rows, names, amounts, system)
    if not dividers:
        return table
    if any(divider.choice is not None for divider in dividers):
        return _chosen(table, ids, dividers, findings)
    (first, *more) = dividers
    apart = _disagreement(rows, names, first, [c for c in others if c not in amounts], grades)
    if more or apart or not amounts or first.nature not in {"sex", "grade"}:
        return _refused(table, ids, dividers, apart, findings)
    return _added(table, ids, first, amounts, grades, findings)


def _dividers(
    rows: Table, ids: pd.Series[str], amounts: Sequence[str], system: GradeSystem
) -> list[_Divider]:
    """Return the fewest columns that tell the rows of each id apart; none where there are none."""
    found = []
    for column in rows.frame.columns:
        cells = rows.text(column)
        if cells.equals(ids) or column in amounts:
            continue
        values = tuple(sorted(cells.unique()))
        if not 1 < len(values) <= _MOST_VALUES or not _varies(cells, ids).any():
            continue
        nature = _nature(values, column, system)
        if not _tells_apart(column, cells, values, nature):
            continue
        choice = _choice(rows, ids, column, nature, amounts)
        found.append(_Divider(column, values, choice, nature or ("total" if choice else "")))
    found = sorted(found, key=lambda one: _RANK.index(one.nature))[:_MOST_CANDIDATES]
    for number in range(1, _MOST_COLUMNS + 1):
        for some in combinations(found, number):
            keys = pd.DataFrame({one.column: rows.text(one.column) for one in some})
            if not keys.assign(id=ids).duplicated().any():
                return list(some)
    return []


_RANK: Final = ("year", "total", "sex", "grade", "")


def _tells_apart(column: str, cells: pd.Series[str], values: Sequence[str], nature: str) -> bool:
    """Return whether a column may tell rows apart: schools share its values, or it says so."""
    shared = len(cells) >= _LEAST_IDS * len(values)
    if nature:
        return shared or bool(_SURELY.fullmatch(column))
    numeric = all(re.fullmatch(r"[\d.,+-]*", value) for value in values)
    return shared and (not numeric or bool(_BY_NAME.search(column)))


def _varies(cells: pd.Series[str], ids: pd.Series[str]) -> pd.Series[bool]:
    return cells.groupby(ids).agg("nunique") > 1


def _nature(values: Sequence[str], column: str, system: GradeSystem) -> str:
    """Return what the values of a column are, by their words and its name."""
    lower = {value.lower() for value in values if value}
    if all(_YEAR.fullmatch(value.replace("school year", "").strip()) for value in lower):
        return "year"
    if lower & _TOTALS and len(lower) > 1:
        return "total"
    if any(lower <= words for words in _SEXES) and len(lower) > 1:
        return "sex"
    # P1 and Year 3 say of themselves what they are; 5 may be anything.
    named = _OF_GRADES.search(column) or (
        system is not AMERICAN and not any(one.isdecimal() for one in lower)
    )
    graded = named and len(lower) > 1 and all(is_grade(one, system) for one in lower)
    return "grade" if graded else ""


def is_grade(value: str, system: GradeSystem) -> bool:
    """Return whether a text can be read as a grade, or several."""
    try:
        parse_grades(value, system)
    except ValueError:
        return False
    return True


def _choice(
    rows: Table, ids: pd.Series[str], column: str, nature: str, amounts: Sequence[str]
) -> str | None:
    """Return the value whose rows stand for whole schools: the latest year, or the total."""
    cells = rows.text(column)
    values = [str(value) for value in cells.unique() if value]
    if nature == "year":
        return max(values, key=lambda value: [int(digits) for digits in re.findall(r"\d+", value)])
    words = [value for value in values if value.lower() in _TOTALS]
    if words:
        return max(words, key=lambda value: int((cells == value).sum()))
    for amount in amounts:
        figures = _figures(rows, amount)
        for value in values:
            own = figures[cells == value].groupby(ids[cells == value]).sum()
            rest = figures[cells != value].groupby(ids[cells != value]).sum()
            both = own.index.intersection(rest.index)
            same = (own[both] - rest[both]).abs() <= 1  # or nearly, where shares were rounded
            parts = cells[cells != value].nunique()
            if len(both) >= _LEAST_IDS and parts > 1 and same.mean() >= _SUMS:
                return str(value)
    return None


def _figures(table: Table, column: str) -> pd.Series[float]:
    kind, comma = Kind.STUDENTS, table.decimal_comma
    return read_cells(table.text(column), kind, decimal_comma=comma, missing=table.missing).found


def _chosen(
    table: Table, ids: pd.Series[str], dividers: Sequence[_Divider], findings: Findings
) -> Table:
    """Refuse rows of which some can be chosen, and name these."""
    told = ", ".join(f"{one.column} ({listed(one.values)})" for one in dividers)
    conditions = _fewest(table, ids, dividers)
    keep = _kept(table, conditions)
    where = ", ".join(f'{toml_key(c)} = "{shown(v)}"' for c, v in conditions.items())
    fix = f"Choose one row a school: where = {{ {where} }} in [{table.section}] of {MANIFEST}."
    findings.errors.append(
        table.problem(
            "several-rows",
            f"{_how_many(ids)}, told apart by {told}.",
            fix,
            column=dividers[0].column,
        )
    )
    return table.rows(keep | ~ids.isin(ids[keep]))


def _fewest(table: Table, ids: pd.Series[str], dividers: Sequence[_Divider]) -> dict[str, str]:
    """Return the fewest conditions that leave one row a school; all where none do."""
    choices = [(one.column, one.choice) for one in dividers if one.choice is not None]
    for number in range(1, len(choices)):
        for some in combinations(choices, number):
            kept = ids[_kept(table, dict(some))]
            if kept.is_unique and kept.nunique() == ids.nunique():
                return dict(some)
    return dict(choices)


def _kept(table: Table, conditions: Mapping[str, str]) -> pd.Series[bool]:
    keep = pd.Series(data=True, index=table.frame.index)
    for column, value in conditions.items():
        keep &= table.text(column) == value
    return keep


def _refused(
    table: Table,
    ids: pd.Series[str],
    dividers: Sequence[_Divider],
    apart: str,
    findings: Findings,
) -> Table:
    told = ", ".join(f"{one.column} ({listed(one.values)})" for one in dividers)
    why = f" They differ in {apart} too." if apart else ""
    one = dividers[0]
    fix = (
        f"Give one row a school: add them up at their source, or choose by where = "
        f'{{ {toml_key(one.column)} = "..." }} in [{table.section}] of {MANIFEST}.'
    )
    findings.errors.append(
        table.problem(
            "several-rows",
            f"{_how_many(ids)}, told apart by {told}.{why}",
            fix,
            column=one.column,
        )
    )
    return table.rows(~ids.duplicated() | (ids == ""))


def _how_many(ids: pd.Series[str]) -> str:
    counts = ids[ids != ""].value_counts()
    repeated = counts[counts > 1]
    verb = "stands" if len(repeated) == 1 else "stand"
    return f"{counted(len(repeated), 'school')} {verb} on up to {repeated.max()} rows"


def _disagreement(
    rows: Table,
    ids: pd.Series[str],
    divider: _Divider,
    others: Sequence[str],
    grades: str | None,
) -> str:
    """Return the first used column that does not say the same on all rows of a school."""
    for column in others:
        if column in {divider.column, grades if divider.nature == "grade" else None}:
            continue
        if _varies(rows.text(column), ids).any():
            return column
    return ""


def _added(
    table: Table,
    ids: pd.Series[str],
    divider: _Divider,
    amounts: Sequence[str],
    grades: str | None,
    findings: Findings,
) -> Table:
    """Add up the parts of each school; a sum is unknown where a part is."""
    frame = table.frame.copy()
    groups = ids[ids.duplicated(keep=False) & (ids != "")].groupby(ids, sort=False).groups
    for column in amounts:
        texts, figures = table.text(column), _figures(table, column)
        blank = texts == ""
        for members in groups.values():
            odd = (figures[members].isna() & ~blank[members]) | (figures[members] < 0)
            unknown = members[odd.to_numpy()]
            whole = f"{figures[members].sum():.12g}" if not blank[members].all() else ""
            frame.loc[members[0], column] = (
                texts[unknown[0]] if len(unknown) else _mark(whole, table)
            )
    if divider.nature == "grade" and grades == divider.column:
        for members in groups.values():
            frame.loc[members[0], grades] = ", ".join(table.text(grades)[members])
    message = (
        f"{_how_many(ids)}, told apart by {divider.column} ({listed(divider.values)}) and alike "
        f"in all else: {', '.join(amounts[:_MOST_COLUMNS])} added up to one row a school."
    )
    findings.warnings.append(table.problem("rows-added", message, column=divider.column))
    return replace(table, frame=frame[~ids.duplicated() | (ids == "")])


def _mark(number: str, table: Table) -> str:
    return number.replace(".", ",") if table.decimal_comma else number
