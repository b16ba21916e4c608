"""Brute force and laws that hold for any plan."""

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeder.measures import continuity, disruption, feeders
from feeder.measures.flow_variants import Flows
from feeder.measures.score import score
from feeder.planning import Assignment

Row = tuple[int, int, int, int]
"""Sender, receiver, fewest and most students."""
Homes = npt.NDArray[np.int64]
Case = tuple[list[Row], pd.DataFrame, Homes]
LAW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def flows_of(rows: list[Row]) -> Flows:
    sender, receiver, low, high = (np.array(column) for column in zip(*rows, strict=True))
    low, high = low.astype(float), high.astype(float)
    return Flows(sender, receiver, (low + high) / 2, low, high)


@st.composite
def chains(draw: st.DrawFn, *, open_cells: bool = False) -> Case:
    """Three levels of schools, flows upwards, leavers, communities."""
    n = draw(st.integers(3, 8))
    level = sorted(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
    grades = [(1 << (4 * step + 5 if step else 5)) - 1 for step in level]
    pairs = [(a, b) for a in range(n) for b in range(n) if level[a] < level[b]]
    rows = []
    for a, b in pairs:
        low = draw(st.integers(0, 9))
        extra = draw(st.integers(0, 6)) if open_cells else 0
        if low + extra:
            rows.append((a, b, low, low + extra))
    schools = pd.DataFrame(
        {
            "grades": grades,
            "leavers": draw(st.lists(st.integers(0, 25), min_size=n, max_size=n)),
            "entering": draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)),
        },
        dtype=np.int64,
    )
    community = np.array(draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n)))
    return rows, schools, community


def by_paths(
    school: int, rows: list[tuple[int, int, float]], schools: pd.DataFrame, community: Homes
) -> float:
    """Sum the probability of every path to the last grade, one path at a time."""
    last = max(schools["grades"])
    if community[school] < 0:
        return 0.0
    if schools["grades"][school] == last:
        return 1.0
    out = [(b, x) for a, b, x in rows if a == school]
    size = max(schools["leavers"][school], sum(x for _, x in out))
    return sum(
        x / size * by_paths(b, rows, schools, community)
        for b, x in out
        if x and community[b] == community[school]
    )


@LAW
@given(chains())
def test_chain_against_every_path(case: Case) -> None:
    rows, schools, community = case
    if not rows:
        return
    chance = continuity.stay_probability(flows_of(rows), community, schools)
    known = [(a, b, low) for a, b, low, _ in rows]
    expected = [by_paths(s, known, schools, community) for s in range(len(schools))]
    assert chance == pytest.approx(expected)


@LAW
@given(chains(open_cells=True))
def test_chain_interval_is_reached_and_never_left(case: Case) -> None:
    """Every corner of the ranges lies inside; corners and break-even points reach both ends."""
    rows, schools, community = case
    rows = rows[:5]
    if not rows or schools["entering"].sum() == 0:
        return
    value = continuity.k12_continuity(flows_of(rows), community, schools)
    low = value.value if value.low is None else value.low
    high = value.value if value.high is None else value.high
    seen = []
    for students in product(*(range(low, high + 1) for _, _, low, high in rows)):
        table = [(a, b, x) for (a, b, _, _), x in zip(rows, students, strict=True)]
        stay = [by_paths(s, table, schools, community) for s in range(len(schools))]
        seen.append(float(schools["entering"] @ stay) / schools["entering"].sum())
    assert min(seen) == pytest.approx(low)
    assert max(seen) == pytest.approx(high)


def test_a_ring_without_a_way_out_is_no_success() -> None:
    schools = pd.DataFrame({"grades": [63, 63, 4095], "leavers": [0, 0, 9], "entering": [5, 5, 0]})
    flows = flows_of([(0, 1, 4, 4), (1, 0, 4, 4)])
    chance = continuity.stay_probability(flows, np.zeros(3, dtype=np.int64), schools)
    assert chance.tolist() == [0, 0, 1]


