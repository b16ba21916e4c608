"""Tiles from attendance areas."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.network.coverage import as_geometries
from feeder.network.land import Land
from feeder.network.tiles import area_tiles, same_land, tile_level

WEST, EAST = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)


def tiles_of(
    areas: list[shapely.Geometry],
    outline: shapely.Geometry | None = None,
    *,
    tile: list[int] | None = None,
    points: tuple = ((500.0, 500.0),),
    mend_share: float = 0.02,
) -> Land:
    """Return the land of areas named A, B ..."""
    of_area = np.arange(len(areas)) if tile is None else np.array(tile)
    names = [chr(ord("A") + one) for one in range(of_area.max() + 1)]
    return area_tiles(as_geometries(areas), of_area, names, outline, np.array(points), mend_share)


def told(land: Land) -> dict[str, str]:
    """Return the warnings by rule."""
    return {warning.rule: str(warning) for warning in land.warnings}


def assert_exact(land: Land, covered: shapely.Geometry) -> None:
    """The tiles are the covered land, once."""
    whole = land.whole()
    assert shapely.area(whole).sum() == pytest.approx(covered.area, rel=1e-6)
    assert shapely.union_all(whole).symmetric_difference(covered).area < 1e-6 * covered.area
    assert shapely.coverage_is_valid(land.onshore)


def test_clean_areas_are_their_tiles() -> None:
    land = tiles_of([WEST, EAST])
    assert land.onshore[0].equals(WEST)
    assert land.onshore[1].equals(EAST)
    assert land.borders.length_m.tolist() == [1000.0]
    assert land.warnings == ()


def test_overlaps_go_to_the_smaller_area_and_are_told() -> None:
    land = tiles_of([shapely.box(0, 0, 1200, 1000), EAST])
    assert shapely.area(land.onshore) == pytest.approx([1e6, 1e6])
    assert told(land) == {
        "overlaps-resolved": "0.2 km2 (10.0% of the land) lay in several attendance areas; it "
        "went as follows: 0.2 km2 of A to B."
    }


def test_an_area_inside_another_is_an_enclave() -> None:
    land = tiles_of([WEST, shapely.box(400, 400, 600, 600)])
    assert shapely.area(land.onshore) == pytest.approx([960_000.0, 40_000.0])
    assert land.borders.length_m == pytest.approx([800.0])


def test_a_gap_in_the_outline_goes_to_the_longest_border() -> None:
    gap = shapely.box(700, 0, 1000, 400)
    outline = shapely.union_all([WEST, EAST])
    land = tiles_of([WEST.difference(gap), EAST], outline)
    # 700 m of border with A, 400 m with B.
    assert shapely.area(land.onshore) == pytest.approx([1e6, 1e6])
    assert "0.12 km2 (6.0% of the land) belonged to no attendance area" in told(land)["gaps-filled"]
    assert "to A" in told(land)["gaps-filled"]
    assert_exact(land, outline)


def test_without_an_outline_small_holes_close_and_large_ones_stay() -> None:
    small, large = shapely.box(500, 500, 520, 520), shapely.box(1200, 200, 1800, 800)
    land = tiles_of([WEST.difference(small), EAST.difference(large)])
    assert shapely.area(land.onshore) == pytest.approx([1e6, 1e6 - 360_000])
    assert list(told(land)) == ["holes-left"]
    assert "0.36 km2" in told(land)["holes-left"]


def test_areas_win_over_the_outline() -> None:
    outline = shapely.box(0, 0, 1900, 1100)
    land = tiles_of([WEST, EAST], outline)
    assert_exact(land, shapely.union_all([WEST, EAST, outline]))
    assert (
        "0.1 km2 of attendance areas lie outside the outline" in told(land)["areas-beyond-outline"]
    )
    assert "gaps-filled" in told(land)


def test_an_outline_far_too_large_is_left_aside() -> None:
    land = tiles_of([WEST, EAST], shapely.box(-5000, -5000, 5000, 5000))
    assert_exact(land, shapely.union_all([WEST, EAST]))
    assert list(told(land)) == ["outline-too-large"]


def test_parts_of_the_outline_without_areas_are_offshore_unless_a_school_is_there() -> None:
    island = shapely.box(3000, 0, 3200, 200)
    outline = shapely.union_all([WEST, EAST, island])
    land = tiles_of([WEST, EAST], outline)
    assert land.offshore_tile.tolist() == [1]
    assert land.offshore[0].equals(island)
    assert_exact(land, outline)
    assert list(told(land)) == ["offshore"]

    lived_on = tiles_of([WEST, EAST], outline, points=((3100.0, 100.0),))
    assert len(lived_on.offshore) == 0
    assert lived_on.onshore[1].area == pytest.approx(1_040_000)


def test_small_pieces_are_mended_and_exclaves_stay() -> None:
    chip, exclave = shapely.box(1500, 500, 1600, 600), shapely.box(1200, 0, 1500, 300)
    island = shapely.box(0, 1200, 50, 1250)
    west = shapely.union_all([WEST, chip, exclave, island])
    east = EAST.difference(chip).difference(exclave)
    land = tiles_of([west, east])
    # The chip is 1 % of its tile and goes; the exclave is 8 %; the island touches nothing.
    assert land.onshore[0].area == pytest.approx(1e6 + 90_000 + 2_500)
    assert land.onshore[1].area == pytest.approx(1e6 - 90_000)
    assert told(land) == {
        "pieces-mended": "1 piece under 2% of a tile went to the tile around them: "
        "0.01 km2 of A to B."
    }
    assert tiles_of([west, east], mend_share=0.0).warnings == ()


def test_several_areas_make_one_tile() -> None:
    land = tiles_of([WEST, EAST, shapely.box(0, 1000, 2000, 1500)], tile=[0, 0, 1])
    assert land.onshore[0].equals(shapely.box(0, 0, 2000, 1000))
    assert land.borders.length_m == pytest.approx([2000.0])


def test_an_area_wholly_under_smaller_ones_has_no_land() -> None:
    land = tiles_of([shapely.box(0, 0, 2000, 1000), WEST, EAST])
    assert shapely.is_empty(land.onshore).tolist() == [True, False, False]


@st.composite
def rough_grids(draw: st.DrawFn) -> list[shapely.Polygon]:
    """Return a 3 x 3 grid in which every cell was drawn by a shaky hand of its own."""
    shake = st.integers(-30, 30)
    cells = []
    for place in range(9):
        x, y = 1000 * (place % 3), 1000 * (place // 3)
        ring = [(0, 0), (500, 0), (1000, 0), (1000, 500), (1000, 1000), (500, 1000), (0, 1000),
                (0, 500)]  # fmt: skip
        cells.append(shapely.Polygon([(x + a + draw(shake), y + b + draw(shake)) for a, b in ring]))
    return cells


@given(rough_grids())
@settings(max_examples=40)
def test_rough_areas_become_tiles_that_cover_the_outline_once(cells: list[shapely.Polygon]) -> None:
    outline = shapely.box(0, 0, 3000, 3000)
    land = tiles_of(cells, outline)
    assert_exact(land, shapely.union_all([*cells, outline]))
    assert (shapely.area(land.onshore) > 800_000).all()
    borders = zip(land.borders.a.tolist(), land.borders.b.tolist(), strict=True)
    length = dict(zip(borders, land.borders.length_m.tolist(), strict=True))
    for a in range(9):
        for b in range(a):
            apart = abs(a % 3 - b % 3) + abs(a // 3 - b // 3)
            if apart == 1:
                assert length[b, a] > 500
            else:
                assert length.get((b, a), 0.0) < 400


def test_same_land_needs_most_of_both() -> None:
    areas = as_geometries([WEST, shapely.box(0, 0, 1000, 960), shapely.box(0, 0, 1000, 940), EAST])
    assert same_land(areas).tolist() == [[0, 1], [1, 2]]


def grades(starts: dict[str, int]) -> pd.DataFrame:
    """Return schools that start at these grades."""
    return pd.DataFrame({"grade_low": starts})


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([("high", "h"), ("elementary", "e")], "elementary"),
        ([("elementary", None)], "elementary"),
        ([("lower", "e"), ("upper", "h")], "lower"),
        ([("middle", "m"), ("high", "h")], None),
        ([("high", None)], None),
        ([], None),
    ],
)
def test_the_tiles_are_the_areas_of_the_lowest_grades(
    levels: list[tuple[str, str | None]], expected: str | None
) -> None:
    areas = pd.DataFrame(levels, columns=["level", "school_id"])
    assert tile_level(areas, grades({"e": 0, "f": 0, "p": -1, "m": 6, "h": 9})) == expected


def test_in_a_district_of_high_schools_the_high_areas_are_the_tiles() -> None:
    areas = pd.DataFrame([("high", "h")], columns=["level", "school_id"])
    assert tile_level(areas, grades({"h": 9, "i": 9})) == "high"
