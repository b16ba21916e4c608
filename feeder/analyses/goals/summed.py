"""Goals of communities, regions and the district: exact sums of those of their schools.

The students counted and the students there are add up; shares are made of the sums, never of
other shares. A school's target is a number of students: its target share of the students of its
baseline. So any plan comes to the same district goals, and a move of a school changes two
communities by just that school.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import Goal
from feeder.measures.grouping import today_of
from feeder.planning import Assignment
from feeder.telling.units import TEXT, with_units
from feeder.terms import SUM_SLACK

LEVELS: Final = ("district", "region", "community", "today", "school")
"""Whose goals a row tells; ``today`` are the communities of today's plan."""
UNITS: Final[Mapping[str, str]] = {
    "goal": TEXT,
    "level": TEXT,
    "id": TEXT,
    "name": TEXT,
    "schools_with_figures": "schools",
    "schools_without_figures": "schools",
    "denominator": "students",
    "numerator": "students",
    "target_numerator": "students",
    "baseline": "share",
    "target": "share",
    "gap": "students",
    "students_behind": "students",
    "past": "share",
    "less_ambitious": TEXT,
    "schools_less_ambitious": "schools",
}
_WHOLE: Final = 1e-6
"""Part of a student that is a rounding of numbers, not a student."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Schools put together: ``of_school`` gives the id of each school's group, "" for none.

    ``names`` gives the name of every group, in the order in which they are told.
    """

    level: str
    of_school: pd.Series[str]
    names: Mapping[str, str]


def goals_table(assignment: Assignment) -> pd.DataFrame:
    """Return every goal of the district, its regions, the plan's communities, today's and schools.

    Returns
    -------
    One row a goal and group, with units (:mod:`feeder.telling.units`). ``level`` is one of
    :data:`LEVELS`; schools in no group have a row with an empty ``id``, so that the rows of a
    level add up to the district's.

    - ``schools_with_figures`` have a baseline and a target; only they count in the sums.
    - ``numerator``, ``denominator``, ``target_numerator``: sums over the schools.
    - ``baseline``, ``target``: these over the denominator; NaN where nobody is counted.
    - ``gap``: students from the target, exact; negative where it is passed. It adds up.
    - ``students_behind``: the same in whole students, rounded up; 0 where the target is reached,
      NaN without figures.
    - ``past``: result of the past year, of the schools where it is known as well;
      ``less_ambitious``: whether the target of these schools asks for less than that, None where
      it is unknown; ``schools_less_ambitious``: of how many single schools that is true.

    A district without goals has no rows.
    """
    groups = groupings(assignment)
    goals = assignment.district.goals or ()
    rows = [goal_of(goal, group) for goal in goals for group in groups]
    empty = pd.DataFrame({name: [] for name in UNITS})
    return with_units(pd.concat(rows, ignore_index=True) if rows else empty, UNITS)


def groupings(assignment: Assignment) -> tuple[Groups, ...]:
    """Return what goals are summed over, in the order of :data:`LEVELS`.

    Regions and today's communities only where the district has any.
    """
    district = assignment.district
    schools = district.schools
    whole = pd.Series("district", index=schools.index)
    found = [Groups(level="district", of_school=whole, names={"district": district.name})]
    if (schools["region"] != "").any():
        names = {name: name for name in sorted(set(schools["region"]) - {""})}
        found.append(Groups(level="region", of_school=schools["region"], names=names))
    found.append(_communities(assignment, "community"))
    today = today_of(assignment)
    if today is not None:
        found.append(_communities(today, "today"))
    ids = pd.Series(schools.index, index=schools.index)
    found.append(
        Groups(
            level="school",
            of_school=ids,
            names=dict(zip(map(str, schools.index), schools["name"], strict=True)),
        )
    )
    return tuple(found)


def _communities(assignment: Assignment, level: str) -> Groups:
    home = assignment.plan_table().set_index("school_id")["community_id"]
    names = dict(zip(assignment.community_ids, assignment.community_names, strict=True))
    return Groups(level=level, of_school=home, names=names)


def goal_of(goal: Goal, groups: Groups) -> pd.DataFrame:
    """Return one goal of each group of schools, in the columns of :func:`goals_table`."""
    of_school = groups.of_school.reindex(goal.schools.index, fill_value="")
    sums = _school_sums(goal).groupby(of_school).sum()
    some = [""] if (of_school == "").any() else []
    sums = sums.reindex([*groups.names, *some], fill_value=0.0)
    known = sums["schools_with_figures"] > 0
    gap = (sums["numerator"] - sums["target_numerator"]) * _worse(goal)
    past, aim = _share(sums, "past"), _share(sums, "aim")
    less = (aim - past) * _worse(goal) > SUM_SLACK
    told = sums.assign(
        goal=goal.name,
        level=groups.level,
        id=list(sums.index),
        name=[groups.names.get(group, "") for group in sums.index],
        baseline=sums["numerator"] / sums["denominator"].where(sums["denominator"] > 0),
        target=sums["target_numerator"] / sums["denominator"].where(sums["denominator"] > 0),
        gap=gap + 0.0,
        students_behind=np.ceil(gap.clip(lower=0.0) - _WHOLE).abs().where(known),
        past=past,
        less_ambitious=less.astype(object).where(past.notna(), None),
    )
    whole = [name for name, unit in UNITS.items() if unit == "schools"]
    return told.astype(dict.fromkeys(whole, np.int64))[list(UNITS)].reset_index(drop=True)


def _worse(goal: Goal) -> float:
    """Return 1 where more is worse, -1 where less is."""
    return 1.0 if goal.better == "lower" else -1.0


def _school_sums(goal: Goal) -> pd.DataFrame:
    """Return what each school adds to the sums of its groups; nothing where it is unknown."""
    schools = goal.schools
    known = schools[["numerator", "denominator", "target"]].notna().all(axis=1)
    both = known & schools[["past_numerator", "past_denominator"]].notna().all(axis=1)
    target = schools["target"] * schools["denominator"]
    sums = pd.DataFrame(
        {
            "schools_with_figures": known.astype(float),
            "schools_without_figures": (~known).astype(float),
            "numerator": schools["numerator"].where(known, 0.0),
            "denominator": schools["denominator"].where(known, 0.0),
            "target_numerator": target.where(known, 0.0),
            "past_numerator": schools["past_numerator"].where(both, 0.0),
            "past_denominator": schools["past_denominator"].where(both, 0.0),
            "aim_numerator": target.where(both, 0.0),
            "aim_denominator": schools["denominator"].where(both, 0.0),
        }
    )
    less = (_share(sums, "aim") - _share(sums, "past")) * _worse(goal) > SUM_SLACK
    return sums.assign(schools_less_ambitious=less.astype(float))


def _share(sums: pd.DataFrame, what: str) -> pd.Series[float]:
    """Return a share of sums; NaN where there is nobody."""
    whole = sums[f"{what}_denominator"]
    return sums[f"{what}_numerator"] / whole.where(whole > 0)
