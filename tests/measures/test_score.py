"""Every measure of the hand-worked district of conftest.

Students: W 4 x 60 + 120 + 160 = 520, E 4 x 60 + 120 + 200 = 560, mean 540.
Changing school: 75 from elementary schools, 78 from middle schools, 153 in all.
Kept in W: 10 + 8 + 10 + 5 + 30 = 63; in E: 10 + 9 + 10 + 5 + 36 = 70.
Staying from m1: 30 / 40; from m2: 36 / 40. From e1 to e8, of 10 entering each: .75, .9, .81,
.8 x .75, .9, .5 x .9, .75, .5 x .75, so W 24.75 of 40 and E 30.6 of 40.
Land: W is an L of 4 km2, E one of 5 km2, both with a perimeter of 10 km.
Offices: W at e4; in E the ways to e3 and to e6 (and to h1) are as long as each other on the grid,
and on the ground, a little wider to the north, e3 is the nearest. A km takes 1.3 x 60 / 30 = 2.6
minutes.
Today: T1 is a strip of 3 km2 and 8 km around, T2 a block of 6 km2 and 10 km around.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from feeder.language import ENGLISH
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.score import score
from feeder.partition.proof.bound import Bound
from feeder.planning import Assignment

SCALE = 0.9996
"""Metres of the grid for a metre on the ground, on the zone's central meridian."""


def test_every_measure_of_the_plan(grid: Assignment) -> None:
    plan = score(grid).plan
    assert list(plan) == list(DEFINITIONS)
    rates = {
        "feeder_continuity": (133, 153),
        "k12_continuity": (55.35, 80),
        "cut_contacts": (4, 12),
        "students_separated": (33_600, 236_400),
    }
    for name, (part, whole) in rates.items():
        assert plan[name].numerator == pytest.approx(part), name
        assert plan[name].denominator == whole, name
        assert plan[name].value == pytest.approx(part / whole), name
    counts = {
        "split_feeders": (4, 10),
        "split_across_communities": (4, 4),
        "small_feeds": (6, 15),
        "schools_moved": (1, 12),
        "students_moved": (60, 1080),
        "schools_outside_their_community": (1, 12),
    }
    for name, (count, whole) in counts.items():
        assert (plan[name].value, plan[name].numerator) == (count, count), name
        assert plan[name].denominator == whole, name
    assert plan["enrollment_deviation"].value == pytest.approx(20 / 540)
    assert plan["polsby_popper"].value == pytest.approx(4 * math.pi * 4.5 / 100)
    longest = math.hypot(0.3, 2.3) / SCALE
    assert plan["diameter_km"].value == pytest.approx(longest, rel=1e-6)
    given = np.array([460, 60, 560]) / 1080
    information = -sum(
        p * math.log(p * p / (a * b) * 1080**2)
        for p, a, b in zip(given, (520, 520, 560), (460, 620, 620), strict=True)
    )
    assert plan["variation_of_information"].value == pytest.approx(information)
    to_e4 = 1 + 1 + math.hypot(1, 1) + math.hypot(0.7, 0.7) + math.hypot(0.3, 1.3)
    to_e3 = 1 + math.hypot(1, 1) + 1 + 0 + 2
    minutes = plan["office_minutes_mean"]
    assert minutes.numerator == pytest.approx((to_e4 + to_e3) / SCALE * 2.6, rel=1e-6)
    assert minutes.denominator == 12
    assert plan["office_minutes_max"].value == pytest.approx(2 / SCALE * 2.6, rel=1e-6)


def test_need_counts_unknown_as_nothing(grid: Assignment) -> None:
    """Need is 2 x meals: W 2 x 5 x 10 = 100, E 2 x (5 x 10 + 30) = 160, mean 130."""
    card = score(grid)
    assert card.plan["need_deviation"].value == pytest.approx(30 / 130)
    assert card.communities["need"].tolist() == [100, 160]


def test_every_measure_of_today(grid: Assignment) -> None:
    """Kept today: T1 10 + 8 + 10 + 30, T2 5 + 10 + 9 + 10 + 5 + 36; borders cut: 3."""
    today = score(grid).existing
    assert today["feeder_continuity"].numerator == 58 + 75
    assert today["cut_contacts"].value == pytest.approx(3 / 12)
    shapes = 4 * math.pi * (3 / 64 + 6 / 100) / 2
    assert today["polsby_popper"].value == pytest.approx(shapes)
    assert today["enrollment_deviation"].value == pytest.approx(80 / 540)
    for name in (
        "schools_moved",
        "students_moved",
        "variation_of_information",
        "students_separated",
    ):
        assert today[name].value is None, name
        assert "today" in ENGLISH.say(today[name].reason), name


