"""Land without areas of the lowest level: no cell crosses a line that the district drew."""

from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from network.conftest import ORIGIN, PAPER_CRS, to_degrees
from network.test_build import assert_sound

from feeder.district.model import District
from feeder.network.build import build_network
from feeder.network.model import Network

DrawDistrict = Callable[..., District]
K5, HIGH = (0, 5), (9, 12)
WEST, EAST = shapely.box(0, 0, 3000, 2000), shapely.box(3000, 0, 4000, 2000)


def on_paper(network: Network) -> dict[str, shapely.Geometry]:
    tiles = network.tiles.to_crs(PAPER_CRS).geometry.translate(*(-axis for axis in ORIGIN))
    return dict(zip(network.tiles["tile_id"], tiles, strict=True))


def test_a_cell_ends_where_an_area_of_a_higher_level_ends(draw_district: DrawDistrict) -> None:
    schools = {"a": (2900, 500, *K5), "h": (500, 500, *HIGH), "i": (3900, 500, *HIGH)}
    network = build_network(draw_district(schools, [("high", "h", WEST), ("high", "i", EAST)]))
    assert_sound(network)
    tiles = on_paper(network)
    # Without the line the cell of a would reach to x = 3400.
    assert tiles["i"].symmetric_difference(EAST).area == pytest.approx(0, abs=50)
    assert tiles["a"].union(tiles["h"]).symmetric_difference(WEST).area == pytest.approx(0, abs=50)


def test_an_area_without_a_school_goes_to_the_school_it_names(draw_district: DrawDistrict) -> None:
    schools = {"a": (500, 500, *K5), "h": (1500, 500, *HIGH)}
    network = build_network(draw_district(schools, [("high", None, WEST), ("high", "h", EAST)]))
    assert_sound(network)
    assert EAST.buffer(-1).within(on_paper(network)["h"].buffer(1))


def test_an_area_without_a_school_that_names_none_is_vacant(draw_district: DrawDistrict) -> None:
    schools = {"a": (500, 500, *K5), "h": (1500, 500, *HIGH)}
    network = build_network(draw_district(schools, [("high", "h", WEST), ("high", None, EAST)]))
    assert_sound(network)
    vacant = network.tiles["school_id"].isna()
    assert vacant.sum() == 1
    assert network.tiles.area[vacant].sum() == pytest.approx(2e6, rel=1e-3)


def test_the_outline_is_the_union_of_the_areas(draw_district: DrawDistrict) -> None:
    schools = {"a": (500, 500, *K5), "h": (3500, 500, *HIGH)}
    network = build_network(draw_district(schools, [("high", "h", WEST.union(EAST))]))
    assert network.tiles.area.sum() == pytest.approx(8e6, rel=1e-3)
    assert "no-outline" not in {one.rule for one in network.warnings}


def test_blocks_stay_whole_and_cover_the_land(draw_district: DrawDistrict) -> None:
    schools = {"a": (300, 1000, *K5), "b": (2500, 1000, *K5), "h": (3700, 1000, *HIGH)}
    blocks = [
        shapely.box(x, y, x + 800, y + 500)
        for x in range(0, 4000, 800)
        for y in (0, 500, 1000, 1500)
    ]
    residents = gpd.GeoDataFrame(
        {"students": 1.0}, geometry=to_degrees(blocks).to_numpy(), crs="EPSG:4326", index=range(20)
    )
    district = replace(draw_district(schools, None), residents=residents)
    network = build_network(district)
    assert_sound(network)
    tiles = on_paper(network)
    for block in blocks:
        holds = [tile for tile in tiles.values() if tile.intersection(block).area > 100]
        assert len(holds) == 1
    assert network.tiles.area.sum() == pytest.approx(8e6, rel=1e-3)
    assert "land-of-blocks" in {one.rule for one in network.warnings}


def test_schools_of_one_area_and_the_same_grades_share_its_land(
    draw_district: DrawDistrict,
) -> None:
    schools = {"a": (500, 1000, *K5), "b": (2500, 1000, *K5), "c": (3500, 1000, *K5)}
    areas = [("elementary", "a", WEST), ("elementary", "b", WEST), ("elementary", "c", EAST)]
    network = build_network(draw_district(schools, areas))
    assert_sound(network)
    assert network.graph.n_campuses == 3
    tiles = on_paper(network)
    assert tiles["a"].symmetric_difference(shapely.box(0, 0, 1500, 2000)).area < 3000
    assert tiles["b"].symmetric_difference(shapely.box(1500, 0, 3000, 2000)).area < 3000
    (warning,) = (one for one in network.warnings if one.rule == "zone-of-choice")
    assert "School a and School b" in warning.message


def test_two_halves_of_one_school_stay_a_campus(draw_district: DrawDistrict) -> None:
    schools = {"a": (500, 1000, 0, 2), "b": (2500, 1000, 3, 5), "c": (3500, 1000, *K5)}
    areas = [("elementary", "a", WEST), ("elementary", "b", WEST), ("elementary", "c", EAST)]
    network = build_network(draw_district(schools, areas))
    assert network.graph.n_campuses == 2
