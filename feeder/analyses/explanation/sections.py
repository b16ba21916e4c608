"""Why a school is where it is, in sentences and tables."""

from __future__ import annotations

import pandas as pd

from feeder.analyses.explanation.explanation import Explanation, Move
from feeder.language import ENGLISH, Fact, Message, Words
from feeder.measures.scorecard import Value
from feeder.render.report.words import change
from feeder.telling.figures import figure_text, rests_on_estimates
from feeder.telling.sections import Section, Shown
from feeder.telling.students import NOTHING, desk, partner, students_said
from feeder.telling.units import TEXT, units_of, with_units
from feeder.terms import OF_FLOWS

POINTS = 100.0
"""Points of an objective of 1."""
MOST_PARTNERS = 3
"""Schools named in a sentence; the table has them all."""


def explanation_sections(found: Explanation, words: Words = ENGLISH) -> tuple[Section, ...]:
    """Return why a school is where it is, its students, and what each move of it would change.

    The table of measures is put into words here, since its units change from row to row.
    """
    here = Section(Message("explain.title", {"school": _school(found)}), tuple(_here(found)), ())
    students = Section(
        Message("explain.students"),
        tuple(_caveats(found)),
        (
            Shown(Message("explain.exchange"), _without(found.exchange, "community_id")),
            Shown(Message("explain.partners"), _without(found.partners, "school_id")),
        ),
    )
    if not found.moves:
        moves = Section(Message("explain.moves"), (Message("explain.no_move"),), ())
        return here, students, moves
    told = tuple(sentence for move in found.moves for sentence in _move(found, move))
    tables = (
        Shown(Message("explain.outcomes"), _outcomes(found)),
        Shown(Message("explain.changes"), _changes(found, words)),
    )
    return here, students, Section(Message("explain.moves"), told, tables)


def _here(found: Explanation) -> list[Message]:
    """Return the sentences that tell why the school is in its community."""
    plan, graph = found.assignment, found.assignment.network.graph
    scenario, name = plan.scenario, _school(found)
    told = [Message("explain.nowhere", {"school": name})]
    if found.home >= 0:
        told = [
            Message("explain.home", {"school": name, "community": _community(found, found.home)})
        ]
    ids = [graph.school_ids[i] for i in found.campus]
    own = graph.school_ids[found.school]
    if len(ids) > 1:
        told.append(Message("explain.campus", {"schools": _named(found, ids, without=own)}))
    landed = graph.has_land[graph.school_node[found.school]]
    told.append(Message("explain.with_land" if landed else "explain.without_land"))
    for one in ids:
        if one in scenario.locked:
            facts: dict[str, Fact] = {"school": _named(found, [one])}
            told.append(Message("explain.locked", facts | {"community": scenario.locked[one]}))
    for key, groups in (
        ("explain.keep_together", scenario.keep_together),
        ("explain.keep_apart", scenario.keep_apart),
    ):
        told += [
            Message(key, {"schools": _named(found, group)}) for group in groups if {*group} & {*ids}
        ]
    return told + _flows(found)


def _flows(found: Explanation) -> list[Message]:
    """Return who sends it students and where its students go."""
    exchange, partners = found.exchange, found.partners
    rough = rests_on_estimates(found.assignment)
    told = []
    for column in ("come_from", "go_to"):
        most = partners[partners[column] >= NOTHING].sort_values(
            column, ascending=False, kind="stable"
        )
        if len(most):
            own = exchange[exchange["community_id"] == _home_id(found)][column].sum()
            facts: dict[str, Fact] = {
                "students": students_said(partners[column].sum(), rough=rough),
                "inside": students_said(own, rough=rough),
                "schools": tuple(
                    partner(str(row["school"]), float(row[column]), rough=rough)
                    for row in most.head(MOST_PARTNERS).to_dict("records")
                ),
            }
            told.append(Message(f"explain.{column}", facts))
    return told or [Message("explain.no_flows")]


def _caveats(found: Explanation) -> list[Message]:
    """Return what the figures of students rest on."""
    flows = found.flows
    told = []
    if (flows["source"] == "estimated").any():
        told.append(Message("people.estimated"))
    elif (flows["students_low"] < flows["students_high"]).any():
        told.append(Message("people.suppressed"))
    return told + desk(found.partners[["come_from", "go_to"]].to_numpy())


def _move(found: Explanation, move: Move) -> list[Message]:
    """Return what a move is worth, and which promises it breaks or mends."""
    facts: dict[str, Fact] = {
        "community": _community(found, move.community),
        "points": abs(POINTS * move.gain),
    }
    key = "gains" if move.gain > 0 else "costs" if move.gain < 0 else "same"
    told = [Message(f"explain.{key}", facts)]
    told += [Message("explain.breaks", {"violation": one.message}) for one in move.broken]
    if not move.broken:
        told.append(Message("explain.no_promise"))
    told += [Message("explain.mends", {"violation": one.message}) for one in move.mended]
    return told + [Message("explain.changed", {"violation": one.message}) for one in move.changed]


def _outcomes(found: Explanation) -> pd.DataFrame:
    table = found.outcomes
    points = [Message("people.points", {"points": float(points)}) for points in table["points"]]
    columns = ["community", "points", "newly_kept", "lost", "promises_broken", "promises_mended"]
    shown = table[columns].assign(points=pd.Series(points, table.index, dtype=object))
    units = {**units_of(table), "points": TEXT}
    return with_units(shown, {column: units[column] for column in columns})


def _changes(found: Explanation, words: Words) -> pd.DataFrame:
    """Put the measures into words; what reads the same before and after is left out."""
    names = dict(zip(found.assignment.community_ids, found.assignment.community_names, strict=True))
    rough = rests_on_estimates(found.assignment)
    rows = []
    for row in found.changes.to_dict("records"):
        measure = found.card.definitions[row["measure"]]
        before, after = (None if pd.isna(row[at]) else row[at] for at in ("before", "after"))
        texts = [_figure(value, measure.unit, words) for value in (before, after)]
        if texts[0] == texts[1]:
            continue
        about = rough and row["measure"] in OF_FLOWS
        rows.append(
            {
                "move_to": names[row["community_id"]],
                "measure": words.say(measure.label),
                "before": texts[0],
                "after": texts[1],
                "change": change(measure, Value(after), Value(before), words, rough=about),
            }
        )
    columns = ["move_to", "measure", "before", "after", "change"]
    return with_units(pd.DataFrame(rows, columns=columns), dict.fromkeys(columns, TEXT))


def _without(table: pd.DataFrame, column: str) -> pd.DataFrame:
    units = {name: unit for name, unit in units_of(table).items() if name != column}
    return with_units(table[list(units)], units)


def _figure(value: float | None, unit: str, words: Words) -> str:
    return words("figure.none") if value is None else figure_text(value, unit, words)


def _named(found: Explanation, ids: list[str] | tuple[str, ...], without: str = "") -> Fact:
    """Return schools by name and id."""
    names = found.assignment.district.schools["name"]
    return tuple(f"{names.get(one, one)} ({one})" for one in ids if one != without)


def _school(found: Explanation) -> str:
    one = found.assignment.network.graph.school_ids[found.school]
    return f"{found.assignment.district.schools['name'][one]} ({one})"


def _home_id(found: Explanation) -> str | None:
    return found.assignment.community_ids[found.home] if found.home >= 0 else None


def _community(found: Explanation, community: int) -> Message:
    one = found.assignment.community_ids[community]
    name = found.assignment.community_names[community]
    if name == one:
        return Message("community.id", {"id": one})
    return Message("community.id_and_name", {"id": one, "name": name})
