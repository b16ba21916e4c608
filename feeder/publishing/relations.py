"""Which columns of a table of schools add up to which: declared, or found by sum in every school.

Ethnic groups add up to the enrollment, free and reduced meals to the column of both: whoever knows
all but one of them knows the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.network.graph import BoolArray

MOST_COLUMNS: Final = 28
"""Columns among which sums are sought; what adds up beyond them has to be declared."""
FEWEST_SCHOOLS: Final = 3
"""Schools in which columns must add up to be found."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Columns that add up to another: ``parts`` to ``whole``."""

    parts: tuple[str, ...]
    whole: str


def declared_sums(
    parts: Mapping[str, Sequence[str]], columns: Mapping[str, str]
) -> tuple[Relation, ...]:
    """Return the sums that the district declares; ``columns`` maps its names to the table's."""
    return tuple(
        Relation(tuple(columns[name] for name in names), columns[whole])
        for whole, names in parts.items()
    )


def found_sums(table: pd.DataFrame) -> tuple[Relation, ...]:
    """Return which columns add up to another in every school where all are known.

    Every set of columns is tried at once: each column becomes one number, its sum over the schools
    under random whole weights, so that columns add up where their numbers do; sets are split into
    two halves that meet in the middle.

    Parameters
    ----------
    table
        One row a school; whole numbers of students, NaN where unknown.

    Returns
    -------
    Columns that are the same first (one part), then sums; a column that is the same as an
    earlier one takes part in no other.
    """
    known = table.loc[:, table.notna().mul(1).sum() >= FEWEST_SCHOOLS]
    known = known.loc[:, (known.fillna(0.0) != 0.0).any()].iloc[:, :MOST_COLUMNS]
    rows = known[known.notna().all(axis=1)].round()
    if len(rows) < FEWEST_SCHOOLS:
        return ()
    weights = np.random.default_rng(0).integers(1, 1 << 62, len(rows), dtype=np.uint64)
    numbers = [
        int(weights @ rows[name].to_numpy(np.int64).astype(np.uint64)) for name in rows.columns
    ]
    first: dict[int, str] = {}
    same = []
    for name, number in zip(rows.columns, numbers, strict=True):
        if number in first:
            same.append(Relation((str(name),), first[number]))
        else:
            first[number] = str(name)
    sums = [
        Relation(names, whole)
        for number, whole in first.items()
        for names in _sets({name: key for key, name in first.items() if name != whole}, number)
    ]
    return (*same, *(one for one in sums if _adds_up(rows, one)))


def _adds_up(rows: pd.DataFrame, one: Relation) -> bool:
    here: BoolArray = (rows[list(one.parts)].sum(axis=1) == rows[one.whole]).to_numpy()
    return bool(here.all())


def _sets(numbers: Mapping[str, int], wanted: int) -> Iterator[tuple[str, ...]]:
    """Yield the sets of two or more names whose numbers add up to the one wanted."""
    names = list(numbers)
    half = len(names) // 2
    rest: dict[int, list[tuple[str, ...]]] = {}
    for total, chosen in _totals(numbers, names[half:]):
        rest.setdefault(total, []).append(chosen)
    for total, chosen in _totals(numbers, names[:half]):
        for more in rest.get((wanted - total) % _MODULUS, ()):
            if len(chosen) + len(more) > 1:
                yield chosen + more


def _totals(numbers: Mapping[str, int], names: list[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Return the sum of every set of some names."""
    totals: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for name in names:
        totals += [((total + numbers[name]) % _MODULUS, (*of, name)) for total, of in totals]
    return totals


_MODULUS: Final = 1 << 64
