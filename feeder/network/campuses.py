"""Campuses: schools on one site, which no plan parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from feeder.errors import Problem
from feeder.network.coverage import connected
from feeder.network.graph import BoolArray, FloatArray, IntArray

FAR_APART_M: Final = 2000.0
"""Sites of one ``campus_id`` further apart than this are told to the planner."""


@dataclass(frozen=True, slots=True, eq=False)
class Campuses:
    """Schools grouped by site.

    Attributes
    ----------
    ids
        Shape (n_campuses,), sorted: the smallest school id of each campus.
    of_school
        Shape (n_schools,): the campus of each school.
    first_school
        Shape (n_campuses,): index of the school by which the campus goes.
    centre
        Shape (n_campuses, 2): mean of its schools' points in metres.
    warnings
        Campuses whose schools stand far apart.
    """

    ids: tuple[str, ...]
    of_school: IntArray
    first_school: IntArray
    centre: FloatArray
    warnings: tuple[Problem, ...]


def find_campuses(
    schools: pd.DataFrame,
    points: FloatArray,
    same_area: IntArray,
    radius_m: float,
    alone: BoolArray | None = None,
) -> Campuses:
    """Group schools that share a site or an attendance area.

    Parameters
    ----------
    schools
        Indexed by ``school_id``, sorted; uses ``campus_id`` and ``name``.
    points
        Shape (n_schools, 2), metres.
    same_area
        Shape (k, 2): pairs of schools that serve the same attendance area.
    radius_m
        Schools within this distance are on one campus (single linkage), nearest first; where they
        say by ``campus_id`` that they are on two, they are.
    alone
        Shape (n_schools,): schools that share no site with those around their point.

    Returns
    -------
    Campuses
        Sorted by id.
    """
    named = schools["campus_id"].to_numpy() != ""
    code, _ = pd.factorize(schools["campus_id"].to_numpy())
    member = np.flatnonzero(named)
    _, first = np.unique(code, return_index=True)
    by_id = np.column_stack([first[code[member]], member])
    said = np.concatenate([by_id, same_area]).astype(np.int64)
    near = _near(points, radius_m, said, np.where(named, code, -1), alone)
    links = np.concatenate([said, near])
    component = connected(len(schools), links[:, 0], links[:, 1])
    _, first_school, of_school = np.unique(component, return_index=True, return_inverse=True)
    rank = np.empty(len(first_school), dtype=np.int64)
    order = np.argsort(first_school)
    rank[order] = np.arange(len(order))
    first_school, of_school = first_school[order], rank[of_school]
    size = np.bincount(of_school)
    centre = np.column_stack([np.bincount(of_school, weights=axis) / size for axis in points.T])
    ids = tuple(schools.index[first_school])
    return Campuses(ids, of_school, first_school, centre, _far_apart(schools, points))


def _near(
    points: FloatArray,
    radius_m: float,
    said: IntArray,
    code: IntArray,
    alone: BoolArray | None,
) -> IntArray:
    """Return pairs of schools to link by distance; none joins two sites that are said to be two.

    ``said`` links schools for other reasons, ``code`` tells sites apart by number, -1 where a
    school names none; those ``alone`` are linked to none.
    """
    site = connected(len(points), said[:, 0], said[:, 1])
    names: dict[int, set[int]] = {}
    for one, name in zip(site.tolist(), code.tolist(), strict=True):
        names.setdefault(one, set()).update({name} - {-1})
    pairs = cKDTree(points).query_pairs(radius_m, output_type="ndarray").astype(np.int64)
    if alone is not None:
        pairs = pairs[~alone[pairs].any(axis=1)]
    apart = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    linked = []
    for a, b in pairs[np.lexsort((pairs[:, 1], pairs[:, 0], apart))].tolist():
        one, other = int(site[a]), int(site[b])
        if one == other or (names[one] and names[other] and not names[one] & names[other]):
            continue
        site[site == other] = one
        names[one] |= names.pop(other)
        linked.append((a, b))
    return np.array(linked, dtype=np.int64).reshape(-1, 2)


def _far_apart(schools: pd.DataFrame, points: FloatArray) -> tuple[Problem, ...]:
    """Warn of one ``campus_id`` on sites far from each other."""
    campus_ids = schools["campus_id"].to_numpy()
    warnings = []
    for campus_id in sorted(set(campus_ids) - {""}):
        members = np.flatnonzero(campus_ids == campus_id)
        distance = float(pdist(points[members]).max(initial=0.0))
        if distance > FAR_APART_M:
            names = ", ".join(schools["name"].iloc[members])
            warnings.append(
                Problem(
                    rule="campus-far-apart",
                    message=f"{names} share campus_id {campus_id} but stand up to "
                    f"{distance / 1000:.1f} km apart.",
                    fix="They stay together in every plan; give them different campus_id values "
                    "if they are separate sites.",
                    column="campus_id",
                    value=campus_id,
                )
            )
    return tuple(warnings)