def test_a_ring_with_a_way_out_is_solved() -> None:
    """From 0 half return to 1 and half graduate; from 1 all go back to 0: all graduate."""
    schools = pd.DataFrame({"grades": [63, 63, 4095], "leavers": [0, 0, 9], "entering": [5, 5, 0]})
    flows = flows_of([(0, 1, 4, 4), (0, 2, 4, 4), (1, 0, 4, 4)])
    chance = continuity.stay_probability(flows, np.zeros(3, dtype=np.int64), schools)
    assert chance == pytest.approx([1, 1, 1])


@LAW
@given(chains(open_cells=True))
def test_continuity_interval_is_the_true_one(case: Case) -> None:
    rows, _, community = case
    rows = rows[:6]
    if not rows:
        return
    value = continuity.feeder_continuity(flows_of(rows), community)
    kept = [community[a] == community[b] >= 0 for a, b, _, _ in rows]
    seen = [
        sum(x for x, k in zip(students, kept, strict=True) if k) / sum(students)
        for students in product(*({low, high} for _, _, low, high in rows))
        if sum(students)
    ]
    if value.value is not None and seen:
        assert value.low == pytest.approx(min(seen))
        assert value.high == pytest.approx(max(seen))


@LAW
@given(
    st.integers(2, 6).flatmap(
        lambda k: st.tuples(
            st.just(k),
            st.lists(
                st.tuples(st.integers(0, k - 1), st.integers(0, k - 1), st.integers(0, 50)),
                min_size=1,
                max_size=12,
            ),
        )
    )
)
def test_relabelling_against_every_permutation(
    case: tuple[int, list[tuple[int, int, int]]],
) -> None:
    k, rows = case
    plan, today, students = (np.array(column) for column in zip(*rows, strict=True))

    def away(order: npt.NDArray[np.int64]) -> tuple[int, int]:
        return int((order[plan] != today).sum()), int(students[order[plan] != today].sum())

    best = min(away(np.array(order)) for order in permutations(range(k)))
    assert away(disruption.relabelling(plan, today, students.astype(float))) == best


@LAW
@given(
    st.lists(
        st.tuples(st.integers(-1, 4), st.integers(-1, 3), st.integers(0, 3)),
        min_size=1,
        max_size=14,
    ),
    st.permutations(range(5)),
)
def test_who_changes_counted_community_by_community(
    rows: list[tuple[int, int, int]], order: list[int]
) -> None:
    """Ties, empty schools, schools in no community, more communities or fewer than today."""
    plan, today, students = (np.array(column) for column in zip(*rows, strict=True))
    schools = sum_moved = shared = 0
    for community in {home for _, home, _ in rows} - {-1}:
        own = [(to, size) for to, home, size in rows if home == community and to >= 0]
        held = {to: [0, 0] for to, _ in own}
        for to, size in own:
            held[to][0] += size
            held[to][1] += 1
        kept = max(held.values(), default=[0, 0])
        schools += len(own) - kept[1]
        sum_moved += sum(size for _, size in own) - kept[0]
        shared += len(own)
    found = disruption.disruption(plan, today, students.astype(float))
    if not shared:
        assert found["schools_moved"].value is None
        return
    assert (found["schools_moved"].value, found["schools_moved"].denominator) == (schools, shared)
    assert found["students_moved"].value == sum_moved
    renamed = np.array([*order, -1])[plan]
    again = disruption.disruption(renamed, today, students.astype(float))
    assert (again["schools_moved"], again["students_moved"]) == (
        found["schools_moved"],
        found["students_moved"],
    )


def test_merged_split_and_renamed_communities_by_hand() -> None:
    """Of today's, 0 and 1 merge; 2 splits; 3 is renamed; 4 has no students; 5 ends.

    Community 2 has 50 students in the plan's 1 (one school) and 50 in its 2 (two schools): the
    latter carries it on. Community 4 goes by schools: two in 3, one in 0.
    """
    rows = [(0, 0, 90), (0, 0, 10), (0, 1, 60), (1, 2, 50), (2, 2, 30), (2, 2, 20), (3, 3, 70)]
    rows += [(0, 4, 0), (3, 4, 0), (3, 4, 0), (-1, 5, 40), (1, -1, 40)]
    plan, today, students = (np.array(column) for column in zip(*rows, strict=True))
    carried = disruption.carried_on(plan, today, students.astype(float))
    assert carried.tolist() == [0, 0, 2, 3, 3, -1]
    moved = disruption.moved(plan, today, students.astype(float))
    assert np.flatnonzero(moved).tolist() == [3, 7]
    found = disruption.disruption(plan, today, students.astype(float))
    assert (found["schools_moved"].value, found["schools_moved"].denominator) == (2, 10)
    assert (found["students_moved"].value, found["students_moved"].denominator) == (50, 330)


