"""A toy district of 36 jittered square tiles and 60 schools, planned into four quadrants.

Rows of cells run from south to north. Names are hostile on purpose, some cells are small, one
tile is vacant and one owns an offshore island.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from publication import published

from feeder.district.model import GRADE_COLUMNS, WGS84, District, Statistics
from feeder.district.read import read_district
from feeder.language import Message
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.scorecard import Scorecard, Value
from feeder.network.build import build_network
from feeder.network.graph import FeederGraph
from feeder.network.model import Network
from feeder.network.travel import travel_of
from feeder.planning import Assignment
from feeder.planning.constraints.judged import ConstraintResult, Violation
from feeder.publishing.published import PublishedPlan
from feeder.scenario import Scenario

CRS = "EPSG:32618"
ORIGIN = np.array([300_000.0, 4_300_000.0])
SIDE_M = 1_500.0
GRID = 6
VACANT_CELL = 14
HOSTILE = (
    "{{7*7}}",
    "{% raw %}",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "${7*7}",
    "`backticks` & \"quotes\" 'single'",
    "=HYPERLINK(1)",
    "\u202eright to left\u202c \u2028 separators",
)


def _vertices(rng: np.random.Generator) -> np.ndarray:
    """Corner points of the grid, moved a little where they are not on the rim."""
    axis = np.arange(GRID + 1) * SIDE_M
    corners = np.stack(np.meshgrid(axis, axis, indexing="xy"), axis=-1) + ORIGIN
    inner = corners[1:-1, 1:-1]
    inner += rng.uniform(-250.0, 250.0, size=inner.shape)
    return corners


def _cells(corners: np.ndarray) -> np.ndarray:
    rings = [
        [corners[y, x], corners[y, x + 1], corners[y + 1, x + 1], corners[y + 1, x]]
        for y in range(GRID)
        for x in range(GRID)
    ]
    return shapely.polygons(np.array([[*ring, ring[0]] for ring in rings]))


def _schools(cells: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """35 elementary schools with a tile, 15 middle, 9 high and one K-12 span without."""
    rows = []
    centres = shapely.centroid(cells)
    for cell in range(GRID * GRID):
        if cell == VACANT_CELL:
            continue
        rows.append((f"E{cell:02d}", f"Elementary {cell}", "elementary", 0, 5, centres[cell], cell))
    kinds = ["middle"] * 15 + ["high"] * 9 + ["span"]
    spans = {"middle": (6, 8), "high": (9, 12), "span": (0, 12)}
    for k, level in enumerate(kinds):
        cell = (k * 7 + 3) % (GRID * GRID)
        shift = rng.uniform(-400.0, 400.0, size=2)
        point = shapely.transform(centres[cell], lambda xy, shift=shift: xy + shift)
        rows.append(
            (
                f"{level[0].upper()}{k:02d}",
                f"{level.title()} {k}",
                level,
                *spans[level],
                point,
                cell,
            )
        )
    frame = pd.DataFrame(
        rows, columns=["school_id", "name", "level", "grade_low", "grade_high", "point", "cell"]
    ).set_index("school_id")
    frame = frame.sort_index()
    for school, name in zip(frame.index[::7], HOSTILE, strict=False):
        frame.loc[school, "name"] = name
    points = gpd.GeoSeries(list(frame.pop("point")), index=frame.index, crs=CRS).to_crs(WGS84)
    frame["lat"], frame["lon"] = points.y, points.x
    frame["grades"] = [
        sum(1 << grade for grade in range(low, high + 1))
        for low, high in zip(frame["grade_low"], frame["grade_high"], strict=True)
    ]
    frame["enrollment"] = rng.integers(180, 900, size=len(frame))
    frame.loc["M14", "enrollment"] = 7
    frame["campus_id"] = frame["region"] = frame["kind"] = ""
    frame["capacity"] = frame["office_capacity"] = np.nan
    return frame


def _grade_enrollment(schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    table = pd.DataFrame(0.0, index=schools.index, columns=list(GRADE_COLUMNS))
    for school, row in schools.iterrows():
        served = [str(g) if g else "K" for g in range(row["grade_low"], row["grade_high"] + 1)]
        table.loc[school, served] = rng.multinomial(
            row["enrollment"], np.full(len(served), 1 / len(served))
        )
    move = table.loc["E05", "3"] - 4
    table.loc["E05", "3"] -= move
    table.loc["E05", "2"] += move
    move = table.loc["E07", "5"] - 6
    table.loc["E07", "5"] -= move
    table.loc["E07", "2"] += move
    return table


def _flows(schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Each school sends its leavers to the two nearest of the next level, 85 % and 15 %."""
    xy = schools[["lon", "lat"]].to_numpy()
    rows = []
    sources = ("observed", "zoned", "estimated")
    for sender, row in schools.iterrows():
        following = {"elementary": "middle", "middle": "high"}.get(row["level"])
        if following is None:
            continue
        targets = schools.index[schools["level"] == following]
        distance = np.hypot(
            *(schools.loc[targets, ["lon", "lat"]].to_numpy() - xy[schools.index.get_loc(sender)]).T
        )
        first, second = targets[np.argsort(distance)[:2]]
        source = sources[int(rng.integers(3))]
        for receiver, share in ((first, 0.85), (second, 0.15)):
            students = share * row["leavers"]
            rows.append((sender, receiver, students, students, students, source))
    columns = ["from_id", "to_id", "students", "students_low", "students_high", "source"]
    return pd.DataFrame(rows, columns=columns).sort_values(["from_id", "to_id"], ignore_index=True)


