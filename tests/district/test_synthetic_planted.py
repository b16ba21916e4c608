"""The planted communities keep the default promises: checked with shapely and networkx alone."""

import json
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from feeder.district.synthetic import write_synthetic

GRADES = ["K", *map(str, range(1, 13))]


@pytest.fixture(
    scope="module",
    params=[(20, 0), (26, 1), (31, 2), (48, 3), (130, 0), (400, 0)],
    ids=str,
)
def folder(request: pytest.FixtureRequest, synthetic_folder: Callable[[int, int], Path]) -> Path:
    return synthetic_folder(*request.param)


def _schools(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "schools.csv", dtype={"school_id": str}).set_index("school_id")


def _areas(folder: Path, level: str) -> list[tuple[str, shapely.Geometry]]:
    text = (folder / f"areas_{level}.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    return [(f["properties"]["school_id"], shape(f["geometry"])) for f in features]


def _land(folder: Path) -> tuple[nx.Graph, dict[str, shapely.Geometry]]:
    """Return elementary areas that share a border, and the areas themselves."""
    tiles = dict(_areas(folder, "elementary"))
    ids = list(tiles)
    a, b = shapely.STRtree(list(tiles.values())).query(list(tiles.values()), predicate="touches")
    graph = nx.Graph()
    graph.add_nodes_from(ids)
    for i, j in zip(a, b, strict=True):
        border = tiles[ids[i]].intersection(tiles[ids[j]])
        if border.length > 0:
            graph.add_edge(ids[i], ids[j])
    # Paired schools have one area: they overlap rather than touch.
    first: dict[bytes, str] = {}
    for school, area in tiles.items():
        twin = first.setdefault(area.wkb, school)
        if twin != school:
            graph.add_edge(twin, school)
    return graph, tiles


def test_sizes_enrollment_and_grades(folder: Path) -> None:
    schools = _schools(folder)
    groups = schools.groupby("planted_community")
    assert groups.size().between(12, 24).all()
    enrolled = groups["enrollment"].sum()
    assert (enrolled / enrolled.mean() - 1).abs().max() < 0.12
    served = (schools[[f"grade_{grade}" for grade in GRADES]].fillna(0) > 0).groupby(
        schools["planted_community"]
    )
    assert served.any().all(axis=None)


def test_regions_hold_whole_communities_in_proportion(folder: Path) -> None:
    schools = _schools(folder)
    communities = schools.groupby("region")["planted_community"].nunique()
    enrolled = schools.groupby("region")["enrollment"].sum()
    mean = schools["enrollment"].sum() / schools["planted_community"].nunique()
    assert communities.sum() == schools["planted_community"].nunique()
    assert (enrolled / communities / mean - 1).abs().max() < 0.12


def test_land_of_each_community_and_region_is_in_one_piece(folder: Path) -> None:
    schools = _schools(folder)
    graph, tiles = _land(folder)
    for column in ("planted_community", "region"):
        home = schools[column].to_dict()
        for name in sorted(set(home.values())):
            members = [tile for tile in graph if home.get(tile) == name]
            closed = [tile for tile in graph if tile not in home]
            fits = [
                nx.is_connected(graph.subgraph([*members, *extra])) for extra in ([], closed[:1])
            ]
            assert any(fits), f"{name} is in pieces"
            island = any(tiles[tile].geom_type != "Polygon" for tile in members)
            whole = shapely.union_all([tiles[tile] for tile in [*members, *closed]])
            assert whole.geom_type == "Polygon" or island or closed


def test_schools_without_a_tile_touch_their_community(folder: Path) -> None:
    schools = _schools(folder)
    _, tiles = _land(folder)
    home = schools["planted_community"]
    area = {
        name: shapely.union_all([tiles[t] for t in tiles if t in home.index and home[t] == name])
        for name in sorted(set(home))
    }
    own: dict[str, list[shapely.Geometry]] = {}
    for level in ("middle", "high"):
        for school, polygon in _areas(folder, level):
            own.setdefault(school, []).append(polygon)
    for school in schools.index.difference(list(tiles)):
        land = area[home[school]]
        point = shapely.Point(schools.loc[school, "lon"], schools.loc[school, "lat"])
        assert land.distance(point) < 0.001
        if school in own:
            polygon = shapely.union_all(own[school])
            assert polygon.intersection(land).area >= 0.1 * polygon.area


def test_noise_sends_children_across_the_borders(tmp_path: Path) -> None:
    kept = []
    for noise in (0.0, 0.6):
        write_synthetic(tmp_path / str(noise), schools=60, seed=4, noise=noise)
        home = _schools(tmp_path / str(noise))["planted_community"]
        flows = pd.read_csv(
            tmp_path / str(noise) / "flows.csv", dtype={"from_id": str, "to_id": str}
        )
        inside = (flows["from_id"].map(home) == flows["to_id"].map(home)).to_numpy()
        students = flows["students"].to_numpy()
        kept.append(float(np.sum(students[inside]) / np.sum(students)))
    assert kept[0] > 0.95
    assert kept[1] < kept[0] - 0.03
