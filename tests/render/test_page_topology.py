"""Land on the page: arcs, borders, colors and labels."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely

from feeder.network.model import Network
from feeder.planning import Assignment
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