def _graph(
    schools: pd.DataFrame, cells: np.ndarray, flows: pd.DataFrame
) -> tuple[FeederGraph, np.ndarray]:
    """Campuses are schools, but S24 shares the site of the elementary in its cell."""
    tenant = "S24"
    host = f"E{schools.loc[tenant, 'cell']:02d}"
    campuses = [school for school in schools.index if school != tenant]
    node_ids = (*campuses, f"vacant-{VACANT_CELL}")
    node_of = {name: k for k, name in enumerate(node_ids)}
    node_of[tenant] = node_of[host]
    landed = {school: int(schools.loc[school, "cell"]) for school in campuses if school[0] == "E"}
    landed[node_ids[-1]] = VACANT_CELL
    node_of_cell = {cell: node_of[name] for name, cell in landed.items()}
    contacts: list[tuple[int, int, str, float, float]] = []
    for a in range(len(cells)):
        for b in (a + 1, a + GRID):
            if b < len(cells) and (b != a + 1 or b % GRID):
                border = shapely.length(shapely.intersection(cells[a], cells[b]))
                pair = sorted((node_of_cell[a], node_of_cell[b]))
                contacts.append((pair[0], pair[1], "border", float(border), np.nan))
    for school in campuses:
        if school[0] != "E":
            tile = node_of_cell[int(schools.loc[school, "cell"])]
            contacts.append((node_of[school], tile, "campus", np.nan, 1.0))
    contacts.sort()
    a, b, kind, border_m, share = (np.array(column) for column in zip(*contacts, strict=True))
    has_land = np.zeros(len(node_ids), dtype=bool)
    has_land[list(node_of_cell.values())] = True
    index = {school: k for k, school in enumerate(schools.index)}
    graph = FeederGraph(
        node_ids=node_ids,
        n_campuses=len(campuses),
        school_ids=tuple(schools.index),
        school_node=np.array([node_of[school] for school in schools.index]),
        has_land=has_land,
        contact_a=a,
        contact_b=b,
        contact_kind=kind,
        contact_border_m=border_m,
        contact_share=share,
        flow_from=flows["from_id"].map(index).to_numpy(),
        flow_to=flows["to_id"].map(index).to_numpy(),
        flow_students=flows["students"].to_numpy(),
        flow_source=flows["source"].to_numpy(dtype=str),
    )
    cell_of_node = np.full(len(node_ids), -1)
    for cell, node in node_of_cell.items():
        cell_of_node[node] = cell
    return graph, cell_of_node


