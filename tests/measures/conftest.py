"""A district small enough to score by hand.

Nine square tiles of 1 km; every elementary school (K-5) stands in the middle of its tile::

    e7  e8  v9        W W E
    e4  e5  e6        W E E
    e1  e2  e3        W E E

``h1`` (9-12) shares the campus of ``e3``; ``v9`` is vacant. ``m1``, ``m2`` (6-8) and ``h2``
(9-12) have no land: 50, 30 and 20 % of the area of ``m1`` lie on ``e1``, ``e4`` and ``e2``; 60, 35
and 5 % of that of ``m2`` on ``e5``, ``e6`` and ``e2``; ``h2`` stands on ``e7``. ``m1`` stands on
``e2``, 200 m outside its community. Today ``e8`` belongs to the east.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from feeder.district.model import GRADE_COLUMNS, District, Statistics
from feeder.network.graph import FeederGraph
from feeder.network.model import Network
from feeder.network.travel import travel_of
from feeder.planning import Assignment
from feeder.scenario import Scenario

CRS = "EPSG:32618"
EAST, NORTH, SIDE = 500_000.0, 4_300_000.0, 1000.0
CELLS = {
    "e1": (0, 0),
    "e2": (1, 0),
    "e3": (2, 0),
    "e4": (0, 1),
    "e5": (1, 1),
    "e6": (2, 1),
    "e7": (0, 2),
    "e8": (1, 2),
    "v9": (2, 2),
}
POINTS = {
    **{tile: (x + 0.5, y + 0.5) for tile, (x, y) in CELLS.items() if tile != "v9"},
    "h1": (2.5, 0.5),
    "h2": (0.2, 2.8),
    "m1": (1.2, 0.8),
    "m2": (2.5, 2.5),
}
WEST = {"e1", "e4", "e7", "e8", "m1", "h2"}
WEST_TODAY = WEST - {"e8"}
FLOWS = [
    ("e1", "m1", 10.0),
    ("e2", "m2", 10.0),
    ("e3", "m1", 1.0),
    ("e3", "m2", 9.0),
    ("e4", "m1", 8.0),
    ("e4", "m2", 2.0),
    ("e5", "m2", 10.0),
    ("e6", "m2", 5.0),
    ("e7", "m1", 10.0),
    ("e8", "m1", 5.0),
    ("e8", "m2", 5.0),
    ("m1", "h1", 10.0),
    ("m1", "h2", 30.0),
    ("m2", "h1", 36.0),
    ("m2", "h2", 2.0),
]
SCHOOLS = sorted(POINTS)
NODES = [*[s for s in SCHOOLS if s != "h1"], "v9"]


def _district() -> District:
    to_degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    kind = {"e": ("elementary", 0, 5), "m": ("middle", 6, 8), "h": ("high", 9, 12)}
    enrollment = {"m1": 120, "m2": 120, "h1": 200, "h2": 160}
    rows = []
    for school in SCHOOLS:
        x, y = POINTS[school]
        lon, lat = to_degrees.transform(EAST + SIDE * x, NORTH + SIDE * y)
        level, low, high = kind[school[0]]
        rows.append(
            {
                "school_id": school,
                "name": f"School {school}",
                "level": level,
                "grades": sum(1 << grade for grade in range(low, high + 1)),
                "grade_low": low,
                "grade_high": high,
                "lat": lat,
                "lon": lon,
                "enrollment": enrollment.get(school, 60),
                "leavers": {"e": 10.0, "m": 40.0, "h": 40.0}[school[0]],
                "leavers_estimated": school == "h2",
                "entering": 10.0 if school[0] == "e" else 0.0,
                "capacity": np.nan if school == "m2" else 700.0,
                "office_capacity": np.nan,
                "campus_id": "",
                "region": "North" if school in WEST else "South",
                "kind": "",
            }
        )
    schools = pd.DataFrame(rows).set_index("school_id")
    grades = pd.DataFrame(np.nan, index=schools.index, columns=list(GRADE_COLUMNS))
    grades.loc["e1", ["K", "1", "2", "3", "4", "5"]] = 10.0
    meals = pd.Series(10.0, index=schools.index, name="meals")
    meals["m1"], meals["m2"] = np.nan, 30.0
    rates = pd.DataFrame({"absence": 0.25, "absence_denominator": 60.0}, index=schools.index)
    rates.loc["h1", "absence"] = np.nan
    today = pd.Series({school: "T1" if school in WEST_TODAY else "T2" for school in SCHOOLS})
    return District(
        name="Grid",
        year="2024-25",
        folder=Path(os.devnull),
        synthetic=True,
        schools=schools,
        extra=pd.DataFrame({"board": schools["region"].str[0]}, index=schools.index),
        grade_enrollment=grades,
        areas=None,
        boundary=None,
        flows=None,
        statistics=Statistics(
            counts=meals.to_frame(),
            rates=rates,
            ratings=pd.DataFrame(index=schools.index),
            need_weights={"meals": 2.0},
            need=(2.0 * meals.fillna(0.0)).rename("need"),
        ),
        existing_plan=today,
        offices=None,
        scenario=Scenario(),
        warnings=(),
        inputs=(),
    )


def _contacts() -> pd.DataFrame:
    index = {node: i for i, node in enumerate(NODES)}
    rows = []
    for a, (ax, ay) in CELLS.items():
        for b, (bx, by) in CELLS.items():
            if index[a] < index[b] and abs(ax - bx) + abs(ay - by) == 1:
                rows.append((index[a], index[b], "border", SIDE, np.nan))
    areas = {
        "m1": {"e1": 0.5, "e4": 0.3, "e2": 0.2},
        "m2": {"e5": 0.6, "e6": 0.35, "e2": 0.05},
        "h2": {"e7": 1.0},
    }
    for school, shares in areas.items():
        how = "campus" if school == "h2" else "overlap"
        rows += [(index[school], index[e], how, np.nan, share) for e, share in shares.items()]
    table = pd.DataFrame(rows, columns=["a", "b", "kind", "border", "share"])
    return table.sort_values(["a", "b"], ignore_index=True)


def _network() -> Network:
    contacts = _contacts()
    school = {s: i for i, s in enumerate(SCHOOLS)}
    node = {n: i for i, n in enumerate(NODES)}
    graph = FeederGraph(
        node_ids=tuple(NODES),
        n_campuses=len(NODES) - 1,
        school_ids=tuple(SCHOOLS),
        school_node=np.array([node["e3" if s == "h1" else s] for s in SCHOOLS]),
        has_land=np.array([n in CELLS for n in NODES]),
        contact_a=contacts["a"].to_numpy(),
        contact_b=contacts["b"].to_numpy(),
        contact_kind=contacts["kind"].to_numpy(dtype=str),
        contact_border_m=contacts["border"].to_numpy(),
        contact_share=contacts["share"].to_numpy(),
        flow_from=np.array([school[a] for a, _, _ in FLOWS]),
        flow_to=np.array([school[b] for _, b, _ in FLOWS]),
        flow_students=np.array([n for _, _, n in FLOWS]),
        flow_source=np.array(["observed"] * len(FLOWS)),
    )
    flows = pd.DataFrame(FLOWS, columns=["from_id", "to_id", "students"])
    flows["students_low"] = flows["students_high"] = flows["students"]
    flows["source"] = "observed"
    boxes = [
        shapely.box(
            EAST + SIDE * x, NORTH + SIDE * y, EAST + SIDE * (x + 1), NORTH + SIDE * (y + 1)
        )
        for x, y in (CELLS[n] for n in NODES if n in CELLS)
    ]
    landed = [n for n in NODES if n in CELLS]
    tiles = gpd.GeoDataFrame(
        {
            "tile_id": [f"tile {n}" if n != "v9" else n for n in landed],
            "school_id": [None if n == "v9" else n for n in landed],
            "node": [node[n] for n in landed],
        },
        geometry=boxes,
        crs=CRS,
    )
    return Network(
        graph=graph,
        tiles=tiles,
        offshore=gpd.GeoDataFrame({"tile_id": []}, geometry=[], crs=CRS),
        crs=CRS,
        flows=flows,
        flow_report={},
        flow_variants=None,
        warnings=(),
        travel=travel_of(_district()),
    )


def _grid() -> Assignment:
    scenario = Scenario(
        communities=2,
        schools=(5, 7),
        enrollment_tolerance=0.05,
        need_tolerance=0.3,
        nested_in="region",
        keep_together=(("e1", "e4"),),
        keep_apart=(("m1", "m2"),),
        locked=MappingProxyType({"h1": "E"}),
        weights=MappingProxyType({"feeder_continuity": 1.0, "cut_contacts": 0.1}),
    )
    return Assignment.of_nodes(
        _district(),
        _network(),
        scenario,
        np.array([0 if n in WEST else 1 for n in NODES]),
        ids=("W", "E"),
        names=("West side", "East side"),
    )


def with_nodes(plan: Assignment, node: np.ndarray) -> Assignment:
    """Move whole campuses and tiles."""
    home = node[plan.network.graph.school_node]
    return replace(plan, node_community=node, school_community=home)


@pytest.fixture
def grid() -> Assignment:
    """The hand-worked district with its plan of two communities, W and E."""
    return _grid()


@pytest.fixture
def moved(grid: Assignment) -> Callable[..., Assignment]:
    """Make the grid's plan with some nodes in other communities: ``moved(e8="E")``."""

    def make(**homes: str) -> Assignment:
        node = grid.node_community.copy()
        for name, home in homes.items():
            index = grid.community_ids.index(home) if home else -1
            node[grid.network.graph.node_ids.index(name)] = index
        return with_nodes(grid, node)

    return make


