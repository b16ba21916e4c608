"""Words and codes for nobody: no school of an area, no community of a school."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, shown

_WORDS: Final = re.compile(
    r"#?n\.?/?a\.?|#(?:ref|value|null|name|num|div/0)[!?]|nan|null|none|nil|tb[da]|"
    r"(?:un|not |non-?)(?:assigned|zoned|placed)|no (?:school|zone|community)|vacant|unknown|"
    r"[-\u2013\u2014?.]+|-1(?:\.0)?|<na>",
)
"""What spreadsheets and people write, in lower case, where there is nothing to say."""
_ZERO: Final = re.compile(r"0+(?:\.0+)?")
_NUMBER: Final = re.compile(r"\d+(?:\.0+)?")
_FEW: Final = 0.5
"""A group under this share of the middle community is few."""
_TOGETHER: Final = 0.5
"""A group hangs together less than others where neighbors share it less often than this share."""


def means_nobody(cells: pd.Series[str]) -> pd.Series[bool]:
    """Return which texts are blank, or a word or code for nothing; ``0`` is none of these."""
    folded = [str(cell).strip().lower() for cell in cells.tolist()]
    found = [not cell or _WORDS.fullmatch(cell) is not None for cell in folded]
    return pd.Series(found, cells.index, dtype=bool)


def is_zero(cells: pd.Series[str]) -> pd.Series[bool]:
    """Return which texts are a zero."""
    found = [_ZERO.fullmatch(str(cell).strip()) is not None for cell in cells.tolist()]
    return pd.Series(found, cells.index, dtype=bool)


def without_nobody(
    homes: pd.Series[str],
    schools: pd.DataFrame,
    asked: int | None,
    table: Table,
    column: str,
    findings: Findings,
    *,
    known: Collection[str] = (),
) -> pd.Series[str]:
    """Return communities with a blank wherever a word, a code or ``0`` means none, and tell it.

    Parameters
    ----------
    homes
        Community as written, by ``school_id``.
    schools
        Where schools stand: ``lat`` and ``lon``, by ``school_id``.
    asked
        The number of communities that the scenario asks for; None where it does not say.
    table, column
        Where the communities stand.
    findings
        Collects what was taken for none.
    known
        Communities that there are; ``0`` is one where it is among them.
    """
    homes = homes.astype(str).str.strip()
    nobody = means_nobody(homes) & (homes != "")
    if nobody.any():
        words = homes[nobody].value_counts(sort=False)
        told = [f"{shown(str(word))} ({counted(int(n), 'school')})" for word, n in words.items()]
        stand = "stands" if len(told) == 1 else "stand"
        message = f"{listed(told)} {stand} for no community."
        findings.warnings.append(table.problem("no-community", message, column=column))
    zero = is_zero(homes) & ~homes.isin(list(known))
    named = homes[~means_nobody(homes) & ~zero]
    if not zero.any() or named.empty:
        return homes.where(~nobody, "")
    why = _why_nobody(homes, named, zero, schools, asked)
    many = counted(int(zero.sum()), "school")
    findings.warnings.append(
        table.problem(
            "zero-community",
            f"0 ({many}) was taken for no community: {why}."
            if why
            else f"0 ({many}) was taken for a community, one of {len(set(named)) + 1}.",
            "If it is a community, give it another name."
            if why
            else "If it stands for none, leave the cells blank.",
            column=column,
        )
    )
    return homes.where(~(nobody | zero) if why else ~nobody, "")


def _why_nobody(
    homes: pd.Series[str],
    named: pd.Series[str],
    zero: pd.Series[bool],
    schools: pd.DataFrame,
    asked: int | None,
) -> str:
    """Return why 0 beside others means no community; empty where it is one of them."""
    sizes = named.value_counts()
    if not all(_NUMBER.fullmatch(str(name)) for name in sizes.index):
        return "the others have names"
    if asked in {len(sizes), len(sizes) + 1}:
        return f"the scenario asks for the {asked} others" if asked == len(sizes) else ""
    if int(zero.sum()) < _FEW * float(sizes.median()):
        return "its schools are few"
    return "its schools stand scattered" if _is_scattered(homes, zero, schools) else ""


def _is_scattered(homes: pd.Series[str], zero: pd.Series[bool], schools: pd.DataFrame) -> bool:
    """Return whether the nearest neighbor of a school of 0 is far less often of 0, too."""
    placed = homes.index[homes.index.isin(schools.index)]
    if len(placed) < 3:  # noqa: PLR2004 - too few to compare
        return False
    points = np.radians(schools.loc[placed, ["lat", "lon"]].to_numpy(dtype=float))
    points[:, 1] *= np.cos(np.median(points[:, 0]))
    two = np.asarray(cKDTree(points).query(points, k=2)[1])
    nearest = np.where(two[:, 0] == np.arange(len(two)), two[:, 1], two[:, 0])
    home = homes.loc[placed].to_numpy(dtype=object)
    same, ours = home[nearest] == home, zero.loc[placed].to_numpy(dtype=bool)
    return bool(same[ours].mean() < _TOGETHER * same[~ours].mean())
