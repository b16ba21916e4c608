"""Context on the page: on its grid, light however large the layers, names at their places."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from feeder.planning import Assignment
from feeder.render.page.context import MOST_POINTS, context_layers
from feeder.render.page.topology import tile_topology

RNG_SEED = 7


@pytest.fixture
def transform(toy: Assignment) -> dict[str, list[float]]:
    return tile_topology(toy.network.tiles)["transform"]


def with_context(toy: Assignment, rows: list[tuple[str, str, object]]) -> Assignment:
    kinds, names, shapes = zip(*rows, strict=True)
    frame = gpd.GeoDataFrame(
        {"kind": kinds, "name": names}, geometry=list(shapes), crs=toy.network.crs
    )
    return replace(toy, district=replace(toy.district, context=frame.to_crs("EPSG:4326")))


def in_metres(lines: list[list[list[int]]], transform: dict[str, list[float]], crs: str):
    points = [
        np.cumsum(line, axis=0) * transform["scale"] + transform["translate"] for line in lines
    ]
    return gpd.GeoSeries([shapely.linestrings(p) for p in points], crs="EPSG:4326").to_crs(crs)


def test_nothing_without_context(toy: Assignment, transform: dict[str, list[float]]) -> None:
    assert context_layers(toy, transform) == {}


def test_streets_and_water_lie_where_they_are(
    toy: Assignment, transform: dict[str, list[float]]
) -> None:
    west, south, east, north = toy.network.tiles.total_bounds
    street = shapely.linestrings([[west + 100, south + 200], [east - 100, north - 300]])
    beyond = shapely.linestrings([[east + 5_000, south], [east + 9_000, south]])
    lake = shapely.box(west + 1_000, south + 1_000, west + 2_000, south + 2_500)
    plan = with_context(
        toy, [("streets", "", street), ("streets", "", beyond), ("water", "", lake)]
    )
    found = context_layers(plan, transform)
    (drawn,) = in_metres(found["streets"], transform, toy.network.crs)
    assert shapely.hausdorff_distance(drawn, street) < 5
    (ring,) = in_metres(found["water"], transform, toy.network.crs)
    assert ring.is_closed
    assert shapely.Polygon(ring.coords).area == pytest.approx(lake.area, rel=0.02)
    assert "places" not in found


def test_however_much_there_is_it_stays_light(
    toy: Assignment, transform: dict[str, list[float]]
) -> None:
    rng = np.random.default_rng(RNG_SEED)
    west, south, east, north = toy.network.tiles.total_bounds
    starts = rng.uniform((west, south), (east, north), size=(1_000, 1, 2))
    walks = starts + np.cumsum(rng.normal(0, 40, size=(1_000, 40, 2)), axis=1)
    streets = [("streets", "", line) for line in shapely.linestrings(walks)]
    found = context_layers(with_context(toy, streets), transform)
    assert 0 < sum(len(line) for line in found["streets"]) <= MOST_POINTS


def test_names_stand_in_their_neighborhood_the_largest_first(
    toy: Assignment, transform: dict[str, list[float]]
) -> None:
    west, south, _, _ = toy.network.tiles.total_bounds
    small = shapely.box(west, south, west + 500, south + 500)
    large = shapely.box(west + 1_000, south, west + 4_000, south + 3_000)
    plan = with_context(
        toy,
        [
            ("neighborhoods", "<b>Old Town</b>", small),
            ("neighborhoods", "", large),
            ("neighborhoods", "{{7*7}}", large),
        ],
    )
    places = context_layers(plan, transform)["places"]
    assert [place["name"] for place in places] == ["{{7*7}}", "<b>Old Town</b>"]
    (point,) = gpd.GeoSeries.from_xy(
        [places[1]["lon"]], [places[1]["lat"]], crs="EPSG:4326"
    ).to_crs(toy.network.crs)
    assert shapely.contains(small, point)
