"""Land on the page: arcs, borders, colours and labels."""

from dataclasses import replace
from itertools import combinations

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely

from feeder.network.model import Network
from feeder.planning import Assignment
from feeder.render import colours
from feeder.render.labels import label_points
from feeder.render.page import topology


def decoded(made: dict) -> list[shapely.Geometry]:
    """Decode a topology as the format's specification says."""
    scale, shift = (np.array(made["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in made["arcs"]]

    def ring(numbers: list[int]) -> np.ndarray:
        parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    return [
        shapely.MultiPolygon([(ring(p[0]), [ring(hole) for hole in p[1:]]) for p in tile])
        for tile in made["tiles"]
    ]


def metres_apart(one: gpd.GeoSeries, other: gpd.GeoSeries) -> float:
    return float(shapely.hausdorff_distance(one.to_numpy(), other.to_numpy()).max())


def round_trip_error(network: Network) -> tuple[float, float]:
    """Largest distance to the simplified tiles, and one step of the grid, in metres."""
    made = topology.tile_topology(network.tiles)
    back = gpd.GeoSeries(decoded(made), crs="EPSG:4326").to_crs(network.crs)
    step = max(made["transform"]["scale"]) * 111_320.0
    return metres_apart(topology.simplified(network.tiles).geometry, back), step


def test_decoded_arcs_are_the_tiles_within_the_grid(toy: Assignment) -> None:
    error, step = round_trip_error(toy.network)
    assert error <= step


def test_every_inner_arc_has_two_tiles(toy: Assignment) -> None:
    made = topology.tile_topology(toy.network.tiles)
    sides = np.zeros(len(made["arcs"]), dtype=int)
    for tile in made["tiles"]:
        for polygon in tile:
            for ring in polygon:
                np.add.at(sides, [n if n >= 0 else ~n for n in ring], 1)
    length = [np.abs(np.array(arc[1:])).sum() for arc in made["arcs"]]
    assert set(sides) == {1, 2}
    # 60 inner borders of the grid; the rim is what is left.
    assert (sides == 2).sum() == 60
    assert min(length) > 0


def test_a_detailed_border_is_simplified_alike_on_both_sides(toy: Assignment) -> None:
    detailed = toy.network.tiles.copy()
    corners = shapely.segmentize(detailed.geometry.to_numpy(), 10.0)
    detailed["geometry"] = shapely.transform(corners, lambda xy: np.round(xy, 2))
    assert shapely.coverage_is_valid(detailed.geometry.to_numpy())
    simple = topology.simplified(detailed)
    assert shapely.coverage_is_valid(simple.geometry.to_numpy())
    assert shapely.get_num_coordinates(simple.geometry.to_numpy()).sum() < 250


def is_proper(assignment: Assignment) -> bool:
    chosen = colours.community_colours(assignment)
    return all(chosen[a] != chosen[b] for a, b in colours.community_neighbours(assignment).edges)


def test_neighbours_differ_in_four_colours(toy: Assignment) -> None:
    rng = np.random.default_rng(5)
    for n in (2, 9, 20, 36):
        tiles = toy.network.tiles["node"].to_numpy()
        centres = shapely.get_coordinates(toy.network.tiles.centroid.to_numpy())
        seeds = centres[rng.choice(len(centres), n, replace=False)]
        community = toy.node_community.copy()
        community[tiles] = np.argmin(((centres[:, None, :] - seeds[None]) ** 2).sum(axis=2), axis=1)
        many = replace(
            toy,
            node_community=community,
            community_ids=tuple(map(str, range(n))),
            community_names=tuple(map(str, range(n))),
        )
        assert is_proper(many)
        assert set(colours.community_colours(many)) <= set(colours.PALETTE)


def test_communities_no_plane_map_has_take_a_spare_colour(toy: Assignment) -> None:
    graph = toy.network.graph
    pairs = np.array(list(combinations(range(5), 2)))
    complete = replace(
        graph,
        contact_a=pairs[:, 0],
        contact_b=pairs[:, 1],
        contact_kind=np.full(len(pairs), "border"),
    )
    five = replace(
        toy,
        network=replace(toy.network, graph=complete),
        node_community=np.arange(graph.n_nodes) % 5,
        community_ids=tuple("abcde"),
        community_names=tuple("abcde"),
    )
    assert nx.density(colours.community_neighbours(five)) == 1.0
    assert is_proper(five)
    assert len(set(colours.community_colours(five))) == 5


def test_labels_stand_inside_their_onshore_land(toy: Assignment) -> None:
    points, radii = label_points(toy)
    network = toy.network
    placed = gpd.GeoSeries.from_xy(points[:, 1], points[:, 0], crs="EPSG:4326").to_crs(network.crs)
    community = toy.node_community[network.tiles["node"]]
    for k in range(toy.n_communities):
        land = network.tiles.geometry[community == k].union_all()
        land = land.difference(network.offshore.union_all())
        assert land.contains(placed[k])
        assert abs(land.boundary.distance(placed[k]) - radii[k]) < 1.0


def test_a_community_without_land_has_no_label(toy: Assignment) -> None:
    away = toy.node_community.copy()
    away[toy.network.tiles["node"].to_numpy()] %= 3
    points, radii = label_points(replace(toy, node_community=away))
    assert np.isnan(points[3]).all()
    assert np.isnan(radii[3])