@pytest.fixture
def island(grid: Assignment) -> Assignment:
    """The grid whose tile e1 has a real island, and whose tile e7 has an offshore rock."""
    tiles = grid.network.tiles.copy()
    rock = shapely.box(EAST - 9000, NORTH, EAST - 8500, NORTH + 500)
    isle = shapely.box(EAST - 5000, NORTH, EAST - 4500, NORTH + 500)
    land = tiles.geometry.to_numpy().copy()
    place = {tile: i for i, tile in enumerate(tiles["tile_id"])}
    for tile, part in (("tile e1", isle), ("tile e7", rock)):
        land[place[tile]] = shapely.multipolygons([land[place[tile]], part])
    tiles = tiles.set_geometry(gpd.GeoSeries(land, index=tiles.index, crs=CRS))
    offshore = gpd.GeoDataFrame({"tile_id": ["tile e7"]}, geometry=[rock], crs=CRS)
    return replace(grid, network=replace(grid.network, tiles=tiles, offshore=offshore))


@pytest.fixture
def suppressed(grid: Assignment) -> Assignment:
    """The grid with the flow from e4 to m2 known as 1 to 9 students only, 5 in the middle."""
    flows = grid.network.flows.copy()
    row = flows.index[(flows["from_id"] == "e4") & (flows["to_id"] == "m2")]
    flows.loc[row, ["students", "students_low", "students_high"]] = [5.0, 1.0, 9.0]
    graph = replace(grid.network.graph, flow_students=flows["students"].to_numpy())
    return replace(grid, network=replace(grid.network, flows=flows, graph=graph))


@pytest.fixture
def estimated(grid: Assignment) -> Assignment:
    """The grid with estimated flows into h1 and h2 and two variants of the estimate."""
    flows = grid.network.flows.copy()
    guess = flows["to_id"].str.startswith("h")
    flows.loc[guess, "source"] = "estimated"
    pairs = pd.MultiIndex.from_frame(flows.loc[guess, ["from_id", "to_id"]])
    variants = pd.DataFrame(
        {"a": [0.0, 40.0, 38.0, 0.0], "b": [20.0, 20.0, 30.0, 8.0]}, index=pairs
    )
    graph = replace(grid.network.graph, flow_source=flows["source"].to_numpy(dtype=str))
    network = replace(grid.network, flows=flows, graph=graph, flow_variants=variants)
    return replace(grid, network=network)
