"""Readable names for communities, from their high schools."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.model import District
from feeder.network.graph import FeederGraph

GRADE_12: Final = 1 << 12
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
_NUMBERED: Final = "{} {}"


def short_name(name: str) -> str:
    """Return a school's name without its kind: ``Alder Creek High School`` is ``Alder Creek``.

    A name that tells nothing but the kind stays as it is.
    """
    return _KIND_FIRST.sub("", _KIND.sub("", name)).strip(f" ,{_DASHES}") or name


def name_communities(
    district: District, graph: FeederGraph, node_community: npt.NDArray[np.int64], n: int
) -> list[str]:
    """Name each community by the largest school that reaches grade 12, else the largest of all.

    Names are unique: a community whose name is taken goes by its next school, and by a number
    where no school is left.
    """
    schools = district.schools.loc[list(graph.school_ids)]
    frame = pd.DataFrame(
        {
            "community": node_community[graph.school_node],
            "reaches_12": (schools["grades"].to_numpy(dtype=np.int64) & GRADE_12) > 0,
            "enrollment": schools["enrollment"].to_numpy(),
            "name": [short_name(name) for name in schools["name"]],
        }
    ).sort_values(["reaches_12", "enrollment", "name"], ascending=[False, False, True])
    order = sorted(
        range(n), key=lambda c: -int(frame.loc[frame["community"] == c, "enrollment"].sum())
    )
    names = [""] * n
    taken: set[str] = set()
    for c in order:
        named = frame.loc[frame["community"] == c, "name"]
        candidates = [name for name in named if name] or ["Community"]
        numbered = (_NUMBERED.format(candidates[0], i) for i in range(2, n + 2))
        names[c] = next(name for name in [*candidates, *numbered] if name not in taken)
        taken.add(names[c])
    return names
