"""Hosts, today's offices and ways to place them, worked by hand and against every choice.

Minutes of the small cases are those of a line: schools at 0, 2, 3, 7 and 11 minutes.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder import offices
from feeder.analyses.offices.arrangements import arranged, shared_among, todays_places
from feeder.analyses.offices.sections import offices_section
from feeder.errors import InfeasibleError, InputError
from feeder.language import ENGLISH
from feeder.measures.hosts import choose_hosts
from feeder.measures.inputs import measure_inputs
from feeder.measures.score import score
from feeder.network.travel import StreetTravel, travel_of
from feeder.planning import Assignment

LINE = np.array([0.0, 2.0, 3.0, 7.0, 11.0])
ANY = np.full(5, np.nan)


def on_line(at: np.ndarray = LINE) -> StreetTravel:
    return StreetTravel(np.abs(at[:, None] - at))


def with_offices(grid: Assignment, rows: list[dict[str, object]]) -> Assignment:
    """Return the grid with offices of today; what a row does not say is blank."""
    blank = {"office_id": "", "name": "", "school_id": "", "community_id": "", "region": ""}
    offices = pd.DataFrame([{**blank, "lat": np.nan, "lon": np.nan, **row} for row in rows])
    district = replace(grid.district, offices=offices)
    network = replace(grid.network, travel=travel_of(district))
    return replace(grid, district=district, network=network)


def limited(grid: Assignment, capacity: dict[str, float]) -> Assignment:
    schools = grid.district.schools.copy()
    schools["office_capacity"] = pd.Series(capacity).reindex(schools.index)
    return replace(grid, district=replace(grid.district, schools=schools))


def test_the_host_has_the_fewest_minutes() -> None:
    """Five on a line: from 3 it is 3 + 1 + 0 + 4 + 8 = 16, from 2 it is 17, from 7 it is 20."""
    found = choose_hosts(on_line(), np.zeros(5, dtype=int), 1, capacity=ANY)
    assert found.host.tolist() == [2]
    assert found.minutes.tolist() == [3, 1, 0, 4, 8]


def test_a_host_that_is_wanted_is_taken_where_it_is_a_member() -> None:
    """At 11, the worst of five on a line, without room; the school at 0 is of another community."""
    of_two = np.array([1, 0, 0, 0, 0])
    for wanted, host in ((4, 4), (0, 2), (-1, 2)):
        hosts = np.array([wanted, -1])
        room = np.array([np.nan, np.nan, np.nan, np.nan, 0.0])
        found = choose_hosts(on_line(), of_two, 2, capacity=room, wanted=hosts)
        assert found.host.tolist() == [host, 0]


def test_a_limit_goes_before_the_total() -> None:
    """Beyond 6: from 3 minutes 2 (the school at 11), from 7 it is 1 (the one at 0): 7 wins.

    With 7 as the limit, 7 breaks it for nobody, 3 for one: 7 wins too; without one, 3.
    """
    home = np.zeros(5, dtype=int)
    for most, host in ((6.0, 3), (7.0, 3), (8.0, 2), (None, 2)):
        assert choose_hosts(on_line(), home, 1, capacity=ANY, most=most).host.tolist() == [host]


def test_weights_draw_the_host() -> None:
    """With nine times the weight at 11: from 11 it is 11 + 9 + 8 + 4 = 32, from 7 it is 52."""
    weights = np.array([1.0, 1.0, 1.0, 1.0, 9.0])
    found = choose_hosts(on_line(), np.zeros(5, dtype=int), 1, capacity=ANY, weights=weights)
    assert found.host.tolist() == [4]


def test_equal_hosts_are_settled_by_order_and_one_way_streets_count() -> None:
    """Two schools alone are as good as each other; a one-way street decides otherwise."""
    home = np.zeros(2, dtype=int)
    even = StreetTravel(np.array([[0.0, 4.0], [4.0, 0.0]]))
    assert choose_hosts(even, home, 1, capacity=ANY[:2]).host.tolist() == [0]
    one_way = StreetTravel(np.array([[0.0, 4.0], [5.0, 0.0]]))  # 4 from the first to the second
    found = choose_hosts(one_way, home, 1, capacity=ANY[:2])
    assert found.host.tolist() == [1]
    assert found.minutes.tolist() == [4, 0]


def test_hosts_need_room_for_the_community() -> None:
    """At 3 and 2 no room for five; those without a community, or a host, have no minutes."""
    capacity = np.array([np.nan, 4.0, 0.0, 5.0, np.nan])
    found = choose_hosts(on_line(), np.zeros(5, dtype=int), 1, capacity=capacity)
    assert found.host.tolist() == [3]
    home = np.array([1, 0, 0, -1, 1])
    capacity = np.array([2.0, 1.0, 0.0, np.nan, 1.0])
    found = choose_hosts(on_line(), home, 3, capacity=capacity)
    assert found.host.tolist() == [-1, 0, -1]
    assert np.isnan(found.minutes).tolist() == [False, True, True, True, False]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_no_other_host_of_eight_is_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    minutes = rng.integers(0, 30, (8, 8)).astype(float)
    np.fill_diagonal(minutes, 0)
    home = rng.integers(-1, 3, 8)
    capacity = np.where(rng.random(8) < 0.5, np.nan, rng.integers(0, 6, 8))
    most = None if seed % 2 else 12.0
    found = choose_hosts(StreetTravel(minutes), home, 3, capacity=capacity, most=most)
    for c in range(3):
        members = np.flatnonzero(home == c)
        worth = [
            (
                0.0 if most is None else sum(max(minutes[i, j] - most, 0) for i in members),
                sum(minutes[i, j] for i in members),
                j,
            )
            for j in members
            if np.isnan(capacity[j]) or capacity[j] >= len(members)
        ]
        assert found.host[c] == (min(worth)[2] if worth else -1)


def test_a_community_without_a_host_is_named(grid: Assignment) -> None:
    few = limited(grid, dict.fromkeys(("e2", "e3", "e5", "e6", "h1", "m2"), 5.0))
    card = score(few)
    for name in ("office_minutes_mean", "office_minutes_max"):
        assert card.plan[name].value is None
        assert "school of E " in str(card.plan[name].reason)
    assert card.communities["office"].tolist() == ["School e4", ""]
    assert np.isnan(card.communities["office_minutes_mean"]).tolist() == [False, True]
    found = offices(few)
    assert found.without_host == ("East side",)
    assert found.communities["n_schools"].tolist() == [6, 6, 12]
    assert found.ways["n_schools"].tolist()[0] == 6


def test_todays_office_is_that_of_the_community_then_of_the_region(grid: Assignment) -> None:
    """T2's office is at e5; m2 has no community, and its region, the South, an office at e2.

    h2 has neither: the nearest is at h1 or e5, and its own is the one by e7, for everybody.
    """
    made = with_offices(
        grid,
        [
            {"name": "for T2", "school_id": "e5", "community_id": "T2"},
            {"name": "for T1", "school_id": "e3", "community_id": "T1"},
            {"name": "South", "school_id": "e2", "region": "South"},
            {"name": "for nobody", "school_id": "e7"},
        ],
    )
    today = made.district.existing_plan.drop(["m2", "h2"])
    made = replace(made, district=replace(made.district, existing_plan=today))
    facts = measure_inputs(made)
    place = dict(zip(facts.schools.index, todays_places(made.district, facts) - 12, strict=True))
    assert {school: place[school] for school in ("e2", "e8", "h1")} == {"e2": 0, "e8": 0, "h1": 0}
    assert [place["e1"], place["m1"], place["m2"], place["h2"]] == [1, 1, 2, 3]


def test_offices_beside_todays(grid: Assignment) -> None:
    """Minutes are 2.6 a km. Today all of T1 go to e7 and all of T2 to e6.

    W: to e4 1 + 1 + sqrt 2 + sqrt .98 + sqrt 1.78 km; today e8 goes to e6 (sqrt 2), the others to
    e7 (2, 1, 0, sqrt 3.38, sqrt .18). Nine in ten of six schools are all six. Crews go there and
    back 10 times a year.
    """
    made = with_offices(
        grid,
        [{"school_id": "e7", "community_id": "T1"}, {"school_id": "e6", "community_id": "T2"}],
    )
    row = offices(made, visits=10).communities.iloc[0]
    km = 0.9996
    plan = [1, 1, 2**0.5, 0.98**0.5, 1.78**0.5, 0]
    today = [2, 1, 0, 3.38**0.5, 0.18**0.5, 2**0.5]
    for before, ways in (("", plan), ("today_", today)):
        assert row[f"{before}minutes_mean"] == pytest.approx(sum(ways) / 6 * 2.6 / km, rel=1e-5)
        assert row[f"{before}minutes_p90"] == pytest.approx(max(ways) * 2.6 / km, rel=1e-5)
        assert row[f"{before}minutes_max"] == pytest.approx(max(ways) * 2.6 / km, rel=1e-5)
        hours = sum(ways) * 2.6 * 2 * 10 / 60 / km
        assert row[f"{before}crew_hours"] == pytest.approx(hours, rel=1e-5)


def test_the_percentile_is_the_way_of_a_school() -> None:
    """Of ten schools nine are within the ninth way, of eleven the tenth (9.9 rounded up)."""
    for n, nearly_all in ((10, 8.0), (11, 9.0), (1, 0.0)):
        at = np.arange(n, dtype=float)
        way = arranged(on_line(at), np.zeros(n, dtype=int))
        figures = way.figures(np.ones(n), np.ones(n, dtype=bool))
        assert figures["p90"] == nearly_all
        assert figures["hours"] == pytest.approx(at.sum() * 2 / 60)


def test_communities_share_offices_as_every_choice_would(grid: Assignment) -> None:
    """Three communities of the grid, two offices anywhere: against all pairs of schools."""
    facts = measure_inputs(grid)
    minutes = facts.travel.minutes(np.arange(12), np.arange(12))
    group = np.arange(12) % 3
    capacity = np.where(np.arange(12) % 4 == 1, np.nan, 7.0)
    place, found = shared_among(facts.travel, group, 2, capacity=capacity, weights=facts.enrollment)
    cost = np.stack([facts.enrollment[group == c] @ minutes[group == c] for c in range(3)])
    best = min(
        sum(cost[c, site] for c, site in enumerate(sites))
        for sites in product(range(12), repeat=3)
        if len(set(sites)) <= 2 and all(not sites.count(one) * 4 > capacity[one] for one in sites)
    )
    assert found.cost == pytest.approx(best)
    assert found.gap == pytest.approx(0, abs=1e-9)
    for c in range(3):
        assert len(set(place[group == c])) == 1


def test_more_offices_never_lengthen_the_ways(grid: Assignment) -> None:
    """And as many offices as communities, where each may be anywhere, beat the plan's hosts."""
    mean = [offices(grid, offices=n).ways.iloc[-1]["minutes_mean"] for n in (1, 2, 4, 12)]
    assert mean == sorted(mean, reverse=True)
    assert mean[-1] == pytest.approx(0)
    ways = offices(grid, offices=2).ways["minutes_mean"].tolist()
    assert ways[-1] <= ways[-2] + 1e-7 <= ways[0] + 2e-7  # HiGHS stops a millionth short


