"""The text of the page: what it says, what it must not say, and that it is always the same."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from publication import published

from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.payload import inert_json
from feeder.render.page.views import PlanView


@pytest.fixture(scope="module")
def info(public: PublishedPlan) -> PageInfo:
    return PageInfo(
        run_date="2026-03-01",
        plan_id="0123456789ab",
        suppressed=public.suppressed,
        sources=("schools.csv & <more>",),
        warnings=("Read <b>this</b>.",),
    )


@pytest.fixture(scope="module")
def page(public: PublishedPlan, info: PageInfo) -> str:
    return render_page([PlanView("Plan", public)], info)


@pytest.fixture(scope="module")
def data(page: str) -> dict[str, Any]:
    return data_of(page)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def test_title_year_date_sources_and_plan_stand_in_the_page(page: str) -> None:
    assert (
        ">Toy &lt;b&gt;District&lt;/b&gt; {{7*7}} 2024-25: communities of schools</title>" in page
    )
    assert '<time datetime="2026-03-01">' in page
    assert '<code class="plan-id">0123456789ab</code>' in page
    assert "schools.csv &amp; &lt;more&gt;" in page
    assert "Read &lt;b&gt;this&lt;/b&gt;." in page
    assert 'data-say="page.invented">Invented district: no place or person is real<' in page


def test_a_real_district_has_no_banner_and_names_the_files_read(
    toy: Assignment,
) -> None:
    real = published(replace(toy, district=replace(toy.district, synthetic=False)))
    page = render_page([PlanView("Plan", real)], PageInfo.of(real))
    assert 'data-say="page.invented"' not in page
    assert 'data-say="page.invented_short"' not in page


def test_no_text_of_a_table_is_markup(page: str, hostile_names: tuple[str, ...]) -> None:
    scripts = len(re.findall(r"<script", page))
    assert scripts == 4
    assert page.count("</script") == 4
    assert "<img" not in page
    names = data_of(page)["facts"]["schools"]["name"]
    for name in hostile_names:
        assert name in names
        if set(name) & set("<>&"):
            assert name not in page


def test_policy_names_every_script_and_style_by_hash(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    policy = policy.replace("&#39;", "'").replace("&#43;", "+")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    def hashes(tag: str) -> list[str]:
        blocks = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digests = [hashlib.sha256(block.encode()).digest() for block in blocks]
        return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]

    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == hashes("script")
    assert rules["style-src"].split() == hashes("style")
    assert len(hashes("script")) == 3
    assert "unsafe" not in policy
    assert not re.search(
        r"\sstyle=\"|\son[a-z]+=\"", page.split('id="data"', maxsplit=1)[0].split("</style>")[1]
    )


def test_the_page_names_no_other_file(page: str) -> None:
    style = page.split("<style>")[1].split("</style>", maxsplit=1)[0]
    markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    assert "sourceMappingURL" not in page
    assert not re.search(r"url\(|@import", style)
    assert not re.search(r"<(link|img|iframe|object|embed)\b|<[^>]*\ssrc=", markup)


def test_leaflet_comes_with_its_notice(page: str) -> None:
    assert "Copyright (c) 2010-2022, Volodymyr Agafonkin" in page
    assert "BSD 2-Clause License" in page


def test_the_same_plan_gives_the_same_bytes(
    page: str, build: Callable[[int], Assignment], info: PageInfo
) -> None:
    assert render_page([PlanView("Plan", published(build(0)))], info) == page


def test_a_small_count_is_in_the_page_as_a_range_only(
    toy: Assignment, data: dict[str, Any], page: str
) -> None:
    """What is open stands between its ends, 1 to 9 inside; the page holds no true small count."""
    facts = data["facts"]
    ids, flows, ends = facts["schools"]["id"], facts["flows"], facts["ends"]

    def ranges(told: list[list[Any]]) -> dict[int, tuple[float, float]]:
        return {row: (low, high) for row, low, high in zip(*told, strict=True)}

    enrollment = ranges(ends["schools"]["enrollment"])
    assert ids.index("M14") in enrollment
    assert all(low <= 1 and high >= 9 for low, high in enrollment.values())
    senders = np.cumsum(flows["from"]).tolist()
    shown = {
        (ids[a], ids[b]): row for row, (a, b) in enumerate(zip(senders, flows["to"], strict=True))
    }
    true = toy.network.flows
    few = true[(true["source"] != "estimated") & (true["students"] < 10) & (true["students"] > 0)]
    assert len(few)
    students = ranges(ends["flows"]["students"])
    for sender, receiver in zip(few["from_id"], few["to_id"], strict=True):
        low, high = students[shown[sender, receiver]]
        assert low <= 8
        assert high >= 72
    meals = toy.district.statistics.counts["meals"].reindex(ids)
    told = ranges(ends["counts"]["meals"])
    assert {row for row, n in enumerate(meals) if 0 < n < 10} <= set(told)
    counted = {row: ends for row, ends in students.items() if flows["source"][row] in "01"}
    for table, ranged in (
        (facts["schools"]["enrollment"], enrollment),
        (flows["students"], counted),
    ):
        drawn = dict(enumerate(table))
        assert all(drawn[row] == (low + high) // 2 for row, (low, high) in ranged.items())
    assert not re.search(r"\b[1-9] students\b", page)
    assert "leavers_estimated" not in page


def test_a_plan_is_told_by_its_communities_and_what_the_page_cannot_compute(
    public: PublishedPlan, toy_score: Scorecard, info: PageInfo
) -> None:
    rough = replace(toy_score, plan={**toy_score.plan, "k12_continuity": Value(0.5, None, 1, 2)})
    rough.plan["k12_continuity"] = replace(rough.plan["k12_continuity"], low=0.25, high=0.75)
    view = PlanView("Plan", replace(public, scorecard=rough))
    plan, drawn = data_of(render_page([view], info))["plans"][0], public.assignment
    assert plan["school"] == drawn.school_community.tolist()
    assert plan["node"] == drawn.node_community.tolist()
    assert plan["communities"]["name"] == list(drawn.community_names)
    assert plan["ranges"] == {"k12_continuity": [0.25, 0.75]}
    assert plan["headlines"]["feeder_continuity"]["value"] == rough.plan["feeder_continuity"].value
    assert plan["broken"].keys() == {"communities", "contiguity"}
    assert plan["broken"]["communities"] == []
    (broken,) = plan["broken"]["contiguity"]
    assert (broken["community_id"], broken["said"]["key"]) == ("C02", "broken.parts")
    assert not {"figures", "promises", "facts"} & set(plan)


def test_every_language_has_its_strings_and_says_what_was_left_out(data: dict[str, Any]) -> None:
    english, spanish = data["languages"]
    assert (english["tag"], spanish["tag"]) == ("en", "es")
    assert english["texts"].keys() == spanish["texts"].keys()
    for language in (english, spanish):
        assert "10" in language["texts"]["page.left_out_told"]
    assert not [key for key in english["texts"] if key.startswith(("report.", "notice."))]


def test_a_page_opens_in_the_language_asked_for(public: PublishedPlan, info: PageInfo) -> None:
    page = render_page([PlanView("Plan", public)], info, language="es")
    assert '<html lang="es" class="still">' in page
    assert "comunidades de escuelas</title>" in page
    assert data_of(page)["languages"][0]["tag"] == "es"


def test_the_opening_view_is_the_onshore_land(data: dict[str, Any], toy: Assignment) -> None:
    (south, west), (north, east) = data["home"]
    island = toy.network.offshore.to_crs("EPSG:4326").total_bounds
    assert north < island[1]
    assert east < island[0]
    assert south < north
    assert west < east


def test_the_page_says_what_was_left_out(page: str, toy: Assignment) -> None:
    assert "Counts under 10 students are told as ranges only" in page
    whole = published(toy, whole=True)
    assert "there were none" in render_page([PlanView("Plan", whole)], PageInfo.of(whole))


def test_json_is_inert_and_still_json() -> None:
    text = "</script><!-- & \u2028\u2029 {{7*7}} \U0001f600"
    made = inert_json({"name": text})
    assert not set(made) & set("<>&\u2028\u2029")
    assert json.loads(made) == {"name": text}
    with pytest.raises(ValueError, match="not JSON compliant"):
        inert_json(float("nan"))


def test_a_plan_without_flows_is_drawn(toy: Assignment, info: PageInfo) -> None:
    graph = toy.network.graph
    none = np.array([], dtype=np.int64)
    bare = replace(
        toy,
        network=replace(
            toy.network,
            flows=toy.network.flows.iloc[:0],
            graph=replace(
                graph,
                flow_from=none,
                flow_to=none,
                flow_students=none.astype(float),
                flow_source=none.astype(str),
            ),
        ),
    )
    page = render_page([PlanView("Plan", published(bare))], info)
    assert data_of(page)["facts"]["flows"]["from"] == []
    assert "No feeder flows are known or shown" in page
