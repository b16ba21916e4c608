"""The tables of an allocation: by school, community and region, the ledger, and what changes.

Dollars are whole cents as floats: each is the number nearest to its cents, so that written with two
decimals they add up exactly.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import numpy as np
import pandas as pd

from feeder.analyses.funding.allocation import PARTS, Allocation
from feeder.analyses.funding.equity import equity, theil_parts
from feeder.measures.disruption import carried_on
from feeder.telling.units import with_units

_AMOUNTS: Final = (*PARTS, "dollars")
_SIZES: Final = {"n_schools": "schools", "enrollment": "students", "need": "weighted students"}
_CHANGING: Final = ("dollars", "dollars_per_student")
_UNITS: Final = {
    **_SIZES,
    **dict.fromkeys((*_AMOUNTS, "office", "dollars_per_student"), "dollars"),
}


def by_school(found: Allocation) -> pd.DataFrame:
    """One row a school: what its amount is made of, and its dollars per student.

    Columns ``school_id``, ``name``, ``community_id`` ("" is none), ``region``, ``enrollment``
    (students), ``need``, PARTS, ``dollars`` and ``dollars_per_student`` (NaN without students).
    """
    table = _base(found)
    told = ["school_id", "name", "community_id", "region", "enrollment", "need"]
    return _told(table, [*told, *_AMOUNTS])


def by_community(found: Allocation) -> pd.DataFrame:
    """One row a community, its office included; schools outside have a row of their own, last.

    Columns ``community_id`` ("" is none), ``name``, ``n_schools``, ``enrollment``, ``need``,
    ``office``, PARTS, ``dollars`` and ``dollars_per_student``.
    """
    plan = found.assignment
    sums = _sums(_base(found), "community_id")
    outside = [""] if "" in sums.index else []
    table = sums.reindex([*plan.community_ids, *outside], fill_value=0)
    table["name"] = [*plan.community_names, *outside]
    table["office"] = [found.office] * plan.n_communities + [0] * len(outside)
    table["dollars"] += table["office"]
    table = table.rename_axis("community_id").reset_index()
    return _told(table, ["community_id", "name", *_SIZES, "office", *_AMOUNTS])


def by_region(found: Allocation) -> pd.DataFrame:
    """One row a region ("" is none) with what its schools get; offices belong to no region.

    Columns ``region``, ``n_schools``, ``enrollment``, ``need``, PARTS, ``dollars`` and
    ``dollars_per_student``.
    """
    table = _sums(_base(found), "region").reset_index()
    return _told(table, ["region", *_SIZES, *_AMOUNTS])


def ledger(found: Allocation) -> pd.DataFrame:
    """Return where every cent goes: ``part``, ``dollars``, and ``share`` of the total.

    Parts are ``held_centrally``, ``offices``, each of PARTS, and ``total``, their sum.
    """
    schools = found.cents.sum()
    cents = {
        "held_centrally": found.central,
        "offices": found.offices,
        **{part: int(schools[part]) for part in PARTS},
        "total": found.total,
    }
    table = pd.DataFrame({"part": list(cents), "dollars": np.array(list(cents.values())) / 100})
    table["share"] = table["dollars"] / (found.total / 100) if found.total else np.nan
    return with_units(table, {"part": "", "dollars": "dollars", "share": "share"})


def equity_table(plans: dict[str, Allocation]) -> pd.DataFrame:
    """One row a plan: how evenly its communities' dollars per student are spread.

    Columns ``plan``, ``highest``, ``lowest`` (dollars per student), ``ratio``, ``gini``, ``theil``
    (:mod:`feeder.analyses.funding.equity`; between communities, their offices included), and
    ``theil_between``: the share of Theil's T between schools that lies between communities, when
    each school has a part of its office by students. NaN where nothing can be told.
    """
    rows = []
    for name, found in plans.items():
        table = by_community(found)
        table = table[table["community_id"] != ""]
        told = equity(table["dollars"], table["enrollment"])
        figures = {} if told is None else asdict(told)
        rows.append({"plan": name, **figures, "theil_between": _between(found)})
    units = {"plan": "", "highest": "dollars", "lowest": "dollars", "ratio": "ratio"}
    units |= {"gini": "0 to 1", "theil": "nats", "theil_between": "share"}
    return with_units(pd.DataFrame(rows, columns=list(units)), units)


def change(found: Allocation, today: Allocation) -> pd.DataFrame:
    """One row a community of the plan beside the communities of today that it carries on.

    Who carries on which is told by :func:`~feeder.measures.disruption.carried_on`. Communities of
    today that none carries on follow, then the schools outside. Columns ``community_id``, ``name``,
    ``today_id`` (several by commas; "" is none), ``dollars``, ``dollars_today``,
    ``dollars_change``, ``dollars_per_student``, ``dollars_per_student_today``,
    ``dollars_per_student_change``. A missing side is NaN; its dollars count as 0 in the change, so
    that the changes add up.
    """
    heir = _heirs(found, today)
    here, there = (by_community(side).set_index("community_id") for side in (found, today))
    pairs = [(one, [old for old in heir if heir[old] == one]) for one in here.index if one]
    pairs += [(None, [old]) for old in heir if heir[old] is None]
    if "" in here.index.union(there.index):
        pairs.append(("", [""]))
    table = pd.DataFrame(
        [(one, ", ".join(olds)) for one, olds in pairs], columns=["community_id", "today_id"]
    )
    here = here.reindex(table["community_id"])
    there = pd.DataFrame([_together(there.reindex(olds)) for _, olds in pairs])
    table["name"] = here["name"].fillna("").to_numpy()
    for key in _CHANGING:
        table[key] = here[key].to_numpy()
        table[f"{key}_today"] = there[key].to_numpy()
    gone = table[["dollars", "dollars_today"]].fillna(0.0)
    table["dollars_change"] = (gone["dollars"] - gone["dollars_today"]).round(2)
    each, before = table["dollars_per_student"], table["dollars_per_student_today"]
    table["dollars_per_student_change"] = each - before
    units = dict.fromkeys(("community_id", "name", "today_id"), "")
    for key in _CHANGING:
        units |= dict.fromkeys((key, f"{key}_today", f"{key}_change"), "dollars")
    return with_units(table.fillna({"community_id": "", "today_id": ""})[list(units)], units)


def _base(found: Allocation) -> pd.DataFrame:
    """One row a school with everything that the tables add up, money in cents."""
    district, plan = found.assignment.district, found.assignment.plan_table()
    table = district.schools[["name", "region", "enrollment"]].join(found.cents)
    table["community_id"] = plan.set_index("school_id")["community_id"]
    need = district.statistics.need
    table["need"] = 0.0 if need is None else need.reindex(table.index)
    table["dollars"] = found.cents.sum(axis=1)
    return table.rename_axis("school_id").reset_index()


def _sums(table: pd.DataFrame, by: str) -> pd.DataFrame:
    table = table.assign(n_schools=1)
    return table.groupby(by)[[*_SIZES, *_AMOUNTS]].sum()


def _told(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Turn cents into dollars, add dollars per student, and give every column its unit."""
    told = table[columns].copy()
    money = [name for name in columns if name in (*_AMOUNTS, "office")]
    told[money] = told[money] / 100
    students = told["enrollment"].where(told["enrollment"] > 0)
    told["dollars_per_student"] = told["dollars"] / students
    return with_units(told, {str(name): _UNITS.get(str(name), "") for name in told})


