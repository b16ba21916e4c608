"""FeederGraph to networkx and back, for the analyst's own algorithms.

The networkx graph is a ``MultiDiGraph``.

Nodes
    One a campus, named by its first school's id, and one a vacant tile, named by its tile id:

    - ``schools``: tuple of school ids, sorted; empty for a vacant tile.
    - ``has_land``: bool, whether the node has a tile.

Contacts
    One edge a pair of nodes; read it in both directions (``nx.Graph`` of the land contacts is the
    contiguity graph). Its key is its kind:

    - ``kind``: ``border``, ``bridge`` (two tiles), ``overlap``, ``campus`` (a landless campus
      first, then the tile) or ``feed`` (a landless campus, then the campus of its pupils).
    - ``border_m``: metres of shared border; land contacts only.
    - ``share``: share of the campus' own area on the tile, or of its pupils; the other
      contacts only.

Flows
    One edge a pair of schools, from the sender's campus to the receiver's (a loop where they
    share one). Its key is ``("flow", from_school, to_school)``:

    - ``kind``: ``flow``.
    - ``from_school``, ``to_school``: school ids.
    - ``students``: students a year.
    - ``source``: ``observed``, ``zoned`` or ``estimated``.

So ``[(a, b) for a, b, kind in graph.edges(data="kind") if kind == "border"]`` are the borders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any, Final

import networkx as nx
import numpy as np

from feeder.district.model import SOURCES
from feeder.errors import Findings, Problem
from feeder.network.graph import (
    BORDER,
    BRIDGE,
    CAMPUS,
    FEED,
    LAND_KINDS,
    OVERLAP,
    FeederGraph,
)

FLOW: Final = "flow"
_CONTACT_KINDS: Final = (BORDER, BRIDGE, OVERLAP, CAMPUS, FEED)
_Edge = tuple[str, str, dict[str, Any]]


def to_networkx(graph: FeederGraph) -> nx.MultiDiGraph[str]:
    """Return the graph as networkx knows it, with ids for indices; see the module for attributes.

    Parameters
    ----------
    graph
        A district's graph.

    Returns
    -------
    networkx.MultiDiGraph
        ``from_networkx`` turns it back into an equal graph.

    Examples
    --------
    >>> graph = to_networkx(plan.network.graph)
    >>> "border" in {kind for _, _, kind in graph.edges(data="kind")}
    True
    """
    schools: list[list[str]] = [[] for _ in graph.node_ids]
    for school, node in zip(graph.school_ids, graph.school_node.tolist(), strict=True):
        schools[node].append(school)
    result: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name, members, has_land in zip(
        graph.node_ids, schools, graph.has_land.tolist(), strict=True
    ):
        result.add_node(name, schools=tuple(members), has_land=has_land)
    for a, b, kind, border_m, share in zip(
        graph.contact_a.tolist(),
        graph.contact_b.tolist(),
        graph.contact_kind.tolist(),
        graph.contact_border_m.tolist(),
        graph.contact_share.tolist(),
        strict=True,
    ):
        measure = {"border_m": border_m} if kind in LAND_KINDS else {"share": share}
        result.add_edge(graph.node_ids[a], graph.node_ids[b], key=kind, kind=kind, **measure)
    for sender, receiver, students, source in zip(
        graph.flow_from.tolist(),
        graph.flow_to.tolist(),
        graph.flow_students.tolist(),
        graph.flow_source.tolist(),
        strict=True,
    ):
        from_school, to_school = graph.school_ids[sender], graph.school_ids[receiver]
        result.add_edge(
            graph.node_ids[graph.school_node[sender]],
            graph.node_ids[graph.school_node[receiver]],
            key=(FLOW, from_school, to_school),
            kind=FLOW,
            from_school=from_school,
            to_school=to_school,
            students=students,
            source=source,
        )
    return result


def from_networkx(graph: nx.MultiDiGraph[str]) -> FeederGraph:
    """Return a networkx graph with the attributes of :func:`to_networkx` as a FeederGraph.

    Edge keys are not read, so edges may be added without one.

    Parameters
    ----------
    graph
        Nodes and edges with the attributes described in the module, in any order.

    Raises
    ------
    InputError
        Naming every node and edge that lacks an attribute or contradicts another.

    Examples
    --------
    >>> graph = to_networkx(plan.network.graph)
    >>> from_networkx(graph).node_ids == plan.network.graph.node_ids
    True
    """
    findings = Findings()
    _check_nodes(graph, findings)
    findings.raise_if_any()
    campuses = sorted(name for name, schools in graph.nodes(data="schools") if schools)
    vacant = sorted(name for name, schools in graph.nodes(data="schools") if not schools)
    node_ids = (*campuses, *vacant)
    node_of = {name: node for node, name in enumerate(node_ids)}
    home = {school: name for name in campuses for school in graph.nodes[name]["schools"]}
    school_ids = tuple(sorted(home))
    school_of = {school: index for index, school in enumerate(school_ids)}

    contacts: list[_Edge] = []
    flows: list[_Edge] = []
    for a, b, data in graph.edges(data=True):
        if data.get("kind") == FLOW:
            _check_flow(a, b, data, home, findings)
            flows.append((a, b, data))
        else:
            contacts.append(_directed_contact(graph, (a, b, data), node_of, findings))
    _check_once(contacts, flows, findings)
    findings.raise_if_any()

    contacts.sort(key=lambda edge: (node_of[edge[0]], node_of[edge[1]]))
    flows.sort(key=lambda edge: (edge[2]["from_school"], edge[2]["to_school"]))
    return FeederGraph(
        node_ids=node_ids,
        n_campuses=len(campuses),
        school_ids=school_ids,
        school_node=np.array([node_of[home[school]] for school in school_ids], dtype=np.int64),
        has_land=np.array([graph.nodes[name]["has_land"] for name in node_ids], dtype=np.bool_),
        contact_a=np.array([node_of[a] for a, _, _ in contacts], dtype=np.int64),
        contact_b=np.array([node_of[b] for _, b, _ in contacts], dtype=np.int64),
        contact_kind=np.array([data["kind"] for _, _, data in contacts], dtype=np.str_),
        contact_border_m=_floats(contacts, "border_m"),
        contact_share=_floats(contacts, "share"),
        flow_from=np.array([school_of[data["from_school"]] for *_, data in flows], dtype=np.int64),
        flow_to=np.array([school_of[data["to_school"]] for *_, data in flows], dtype=np.int64),
        flow_students=_floats(flows, "students"),
        flow_source=np.array([data["source"] for *_, data in flows], dtype=np.str_),
    )


def _floats(edges: list[_Edge], name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return an attribute of every edge, NaN where the edge has none."""
    return np.array([data.get(name, np.nan) for _, _, data in edges], dtype=np.float64)


