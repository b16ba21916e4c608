"""Flows from attendance areas: which schools the residents of a sender's area are zoned for next.

A sender's land is cut with the areas of the level that serves its next grade; each part counts by
the residents on it or, where nobody says where residents live, by its land. It says where a child
is zoned for, not where she goes: where families choose, many go elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.district.model import K12_MASK
from feeder.district.schools.grades import grade_label
from feeder.network.coverage import as_geometries
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.ground import Ground, Layer, layers_of
from feeder.network.residents import Residents

BY_LAND: Final = "zoned_by_land"
BY_RESIDENTS: Final = "zoned_by_residents"
SLIVER: Final = 0.01
"""Share of a sender under which a part is where two layers do not quite meet, and is dropped."""
SLIVERS: Final = (0.0, SLIVER, 0.05)
"""What a sliver may be taken for: the variants of the method."""
LEAST_COVERED: Final = 0.5
"""Share of a sender's residents that the areas of the next level must cover to speak for it."""
ALIKE: Final = 0.01
"""Layers that cover a sender equally but for this share are told apart by their level."""
ENDS: Final = MappingProxyType({"elementary": 5, "middle": 8, "high": 12})
"""The grade at which each level usually ends."""
DECIMALS: Final = 6
"""Students are rounded to a millionth, which hides the last bits in which machines differ."""


_Row = tuple[str, str, str, list[float]]
"""Sender, receiver, source, and students under each setting."""


class Variant(NamedTuple):
    """One setting of the method: what parts count by, and the share that is a sliver."""

    source: str
    sliver: float

    def __str__(self) -> str:
        return f"{self.source} sliver={self.sliver:g}"


@dataclass(frozen=True, slots=True, eq=False)
class Zoned:
    """Flows that the areas tell.

    Attributes
    ----------
    flows
        ``from_id``, ``to_id``, ``students`` (a year), ``students_low``, ``students_high`` (range
        over the variants of the method), ``source`` (``zoned_by_residents`` or
        ``zoned_by_land``); sorted by ``from_id``, ``to_id``.
    variants
        Students under each variant, one column each; rows (MultiIndex ``from_id``, ``to_id``,
        sorted) are the pairs of the flows and of any variant.
    report
        JSON-ready: ``by_area`` and ``by_point`` (ids of the senders that have an area and of those
        zoned by where they stand), ``uncovered`` (those whose area lies in areas of the next
        grade to less than half), ``elsewhere`` (those zoned for schools that the table lacks).
    """

    flows: pd.DataFrame
    variants: pd.DataFrame
    report: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What the areas of one layer take of a sender: ``area`` (n_parts,) and their weights."""

    area: IntArray
    weight: FloatArray
    covered: float


def zoned_flows(schools: pd.DataFrame, ground: Ground, senders: BoolArray) -> Zoned:
    """Return the flows of the senders for which the areas of the next level speak.

    Parameters
    ----------
    schools
        As ``District.schools``, indexed by ``school_id``; uses ``grades``, ``leavers``,
        ``enrollment``.
    ground
        Areas, residents and points.
    senders
        Shape (n_schools,): schools that may send. A sender without an area of its own is zoned by
        its point where no areas of its grades are given.

    Returns
    -------
    Zoned
        Each sender's students sum to its leavers. Of several levels that serve its next grade the
        one that covers most of it speaks, the lowest of equals; its own level only where no other
        does. Schools of one zone of choice share by their seats in the next grade.
    """
    layers, residents = layers_of(schools, ground), ground.residents
    base = Variant(BY_LAND if residents is None else BY_RESIDENTS, SLIVER)
    sources = (BY_LAND,) if residents is None else (BY_RESIDENTS, BY_LAND)
    settings = (base, *(Variant(*one) for one in product(sources, SLIVERS)))
    names = ("by_area", "by_point", "uncovered", "elsewhere")
    report: dict[str, list[str]] = {name: [] for name in names}
    rows: list[_Row] = []
    drawn = np.any([layer.serves for layer in layers], axis=0)
    for sender in _sending(schools, senders):
        own = _own_area(layers, sender)
        if own is None and drawn[int(schools["grades"].iloc[sender] & K12_MASK).bit_length() - 1]:
            continue
        land = shapely.Point(ground.points[sender]) if own is None else own[1]
        level = None if own is None else own[0]
        grade = int(schools["grades"].iloc[sender] & K12_MASK).bit_length()
        found = {
            source: _next_step(
                layers,
                schools,
                sender,
                level,
                land,
                grade,
                residents if source != BY_LAND else None,
            )
            for source in sources
        }
        step = found[base.source]
        school_id = str(schools.index[sender])
        if step is None or any(one is None for one in found.values()):
            if _lies_elsewhere(layers, land, grade):
                report["elsewhere"].append(school_id)
            elif own is not None:
                report["uncovered"].append(school_id)
            continue
        report["by_point" if own is None else "by_area"].append(school_id)
        rows += _rows(schools, sender, grade, found, settings)
    flows, variants = _tables(rows, settings)
    return Zoned(flows, variants, report)


def _sending(schools: pd.DataFrame, senders: BoolArray) -> IntArray:
    """Return the rows of the schools that have leavers and end before the last grade."""
    grades = schools["grades"].to_numpy(np.int64) & K12_MASK
    return np.flatnonzero(
        senders & (grades > 0) & (grades < 1 << 12) & (schools["leavers"].to_numpy() > 0)
    )


def _lies_elsewhere(layers: Sequence[Layer], land: BaseGeometry, grade: int) -> bool:
    """Return whether a sender is zoned for next schools that the table lacks, for the most part."""
    for layer in layers:
        if not layer.serves[grade]:
            continue
        if land.geom_type == "Point":
            if shapely.intersects(layer.elsewhere, land).any():
                return True
        elif shapely.area(shapely.intersection(layer.elsewhere, land)).sum() >= (
            LEAST_COVERED * land.area
        ):
            return True
    return False


def _own_area(layers: Sequence[Layer], sender: int) -> tuple[str, BaseGeometry] | None:
    """Return the sender's area of the highest level: its leavers live there."""
    for layer in reversed(layers):
        own = np.flatnonzero(layer.school == sender)
        if len(own):
            return layer.level, shapely.union_all(layer.areas[own])
    return None


