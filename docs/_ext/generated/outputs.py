"""Measures, and every column of every table that is written, told by what writes them.

A plan of the embedded district is made and asked everything; what comes out has the columns. Their
units come with the tables, definitions with the measures; what is left has its sentence in
``columns.toml``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from feeder import Plan, open_plan, plan_district
from feeder.language import ENGLISH
from feeder.measures.definitions import DEFINITIONS
from generated.markdown import code, table
from generated.said import held, sentences

FILE: Final = "columns.toml"
HEADS: Final = ("column", "unit", "what it is")


@dataclass(frozen=True)
class Column:
    """One column: its name, its unit, and what it is."""

    name: str
    unit: str
    said: str


def measures() -> str:
    """Return a section a measure: name, unit, sense and definition."""
    return "\n\n".join(
        f"## {ENGLISH.say(one.label)}\n\n`{name}`, {_with_sense(one.unit, one.sense)}\n\n"
        f"{one.definition}"
        for name, one in DEFINITIONS.items()
    )


def outputs() -> str:
    """Return a section a file."""
    told = sentences(FILE)
    plan = plan_district(method="anchored")  # no search: the columns are those of any plan
    found = {**dict(_of_plan(plan)), **dict(_of_analyses(plan))}
    wanted: set[str] = set()
    parts = []
    for name, frame in found.items():
        columns = [_column(name, column, frame, plan, told, wanted) for column in map(str, frame)]
        rows = [(code(c.name), c.unit, c.said) for c in columns if c.said != OWN]
        own = ", ".join(code(c.name) for c in columns if c.said == OWN)
        if own:
            rows.append((f"such as {own}", "students, share or rating", OWN))
        parts.append(f"## {name}\n\n{told[f'files.{name}']}\n{table(HEADS, rows)}")
    held(told, wanted | {f"files.{name}" for name in found}, FILE)
    return "\n\n".join(parts)


OWN: Final = "The district's own counts, rates and ratings, under the names of `[measures]`."


def _column(
    file: str,
    name: str,
    frame: pd.DataFrame,
    plan: Plan,
    told: Mapping[str, str],
    wanted: set[str],
) -> Column:
    """Return what is known of a column; what only the sentences can tell is noted as wanted."""
    unit = frame.attrs.get("units", {}).get(name, "")
    bare = name.removesuffix("_numerator").removesuffix("_denominator")
    if bare in _own(plan):
        return Column(name, unit, OWN)
    for key in (f"{file}.{name}", f"any.{name}"):
        if key in told:
            wanted.add(key)
            given, bar, said = told[key].rpartition(" | ")
            return Column(name, given if bar else unit, said)
    if name in DEFINITIONS:
        return Column(name, DEFINITIONS[name].unit, DEFINITIONS[name].definition)
    figures = plan.figures.drop_duplicates("measure").set_index("measure")
    if name in figures.index and figures.loc[name, "definition"]:
        return Column(name, str(figures.loc[name, "unit"]), str(figures.loc[name, "definition"]))
    if bare != name:
        part = "Numerator" if name.endswith("_numerator") else "Denominator"
        return Column(name, unit, f"{part} of `{bare}`.")
    if name.startswith("today_") and f"column.{name}" not in ENGLISH.texts:
        return Column(name, unit, f"`{name.removeprefix('today_')}` of today's plan.")
    if f"column.{name}" in ENGLISH.texts:
        return Column(name, unit, f"{ENGLISH(f'column.{name}')}.")
    wanted.add(f"any.{name}")
    return Column(name, unit, "")


def _own(plan: Plan) -> set[str]:
    """Return the names that the district gave its figures."""
    own = plan.assignment.district.statistics
    return {*map(str, own.counts), *map(str, own.rates), *map(str, own.ratings)}


def _of_plan(plan: Plan) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the tables of a plan's folder; of GeoJSON the properties."""
    with TemporaryDirectory() as scratch:
        folder = plan.write(Path(scratch) / "plan")
        for path in sorted(folder.glob("*.csv")):
            yield path.name, pd.read_csv(path, nrows=1)
        for path in sorted(folder.glob("*.geojson")):
            first = json.loads(path.read_text(encoding="utf-8"))["features"][0]["properties"]
            frame = pd.DataFrame(columns=list(first))
            if path.name == "communities.geojson":
                frame.attrs["units"] = plan.communities.attrs["units"]
            yield path.name, frame


def _of_analyses(plan: Plan) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the tables of what a plan is asked."""
    school = str(plan.table["school_id"].iloc[0])
    asked = (
        plan.offices(headquarters=2),
        plan.funding(),
        plan.goals(),
        plan.regions(number=2),
        plan.explain(school),
        plan.difference("today"),
        plan.compare({"today": open_plan(None, "today")}),
    )
    for result in asked:
        for name, frame in result.tables.items():
            yield f"{name}.csv", frame.reset_index() if frame.index.name else frame


def _with_sense(unit: str, sense: str) -> str:
    words = {"higher": "higher is better", "lower": "lower is better"}
    return ", ".join(filter(None, (f"in {unit}", words.get(sense, ""))))
