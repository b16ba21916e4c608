"""Plans as graphs say them: nodes of GerryChain's JSON and of GraphML as one table.

A node is a campus or a vacant tile and carries

- ``community``: its community; empty for none.
- ``schools``: the schools that go with it (none for a vacant tile).
- ``elsewhere``: where some of them are not in its community, each such school and its own.

GraphML knows no lists: there the last two are JSON texts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

import pandas as pd

from feeder.district.tables.table import Table
from feeder.errors import InputError, Problem

COMMUNITY: Final = "community"
SCHOOLS: Final = "schools"
ELSEWHERE: Final = "elsewhere"
_GRAPHML: Final = "{http://graphml.graphdrawing.org/xmlns}"
Nodes = list[dict[str, Any]]


def node_table(nodes: Nodes, file: str) -> Table:
    """Return ``id`` and ``community`` of every school that goes with a node, and of the node.

    Raises
    ------
    InputError
        Where no node has a community.
    """
    if not any(COMMUNITY in node for node in nodes):
        message = f"no node has the attribute {COMMUNITY}."
        fix = f"Write each node's community as {COMMUNITY}, as feeder's own graphs have it."
        raise _wrong(file, message, fix)
    rows: list[tuple[str, str]] = []
    for node in nodes:
        home = _text(node.get(COMMUNITY))
        elsewhere = node.get(ELSEWHERE, {})
        named = [*(_text(school) for school in node.get(SCHOOLS, ())), _text(node.get("id"))]
        rows += [(one, _text(elsewhere.get(one, home))) for one in dict.fromkeys(named)]
    frame = pd.DataFrame(rows, columns=["id", "community"], dtype=str)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return Table(file=file, frame=frame, has_lines=False)


def json_nodes(record: Mapping[str, Any], file: str) -> Nodes:
    """Return the nodes of a graph in networkx' adjacency (or node-link) JSON."""
    return _checked(record["nodes"], file)


def graphml_nodes(content: bytes, file: str) -> Nodes:
    """Return the nodes of a GraphML file with their attributes by name."""
    root = _parsed(content, file)
    names = {key.get("id"): key.get("attr.name") for key in root.iter(f"{_GRAPHML}key")}
    nodes: Nodes = []
    for element in root.iter(f"{_GRAPHML}node"):
        data = {names.get(d.get("key")): d.text or "" for d in element.iter(f"{_GRAPHML}data")}
        node: dict[str, Any] = {str(name): text for name, text in data.items() if name}
        for name in (SCHOOLS, ELSEWHERE):
            if name in node:
                node[name] = _listed(node[name], file)
        nodes.append({**node, "id": element.get("id", "")})
    return _checked(nodes, file)


def _parsed(content: bytes, file: str) -> ET.Element:
    """Parse XML; expat loads nothing from elsewhere and refuses floods of entities."""
    try:
        return ET.fromstring(content)  # noqa: S314 - as said above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise _wrong(file, f"the file is no GraphML ({error}).", "Export it again.") from error


def _listed(text: str, file: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"a node's {SCHOOLS} or {ELSEWHERE} are no JSON ({error})."
        raise _wrong(file, message, "Export the graph again.") from error


def _checked(nodes: object, file: str) -> Nodes:
    """Return nodes whose attributes are of the kinds that are read."""
    if isinstance(nodes, Sequence) and all(_is_node(node) for node in nodes):
        return list(nodes)
    message = f"a node is no record with an id, {SCHOOLS} as a list and {ELSEWHERE} as a record."
    raise _wrong(file, message, "Export the graph again.")


def _is_node(node: object) -> bool:
    return (
        isinstance(node, Mapping)
        and isinstance(node.get(SCHOOLS, []), list)
        and isinstance(node.get(ELSEWHERE, {}), Mapping)
    )


def _text(value: object) -> str:
    """Return an id as text: whole numbers without ``.0``, nothing as blank."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _wrong(file: str, message: str, fix: str) -> InputError:
    return InputError([Problem(rule="plan-format", message=message, fix=fix, file=file)])
