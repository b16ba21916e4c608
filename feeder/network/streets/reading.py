"""Files of streets become a StreetNetwork: the only door to osmnx's readers.

GraphML whose edges all have a ``travel_time`` (seconds), as ``feeder streets`` writes it, is read
by networkx alone. Speeds and times that are lacking are osmnx's: the edge's own ``maxspeed``,
or else the mean of those of its kind of street in the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, TypeAlias

import networkx as nx
import numpy as np

from feeder.errors import InputError, Problem
from feeder.network.graph import FloatArray, IntArray
from feeder.network.streets.model import StreetNetwork, street_network
from feeder.wording import shown

Streets: TypeAlias = "nx.MultiDiGraph[Any]"
TIME: Final = "travel_time"
_SECONDS: Final = 60.0
_UNREADABLE: Final = (
    OSError,
    SyntaxError,  # no XML
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    nx.NetworkXException,
)
_MAIN: Final = ("motorway", "trunk", "primary", "secondary", "tertiary")
DRIVEN: Final = frozenset(
    [
        *_MAIN,
        *(f"{kind}_link" for kind in _MAIN),
        "unclassified",
        "residential",
        "living_street",
        "road",
    ]
)
"""Kinds of OpenStreetMap's ``highway`` that count as streets; the others of an extract are paths,
drives and outlines of buildings."""
_DOWNLOAD: Final = "Make it anew with feeder streets, or leave [streets] out."


def read_streets(path: Path, file: str, speed_km_h: float) -> StreetNetwork:
    """Read a file of streets.

    Parameters
    ----------
    path
        GraphML, or OSM XML (``.osm``, ``.xml``).
    file
        Its name for the planner.
    speed_km_h
        Speed where the file tells no speed of any street.

    Raises
    ------
    InputError
        Where it cannot be read, holds no streets, or tells neither degrees nor times.
    """
    read = _graphml if path.suffix.lower() == ".graphml" else _osm_xml
    try:
        graph = timed(read(path), speed_km_h)
    except _UNREADABLE as error:
        message = f"the streets cannot be read ({type(error).__name__}: {shown(str(error))})."
        raise _problem("streets-unreadable", message, file) from error
    if graph.number_of_edges() == 0:
        raise _problem("streets-empty", "the file holds no streets that can be driven.", file)
    lon, lat = _degrees(graph, file)
    return street_network(lon, lat, *_edges(graph, file))


def timed(graph: Streets, speed_km_h: float) -> Streets:
    """Give every edge a ``travel_time``; what the graph tells of speeds and times is kept."""
    times = nx.get_edge_attributes(graph, TIME)
    if len(times) == graph.number_of_edges():
        return graph
    import osmnx

    speeds = nx.get_edge_attributes(graph, "speed_kph")
    graph = osmnx.routing.add_edge_speeds(graph, fallback=speed_km_h)
    nx.set_edge_attributes(graph, speeds, "speed_kph")
    graph = osmnx.routing.add_edge_travel_times(graph)
    nx.set_edge_attributes(graph, times, TIME)
    return graph


def _osm_xml(path: Path) -> Streets:
    """Read OSM XML; every bend stays a node, so that places find the street before their door."""
    import osmnx

    graph: Streets = osmnx.graph.graph_from_xml(path, simplify=False, retain_all=True)
    others = [
        (tail, head, key)
        for tail, head, key, edge in graph.edges(keys=True, data=True)
        if edge.get("highway") not in DRIVEN
    ]
    graph.remove_edges_from(others)
    graph.remove_nodes_from([node for node, degree in graph.degree() if degree == 0])
    return graph


def _graphml(path: Path) -> Streets:
    """Read GraphML; by osmnx, which knows the types of its attributes, where times are lacking."""
    graph: Streets = nx.MultiDiGraph(nx.read_graphml(path, force_multigraph=True))
    if len(nx.get_edge_attributes(graph, TIME)) < graph.number_of_edges():
        import osmnx

        graph = osmnx.io.load_graphml(path)
    return graph


def _degrees(graph: Streets, file: str) -> tuple[FloatArray, FloatArray]:
    """Shape (n_nodes,) each: degrees east and north."""
    try:
        lon, lat = (
            np.array([float(node[name]) for _, node in graph.nodes(data=True)]) for name in "xy"
        )
    except (KeyError, TypeError, ValueError) as error:
        message = "streets without coordinates: every node needs x and y in degrees."
        raise _problem("streets-no-degrees", message, file) from error
    if not ((np.abs(lon) <= 180) & (np.abs(lat) <= 90)).all():  # noqa: PLR2004 - round the globe
        message = "the coordinates of the streets are no degrees."
        raise _problem("streets-no-degrees", message, file, "Save the network unprojected.")
    return lon, lat


def _edges(graph: Streets, file: str) -> tuple[IntArray, IntArray, FloatArray]:
    """Shape (n_edges,) each: the nodes where edges begin and end, and minutes."""
    number = {node: place for place, node in enumerate(graph)}
    tail = np.array([number[u] for u, _ in graph.edges()], dtype=np.int64)
    head = np.array([number[v] for _, v in graph.edges()], dtype=np.int64)
    try:
        minutes = np.array([float(edge[TIME]) for *_, edge in graph.edges(data=True)]) / _SECONDS
    except (KeyError, TypeError, ValueError):
        minutes = np.array([np.nan])
    if not (np.isfinite(minutes) & (minutes >= 0)).all():
        message = f"a {TIME} of the streets is no number of seconds."
        raise _problem("streets-unreadable", message, file)
    return tail, head, minutes


def _problem(rule: str, message: str, file: str, fix: str = _DOWNLOAD) -> InputError:
    return InputError([Problem(rule=rule, message=message, fix=fix, file=file)])
