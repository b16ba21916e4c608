"""Minutes by streets, worked by hand, beside networkx, and through files and the cache.

Speeds in these tests are such that a metre off the streets takes a thousandth of a minute.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from feeder.cli import app
from feeder.district.model import Access, District, InputFile
from feeder.district.read import read_district, survey_district
from feeder.errors import InputError
from feeder.network.build import build_network
from feeder.network.globe import metres_from_middle
from feeder.network.streets import cache, download
from feeder.network.streets.download import district_outline
from feeder.network.streets.model import street_network
from feeder.network.streets.reading import read_streets
from feeder.network.streets.shortest import minutes_between, snap
from feeder.network.travel import travel_of

PAPER = "EPSG:32618"
A_THOUSANDTH = Access(detour=1.0, speed_km_h=60.0)
"""At 60 km/h a metre takes a thousandth of a minute."""
CORNERS = {0: (0, 0), 1: (2000, 0), 2: (2000, 2000), 3: (0, 2000)}
EDGES = [
    # from, to, seconds
    (0, 1, 120.0),
    (1, 0, 120.0),
    (1, 2, 60.0),  # one-way
    (1, 2, 90.0),  # beside it, slower
    (2, 3, 180.0),
    (3, 2, 180.0),
    (3, 0, 60.0),  # one-way
]
SCHOOLS = {
    "a": (0, -100, 0, 5),
    "b": (2000, -300, 0, 5),
    "c": (2000, 2000, 6, 8),
    "d": (2000, 2200, 9, 12),
}
"""Of the corners 0, 1, 2, 2: 100, 300, 0 and 200 m from them."""
MINUTES = [
    [0.0, 2.4, 3.1, 3.3],  # 0.1 + 2 + 0.3; then + 1: 0.1 + 3 + 0; 0.1 + 3 + 0.2
    [2.4, 0.0, 1.3, 1.5],
    [4.1, 6.3, 0.0, 0.2],  # from 2 to 0: 3 + 1 over 3, none back to 1; 0 to 1: 2 more
    [4.3, 6.5, 0.2, 0.0],
]


@pytest.fixture(autouse=True)
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give every test a cache folder of its own."""
    folder = tmp_path_factory.mktemp("cache") / "shelf"
    with pytest.MonkeyPatch.context() as patch:
        for module in (cache, download):
            patch.setattr(module, "user_cache_path", lambda *_, **__: folder)
        yield folder


def to_degrees(points: Iterable[shapely.Geometry]) -> gpd.GeoSeries:
    """Put shapes drawn on paper on the globe, as the districts of these tests are."""
    drawn = gpd.GeoSeries(list(points), crs=PAPER).translate(500_000.0, 4_300_000.0)
    return drawn.to_crs("EPSG:4326")


def square_graph() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for node, point in zip(CORNERS, to_degrees(map(shapely.Point, CORNERS.values())), strict=True):
        graph.add_node(node, x=str(point.x), y=str(point.y))
    for tail, head, seconds in EDGES:
        graph.add_edge(tail, head, travel_time=str(seconds))
    return graph


@pytest.fixture
def with_streets(tmp_path: Path, draw_district: Callable[..., District]) -> Callable[..., District]:
    """Give the maker of a district whose streets are a GraphML file."""

    def make(graph: nx.MultiDiGraph, schools: dict = SCHOOLS, **changes: object) -> District:
        nx.write_graphml(graph, tmp_path / "streets.graphml")
        given = {
            "folder": tmp_path,
            "streets": InputFile("streets.graphml", "0" * 64),
            "access": A_THOUSANDTH,
        }
        return replace(draw_district(schools), **(given | changes))

    return make


def all_minutes(district: District) -> np.ndarray:
    travel = travel_of(district)
    assert travel.source == "streets"
    places = np.arange(len(travel.matrix))
    return travel.minutes(places, places)


def test_one_way_parallel_and_the_walk_to_the_street(with_streets: Callable[..., District]) -> None:
    """The table of MINUTES, worked in its comments: within 2 m of paper and globe."""
    district = with_streets(square_graph())
    assert all_minutes(district) == pytest.approx(np.array(MINUTES), abs=2e-3)
    assert travel_of(district).warnings == ()


