"""What came of a hostile column: right, told, an error with its way out; or one of two faults."""

import csv
import io
import json
import math
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from hostile.base import replaced

from feeder.district.model import District
from feeder.district.read import survey_district
from feeder.errors import Problem
from feeder.opening.validate import validate_district

Rows = list[tuple[Any, ...]]
RIGHT, TOLD, ERROR, SILENT, NO_WAY_OUT = "right", "told", "error", "silent", "no way out"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one column.

    Attributes
    ----------
    kind
        ``right`` (nothing is told, and every value is what the cells plainly say), ``told``,
        ``error``; ``silent`` where nothing is told and a value is not what its cell says,
        ``no way out`` where an error names none.
    rules
        Of all that is told, in order, each once.
    first
        The first message.
    is_kept
        Whether it is as a page had it, cut and escaped already.
    """

    kind: str
    rules: tuple[str, ...] = ()
    first: str = ""
    is_kept: bool = False


def outcome(file: str, column: str, name: str) -> Outcome:
    """Read the district with a column replaced, and judge what came of it."""
    texts = replaced(file, column, name)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "town"
        folder.mkdir()
        for path, text in texts.items():
            (folder / path).write_text(text, encoding="utf-8", newline="")
        found = survey_district(folder)
        district, report = found.district, found
        if district is not None and not found.warnings:
            report = validate_district(folder)  # what the network makes of it
    if report.problems:
        helpless = [problem for problem in report.problems if not _helps(problem)]
        return _told(NO_WAY_OUT if helpless else ERROR, helpless or report.problems)
    if report.warnings:
        return _told(TOLD, report.warnings)
    assert district is not None
    return Outcome(RIGHT if _is_as_written(district, texts) else SILENT)


def _told(kind: str, problems: list[Problem] | tuple[Problem, ...]) -> Outcome:
    rules = tuple(dict.fromkeys(problem.rule for problem in problems))
    return Outcome(kind, rules, str(problems[0]))


def _helps(problem: Problem) -> bool:
    """Whether an error says what to do, in its fix or in so many words."""
    return bool(problem.fix) or problem.rule in {"infeasible", "scenario-value"}


# What the cells say, read anew -------------------------------------------------------------------


class NotPlainError(Exception):
    """A cell that a stranger could not read without asking."""


def _text(cell: str) -> str:
    return " ".join(cell.split())


def _bare(cell: str) -> str:
    """Return a number without what keeps a spreadsheet from reading it."""
    return re.sub(r'="(.*)"', r"\1", cell.strip()).removeprefix("'")


def _students(cell: str) -> float:
    if re.fullmatch(r"\d+(\.0+)?|\d{1,3}(,\d{3})+", _bare(cell)):
        return float(_bare(cell).replace(",", ""))
    raise NotPlainError


def _flow(cell: str) -> float:
    """Return a flow; a suppressed one is the middle of what it may be (of 1 to 9)."""
    if cell in {"*", "s", "<10"}:
        return 5.0
    bounds = re.fullmatch(r"(\d+)-(\d+)", cell)
    return (float(bounds[1]) + float(bounds[2])) / 2 if bounds else _students(cell)


def _kind(cell: str) -> str:
    """Return a kind of school; a code for nothing is none."""
    return "" if cell in {"-1", "-2"} else _text(cell)


def _residents(cell: str) -> float:
    """Return a count of residents, which may be an estimate, or the middle of a range."""
    if bounds := re.fullmatch(r"(\d+)-(\d+)", cell):
        return (float(bounds[1]) + float(bounds[2])) / 2
    if "," in cell or _figure(cell) >= 0:
        return float(_bare(cell).replace(",", ""))
    raise NotPlainError


def _unknown_or(read: Callable[[str], float]) -> Callable[[str], float | None]:
    return lambda cell: read(cell) if _bare(cell) else None


def _figure(cell: str) -> float:
    if re.fullmatch(r"-?\d+(\.\d+)?", _bare(cell)):
        return float(_bare(cell))
    raise NotPlainError


def _span(cell: str) -> tuple[int, int]:
    found = re.fullmatch(r"(PK|K|[1-9]|1[0-2])(?:-(K|[1-9]|1[0-2]))?", cell.strip())
    if not found:
        raise NotPlainError
    low, high = found[1], found[2] or found[1]
    numbers = {"PK": -1, "K": 0}
    return tuple(numbers[end] if end in numbers else int(end) for end in (low, high))  # type: ignore[return-value]


PLAIN: Mapping[str, Mapping[str, Callable[[str], Any]]] = {
    "schools.csv": {
        **dict.fromkeys(("school_id", "name"), _text),
        **dict.fromkeys(("lat", "lon"), _figure),
        "enrollment": _students,
        "grades": _span,
        "region": _text,
        "kind": _kind,
        "capacity": _unknown_or(_students),
        "campus_id": _text,
    },
    "flows.csv": {"from_id": _text, "to_id": _text, "students": _flow},
    "measures.csv": {
        "school_id": _text,
        "learners": _unknown_or(_students),
        "absent": _unknown_or(lambda cell: _figure(cell.removesuffix("%"))),
        "counted": _unknown_or(_students),
        "reading": _unknown_or(_figure),
    },
    "plan.csv": {"school_id": _text, "community_id": _text},
    "offices.csv": {"office_id": _text, "name": _text, "lat": _figure, "lon": _figure},
    "residents.csv": {"lat": _figure, "lon": _figure, "students": _residents},
}


def _said(texts: Mapping[str, str]) -> dict[str, Rows]:
    """Return what every table says, sorted; raise where a cell is not plain."""
    tables = {}
    for file, columns in PLAIN.items():
        if file not in texts:
            continue
        rows = csv.DictReader(io.StringIO(texts[file], newline=""))
        tables[file] = _sorted(
            [tuple(read(row[key]) for key, read in columns.items()) for row in rows]
        )
    for file, key in (("areas.geojson", "school_id"), ("highs.geojson", "high")):
        tables[file] = _sorted(list(_westernmost(json.loads(texts[file]), key).items()))
    tables["schools.csv"] = [(row[0], row[1] or row[0], *row[2:]) for row in tables["schools.csv"]]
    if "g0" in texts["schools.csv"]:
        rows = csv.DictReader(io.StringIO(texts["schools.csv"], newline=""))
        tables["by grade"] = _sorted(
            [
                (row["school_id"], *(_students(row[f"g{n}"] or "0") for n in range(-1, 13)))
                for row in rows
            ]
        )
    return tables


def _westernmost(layer: dict[str, Any], key: str) -> dict[str, float]:
    """Return where the land of each school begins; several features of one are one area."""
    found: dict[str, float] = {}
    for feature in layer["features"]:
        school = feature["properties"][key]
        west = round(feature["geometry"]["coordinates"][0][0][0], 6)
        found[school] = min(west, found.get(school, west))
    return found


def _understood(district: District) -> dict[str, Rows]:
    """Return the same of a district."""
    schools = district.schools.reset_index()
    schools["span"] = list(zip(schools["grade_low"], schools["grade_high"], strict=True))
    keys = ["school_id", "name", "lat", "lon", "enrollment", "span", "region", "kind", "capacity"]
    for key in ("region", "kind"):
        schools[key] = schools[key].map(_text)
    tables = {"schools.csv": _rows(schools[[*keys, "campus_id"]])}
    if district.flows is not None:
        tables["flows.csv"] = _rows(district.flows[["from_id", "to_id", "students"]])
    found = district.statistics
    if "learners" in found.counts:
        measures = {
            "learners": found.counts["learners"],
            "absent": (found.rates["absence"] * 100).round(9),
            "counted": found.rates["absence_denominator"],
            "reading": found.ratings["reading"],
        }
        tables["measures.csv"] = _rows(pd.DataFrame(measures).reset_index())
    if district.existing_plan is not None:
        homes = district.existing_plan.map(_text)
        tables["plan.csv"] = _rows(homes.reset_index())
    if district.offices is not None:
        tables["offices.csv"] = _rows(district.offices[["office_id", "name", "lat", "lon"]])
    if district.residents is not None:
        x, y = district.residents.geometry.x, district.residents.geometry.y
        tables["residents.csv"] = _rows(
            pd.DataFrame({"lat": y, "lon": x, "n": district.residents["students"]})
        )
    assert district.areas is not None
    for file, level in (("areas.geojson", "elementary"), ("highs.geojson", "high")):
        layer = district.areas[district.areas["level"] == level]
        west = layer.geometry.bounds["minx"].round(6)
        tables[file] = _rows(pd.DataFrame({"id": layer["school_id"], "west": west}))
    if district.grade_enrollment is not None:
        by_grade = district.grade_enrollment.drop(columns="UN").fillna(0.0)
        tables["by grade"] = _rows(by_grade.reset_index())
    return tables


def _is_as_written(district: District, texts: Mapping[str, str]) -> bool:
    try:
        return _said(texts) == _understood(district)
    except NotPlainError:
        return False


def _rows(frame: pd.DataFrame) -> Rows:
    rows = frame.itertuples(index=False, name=None)
    return _sorted([tuple(None if _is_nan(value) else value for value in row) for row in rows])


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _sorted(rows: Rows) -> Rows:
    return sorted(rows, key=repr_of)


def repr_of(row: tuple[Any, ...]) -> tuple[str, ...]:
    """Return a key to sort rows of texts, numbers and nothings by."""
    return tuple(f"{value:.6f}" if isinstance(value, (int, float)) else str(value) for value in row)