def test_headquarters(grid: Assignment) -> None:
    """Offices at e4 and e3; one headquarters: the school with the shortest way from both.

    From e4 (.5, 1.5) and e3 (2.5, .5) no school is nearer to both than those two, sqrt 5 km apart;
    one a region is at each office.
    """
    one = offices(grid, headquarters=1).headquarters
    assert one["n_offices"].tolist() == [2]
    assert one["minutes_mean"].item() * 2 == pytest.approx(5**0.5 * 2.6 / 0.9996, rel=1e-5)
    assert one["serves"].item() == "West side; East side"
    nested = replace(grid, scenario=replace(grid.scenario, nested_in="region"))
    own = offices(nested, headquarters="regions").headquarters
    assert own["headquarters"].tolist() == ["School e3", "School e4"]
    assert own["region"].tolist() == ["South", "North"]
    with pytest.raises(InfeasibleError, match="nested"):
        offices(
            replace(grid, scenario=replace(grid.scenario, nested_in=None)), headquarters="regions"
        )


def test_wishes_that_cannot_be(grid: Assignment) -> None:
    with pytest.raises(InputError) as told:
        offices(grid, weigh="mood", hosts=["hihg"], visits="calls", headquarters="many")
    assert len(told.value.problems) == 4
    assert "high" in str(told.value)
    with pytest.raises(InfeasibleError, match="2 schools may hold one"):
        offices(grid, hosts=["high"], offices=3)


def test_hosts_of_some_levels_and_visits_of_a_count(grid: Assignment) -> None:
    """The high schools h2 (W) and h1 (E); crews go as often as meals are counted, 0 for m1."""
    found = offices(grid, hosts=["high"], visits="meals", weigh="visits")
    assert found.communities["office"].tolist() == ["School h2", "School h1", ""]
    assert found.options.visits.sum() == 10 * 10 + 30
    section = offices_section(found)
    said = " ".join(ENGLISH.say(one) for one in section.sentences)
    assert "High schools" in said
    assert "0 to 30 visits a year" in said
    assert len(section.tables) == 2
