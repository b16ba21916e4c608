"""Flows from areas, on squared paper: shares by land and by residents, worked out by hand."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from fuzzing import examples
from hypothesis import given
from hypothesis import strategies as st
from network.conftest import paper_district, to_degrees

from feeder.district.model import District
from feeder.network.build import build_network

DrawDistrict = Callable[..., District]
K5, MIDDLE, HIGH = (0, 5), (6, 8), (9, 12)
SCHOOLS = {
    "a": (500, 500, *K5),
    "b": (1500, 500, *K5),
    "m": (400, 600, *MIDDLE),
    "n": (1900, 600, *MIDDLE),
    "h": (1000, 400, *HIGH),
}
WEST, EAST = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)
WHOLE = shapely.box(0, 0, 2000, 1000)
MIDDLES = [
    ("middle", "m", shapely.box(0, 0, 1300, 1000)),
    ("middle", "n", shapely.box(1300, 0, 2000, 1000)),
]
AREAS = [
    ("elementary", "a", WEST),
    ("elementary", "b", EAST),
    *MIDDLES,
    ("high", "h", WHOLE),
]


def zoned(district: District, *ways: str) -> District:
    """Return the district with its table of flows taken away."""
    return replace(district, flows=None, flow_ways=ways or ("table", "areas", "estimate"))


def flows(district: District) -> dict[tuple[str, str], float]:
    table = build_network(district).flows
    return {
        (a, b): round(n, 3)
        for a, b, n in zip(table["from_id"], table["to_id"], table["students"], strict=True)
    }


def living(*places: tuple[shapely.Geometry, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"students": [float(n) for _, n in places]},
        geometry=to_degrees(place for place, _ in places).to_numpy(),
        crs="EPSG:4326",
    )


def told(district: District) -> dict[str, str]:
    return {one.rule: one.message for one in build_network(district).warnings}


def test_land_counts_where_nobody_says_where_residents_live(draw_district: DrawDistrict) -> None:
    network = build_network(zoned(draw_district(SCHOOLS, AREAS)))
    assert set(network.flows["source"]) == {"zoned_by_land"}
    assert flows(zoned(draw_district(SCHOOLS, AREAS))) == {
        ("a", "m"): 10.0,
        ("b", "m"): 3.0,
        ("b", "n"): 7.0,
        ("m", "h"): 10.0,
        ("n", "h"): 10.0,
    }


def test_residents_count_where_somebody_does(draw_district: DrawDistrict) -> None:
    half = shapely.box(1000, 0, 1600, 1000)  # half of it in the area of m, half in that of n
    people = living((shapely.box(0, 0, 500, 500), 7), (half, 40), (shapely.Point(1900, 900), 60))
    district = replace(zoned(draw_district(SCHOOLS, AREAS)), residents=people)
    network = build_network(district)
    assert set(network.flows["source"]) == {"zoned_by_residents"}
    found = flows(district)
    assert found["b", "m"] == pytest.approx(10 * 20 / 100, abs=0.01)
    assert found["b", "n"] == pytest.approx(10 * 80 / 100, abs=0.01)


def test_a_count_by_grade_is_that_of_the_leavers(draw_district: DrawDistrict) -> None:
    people = living((shapely.Point(1100, 500), 1), (shapely.Point(1900, 500), 1))
    people["5"] = [30.0, 10.0]
    district = replace(zoned(draw_district(SCHOOLS, AREAS)), residents=people)
    assert flows(district)["b", "m"] == pytest.approx(7.5)


def test_a_variant_that_differs_is_a_range(draw_district: DrawDistrict) -> None:
    people = living((shapely.Point(1900, 900), 5), (shapely.Point(100, 100), 5))
    table = build_network(replace(zoned(draw_district(SCHOOLS, AREAS)), residents=people))
    row = table.flows.set_index(["from_id", "to_id"]).loc[("b", "n")]
    assert (row["students"], row["students_low"], row["students_high"]) == (10.0, 7.0, 10.0)
    assert table.flow_variants is not None
    assert table.flow_variants.loc[("b", "m"), "zoned_by_land sliver=0.01"] == 3.0
    assert table.flow_variants.groupby("from_id").sum().to_numpy() == pytest.approx(10.0)


def test_slivers_are_dropped_and_the_rest_keeps_the_total(draw_district: DrawDistrict) -> None:
    rough = [
        *AREAS[:2],
        ("middle", "m", shapely.box(0, 0, 1005, 1000)),
        ("middle", "n", shapely.box(1005, 0, 2000, 1000)),
        AREAS[-1],
    ]
    found = flows(zoned(draw_district(SCHOOLS, rough)))
    assert ("b", "m") not in found
    assert found["b", "n"] == 10.0


def test_high_school_areas_alone_zone_middle_schools_by_where_they_stand(
    draw_district: DrawDistrict,
) -> None:
    schools = {**SCHOOLS, "i": (1500, 900, *HIGH)}
    areas = [("high", "h", WEST), ("high", "i", EAST)]
    district = zoned(draw_district(schools, areas))
    network = build_network(district)
    sources = network.flows.set_index(["from_id", "to_id"])["source"]
    assert sources["m", "h"] == sources["n", "i"] == "zoned_by_land"
    assert set(sources[["a", "b"]]) == {"estimated"}
    assert "2 schools" in told(district)["zoned-by-point"]


def test_an_estimate_goes_to_the_receiver_in_the_own_area_first(
    draw_district: DrawDistrict,
) -> None:
    schools = {
        "a": (900, 500, *K5),
        "b": (1200, 500, *K5),
        "m": (100, 500, *MIDDLE),
        "n": (1100, 500, *MIDDLE),
        "h": (200, 400, *HIGH),
        "i": (1800, 400, *HIGH),
    }
    without = flows(zoned(draw_district(schools, None, WHOLE)))
    assert without["a", "n"] > 3
    lines = [("high", "h", WEST), ("high", "i", EAST)]
    within = flows(zoned(draw_district(schools, lines)))
    assert within["a", "m"] > 9
    assert within["b", "n"] == 10.0


def test_a_school_without_an_area_among_schools_that_have_one_is_estimated(
    draw_district: DrawDistrict,
) -> None:
    schools = {**SCHOOLS, "c": (1800, 200, *K5)}
    table = build_network(zoned(draw_district(schools, AREAS))).flows
    assert set(table.loc[table["from_id"] == "c", "source"]) == {"estimated"}
    assert set(table.loc[table["from_id"] != "c", "source"]) == {"zoned_by_land"}


def test_zoned_for_a_school_that_the_table_lacks_is_no_flow(draw_district: DrawDistrict) -> None:
    areas = [*AREAS[:3], ("middle", None, MIDDLES[1][2]), AREAS[-1]]
    district = zoned(draw_district(SCHOOLS, areas))
    assert ("b", "n") not in flows(district)
    assert "School b (b)" in told(district)["zoned-elsewhere"]


def test_schools_of_one_next_area_share_by_their_seats(draw_district: DrawDistrict) -> None:
    schools = {**SCHOOLS, "i": (1500, 900, *HIGH)}
    district = zoned(draw_district(schools, [*AREAS, ("high", "i", WHOLE)]))
    district.schools.loc["i", "enrollment"] = 300
    found = flows(district)
    assert (found["m", "h"], found["m", "i"]) == (2.5, 7.5)


def test_the_table_comes_first_and_each_sender_has_one_way(draw_district: DrawDistrict) -> None:
    district = replace(
        draw_district(SCHOOLS, AREAS, flows=[("b", "n", 4.0)]),
        flow_ways=("table", "areas", "estimate"),
    )
    table = build_network(district).flows
    assert table.loc[table["from_id"] == "b", ["to_id", "students"]].to_numpy().tolist() == [
        ["n", 4.0]
    ]
    assert set(table.loc[table["from_id"] != "b", "source"]) == {"zoned_by_land"}
    only = build_network(replace(district, flow_ways=("table",))).flows
    assert only["from_id"].tolist() == ["b"]
    assert "1 school (4 students) by the table of zones" in told(district)["flow-sources"]


def test_a_span_leaves_from_its_area_of_the_highest_level(draw_district: DrawDistrict) -> None:
    schools = {**SCHOOLS, "a": (500, 500, 0, 8), "i": (1500, 900, *HIGH)}
    areas = [
        *AREAS[:2],
        ("middle", "a", shapely.box(0, 0, 1500, 1000)),
        ("middle", "n", shapely.box(1500, 0, 2000, 1000)),
        ("high", "h", WEST),
        ("high", "i", EAST),
    ]
    found = flows(zoned(draw_district(schools, areas)))
    assert found["a", "h"] == pytest.approx(6.667, abs=1e-3)
    assert found["b", "a"] == found["b", "n"] == 5.0


@examples(20)
@given(
    cuts=st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True),
    people=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(1, 50)), min_size=1, max_size=12
    ),
)
def test_points_are_counted_as_one_would_by_hand(
    cuts: list[int], people: list[tuple[int, int, int]]
) -> None:
    edges = [0, *sorted(cuts), 10]
    schools = {"s": (5, 2, *K5)}
    schools |= {f"m{k}": (edges[k] + 0.5, 1, *MIDDLE) for k in range(len(edges) - 1)}
    areas = [("elementary", "s", shapely.box(0, 0, 10, 4))]
    areas += [
        ("middle", f"m{k}", shapely.box(left, 0, right, 4))
        for k, (left, right) in enumerate(itertools.pairwise(edges))
    ]
    places = [(shapely.Point(100 * x + 50, 100 * y + 50), n) for x, y, n in people]
    grown = [
        (level, school, shapely.transform(shape, lambda xy: 100 * xy))
        for level, school, shape in areas
    ]
    spread = {school: (100 * row[0], 100 * row[1], *row[2:]) for school, row in schools.items()}
    district = replace(zoned(paper_district(spread, grown), "areas"), residents=living(*places))
    by_hand = np.zeros(len(edges) - 1)
    for x, _, n in people:
        by_hand[np.searchsorted(edges, x, side="right") - 1] += n
    share = by_hand / by_hand.sum()
    share[share < 0.01] = 0.0
    expected = pd.Series(10 * share / share.sum(), [f"m{k}" for k in range(len(share))])
    found = flows(district)
    assert {b: n for (_, b), n in found.items()} == pytest.approx(
        expected[expected > 0].to_dict(), abs=2e-3
    )
