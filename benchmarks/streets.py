"""Minutes by streets in an invented city: CPU seconds and memory, beside networkx.

``python benchmarks/streets.py`` draws a jittered grid of 150,000 crossings with missing streets,
one-way streets and arterials of higher speed, sets 800 schools on it, and works out the minutes
from each to each. networkx's Dijkstra runs from a few of the same sources in the same run: its
minutes must be the same, and its time a source is told as a ratio. ``--files`` also writes the
city as GraphML and reads it back, once parsed and once from the cache.
"""

from __future__ import annotations

import argparse
import resource
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import numpy as np
from machine import reference_nanoseconds, timed

from feeder.district.model import Access
from feeder.network.globe import metres_from_middle
from feeder.network.graph import FloatArray, IntArray
from feeder.network.streets import cache
from feeder.network.streets.model import StreetNetwork, street_network
from feeder.network.streets.reading import read_streets
from feeder.network.streets.shortest import minutes_between, snap

BLOCK_M = 100.0
JITTER = 0.3
"""Of a block: how far crossings stand off the grid, at most."""
MISSING, ONE_WAY = 0.12, 0.15
"""Shares of the streets between two crossings."""
ARTERIAL = 10
"""Every tenth line of the grid is an arterial."""
STREET_KM_H, ARTERIAL_KM_H = 30.0, 55.0
LON, LAT = -118.3, 34.0
City = tuple[FloatArray, FloatArray, IntArray, IntArray, FloatArray]
"""Degrees of the crossings; tail, head and minutes of the edges."""


def city(n_crossings: int, seed: int) -> City:
    """Draw a city: degrees of its crossings, and tail, head and minutes of its streets."""
    rng = np.random.default_rng(seed)
    side = round(n_crossings**0.5)
    row, column = (places.ravel() for places in np.indices((side, side)))
    x = (column + rng.uniform(-JITTER, JITTER, side * side)) * BLOCK_M
    y = (row + rng.uniform(-JITTER, JITTER, side * side)) * BLOCK_M
    number = np.arange(side * side).reshape(side, side)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    along = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    streets = np.vstack([across, along])
    main = np.r_[row[across[:, 0]] % ARTERIAL == 0, column[along[:, 0]] % ARTERIAL == 0]
    kept = main | (rng.random(len(streets)) >= MISSING)
    streets, main = streets[kept], main[kept]
    streets = np.where(rng.random(len(streets))[:, None] < 0.5, streets, streets[:, ::-1])
    back = main | (rng.random(len(streets)) >= ONE_WAY)
    edges = np.vstack([streets, streets[back][:, ::-1]])
    metres = np.hypot(*(v[edges[:, 0]] - v[edges[:, 1]] for v in (x, y)))
    km_h = np.where(np.r_[main, main[back]], ARTERIAL_KM_H, STREET_KM_H)
    lon = LON + x / (111_320.0 * np.cos(np.radians(LAT)))
    return lon, LAT + y / 110_940.0, edges[:, 0], edges[:, 1], metres / 1000 / km_h * 60


def peak_mb() -> float:
    """Return the most memory this process held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def as_networkx(streets: StreetNetwork) -> nx.DiGraph:
    """Return the same streets as a graph of networkx."""
    graph = nx.DiGraph()
    tail = np.repeat(np.arange(streets.n_nodes), np.diff(streets.start))
    graph.add_nodes_from(range(streets.n_nodes))
    graph.add_weighted_edges_from(
        zip(tail.tolist(), streets.end.tolist(), streets.minutes.tolist(), strict=True)
    )
    return graph


def compare(
    streets: StreetNetwork, minutes: FloatArray, node: IntArray, seconds: float, k: int
) -> None:
    """Print networkx's time from ``k`` sources, and how far its minutes differ."""
    graph = as_networkx(streets)
    worst, spent = 0.0, 0.0
    for place in range(k):
        source = int(node[place])
        ways, took = timed(lambda s=source: nx.single_source_dijkstra_path_length(graph, s))
        theirs = np.array([ways[other] for other in node.tolist()])
        elsewhere = node != source
        worst = max(worst, np.abs(theirs - minutes[place])[elsewhere].max())
        spent += took / k
    ours = seconds / len(np.unique(node))
    print(
        f"A source takes {ours * 1000:.0f} ms, networkx {spent * 1000:.0f} ms: "
        f"{spent / ours:.1f} times as long."
    )
    print(f"From {k} sources to all places the minutes differ by at most {worst:.1e}.")


