"""Files of streets as osmnx reads them: OSM XML, and GraphML without travel times.

Three nodes a kilometre apart on the equator and one beside: lengths there are plain. osmnx
reckons on a round earth, so a degree is 111.195 km.
"""

from pathlib import Path

import numpy as np
import pytest

from feeder.network.streets.reading import read_streets

osmnx = pytest.importorskip("osmnx")
KM = 1 / 111.195
PLACES = {1: (0.0, 0.0), 2: (KM, 0.0), 3: (2 * KM, 0.0), 4: (KM, KM)}
OSM = """\
<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="by hand">
{nodes}
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/>
  <tag k="maxspeed" v="30"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="12"><nd ref="2"/><nd ref="4"/><tag k="highway" v="primary"/>
  <tag k="maxspeed" v="60"/><tag k="oneway" v="yes"/></way>
<way id="13"><nd ref="4"/><nd ref="1"/><tag k="highway" v="primary"/>
  <tag k="maxspeed" v="60"/><tag k="oneway" v="yes"/></way>
<way id="14"><nd ref="3"/><nd ref="4"/><tag k="highway" v="footway"/></way>
<way id="15"><nd ref="1"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="building" v="yes"/></way>
</osm>
"""
MINUTES = {
    (1, 2): 2.0,  # 1 km at 30 km/h
    (2, 1): 2.0,
    (2, 3): 2.0,  # no speed of its own: the mean of residential streets
    (3, 2): 2.0,
    (2, 4): 1.0,  # one-way, 1 km at 60 km/h
    (4, 1): 2**0.5,
}
"""The footway and the outline of a building are no streets."""


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    nodes = (f'<node id="{n}" lon="{x:.9f}" lat="{y:.9f}"/>' for n, (x, y) in PLACES.items())
    path = tmp_path / "streets.osm"
    path.write_text(OSM.format(nodes="\n".join(nodes)))
    return path


def by_pair(path: Path) -> dict[tuple[int, int], float]:
    """Return the minutes of each edge by the numbers of its nodes."""
    streets = read_streets(path, path.name, 30.0)
    nodes = [
        min(PLACES, key=lambda n, p=point: float(np.hypot(*np.subtract(PLACES[n], p))))
        for point in zip(streets.lon, streets.lat, strict=True)
    ]
    tail = np.repeat(np.arange(streets.n_nodes), np.diff(streets.start))
    return {
        (nodes[a], nodes[b]): minutes
        for a, b, minutes in zip(tail, streets.end, streets.minutes, strict=True)
    }


def test_an_extract_of_openstreetmap(extract: Path) -> None:
    assert by_pair(extract) == pytest.approx(MINUTES, rel=1e-3)


def test_graphml_without_times_gets_them_from_the_speeds(extract: Path, tmp_path: Path) -> None:
    graph = osmnx.graph.graph_from_xml(extract, simplify=False, retain_all=True)
    others = [
        (u, v, k)
        for u, v, k, edge in graph.edges(keys=True, data=True)
        if edge.get("highway") not in {"residential", "primary"}
    ]
    graph.remove_edges_from(others)
    path = tmp_path / "streets.graphml"
    osmnx.io.save_graphml(graph, path)
    assert by_pair(path) == pytest.approx(MINUTES, rel=1e-3)


def test_graphml_with_times_keeps_them(extract: Path, tmp_path: Path) -> None:
    graph = osmnx.graph.graph_from_xml(extract, simplify=False, retain_all=True)
    for *_, edge in graph.edges(data=True):
        edge["travel_time"] = 42.0
    path = tmp_path / "streets.graphml"
    osmnx.io.save_graphml(graph, path)
    assert set(by_pair(path).values()) == {0.7}
