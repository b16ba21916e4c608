"""What the page computes with: the facts of one published network, and nothing of any plan.

Tables are given by column, in whole numbers of a fine unit: land in square decimeters; students a
year, borders and shares of an area in the parts that :mod:`~feeder.publishing.worlds` rounds them
to. ``assets/page/arithmetic/facts.mjs`` reads them.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from feeder.district.model import LEVELS, SOURCES
from feeder.district.schools.grade_systems import AMERICAN
from feeder.language import Message
from feeder.measures.constraints import judged
from feeder.measures.grouping import existing
from feeder.measures.inputs import MeasureInputs, measure_inputs
from feeder.measures.shape import GeometryArray
from feeder.network.coverage import shared_borders
from feeder.network.graph import BORDER, BRIDGE, CAMPUS, FEED, OVERLAP, FeederGraph, IntArray
from feeder.network.travel import DISTANCE
from feeder.planning import Assignment
from feeder.planning.community_totals import totals
from feeder.planning.constraints.table import CONSTRAINTS
from feeder.publishing.worlds import (
    BORDER_DECIMALS,
    PARTS_OF_A_SHARE,
    PARTS_OF_A_STUDENT,
    Worlds,
)
from feeder.terms import (
    FULL,
    LEAST_SHARE,
    OUTSIDE_M,
    SLACK,
    SMALL_FEED_THRESHOLD,
    SPLIT_THRESHOLD,
    SUM_SLACK,
    TERMS,
    UNDERUSED,
)

CONTACT_KINDS: Final = (BORDER, BRIDGE, OVERLAP, CAMPUS, FEED)
"""A contact's kind is told by its place here."""
_PARTS_OF_A_METER: Final = 10**BORDER_DECIMALS
_PARTS_OF_A_SQUARE_METER: Final = 100


def facts(assignment: Assignment, worlds: Worlds) -> dict[str, Any]:
    """Return what every scorecard of a district rests on, JSON-ready.

    Parameters
    ----------
    assignment
        Any plan of the district as it is drawn: its district, network and scenario are told.
    worlds
        What may be known of the district.

    Returns
    -------
    dict
        ``schools``
            By column, in the order of the network: ``id``, ``name``, ``level`` (place in LEVELS),
            ``grades`` (mask), ``lat``, ``lon``, ``enrollment``, ``need`` (None without need),
            ``entering`` and ``leavers`` (eighths), ``node``, and ``tiles``: the nodes whose tile
            lies within OUTSIDE_M of the school's point, a number or a list; ``capacity`` (students)
            and ``office_capacity`` (schools), each None where it is unknown, and None as a whole
            where it is so everywhere.
        ``measures``
            The district's ``counts`` and ``rates`` by name; a rate has its ``NAME_denominator``.
        ``vacant``
            Ids of the vacant tiles, the nodes after the campuses. A campus goes by its first
            school.
        ``tiles``
            ``node``, ``area`` (square decimeters) and ``rim`` (tenths of a millimeter) of the
            onshore land, and ``parts``, how many separate polygons it is. The rim is the
            perimeter but for what borders another tile.
        ``contacts``
            ``a`` (steps from the row before), ``b``, ``kind`` (one digit a contact: place in
            CONTACT_KINDS) and ``size`` (a border, or a share; 0 for a bridge).
        ``part_contacts``
            Borders that ``contacts`` does not tell: between parts of tiles of several parts, and
            those too short for a contact. ``a``, ``b`` (parts, counted over the tiles) and
            ``border`` (0 where the tiles have a contact that counts it).
        ``flows``
            ``from`` (steps from the row before), ``to``, ``students`` (eighths), ``source`` (one
            digit a flow: place in SOURCES), and the rows that are known as a range: ``open``,
            ``low``, ``high``.
        ``ends``
            Of ``enrollment``, ``need``, ``entering``, ``leavers``, flows' ``students``, ``counts``
            and ``rates`` by name: the rows that are known as a range, as ``[rows, low, high]``, in
            the units above; None where nothing is.
        ``scenario``
            What each constraint tells (``feeder/planning/constraints``), in their order; None
            where nothing is promised.
        ``today``
            ``ids``, ``school`` and ``node`` (places in ``ids``, -1 is none) and ``land_reason``;
            None without an existing plan.
        ``travel``
            ``detour`` and ``speed_km_h``; None where minutes are by streets.
        ``thresholds``
            ``split`` and ``small`` (shares of feeders), ``full`` and ``underused`` (shares of a
            capacity), ``least_share`` (of a landless school's area on its community's land),
            ``slack``, relative, of any threshold, and ``sum_slack``, absolute, of any sum.
        ``units``
            Of every measure, in the order in which they are shown.
        ``grade_names``
            What the grades are called, from the one before K to 12; None for PK, K, 1 ... 12.
    """
    inputs, graph = measure_inputs(assignment), assignment.network.graph
    contacts, part_contacts = _contacts(graph), _part_contacts(graph, inputs)
    system = assignment.district.grade_system
    return {
        "schools": _schools(assignment, inputs),
        "measures": _measures(assignment),
        "vacant": list(graph.node_ids[graph.n_campuses :]),
        "tiles": _tiles(graph, inputs, part_contacts),
        "contacts": contacts,
        "part_contacts": part_contacts,
        "flows": _flows(graph, inputs),
        "ends": _ends(assignment, worlds) if worlds.is_open else None,
        "scenario": _scenario(assignment, inputs),
        "today": _today(assignment),
        "travel": _travel(assignment),
        "thresholds": {
            "split": SPLIT_THRESHOLD,
            "small": SMALL_FEED_THRESHOLD,
            "full": FULL,
            "underused": UNDERUSED,
            "least_share": LEAST_SHARE,
            "slack": SLACK,
            "sum_slack": SUM_SLACK,
        },
        "units": {name: term.unit for name, term in TERMS.items()},
        "grade_names": None if system is AMERICAN else list(system.labels),
    }