def write_graphml(drawn: City, path: Path) -> None:
    """Write a city line by line, so that reading it is what takes the memory."""
    lon, lat, tail, head, minutes = (values.tolist() for values in drawn)
    with path.open("w") as file:
        file.write(
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
            '<key id="x" for="node" attr.name="x" attr.type="string"/>'
            '<key id="y" for="node" attr.name="y" attr.type="string"/>'
            '<key id="t" for="edge" attr.name="travel_time" attr.type="string"/>'
            '<graph edgedefault="directed">\n'
        )
        for node, (x, y) in enumerate(zip(lon, lat, strict=True)):
            place = f'<data key="x">{x}</data><data key="y">{y}</data>'
            file.write(f'<node id="{node}">{place}</node>\n')
        for a, b, time in zip(tail, head, minutes, strict=True):
            took = f'<data key="t">{time * 60}</data>'
            file.write(f'<edge source="{a}" target="{b}">{took}</edge>\n')
        file.write("</graph></graphml>\n")


def reading(drawn: City) -> None:
    """Print what reading the city from GraphML takes: parsed, and from the cache."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "streets.graphml"
        write_graphml(drawn, path)
        read, seconds = timed(lambda: read_streets(path, path.name, STREET_KM_H))
        size = path.stat().st_size / 1e6
        print(f"GraphML of {size:.0f} MB read in {seconds:.1f} CPU s; peak {peak_mb():.0f} MB.")
        cache.user_cache_path = lambda *_, **__: Path(folder)  # not the user's own
        arrays = {f.name: np.asarray(getattr(read, f.name)) for f in fields(read)}
        cache.kept("streets", "city", lambda: arrays)
        _, seconds = timed(lambda: cache.kept("streets", "city", dict))
        print(f"From the cache in {seconds:.3f} CPU s.")


def main() -> None:
    """Read what is asked for, draw, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--crossings", type=int, default=150_000)
    parser.add_argument("--schools", type=int, default=800)
    parser.add_argument("--sources", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--files", action="store_true")
    asked = parser.parse_args()
    print(f"The reference loop takes {reference_nanoseconds():.2f} ns a step on this machine.")
    drawn = city(asked.crossings, asked.seed)
    streets, seconds = timed(lambda: street_network(*drawn))
    print(
        f"{len(drawn[0]):,} crossings, {len(drawn[2]):,} edges; "
        f"{streets.n_left_out:,} crossings left out; arrays in {seconds:.2f} s, {peak_mb():.0f} MB"
    )
    rng = np.random.default_rng(asked.seed + 1)
    west, east, south, north = drawn[0].min(), drawn[0].max(), drawn[1].min(), drawn[1].max()
    points = metres_from_middle(
        rng.uniform(west, east, asked.schools), rng.uniform(south, north, asked.schools)
    )
    before = peak_mb()
    (node, metres), seconds = timed(lambda: snap(streets, points))
    print(
        f"Snapped {asked.schools} places in {seconds:.2f} s; the farthest {metres.max():.0f} m off"
    )
    rate = Access().minutes_a_metre
    minutes, seconds = timed(lambda: minutes_between(streets, points, node, metres, rate))
    print(
        f"{asked.schools} by {asked.schools} in {seconds:.1f} CPU s; "
        f"memory {before:.0f} -> {peak_mb():.0f} MB; mean {minutes.mean():.1f} minutes"
    )
    driven = minutes - (metres[:, None] + metres) * rate
    compare(streets, driven, node, seconds, asked.sources)
    if asked.files:
        reading(drawn)


if __name__ == "__main__":
    main()
