"""What differs between two plans, in sentences and tables."""

from __future__ import annotations

import pandas as pd

from feeder.language import Fact, Said
from feeder.measures.difference import Difference
from feeder.measures.phasing import entering_grades, phase_in
from feeder.measures.units import with_units
from feeder.render.sections import Section, Shown

FEW = 10
"""Students below which a count is for the desk, not for publishing."""


def difference_section(found: Difference) -> Section:
    """Return who changes community between two plans, and who keeps whom."""
    own = found.schools
    moved = own[own["moved"]]
    flows = found.classmates.set_index("fate")["students"]
    facts: dict[str, Fact] = {
        "n": len(moved),
        "of": len(own),
        "students": int(moved["enrollment"].sum()),
        "all": int(own["enrollment"].sum()),
    }
    told = [Said("difference.moved" if len(moved) else "difference.none", facts)]
    told += _most(found)
    told += [Said(f"difference.{fate}", {"students": float(n)}) for fate, n in flows.items() if n]
    if (found.flows["source"] == "estimated").any():
        told.append(Said("difference.estimated"))
    if found.flows["students"].between(0, FEW, inclusive="neither").any():
        told.append(Said("difference.desk"))
    tables = (
        Shown(Said("difference.communities"), found.communities),
        Shown(Said("difference.schools"), _moves(moved)),
        Shown(Said("difference.companions"), found.companions),
    )
    return Section(Said("difference.title"), tuple(told), tables if len(moved) else tables[:1])


def phasing_section(found: Difference) -> Section:
    """Return who is under the new plan, year by year, where only entering grades follow it."""
    years = phase_in(found)
    own = found.schools
    moved = own.loc[own["moved"], "school_id"].tolist()
    district = found.before.district
    told: list[Said] = []
    if len(years):
        grades = entering_grades(district, moved)
        last, first = years.iloc[-1], years.iloc[0]
        told = [
            Said("phasing.first", {"grades": grades, "students": float(first["new"])}),
            Said("phasing.last", {"n": int(last["year"])}),
            Said("phasing.constant"),
        ]
        if district.grade_enrollment is None:
            told.append(Said("phasing.even"))
    else:
        told = [Said("phasing.none")]
    tables = (Shown(Said("phasing.years"), years),) if len(years) else ()
    return Section(Said("phasing.title"), tuple(told), tables)


def _moves(moved: pd.DataFrame) -> pd.DataFrame:
    columns = ["school", "level", "from_name", "to_name", "enrollment"]
    levels = pd.Series(
        [Said(f"level.{level}", {"n": 1}) for level in moved["level"]], moved.index, dtype=object
    )
    table = moved[columns].assign(level=levels)
    units = {name: "students" if name == "enrollment" else "" for name in columns}
    return with_units(table, units)


def _most(found: Difference) -> list[Said]:
    """Return the community that takes most students, and the one that gives most."""
    told = []
    table = found.communities
    for way in ("in", "out"):
        most = table.sort_values(
            [f"students_{way}", "community"], ascending=[False, True], kind="stable"
        ).iloc[0]
        if most[f"schools_{way}"]:
            facts: dict[str, Fact] = {
                "community": str(most["community"]),
                "n": int(most[f"schools_{way}"]),
                "students": int(most[f"students_{way}"]),
            }
            told.append(Said(f"difference.most_{way}", facts))
    return told
