"""Zones: connected pieces of regions; and the sharing of communities among them."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.errors import InputError
from feeder.language import ENGLISH
from feeder.planning.apportion import apportion
from feeder.planning.zones import make_zones


@pytest.fixture(scope="session")
def strip(draw: Any) -> Any:
    """A region in two pieces, another between them, and vacant tiles ``v`` and ``w``.

    ``a - b - c - d - v - e``, with ``w`` beside ``a``: ``a`` and ``e`` are East, the others West.
    ``x`` leans on ``a`` and ``e``, ``y`` on ``w``, both East; ``z`` leans on ``c`` and is West.
    """
    east = draw.school(region="East")
    west = draw.school(region="West")
    schools = {"a": east, "b": west, "c": west, "d": west, "e": east}
    schools |= {"x": east, "y": east, "z": west}
    borders = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "v"), ("v", "e"), ("a", "w")]
    leans = {"x": {"a": 0.3, "e": 0.7}, "y": {"w": 1.0}, "z": {"c": 1.0}}
    return draw.sketch(schools, borders, leans, ["v", "w"])


def test_without_nesting_everything_is_one_zone(strip):
    zones = make_zones(strip.district, strip.graph, None)
    assert zones.names == ("",)
    assert not zones.conflicts
    assert set(zones.node_zone) == {0}
    assert zones.may_hold.all()


@pytest.mark.parametrize("column", ["region", "board"])
def test_pieces_of_a_region_are_zones_of_their_own(strip, column):
    zones = make_zones(strip.district, strip.graph, column)
    assert zones.names == ("East (piece 1 of 2)", "East (piece 2 of 2: e School (e))", "West")
    assert zones.regions == ("East", "East", "West")
    of = dict(zip(strip.graph.node_ids, zones.node_zone.tolist(), strict=True))
    assert of == {
        "a": 0,
        "b": 2,
        "c": 2,
        "d": 2,
        "e": 1,
        "x": 1,
        "y": 0,
        "z": 2,
        "v": -1,
        "w": -1,
    }
    node = {name: i for i, name in enumerate(strip.graph.node_ids)}
    assert zones.that_hold([node["x"]]) == [0, 1]
    assert zones.that_hold([node["y"]]) == [0]
    assert zones.that_hold([node["x"], node["e"]]) == [1]
    assert zones.that_hold([node["a"], node["e"]]) == []
    assert not zones.conflicts


def test_vacant_tiles_link_pieces(draw):
    east, west = draw.school(region="East"), draw.school(region="West")
    schools = {"a": east, "b": west, "c": east}
    borders = [("a", "b"), ("b", "c"), ("a", "v"), ("v", "w"), ("w", "c")]
    drawn = draw.sketch(schools, borders, vacant=["v", "w"])
    assert make_zones(drawn.district, drawn.graph, "region").names == ("East", "West")


def test_a_landless_school_far_from_its_region_is_a_conflict(draw):
    east, west = draw.school(region="East"), draw.school(region="West", name="Lone Magnet")
    schools = {"a": east, "b": west._replace(name=""), "x": west}
    drawn = draw.sketch(schools, [("a", "b")], {"x": {"a": 0.95, "b": 0.05}})
    zones = make_zones(drawn.district, drawn.graph, "region")
    assert tuple(map(ENGLISH.say, zones.conflicts)) == (
        "Lone Magnet has region West, but less than a tenth of its own area (or, having none, its "
        "site) lies on tiles of that region. Correct its region, or plan without nesting.",
    )


def test_an_unknown_column_and_a_blank_one_are_told(strip, draw):
    with pytest.raises(InputError, match="Did you mean region"):
        make_zones(strip.district, strip.graph, "regoin")
    drawn = draw.sketch({"a": draw.school(), "b": draw.school(region="East")}, [("a", "b")])
    with pytest.raises(InputError, match=r"1 school has no region: a School\. Fill the column"):
        make_zones(drawn.district, drawn.graph, "region")


@settings(max_examples=200)
@given(st.integers(1, 4), st.integers(0, 6), st.randoms(use_true_random=False))
def test_apportionment_is_the_cheapest_of_all(n_zones, total, random):
    cost = np.array(
        [
            [random.choice([np.inf, float(random.randint(0, 9))]) for _ in range(total + 1)]
            for _ in range(n_zones)
        ]
    )
    counts, least = apportion(cost, total)
    every = [
        sum(cost[zone, k] for zone, k in enumerate(share))
        for share in product(range(total + 1), repeat=n_zones)
        if sum(share) == total
    ]
    assert least == min(every)
    if np.isfinite(least):
        assert counts.sum() == total
        assert cost[np.arange(n_zones), counts].sum() == least