@LAW
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 9)), min_size=2, max_size=9
    )
)
def test_separated_pairs_one_by_one(rows: list[tuple[int, int, int]]) -> None:
    plan, today, students = (np.array(column) for column in zip(*rows, strict=True))
    together = parted = 0
    for i in range(len(rows)):
        for j in range(i):
            if today[i] == today[j]:
                together += students[i] * students[j]
                parted += students[i] * students[j] * (plan[i] != plan[j])
    value = disruption.disruption(plan, today, students.astype(float))["students_separated"]
    if together:
        assert (value.numerator, value.denominator) == (parted, together)
    else:
        assert value.value is None


@LAW
@given(chains(open_cells=True))
def test_counts_lie_within_their_range(case: Case) -> None:
    rows, schools, community = case
    if not rows:
        return
    flows = flows_of(rows)
    for value in (
        feeders.split_feeders(flows, schools),
        feeders.split_across_communities(flows, community, schools),
        feeders.small_feeds(flows, len(schools)),
    ):
        assert 0 <= value.low <= value.value <= value.high
        assert value.value <= value.denominator


homes = st.lists(st.integers(-1, 2), min_size=12, max_size=12)


def placed(grid: Assignment, home: list[int]) -> Assignment:
    """The grid with any division into three communities, some nodes in none."""
    names = ("A", "B", "C")
    return Assignment.of_nodes(
        grid.district, grid.network, grid.scenario, np.array(home), ids=names, names=names
    )


@LAW
@given(homes)
def test_communities_add_up_to_the_plan(grid: Assignment, home: list[int]) -> None:
    home = [max(0, h) for h in home]
    card = score(placed(grid, home))
    for name in ("feeder_continuity", "k12_continuity"):
        for part in ("numerator", "denominator"):
            total = card.communities[f"{name}_{part}"].sum()
            assert total == pytest.approx(getattr(card.plan[name], part))
    assert card.communities["n_schools"].sum() == 12
    assert card.communities["enrollment"].sum() == 1080
    assert card.communities["area_km2"].sum() == pytest.approx(9)
    outside = card.plan["schools_outside_their_community"].value
    assert card.communities["schools_outside"].sum() == outside


@LAW
@given(homes, st.permutations([0, 1, 2]))
def test_names_of_communities_do_not_matter(
    grid: Assignment, home: list[int], order: list[int]
) -> None:
    one = score(placed(grid, home)).plan
    other = score(placed(grid, [-1 if h < 0 else order[h] for h in home])).plan
    for name, value in one.items():
        assert other[name].value == pytest.approx(value.value), name


@LAW
@given(st.lists(st.integers(0, 1), min_size=12, max_size=12))
def test_todays_plan_moves_nobody(grid: Assignment, home: list[int]) -> None:
    """Planning what is there today costs nothing, whatever the communities are called."""
    plan = placed(grid, home)
    of_school = plan.school_community
    if len(set(of_school)) < 2:
        return
    plan = replace(plan, communities=plan.communities[:2])
    today = pd.Series([f"T{1 - h}" for h in of_school], index=list(plan.network.graph.school_ids))
    card = score(replace(plan, district=replace(grid.district, existing_plan=today)))
    for name in ("schools_moved", "students_moved", "students_separated"):
        assert card.plan[name].value in {0, None}
    assert card.plan["schools_moved"].value == 0
    assert card.plan["variation_of_information"].value == pytest.approx(0, abs=1e-12)
    for name in ("feeder_continuity", "k12_continuity", "enrollment_deviation", "diameter_km"):
        assert card.plan[name].value == pytest.approx(card.existing[name].value), name
