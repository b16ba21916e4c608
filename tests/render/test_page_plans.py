"""A page of several plans: one land, matched communities, and nothing new given away."""

import json
import re
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publication import published, published_together

from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.publishing.worlds import worlds_of
from feeder.render.colours import (
    PALETTE,
    community_colours,
    community_neighbours,
    matched_colours,
)
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView, of_today

Views = tuple[PlanView, ...]
Plans = tuple[PublishedPlan, ...]


def moved(plan: Assignment, seed: int, n: int = 12) -> Assignment:
    """Return a plan with ``n`` campuses in a community drawn at random."""
    rng = np.random.default_rng(seed)
    node = plan.node_community.copy()
    node[rng.choice(plan.network.graph.n_campuses, n, replace=False)] = rng.integers(4, size=n)
    school = node[plan.network.graph.school_node]
    return replace(plan, node_community=node, school_community=school)


@pytest.fixture(scope="module")
def plans(toy: Assignment) -> Plans:
    new = {"community_ids": ("C05", "C02", "C01", "C03"), "community_names": ("a", "b", "c", "d")}
    return published_together([toy, moved(toy, 1), replace(moved(toy, 2), **new)])


@pytest.fixture(scope="module")
def views(plans: Plans) -> Views:
    names = ("Today", "Plan A", "Plan </script> B")
    return tuple(PlanView(n, plan) for n, plan in zip(names, plans, strict=True))


@pytest.fixture(scope="module")
def page(plans: Plans, views: Views) -> str:
    return render_page(views, PageInfo.of(plans[0], plan_id=""))


@pytest.fixture(scope="module")
def data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def test_plans_stand_in_order_and_all_else_once(
    data: dict[str, Any], views: Views, page: str
) -> None:
    assert [plan["name"] for plan in data["plans"]] == [view.name for view in views]
    for plan, view in zip(data["plans"], views, strict=True):
        assert plan["school"] == view.assignment.school_community.tolist()
        assert plan["node"] == view.assignment.node_community.tolist()
    assert len(data["facts"]["tiles"]["node"]) == len(data["topology"]["tiles"])
    assert r"Plan \u003c/script\u003e B" in page
    assert page.count("</script") == 4
    assert "<code>" not in page


def test_a_page_of_one_plan_has_no_switch(views: Views, page: str) -> None:
    alone = render_page(views[:1], PageInfo(run_date="2026-03-01", plan_id="abc"))
    for part in ('id="plans"', 'id="changes"'):
        assert part in page
        assert part not in alone
    assert '>Plan</dt><dd><code class="plan-id">abc</code></dd>' in alone


def test_a_community_has_one_number_in_all_plans(data: dict[str, Any]) -> None:
    tables = [plan["communities"] for plan in data["plans"]]
    assert tables[0]["key"] == tables[1]["key"] == [1, 2, 3, 4]
    assert dict(zip(tables[2]["id"], tables[2]["key"], strict=True)) == {
        "C05": 5,
        "C02": 2,
        "C01": 1,
        "C03": 3,
    }


def test_all_plans_stand_on_one_published_district(toy: Assignment, plans: Plans) -> None:
    """What is known of it does not depend on the plans: another page cannot tell more."""
    assert len({id(plan.assignment.network) for plan in plans}) == 1
    assert len({id(plan.assignment.district) for plan in plans}) == 1
    alone = published(moved(toy, 1)).assignment
    pd.testing.assert_frame_equal(plans[1].assignment.district.schools, alone.district.schools)
    pd.testing.assert_frame_equal(plans[1].assignment.network.flows, alone.network.flows)


@settings(max_examples=10, deadline=None)
@given(seeds=st.lists(st.integers(0, 2**16), min_size=2, max_size=4))
def test_what_several_plans_tell_is_a_sum_of_what_one_tells(
    toy: Assignment, seeds: list[int]
) -> None:
    """Totals under many divisions bound a school no closer than its own range does."""
    worlds = worlds_of(toy)
    ends = [
        world.district.schools["enrollment"].to_numpy(np.float64)
        for world in (worlds.least, worlds.most)
    ]
    few = toy.district.schools.index.get_loc("M14")
    assert ends[0][few] <= 1
    assert ends[1][few] >= 9
    for seed in seeds:
        plan = moved(toy, seed)
        membership = (plan.school_community == np.arange(4)[:, None]).astype(float)
        card = published_together([plan])[0].scorecard
        told = [end.to_numpy(np.float64) for end in card.ends("enrollment")]
        for end, schools in zip(told, ends, strict=True):
            np.testing.assert_array_equal(end, membership @ schools)


@pytest.fixture(scope="module")
def drawn(plans: Plans) -> tuple[Assignment, ...]:
    return tuple(plan.assignment for plan in plans)


def test_neighbours_differ_and_matched_communities_agree(drawn: tuple[Assignment, ...]) -> None:
    colours = matched_colours(drawn)
    for plan, own in zip(drawn, colours, strict=True):
        assert all(own[a] != own[b] for a, b in community_neighbours(plan).edges)
    of_id = [
        dict(zip(plan.community_ids, own, strict=True))
        for plan, own in zip(drawn, colours, strict=True)
    ]
    assert of_id[0] == of_id[1]
    assert matched_colours(drawn[:1]) == (community_colours(drawn[0]),)


def test_where_the_borders_of_two_plans_clash_each_is_still_proper(
    monkeypatch: pytest.MonkeyPatch, drawn: tuple[Assignment, ...]
) -> None:
    """Two wheels over six communities that together join every pair: no colour for all."""
    wheels = [nx.Graph([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (0, 2), (2, 4), (4, 0)])]
    wheels.append(nx.complement(wheels[0]))
    wheels[1].add_edges_from([(0, 1), (1, 2)])
    six = tuple(replace(plan, community_ids=tuple("abcdef")) for plan in drawn[:2])
    graphs = iter(wheels)
    monkeypatch.setattr("feeder.render.colours.community_neighbours", lambda _: next(graphs))
    colours = matched_colours(six)
    for graph, own in zip(wheels, colours, strict=True):
        assert all(own[a] != own[b] for a, b in graph.edges)
        assert set(own) <= set(PALETTE)
    assert sum(a == b for a, b in zip(*colours, strict=True)) >= 3


def test_today_is_not_compared_with_itself(toy_score: Scorecard) -> None:
    full = {**toy_score.plan, "schools_moved": Value(0.0)}
    card = of_today(replace(toy_score, plan=full, existing=full))
    assert card.existing is None
    assert set(card.plan) == set(toy_score.plan)


def test_plans_that_cannot_share_a_page_are_refused(toy: Assignment, views: Views) -> None:
    info = PageInfo(run_date="2026-03-01", plan_id="x")
    with pytest.raises(ValueError, match="needs a plan"):
        render_page([], info)
    with pytest.raises(ValueError, match="one name"):
        render_page([views[0], views[0]], info)
    with pytest.raises(ValueError, match="different networks"):
        render_page([views[0], PlanView("other", published(toy))], info)