def build_toy(seed: int = 0) -> Assignment:
    """Return the toy assignment; E35's tile owns an offshore island."""
    rng = np.random.default_rng(seed)
    cells = _cells(_vertices(rng))
    island = shapely.box(*(ORIGIN + 14_000.0), *(ORIGIN + 14_600.0))
    cells[-1] = shapely.multipolygons([cells[-1], island])
    schools = _schools(cells, rng)
    grades = _grade_enrollment(schools, rng)
    top = [str(high) for high in schools["grade_high"]]
    schools["leavers"] = [grades.loc[s, g] for s, g in zip(schools.index, top, strict=True)]
    schools["leavers_estimated"] = False
    schools["entering"] = grades["K"]
    flows = _flows(schools, rng)
    graph, cell_of_node = _graph(schools, cells, flows)
    landed = np.flatnonzero(graph.has_land)
    tiles = gpd.GeoDataFrame(
        {
            "tile_id": [graph.node_ids[node] for node in landed],
            "school_id": [graph.node_ids[n] if n < graph.n_campuses else None for n in landed],
            "node": landed,
        },
        geometry=cells[cell_of_node[landed]],
        crs=CRS,
    )
    offshore = gpd.GeoDataFrame({"tile_id": ["E35"]}, geometry=[island], crs=CRS)
    counts = pd.DataFrame(
        {"meals": rng.integers(0, 60, len(schools)).astype(float)}, index=schools.index
    )
    absent = pd.DataFrame(
        {
            "absence": rng.uniform(0, 0.3, len(schools)),
            "absence_denominator": schools["enrollment"] * 1.0,
        }
    )
    need = counts["meals"] * 1.0
    district = District(
        name="Toy <b>District</b> {{7*7}}",
        year="2024-25",
        folder=Path("toy"),
        synthetic=True,
        schools=schools.drop(columns="cell"),
        extra=pd.DataFrame(
            {"board": "1", "n_meals": counts["meals"].astype(str)}, index=schools.index
        ),
        grade_enrollment=grades,
        areas=None,
        boundary=None,
        flows=flows,
        statistics=Statistics(
            counts, absent, pd.DataFrame(index=schools.index), {"meals": 1.0}, need
        ),
        existing_plan=None,
        offices=None,
        scenario=Scenario(),
        warnings=(),
        inputs=(),
    )
    network = Network(
        graph=graph,
        tiles=tiles,
        offshore=offshore,
        crs=CRS,
        flows=flows,
        flow_report={},
        flow_variants=None,
        warnings=(),
        travel=travel_of(district),
    )
    cell_of_school = schools["cell"].to_numpy()
    quadrant = (cell_of_school // GRID >= GRID // 2) * 2 + (cell_of_school % GRID >= GRID // 2)
    community = np.zeros(graph.n_nodes, dtype=np.int64)
    community[graph.school_node] = quadrant
    community[-1] = (VACANT_CELL // GRID >= GRID // 2) * 2 + (VACANT_CELL % GRID >= GRID // 2)
    return Assignment.of_nodes(
        district=district,
        network=network,
        scenario=Scenario(communities=4, nested_in="board").resolved(
            n_schools=60, estimated_flows=True
        ),
        node_community=community,
        ids=("C01", "C02", "C03", "C04"),
        names=("North {{7*7}} Community", "<i>East</i> Community", "South", "West"),
    )


def toy_scorecard(assignment: Assignment) -> Scorecard:
    """Score the toy by hand: enough figures for a page, computed from the assignment given."""
    schools = assignment.district.schools.loc[list(assignment.network.graph.school_ids)]
    community = assignment.school_community
    graph = assignment.network.graph
    kept = community[graph.flow_from] == community[graph.flow_to]
    students = graph.flow_students
    inside, total = float(students[kept].sum()), float(students.sum())
    enrollment = np.bincount(community, weights=schools["enrollment"], minlength=4)
    deviation = enrollment / enrollment.mean() - 1
    share = inside / total if total else None
    table = pd.DataFrame(
        {
            "name": assignment.community_names,
            "n_schools": np.bincount(community, minlength=4),
            "enrollment": enrollment,
            "enrollment_deviation": deviation,
            "feeder_continuity": [share] * 4,
            "k12_continuity": [0.5, 0.25, None, 0.75],
        },
        index=pd.Index(assignment.community_ids, name="community_id"),
    )
    east = Message("community.id", {"id": "<i>East</i> Community"})
    parts = Message("broken.parts", {"community": east, "n": 3, "places": ("E05",)})
    broken = Violation("C02", 3, 1, "pieces", parts)
    return Scorecard(
        plan={
            "feeder_continuity": Value(share, None, inside, total),
            "k12_continuity": Value(0.5),
            "enrollment_deviation": Value(float(np.abs(deviation).max())),
            "office_minutes_mean": Value(
                None, Message("missing.no_host", {"communities": ("C01",)})
            ),
        },
        existing=None,
        communities=table,
        constraints=(
            ConstraintResult(
                "communities",
                Message("promise.communities", {"n": 4}),
                satisfied=True,
                violations=(),
            ),
            ConstraintResult(
                "contiguity",
                Message("promise.contiguity", {"share": 0.1}),
                satisfied=False,
                violations=(broken,),
            ),
        ),
        island_communities=(
            {
                "community_id": "C04",
                "name": "West",
                "pieces": 2,
                "reason": Message("island.tiles", {"tiles": ("E35",)}),
            },
        ),
        certificate={},
        definitions={
            name: DEFINITIONS[name]
            for name in (
                "feeder_continuity",
                "k12_continuity",
                "enrollment_deviation",
                "office_minutes_mean",
            )
        },
        notes={},
    )


@pytest.fixture(scope="session")
def toy() -> Assignment:
    """The toy district as read, with its small cells."""
    return build_toy()


@pytest.fixture(scope="session")
def public(toy: Assignment) -> PublishedPlan:
    """The toy as it is published."""
    return published(toy)


@pytest.fixture(scope="session")
def toy_score(toy: Assignment) -> Scorecard:
    """The scorecard of the toy as read."""
    return toy_scorecard(toy)


@pytest.fixture(scope="session")
def hostile_names() -> tuple[str, ...]:
    """Names that would do harm wherever text is taken for code."""
    return HOSTILE


@pytest.fixture(scope="session")
def build() -> Callable[[int], Assignment]:
    """Return the function that builds the toy from a seed."""
    return build_toy


@pytest.fixture(scope="session")
def scorer() -> Callable[[Assignment], Scorecard]:
    """Return the function that scores a toy by hand."""
    return toy_scorecard


@pytest.fixture(scope="session")
def scattered() -> Callable[[Path], Assignment]:
    """Return a function that reads a district and cuts it into squares: a plan to draw."""

    def cut(folder: Path) -> Assignment:
        district = read_district(folder)
        network = build_network(district)
        schools = district.schools.loc[list(network.graph.school_ids)]
        node = np.zeros(network.graph.n_nodes, dtype=np.int64)
        east = schools["lon"].to_numpy() > schools["lon"].median()
        north = schools["lat"].to_numpy() > schools["lat"].median()
        node[network.graph.school_node] = 2 * north + east
        return Assignment.of_nodes(
            district=district,
            network=network,
            scenario=district.scenario.resolved(
                n_schools=len(schools), estimated_flows=district.flows is None
            ),
            node_community=node,
            ids=("C01", "C02", "C03", "C04"),
            names=("South-west", "South-east", "North-west", "North-east"),
        )

    return cut