def test_table_of_communities(grid: Assignment) -> None:
    table = score(grid).communities
    assert list(table.index) == ["W", "E"]
    expected = {
        "name": ["West side", "East side"],
        "region": ["North", "South"],
        "n_schools": [6, 6],
        "n_elementary": [4, 4],
        "n_middle": [1, 1],
        "n_high": [1, 1],
        "n_span": [0, 0],
        "grades": ["K-12", "K-12"],
        "enrollment": [520, 560],
        "feeder_continuity_numerator": [63, 70],
        "feeder_continuity_denominator": [40 + 40, 35 + 38],
        "k12_continuity_denominator": [40, 40],
        "pieces": [1, 1],
        "schools_outside": [1, 0],
        "meals": [50, 80],
        "absence_numerator": [90, 75],
        "absence_denominator": [360, 300],
        "absence": [0.25, 0.25],
    }
    for column, values in expected.items():
        assert table[column].tolist() == values, column
    close = {
        "enrollment_deviation": [-20 / 540, 20 / 540],
        "k12_continuity_numerator": [24.75, 30.6],
        "polsby_popper": [4 * math.pi * 4 / 100, 4 * math.pi * 5 / 100],
        "area_km2": [4, 5],
        "diameter_km": [math.hypot(0.3, 2.3) / SCALE, math.hypot(1, 2) / SCALE],
    }
    for column, values in close.items():
        assert table[column].tolist() == pytest.approx(values, rel=1e-6), column


def test_certificate_weighs_continuity_against_cuts(grid: Assignment) -> None:
    certificate = score(grid).certificate
    assert certificate["objective"] == pytest.approx(133 / 153 - 0.1 * 4 / 12)
    assert certificate["bound"] is None
    assert certificate["gap"] is None
    assert certificate["reason"]


def test_without_an_existing_plan(grid: Assignment) -> None:
    card = score(replace(grid, district=replace(grid.district, existing_plan=None)))
    assert card.existing is None
    assert card.plan["schools_moved"].value is None
    assert "no existing plan" in str(card.plan["students_separated"].reason)


def test_other_number_of_communities_today(grid: Assignment) -> None:
    today = grid.district.existing_plan.copy()
    today["h1"] = "T3"
    before = score(grid).plan["schools_moved"].value
    plan = score(replace(grid, district=replace(grid.district, existing_plan=today))).plan
    # What was a community of its own is carried on where it is now.
    assert (plan["schools_moved"].value, before) == (1, 1)
    assert plan["schools_moved"].denominator == 12
    assert plan["students_separated"].value > 0
    assert plan["variation_of_information"].value > 0


def test_land_of_a_patchy_plan_of_today_is_not_judged(grid: Assignment) -> None:
    """One campus with land of eight has no community: more than a tenth."""
    today = grid.district.existing_plan.drop(["e6"])
    existing = score(replace(grid, district=replace(grid.district, existing_plan=today))).existing
    assert existing["polsby_popper"].value is None
    assert "1 of 8" in str(existing["cut_contacts"].reason)
    assert existing["feeder_continuity"].value == pytest.approx((58 + 70) / 153)


def test_vacant_tile_follows_its_longest_border_today(grid: Assignment) -> None:
    """With v9 touching e8 for 2 km, v9 goes where e8 goes; a ring later nothing is left."""
    graph = grid.network.graph
    e8, v9 = graph.node_ids.index("e8"), graph.node_ids.index("v9")
    border = graph.contact_border_m.copy()
    border[(graph.contact_a == e8) & (graph.contact_b == v9)] = 2000.0
    network = replace(grid.network, graph=replace(graph, contact_border_m=border))
    today = grid.district.existing_plan.copy()
    today["e8"] = "T1"
    district = replace(grid.district, existing_plan=today)
    existing = score(replace(grid, network=network, district=district)).existing
    # T1 is now e1, e4, e7, e8, v9: cut are e1-e2, e4-e5, e5-e8 and e6-v9.
    assert existing["cut_contacts"].numerator == 4


def test_islands_are_named_and_rocks_offshore_ignored(island: Assignment) -> None:
    card = score(island)
    (named,) = card.island_communities
    assert (named["community_id"], named["pieces"]) == ("W", 2)
    assert "e1" in ENGLISH.say(named["reason"])
    assert card.communities.loc["W", "area_km2"] == pytest.approx(4.25)
    assert card.communities.loc["W", "polsby_popper"] == pytest.approx(4 * math.pi * 4.25 / 144)
    assert card.satisfied


