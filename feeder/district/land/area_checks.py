"""Signs that a layer of areas is not whole, or holds more than one year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import shapely

from feeder.district.land.area_levels import LEVELS
from feeder.district.schools.roster import Roster
from feeder.district.tables.table import Table
from feeder.errors import Findings
from feeder.wording import counted, listed, warn_grouped

_PAGES: Final = (20, 50, 100, 200, 250, 500)
_PAGE: Final = 1000
"""How many features a map server hands out at once: one of these, or thousands."""
_LACKING: Final = 1 / 3
"""Share of schools without an area from which on such a number is suspect."""
_OVERLAP: Final = 0.2
"""Share of the smaller of two features that the other covers, where they are not two pieces."""
_SAME: Final = 0.99
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:\s*[-/\u2013]\s*(?:\d\d|(?:19|20)\d\d))?")


def tell_cut(
    n_features: int,
    named: Mapping[str, pd.Series[str]],
    schools: pd.DataFrame,
    table: Table,
    findings: Findings,
) -> None:
    """Warn of a layer with just as many features as a map server hands out, and schools missing.

    Parameters
    ----------
    n_features
        Features of the whole layer.
    named
        Schools that have an area, by level.
    schools
        The schools, with their ``level``.
    table
        The layer.
    findings
        Collects the warning.
    """
    if n_features not in _PAGES and (n_features % _PAGE or not n_features):
        return
    have = {level: set(ids) for level, ids in named.items()}
    lacking = {
        level: schools.index[(schools["level"] == level) & ~schools.index.isin(list(ids))]
        for level, ids in have.items()
        if level in LEVELS
    }
    for level, ids in lacking.items():
        total = int((schools["level"] == level).sum())
        if len(ids) < _LACKING * total:
            continue
        message = (
            f"the layer has exactly {n_features:,} features, and {len(ids):,} of {total:,} {level} "
            f"schools have no area ({listed(schools.loc[ids, 'name'])}): a map server may have cut "
            "it."
        )
        fix = f"Ask for the rest (resultOffset={n_features}), or download the layer as a file."
        findings.warnings.append(table.problem("layer-cut", message, fix))


def tell_overlaps(areas: pd.DataFrame, roster: Roster, table: Table, findings: Findings) -> None:
    """Warn of features of one school that overlap: the areas of two years, say.

    Parameters
    ----------
    areas
        ``feature``, ``area_id``, ``school_id`` (a list) and ``geometry``.
    roster
        Names of the schools.
    table
        The layer.
    findings
        Collects the warning.
    """
    repeated = areas[areas["area_id"].duplicated(keep=False)]
    odd = [
        f"{listed(roster.names(group['school_id'].iloc[0]))} (features "
        f"{' and '.join(map(str, group['feature'].iloc[:3]))})"
        for _, group in repeated.groupby("area_id", sort=True)
        if group["school_id"].iloc[0] != [None] and _overlap(group["geometry"].to_numpy())
    ]
    line = _year_line(table, repeated["feature"]) if odd else ""
    warn_grouped(
        findings,
        rule="areas-overlap",
        before=f"{counted(len(odd), 'school')} with several areas that overlap, united",
        examples=odd,
        after=f"If they are of several years, keep one with where{line}.",
        file=table.file,
    )


def _overlap(shapes: np.ndarray[tuple[int], np.dtype[np.object_]]) -> bool:
    """Return whether shapes share land, but are not one shape several times."""
    size, whole = shapely.area(shapes), shapely.area(shapely.union_all(shapes))
    if (size >= _SAME * whole).all():
        return False
    return bool(size.sum() - whole > _OVERLAP * size.min())


def _year_line(table: Table, features: pd.Series[int]) -> str:
    """Return how to choose a year, where a column tells several; empty where none does."""
    for column in table.frame.columns:
        years = table.text(column).loc[features.unique()]
        said = years[years != ""]
        if 1 < said.nunique() < len(said) and said.str.fullmatch(_YEAR.pattern).all():
            return f': {{ {column} = "{max(said)}" }}'
    return ""
