"""Why a school is where it is, in sentences and tables."""

from __future__ import annotations

import pandas as pd

from feeder.language import ENGLISH, Said, Words
from feeder.measures.explain import Explanation, Move
from feeder.measures.scorecard import Value
from feeder.measures.units import TEXT, units_of, with_units
from feeder.render.figures import OF_FLOWS, figure_text, rests_on_estimates
from feeder.render.report_words import change
from feeder.render.sections import Section, Shown

POINTS = 100.0
"""Points of an objective of 1."""


def explanation_section(found: Explanation, words: Words = ENGLISH) -> Section:
    """Return why a school is where it is, and what each possible move of it would change.

    The table of measures is put into words here, since its units change from row to row.
    """
    name = _school(found, found.school)
    moves = tuple(sentence for move in found.moves for sentence in _move(found, move))
    tables = [Shown(Said("explain.exchange"), _without_ids(found.exchange))]
    if found.moves:
        tables.append(Shown(Said("explain.changes"), _worded(found, words)))
    else:
        moves = (Said("explain.no_move"),)
    return Section(Said("explain.title", {"school": name}), (*_here(found), *moves), tuple(tables))


def _here(found: Explanation) -> list[Said]:
    """Return the sentences that tell why the school is in its community."""
    plan, graph = found.assignment, found.assignment.network.graph
    name = _school(found, found.school)
    told = [Said("explain.nowhere", {"school": name})]
    if found.home >= 0:
        told = [Said("explain.home", {"school": name, "community": _community(found, found.home)})]
    if len(found.campus) > 1:
        others = tuple(_school(found, i) for i in found.campus if i != found.school)
        told.append(Said("explain.campus", {"schools": others}))
    node = graph.school_node[found.school]
    told.append(Said("explain.with_land" if graph.has_land[node] else "explain.without_land"))
    ids = {graph.school_ids[i] for i in found.campus}
    for school in sorted(ids & set(plan.scenario.locked)):
        told.append(Said("explain.locked", {"community": plan.scenario.locked[school]}))
    for key in ("keep_together", "keep_apart"):
        for group in getattr(plan.scenario, key):
            if ids & set(group):
                others = tuple(school for school in group if school not in ids)
                told.append(Said(f"explain.{key}", {"schools": others}))
    exchange = found.exchange
    for column in ("come_from", "go_to"):
        everywhere, inside = exchange[column].sum(), exchange[column].iloc[0]
        if everywhere > 0 and found.home >= 0:
            facts = {"students": float(everywhere), "share": float(inside / everywhere)}
            told.append(Said(f"explain.{column}", facts))
    if rests_on_estimates(plan):
        told.append(Said("explain.estimated"))
    return told


def _move(found: Explanation, move: Move) -> list[Said]:
    """Return what a move is worth, and which promises it breaks or mends."""
    to = _community(found, move.community)
    key = "explain.gains" if move.gain > 0 else "explain.costs"
    told = [Said(key, {"community": to, "points": abs(POINTS * move.gain)})]
    told += [Said("explain.breaks", {"violation": one.said}) for one in move.broken]
    told += [Said("explain.mends", {"violation": one.said}) for one in move.mended]
    return told


def _worded(found: Explanation, words: Words) -> pd.DataFrame:
    names = dict(zip(found.assignment.community_ids, found.assignment.community_names, strict=True))
    rough = rests_on_estimates(found.assignment)
    rows = []
    for row in found.changes.to_dict("records"):
        measure = found.card.definitions[row["measure"]]
        before, after = (None if pd.isna(row[at]) else row[at] for at in ("before", "after"))
        about = rough and row["measure"] in OF_FLOWS
        rows.append(
            {
                "move_to": names[row["community_id"]],
                "measure": words.say(measure.label),
                "before": _figure(before, measure.unit, words),
                "after": _figure(after, measure.unit, words),
                "change": change(measure, Value(after), Value(before), words, rough=about),
            }
        )
    columns = ["move_to", "measure", "before", "after", "change"]
    return with_units(pd.DataFrame(rows, columns=columns), dict.fromkeys(columns, TEXT))


def _without_ids(table: pd.DataFrame) -> pd.DataFrame:
    units = {name: unit for name, unit in units_of(table).items() if name != "community_id"}
    return with_units(table[list(units)], units)


def _figure(value: float | None, unit: str, words: Words) -> str:
    return words("figure.none") if value is None else figure_text(value, unit, words)


def _school(found: Explanation, school: int) -> str:
    ids = found.assignment.network.graph.school_ids
    return f"{found.assignment.district.schools['name'][ids[school]]} ({ids[school]})"


def _community(found: Explanation, community: int) -> Said:
    one = found.assignment.community_ids[community]
    name = found.assignment.community_names[community]
    if name == one:
        return Said("community.id", {"id": one})
    return Said("community.id_and_name", {"id": one, "name": name})