def _schools(assignment: Assignment, inputs: MeasureInputs) -> dict[str, Any]:
    schools = inputs.schools
    return {
        "id": list(schools.index),
        "name": schools["name"].tolist(),
        "level": [LEVELS.index(level) for level in schools["level"]],
        "grades": schools["grades"].tolist(),
        "lat": _numbers(schools["lat"]),
        "lon": _numbers(schools["lon"]),
        "enrollment": schools["enrollment"].tolist(),
        "need": None if inputs.need is None else _numbers(inputs.need),
        "entering": _whole(schools["entering"].to_numpy(np.float64) * PARTS_OF_A_STUDENT),
        "leavers": _whole(schools["leavers"].fillna(0.0).to_numpy() * PARTS_OF_A_STUDENT),
        "node": assignment.network.graph.school_node.tolist(),
        "tiles": _tiles_at(inputs),
        "capacity": _known(schools["capacity"]),
        "office_capacity": _known(schools["office_capacity"]),
    }


def _known(column: pd.Series[float]) -> list[float | None] | None:
    """Return a column of numbers; None as a whole where none is known."""
    return _numbers(column) if column.notna().any() else None


def _tiles_at(inputs: MeasureInputs) -> list[int | list[int]]:
    """Return the nodes of the tiles that hold each school's point, or lie by it."""
    point, tile = shapely.STRtree(inputs.tiles).query(
        inputs.points, predicate="dwithin", distance=OUTSIDE_M
    )
    found: list[list[int]] = [[] for _ in inputs.points]
    for one, node in sorted(zip(point.tolist(), inputs.tile_node[tile].tolist(), strict=True)):
        found[one].append(node)
    return [nodes[0] if len(nodes) == 1 else nodes for nodes in found]


def _measures(assignment: Assignment) -> dict[str, dict[str, list[float | None]]]:
    ids = list(assignment.network.graph.school_ids)
    measures = assignment.district.statistics
    return {
        kind: {str(name): _numbers(table[name].loc[ids]) for name in table}
        for kind, table in (("counts", measures.counts), ("rates", measures.rates))
    }


def _tiles(
    graph: FeederGraph, inputs: MeasureInputs, part_contacts: dict[str, list[int]]
) -> dict[str, list[int]]:
    land: GeometryArray = inputs.onshore
    parts = shapely.get_num_geometries(land)
    part_node = np.repeat(inputs.tile_node, parts)
    is_border = graph.contact_kind == BORDER
    border_m = graph.contact_border_m[is_border]
    short_m = np.array(part_contacts["border"]) / _PARTS_OF_A_METER
    shared = np.zeros(graph.n_nodes)
    for ends in (graph.contact_a, graph.contact_b):
        shared += totals(border_m, ends[is_border], graph.n_nodes)
    for name in ("a", "b"):
        shared += totals(short_m, part_node[part_contacts[name]], graph.n_nodes)
    rim = shapely.length(land) - shared[inputs.tile_node]
    return {
        "node": inputs.tile_node.tolist(),
        "area": _whole(shapely.area(land) * _PARTS_OF_A_SQUARE_METER),
        "rim": _whole(rim * _PARTS_OF_A_METER),
        "parts": parts.tolist(),
    }


def _contacts(graph: FeederGraph) -> dict[str, Any]:
    kind = [CONTACT_KINDS.index(one) for one in graph.contact_kind.tolist()]
    size = np.where(
        graph.is_land_contact,
        graph.contact_border_m * _PARTS_OF_A_METER,
        graph.contact_share * PARTS_OF_A_SHARE,
    )
    return {
        "a": _steps(graph.contact_a),
        "b": graph.contact_b.tolist(),
        "kind": "".join(map(str, kind)),
        "size": _whole(size),
    }


