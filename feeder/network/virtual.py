"""Virtual schools: schools without a place, whatever address their table gives.

A virtual school takes pupils from everywhere and stands, on paper, at the district office. It holds
no land and serves the grades of no community, so it belongs to none (``apart``) unless the planner
wants it where its point lies (``place``).
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import District
from feeder.errors import Problem
from feeder.network.graph import BoolArray
from feeder.network.model import Network
from feeder.wording import counted, listed

_KIND: Final = re.compile(r"\b(?:virtual|online|cyber)\b", re.IGNORECASE)
_NOT: Final = re.compile(r"\b(?:not?|non|supplemental)\b", re.IGNORECASE)
_ON_LINE: Final = re.compile(
    r"\b(?:virtual|online|on-line|cyber|e-?school|e-?learning"
    r"|remote\s+(?:academy|instruction|learning|program|school))\b",
    re.IGNORECASE,
)
_AT_HOME: Final = re.compile(
    r"\b(?:home[\s/&-]*(?:and\s+)?hospital|hospital[\s/&-]*(?:and\s+)?home(?:bound)?"
    r"|home-?bound|home\s+instruction)\b",
    re.IGNORECASE,
)


def names_virtual(name: str, kind: str) -> bool:
    """Return whether a school's kind or its name says that it has no place.

    A kind of ``not virtual`` takes back what a name says of lessons on line, but a program for
    pupils at home or in hospital has no place either way.
    """
    denied = bool(_NOT.search(kind))
    said = bool(_KIND.search(kind)) or bool(_ON_LINE.search(name))
    return (said and not denied) or bool(_AT_HOME.search(name))


def virtual_schools(district: District) -> BoolArray:
    """Shape (n_schools,): schools that are virtual by kind or name and have no attendance area."""
    schools, areas = district.schools, district.areas
    owners = [] if areas is None else areas["school_id"].dropna().tolist()
    named = [names_virtual(*one) for one in zip(schools["name"], schools["kind"], strict=True)]
    return np.array(named, dtype=np.bool_) & ~schools.index.isin(owners)


def without_virtual(district: District) -> pd.DataFrame:
    """Return the schools as an estimate of flows sees them: virtual ones send and seat nobody."""
    schools, virtual = district.schools, virtual_schools(district)
    return schools.assign(
        kind=schools["kind"].mask(virtual, "virtual"),
        leavers=schools["leavers"].mask(virtual, 0.0),
    )


def outside(district: District, network: Network) -> frozenset[str]:
    """Return the virtual schools that a network leaves outside every community."""
    graph = network.graph
    apart = virtual_schools(district) & graph.is_apart[graph.school_node]
    return frozenset(district.schools.index[apart & (network.virtual_schools == "apart")])


def tell_virtual(district: District, virtual: BoolArray, policy: str) -> list[Problem]:
    """Tell which schools are virtual and what becomes of them; nothing where there are none."""
    if not virtual.any():
        return []
    schools = district.schools[virtual]
    students = int(schools["enrollment"].sum())
    named = listed((f"{name} ({one})" for one, name in schools["name"].items()), 3)
    fate, other = (
        ("left outside every community", "place") if policy == "apart" else ("counted", "apart")
    )
    does = "plans them" if other == "place" else "leaves them out"
    return [
        Problem(
            rule="virtual-schools",
            message=f"{counted(len(schools), 'virtual school')} with {students:,} students, {fate}"
            f"{' where they stand' if policy == 'place' else ''}: {named}.",
            fix=f'virtual_schools = "{other}" in [scenario] {does}'
            f"{' where they stand' if other == 'place' else ''}.",
            column="virtual_schools",
        )
    ]