def test_offices_follow_the_schools_and_those_without_a_place_are_unknown(
    with_streets: Callable[..., District],
) -> None:
    """An office at school b, and one nowhere: a row and a column each."""
    offices = pd.DataFrame({"office_id": ["o", "p"], "school_id": ["b", ""]})
    minutes = all_minutes(with_streets(square_graph(), offices=offices))
    assert minutes[:4, 4] == pytest.approx([2.4, 0.0, 6.3, 6.5], abs=2e-3)
    assert minutes[4, :5] == pytest.approx([2.4, 0.0, 1.3, 1.5, 0.0], abs=2e-3)
    assert np.isnan(minutes[5]).all()
    assert np.isnan(minutes[:, 5]).all()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_minutes_agree_with_networkx(seed: int) -> None:
    """A random graph with one-way streets, parallel edges, loops and nodes that lead nowhere."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 25))
    lon, lat = -75 + 0.05 * rng.random(n), 40 + 0.05 * rng.random(n)
    tail, head = rng.integers(0, n, (2, 4 * n))
    minutes = rng.integers(0, 20, 4 * n).astype(float)
    streets = street_network(lon, lat, tail, head, minutes)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), minutes, strict=True))
    largest = max(nx.strongly_connected_components(graph), key=lambda c: (len(c), -min(c)))
    names = sorted(largest)
    assert streets.lon.tolist() == lon[names].tolist()
    assert streets.n_left_out == n - len(names)
    points = metres_from_middle(streets.lon, streets.lat)
    node, metres = snap(streets, points)
    assert node.tolist() == list(range(len(names)))
    found = minutes_between(streets, points, node, metres, 1.0)
    inner = graph.subgraph(names)
    for row, name in enumerate(names):
        ways = nx.single_source_dijkstra_path_length(inner, name)
        assert found[row] == pytest.approx([ways[other] for other in names])


def test_no_way_is_slower_than_a_detour(with_streets: Callable[..., District]) -> None:
    """The triangle inequality over a place on a node: its walk is 0 (school c)."""
    minutes = all_minutes(with_streets(square_graph()))
    assert (minutes <= minutes[:, [2]] + minutes[[2], :] + 1e-9).all()


def test_streets_that_lead_nowhere_are_left_out_and_told(
    with_streets: Callable[..., District],
) -> None:
    """A dead end to be entered but not left, where a school stands: it goes to corner 0."""
    graph = square_graph()
    here = to_degrees([shapely.Point(0, -100)])[0]
    graph.add_node(4, x=str(here.x), y=str(here.y))
    graph.add_edge(0, 4, travel_time="5")
    district = with_streets(graph)
    assert all_minutes(district) == pytest.approx(np.array(MINUTES), abs=2e-3)
    (told,) = travel_of(district).warnings
    assert told.rule == "streets-cut-off"
    assert "1 of 5 crossings left out" in told.message


def test_a_place_far_from_every_street_is_named(with_streets: Callable[..., District]) -> None:
    """School b, 1.2 km south of corner 1, walks 1.2 minutes instead of 0.3."""
    schools = SCHOOLS | {"b": (2000, -1200, 0, 5)}
    district = with_streets(square_graph(), schools)
    network = build_network(district)
    told = [problem for problem in network.warnings if problem.rule == "far-from-streets"]
    assert ["School b is 1.2 km" in str(problem) for problem in told] == [True]
    assert network.travel.minutes(np.array([0]), np.array([1])) == pytest.approx(3.3, abs=2e-3)


def test_streets_of_another_city_are_refused(with_streets: Callable[..., District]) -> None:
    schools = {name: (x + 50_000, y, *grades) for name, (x, y, *grades) in SCHOOLS.items()}
    with pytest.raises(InputError, match=r"do not cover the district: 4 of 4 places"):
        travel_of(with_streets(square_graph(), schools))


def without_times() -> nx.MultiDiGraph:
    graph = square_graph()
    nx.set_edge_attributes(graph, "soon", "travel_time")
    return graph


def projected() -> nx.MultiDiGraph:
    graph = square_graph()
    nx.set_node_attributes(graph, {n: str(x + 500_000) for n, (x, _) in CORNERS.items()}, "x")
    return graph


def nowhere() -> nx.MultiDiGraph:
    graph = square_graph()
    del graph.nodes[2]["y"]
    return graph


@pytest.mark.parametrize(
    ("graph", "told"),
    [
        (nx.MultiDiGraph(), "holds no streets that can be driven"),
        (nowhere(), "streets without coordinates"),
        (projected(), "are no degrees"),
        (without_times(), "no number of seconds"),
    ],
)
def test_unusable_streets_are_told(
    with_streets: Callable[..., District], graph: nx.MultiDiGraph, told: str
) -> None:
    with pytest.raises(InputError, match=told) as caught:
        travel_of(with_streets(graph))
    assert caught.value.problems[0].file == "streets.graphml"


@pytest.mark.parametrize("content", ["", "<graphml", "<html></html>", "lon,lat\n1,2\n"])
def test_what_is_no_graphml_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "streets.graphml"
    path.write_text(content)
    with pytest.raises(InputError, match=r"streets\.graphml: the streets cannot be read"):
        read_streets(path, path.name, 30.0)


def test_the_cache_gives_the_same_bytes_and_needs_no_file(
    with_streets: Callable[..., District], tmp_path: Path, shelf: Path
) -> None:
    district = with_streets(square_graph())
    first = travel_of(district).matrix
    kept = {path.name: path.read_bytes() for path in shelf.iterdir()}
    assert sorted(name.split("-")[0] for name in kept) == ["minutes", "streets"]
    (tmp_path / "streets.graphml").unlink()
    assert travel_of(district).matrix.tobytes() == first.tobytes()
    assert {path.name: path.read_bytes() for path in shelf.iterdir()} == kept


def test_another_file_or_another_speed_is_reckoned_anew(
    with_streets: Callable[..., District],
) -> None:
    before = all_minutes(with_streets(square_graph()))
    slow = square_graph()
    nx.set_edge_attributes(slow, "600", "travel_time")
    after = all_minutes(with_streets(slow, streets=InputFile("streets.graphml", "1" * 64)))
    assert after[0, 1] == pytest.approx(10.4, abs=2e-3)
    district = with_streets(square_graph())
    walking = replace(district, access=Access(detour=1.0, speed_km_h=6.0))
    assert all_minutes(walking)[0, 1] == pytest.approx(1.0 + 2.0 + 3.0, abs=0.02)
    assert all_minutes(district).tobytes() == before.tobytes()


def test_a_torn_cache_is_made_anew(with_streets: Callable[..., District], shelf: Path) -> None:
    district = with_streets(square_graph())
    first = travel_of(district).matrix
    for path in shelf.iterdir():
        path.write_bytes(path.read_bytes()[:100])
    assert travel_of(district).matrix.tobytes() == first.tobytes()


def test_a_home_that_cannot_be_written_does_no_harm(
    with_streets: Callable[..., District], shelf: Path
) -> None:
    shelf.write_text("a file where the cache folder should be")
    district = with_streets(square_graph())
    assert all_minutes(district) == pytest.approx(np.array(MINUTES), abs=2e-3)


def folder_of(place: Path, streets: str = "streets.graphml") -> Path:
    """Write a district folder of the four schools and the square of streets."""
    points = to_degrees(shapely.Point(row[:2]) for row in SCHOOLS.values())
    grades = ["K-5", "K-5", "6-8", "9-12"]
    rows = [
        f"{name},{name.upper()},{point.y},{point.x},100,{span}"
        for name, point, span in zip(SCHOOLS, points, grades, strict=True)
    ]
    place.mkdir()
    (place / "schools.csv").write_text(
        "\n".join(["school_id,name,lat,lon,enrollment,grades", *rows])
    )
    (place / "offices.csv").write_text("office_id,school_id\nmain,c\n")
    (place / "district.toml").write_text(
        'name = "Square"\n[schools]\npath = "schools.csv"\n[offices]\npath = "offices.csv"\n'
        f'[streets]\npath = "{streets}"\n[access]\ndetour = 1.0\nspeed_km_h = 60\n'
    )
    nx.write_graphml(square_graph(), place / streets)
    return place


def test_a_district_folder_with_streets(tmp_path: Path) -> None:
    """From the office at school c, on corner 2: the third row of MINUTES."""
    district = read_district(folder_of(tmp_path / "square"))
    assert district.streets in district.inputs
    travel = build_network(district).travel
    found = travel.minutes(np.array([4]), np.arange(4))
    assert found[0] == pytest.approx(MINUTES[2], abs=2e-3)


def test_streets_of_an_unknown_format_are_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "square", streets="streets.pbf")
    (problem,) = survey_district(folder).problems
    assert problem.rule == "unknown-format"
    assert ".graphml, .osm, .xml" in problem.fix


def test_the_outline_is_the_boundary_and_the_schools_and_a_margin(
    draw_district: Callable[..., District],
) -> None:
    """A boundary of 1 by 1 km and a margin of 0.5: 1 + 4 * 0.5 + pi * 0.25 square kilometres."""
    schools = {"a": (100, 100, 0, 5), "b": (900, 900, 6, 12)}
    district = draw_district(schools, boundary=shapely.box(0, 0, 1000, 1000))
    outline = to_metres(district_outline(district, 0.5))
    assert outline.area == pytest.approx(1e6 * (1 + 2 + np.pi / 4), rel=0.01)


def to_metres(shape: shapely.Geometry) -> shapely.Geometry:
    return gpd.GeoSeries([shape], crs=4326).to_crs(PAPER).iloc[0]


def stub(answer) -> SimpleNamespace:
    """Stand in for osmnx: what its server answers, its files by networkx."""

    def save(graph: nx.MultiDiGraph, path: Path) -> None:
        nx.write_graphml(graph, path)

    def add_speeds(graph: nx.MultiDiGraph, *, fallback: float) -> nx.MultiDiGraph:
        nx.set_edge_attributes(graph, fallback, "speed_kph")
        return graph

    def add_times(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
        for *_, edge in graph.edges(data=True):
            edge["travel_time"] = edge["length"] / 1000 / edge["speed_kph"] * 3600
        return graph

    return SimpleNamespace(
        graph=SimpleNamespace(graph_from_polygon=answer, graph_from_xml=answer),
        routing=SimpleNamespace(add_edge_speeds=add_speeds, add_edge_travel_times=add_times),
        io=SimpleNamespace(save_graphml=save),
        settings=SimpleNamespace(use_cache=False, cache_folder=None),
    )


def offline(*_: object, **__: object) -> None:
    raise ConnectionError("no route to host")


def answer_square(_outline: shapely.Geometry, *, network_type: str) -> nx.MultiDiGraph:
    """Answer with the square: one edge tells its speed, one its time, the others their length."""
    assert network_type == "drive"
    graph = square_graph()
    for tail, head, key, edge in graph.edges(keys=True, data=True):
        if (tail, head, key) != (0, 1, 0):
            del edge["travel_time"]
        edge |= {"length": 2000.0, "geometry": "a curve"}
    graph.edges[1, 0, 0]["speed_kph"] = 20.0
    return graph


runner = CliRunner()


def test_downloaded_streets_are_written_and_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given times and speeds stay: 0 to 1 in 120 s, back at 20 km/h in 360; the rest at 60: 120."""
    monkeypatch.setitem(sys.modules, "osmnx", stub(answer_square))
    folder = folder_of(tmp_path / "square")
    refused = runner.invoke(app, ["streets", str(folder)])
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    done = runner.invoke(app, ["streets", str(folder), "--force"])
    assert done.exit_code == 0, done.output
    assert '[streets]\npath = "streets.graphml"' in done.stdout
    assert "OpenStreetMap" in done.stdout
    written = nx.read_graphml(folder / "streets.graphml", force_multigraph=True)
    assert not any("geometry" in edge for *_, edge in written.edges(data=True))
    minutes = all_minutes(read_district(folder))
    assert minutes[0, 1] == pytest.approx(0.1 + 2.0 + 0.3, abs=2e-3)
    assert minutes[1, 0] == pytest.approx(0.3 + 6.0 + 0.1, abs=2e-3)
    assert minutes[1, 2] == pytest.approx(0.3 + 2.0, abs=2e-3)


