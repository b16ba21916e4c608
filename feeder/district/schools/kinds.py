"""What kind of school each is: a column of kinds, and columns that flag one kind each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from feeder.district.settings.specs import KIND_FLAGS, SchoolsSpec
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, shown, warn_grouped

_YES: Final = frozenset({"yes", "y", "true", "t", "1", "x"})
_NO: Final = frozenset({"no", "n", "false", "f", "0", ""})
_UNKNOWN: Final = frozenset({"missing", "not reported", "not applicable", "n/a", "-1", "-2", "m"})
_VIRTUAL: Final = re.compile(
    r"(?:a\s+)?(?:full(?:y|[\s-]*time)?|exclusively|primarily|face)?[\s-]*virtual(?:\s+school)?"
    r"(?:\s+with\s+face.*)?"
)
_NOT_VIRTUAL: Final = re.compile(
    r"not\s*(?:a\s+)?virtual(?:\s+school)?|supp(?:lemental)?\s*virtual|no\s+virtual.*"
)
"""How federal files write whether a school is virtual; one that supplements is not."""
_CODES: Final[Mapping[str, Mapping[str, bool]]] = {
    "virtual": {"f": True, "v": True, "c": False, "p": False, "n": False, "2": True, "3": False}
}
"""Codes of one flag alone: California's letters, and the numbers of a federal portal."""


def read_kinds(
    kinds: pd.Series[str], table: Table, columns: Mapping[str, str], findings: Findings
) -> pd.Series[str]:
    """Return the kind of each row, of what the column ``kind`` says; empty where it is not known.

    A school is of every kind whose flag is set, beside what the column ``kind`` says. A column of
    kinds that says nothing but yes and no names none, which is told.
    """
    if "kind" in columns:
        kinds = _named(kinds, table, columns["kind"], findings)
    for flag in KIND_FLAGS:
        if flag in columns:
            set_ = _flagged(table, columns[flag], flag, findings)
            already = kinds.str.contains(rf"\b{flag}\b", case=False)
            kinds = kinds.where(~set_ | already, (flag + " " + kinds).str.strip())
    return kinds


def own_columns(columns: dict[str, str], spec: SchoolsSpec) -> dict[str, str]:
    """Return the columns without flags that ``[schools]`` does not map: many tables have one."""
    mapped = spec.table.columns
    return {ours: c for ours, c in columns.items() if ours not in KIND_FLAGS or ours in mapped}


def _named(kinds: pd.Series[str], table: Table, column: str, findings: Findings) -> pd.Series[str]:
    """Return kinds in words: a flag of virtual schools becomes their name, yes and no nothing."""
    lower = kinds.str.casefold()
    said = set(lower) - {""}
    if said and said <= _YES | _NO:
        warn_grouped(
            findings,
            rule="kind-flags",
            before=f"the kind of {counted(int((kinds != '').sum()), 'school')} names no kind",
            examples=sorted(set(kinds) - {""}),
            after="It is left out.",
            fix=f'Where it flags charters, write charter = "{shown(column)}" in columns instead of '
            f"kind; {', '.join(KIND_FLAGS)} each flag a kind.",
            file=table.file,
            column=column,
        )
        return kinds.where(kinds == "", "")
    virtual = lower.map(lambda kind: bool(_VIRTUAL.fullmatch(kind)))
    nothing = lower.map(lambda kind: bool(_NOT_VIRTUAL.fullmatch(kind)) or kind in _UNKNOWN)
    return kinds.mask(virtual, "virtual").mask(nothing, "")


def _flagged(table: Table, column: str, flag: str, findings: Findings) -> pd.Series[bool]:
    """Return the rows whose flag is set; what says neither yes nor no is told and counts as no."""
    cells = table.text(column)
    words = cells.str.casefold()
    codes = _CODES.get(flag, {})
    virtual = flag == "virtual"
    own = set(words) <= {*codes, "", "0", "1"} and not set(words) <= _YES | _NO
    yes = words.map(
        lambda word: (
            codes.get(word, word in _YES)
            if own
            else word in _YES or word == flag or (virtual and bool(_VIRTUAL.fullmatch(word)))
        )
    ).astype(bool)
    no = words.map(
        lambda word: (
            (own and word in codes)
            or word in _NO | _UNKNOWN
            or bool(re.match(r"(?:not?|non)\b|not?virtual", word))
            or (virtual and bool(_NOT_VIRTUAL.fullmatch(word)))
        )
    ).astype(bool)
    odd = cells[~yes & ~no]
    warn_grouped(
        findings,
        rule="flag-unread",
        before=f"{counted(len(odd), 'school')} whose {flag} is neither yes nor no, taken as no",
        examples=sorted(set(odd)),
        fix="Write yes or no.",
        file=table.file,
        column=column,
    )
    return yes
