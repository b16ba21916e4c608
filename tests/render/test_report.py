"""The report's text: what it says, what it must not say, and that it is always the same."""

import base64
import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from publication import published

from feeder.errors import Problem
from feeder.language import ENGLISH
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.render.page.page import PageInfo
from feeder.render.report.report import render_report

WARNINGS = (
    Problem(rule="pieces-mended", message="1 piece(s) went over: 0.1 km2 of <b>Oak</b> to Elm."),
    Problem(rule="grades-exceed-enrollment", message="1 school: Garfield (319 against 7)."),
    Problem(rule="brand-new", message="Oak has 3 students."),
)


@pytest.fixture(scope="module")
def whole(toy: Assignment) -> Assignment:
    """The toy in a district that has a plan today."""
    schools = toy.district.schools
    today = pd.Series(np.where(schools["lat"] > schools["lat"].median(), "N", "S"), schools.index)
    return replace(toy, district=replace(toy.district, existing_plan=today))


@pytest.fixture(scope="module")
def shown(whole: Assignment) -> PublishedPlan:
    return published(whole)


@pytest.fixture(scope="module")
def card(shown: PublishedPlan) -> Scorecard:
    return shown.scorecard


@pytest.fixture(scope="module")
def info(shown: PublishedPlan) -> PageInfo:
    return PageInfo(
        run_date="2026-03-01",
        plan_id="0123456789ab",
        suppressed=shown.suppressed,
        sources=("schools.csv & <more>",),
        warnings=("Read <b>this</b>.",),
    )


@pytest.fixture(scope="module")
def page(shown: PublishedPlan, info: PageInfo) -> str:
    return render_report(shown, info, WARNINGS, ENGLISH)