def test_paths_and_outlines_of_an_extract_are_no_streets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A footway that would be quicker, and a house that nothing else leads to."""

    def extract(_path: Path, *, simplify: bool, retain_all: bool) -> nx.MultiDiGraph:
        assert retain_all
        assert not simplify
        graph = square_graph()
        nx.set_edge_attributes(graph, "residential", "highway")
        nx.set_edge_attributes(graph, 2000.0, "length")
        graph.add_edge(0, 2, highway="footway", length=10.0)
        graph.add_edge("door", "garden", building="yes", length=10.0)
        return graph

    monkeypatch.setitem(sys.modules, "osmnx", stub(extract))
    streets = read_streets(tmp_path / "city.osm", "city.osm", 30.0)
    assert streets.n_nodes == len(CORNERS)
    assert streets.n_left_out == 0
    assert streets.minutes.tolist() == [2.0, 2.0, 1.0, 3.0, 1.0, 3.0]


def test_an_extract_without_streets_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    houses = nx.MultiDiGraph([("door", "garden")])
    monkeypatch.setitem(sys.modules, "osmnx", stub(lambda *_, **__: houses))
    with pytest.raises(InputError, match="no streets that can be driven"):
        read_streets(tmp_path / "city.osm", "city.osm", 30.0)


def test_without_internet_the_way_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "osmnx", stub(offline))
    folder = folder_of(tmp_path / "square")
    out = tmp_path / "new.graphml"
    result = runner.invoke(app, ["streets", str(folder), "--out", str(out)])
    assert result.exit_code == 1
    assert "could not be downloaded (ConnectionError)" in result.stderr
    assert "copy the file into the district folder" in result.stderr
    assert "Traceback" not in result.output
    assert not out.exists()


def test_only_graphml_is_written(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "square")
    result = runner.invoke(app, ["streets", str(folder), "--out", str(folder / "schools.csv")])
    assert result.exit_code == 1
    assert "must end in .graphml" in result.stderr
    assert (folder / "schools.csv").read_text().startswith("school_id")