def test_interval_of_a_suppressed_cell(suppressed: Assignment) -> None:
    """e4 to m2 leaves W: 1 to 9 students, so 133 of 152 to 160.

    From e4 8 of max(10, 8 + x) children go on to m1: the last grade is reached by 6 / 9.. 10.
    """
    plan = score(suppressed).plan
    value = plan["feeder_continuity"]
    assert (value.low, value.high) == (pytest.approx(133 / 160), pytest.approx(133 / 152))
    assert value.value == pytest.approx(133 / 156)
    chain = plan["k12_continuity"]
    rest = 55.35 - 6.0
    assert chain.value * 80 == pytest.approx(rest + 7.5 * 8 / 13)
    assert chain.low * 80 == pytest.approx(rest + 7.5 * 8 / 17)
    assert chain.high * 80 == pytest.approx(rest + 7.5 * 8 / 10)


def test_interval_of_an_estimate_runs_over_its_variants(estimated: Assignment) -> None:
    """Kept into high school: 66 of 78 as used, 78 in one variant, 50 in the other."""
    plan = score(estimated).plan
    assert plan["feeder_continuity"].value == pytest.approx(133 / 153)
    assert plan["feeder_continuity"].low == pytest.approx((67 + 20 + 30) / 153)
    assert plan["feeder_continuity"].high == pytest.approx((67 + 40 + 38) / 153)
    # h(m1) is 30/40, then 1 and 1/2; h(m2) 36/40, then 38/40 and 30/40.
    through = [3.3 * a + 3.4 * b for a, b in ((0.75, 0.9), (1, 0.95), (0.5, 0.75))]
    chain = plan["k12_continuity"]
    assert [chain.value, chain.high, chain.low] == pytest.approx([10 * t / 80 for t in through])
    assert (plan["split_feeders"].low, plan["split_feeders"].high) == (3, 5)


def test_known_flows_have_no_interval(grid: Assignment) -> None:
    for value in score(grid).plan.values():
        assert value.low is None
        assert value.high is None


def test_nobody_changes_school(grid: Assignment) -> None:
    empty = np.empty(0, dtype=np.int64)
    graph = replace(
        grid.network.graph,
        flow_from=empty,
        flow_to=empty,
        flow_students=np.empty(0),
        flow_source=np.empty(0, dtype=str),
    )
    network = replace(grid.network, graph=graph, flows=grid.network.flows.iloc[:0])
    plan = score(replace(grid, network=network)).plan
    assert plan["feeder_continuity"].value is None
    assert str(plan["feeder_continuity"].reason) == "nobody changes school"
    assert plan["k12_continuity"].value == 0
    assert plan["split_feeders"].value == plan["small_feeds"].value == 0


def test_progress_reaches_the_end(grid: Assignment) -> None:
    told: list[float] = []
    score(grid, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_plan_with_an_empty_community_is_scored(
    grid: Assignment, moved: Callable[..., Assignment]
) -> None:
    """A plan need not be good to be scored."""
    alone = moved(**dict.fromkeys(grid.network.graph.node_ids, "W"))
    card = score(alone)
    assert card.plan["feeder_continuity"].value == 1
    assert not card.satisfied
    assert card.communities.loc["E", "n_schools"] == 0
    assert pd.isna(card.communities.loc["E", "polsby_popper"])


def test_certificate_tells_a_bound_rounded_up_and_its_gap_in_points(grid: Assignment) -> None:
    objective = 133 / 153 - 0.1 * 4 / 12
    told = score(grid, bound=Bound(objective + 0.0123456789, "prices", 1.5)).certificate
    assert told["bound"] >= objective + 0.0123456789
    assert told["bound"] == pytest.approx(objective + 0.0123456789, abs=2e-6)
    assert told["gap"] == pytest.approx(1.2346, abs=1e-4)
    assert (told["unit"], told["method"], told["seconds"]) == ("points", "prices", 1.5)
    assert told["reason"] == ""


def test_no_gap_is_told_of_a_plan_that_breaks_promises(grid: Assignment) -> None:
    strict = replace(grid, scenario=replace(grid.scenario, schools=(1, 2)))
    told = score(strict, bound=Bound(0.5, "prices")).certificate
    assert told["bound"] == 0.5
    assert told["gap"] is None
    assert "breaks promises" in ENGLISH.say(told["reason"])
    none = score(strict, bound=Bound(-math.inf, "checks")).certificate
    assert none["bound"] is None
    assert "no plan" in ENGLISH.say(none["reason"])
