"""Districts and plans on which the page's arithmetic is held to Python's.

A district is told as a published page tells it. Its plans are whole, edited, torn, cut short
and broken in every way that a promise can be.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from measures.conftest import CRS, EAST, FLOWS, NORTH, SCHOOLS, _grid
from render.conftest import build_toy
from town import DISTRICT, write_town
from town import FLOWS as TOWN_FLOWS
from vectors.expected import relabelled, score_used, told, values, what_is_open

from feeder.district.read import read_district
from feeder.network.build import build_network
from feeder.planning import Assignment
from feeder.publishing.cells import every_cell
from feeder.publishing.facts import facts
from feeder.publishing.figures import ranged
from feeder.publishing.worlds import Worlds, worlds_of

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(__file__).resolve().parent


def vector(name: str) -> dict[str, Any]:
    """Return a district's facts, its plans, and what Python makes of each and of today's."""
    assignment, worlds = district(name)
    made = {case: (plan, score_used(plan)) for case, plan in cases(assignment, DISTRICTS[name][1])}
    today = next(iter(made.values()))[1].existing
    return {
        "facts": facts(assignment, worlds),
        "existing": None if today is None else values(today),
        "cases": [
            {
                "name": case,
                "ids": list(plan.community_ids),
                "names": list(plan.community_names),
                "school": plan.school_community.tolist(),
                "node": plan.node_community.tolist(),
                # The land that `feeder score` gives an edited plan is for the page to find.
                "edited": case != "planned",
                "expected": told(card),
                "open": what_is_open(ranged(card, plan, worlds)) if worlds.is_open else None,
            }
            for case, (plan, card) in made.items()
        ],
    }


@cache
def district(name: str) -> tuple[Assignment, Worlds]:
    """Return a district with its plan as it is drawn, and what may be known of it."""
    plan, is_whole = DISTRICTS[name][0](), name.startswith("grid")
    worlds = worlds_of(plan, every_cell(plan.district, plan.network) if is_whole else None)
    return worlds.of(plan), worlds


def cases(assignment: Assignment, wanted: str) -> Iterator[tuple[str, Assignment]]:
    """Yield plans of a district by name; ``wanted`` names those that it is good for."""
    rng = np.random.default_rng(7)
    graph, home, n = assignment.network.graph, assignment.school_community, assignment.n_communities
    of_campus = rng.integers(0, n, graph.n_nodes)[graph.school_node]
    made: dict[str, Callable[[], Assignment]] = {
        "planned": lambda: assignment,
        "edited": lambda: relabelled(
            assignment, np.where(graph.school_node % 9 == 4, of_campus, home)
        ),
        "torn": lambda: relabelled(assignment, rng.integers(0, n, len(home))),
        "partial": lambda: relabelled(assignment, np.where(rng.random(len(home)) < 0.4, -1, home)),
        "empty": lambda: relabelled(assignment, np.where(home == 0, 1, home)),
        "nobody": lambda: relabelled(assignment, np.full_like(home, -1)),
        "fewer": lambda: relabelled(
            replace(assignment, communities=assignment.communities[:-1]),
            np.where(home == n - 1, 0, home),
        ),
    }
    for name in wanted.split():
        yield name, made[name]()


def folder_plan(folder: Path, *, choice: str = "place") -> Assignment:
    """Read a district folder with today's plan as its plan."""
    found = read_district(folder)
    scenario = replace(found.scenario, choice_schools=choice)
    network = build_network(found, choice_schools=choice)
    graph = network.graph
    today = found.existing_plan.reindex(list(graph.school_ids))
    ids = tuple(sorted(today.dropna().unique()))
    home = np.array([ids.index(one) if isinstance(one, str) else -1 for one in today])
    home[graph.is_apart[graph.school_node]] = -1
    return Assignment.of_schools(
        found,
        network,
        scenario.resolved(n_schools=len(home), estimated_flows=found.flows is None),
        home,
        vacant=np.full(graph.n_nodes - graph.n_campuses, -1),
        ids=ids,
        names=tuple(f"{one} side" if len(one) == 1 else one for one in ids),
    )