def _between(found: Allocation) -> float:
    """Return the share of the inequality between schools that lies between communities."""
    community = found.communities
    students = found.assignment.district.schools["enrollment"].to_numpy(np.float64)
    dollars = found.cents.sum(axis=1).to_numpy(np.float64)
    inside = (community >= 0) & (students > 0)
    community, students, dollars = community[inside], students[inside], dollars[inside]
    if not dollars.sum():
        return float("nan")
    size = np.bincount(community, students)
    within, between = theil_parts(
        dollars + found.office * students / size[community], students, community
    )
    return between / (within + between) if within + between else float("nan")


def _heirs(found: Allocation, today: Allocation) -> dict[str, str | None]:
    """Return the community that carries on each of today's, by id; None where none does."""
    students = found.assignment.district.schools["enrollment"].to_numpy(np.float64)
    carried = carried_on(found.communities, today.communities, students).tolist()
    ids, others = found.assignment.community_ids, today.assignment.community_ids
    carried += [-1] * (len(others) - len(carried))
    return {old: ids[new] if new >= 0 else None for old, new in zip(others, carried, strict=True)}


def _together(rows: pd.DataFrame) -> dict[str, float]:
    """Add up the money of some communities, and share it among their students; NaN of none."""
    dollars, students = rows["dollars"].sum(min_count=1), rows["enrollment"].sum()
    each = dollars / students if students else np.nan
    return {"dollars": dollars, "dollars_per_student": each}
