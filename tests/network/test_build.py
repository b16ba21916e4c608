"""From a district to its network, on squared paper and on real districts."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.network.build import build_network
from feeder.network.model import Network

DrawDistrict = Callable[..., District]
K5, MIDDLE, HIGH = (0, 5), (6, 8), (9, 12)


def cell(column: float, row: float) -> shapely.Polygon:
    """Return a square kilometre."""
    return shapely.box(1000 * column, 1000 * row, 1000 * column + 1000, 1000 * row + 1000)


def centre(column: float, row: float, grades: tuple[int, int], *campus: str) -> tuple:
    """Return a school in the middle of a square kilometre."""
    return (1000 * column + 500, 1000 * row + 500, *grades, *campus)


def contacts_of(network: Network, *kinds: str) -> dict[tuple[str, str], float]:
    """Return pairs of node ids to border or share."""
    graph = network.graph
    value = np.where(graph.is_land_contact, graph.contact_border_m, graph.contact_share)
    return {
        (graph.node_ids[a], graph.node_ids[b]): float(number)
        for a, b, kind, number in zip(
            graph.contact_a, graph.contact_b, graph.contact_kind, value, strict=True
        )
        if kind in kinds
    }


def told(network: Network) -> list[str]:
    """Return the rules of the warnings about land."""
    return [one.rule for one in network.warnings if one.rule != "school-without-flow"]


def assert_sound(network: Network) -> None:
    """What holds for every network."""
    graph, tiles = network.graph, network.tiles
    assert tiles["node"].tolist() == np.flatnonzero(graph.has_land).tolist()
    assert tiles["tile_id"].tolist() == [graph.node_ids[node] for node in tiles["node"]]
    vacant = tiles["node"] >= graph.n_campuses
    assert tiles["school_id"].isna().tolist() == vacant.tolist()
    assert (tiles.loc[~vacant, "school_id"] == tiles.loc[~vacant, "tile_id"]).all()
    assert shapely.coverage_is_valid(tiles.geometry.to_numpy())
    assert tiles.union_all().area == pytest.approx(tiles.area.sum(), rel=1e-9)

    ids = list(graph.node_ids)
    assert ids[: graph.n_campuses] == sorted(ids[: graph.n_campuses])
    assert ids[graph.n_campuses :] == sorted(ids[graph.n_campuses :])
    assert len(set(ids)) == len(ids)
    first = pd.Series(graph.school_ids).groupby(graph.school_node).min()
    assert first.tolist() == ids[: graph.n_campuses]
    assert list(graph.school_ids) == sorted(graph.school_ids)

    a, b, land = graph.contact_a, graph.contact_b, graph.is_land_contact
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert (a[land] < b[land]).all()
    assert graph.has_land[a[land]].all()
    assert graph.has_land[b].all()
    assert not graph.has_land[a[~land]].any()
    assert (graph.contact_border_m[graph.contact_kind == "border"] > 1).all()
    assert np.isnan(graph.contact_share[land]).all()
    assert np.isnan(graph.contact_border_m[~land]).all()
    share = np.bincount(a[~land], weights=graph.contact_share[~land], minlength=graph.n_nodes)
    assert (share[~graph.has_land & ~graph.is_apart] >= 0.1).all()
    assert (share <= 1 + 1e-9).all()


@pytest.fixture(scope="module")
def grid(draw_district: DrawDistrict) -> Network:
    """Return the network of nine elementary areas in a square, a middle and a high school.

    The elementaries are e0 to e8, row by row from the south-west; the middle school has the
    two western columns, the high school all; the magnet has nothing.
    """
    cells = [(place % 3, place // 3) for place in range(9)]
    schools = {f"e{place}": centre(*where, K5) for place, where in enumerate(cells)}
    schools |= {"m": (1100, 1200, *MIDDLE), "h": (2200, 2300, *HIGH), "x": (100, 2900, *HIGH)}
    areas = [("elementary", f"e{place}", cell(*where)) for place, where in enumerate(cells)]
    areas += [
        ("middle", "m", shapely.box(0, 0, 2000, 3000)),
        ("high", "h", shapely.box(0, 0, 3000, 3000)),
    ]
    flows = [("e4", "m", 60.0), ("e0", "m", 40.0), ("m", "h", 90.0)]
    return build_network(draw_district(schools, areas, flows=flows))


def test_the_grid_has_its_twelve_borders(grid: Network) -> None:
    assert_sound(grid)
    edges = [(0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8), (0, 3), (1, 4), (2, 5), (3, 6),
             (4, 7), (5, 8)]  # fmt: skip
    expected = {(f"e{a}", f"e{b}"): 1000.0 for a, b in edges}
    assert contacts_of(grid, "border") == pytest.approx(expected, abs=1e-3)
    assert told(grid) == []
    assert grid.crs == "EPSG:32618"


def test_the_grid_ties_landless_schools_by_area_or_point(grid: Network) -> None:
    assert contacts_of(grid, "overlap") == pytest.approx(
        {("h", f"e{place}"): 1 / 9 for place in range(9)}
        | {("m", f"e{place}"): 1 / 6 for place in (0, 1, 3, 4, 6, 7)},
        abs=1e-6,
    )
    assert contacts_of(grid, "campus") == {("x", "e6"): 1.0}


def test_the_grid_carries_its_flows_in_order(grid: Network) -> None:
    graph = grid.graph
    names = [
        (graph.school_ids[a], graph.school_ids[b], students)
        for a, b, students in zip(
            graph.flow_from, graph.flow_to, graph.flow_students.tolist(), strict=True
        )
    ]
    assert names == [("e0", "m", 40.0), ("e4", "m", 60.0), ("m", "h", 90.0)]
    assert grid.flows["students"].tolist() == graph.flow_students.tolist()
    assert set(graph.flow_source) == {"zoned"}


def test_vacant_areas_are_tiles_of_their_own(draw_district: DrawDistrict) -> None:
    schools = {"a": centre(0, 0, K5), "elementary:1": centre(2, 0, K5)}
    areas = [
        ("elementary", "a", cell(0, 0)),
        ("elementary", None, cell(1, 0)),
        ("elementary", "elementary:1", cell(2, 0)),
    ]
    network = build_network(draw_district(schools, areas))
    assert_sound(network)
    assert network.graph.node_ids == ("a", "elementary:1", "elementary:1 vacant")
    assert set(contacts_of(network, "border")) == {
        ("a", "elementary:1 vacant"),
        ("elementary:1", "elementary:1 vacant"),
    }


def test_schools_that_share_an_area_share_a_campus(draw_district: DrawDistrict) -> None:
    schools = {"k2": centre(0, 0, (0, 2)), "g35": centre(1, 0, (3, 5)), "z": centre(2, 0, K5)}
    shared = shapely.box(0, 0, 2000, 1000)
    areas = [
        ("elementary", "k2", shared),
        ("elementary", "g35", shared),
        ("elementary", None, shared),
        ("elementary", "z", cell(2, 0)),
    ]
    network = build_network(draw_district(schools, areas))
    assert_sound(network)
    assert network.graph.node_ids == ("g35", "z")
    assert network.graph.school_node.tolist() == [0, 0, 1]
    assert told(network) == []


def test_a_campus_rides_with_its_landed_school_and_areas_of_one_campus_merge(
    draw_district: DrawDistrict,
) -> None:
    schools = {
        "a": centre(0, 0, K5, "site"),
        "b": centre(1, 0, K5, "site"),
        "h": centre(0.02, 0, HIGH),
        "z": centre(2, 0, K5),
    }
    areas = [("elementary", one, cell(x, 0)) for x, one in enumerate("abz")]
    areas.append(("high", "h", shapely.box(0, 0, 3000, 1000)))
    network = build_network(draw_district(schools, areas))
    assert_sound(network)
    assert network.graph.node_ids == ("a", "z")
    assert network.tiles.area.to_numpy() == pytest.approx([2e6, 1e6], rel=1e-3)
    apart = build_network(draw_district(schools, areas), campus_radius_m=0.0)
    assert apart.graph.node_ids == ("a", "h", "z")


def test_an_area_under_smaller_ones_leaves_its_school_without_land(
    draw_district: DrawDistrict,
) -> None:
    schools = {"a": centre(0, 0, K5), "b": centre(1, 0, K5), "wide": centre(0, 0.3, K5)}
    areas = [
        ("elementary", "a", cell(0, 0)),
        ("elementary", "b", cell(1, 0)),
        ("elementary", "wide", shapely.box(0, 0, 2000, 1000)),
        ("elementary", None, shapely.box(500, 0, 1500, 1000).union(shapely.box(0, 0, 500, 900))),
    ]
    network = build_network(draw_district(schools, areas))
    assert_sound(network)
    assert network.graph.node_ids == ("a", "b", "wide")
    assert contacts_of(network, "overlap") == pytest.approx(
        {("wide", "a"): 0.5, ("wide", "b"): 0.5}, abs=1e-6
    )
    assert "no-land-left" in told(network)


def test_islands_of_areas_are_bridged(draw_district: DrawDistrict) -> None:
    schools = {"a": centre(0, 0, K5), "b": centre(1, 0, K5), "c": centre(3, 0, K5)}
    areas = [("elementary", "a", cell(0, 0)), ("elementary", "b", cell(1, 0)),
             ("elementary", "c", cell(3, 0))]  # fmt: skip
    network = build_network(draw_district(schools, areas))
    assert_sound(network)
    assert contacts_of(network, "bridge") == {("b", "c"): 0.0}
    (warning,) = [one for one in network.warnings if one.rule == "land-bridged"]
    assert "School b and School c" in str(warning)
    assert "1.00 km" in str(warning)


def test_without_areas_cells_share_the_outline_and_islands_are_offshore(
    draw_district: DrawDistrict,
) -> None:
    schools = {"a": centre(0, 0, K5), "b": centre(1, 0, HIGH), "b2": (1520, 500, *K5)}
    island = shapely.box(5000, 0, 5500, 500)
    outline = shapely.union_all([cell(0, 0), cell(1, 0), island])
    network = build_network(draw_district(schools, None, outline))
    assert_sound(network)
    assert network.graph.node_ids == ("a", "b")
    assert network.offshore["tile_id"].tolist() == ["b"]
    assert network.offshore.area.to_numpy() == pytest.approx([250_000], rel=1e-3)
    assert network.tiles.area.sum() == pytest.approx(2_250_000, rel=1e-6)
    assert network.land().area == pytest.approx(2_000_000, rel=1e-6)
    assert contacts_of(network, "border") == pytest.approx({("a", "b"): 1000.0}, rel=1e-3)
    assert told(network) == ["offshore"]


def test_areas_of_higher_levels_alone_make_no_tiles(draw_district: DrawDistrict) -> None:
    schools = {"a": centre(0, 0, K5), "b": centre(1, 0, K5), "h": centre(0, 1, HIGH)}
    whole = shapely.box(0, 0, 2000, 2000)
    network = build_network(draw_district(schools, [("high", "h", whole)], whole))
    assert_sound(network)
    assert network.graph.has_land.tolist() == [True, True, True]
    assert told(network) == ["no-lowest-areas"]


def test_one_school_is_a_network(draw_district: DrawDistrict) -> None:
    network = build_network(draw_district({"a": centre(0, 0, K5)}))
    assert_sound(network)
    assert told(network) == ["no-outline"]
    assert network.graph.n_nodes == 1


@pytest.mark.parametrize("name", ["fairfax_va", "lausd", "washington_dc", "philadelphia_pa"])
def test_real_districts_make_sound_networks(
    district_folder: Callable[[str], Path], name: str
) -> None:
    district = read_district(district_folder(name))
    network = build_network(district)
    assert_sound(network)
    graph = network.graph
    assert graph.school_ids == tuple(district.schools.index)
    by_node = np.bincount(
        graph.school_node, weights=district.schools["enrollment"], minlength=graph.n_nodes
    )
    assert by_node.sum() == district.schools["enrollment"].sum()
    assert network.flows["students"].sum() == pytest.approx(graph.flow_students.sum())
    borders = (graph.contact_kind == "border").sum()
    expected = {
        "fairfax_va": (185, 376),
        "lausd": (738, 2051),  # a school for pupils at home or in hospital has no tile
        "washington_dc": (172, 252),
        "philadelphia_pa": (216, 415),
    }[name]
    assert (graph.n_campuses, borders) == expected