def words(markup: str) -> str:
    """Return the text a reader sees, on one line."""
    text = re.sub(r"<style>.*?</style>|<title>.*?</title>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def section(page: str, heading: str) -> str:
    return next(part for part in page.split("<section") if f"<h2>{heading}</h2>" in part)


def cells(markup: str) -> list[list[str]]:
    """Return the rows of the tables in a piece of markup as texts."""
    body = re.findall(r"<tr>(.*?)</tr>", markup, re.DOTALL)
    return [
        [words(one) for one in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in body
    ]


def test_it_opens_with_what_it_is(page: str) -> None:
    assert "<title>Toy &lt;b&gt;District&lt;/b&gt; {{7*7}} 2024-25: report" in page
    seen = words(page)
    assert "School year 2024-25 · Plan 0123456789ab · Made on 2026-03-01" in seen
    assert "Invented district: no place or person is real" in seen
    assert "Read <b>this</b>." in seen
    assert "This plan groups 60 schools of Toy <b>District</b> {{7*7}} into 4 communities" in seen
    assert "schools.csv & <more>" in seen


def test_the_order_is_that_of_a_reader(page: str) -> None:
    assert re.findall(r"<h2>(.*?)</h2>", page) == [
        "Promises",
        "What the plan is worth",
        "Communities",
        "Enrollment by community",
        "Need by community",
        "From kindergarten to grade 12",
        "What was repaired, estimated or left out",
        "All other measures",
        "What every measure means",
        "Sources and method",
    ]


def test_names_are_text_and_nothing_else(page: str, hostile_names: tuple[str, ...]) -> None:
    seen = words(page)
    for name in hostile_names:
        assert " ".join(name.split()) in seen
    assert "<img" not in page
    assert "<script" not in page


def test_the_page_runs_nothing_and_asks_for_nothing(page: str) -> None:
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    tags = " ".join(re.findall(r"<[a-z][^>]*>", page.replace(style, "")))
    assert not re.search(r"\sstyle=|\son[a-z]+=|\ssrc=|<(link|img|iframe|object|embed)\b", tags)
    assert set(re.findall(r'href="([^"]*)"', tags)) == {"#grid", "#grades", "report.es.html"}
    assert not re.search(r"url\(|@import", style)


def test_the_same_plan_gives_the_same_bytes(page: str, whole: Assignment, info: PageInfo) -> None:
    assert render_report(published(whole), info, WARNINGS, ENGLISH) == page


def test_every_promise_and_its_violations_are_told(
    shown: PublishedPlan, info: PageInfo, toy_score: Scorecard
) -> None:
    page = render_report(replace(shown, scorecard=toy_score), info, (), ENGLISH)
    rows = cells(section(page, "Promises"))[1:]
    assert rows == [
        ["The plan has 4 communities.", "✓ kept"],
        [
            "The tiles of a community hang together by borders and bridges, and every school "
            "without a tile has 10% of its own area, or its point, on them. <i>East</i> Community "
            "lies in 3 parts; apart from the largest: E05.",
            "✗ broken",
        ],
    ]
    seen = words(page)
    assert "It keeps 1 of the 2 promises that were asked of it and breaks 1." in seen
    assert "The land of 3 of 4 communities hangs together." in seen


def test_figures_stand_beside_todays_with_the_better_in_words(page: str, card: Scorecard) -> None:
    rows = {row[0]: row[1:] for row in cells(section(page, "What the plan is worth"))}
    label = "Students whose next school is in their community"
    plan, today = (v["feeder_continuity"].value for v in (card.plan, card.existing))
    assert rows[label][0] == f"about {100 * plan:.0f}%"
    assert rows[label][-2] == f"about {100 * today:.0f}%"
    assert today > plan
    assert re.fullmatch(r"▼ about \d+ points lower: worse", rows[label][-1])
    assert "Under today's plan of 2 communities it is about" in words(page)


def ends_of(text: str) -> tuple[float, float]:
    """Return the least and the greatest of a number or a range as it is told."""
    low, _, high = text.replace(",", "").partition(" to ")
    return float(low), float(high or low)


def test_communities_add_up(page: str, whole: Assignment) -> None:
    """A community with M14, of 1 to 9 students, is told as a range that holds the true sum."""
    rows = cells(section(page, "Communities"))[1:]
    schools, home = whole.district.schools, whole.school_community
    assert [row[0].split(" ", 1)[0] for row in rows] == ["1", "2", "3", "4"]
    sums = np.bincount(home, schools["enrollment"])
    few = home[schools.index.get_loc("M14")]
    told = [ends_of(row[3]) for row in rows]
    assert all(low <= true <= high for (low, high), true in zip(told, sums, strict=True))
    assert [low < high for low, high in told] == [k == few for k in range(4)]
    assert sum(int(row[2]) for row in rows) == len(schools)
    plotted = cells(section(page, "Enrollment by community"))[1:]
    assert sorted(row[1] for row in plotted) == sorted(row[3] for row in rows)


def test_every_school_stands_on_one_ladder(page: str, whole: Assignment) -> None:
    rows = [
        row for row in cells(section(page, "From kindergarten to grade 12")) if row[0] != "School"
    ]
    schools = whole.district.schools
    assert sorted(row[0] for row in rows) == sorted(" ".join(n.split()) for n in schools["name"])
    told = sorted(row[2] for row in rows)
    few = schools["enrollment"] < 10
    assert told == sorted([*(f"{n:,}" for n in schools["enrollment"][~few]), "under 10"])
    facts = re.findall(r"[\d,]+(?: to [\d,]+)? students", page)
    sums = np.bincount(whole.school_community, schools["enrollment"])
    ends = [ends_of(text.removesuffix(" students")) for text in facts]
    assert all(any(low <= total <= high for low, high in ends) for total in sums)
    middle = sums[whole.school_community[schools.index.get_loc("M14")]] - 7 + 5
    assert f"{middle:,.0f} students" not in words(page)


def test_no_small_count_is_told(page: str, whole: Assignment) -> None:
    rows = {row[0]: row for row in cells(section(page, "From kindergarten to grade 12"))}
    hidden = whole.district.schools.loc["M14", "name"]
    assert whole.district.schools.loc["M14", "enrollment"] == 7
    assert rows[" ".join(hidden.split())][2] == "under 10"
    seen = words(page)
    assert not re.search(r"(?<![\d,.])[1-9] students\b", seen)
    assert "Garfield" not in seen
    assert "319" not in seen
    assert "Oak has" not in seen
    assert "Counts under 10 students are told as ranges only" in seen


def test_repairs_are_told_in_plain_words(page: str, shown: PublishedPlan, info: PageInfo) -> None:
    told = words(section(page, "What was repaired, estimated or left out"))
    assert "Slivers of attendance areas went to the area around them." in told
    assert "0.1 km2 of <b>Oak</b> to Elm." in told
    assert "Grades of some schools add up to more than their enrollment" in told
    assert "Something else was repaired or left out" in told
    none = render_report(shown, info, (), ENGLISH)
    assert "The data needed no repair." in words(none)


def test_every_measure_is_defined(page: str, card: Scorecard) -> None:
    told = words(section(page, "What every measure means"))
    for name, measure in card.definitions.items():
        assert " ".join(str(measure.definition).split()) in told
        if card.plan[name].value is None:
            assert str(card.plan[name].reason) in told
    assert "higher is better" in told


def test_plans_cut_short_are_told(whole: Assignment, info: PageInfo) -> None:
    none = np.array([], dtype=np.int64)
    graph = replace(
        whole.network.graph,
        flow_from=none,
        flow_to=none,
        flow_students=none.astype(float),
        flow_source=none.astype(str),
    )
    home, node = whole.school_community.copy(), whole.node_community.copy()
    home[:3] = node[:3] = -1
    short = replace(
        whole,
        network=replace(whole.network, graph=graph, flows=whole.network.flows.iloc[:0]),
        school_community=home,
        node_community=node,
        community_ids=(*whole.community_ids, "C05"),
        community_names=(*whole.community_names, "Nowhere"),
    )
    seen = words(render_report(published(short), info, (), ENGLISH))
    assert "3 schools are in no community." in seen
    assert "In no community 3 elementary" in seen
    assert "Nowhere 0 students No school here serves K-12." in seen
    assert "Where students go next is not known or not shown." in seen


def test_a_plan_without_land_or_students_is_told(whole: Assignment, info: PageInfo) -> None:
    schools = whole.district.schools.assign(enrollment=0)
    bare = replace(
        whole,
        district=replace(whole.district, schools=schools),
        node_community=np.full_like(whole.node_community, -1),
    )
    page = render_report(published(bare), info, (), ENGLISH)
    assert "Map of the communities" not in page
    assert "Enrollment by community" not in page


@pytest.mark.parametrize("name", ["fairfax_va", "lausd"])
def test_real_districts_stay_small(
    name: str,
    district_folder: Callable[[str], Path],
    scattered: Callable[[Path], Assignment],
    info: PageInfo,
) -> None:
    plan = scattered(district_folder(name))
    warnings = (*plan.district.warnings, *plan.network.warnings)
    page = render_report(published(plan), info, warnings, ENGLISH)
    assert len(page.encode()) < 500_000
    assert warnings
    assert "The data needed no repair" not in page
    quoted = words(section(page, "What was repaired, estimated or left out"))
    assert " against " not in quoted
    assert "leavers a year" not in quoted
