"""Schools of choice: which they are, and where each policy puts them."""

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeder.district.model import District
from feeder.errors import InputError
from feeder.network.build import build_network
from feeder.network.choice import choice_schools, names_choice
from feeder.network.convert import from_networkx, to_networkx
from feeder.network.graph import FeederGraph
from feeder.network.model import Network
from feeder.terms import LEAST_SHARE

DrawDistrict = Callable[..., District]
K5, MIDDLE, HIGH = (0, 5), (6, 8), (9, 12)
POLICIES = ("place", "flow", "apart")


def cell(column: int, row: int) -> shapely.Polygon:
    """Return a square kilometre."""
    return shapely.box(1000 * column, 1000 * row, 1000 * column + 1000, 1000 * row + 1000)


def with_kinds(district: District, kinds: dict[str, str]) -> District:
    table = district.schools.copy()
    for school, kind in kinds.items():
        table.loc[school, "kind"] = kind
    return replace(district, schools=table)


def shares(network: Network, kind: str) -> dict[tuple[str, str], float]:
    graph = network.graph
    own = graph.contact_kind == kind
    ends = zip(graph.contact_a[own], graph.contact_b[own], strict=True)
    names = [(graph.node_ids[a], graph.node_ids[b]) for a, b in ends]
    return dict(zip(names, graph.contact_share[own].tolist(), strict=True))


def told(network: Network) -> dict[str, str]:
    """Return the warnings about schools of choice by rule."""
    return {w.rule: w.message for w in network.warnings if w.rule.startswith("choice-")}


def same_graph(one: FeederGraph, other: FeederGraph) -> bool:
    return all(
        np.array_equal(getattr(one, f.name), getattr(other, f.name), equal_nan=True)
        if isinstance(getattr(one, f.name), np.ndarray) and getattr(one, f.name).dtype.kind == "f"
        else np.array_equal(getattr(one, f.name), getattr(other, f.name))
        for f in fields(FeederGraph)
    )


