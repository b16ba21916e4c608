"""Somebody behind every id, where the schools table cannot be read: so that the rest still is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import K12_MASK
from feeder.district.schools.grade_systems import GradeSystem
from feeder.district.schools.grades import span_mask
from feeder.district.schools.roster import Roster
from feeder.district.schools.table import Schools
from feeder.district.settings.specs import TableSpec
from feeder.district.tables.ids import read_ids
from feeder.district.tables.table import Table
from feeder.errors import Findings

_KEYS: Final = ("school_id", "from_id", "to_id", "elementary", "middle", "high")
_SENDS: Final = span_mask(0, 5)
_PASSES_ON: Final = span_mask(0, 8)
"""Grades of schools that send alone, and of those that receive too: flows among them lead on."""


def anybody(named: Iterable[tuple[Table, TableSpec]], system: GradeSystem) -> Schools:
    """Return schools of which nothing is known but that they are there.

    Who the schools are, and what hangs on their grades, places and students, cannot be told of
    other tables then; what is wrong in these themselves can.

    Parameters
    ----------
    named
        Tables that name schools, each with what its section says. Every id in them is one of a
        school; a column of names beside the ids tells what it is called.
    system
        What the district calls its grades.
    """
    ids: dict[str, set[str]] = {key: set() for key in _KEYS}
    names: dict[str, str] = {}
    for table, spec in named:
        columns = {key: spec.columns.get(key, key) for key in (*_KEYS, "name")}
        read = {
            key: read_ids(table, columns[key], Findings())
            for key in _KEYS
            if columns[key] in table.frame
        }
        for key, cells in read.items():
            ids[key].update(cells)
        if "school_id" in read and columns["name"] in table.frame:
            names |= dict(zip(read["school_id"], table.text(columns["name"]), strict=True))
    members = {one: names.get(one) or one for one in sorted(set().union(*ids.values())) if one}
    return Schools(
        frame=_frame(members, ids["from_id"], ids["to_id"]),
        extra=pd.DataFrame(index=pd.Index(list(members), name="school_id")),
        grade_enrollment=None,
        roster=Roster(members, {}),
        counted=pd.Series(data=False, index=list(members)),
        file="",
        system=system,
    )


def _frame(members: Mapping[str, str], senders: set[str], receivers: set[str]) -> pd.DataFrame:
    """Return the schools with what is known of none of them, but for grades."""
    index = pd.Index(list(members), name="school_id", dtype=object)
    grades = [
        K12_MASK if one not in senders else _PASSES_ON if one in receivers else _SENDS
        for one in members
    ]
    unknown = dict.fromkeys(("lat", "lon", "capacity", "office_capacity"), np.nan)
    texts = dict.fromkeys(("campus_id", "region", "kind"), "")
    given = {"name": list(members.values()), "grades": pd.Series(grades, index, dtype="int64")}
    none = {"enrollment": 0, "leavers": 0.0, "entering": 0.0, "leavers_estimated": True}
    ends = {"grade_low": 0, "grade_high": 0}
    return pd.DataFrame({**given, "level": "other", **unknown, **texts, **none, **ends}, index)