def town(changed: Mapping[str, str], **options: Any) -> Assignment:
    """Read the town with some of its files changed."""
    with tempfile.TemporaryDirectory() as folder:
        return folder_plan(write_town(Path(folder) / "town", changed), **options)


def toy(*, with_today: bool) -> Assignment:
    """Return the toy district: an offshore island, a vacant tile, hostile names."""
    made = build_toy()
    if not with_today:
        return replace(made, district=replace(made.district, existing_plan=None))
    ids = list(made.network.graph.school_ids)
    today = pd.Series([f"T{k % 4}" for k in range(len(ids))], index=ids)
    return replace(made, district=replace(made.district, existing_plan=today))


def grid(**changed: Any) -> Assignment:
    """Return the hand-worked grid, of which every count is told."""
    return replace(_grid(), **changed)


def grid_of_islands() -> Assignment:
    """Return the grid with real islands, a rock offshore, a bridge, and today known for a few."""
    made = _grid()
    tiles = made.network.tiles
    place = {tile: i for i, tile in enumerate(tiles["tile_id"])}
    land = tiles.geometry.to_numpy().copy()
    isles = [shapely.box(EAST - 5000 - k, NORTH, EAST - 4500 - k, NORTH + 500) for k in (0, 500)]
    rock = shapely.box(EAST - 9000, NORTH, EAST - 8500, NORTH + 500)
    for tile, part in (("tile e1", isles[0]), ("tile e4", isles[1]), ("tile e7", rock)):
        land[place[tile]] = shapely.multipolygons([land[place[tile]], part])
    graph = made.network.graph
    kind, border = graph.contact_kind.astype("U7"), graph.contact_border_m.copy()
    joint, bridge = (contact_between(made, *ends) for ends in (("e1", "e4"), ("e7", "e8")))
    border[joint] += 500.0
    kind[bridge], border[bridge] = "bridge", 0.0
    network = replace(
        made.network,
        graph=replace(graph, contact_kind=kind, contact_border_m=border),
        tiles=tiles.set_geometry(gpd.GeoSeries(land, index=tiles.index, crs=CRS)),
        offshore=gpd.GeoDataFrame({"tile_id": ["tile e7"]}, geometry=[rock], crs=CRS),
    )
    today = made.district.existing_plan.iloc[::2]
    return grid(network=network, district=replace(made.district, existing_plan=today))


def contact_between(assignment: Assignment, a: str, b: str) -> int:
    """Return the place of the contact of two nodes."""
    graph = assignment.network.graph
    ends = np.stack([graph.contact_a, graph.contact_b])
    wanted = sorted(graph.node_ids.index(one) for one in (a, b))
    return int(np.flatnonzero((wanted == ends.T).all(axis=1))[0])


def grid_of_rings() -> Assignment:
    """Return the grid with flows known as ranges, and pupils who go round in rings.

    All of ``e1`` go to ``e4`` and back, so that nobody leaves this ring; ``m1`` and ``m2`` also
    send students on. Nobody says what is needed. Offices find little room: at ``e7`` for any
    number of schools, at ``e1`` for none, elsewhere for five.
    """
    ring = [("m1", "m2", 5.0), ("m2", "m1", 4.0), ("e1", "e4", 10.0), ("e4", "e1", 10.0)]
    exactly_small = {("m1", "h1"): 6.0, ("m2", "h1"): 34.0}
    rows = [
        (a, b, exactly_small.get((a, b), students))
        for a, b, students in (*(row for row in FLOWS if row[0] not in {"e1", "e4"}), *ring)
    ]
    flows = pd.DataFrame(sorted(rows), columns=["from_id", "to_id", "students"])
    spread = np.arange(len(flows)) % 4
    flows["students_low"] = flows["students"] - np.minimum(spread, flows["students"])
    flows["students_high"] = flows["students"] + 2 * spread
    flows["source"] = np.where(np.arange(len(flows)) % 7 == 5, "estimated", "observed")
    made = _grid()
    graph = replace(
        made.network.graph,
        flow_from=np.array([SCHOOLS.index(one) for one in flows["from_id"]]),
        flow_to=np.array([SCHOOLS.index(one) for one in flows["to_id"]]),
        flow_students=flows["students"].to_numpy(),
        flow_source=flows["source"].to_numpy(dtype=str),
    )
    measures = replace(made.district.statistics, need=None)
    schools = made.district.schools.assign(office_capacity=5.0)
    schools.loc[["e1", "e7"], "office_capacity"] = [0.0, np.nan]
    return grid(
        network=replace(made.network, graph=graph, flows=flows),
        district=replace(made.district, statistics=measures, schools=schools),
    )


