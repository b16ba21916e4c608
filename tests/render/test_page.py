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
from feeder.publishing.redact import redacted, redaction_note

from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.payload import inert_json
from feeder.render.page.views import PlanView


@pytest.fixture(scope="module")
def clean(toy: Assignment) -> Assignment:
    return redacted(toy)


@pytest.fixture(scope="module")
def info(toy: Assignment, clean: Assignment) -> PageInfo:
    return PageInfo(
        run_date="2026-03-01",
        plan_id="0123456789ab",
        suppressed=redaction_note(toy, clean),
        sources=("schools.csv & <more>",),
        warnings=("Read <b>this</b>.",),
    )


@pytest.fixture(scope="module")
def page(clean: Assignment, scorer: Callable[[Assignment], Scorecard], info: PageInfo) -> str:
    return render_page([PlanView("Plan", clean, scorer(clean))], info)


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
    clean: Assignment, toy_score: Scorecard
) -> None:
    real = replace(clean, district=replace(clean.district, synthetic=False))
    page = render_page(
        [PlanView("Plan", real, toy_score)], PageInfo(run_date="2026-03-01", plan_id="x")
    )
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
    page: str,
    build: Callable[[int], Assignment],
    scorer: Callable[[Assignment], Scorecard],
    info: PageInfo,
) -> None:
    again = redacted(build(0))
    assert render_page([PlanView("Plan", again, scorer(again))], info) == page


def test_no_suppressed_cell_is_in_the_page(
    toy: Assignment, clean: Assignment, data: dict[str, Any], page: str
) -> None:
    facts = data["facts"]
    schools, flows = facts["schools"], facts["flows"]
    ids, senders = schools["id"], np.cumsum(flows["from"]).tolist()
    shown = {(ids[a], ids[b]) for a, b in zip(senders, flows["to"], strict=True)}
    kept = clean.network.flows
    assert shown == set(zip(kept["from_id"], kept["to_id"], strict=True))
    counted = toy.network.flows["source"] != "estimated"
    small = toy.network.flows[counted & (toy.network.flows["students"] < 10)]
    assert len(small)
    assert not shown & set(zip(small["from_id"], small["to_id"], strict=True))
    estimated = str(data["sources"].index("estimated"))
    assert all(
        eighths >= 80 or source == estimated
        for eighths, source in zip(flows["students"], flows["source"], strict=True)
    )
    assert not {n for n in schools["enrollment"] if 0 < n < 10}
    assert dict(zip(ids, schools["enrollment"], strict=True))["M14"] == 0
    assert not re.search(r"\b[1-9] students\b", page)
    assert "leavers_estimated" not in page


def test_a_plan_is_told_by_its_communities_and_what_the_page_cannot_compute(
    clean: Assignment, toy_score: Scorecard, info: PageInfo
) -> None:
    rough = replace(toy_score, plan={**toy_score.plan, "k12_continuity": Value(0.5, None, 1, 2)})
    rough.plan["k12_continuity"] = replace(rough.plan["k12_continuity"], low=0.25, high=0.75)
    plan = data_of(render_page([PlanView("Plan", clean, rough)], info))["plans"][0]
    assert plan["school"] == clean.school_community.tolist()
    assert plan["node"] == clean.node_community.tolist()
    assert plan["communities"]["name"] == list(clean.community_names)
    assert plan["ranges"] == {"k12_continuity": [0.25, 0.75]}
    assert plan["kept"] == {"communities": True, "contiguity": False}
    assert not {"figures", "promises", "facts"} & set(plan)


def test_every_language_has_its_strings_and_says_what_was_left_out(data: dict[str, Any]) -> None:
    english, spanish = data["languages"]
    assert (english["tag"], spanish["tag"]) == ("en", "es")
    assert english["texts"].keys() == spanish["texts"].keys()
    for language in (english, spanish):
        assert "10" in language["texts"]["page.left_out_told"]
    assert not [key for key in english["texts"] if key.startswith(("report.", "notice."))]


def test_a_page_opens_in_the_language_asked_for(
    clean: Assignment, toy_score: Scorecard, info: PageInfo
) -> None:
    page = render_page([PlanView("Plan", clean, toy_score)], info, language="es")
    assert '<html lang="es" class="still">' in page
    assert "comunidades de escuelas</title>" in page
    assert data_of(page)["languages"][0]["tag"] == "es"


def test_the_opening_view_is_the_onshore_land(data: dict[str, Any], clean: Assignment) -> None:
    (south, west), (north, east) = data["home"]
    island = clean.network.offshore.to_crs("EPSG:4326").total_bounds
    assert north < island[1]
    assert east < island[0]
    assert south < north
    assert west < east


def test_the_page_says_what_was_left_out(
    page: str, clean: Assignment, toy_score: Scorecard
) -> None:
    assert "Counts under 10 students are left out" in page
    nothing = PageInfo(run_date="2026-03-01", plan_id="x", suppressed={"below": 10})
    assert "there were none" in render_page([PlanView("Plan", clean, toy_score)], nothing)


def test_json_is_inert_and_still_json() -> None:
    text = "</script><!-- & \u2028\u2029 {{7*7}} \U0001f600"
    made = inert_json({"name": text})
    assert not set(made) & set("<>&\u2028\u2029")
    assert json.loads(made) == {"name": text}
    with pytest.raises(ValueError, match="not JSON compliant"):
        inert_json(float("nan"))


def test_a_plan_without_flows_is_drawn(
    clean: Assignment, toy_score: Scorecard, info: PageInfo
) -> None:
    graph = clean.network.graph
    none = np.array([], dtype=np.int64)
    bare = replace(
        clean,
        network=replace(
            clean.network,
            flows=clean.network.flows.iloc[:0],
            graph=replace(
                graph,
                flow_from=none,
                flow_to=none,
                flow_students=none.astype(float),
                flow_source=none.astype(str),
            ),
        ),
    )
    page = render_page([PlanView("Plan", bare, toy_score)], info)
    assert data_of(page)["facts"]["flows"]["from"] == []
    assert "No feeder flows are known or shown" in page
