"""Tiles without attendance areas."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.network.land import Land
from feeder.network.voronoi import voronoi_tiles

SQUARE = shapely.box(0, 0, 1000, 1000)


def tiles_of(points: list[tuple[float, float]], outline: shapely.Geometry | None) -> Land:
    """Return the land of campuses named 0, 1 ..."""
    return voronoi_tiles(
        np.array(points, dtype=float), outline, [str(place) for place in range(len(points))]
    )


def rules(land: Land) -> list[str]:
    """Return the rules of the warnings."""
    return [warning.rule for warning in land.warnings]


def assert_exact(land: Land, outline: shapely.Geometry) -> None:
    """The tiles cover the outline once."""
    whole = land.whole()
    assert shapely.area(whole).sum() == pytest.approx(outline.area, rel=1e-6)
    assert shapely.union_all(whole).area == pytest.approx(outline.area, rel=1e-6)
    assert shapely.coverage_is_valid(land.onshore)


def test_four_campuses_share_a_square() -> None:
    land = tiles_of([(250, 250), (750, 250), (250, 750), (750, 750)], SQUARE)
    assert shapely.area(land.onshore) == pytest.approx([250_000.0] * 4)
    pairs = dict(zip(zip(land.borders.a, land.borders.b, strict=True), land.borders.length_m,
                     strict=True))  # fmt: skip
    assert pairs == pytest.approx({(0, 1): 500, (0, 2): 500, (1, 3): 500, (2, 3): 500})
    assert land.warnings == ()


@given(
    st.lists(st.tuples(*[st.integers(0, 1000)] * 2), min_size=1, max_size=15),
    st.sampled_from(["square", "enclave", "inlet"]),
)
@settings(max_examples=60)
def test_cells_cover_the_outline_once_and_hold_their_campus(
    points: list[tuple[int, int]], kind: str
) -> None:
    outline = {
        "square": SQUARE,
        "enclave": SQUARE.difference(shapely.box(300, 300, 600, 700)),
        "inlet": SQUARE.difference(shapely.box(480, 0, 520, 900)),
    }[kind]
    land = tiles_of(points, outline)
    assert_exact(land, outline)
    lone = [k for k in range(len(points)) if points.count(points[k]) == 1]
    for k in lone:
        point = shapely.Point(points[k])
        if outline.distance(point) == 0:
            assert land.onshore[k].distance(point) < 2
        # One piece each: a cell cut in two keeps the part at its campus.
        assert len(shapely.get_parts(land.onshore[k])) <= 1


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 2), min_size=2, max_size=12, unique=True))
@settings(max_examples=40)
def test_every_place_belongs_to_the_nearest_campus(points: list[tuple[int, int]]) -> None:
    points = [(20 * x, 20 * y) for x, y in points]
    land = tiles_of(points, SQUARE)
    for tile, point in zip(land.onshore, points, strict=True):
        corners = shapely.get_coordinates(tile)
        nearest = np.min([np.hypot(*(corners - other).T) for other in np.array(points)], axis=0)
        assert np.hypot(*(corners - point).T) == pytest.approx(nearest, abs=1e-2)


def test_one_campus_has_it_all() -> None:
    land = tiles_of([(10, 10)], SQUARE)
    assert land.onshore[0].area == pytest.approx(1e6)
    assert len(land.borders.a) == 0


def test_campuses_at_one_point_each_have_land() -> None:
    land = tiles_of([(500, 500)] * 3, SQUARE)
    assert (shapely.area(land.onshore) > 0).all()
    assert_exact(land, SQUARE)


def test_without_an_outline_the_hull_is_taken_and_told() -> None:
    land = tiles_of([(0, 0), (2000, 0), (0, 2000)], None)
    assert rules(land) == ["no-outline"]
    assert (shapely.area(land.onshore) > 0).all()
    hull = shapely.union_all(land.onshore)
    # The right triangle of side 2 km, widened by the median distance between neighbours, 2 km.
    assert hull.area == pytest.approx(2e6 + 2000 * (4000 + 8e6**0.5) + 4e6 * np.pi, rel=0.01)


def test_an_island_without_a_school_is_offshore_and_with_one_is_not() -> None:
    island = shapely.box(1500, 0, 1600, 100)
    outline = shapely.union_all([SQUARE, island])
    land = tiles_of([(250, 500), (750, 500)], outline)
    assert rules(land) == ["offshore"]
    assert land.offshore_tile.tolist() == [1]
    assert land.offshore[0].equals(island)
    assert_exact(land, outline)
    assert land.onshore[1].area == pytest.approx(500_000)

    settled = tiles_of([(250, 500), (750, 500), (1550, 50)], outline)
    assert len(settled.offshore) == 0
    assert settled.onshore[2].equals(shapely.normalize(island))
    assert_exact(settled, outline)


def test_land_across_an_inlet_goes_to_the_neighbour_there() -> None:
    # Campus 0 is nearest to the tip behind the inlet, but campus 1 is the way round.
    outline = SQUARE.difference(shapely.box(480, 0, 520, 900))
    land = tiles_of([(400, 100), (900, 500)], outline)
    assert "cells-joined" in rules(land)
    assert [len(shapely.get_parts(tile)) for tile in land.onshore] == [1, 1]
    assert land.onshore[1].covers(shapely.Point(530, 50))


def test_schools_outside_the_outline_still_have_a_tile() -> None:
    land = tiles_of([(500, 500), (1020, 100), (4000, 900)], SQUARE)
    assert (shapely.area(land.onshore) > 0).all()
    (warning,) = land.warnings
    assert warning.rule == "campus-outside-outline"
    assert "2 (3.0 km)" in str(warning)


def test_sliver_holes_close_and_enclaves_stay() -> None:
    sliver = shapely.box(100, 100, 800, 100.2)
    enclave = shapely.box(400, 400, 600, 600)
    land = tiles_of([(250, 500), (750, 500)], SQUARE.difference(sliver).difference(enclave))
    assert shapely.area(land.onshore).sum() == pytest.approx(1e6 - 40_000)
