"""Readable names for communities, from their regular high schools."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import K12_MASK, District
from feeder.network.graph import FeederGraph
from feeder.network.receivers import takes_no_neighbourhood
from feeder.network.virtual import names_virtual

_DASHES: Final = "\N{EN DASH}\N{EM DASH}-"
_KIND: Final = re.compile(
    rf"(?:(?:^|[\s,/{_DASHES}]+)(?:"
    r"(?:learning|education)\s(?:center|complex)|junior|senior|jr|sr|high|hs|school|secondary"
    r"|elementary|middle|academy|campus|complex|pcs|(?:pk|k|\d\d?)-\d\d?"
    r")\.?)+$",
    re.IGNORECASE,
)
_KIND_FIRST: Final = re.compile(
    r"^(?:(?:escuela|colegio|instituto|superior|secundaria|primaria|elemental|intermedia"
    r"|preparatoria|p[uú]blica)(?:\s+|$))+(?:de\s+)?",
    re.IGNORECASE,
)
"""In Spanish the kind comes first."""
_IRREGULAR: Final = re.compile(
    r"\b(?:continuation|community\s+day|alternative|adult|evening|night|opportunity|juvenile"
    r"|detention|court|independent\s+study|home\s*study|special\s+education|credit\s+recovery)\b",
    re.IGNORECASE,
)
"""Words of a name that tell a program of few, after which no community is called."""
_NUMBERED: Final = "{} {}"


def short_name(name: str) -> str:
    """Return a school's name without its kind: ``Alder Creek High School`` is ``Alder Creek``.

    A name that tells nothing but the kind stays as it is.
    """
    return _KIND_FIRST.sub("", _KIND.sub("", name)).strip(f" ,{_DASHES}") or name


def is_regular(name: str, kind: str) -> bool:
    """Return whether a school is an ordinary one, as far as its name and its kind tell."""
    apart = takes_no_neighbourhood(kind) or names_virtual(name, kind)
    return not apart and not _IRREGULAR.search(name)


def name_communities(
    district: District, graph: FeederGraph, node_community: npt.NDArray[np.int64], n: int
) -> list[str]:
    """Name each community by its largest regular school that reaches the district's last grade.

    Else by its largest regular school, which bears the name of a place; by a continuation school, a
    program for adults, a charter or a virtual school only where there is no other. Names are
    unique: a community whose name is taken goes by its next school, and by a number where no school
    is left.
    """
    schools = district.schools.loc[list(graph.school_ids)]
    grades = schools["grades"].to_numpy(dtype=np.int64) & K12_MASK
    last = int(np.bitwise_or.reduce(grades, initial=0)).bit_length() - 1
    named = zip(schools["name"], schools["kind"], strict=True)
    frame = pd.DataFrame(
        {
            "community": node_community[graph.school_node],
            "regular": [is_regular(name, kind) for name, kind in named],
            "reaches": grades >> max(last, 0) & 1,
            "enrollment": schools["enrollment"].to_numpy(),
            "name": [short_name(name) for name in schools["name"]],
        }
    ).sort_values(
        ["regular", "reaches", "enrollment", "name"], ascending=[False, False, False, True]
    )
    order = sorted(
        range(n), key=lambda c: -int(frame.loc[frame["community"] == c, "enrollment"].sum())
    )
    names = [""] * n
    taken: set[str] = set()
    for c in order:
        own = frame.loc[frame["community"] == c, "name"]
        candidates = [name for name in own if name] or ["Community"]
        numbered = (_NUMBERED.format(candidates[0], i) for i in range(2, n + 2))
        names[c] = next(name for name in [*candidates, *numbered] if name not in taken)
        taken.add(names[c])
    return names
