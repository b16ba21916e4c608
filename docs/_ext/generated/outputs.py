"""Measures, and every column of every table that is written, told by what writes them.

A plan of the embedded district is made and asked everything; what comes out has the columns. Their
units come with the tables, definitions with the measures; what is left has its sentence in
``columns.toml``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from feeder import Plan, open_plan, plan_district
from feeder.district.model import GRADE_COLUMNS
from feeder.language import ENGLISH
from feeder.measures.definitions import DEFINITIONS
from feeder.render.files.desk import DESK
from generated.markdown import code, table
from generated.said import held, sentences

FILE: Final = "columns.toml"
FOLDER: Final = "folder"
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
    """Return a part a command, and in it a section a file."""
    plan = plan_district(method="anchored")  # no search: the columns are those of any plan
    teller = _Teller(plan, sentences(FILE))
    parts: dict[str, list[str]] = {}
    for command, file, frame in (*_of_plan(plan), *_of_analyses(plan)):
        parts.setdefault(command, []).append(teller.file(command, file, frame))
    held(teller.told, teller.wanted, FILE)
    return "\n\n".join(
        f"## feeder {command}\n\n" + "\n\n".join(files) for command, files in parts.items()
    )


class _Teller:
    """Tells columns, and notes for which of them it needs the file of sentences."""

    def __init__(self, plan: Plan, told: Mapping[str, str]) -> None:
        self.told = told
        self.wanted: set[str] = set()
        self.own = _own(plan)
        rows = plan.figures.drop_duplicates("measure")
        self.figures = {
            measure: (unit, definition)
            for measure, unit, definition in rows[["measure", "unit", "definition"]].to_numpy()
            if definition
        }

    def file(self, command: str, file: str, frame: pd.DataFrame) -> str:
        """Return the section of one file."""
        lead = self._sentence(f"files.{command}.{file}")
        place = f"{command}.{file.partition('.')[0]}"
        names = list(map(str, frame))
        ends = [name for name in names if self._is_end(name, names)]
        columns = [self._column(place, name, frame) for name in names if name not in ends]
        rows = [(code(c.name), c.unit, c.said) for c in columns if c.said != OWN]
        own = [code(c.name) for c in columns if c.said == OWN]
        rows += [(f"such as {', '.join(own[:3])}", "students, share or rating", OWN)] if own else []
        rows += (
            [(f"such as {', '.join(map(code, ends[:2]))}", "as the figure", ENDS)] if ends else []
        )
        return f"### {frame.attrs.get(FOLDER, '')}{file}\n\n{lead}\n{table(HEADS, rows)}"

    def _is_end(self, name: str, names: Sequence[str]) -> bool:
        """Whether a column is the least or the greatest of the figure beside it."""
        figure, _, end = name.rpartition("_")
        return end in {"low", "high"} and figure in names and f"any.{name}" not in self.told

    def _sentence(self, key: str) -> str:
        self.wanted.add(key)
        return self.told.get(key, "")

    def _column(self, place: str, name: str, frame: pd.DataFrame) -> Column:
        """Return a column: by its own sentence, by its measure, by its heading, by its name."""
        unit = frame.attrs.get("units", {}).get(name, "")
        bare = name.removesuffix("_numerator").removesuffix("_denominator")
        if bare in self.own:
            return Column(name, unit, OWN)
        for key in (f"{place}.{name}", f"any.{name}"):
            if key in self.told:
                given, _, said = self._sentence(key).rpartition(" | ")
                return Column(name, given or unit, said)
        if name in self.figures:
            return Column(name, *self.figures[name])
        return Column(name, *self._by_name(name, bare, unit))

    def _by_name(self, name: str, bare: str, unit: str) -> tuple[str, str]:
        """Return the unit and what the name alone tells; a name that tells nothing is wanted."""
        head, _, rest = name.partition("_")
        if f"column.{name}" in ENGLISH.texts:
            return unit, f"{ENGLISH(f'column.{name}')}."
        if bare != name:
            part = "Numerator" if name.endswith("_numerator") else "Denominator"
            return unit, f"{part} of `{bare}`."
        if head == "enrollment" and rest in GRADE_COLUMNS:
            return "students", f"Students of grade {rest}; `UN` is ungraded."
        return unit, self._sentence(f"any.{name}")


ENDS: Final = (
    "The least and the greatest that a figure may be, where counts of few students leave it open; "
    "the figure itself is empty there."
)
OWN: Final = "The district's own counts, rates and ratings, under the names of `[measures]`."


def _own(plan: Plan) -> set[str]:
    """Return the names that the district gave its figures."""
    own = plan.assignment.district.statistics
    return {*map(str, own.counts), *map(str, own.rates), *map(str, own.ratings)}


def _of_plan(plan: Plan) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Give the tables of a plan's folder; of GeoJSON the properties."""
    with TemporaryDirectory() as scratch:
        folder = plan.write(Path(scratch) / "plan")
        for path in sorted(folder.glob("*.csv")):
            yield "plan", path.name, pd.read_csv(path, nrows=1)
        for path in sorted(folder.glob("*.geojson")):
            first = json.loads(path.read_text(encoding="utf-8"))["features"][0]["properties"]
            frame = pd.DataFrame(columns=list(first))
            if path.name == "communities.geojson":
                frame.attrs["units"] = plan.communities.attrs["units"]
            yield "plan", path.name, frame


def _of_analyses(plan: Plan) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Give the tables of what a plan is asked."""
    asked = {
        "compare": plan.compare({"today": open_plan(None, "today")}),
        "diff": plan.difference("today"),
        "explain": plan.explain(str(plan.table["school_id"].iloc[0])),
        "offices": plan.offices(headquarters=2),
        "funding": plan.funding(),
        "goals": plan.goals(),
        "regions": plan.regions(number=2),
    }
    for command, result in asked.items():
        for name, frame in result.tables.items():
            frame.attrs[FOLDER] = f"{DESK}/" if name in result.desk else ""
            yield command, f"{name}.csv", frame


def _with_sense(unit: str, sense: str) -> str:
    words = {"higher": "higher is better", "lower": "lower is better"}
    return ", ".join(filter(None, (f"in {unit}", words.get(sense, ""))))