def _check_nodes(graph: nx.MultiDiGraph[str], findings: Findings) -> None:
    """Find nodes without attributes, and schools that are not on exactly one campus."""
    places: Counter[str] = Counter()
    for name, data in graph.nodes(data=True):
        schools = data.get("schools")
        if not isinstance(schools, tuple | list) or not isinstance(data.get("has_land"), bool):
            _wrong(findings, "graph-node", f"node {name!r} needs schools (a tuple) and has_land.")
            continue
        places.update(schools)
        if schools and name != min(schools):
            _wrong(findings, "graph-node", f"campus {name!r} goes by its first school's id.")
        if not schools and not data["has_land"]:
            _wrong(findings, "graph-node", f"node {name!r} has neither a school nor land.")
    for school, count in places.items():
        if count > 1:
            _wrong(findings, "graph-node", f"school {school!r} is on {count} campuses.")


def _check_flow(
    a: str, b: str, data: dict[str, Any], home: dict[str, str], findings: Findings
) -> None:
    """Find flows that lack an attribute, or whose schools are not where the edge says."""
    sender, receiver, students = (data.get(key) for key in ("from_school", "to_school", "students"))
    if sender == receiver or home.get(str(sender)) != a or home.get(str(receiver)) != b:
        _wrong(
            findings,
            "graph-flow",
            f"a flow from {a!r} to {b!r} names the schools {sender!r} and {receiver!r}.",
        )
    if not _is_number(students) or data.get("source") not in SOURCES:
        _wrong(
            findings,
            "graph-flow",
            f"the flow from {sender!r} to {receiver!r} needs students and one of {SOURCES}.",
        )


def _directed_contact(
    graph: nx.MultiDiGraph[str], edge: _Edge, node_of: dict[str, int], findings: Findings
) -> _Edge:
    """Return a contact in the direction that FeederGraph keeps, checked."""
    a, b, data = edge
    kind = data.get("kind")
    landed = [bool(graph.nodes[name]["has_land"]) for name in (a, b)]
    if kind in LAND_KINDS:
        fits, measure, reverse = all(landed), "border_m", node_of[a] > node_of[b]
    elif kind in _CONTACT_KINDS:
        fits = landed[0] != landed[1] or (kind == FEED and not landed[0])
        measure, reverse = "share", landed[0]
    else:
        _wrong(
            findings,
            "graph-contact",
            f"the edge from {a!r} to {b!r} is of kind {kind!r}.",
            f"Its kind is one of {', '.join((*_CONTACT_KINDS, FLOW))}.",
        )
        return edge
    if a == b or not fits:
        _wrong(
            findings,
            "graph-contact",
            f"{a!r} and {b!r} cannot be in contact by {kind}.",
            "border and bridge join two tiles, overlap and campus a landless campus and a tile, "
            "feed a landless campus and another.",
        )
    if not _is_number(data.get(measure)):
        _wrong(findings, "graph-contact", f"the {kind} of {a!r} and {b!r} needs {measure}.")
    return (b, a, data) if reverse else edge


def _check_once(contacts: list[_Edge], flows: list[_Edge], findings: Findings) -> None:
    """Find pairs that occur twice."""
    pairs: Counter[tuple[Hashable, ...]] = Counter(("contact", a, b) for a, b, _ in contacts)
    pairs.update((FLOW, data.get("from_school"), data.get("to_school")) for _, _, data in flows)
    for (what, a, b), count in pairs.items():
        if count > 1:
            _wrong(findings, "graph-pair", f"{a!r} and {b!r} have {count} edges of one {what}.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _wrong(findings: Findings, rule: str, message: str, fix: str = "") -> None:
    findings.errors.append(Problem(rule=rule, message=message, fix=fix))
