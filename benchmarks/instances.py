"""The instances of the partition problem alone, as the engine takes them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feeder.partition.problem import (
    FloatArray,
    IntArray,
    PartitionProblem,
    csr_from_pairs,
    symmetric_csr,
)

GRADES = {"PK": 0, "K": 0, **{str(grade): grade for grade in range(1, 13)}}
KM_PER_DEGREE = 111.19


def read_instance(folder: Path, *, cut_weight: float = 0.0) -> PartitionProblem:
    """Read one of the instances of the partition problem alone."""
    schools, contacts, flows = (
        pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("schools", "contacts", "flows")
    )
    given = tomllib.loads((folder / "limits.toml").read_text())
    k = given["communities"]
    campus = schools["campus"] if "campus" in schools else schools["school_id"]
    unit = pd.factorize(campus)[0]
    n = int(unit.max()) + 1
    unit_of = dict(zip(schools["school_id"], unit.tolist(), strict=True))
    low = schools["grade_low"].map(GRADES).fillna(0).astype(int)
    high = schools["grade_high"].map(GRADES).fillna(-1).astype(int)
    masks = [sum(1 << g for g in range(lo, hi + 1)) for lo, hi in zip(low, high, strict=True)]
    grades = np.zeros(n, dtype=np.int64)
    np.bitwise_or.at(grades, unit, np.array(masks))
    land = np.ones(n, dtype=bool)
    if "has_tile" in schools:
        land = np.bincount(unit, weights=schools["has_tile"].astype(int)) > 0
    enrollment = np.bincount(unit, weights=schools["enrollment"].astype(float))
    mean, tolerance = enrollment.sum() / k, given["enrollment_tolerance"]
    unit_zone, community_zone = _regions(schools, unit, enrollment, mean, k, given)
    a, b = contacts["a_id"].map(unit_of).to_numpy(), contacts["b_id"].map(unit_of).to_numpy()
    border = (contacts["kind"] == "border").to_numpy()
    leaning = np.where(land[a], b, a), np.where(land[a], a, b)
    anchor = ~border & ~land[leaning[0]] & land[leaning[1]]
    sender, receiver = (flows[name].map(unit_of).to_numpy() for name in ("from_id", "to_id"))
    students = flows["students"].astype(float).to_numpy()
    land_csr = symmetric_csr(n, a[border], b[border], np.ones(int(border.sum())))
    return PartitionProblem(
        community_zone=community_zone,
        unit_zone=unit_zone,
        schools=np.bincount(unit),
        grades=grades,
        has_land=land,
        totals=enrollment[None, :],
        locked=np.full(n, -1),
        land=land_csr._replace(weight=np.ones(len(land_csr.to))),
        anchors=csr_from_pairs(
            n, leaning[0][anchor], leaning[1][anchor], np.ones(int(anchor.sum()))
        ),
        flows=symmetric_csr(n, sender, receiver, students),
        flow_inside=float(students[sender == receiver].sum()),
        flow_total=float(students.sum()),
        together=np.zeros((0, 2), dtype=np.int64),
        apart=np.zeros((0, 2), dtype=np.int64),
        school_bounds=tuple(given["schools"]),
        totals_low=np.array([mean * (1 - tolerance)]),
        totals_high=np.array([mean * (1 + tolerance)]),
        required_grades=int(np.bitwise_or.reduce(grades)),
        points=_points(schools, unit),
        today=np.full(n, -1, dtype=np.int64),
        weights={"feeder_continuity": 1.0, "cut_contacts": cut_weight},
    )


def _regions(
    schools: pd.DataFrame,
    unit: IntArray,
    enrollment: IntArray,
    mean: float,
    k: int,
    given: dict[str, Any],
) -> tuple[IntArray, IntArray]:
    """Zone of each unit and of each community, by largest remainders of enrollment."""
    n = len(enrollment)
    if not given.get("nested_in"):
        return np.zeros(n, dtype=np.int64), np.zeros(k, dtype=np.int64)
    zone = np.zeros(n, dtype=np.int64)
    zone[unit] = pd.factorize(schools["region"], sort=True)[0]
    quota = np.bincount(zone, weights=enrollment) / mean
    share = np.floor(quota).astype(int)
    share[np.argsort(-(quota - share))[: k - share.sum()]] += 1
    return zone, np.repeat(np.arange(len(share)), share)


def _points(schools: pd.DataFrame, unit: IntArray) -> FloatArray:
    """Metres east and north of each unit: the mean of its schools."""
    if "x_km" in schools:
        x, y = schools["x_km"].astype(float), schools["y_km"].astype(float)
    else:
        lat, lon = schools["lat"].astype(float), schools["lon"].astype(float)
        x, y = lon * KM_PER_DEGREE * np.cos(np.radians(lat.mean())), lat * KM_PER_DEGREE
    schools_of = np.bincount(unit)
    return 1000.0 * np.stack([np.bincount(unit, weights=w) / schools_of for w in (x, y)], axis=1)
