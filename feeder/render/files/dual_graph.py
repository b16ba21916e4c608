"""Plans as graphs, for other programs: GerryChain's dual graph, and GraphML.

The dual graph divides land only. A school without land goes with the tile of its community that
it leans on most, so that the students of a node are those who move with it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
import numpy as np
import shapely

from feeder.errors import FeederError, OutputError
from feeder.network.convert import to_networkx
from feeder.network.graph import IntArray
from feeder.opening.plan_graphs import COMMUNITY, ELSEWHERE, SCHOOLS
from feeder.opening.reading import plan_of
from feeder.planning import Assignment
from feeder.planning.community_totals import totals
from feeder.planning.land import lead_nodes
from feeder.writing.texts import plain

if TYPE_CHECKING:
    from gerrychain import Partition

STUDENTS: Final = "enrollment"
UNIT_IDS: Final = ("tile_id", "school_id")
"""Attributes that hold the id of a node, under the names of the columns of ``tiles.geojson``."""
_OUTER_M: Final = 1.0
"""Perimeter that no neighbor shares, up to this length, is rounding."""
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def dual_graph(assignment: Assignment) -> nx.Graph[str]:
    """Return the graph of tiles that GerryChain works on.

    Parameters
    ----------
    assignment
        Any plan.

    Returns
    -------
    networkx.Graph
        A node a tile, in the order of the network: ``community`` (blank for none), ``schools``
        that go with it, ``enrollment`` (students), ``name``, ``area`` (square meters),
        ``boundary_node``, ``boundary_perim`` (meters), and ``elsewhere`` where the plan has some
        of its schools in other communities. ``tile_id`` and ``school_id`` say again what the node
        is called, a vacant tile too: programs that match units by a column, as Districtr's files
        name one, look for it among the attributes. An edge a border or bridge:
        ``shared_perim`` (meters, 0 for a bridge).
    """
    network, graph = assignment.network, assignment.network.graph
    lead = _school_leads(assignment)
    students = assignment.district.schools["enrollment"].loc[list(graph.school_ids)]
    enrollment = totals(students.to_numpy(np.float64), lead, graph.n_nodes)
    land = network.tiles.geometry.to_numpy()
    edge = graph.is_land_contact
    a, b, metres = (
        values[edge] for values in (graph.contact_a, graph.contact_b, graph.contact_border_m)
    )
    shared = totals(np.tile(metres, 2), np.concatenate([a, b]), graph.n_nodes)
    result: nx.Graph[str] = nx.Graph()
    for tile, node in enumerate(network.tiles["node"].tolist()):
        outer = max(0.0, shapely.length(land[tile]) - float(shared[node]))
        one = graph.node_ids[node]
        result.add_node(
            one,
            **dict.fromkeys(UNIT_IDS, one),
            **_node(assignment, node, np.flatnonzero(lead == node)),
            **{STUDENTS: int(enrollment[node])},
            area=float(shapely.area(land[tile])),
            boundary_node=outer > _OUTER_M,
            boundary_perim=outer,
        )
    for here, there, length in zip(a.tolist(), b.tolist(), metres.tolist(), strict=True):
        result.add_edge(graph.node_ids[here], graph.node_ids[there], shared_perim=length)
    return result


def gerrychain_json(assignment: Assignment) -> str:
    """Return :func:`dual_graph` as the JSON that ``gerrychain.Graph.from_json`` reads."""
    record = nx.adjacency_data(dual_graph(assignment))
    return json.dumps(plain(record), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def to_gerrychain(assignment: Assignment) -> Partition:
    """Return the plan as GerryChain's ``Partition``, with the updater ``enrollment``.

    Raises
    ------
    FeederError
        Where GerryChain is not installed.

    Examples
    --------
    >>> partition = to_gerrychain(plan.assignment)
    >>> len(partition) == plan.assignment.n_communities
    True
    """
    try:
        from gerrychain import Partition, updaters
    except ImportError as error:
        raise FeederError(
            "GerryChain is not installed; install it with: pip install gerrychain"
        ) from error
    tally = {STUDENTS: updaters.Tally(STUDENTS)}
    return Partition(dual_graph(assignment), assignment=COMMUNITY, updaters=tally)


def from_gerrychain(partition: Partition, start: Assignment) -> Assignment:
    """Return a partition that GerryChain made as a plan.

    Parameters
    ----------
    partition
        Made from :func:`to_gerrychain` of ``start`` or from its :func:`dual_graph`.
    start
        The plan it began with: its schools without land go with the same tiles, and those it
        has elsewhere stay there.

    Examples
    --------
    >>> partition = to_gerrychain(plan.assignment)
    >>> from_gerrychain(partition, plan.assignment).plan_id == plan.plan_id
    True
    """
    known_as = partition.graph.original_nx_node_id_for_internal_node_id
    parts = {known_as(node): part for node, part in partition.assignment.items()}
    homes: dict[str, str] = {}
    for node, data in dual_graph(start).nodes(data=True):
        elsewhere = data.get(ELSEWHERE, {})
        for one in [*data[SCHOOLS], node]:
            homes[one] = elsewhere.get(one, str(parts[node]))
    return plan_of(homes, start.district, start.network, scenario=start.scenario)


def graphml(assignment: Assignment) -> str:
    """Return the whole graph, contacts and flows, with the plan, as GraphML.

    The attributes are those of :func:`~feeder.network.convert.to_networkx`, and ``community``
    (blank for none), ``name`` and ``enrollment`` of each node. GraphML knows no lists, so that
    ``schools`` is a JSON text, as is ``elsewhere``.

    Raises
    ------
    OutputError
        Where an id has a character that XML cannot hold.
    """
    source = to_networkx(assignment.network.graph)
    graph = assignment.network.graph
    students = assignment.district.schools["enrollment"]
    result: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, one in enumerate(graph.node_ids):
        mine = _node(assignment, node, np.flatnonzero(graph.school_node == node))
        texts: dict[str, str] = {
            name: json.dumps(mine[name]) for name in (SCHOOLS, ELSEWHERE) if name in mine
        }
        data: dict[str, Any] = {
            **mine,
            **texts,
            COMMUNITY: _xml_text(mine[COMMUNITY]),
            STUDENTS: int(students.loc[mine[SCHOOLS]].sum()),
            "has_land": bool(graph.has_land[node]),
        }
        result.add_node(_xml_text(one), **data)
    for number, (a, b, data) in enumerate(source.edges(data=True)):
        result.add_edge(a, b, key=f"e{number}", **data)
    return "\n".join(nx.generate_graphml(result)) + "\n"


def _school_leads(assignment: Assignment) -> IntArray:
    """Return the node that each school goes with; -1 for one that stays apart.

    A school that should stay apart and does not goes with some tile of its community.
    """
    graph, node = assignment.network.graph, assignment.node_community
    lead = lead_nodes(graph, node)[graph.school_node]
    landed = np.flatnonzero(graph.has_land)
    for school in np.flatnonzero((lead < 0) & (assignment.school_community >= 0)):
        own = landed[node[landed] == assignment.school_community[school]]
        lead[school] = own[0] if len(own) else landed[0]
    return lead


def _node(assignment: Assignment, node: int, schools: IntArray) -> dict[str, Any]:
    """Return the attributes of a node with which ``schools`` go."""
    graph = assignment.network.graph
    ids = [*assignment.community_ids, ""]
    home = assignment.node_community[node]
    one = graph.node_ids[node]
    names = assignment.district.schools["name"]
    data: dict[str, Any] = {
        "name": _NOT_XML.sub(" ", str(names[one])) if node < graph.n_campuses else one,
        COMMUNITY: ids[home],
        SCHOOLS: [graph.school_ids[school] for school in schools],
    }
    elsewhere = {
        graph.school_ids[school]: ids[assignment.school_community[school]]
        for school in schools
        if assignment.school_community[school] != home
    }
    return {**data, ELSEWHERE: elsewhere} if elsewhere else data


def _xml_text(text: str) -> str:
    if _NOT_XML.search(text):
        raise OutputError(
            f"the id {text!r} has a character that GraphML cannot hold; export to gerrychain."
        )
    return text