def _part_contacts(graph: FeederGraph, inputs: MeasureInputs) -> dict[str, list[int]]:
    parts, tile = shapely.get_parts(inputs.onshore, return_index=True)
    borders = shared_borders(parts)
    is_border = graph.contact_kind == BORDER
    known = set(
        zip(graph.contact_a[is_border].tolist(), graph.contact_b[is_border].tolist(), strict=True)
    )
    single = shapely.get_num_geometries(inputs.onshore) == 1
    rows = []
    for a, b, metres in zip(
        borders.a.tolist(), borders.b.tolist(), borders.length_m.tolist(), strict=True
    ):
        one, other = sorted(inputs.tile_node[tile[[a, b]]].tolist())
        has_contact = (one, other) in known
        if one != other and not (has_contact and single[tile[a]] and single[tile[b]]):
            rows.append((a, b, 0 if has_contact else round(metres * _PARTS_OF_A_METER)))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return {
        name: column.tolist() for name, column in zip(("a", "b", "border"), columns, strict=True)
    }


def _flows(graph: FeederGraph, inputs: MeasureInputs) -> dict[str, Any]:
    used = inputs.flows[0]
    is_open = used.low < used.high
    return {
        "from": _steps(used.sender),
        "to": used.receiver.tolist(),
        "students": _whole(used.students * PARTS_OF_A_STUDENT),
        "source": "".join(str(SOURCES.index(one)) for one in graph.flow_source.tolist()),
        "open": np.flatnonzero(is_open).tolist(),
        "low": _whole(used.low[is_open] * PARTS_OF_A_STUDENT),
        "high": _whole(used.high[is_open] * PARTS_OF_A_STUDENT),
    }


def _ends(assignment: Assignment, worlds: Worlds) -> dict[str, Any]:
    """Return every column of counts that differs between the least and the most."""
    least, most = (_columns(world.of(assignment)) for world in (worlds.least, worlds.most))
    found: dict[str, Any] = {}
    for kind, columns in least.items():
        own = {name: _between(low, most[kind][name]) for name, low in columns.items()}
        found[kind] = {name: ends for name, ends in own.items() if ends[0]}
    return found


def _columns(assignment: Assignment) -> dict[str, dict[str, list[Any]]]:
    """Return the columns of counts by kind and name."""
    inputs = measure_inputs(assignment)
    schools = _schools(assignment, inputs)
    names = ("enrollment", "need", "entering", "leavers")
    return {
        "schools": {name: schools[name] for name in names if schools[name] is not None},
        "flows": {"students": _whole(inputs.flows[0].students * PARTS_OF_A_STUDENT)},
        **_measures(assignment),
    }


def _between(low: list[Any], high: list[Any]) -> list[list[Any]]:
    """Return the rows where two columns differ, and what each has there."""
    rows = [row for row, (one, other) in enumerate(zip(low, high, strict=True)) if one != other]
    return [rows, [low[row] for row in rows], [high[row] for row in rows]]


def _scenario(assignment: Assignment, inputs: MeasureInputs) -> dict[str, Any]:
    plan = judged(assignment, inputs)
    return {name: fact for one in CONSTRAINTS for name, fact in one.facts(plan).items()}


def _today(assignment: Assignment) -> dict[str, Any] | None:
    today = existing(assignment)
    if today is None:
        return None
    return {
        "ids": list(today.ids),
        "school": today.school.tolist(),
        "node": today.node.tolist(),
        "land_reason": _said(today.land_reason),
    }


def _travel(assignment: Assignment) -> dict[str, float] | None:
    if assignment.network.travel.source != DISTANCE:
        return None
    access = assignment.district.access
    return {"detour": access.detour, "speed_km_h": access.speed_km_h}


def _said(said: Message | None) -> dict[str, Any] | None:
    """Return a sentence without lists or parts as key and facts."""
    return None if said is None else {"key": said.key, "facts": dict(said.facts)}


def _steps(places: IntArray) -> list[int]:
    """Return sorted places as the steps from one to the next; the first from 0."""
    steps: list[int] = np.diff(places, prepend=0).tolist()
    return steps


def _whole(values: npt.ArrayLike) -> list[int]:
    """Return numbers of a fine unit as whole numbers."""
    whole: list[int] = np.round(np.asarray(values, dtype=np.float64)).astype(np.int64).tolist()
    return whole


def _numbers(values: npt.ArrayLike) -> list[float | None]:
    """Return numbers as short as JSON has them; unknown is None."""
    return [
        None if np.isnan(value) else int(value) if value.is_integer() else value
        for value in np.asarray(values, dtype=np.float64).tolist()
    ]
