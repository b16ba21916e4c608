"""What output folders tell, read from the files as anyone can read them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from feeder.network.graph import FloatArray, IntArray

PUBLISHED: Final = ("*.html", "*.geojson", "*.pdf")
"""Files that leave the desk."""
DESK: Final = ("tiles.geojson", "ensemble.*")
"""Files like these that do not: tiles, and the page of an ensemble, which tells true figures."""
_DATA: Final = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
EIGHTH: Final = 8.0
_IN_EIGHTHS: Final = ("entering", "leavers")

Columns = Mapping[str, tuple[FloatArray, FloatArray]]
"""By name the least and the most of each school; NaN is not told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ToldPlan:
    """One plan in a page.

    Attributes
    ----------
    plan_id
        Its hash; ``today`` stands for today's plan.
    school, node
        Community of each school, and of each campus and vacant tile; -1 is none.
    communities
        Ids of its communities, in their order.
    headlines
        As they are told, today's beside it too: a value each, None where there is none.
    is_today
        Whether it is today's plan.
    """

    plan_id: str
    school: IntArray
    node: IntArray
    communities: tuple[str, ...]
    headlines: Mapping[str, float | None]
    is_today: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """What one page tells.

    Attributes
    ----------
    folder
        Where it lies.
    file
        Its place, as it was given.
    schools
        Shape (n_schools,): ids.
    flows
        Sender, receiver (ids), and the least and the most students, a row each.
    columns
        ``enrollment``, ``need``, ``entering``, ``leavers``, ``count NAME``, and of each rate with a
        denominator ``part NAME`` and ``whole NAME``.
    plans
        Every plan in it.
    today
        Headlines of today's plan.
    """

    folder: Path
    file: str
    schools: tuple[str, ...]
    flows: Mapping[tuple[str, str], tuple[float, float]]
    columns: Columns
    plans: tuple[ToldPlan, ...]
    today: Mapping[str, float | None]

    @property
    def n_figures(self) -> int:
        """How many figures it tells: counts, flows and headlines."""
        counts = sum(int(np.isfinite(low).sum()) for low, _ in self.columns.values())
        headlines = sum(len(one.headlines) for one in self.plans) + len(self.today)
        return counts + len(self.flows) + headlines


def published_files(folder: Path) -> list[Path]:
    """Return the files of an output folder that leave the desk, by name."""
    found = {file for pattern in PUBLISHED for file in folder.glob(pattern)}
    return sorted(file for file in found if not any(map(file.match, DESK)))


def name_of(file: Path) -> str:
    """Return what a file is called in a verdict: its place, as it was given."""
    return file.as_posix()


def digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def pages(folders: Iterable[Path]) -> list[Page]:
    """Return what every page with data in some folders tells."""
    found = []
    for folder in folders:
        for file in published_files(folder):
            if file.suffix == ".html":
                match = _DATA.search(file.read_text("utf-8"))
                data = json.loads(match[1]) if match else {}
                if "facts" in data:
                    found.append(_page(folder, name_of(file), data))
    return found


def _page(folder: Path, file: str, data: Mapping[str, Any]) -> Page:
    facts = data["facts"]
    ids = tuple(facts["schools"]["id"])
    return Page(
        folder=folder,
        file=file,
        schools=ids,
        flows=_flows(facts, ids),
        columns=_columns(facts),
        plans=tuple(_plan(plan) for plan in data["plans"]),
        today=_headlines(data.get("headlinesToday")),
    )


def _plan(plan: Mapping[str, Any]) -> ToldPlan:
    return ToldPlan(
        plan_id=str(plan.get("planId", "")),
        school=np.array(plan["school"], dtype=np.int64),
        node=np.array(plan["node"], dtype=np.int64),
        communities=tuple(map(str, plan["communities"]["id"])),
        headlines=_headlines(plan.get("headlines")),
        is_today=bool(plan.get("today")),
    )


def _headlines(told: Mapping[str, Any] | None) -> dict[str, float | None]:
    return {name: value.get("value") for name, value in (told or {}).items()}


def _columns(facts: Mapping[str, Any]) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return the least and the most of every column of counts."""
    ends = facts.get("ends") or {}
    schools, counts, rates = (
        facts["schools"],
        facts["measures"]["counts"],
        facts["measures"]["rates"],
    )
    found = {
        name: _ends(schools[name], ends.get("schools", {}).get(name))
        for name in ("enrollment", "need", "entering", "leavers")
        if schools.get(name) is not None
    }
    for name in _IN_EIGHTHS:
        if name in found:
            found[name] = (found[name][0] / EIGHTH, found[name][1] / EIGHTH)
    found |= {
        f"count {name}": _ends(column, ends.get("counts", {}).get(name))
        for name, column in counts.items()
    }
    for name, column in rates.items():
        if (whole := f"{name}_denominator") in rates:
            share, students = (
                _ends(values, ends.get("rates", {}).get(own))
                for own, values in ((name, column), (whole, rates[whole]))
            )
            found[f"whole {name}"] = students
            found[f"part {name}"] = (share[0] * students[0], share[1] * students[1])
    return found


def _ends(
    column: list[float | None], ends: tuple[list[int], list[Any], list[Any]] | None
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most of a column."""
    told = _numbers(column)
    low, high = told.copy(), told.copy()
    if ends is not None:
        rows, least, most = ends
        low[rows], high[rows] = _numbers(least), _numbers(most)
    return low, high


def _numbers(values: list[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _flows(
    facts: Mapping[str, Any], ids: tuple[str, ...]
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the least and the most of every flow: of the drawn ones, else of those summed up."""
    told, ends = facts["flows"], (facts.get("ends") or {}).get("flows", {})
    low, high = _ends(told["students"], ends.get("students"))
    is_open = told.get("open", [])
    low[is_open], high[is_open] = told.get("low", []), told.get("high", [])
    senders = np.cumsum(told["from"])
    return {
        (ids[one], ids[other]): (least / EIGHTH, most / EIGHTH)
        for one, other, least, most in zip(
            senders.tolist(), told["to"], low.tolist(), high.tolist(), strict=True
        )
    }
