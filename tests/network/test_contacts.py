"""Bridges, overlaps and campuses without land."""

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.network.contacts import (
    Contacts,
    border_contacts,
    bridge_contacts,
    landless_contacts,
)
from feeder.network.coverage import Borders, GeometryArray, as_geometries

NO_PAIRS = np.empty((0, 2), dtype=np.int64)
NO_BORDERS = Contacts.of_kind("border", NO_PAIRS, border_m=0.0, share=np.nan)
ROW = as_geometries([shapely.box(100 * x, 0, 100 * x + 100, 100) for x in range(5)])


def pairs(contacts: Contacts) -> list[tuple[int, int]]:
    """Return the pairs as a list."""
    return list(zip(contacts.a.tolist(), contacts.b.tolist(), strict=True))


def tie(
    area: shapely.Geometry | None, point: tuple[float, float] = (0.0, 0.0)
) -> tuple[dict[int, tuple[str, float]], tuple]:
    """Return the contacts of one landless campus 9 with an area, and the warnings."""
    areas = as_geometries([] if area is None else [area])
    contacts, warnings = landless_contacts(
        np.array([9]),
        as_geometries([shapely.Point(point)]),
        ["Nine"],
        areas,
        np.full(len(areas), 9),
        ROW,
    )
    assert set(contacts.a.tolist()) == {9}
    return {
        tile: (str(kind), share)
        for tile, kind, share in zip(
            contacts.b.tolist(), contacts.kind, contacts.share.tolist(), strict=True
        )
    }, warnings


def test_corners_are_no_contacts() -> None:
    borders = Borders(np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.5, 1.5, 900.0]))
    contacts = border_contacts(borders)
    assert pairs(contacts) == [(0, 2), (1, 2)]
    assert contacts.border_m.tolist() == [1.5, 900.0]


def test_separate_land_is_bridged_where_it_is_nearest() -> None:
    tiles = as_geometries([shapely.box(x, 0, x + 100, 100) for x in (0, 100, 500, 600, 900)])
    borders = Contacts.of_kind("border", np.array([[0, 1], [2, 3]]), border_m=100.0, share=np.nan)
    bridges, warnings = bridge_contacts(tiles, borders, list("ABCDE"))
    assert sorted(pairs(bridges)) == [(1, 2), (3, 4)]
    assert bridges.kind.tolist() == ["bridge", "bridge"]
    assert bridges.border_m.tolist() == [0.0, 0.0]
    assert "B and C share no border but were joined, 0.30 km apart" in str(warnings[0])


def test_land_in_one_piece_needs_no_bridge() -> None:
    borders = Contacts.of_kind("border", np.array([[0, 1]]), border_m=100.0, share=np.nan)
    bridges, warnings = bridge_contacts(ROW[:2], borders, ["A", "B"])
    assert len(bridges.a) == 0
    assert warnings == ()


@given(st.lists(st.tuples(*[st.integers(0, 60)] * 2), min_size=1, max_size=12, unique=True))
@settings(max_examples=40)
def test_bridges_are_a_minimum_spanning_tree(places: list[tuple[int, int]]) -> None:
    tiles = as_geometries([shapely.box(3 * x, 3 * y, 3 * x + 1, 3 * y + 1) for x, y in places])
    bridges, _ = bridge_contacts(tiles, NO_BORDERS, [str(place) for place in places])
    graph = nx.Graph()
    graph.add_nodes_from(range(len(tiles)))
    for i in range(len(tiles)):
        for j in range(i):
            graph.add_edge(i, j, weight=tiles[i].distance(tiles[j]))
    least = nx.minimum_spanning_tree(graph).size(weight="weight")
    found = sum(tiles[a].distance(tiles[b]) for a, b in pairs(bridges))
    assert found == pytest.approx(least, abs=0.01)
    assert len(bridges.a) == len(tiles) - 1
    assert (bridges.a < bridges.b).all()


def test_overlaps_are_shares_of_the_campus_own_area() -> None:
    contacts, warnings = tie(shapely.box(50, 0, 300, 100))
    assert {tile: kind for tile, (kind, _) in contacts.items()} == dict.fromkeys(
        [0, 1, 2], "overlap"
    )
    assert {tile: share for tile, (_, share) in contacts.items()} == pytest.approx(
        {0: 0.2, 1: 0.4, 2: 0.4}
    )
    assert warnings == ()


def test_slight_overlaps_are_left_out() -> None:
    contacts, _ = tie(shapely.box(99.6, 0, 200, 100))
    assert list(contacts) == [1]


def test_slight_overlaps_stay_where_a_tenth_needs_them() -> None:
    tiles = as_geometries([shapely.box(x, 0, x + 1, 100) for x in range(300)])
    contacts, _ = landless_contacts(
        np.array([500]), as_geometries([shapely.Point(0, 0)]), ["Wide"],
        as_geometries([shapely.box(0, 0, 300, 100)]), np.array([500]), tiles,
    )  # fmt: skip
    assert contacts.share.sum() >= 0.1
    assert contacts.share.sum() < 0.11


def test_an_area_off_the_land_gives_way_to_the_point() -> None:
    contacts, warnings = tie(shapely.box(450, 0, 2000, 100), point=(250.0, 50.0))
    assert contacts == {2: ("campus", 1.0)}
    assert "only 3% of the attendance area of Nine" in str(warnings[0])
    contacts, warnings = tie(shapely.box(5000, 0, 6000, 100), point=(250.0, 50.0))
    assert contacts == {2: ("campus", 1.0)}
    assert len(warnings) == 1


def test_without_an_area_the_point_counts_or_the_nearest_tile() -> None:
    assert tie(None, point=(350.0, 50.0))[0] == {3: ("campus", 1.0)}
    assert tie(None, point=(900.0, 50.0))[0] == {4: ("campus", 1.0)}


def test_every_school_of_a_campus_has_its_tenth() -> None:
    # One school's area covers tiles 0 to 3, the other's tiles 2 to 4.
    areas: GeometryArray = as_geometries(
        [shapely.box(0, 0, 400, 100), shapely.box(200, 0, 500, 100)]
    )
    contacts, _ = landless_contacts(
        np.array([9]), as_geometries([shapely.Point(0, 0)]), ["Two schools"], areas,
        np.array([9, 9]), ROW,
    )  # fmt: skip
    assert dict(zip(contacts.b.tolist(), contacts.share.tolist(), strict=True)) == pytest.approx(
        {2: 0.25, 3: 0.25}
    )