@pytest.fixture
def town(draw_district: DrawDistrict) -> Callable[..., District]:
    """Make three by two areas of a square kilometre, ``e0`` to ``e5`` row by row.

    ``m`` is the middle school of the two western columns. ``x`` and ``y`` are high schools
    without an area: ``x`` stands on ``e0``, ``y`` on ``e5``.
    """

    def make(flows: list[tuple[str, str, float]], **kinds: str) -> District:
        places = [(place % 3, place // 3) for place in range(6)]
        schools = {
            f"e{n}": (1000 * x + 500, 1000 * y + 500, *K5) for n, (x, y) in enumerate(places)
        }
        schools |= {"m": (1500, 1700, *MIDDLE), "x": (100, 100, *HIGH), "y": (2900, 1900, *HIGH)}
        areas = [("elementary", f"e{n}", cell(*place)) for n, place in enumerate(places)]
        areas.append(("middle", "m", shapely.box(0, 0, 2000, 2000)))
        return with_kinds(draw_district(schools, areas, flows=flows), kinds)

    return make


@pytest.mark.parametrize(
    "kind",
    ["charter", "Magnets", "Alternative Schools of Choice", "CHARTER SCHOOL", "continuation"],
)
def test_kinds_of_choice(kind: str) -> None:
    assert names_choice(kind)


@pytest.mark.parametrize(
    "kind",
    ["", "District", "regular", "Traditional", "non-charter", "Neighborhood magnet", "no", "K-8"],
)
def test_kinds_of_neighborhood_schools(kind: str) -> None:
    assert not names_choice(kind)


def test_a_magnet_with_an_area_is_a_neighborhood_school(town: Callable[..., District]) -> None:
    district = town([("m", "x", 10.0)], m="magnet", x="magnet")
    assert district.schools.index[choice_schools(district)].tolist() == ["x"]
    place, apart = (build_network(district, choice_schools=p) for p in ("place", "apart"))
    assert shares(apart, "overlap") == shares(place, "overlap")
    assert shares(place, "campus") == {("x", "e0"): 1.0, ("y", "e5"): 1.0}
    assert shares(apart, "campus") == {("y", "e5"): 1.0}


def test_apart_has_no_contact_and_keeps_its_flows(town: Callable[..., District]) -> None:
    network = build_network(town([("m", "x", 10.0)], x="charter"), choice_schools="apart")
    graph = network.graph
    assert [graph.node_ids[i] for i in np.flatnonzero(graph.is_apart)] == ["x"]
    assert graph.flow_students.tolist() == [10.0]
    assert network.choice_schools == "apart"
    assert told(network) == {
        "choice-apart": "1 school of choice left outside every community: School x (x)."
    }
    assert same_graph(from_networkx(to_networkx(graph)), graph)


def test_flow_ties_a_school_to_the_campuses_of_its_pupils(town: Callable[..., District]) -> None:
    """Of 120 pupils, 60 are e2's, 40 are m's, to and fro, 20 are y's, which is placed."""
    flows = [("e2", "x", 60.0), ("m", "x", 10.0), ("x", "m", 30.0), ("y", "x", 20.0)]
    network = build_network(town(flows, x="charter", y="charter"), choice_schools="flow")
    feed = shares(network, "feed")
    assert {other: share for (school, other), share in feed.items() if school == "x"} == (
        pytest.approx({"e2": 1 / 2, "m": 1 / 3, "y": 1 / 6})
    )
    assert not any(school == "y" for school, _ in feed), "all y's pupils are another charter's"
    assert shares(network, "campus") == {("y", "e5"): 1.0}
    assert "School y (y)" in told(network)["choice-without-flow"]
    assert same_graph(from_networkx(to_networkx(network.graph)), network.graph)


def test_pupils_spread_thin_leave_the_strongest_contact_enough(draw_district: DrawDistrict) -> None:
    schools = {f"e{n:02d}": (1000 * n + 500, 500, *K5) for n in range(25)}
    areas = [("elementary", f"e{n:02d}", cell(n, 0)) for n in range(25)]
    schools["x"] = (100, 100, *HIGH)
    flows = [(f"e{n:02d}", "x", 6.0 if n == 7 else 3.0) for n in range(25)]
    district = with_kinds(draw_district(schools, areas, flows=flows), {"x": "magnet"})
    feed = shares(build_network(district, choice_schools="flow"), "feed")
    assert feed[("x", "e07")] == pytest.approx(LEAST_SHARE)
    assert feed[("x", "e08")] == pytest.approx(LEAST_SHARE / 2)


@pytest.mark.parametrize("policy", ["flow", "apart"])
def test_a_school_of_choice_stays_with_the_campus_it_shares(
    town: Callable[..., District], policy: str
) -> None:
    district = town([("e5", "x", 10.0)], x="charter")
    district.schools.loc[["x", "e0"], "campus_id"] = "site"
    network = build_network(district, choice_schools=policy)
    assert same_graph(network.graph, build_network(district).graph)
    assert "School x (x)" in told(network)["choice-shares-campus"]


@pytest.mark.parametrize("flows", [[], [("e5", "x", 9.0), ("y", "x", 91.0)]], ids=["none", "few"])
def test_a_school_of_choice_without_neighborhood_pupils_stays_where_it_stands(
    town: Callable[..., District], flows: list[tuple[str, str, float]]
) -> None:
    network = build_network(town(flows, x="charter", y="charter"), choice_schools="flow")
    assert shares(network, "campus") == {("x", "e0"): 1.0, ("y", "e5"): 1.0}
    assert "School x (x)" in told(network)["choice-without-flow"]


def test_kinds_that_are_not_understood_are_told(town: Callable[..., District]) -> None:
    network = build_network(town([], x="District", y="Citywide"), choice_schools="apart")
    assert "District" in told(network)["choice-kinds"]
    assert "Citywide" not in told(network)["choice-kinds"]
    assert told(build_network(town([], x="District"))) == {}


@pytest.mark.parametrize(
    ("policy", "landed"), [("flow", "abx"), ("apart", "ab"), ("place", "abwx")]
)
def test_without_areas_loose_schools_of_choice_hold_no_land(
    draw_district: DrawDistrict, policy: str, landed: str
) -> None:
    schools = {"a": (500, 500, *K5), "b": (1500, 500, *K5), "w": (1400, 400, *HIGH),
               "x": (100, 100, *HIGH)}  # fmt: skip
    outline = shapely.box(0, 0, 2000, 1000)
    district = draw_district(schools, None, outline, flows=[("a", "w", 10.0), ("b", "w", 30.0)])
    district = with_kinds(district, {"w": "charter", "x": "charter"})
    network = build_network(district, choice_schools=policy)
    assert network.tiles["tile_id"].tolist() == list(landed)
    assert network.land().area == pytest.approx(2e6, rel=1e-6)
    fed = {("w", "a"): 0.25, ("w", "b"): 0.75} if policy == "flow" else {}
    assert shares(network, "feed") == pytest.approx(fed)


def test_a_district_of_nothing_but_charters_cannot_stay_apart(draw_district: DrawDistrict) -> None:
    district = with_kinds(draw_district({"a": (500, 500, *K5)}), {"a": "charter"})
    with pytest.raises(InputError, match="no school is left to plan"):
        build_network(district, choice_schools="apart")
    assert build_network(district, choice_schools="flow").graph.has_land.tolist() == [True]


def test_an_unknown_policy_is_refused(draw_district: DrawDistrict) -> None:
    with pytest.raises(ValueError, match="place, flow, apart"):
        build_network(draw_district({"a": (500, 500, *K5)}), choice_schools="near")


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[tuple[str, str, float]], dict[str, str], list[str]]:
    """Flows, kinds, and the schools on one campus, of a town of seven schools."""
    ids = [*(f"e{n}" for n in range(6)), "m", "x", "y"]
    pairs = draw(st.sets(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=12))
    flows = [(a, b, float(draw(st.integers(1, 90)))) for a, b in sorted(pairs) if a != b]
    kinds = st.sampled_from(["", "charter", "magnet", "regular"])
    site = draw(st.sampled_from([[], ["x", "y"], ["x", "e3"]]))
    return flows, {school: draw(kinds) for school in ("e1", "m", "x", "y")}, site


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(towns())
def test_laws_of_the_policies(
    town: Callable[..., District],
    case: tuple[list[tuple[str, str, float]], dict[str, str], list[str]],
) -> None:
    flows, kinds, site = case
    district = town(flows, **kinds)
    district.schools.loc[site, "campus_id"] = "site"
    networks = {policy: build_network(district, choice_schools=policy) for policy in POLICIES}
    place, flow, apart = networks.values()

    blank = with_kinds(district, dict.fromkeys(kinds, ""))
    assert same_graph(place.graph, build_network(blank).graph), "place asks for no kind"
    for network in networks.values():
        graph = network.graph
        assert graph.school_ids == tuple(district.schools.index)
        assert graph.flow_students.tolist() == place.graph.flow_students.tolist()
        pd.testing.assert_frame_equal(network.flows, place.flows)
        assert graph.has_land.tolist() == place.graph.has_land.tolist()
        land = graph.is_land_contact
        assert graph.contact_border_m[land].tolist() == pytest.approx(
            place.graph.contact_border_m[place.graph.is_land_contact].tolist()
        )
        anchored = np.zeros(graph.n_nodes)
        np.maximum.at(anchored, graph.contact_a[~land], graph.contact_share[~land])
        leaning = ~graph.has_land & ~graph.is_apart
        total = np.bincount(graph.contact_a[~land], graph.contact_share[~land], graph.n_nodes)
        assert (total[leaning] >= LEAST_SHARE - 1e-9).all()
        fed = np.unique(graph.contact_a[graph.contact_kind == "feed"])
        assert (anchored[fed] >= LEAST_SHARE - 1e-9).all(), "one campus can hold the school"
    assert not place.graph.is_apart.any()
    assert not flow.graph.is_apart.any()

    choice = choice_schools(district)
    on_campus = np.bincount(place.graph.school_node, minlength=place.graph.n_nodes)
    chosen = np.bincount(place.graph.school_node[choice], minlength=place.graph.n_nodes)
    whole = (on_campus == chosen) & (on_campus > 0)
    assert apart.graph.is_apart.tolist() == whole.tolist()
    fed = np.isin(np.arange(len(whole)), flow.graph.contact_a[flow.graph.contact_kind == "feed"])
    assert not (fed & ~whole).any()
