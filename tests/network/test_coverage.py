"""Faces, borders, pieces: against brute force."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.network.coverage import (
    GAP,
    OUTSIDE,
    Borders,
    Faces,
    Pieces,
    arrange,
    as_geometries,
    dissolve,
    find_pieces,
    group_borders,
)
from feeder.network.mending import fill, hand_over, share_slivers


def squares(columns: int, rows: int, size: float = 100.0) -> np.ndarray:
    """Return a grid of squares, row by row from the bottom."""
    return as_geometries(
        [
            shapely.box(x * size, y * size, (x + 1) * size, (y + 1) * size)
            for y in range(rows)
            for x in range(columns)
        ]
    )


def as_dict(borders: Borders) -> dict[tuple[int, int], float]:
    """Return pair to length."""
    pairs = zip(borders.a.tolist(), borders.b.tolist(), strict=True)
    return dict(zip(pairs, borders.length_m.tolist(), strict=True))


def grid_label(faces: Faces, marks: str, columns: int) -> np.ndarray:
    """Label faces by a picture read row by row from the bottom: a letter is a tile, * a gap."""
    inner = shapely.get_coordinates(shapely.point_on_surface(faces.polygons)) // 100
    cell = (inner[:, 1] * columns + inner[:, 0]).astype(int)
    codes = {"*": GAP, ".": OUTSIDE}
    return np.array([codes.get(marks[one], ord(marks[one]) - ord("a")) for one in cell])


def test_borders_of_a_grid_are_edges_not_corners() -> None:
    borders = as_dict(Faces.from_polygons(squares(3, 3)).borders)
    assert borders == dict.fromkeys(
        [(0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8), (0, 3), (1, 4), (2, 5), (3, 6), (4, 7),
         (5, 8)], 100.0,
    )  # fmt: skip


def test_a_polygon_in_a_hole_borders_the_one_around_it() -> None:
    ring = shapely.box(0, 0, 300, 300).difference(shapely.box(100, 100, 200, 200))
    faces = Faces.from_polygons(as_geometries([ring, shapely.box(100, 100, 200, 200)]))
    assert as_dict(faces.borders) == {(0, 1): 400.0}


def test_one_polygon_alone_has_no_borders() -> None:
    assert as_dict(Faces.from_polygons(squares(1, 1)).borders) == {}


boxes = st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(1, 25)] * 2)


@given(st.lists(boxes, min_size=1, max_size=8))
@settings(max_examples=60)
def test_faces_cover_the_union_once_with_borders_as_brute_force_measures_them(
    drawn: list[tuple[int, int, int, int]],
) -> None:
    rough = as_geometries([shapely.box(x, y, x + w, y + h) for x, y, w, h in drawn])
    faces = arrange(shapely.boundary(rough))
    union = shapely.union_all(rough)
    filled = shapely.union_all(
        [shapely.Polygon(part.exterior) for part in shapely.get_parts(union)]
    )
    assert faces.area_m2.sum() == pytest.approx(filled.area, rel=1e-9)
    borders = as_dict(faces.borders)
    for i, j in itertools.combinations(range(len(faces.polygons)), 2):
        one, other = faces.polygons[i], faces.polygons[j]
        assert one.intersection(other).area == pytest.approx(0.0, abs=1e-9)
        assert borders.get((i, j), 0.0) == pytest.approx(one.intersection(other).length, abs=1e-6)


def test_pieces_meet_at_edges_not_at_corners() -> None:
    faces = Faces.from_polygons(squares(2, 2))
    pieces = find_pieces(faces, grid_label(faces, "abba", 2))
    assert len(pieces.label) == 4
    assert sorted(pieces.label.tolist()) == [0, 0, 1, 1]
    assert pieces.area_m2.tolist() == [10_000.0] * 4


def test_dissolving_keeps_every_label_and_leaves_missing_ones_empty() -> None:
    faces = Faces.from_polygons(squares(3, 1))
    tiles = dissolve(faces, np.array([2, OUTSIDE, 2]), 3)
    assert shapely.is_empty(tiles).tolist() == [True, True, False]
    assert tiles[2].area == 20_000.0
    assert as_dict(group_borders(faces.borders, np.array([0, 1, 1]))) == {(0, 1): 100.0}


def test_a_piece_goes_where_its_border_is_longest() -> None:
    faces = Faces.from_polygons(squares(4, 3))
    label = grid_label(faces, "aacbabcbabbb", 4)
    # The lone b in column 1, row 1 touches a (left and below), c (right) and b (above): it is
    # part of b's piece. The piece c has b on three sides and a on one.
    new, moves = hand_over(faces, label, lambda pieces: pieces.label == 2)
    assert [(move.source, move.target, move.area_m2) for move in moves] == [(2, 1, 20_000.0)]
    assert (new == grid_label(faces, "aabbabbbabbb", 4)).all()


def test_pieces_that_touch_nothing_stay() -> None:
    faces = Faces.from_polygons(squares(3, 1))
    label = np.array([0, OUTSIDE, 1])
    new, moves = hand_over(faces, label, lambda pieces: pieces.label == 1)
    assert moves == []
    assert (new == label).all()


def test_two_pieces_that_want_each_other_do_not_swap() -> None:
    faces = Faces.from_polygons(squares(4, 1))
    label = grid_label(faces, "abab", 4)
    middle = {1, 2}

    def movable(pieces: Pieces) -> np.ndarray:
        return np.isin(np.arange(len(pieces.label)), pieces.of_face[list(middle)]) & (
            pieces.area_m2 < 15_000
        )

    new, _ = hand_over(faces, label, movable)
    assert len(find_pieces(faces, new).label) == 2


def test_a_compact_gap_goes_as_a_whole_to_the_longest_border() -> None:
    faces = Faces.from_polygons(squares(3, 3))
    label = grid_label(faces, "aaba*bcca", 3)
    # Around the middle: a below and left (200 m), b right, c above.
    same, label, shared = share_slivers(faces, label)
    assert same is faces
    assert shared == []
    new, moves = fill(faces, label)
    assert [(move.source, move.target, move.area_m2) for move in moves] == [(GAP, 0, 10_000.0)]
    assert (new >= 0).all()


def test_a_sliver_between_two_rows_keeps_true_neighbours_together() -> None:
    lower = [shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 2000)]
    upper = [shapely.box(x, 1010, x + 1000, 2000) for x in (0, 1000, 2000)]
    faces = Faces.from_polygons(as_geometries([*lower, *upper, shapely.box(0, 1000, 3000, 1010)]))
    nodes = arrange(shapely.boundary(faces.polygons))
    inner = shapely.point_on_surface(nodes.polygons)
    owner = shapely.STRtree(faces.polygons).query(inner, predicate="within")[1]
    label = np.where(owner == 6, GAP, owner)
    cut, new, moves = share_slivers(nodes, label)
    borders = as_dict(group_borders(cut.borders, new))
    assert {pair for pair, length in borders.items() if length > 100} == {
        (0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (1, 4), (2, 5),
    }  # fmt: skip
    assert sum(move.area_m2 for move in moves) == pytest.approx(30_000.0)
    assert cut.area_m2.sum() == pytest.approx(6_000_000.0, rel=1e-9)


def test_a_gap_that_touches_no_tile_stays_a_gap() -> None:
    faces = Faces.from_polygons(squares(3, 1))
    new, moves = fill(faces, np.array([0, OUTSIDE, GAP]))
    assert new.tolist() == [0, OUTSIDE, GAP]
    assert moves == []