def grid_of_wishes() -> Assignment:
    """Return the grid under promises that contradict each other."""
    scenario = replace(
        _grid().scenario,
        communities=3,
        keep_together=(("e1", "m2", "h1"), ("e2", "nobody")),
        keep_apart=(("e1", "e4", "m1"), ("h1", "h2")),
        locked=MappingProxyType({"h1": "W", "e7": "W", "e8": "Z"}),
        nested_in="board",
    )
    return grid(scenario=scenario)


def grid_of_offices() -> Assignment:
    """Return the grid with an office that few may hold, none too far away, and little to change.

    The west may hold its office at one school only, the east at none. The west is full, the east
    is not; of two schools the capacity is unknown or none.
    """
    made = _grid()
    west = made.school_community == 0
    capacity = np.where(west, np.nan, 0.0)
    capacity[np.flatnonzero(west)[1:]] = 0.0
    rooms = made.district.schools["enrollment"].to_numpy() / np.where(west, 0.95, 0.7)
    rooms[[0, 8]] = np.nan, 0.0
    schools = made.district.schools.assign(office_capacity=capacity, capacity=rooms.round())
    scenario = replace(
        made.scenario,
        capacity_tolerance=0.05,
        max_office_minutes=1.0,
        budgets={
            "schools_moved": 0.0,
            "students_moved": 1.0,
            "variation_of_information": 0.001,
            "students_separated": 0.001,
        },
    )
    return grid(scenario=scenario, district=replace(made.district, schools=schools))


def toy_without_today() -> Assignment:
    """Return the toy district without a plan of today: a budget knows nothing, no seat counts."""
    made = toy(with_today=False)
    bare = {"budgets": {"schools_moved": 3.0}, "coverage_share": 0.0}
    return replace(made, scenario=replace(made.scenario, **bare))


RANGES = TOWN_FLOWS.replace("e5,m1,44", "e5,m1,*").replace("k8,h2,28", "k8,h2,*")
WIDE = DISTRICT.replace("suppressed_range = [1, 9]", "suppressed_range = [1, 30]")
FEW = "school_id,community_id\ne1,A\nm1,A\nh2,B\nnobody,C\n"
EVERY = "planned edited torn partial empty nobody fewer"

DISTRICTS: dict[str, tuple[Callable[[], Assignment], str]] = {
    "grid": (grid, EVERY),
    "grid_of_islands": (grid_of_islands, "planned edited torn partial"),
    "grid_of_rings": (grid_of_rings, "planned edited torn partial nobody"),
    "grid_of_offices": (grid_of_offices, "planned edited torn empty"),
    "grid_of_wishes": (grid_of_wishes, "planned torn partial"),
    "toy": (lambda: toy(with_today=True), "planned edited torn partial"),
    "toy_without_today": (toy_without_today, "edited empty"),
    "village": (lambda: folder_plan(ROOT / "tests" / "village"), EVERY),
    "town": (lambda: town({}), EVERY),
    "town_of_ranges": (
        lambda: town({"district.toml": WIDE, "flows.csv": RANGES, "plan.csv": FEW}),
        "planned torn partial",
    ),
    "town_apart": (lambda: town({}, choice="apart"), "planned torn partial"),
    "town_by_flow": (lambda: town({}, choice="flow"), "planned torn partial"),
    "embedded": (lambda: folder_plan(ROOT / "geodata"), "planned edited torn"),
}
"""Each district with the plans that it is held to."""
