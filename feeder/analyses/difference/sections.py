"""What differs between two plans, in sentences and tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from feeder.analyses.difference.between import Difference
from feeder.analyses.difference.phasing import entering_grades, has_grades, phase_in
from feeder.language import Fact, Message
from feeder.telling.adding_up import adding_up
from feeder.telling.figures import rests_on_estimates
from feeder.telling.sections import Section, Shown
from feeder.telling.students import NOTHING, desk, partner, students_said
from feeder.telling.units import TEXT, units_of, with_units

_COLUMN_OF_FATE = {
    "with_it": "still_together",
    "left": "newly_separated",
    "joined": "newly_together",
}


def difference_sections(found: Difference) -> tuple[Section, ...]:
    """Return who changes community between two plans, who keeps whom, and how to phase it in."""
    told = (*_moved(found), *_most(found), *_classmates(found))
    changed = _communities(found)
    tables = (Shown(Message("difference.communities"), changed),) if len(changed) else ()
    sections = [Section(Message("difference.title"), told, tables)]
    if found.moved.any():
        few = tuple(desk(found.partners["students"].to_numpy()))
        schools = Shown(Message("difference.schools"), _movers(found))
        companions = Shown(Message("difference.companions"), _companions(found))
        sections.append(Section(Message("difference.movers"), few, (schools, companions)))
    return (*sections, phasing_section(found))


def phasing_section(found: Difference) -> Section:
    """Return who is under the new plan, year by year, where only entering grades follow it."""
    years, district = _whole_students(phase_in(found)), found.before.district
    if not len(years):
        return Section(Message("phasing.title"), (Message("phasing.none"),), ())
    own = found.schools
    moved = own.loc[own["moved"], "school_id"].tolist()
    first: dict[str, Fact] = {
        "grades": entering_grades(district, moved),
        "students": float(years["new"].iloc[0]),
    }
    told = [
        Message("phasing.first", first),
        Message("phasing.last", {"n": int(years["year"].iloc[-1])}),
        Message("phasing.constant"),
    ]
    unknown = int((~has_grades(district, moved)).sum())
    if unknown:
        told.append(Message("phasing.even", {"n": unknown}))
    counted, rolls = float(years["new"].iloc[-1]), float(own.loc[own["moved"], "enrollment"].sum())
    if abs(counted - rolls) >= 1:
        told.append(Message("phasing.unlike", {"students": counted, "all": rolls}))
    told += desk(years[["new", "old"]].to_numpy())
    return Section(Message("phasing.title"), tuple(told), (Shown(Message("phasing.years"), years),))


def _whole_students(years: pd.DataFrame) -> pd.DataFrame:
    """Round students under either plan so that each year's add up to all that move."""
    pairs = [adding_up(pair, 0) for pair in years[["new", "old"]].to_numpy()]
    shown = np.array(pairs).reshape(-1, 2)
    return with_units(years.assign(new=shown[:, 0], old=shown[:, 1]), units_of(years))


def _moved(found: Difference) -> list[Message]:
    """Return how many schools and students change community."""
    own = found.schools
    moved = own[own["moved"]]
    facts: dict[str, Fact] = {
        "n": len(moved),
        "of": int(found.placed.sum()),
        "students": int(moved["enrollment"].sum()),
        "all": int(own.loc[found.placed, "enrollment"].sum()),
    }
    told = [Message("difference.moved", facts) if len(moved) else Message("difference.none")]
    for key, column in (("before", "from_id"), ("after", "to_id")):
        unplaced = int((own[column] == "").sum())
        if unplaced:
            told.append(Message(f"difference.unplaced_{key}", {"n": unplaced}))
    return told


def _most(found: Difference) -> list[Message]:
    """Return the community that takes most students, and the one that gives most."""
    own, told = found.schools, []
    moved = own[own["moved"]]
    for way, name in (("in", "to_name"), ("out", "from_name")):
        sums = moved.groupby(name)["enrollment"].agg(["size", "sum"])
        for community, row in sums.sort_values("sum", ascending=False, kind="stable")[
            :1
        ].iterrows():
            facts: dict[str, Fact] = {
                "community": str(community),
                "n": int(row["size"]),
                "students": int(row["sum"]),
            }
            told.append(Message(f"difference.most_{way}", facts))
    return told


def _classmates(found: Difference) -> list[Message]:
    """Return how many students keep classmates, and how many are separated: all of them once."""
    rough = rests_on_estimates(found.before)
    table = found.classmates
    everybody = students_said(table["students"].sum(), rough=rough)
    told = [Message("difference.all", {"students": everybody})]
    # All of them are told once, so what is told of them adds up to what is told of all.
    shown = adding_up(table["students"], 0)
    for row, part in zip(table.to_dict("records"), shown.tolist(), strict=True):
        students = students_said(part, row["low"], row["high"], rough=rough)
        told.append(Message(f"difference.{row['fate']}", {"students": students}))
    flows = found.flows
    if rough:
        told.append(Message("people.estimated"))
    elif (flows["students_low"] < flows["students_high"]).any():
        told.append(Message("people.suppressed"))
    return told + desk(table["students"].to_numpy())


def _communities(found: Difference) -> pd.DataFrame:
    """Return the communities that take or give."""
    every = found.communities
    table = every[every["schools_in"] + every["schools_out"] > 0].reset_index(drop=True)
    told = [name or Message("difference.new") for name in table["carries_on"]]
    return with_units(table.assign(carries_on=pd.Series(told, dtype=object)), units_of(every))


def _movers(found: Difference) -> pd.DataFrame:
    own = found.schools
    moved = own[own["moved"]]
    columns = ["school", "level", "from_name", "to_name", "enrollment"]
    levels = pd.Series(
        [Message(f"level.{level}", {"n": 1}) for level in moved["level"]], moved.index, dtype=object
    )
    units = units_of(own)
    namesakes = moved["from_name"] == moved["to_name"]
    after = [
        Message("change.namesake", {"community": name}) if same else name
        for name, same in zip(moved["to_name"], namesakes, strict=True)
    ]
    names = pd.Series(after, moved.index, dtype=object)
    return with_units(
        moved[columns].assign(level=levels, to_name=names),
        {column: units[column] for column in columns},
    )


def _companions(found: Difference) -> pd.DataFrame:
    """Name, for each school that moves, the schools that go with it, are left, are joined."""
    own = found.schools.set_index("school_id")
    partners = found.partners[found.partners["students"] >= NOTHING]
    estimated = rests_on_estimates(found.before)
    rows = []
    for school in own.index[own["moved"]]:
        mine = partners[partners["school_id"] == school]
        row: dict[str, object] = {"school": own.loc[school, "school"]}
        for column, fate in _COLUMN_OF_FATE.items():
            told = tuple(
                partner(str(own.loc[one, "school"]), students, rough=estimated)
                for one, students in mine.loc[
                    mine["fate"] == fate, ["partner_id", "students"]
                ].itertuples(index=False, name=None)
            )
            row[column] = Message("people.listed", {"schools": told}) if told else ""
        rows.append(row)
    return with_units(pd.DataFrame(rows), dict.fromkeys(["school", *_COLUMN_OF_FATE], TEXT))
