"""Every reason why limits cannot hold together: its exact text, and that it is a proof."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from feeder.errors import InfeasibleError, InputError
from feeder.partition.cooling import Effort
from feeder.planning.constraints.asked import Asked
from feeder.planning.feasible import check_scenario, community_zones
from feeder.planning.make import make_plan
from feeder.planning.zones import make_zones
from feeder.scenario import Scenario

Reasons = Callable[..., tuple[str, ...]]
SMALL = Effort(steps_per_unit=2000, chains=6)


@pytest.fixture(scope="session")
def reasons() -> Reasons:
    """Return what a planner is told before the search; nothing where limits may hold."""

    def told(drawn: Any, **asked: Any) -> tuple[str, ...]:
        scenario = Scenario(**{"schools": (1, 99), "enrollment_tolerance": 0.9} | asked)
        zones = make_zones(drawn.district, drawn.graph, scenario.nested_in)
        try:
            community_zones(Asked(drawn.district, drawn.graph, scenario), zones)
        except InfeasibleError as error:
            return error.reasons
        return ()

    return told


@pytest.fixture(scope="session")
def row(draw: Any) -> Callable[..., Any]:
    """Draw schools ``s01``, ``s02`` ... whose tiles lie in a row."""

    def make(count: int, changed: Mapping[str, dict[str, Any]] | None = None, **more: Any) -> Any:
        ids = [f"s{i:02d}" for i in range(1, count + 1)]
        schools = {s: draw.school(**(changed or {}).get(s, {})) for s in ids}
        return draw.sketch(schools, list(pairwise(ids)), **more)

    return make


def test_limits_that_may_hold_are_let_through(reasons, row):
    assert reasons(row(12), communities=3, schools=(4, 4), enrollment_tolerance=0.0) == ()


def test_too_few_campuses_for_a_grade(reasons, row):
    short = {f"s{i:02d}": {"high": 8} for i in range(10, 25)}
    assert reasons(row(24, short), communities=12) == (
        "12 communities cannot all reach grades 9-12: only 9 campuses serve them. "
        "Ask for 9 communities or fewer.",
    )
    short = {f"s{i:02d}": {"high": 11} for i in range(10, 25)}
    assert reasons(row(24, short), communities=12) == (
        "12 communities cannot all reach grade 12: only 9 campuses serve it. "
        "Ask for 9 communities or fewer.",
    )
    short = {f"s{i:02d}": {"low": 1} for i in range(2, 5)}
    assert reasons(row(4, short), communities=2) == (
        "2 communities cannot all reach grade K: only 1 campus serves it. Ask for 1 community.",
    )


def test_too_few_seats_in_a_grade(reasons, row):
    """Two schools of 1,040 seat 80 a grade, four of 13 one each: together they make no third."""
    large = {f"s{i:02d}": {"enrollment": 1040} for i in range(1, 3)}
    small = {f"s{i:02d}": {"enrollment": 13} for i in range(3, 7)}
    assert reasons(row(6, large | small), communities=3) == (
        "3 communities cannot all have 5.5 seats (10% of the mean) in K-12: the schools there are "
        "enough for 2. Ask for 2 communities, or lower coverage_share.",
    )
    assert reasons(row(6, large | small), communities=3, coverage_share=0.07) == ()
    assert reasons(row(6, large | small), communities=3, coverage_share=0) == ()


def test_grades_that_nobody_serves_need_no_campus(reasons, row):
    assert reasons(row(6, {f"s{i:02d}": {"high": 5} for i in range(1, 7)}), communities=3) == ()


def test_too_few_and_too_many_schools(reasons, row):
    assert reasons(row(10), communities=2, schools=(6, 8)) == (
        "10 schools do not make 2 communities of 6 to 8 schools, which take 12 to 16. "
        "Let communities have as few as 5 schools, the first number of schools in [scenario].",
    )
    assert reasons(row(20), communities=2, schools=(4, 8)) == (
        "20 schools do not make 2 communities of 4 to 8 schools, which take 8 to 16. "
        "Ask for 3 to 5 communities, or let communities have up to 10 schools, "
        "the second number of schools in [scenario].",
    )
    assert reasons(row(9), communities=2, schools=(6, 9)) == (
        "9 schools do not make 2 communities of 6 to 9 schools, which take 12 to 18. "
        "Ask for 1 community, or let communities have as few as 4 schools, "
        "the first number of schools in [scenario].",
    )


def test_more_communities_than_schools_and_tiles(reasons, row):
    told = reasons(row(2), communities=3)
    assert told[0] == (
        "2 schools do not make 3 communities of 1 to 99 schools, which take 3 to 297. "
        "Ask for 1 to 2 communities."
    )
    assert told[-1] == (
        "3 communities need land each, but only 2 campuses have a tile. "
        "Ask for 2 communities or fewer."
    )


def test_a_campus_over_the_ceiling(reasons, row):
    drawn = row(6, {"s03": {"enrollment": 700, "name": "Great High"}})
    assert reasons(drawn, communities=3, enrollment_tolerance=0.15) == (
        "Great High: 700 students in one community, over the ceiling of 460 (the mean of 400 + "
        "15%). Ask for 1 community, or a tolerance of 0.75 or more.",
    )
    drawn = row(6, {"s03": {"enrollment": 1500, "name": "Great High"}})
    (told,) = reasons(drawn, communities=3, enrollment_tolerance=0.5)
    assert told.endswith("(the mean of 667 + 50%). Ask for 2 communities or fewer.")


@pytest.mark.parametrize("tolerance", [0.0, 0.1, 0.15, 0.31])
def test_the_way_out_of_a_large_campus_is_one(reasons, row, tolerance):
    drawn = row(8, {"s03": {"enrollment": 500}})
    (told,) = reasons(drawn, communities=4, enrollment_tolerance=tolerance)
    fewer = int(told.split("Ask for ")[1].split(" ")[0])
    wider = float(told.split("a tolerance of ")[1].split(" ")[0])
    assert reasons(drawn, communities=fewer, enrollment_tolerance=tolerance) == ()
    assert reasons(drawn, communities=fewer + 1, enrollment_tolerance=tolerance)
    assert reasons(drawn, communities=4, enrollment_tolerance=wider) == ()
    assert reasons(drawn, communities=4, enrollment_tolerance=wider - 0.011)


def test_schools_bound_to_one_community_that_are_too_many(reasons, row):
    drawn = row(6, {f"s{i:02d}": {"campus": "site"} for i in (1, 2, 3)})
    assert reasons(drawn, communities=2, schools=(1, 2)) == (
        "6 schools do not make 2 communities of 1 to 2 schools, which take 2 to 4. "
        "Ask for 3 to 6 communities, or let communities have up to 3 schools, "
        "the second number of schools in [scenario].",
        "s01 School; s02 School; s03 School make 3 schools that must share a community, over the "
        "2 it may have. Raise that limit, or bind fewer schools.",
    )
    together = (("s01", "s02"), ("s02", "s03"), ("s05", "s03"))
    (told,) = reasons(row(6), communities=2, schools=(1, 3), keep_together=together)
    assert told.startswith("s01 School; s02 School; s03 School; s05 School make 4 schools")
    locked = {"s01": "X", "s04": "X", "s08": "X"}
    (told,) = reasons(row(8), communities=4, enrollment_tolerance=0.2, locked=locked)
    assert told == (
        "s01 School; s04 School; s08 School: 300 students in one community, over the ceiling of "
        "240 (the mean of 200 + 20%). Ask for 3 communities or fewer, or a tolerance of 0.5 or "
        "more."
    )


def test_contradicting_locks(reasons, row):
    drawn = row(6, {"s01": {"campus": "site"}, "s02": {"campus": "site"}})
    assert reasons(drawn, communities=2, locked={"s01": "North", "s02": "South"}) == (
        "s02 School is locked to South and s01 School to North, yet they share a campus or its "
        "land, or are kept together. Lock them to one community, or drop what binds them.",
    )
    assert reasons(
        row(6), communities=2, locked={"s01": "A", "s04": "B"}, keep_together=(("s04", "s01"),)
    ) == (
        "s04 School is locked to B and s01 School to A, yet they share a campus or its land, or "
        "are kept together. Lock them to one community, or drop what binds them.",
    )
    assert reasons(row(6), communities=2, locked={"s01": "A", "s03": "B", "s05": "C"}) == (
        "Locks name 3 communities (A, B, C), but the plan has 2. Ask for 3 communities or lock "
        "to fewer.",
    )


def test_a_landless_school_and_its_only_tile_are_one(reasons, draw):
    schools = {s: draw.school() for s in ("a", "b", "c", "x")}
    borders = [("a", "b"), ("b", "c")]
    drawn = draw.sketch(schools, borders, {"x": {"b": 0.95, "c": 0.05}})
    assert reasons(drawn, communities=2, locked={"b": "P", "x": "Q"}) == (
        "x School is locked to Q and b School to P, yet they share a campus or its land, or are "
        "kept together. Lock them to one community, or drop what binds them.",
    )
    free = draw.sketch(schools, borders, {"x": {"b": 0.8, "c": 0.2}})
    assert reasons(free, communities=2, locked={"b": "P", "x": "Q"}) == ()


def test_contradictions_of_keep_apart(reasons, row):
    drawn = row(6, {"s01": {"campus": "site"}, "s02": {"campus": "site"}})
    assert reasons(drawn, communities=2, keep_apart=(("s01", "s02"),)) == (
        "s01 School and s02 School are to be kept apart, yet they share a campus or its land, or "
        "are kept together. Drop one of the wishes.",
    )
    locked = {"s01": "A", "s05": "A"}
    assert reasons(row(6), communities=2, keep_apart=(("s01", "s05"),), locked=locked) == (
        "s01 School and s05 School are to be kept apart, yet both are locked to A. Drop one of "
        "the wishes.",
    )
    assert reasons(row(6), communities=2, keep_apart=(("s01", "s03", "s06"),)) == (
        "3 schools are to be kept apart in 2 communities: s01 School, s03 School, s06 School. "
        "Shorten the list.",
    )


def test_regions_that_do_not_share_out(reasons, row):
    changed = {f"s{i:02d}": {"region": "East" if i <= 3 else "West"} for i in range(1, 13)}
    (told,) = reasons(
        row(12, changed), communities=2, nested_in="region", enrollment_tolerance=0.15
    )
    assert told == (
        "2 communities of 1 to 99 schools, within 15% of the mean enrollment of 600 and with "
        "every grade, cannot be nested in region: East with 3 schools and 300 students has room "
        "for no number of them; West with 9 schools and 900 students has room for no number of "
        "them. 4 communities would fit. A wider tolerance, wider schools per community or no "
        "nesting may help."
    )
    assert reasons(row(12, changed), communities=4, nested_in="region") == ()


def test_wishes_across_regions(reasons, row):
    changed = {f"s{i:02d}": {"region": "East" if i <= 3 else "West"} for i in range(1, 7)}
    drawn = row(6, changed)
    want = (
        "Schools that must share a community lie in different parts of region: s01 School in "
        "East, s05 School in West. Drop the wish, or plan without nesting.",
    )
    nested = {"communities": 2, "nested_in": "region"}
    assert reasons(drawn, keep_together=(("s01", "s05"),), **nested) == want
    assert reasons(drawn, locked={"s01": "A", "s05": "A"}, **nested) == want
    assert reasons(drawn, locked={"s01": "A", "s05": "B"}, **nested) == ()


def test_more_wishes_in_a_region_than_it_has_communities(reasons, row):
    changed = {f"s{i:02d}": {"region": "East" if i <= 3 else "West"} for i in range(1, 7)}
    drawn = row(6, changed)
    nested = {"communities": 3, "nested_in": "region", "enrollment_tolerance": 0.4}
    for wish in (
        {"keep_apart": (("s01", "s02", "s03"),)},
        {"locked": {"s01": "A", "s02": "B", "s03": "C"}},
    ):
        (told,) = reasons(drawn, **nested, **wish)
        assert "East with 3 schools and 300 students has room for no number of them" in told


def test_a_campus_in_two_regions(reasons, row):
    changed = {
        "s01": {"region": "East", "campus": "site"},
        "s02": {"region": "West", "campus": "site"},
    }
    changed["s03"] = {"region": "West"}
    told = reasons(row(3, changed), communities=2, nested_in="region")
    assert (
        "Schools on one campus lie in different values of region (s01 School in East, s02 School "
        "in West); a campus never parts. Give them one value, or plan without nesting."
    ) in told


def test_the_need_band_counts_for_regions(reasons, row):
    changed = {f"s{i:02d}": {"region": "East" if i <= 3 else "West"} for i in range(1, 7)}
    drawn = row(6, changed, need={f"s{i:02d}": 10.0 if i <= 3 else 1.0 for i in range(1, 7)})
    assert reasons(drawn, communities=2, nested_in="region", need_tolerance=0.9) == ()
    assert reasons(drawn, communities=2, nested_in="region", need_tolerance=0.5)


def test_unknown_schools_and_missing_need_are_told_at_once(row):
    drawn = row(5)
    scenario = Scenario(
        communities=2,
        locked={"s1": "A"},
        keep_apart=(("s01", "nowhere"),),
        keep_together=(("s02", "s03"),),
        need_tolerance=0.2,
    )
    with pytest.raises(InputError) as caught:
        check_scenario(drawn.district, drawn.graph, scenario)
    told = {problem.column: str(problem) for problem in caught.value.problems}
    assert set(told) == {"locked", "keep_apart", "need_tolerance"}
    assert "locked names school s1, which is not in the plan. Did you mean s0" in told["locked"]
    assert "Known: s01, s02, s03, s04, s05." in told["keep_apart"]


def random_case(draw: Any, seed: int) -> tuple[Any, Scenario]:
    """Three to six tiles, perhaps a vacant one, perhaps landless schools, and random wishes."""
    rng = np.random.default_rng(seed)
    tiles = [f"t{i}" for i in range(rng.integers(3, 5))]
    vacant = [f"v{i}" for i in range(rng.integers(0, 3))]
    landless = [f"x{i}" for i in range(rng.integers(0, 2))]
    land = tiles + vacant
    borders = {(land[i], land[rng.integers(0, i)]) for i in range(1 + (seed % 7 == 0), len(land))}
    borders |= {tuple(rng.permutation(land)[:2]) for _ in range(rng.integers(0, 4))}
    borders = {tuple(sorted(pair)) for pair in borders}
    regions = ["A", "B"][: rng.integers(1, 3)]
    spans = [(0, 12), (0, 12), (0, 12), (0, 5), (6, 12)]
    schools = {
        s: draw.school(
            *spans[rng.integers(5)], int(rng.integers(1, 8)) * 50, str(rng.choice(regions))
        )
        for s in tiles + landless
    }
    if seed % 4 == 0:
        schools["t1b"] = draw.school(6, 12, 100, schools["t1"].region, campus="t1")
        schools["t1"] = schools["t1"]._replace(campus="t1")
    leans = {
        u: dict(zip(rng.permutation(land)[:3], rng.dirichlet([1, 1, 0.3]), strict=False))
        for u in landless
    }
    ids = sorted(schools)

    def pick(count: int) -> tuple[str, ...]:
        return tuple(sorted(rng.choice(ids, count, replace=False).tolist()))

    wished = rng.random(5) < (0.35, 0.35, 0.35, 0.6, 0.3)
    scenario = Scenario(
        communities=int(rng.integers(1, 4)),
        schools=(1, int(rng.integers(2, 8))),
        enrollment_tolerance=float(rng.choice([0.4, 0.7, 0.95])),
        keep_together=(pick(2),) if wished[0] else (),
        keep_apart=(pick(int(rng.integers(2, 4))),) if wished[1] else (),
        locked={s: str(rng.choice(["P", "Q"])) for s in pick(2)} if wished[2] else {},
        nested_in="region" if wished[3] else None,
        need_tolerance=0.8 if wished[4] else None,
    ).resolved(n_schools=len(ids), estimated_flows=False)
    need = {s: float(rng.integers(1, 9)) for s in ids}
    return draw.sketch(schools, sorted(borders), leans, vacant, need=need), scenario


def planned_or_told(drawn: Any, network: Any, scenario: Scenario) -> tuple[Any, str]:
    try:
        return make_plan(drawn.district, network, scenario, effort=SMALL), ""
    except InfeasibleError as error:
        return None, str(error)


def test_reasons_are_proofs_and_plans_are_found_where_there_are_some(draw):
    """Brute force over all plans finds none where reasons are given; else the search finds one."""
    said = planned = 0
    for seed in range(70):
        drawn, scenario = random_case(draw, seed)
        judge = draw.judge(drawn, scenario)
        some = judge.some_plan()
        plan, why = planned_or_told(drawn, draw.network(drawn), scenario)
        if plan is None:
            assert some is None, f"seed {seed}: {why}"
            said += 1
        else:
            assert plan.feasible == judge.accepts(tuple(plan.assignment.node_community.tolist()))
            assert plan.feasible == (some is not None), f"seed {seed}"
            planned += plan.feasible
    assert said > 10
    assert planned > 10