def _next_step(
    layers: Sequence[Layer],
    schools: pd.DataFrame,
    sender: int,
    level: str | None,
    land: BaseGeometry,
    grade: int,
    residents: Residents | None,
) -> tuple[Layer, _Parts] | None:
    """Return the layer that speaks for a sender's next grade, and its parts; None where none."""
    masks = schools["grades"].to_numpy(np.int64)
    counted = (grade_label(grade - 1), _level_of(str(schools["level"].iloc[sender]), grade - 1))
    steps = []
    for layer in layers:
        serves = ((masks[layer.school] >> grade) & 1 == 1) & (layer.school != sender)
        parts = _cut(layer, np.flatnonzero(serves), land, counted, residents)
        if parts.covered >= LEAST_COVERED:
            steps.append((layer, parts))
    others = [step for step in steps if step[0].level != level] or steps
    if not others:
        return None
    most = max(parts.covered for _, parts in others)
    return next(step for step in others if step[1].covered >= most - ALIKE)


def _cut(
    layer: Layer,
    serving: IntArray,
    land: BaseGeometry,
    counted: Sequence[str],
    residents: Residents | None,
) -> _Parts:
    """Cut a sender's land with the areas that serve its next grade; one part a zone."""
    near = np.intersect1d(layer.tree.query(land, predicate="intersects"), serving)
    _, first = np.unique(layer.zone[near], return_index=True)
    area = np.sort(near[first])
    if land.geom_type == "Point":
        return _Parts(area, np.full(len(area), 1.0), 1.0 if len(area) else 0.0)
    pieces = as_geometries(list(shapely.intersection(layer.areas[area], land)))
    whole, weight = shapely.area(land), shapely.area(pieces)
    if residents is not None:
        there = residents.on(as_geometries([*pieces, land]), counted)
        if there[-1] > 0:
            whole, weight = there[-1], there[:-1]
    return _Parts(area, weight, min(float(weight.sum() / whole), 1.0) if whole > 0 else 0.0)


def _level_of(level: str, grade: int) -> str:
    """Return the level among whose residents the leavers of a school are: a span's by its grade."""
    if level in ENDS:
        return level
    return next(name for name, last in ENDS.items() if grade <= last)


def _rows(
    schools: pd.DataFrame,
    sender: int,
    grade: int,
    found: dict[str, tuple[Layer, _Parts] | None],
    settings: Sequence[Variant],
) -> list[_Row]:
    """Return a row a receiver: ids, source, and students under every setting."""
    leavers = float(schools["leavers"].iloc[sender])
    sums: dict[int, list[float]] = {}
    for place, (source, sliver) in enumerate(settings):
        step = found[source]
        if step is None:
            continue
        for school, share in _shares(schools, grade, *step, sliver).items():
            sums.setdefault(school, [0.0] * len(settings))[place] += round(
                leavers * share, DECIMALS
            )
    ids = schools.index
    return [
        (str(ids[sender]), str(ids[school]), settings[0].source, students)
        for school, students in sorted(sums.items())
    ]


def _shares(
    schools: pd.DataFrame, grade: int, layer: Layer, parts: _Parts, sliver: float
) -> dict[int, float]:
    """Return each receiver's share of a sender; shares sum to 1."""
    share = parts.weight / parts.weight.sum()
    share = np.where(share < min(sliver, share.max()), 0.0, share)
    share = share / share.sum()
    masks = schools["grades"].to_numpy(np.int64)
    found: dict[int, float] = {}
    for area, part in zip(parts.area, share, strict=True):
        if part == 0.0:
            continue
        members = np.unique(layer.school[layer.zone == layer.zone[area]])
        members = members[(masks[members] >> grade) & 1 == 1]
        for school, seats in zip(members, _seats(schools, members), strict=True):
            found[int(school)] = found.get(int(school), 0.0) + float(part * seats)
    return found


def _seats(schools: pd.DataFrame, members: IntArray) -> FloatArray:
    """Return each school's share of the seats of a zone: students a grade served."""
    rows = schools.iloc[members]
    grades = [max(int(mask & K12_MASK).bit_count(), 1) for mask in rows["grades"]]
    seats = rows["enrollment"].to_numpy(np.float64) / np.array(grades, dtype=np.float64)
    return np.full(len(members), 1 / len(members)) if seats.sum() == 0 else seats / seats.sum()


def _tables(rows: Sequence[_Row], settings: Sequence[Variant]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the flows and the variants as tables of pairs."""
    names = [str(setting) for setting in settings[1:]]
    table = pd.DataFrame([row[3] for row in rows], columns=["used", *names], dtype=np.float64)
    for place, name in enumerate(("from_id", "to_id", "source")):
        table[name] = pd.Series([row[place] for row in rows], dtype="str")
    table = table.set_index(["from_id", "to_id"]).sort_index()
    students = table[["used", *names]]
    flows = pd.DataFrame(
        {
            "students": table["used"],
            "students_low": students.min(axis=1),
            "students_high": students.max(axis=1),
            "source": table["source"],
        }
    )
    return flows[flows["students"] > 0].reset_index(), table[names]
