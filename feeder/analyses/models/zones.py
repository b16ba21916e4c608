"""Zones: high schools that share a choice area, with the feeders of all of them."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from feeder.analyses.models.families import followed, head_campuses
from feeder.analyses.models.model_input import ModelInput, ModelPlan
from feeder.analyses.models.reach import Reach, reach_of
from feeder.language import Message
from feeder.network.graph import IntArray

SHARED: Final = 0.1
"""Part of the smaller of two areas that lies in the other; of a school's leavers sent to each of
two high schools: what makes them share a zone."""


def zones(inputs: ModelInput) -> ModelPlan | Message:
    """Group high schools that share an area, or feeders where none has an area, then as families.

    Two high schools share an area where a tenth of the smaller lies in the other; feeders, where
    one school sends each at least a tenth of its leavers. Who shares with one of a zone is in it.
    """
    reach = reach_of(inputs)
    n = len(reach.highs)
    by_area = bool(inputs.has_area()[reach.highs].any())
    pairs = [*_on_one_campus(head_campuses(inputs, reach))]
    shared = _sharing_areas(inputs, reach) if by_area else _sharing_feeders(inputs, reach)
    if not shared:
        return Message("model.none.shared_areas" if by_area else "model.none.shared_feeders")
    a, b = np.array([*pairs, *shared], dtype=np.int64).reshape(-1, 2).T
    links = coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    count, groups = connected_components(links, directed=False)
    if count < 2:  # noqa: PLR2004 - to choose between
        return Message("model.none.one_zone")
    sizes = np.bincount(groups)
    note = Message(
        "model.note.zones_by_area" if by_area else "model.note.zones_by_feeders",
        {"n": n, "zones": int(count), "most": int(sizes.max())},
    )
    campus = followed(inputs, reach, groups.astype(np.int64))
    return ModelPlan(assignment=inputs.plan(inputs.settled(campus)), notes=(note,))


def _on_one_campus(campus: IntArray) -> list[tuple[int, int]]:
    first = {one: i for i, one in reversed([*enumerate(campus.tolist())])}
    return [(first[one], i) for i, one in enumerate(campus.tolist())]


def _sharing_areas(inputs: ModelInput, reach: Reach) -> list[tuple[int, int]]:
    """Return pairs of high schools whose areas of one level overlap by a tenth of the smaller."""
    areas = inputs.district.areas
    ids = inputs.network.graph.school_ids
    order = {ids[school]: i for i, school in enumerate(reach.highs.tolist())}
    if areas is None:
        return []
    own = areas[areas["school_id"].isin(order)].to_crs(inputs.network.crs)
    pairs: set[tuple[int, int]] = set()
    for _, layer in own.groupby("level", sort=True):
        shapes = layer.geometry.to_numpy()
        high = [order[one] for one in layer["school_id"]]
        for i, j in STRtree(shapes).query(shapes, predicate="intersects").T.tolist():
            if i < j and _overlap(shapes[i], shapes[j]) >= SHARED:
                pairs.add((min(high[i], high[j]), max(high[i], high[j])))
    return sorted(pairs)


def _overlap(one: BaseGeometry, other: BaseGeometry) -> float:
    """Part of the smaller of two areas that lies in the other."""
    smaller = min(one.area, other.area)
    return float(one.intersection(other).area / smaller) if smaller > 0 else 0.0


def _sharing_feeders(inputs: ModelInput, reach: Reach) -> list[tuple[int, int]]:
    """Return pairs of high schools to which one school sends a tenth of its leavers each."""
    graph = inputs.network.graph
    order = {school: i for i, school in enumerate(reach.highs.tolist())}
    fed: dict[int, list[int]] = {}
    for sender, receiver, students in zip(
        graph.flow_from.tolist(), graph.flow_to.tolist(), graph.flow_students.tolist(), strict=True
    ):
        enough = students >= SHARED * reach.leavers[sender]
        if enough and receiver in order and sender not in order:
            fed.setdefault(sender, []).append(order[receiver])
    pairs = {(min(highs[0], h), max(highs[0], h)) for highs in fed.values() for h in highs[1:]}
    return sorted(pairs)
