"""What output folders tell, read from the files as anyone can read them: the data of pages."""

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
DESK: Final = ("tiles.geojson",)
_DATA: Final = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
_EIGHTH: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ToldPlan:
    """One plan in a page: the community of each school, and its headlines as told."""

    plan_id: str
    school: IntArray
    headlines: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """What one page tells.

    Attributes
    ----------
    file
        Folder and name.
    schools
        Shape (n_schools,): ids.
    flows
        Sender, receiver (ids), and the least and the most students, a row each.
    counts
        By name (``enrollment`` too) the least and the most of each school; NaN is not told.
    plans
        Every plan in it.
    """

    file: str
    schools: tuple[str, ...]
    flows: Mapping[tuple[str, str], tuple[float, float]]
    counts: Mapping[str, tuple[FloatArray, FloatArray]]
    plans: tuple[ToldPlan, ...]


def published_files(folder: Path) -> list[Path]:
    """Return the files of an output folder that leave the desk, by name."""
    found = {file for pattern in PUBLISHED for file in folder.glob(pattern)}
    return sorted(file for file in found if file.name not in DESK)


def digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def pages(folders: Iterable[Path]) -> list[Page]:
    """Return what every page with data in some folders tells."""
    found = []
    for folder in folders:
        texts = {
            file: file.read_text("utf-8") for file in published_files(folder) if _is_page(file)
        }
        found += [
            _page(f"{folder.name}/{file.name}", json.loads(match[1]))
            for file, text in texts.items()
            if (match := _DATA.search(text))
        ]
    return found


def _is_page(file: Path) -> bool:
    return file.suffix == ".html"


def _page(file: str, data: Mapping[str, Any]) -> Page:
    facts = data["facts"]
    ids = tuple(facts["schools"]["id"])
    ends = facts.get("ends") or {}
    counts = {"enrollment": _ends(facts["schools"]["enrollment"], ends, "schools", "enrollment")}
    for name, column in facts["measures"]["counts"].items():
        counts[name] = _ends(column, ends, "counts", name)
    return Page(
        file=file,
        schools=ids,
        flows=_flows(facts["flows"], ids),
        counts=counts,
        plans=tuple(
            ToldPlan(
                plan_id=str(plan.get("planId", "")),
                school=np.array(plan["school"], dtype=np.int64),
                headlines={
                    name: value.get("value")
                    for name, value in (plan.get("headlines") or {}).items()
                },
            )
            for plan in data["plans"]
        ),
    )


def _ends(
    column: list[float | None], ends: Mapping[str, Any], kind: str, name: str
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most of a column."""
    told = np.array([np.nan if value is None else value for value in column], dtype=np.float64)
    low, high = told.copy(), told.copy()
    rows, least, most = ends.get(kind, {}).get(name, ([], [], []))
    low[rows], high[rows] = least, most
    return low, high


def _flows(
    told: Mapping[str, Any], ids: tuple[str, ...]
) -> dict[tuple[str, str], tuple[float, float]]:
    students = np.array(told["students"], dtype=np.float64)
    low, high = students.copy(), students.copy()
    low[told.get("open", [])], high[told.get("open", [])] = (
        told.get("low", []),
        told.get("high", []),
    )
    senders = np.cumsum(told["from"])
    return {
        (ids[one], ids[other]): (least / _EIGHTH, most / _EIGHTH)
        for one, other, least, most in zip(
            senders.tolist(), told["to"], low.tolist(), high.tolist(), strict=True
        )
    }
