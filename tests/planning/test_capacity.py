"""Utilization within a band: the search, the check and the reasons against brute force."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from feeder.errors import InfeasibleError, InputError
from feeder.partition.broken import broken_constraints
from feeder.partition.cooling import Effort
from feeder.planning import Assignment
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.capacity import Capacity
from feeder.planning.constraints.judged import Judged
from feeder.planning.feasible import check_scenario, community_zones
from feeder.planning.make import make_plan
from feeder.planning.prepared import prepare
from feeder.planning.zones import make_zones
from feeder.scenario import Scenario

SMALL = Effort(steps_per_unit=2000, chains=6)
LOOSE = {"schools": (1, 99), "enrollment_tolerance": 0.95}


def row(draw: Any, sizes: list[tuple[int, float]], **more: Any) -> Any:
    """Draw schools in a row, each with its students and its capacity."""
    ids = [f"s{i:02d}" for i in range(1, len(sizes) + 1)]
    schools = {s: draw.school(enrollment=size[0]) for s, size in zip(ids, sizes, strict=True)}
    drawn = draw.sketch(schools, list(pairwise(ids)), **more)
    table = drawn.district.schools.assign(capacity=[float(size[1]) for size in sizes])
    return drawn._replace(district=replace(drawn.district, schools=table))


def random_row(draw: Any, seed: int) -> tuple[Any, Scenario]:
    rng = np.random.default_rng(seed)
    rooms = np.where(rng.random(6) < 0.25, rng.choice([np.nan, 0.0], 6), rng.integers(2, 9, 6) * 50)
    sizes = list(zip((rng.integers(1, 8, 6) * 50).tolist(), rooms.tolist(), strict=True))
    return row(draw, sizes), Scenario(
        communities=int(rng.integers(2, 4)),
        capacity_tolerance=float(rng.choice([0.1, 0.25, 0.5])),
        **{**LOOSE, "schools": (1, int(rng.integers(2, 6)))},
    ).resolved(n_schools=6, estimated_flows=False)


def in_band(drawn: Any, scenario: Scenario, plan: tuple[int, ...]) -> bool:
    """Whether each community's utilization is close to the district's, by ratios."""
    table = drawn.district.schools.assign(home=np.array(plan)[drawn.graph.school_node])
    known = table[table["capacity"] > 0]
    whole = known["enrollment"].sum() / known["capacity"].sum()
    sums = known.groupby("home")[["enrollment", "capacity"]].sum()
    own = sums["enrollment"] / sums["capacity"]
    near = (own / whole - 1).abs() <= scenario.capacity_tolerance + 1e-9
    return bool(near.all()) and set(sums.index) == set(range(scenario.communities))


def checked(drawn: Any, network: Any, scenario: Scenario, plan: tuple[int, ...]) -> Any:
    ids = tuple(f"C{c}" for c in range(scenario.communities))
    nodes = np.array(plan)
    made = Assignment.of_nodes(drawn.district, network, scenario, nodes, ids=ids, names=ids)
    (found,) = Capacity().check(Judged(made, drawn.district.schools, None, measured=None))
    return found


def test_reasons_are_proofs_and_plans_are_found_where_there_are_some(draw):
    """Brute force over all plans of 40 small districts."""
    said = planned = 0
    for seed in range(40):
        drawn, scenario = random_row(draw, seed)
        judge, network = draw.judge(drawn, scenario), draw.network(drawn)
        some = any(judge.accepts(p) and in_band(drawn, scenario, p) for p in judge.plans())
        try:
            plan = make_plan(drawn.district, network, scenario, effort=SMALL)
        except (InfeasibleError, InputError):
            assert not some, f"seed {seed}"
            said += 1
            continue
        assert plan.feasible == some, f"seed {seed}"
        planned += plan.feasible
    assert said > 3
    assert planned > 3


def test_check_and_search_say_of_every_plan_what_ratios_say(draw):
    kept = broken = 0
    for seed in range(8):
        drawn, scenario = random_row(draw, seed)
        network = draw.network(drawn)
        try:
            problem = prepare(drawn.district, network, scenario).problem
        except (InfeasibleError, InputError):
            continue
        wide = replace(problem, totals_low=problem.totals_low.copy())
        wide.totals_low[0], wide.totals_high[0] = -np.inf, np.inf
        for plan in draw.judge(drawn, scenario).plans():
            want = in_band(drawn, scenario, plan)
            assert checked(drawn, network, scenario, plan).satisfied == want
            assert ("totals" not in broken_constraints(wide, np.array(plan))) == want
            kept, broken = kept + want, broken + (not want)
    assert kept > 20
    assert broken > 20


def test_no_capacity_at_all_is_told_with_a_way_out(draw):
    drawn = row(draw, [(100, np.nan), (100, 0.0)])
    scenario = Scenario(communities=2, capacity_tolerance=0.1)
    with pytest.raises(InputError, match=r"no school has a capacity\. Give schools a capacity, or"):
        check_scenario(drawn.district, drawn.graph, scenario)


def reasons(drawn: Any, **asked: Any) -> tuple[str, ...]:
    scenario = Scenario(**{**LOOSE, **asked})
    zones = make_zones(drawn.district, drawn.graph, None)
    with pytest.raises(InfeasibleError) as caught:
        community_zones(Asked(drawn.district, drawn.graph, scenario), zones)
    return caught.value.reasons


def test_too_few_campuses_with_a_capacity(draw):
    drawn = row(draw, [(100, 100), (100, np.nan), (100, 0.0)])
    assert reasons(drawn, communities=2, capacity_tolerance=0.5) == (
        "2 communities need a school with a capacity each, but only 1 campus has one. Give more "
        "capacities, ask for 1 community, or leave capacity_tolerance out.",
    )


def test_a_campus_that_no_others_make_up_for(draw):
    """Of a district filled to 111 %, one school is filled to 200 %, and may have one neighbor."""
    drawn = row(draw, [(400, 200), *[(75, 100)] * 5])
    (told,) = reasons(drawn, communities=3, schools=(1, 2), capacity_tolerance=0.3)
    assert told == (
        "s01 School: too full for any community. Even with the emptiest other campuses it has room "
        "for (1), it would be filled beyond the 143.9% of capacity allowed. Raise "
        "capacity_tolerance, or let communities have more schools."
    )


def test_a_violation_tells_both_figures(draw):
    drawn = row(draw, [(120, 100), (40, 100), (50, np.nan)])
    scenario = Scenario(communities=3, capacity_tolerance=0.2)
    over, under, unknown = checked(drawn, draw.network(drawn), scenario, (0, 1, 2)).violations
    assert (over.community_id, over.value, over.unit) == ("C0", 1.2, "share")
    assert over.bound == pytest.approx(0.96)
    assert str(under.message) == (
        "C1 is filled to 40.0% of its capacity, 50.0% below the district's 80.0%; the least "
        "allowed is 64.0%."
    )
    assert (unknown.community_id, unknown.value) == ("C2", "unknown")
