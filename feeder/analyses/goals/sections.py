"""What readers are told of a plan's goals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import pandas as pd

from feeder.analyses.goals.summed import goals_table
from feeder.district.model import Goal
from feeder.language import Message
from feeder.language.words import Fact
from feeder.planning import Assignment
from feeder.telling.sections import Section, Shown
from feeder.telling.units import units_of, with_units

_LEFT_OUT: Final = ("level", "id", "numerator", "target_numerator")
"""Columns of the table that readers of one level do not need; the gap is their difference."""
_SHOWN_LEVELS: Final = ("district", "region", "community", "today")


def goals_section(assignment: Assignment) -> Section:
    """Tell the goals of the district, its regions and communities, today's beside them.

    Parameters
    ----------
    assignment
        A plan of a district with goals; as it is drawn, where the section is published.
    """
    table = goals_table(assignment)
    sentences = [said for goal in assignment.district.goals or () for said in _told(goal, table)]
    levels = [level for level in _SHOWN_LEVELS if (table["level"] == level).any()]
    return Section(
        title=Message("goals.title"),
        sentences=(*sentences, Message("goals.rest")),
        tables=tuple(Shown(Message(f"goals.of_{name}"), _level(table, name)) for name in levels),
    )


def titled(name: str) -> str:
    """Return what ``district.toml`` calls a measure as readers see it: ``Chronic absence``."""
    return name[:1].upper() + name[1:].replace("_", " ")


def _level(table: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the rows of one level; schools in no group are called so."""
    units = units_of(table)
    rows = table[table["level"] == level].reset_index(drop=True)
    names: list[object] = [name or Message("goals.in_none") for name in rows["name"]]
    shown = rows.assign(goal=rows["goal"].map(titled), name=pd.Series(names, dtype=object))
    kept = {column: unit for column, unit in units.items() if column not in _LEFT_OUT}
    return with_units(shown.drop(columns=list(_LEFT_OUT)), kept)


def _told(goal: Goal, table: pd.DataFrame) -> Iterator[Message]:
    """Yield the sentences on one goal: the district, who is farthest, whose target is too easy."""
    name = titled(goal.name)
    rows = table[table["goal"] == goal.name]
    district = rows[rows["level"] == "district"].iloc[0]
    if math.isnan(district["baseline"]):
        yield Message("goals.unknown", {"goal": name})
        return
    behind = int(district["students_behind"])
    facts: dict[str, Fact] = {
        "goal": name,
        "baseline": float(district["baseline"]),
        "target": float(district["target"]),
        "n": behind,
    }
    yield Message("goals.reached" if behind == 0 else f"goals.{goal.better}", facts)
    yield from _farthest(name, _of(rows, "community"))
    yield from _beside_today(name, _of(rows, "community"), _of(rows, "today"))
    without = int(district["schools_without_figures"])
    if without:
        yield Message("goals.without", {"goal": name, "n": without})
    yield from _less_ambitious(name, rows)


def _farthest(goal: str, communities: pd.DataFrame) -> Iterator[Message]:
    """Yield the community with most students behind; of equals, the first."""
    behind = communities["students_behind"].fillna(0.0)
    if len(communities) > 1 and behind.max() > 0:
        row = communities.iloc[int(behind.argmax())]
        name, behind_there = str(row["name"]), int(row["students_behind"])
        yield Message("goals.farthest", {"goal": goal, "community": name, "n": behind_there})


def _beside_today(goal: str, plan: pd.DataFrame, today: pd.DataFrame) -> Iterator[Message]:
    """Yield how far the communities lie apart, in the plan and today."""
    if plan["baseline"].notna().any() and today["baseline"].notna().any():
        facts: dict[str, Fact] = {
            "goal": goal,
            "low": float(plan["baseline"].min()),
            "high": float(plan["baseline"].max()),
            "low_today": float(today["baseline"].min()),
            "high_today": float(today["baseline"].max()),
        }
        yield Message("goals.beside_today", facts)


def _of(rows: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the groups of one level, without the schools that are in none."""
    return rows[(rows["level"] == level) & (rows["id"] != "")]


def _less_ambitious(goal: str, rows: pd.DataFrame) -> Iterator[Message]:
    """Yield which communities ask for less than their schools reached last year."""
    schools = int(rows.loc[rows["level"] == "district", "schools_less_ambitious"].iloc[0])
    groups = _of(rows, "community")
    found = groups[[less is True for less in groups["less_ambitious"]]]
    if len(found):
        names = tuple(map(str, found["name"]))
        yield Message("goals.less_ambitious", {"goal": goal, "n": len(found), "names": names})
    if schools:
        yield Message("goals.schools_less_ambitious", {"goal": goal, "n": schools})
