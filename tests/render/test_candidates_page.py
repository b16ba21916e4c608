"""The page of the candidates: what it says and draws, and that nothing in it runs."""

import base64
import hashlib
import html
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from publication import published_together

from feeder.analyses.candidates.aims import Aim, gains
from feeder.analyses.candidates.frontier import Frontier, find_frontier
from feeder.analyses.candidates.page import Making, introduction, render_candidates
from feeder.analyses.candidates.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, frontier_plots
from feeder.language import ENGLISH, languages
from feeder.language import words as language
from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.render.page.page import PageInfo
from feeder.terms import AGAINST_TODAY

MAKING = Making(asked=5, tried=20, kept=6)
INFO = PageInfo(run_date="2026-03-01", plan_id="", sources=("schools.csv & <more>",))


def moved(plan: Assignment, seed: int) -> Assignment:
    rng = np.random.default_rng(seed)
    node = plan.node_community.copy()
    node[rng.choice(plan.network.graph.n_campuses, 9, replace=False)] = rng.integers(4, size=9)
    school = node[plan.network.graph.school_node]
    return replace(plan, node_community=node, school_community=school)


@pytest.fixture(scope="module")
def plans(toy: Assignment) -> tuple[PublishedPlan, ...]:
    schools = toy.district.schools
    north, east = (schools[axis] > schools[axis].median() for axis in ("lat", "lon"))
    today = pd.Series(np.where(north, "N", "S"), schools.index) + np.where(east, "E", "W")
    first = replace(toy, district=replace(toy.district, existing_plan=today))
    return published_together([first, *(moved(first, seed) for seed in range(1, 6))])


@pytest.fixture(scope="module")
def frontier(plans: tuple[PublishedPlan, ...]) -> Frontier:
    return frontier_of(plans, [plan.scorecard for plan in plans])


def frontier_of(plans: tuple[PublishedPlan, ...], cards: list[Scorecard]) -> Frontier:
    return find_frontier([plan.assignment for plan in plans], cards, cards, n=5, rough=False)


@pytest.fixture(scope="module")
def names(frontier: Frontier) -> str:
    return "ABCDE"[: len(frontier.chosen)]


@pytest.fixture(scope="module")
def pages(plans: tuple[PublishedPlan, ...], frontier: Frontier) -> dict[str, str]:
    info = replace(INFO, suppressed=plans[0].suppressed)
    return {
        tag: render_candidates(plans, frontier, MAKING, info, language(tag)) for tag in languages()
    }


@pytest.fixture(scope="module")
def page(pages: dict[str, str]) -> str:
    return pages["en"]


def table(page: str, heading: str) -> dict[str, list[str]]:
    """Return the cells of the table below a heading, by the head of their row."""
    rows = re.findall(r"<tr>(<th scope=.row.*?)</tr>", page.split(f"<h2>{heading}</h2>")[1])
    cells = [[words(one) for one in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]
    return {row[0]: row[1:] for row in cells}


def words(markup: str) -> str:
    text = re.sub(r"<style>.*?</style>|<title>.*?</title>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_names_are_text_and_nothing_else(page: str) -> None:
    assert "<title>Toy &lt;b&gt;District&lt;/b&gt; {{7*7}} 2024-25: candidate plans" in page
    seen = words(page)
    assert "Toy <b>District</b> {{7*7}}" in seen
    assert "schools.csv & <more>" in seen
    assert "<script" not in page
    assert "<more" not in page


def test_the_page_runs_nothing_and_asks_for_nothing(page: str) -> None:
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    tags = " ".join(re.findall(r"<[a-z][^>]*>", page.replace(style, "")))
    assert re.findall(r' href="([^"]*)"', tags) == ["candidates.es.html"]
    tags = tags.replace(' href="candidates.es.html"', "")
    assert not re.search(r"\sstyle=|\son[a-z]+=|\ssrc=|\shref=|<(link|img|iframe|object)\b", tags)
    assert not re.search(r"url\(|@import", style)


def test_every_sentence_duel_and_figure_is_told(page: str, frontier: Frontier, names: str) -> None:
    seen = words(page)
    assert len(names) > 1
    for sentence in frontier.sentences(names):
        assert str(sentence) in seen
    for row in frontier.duels():
        for lead in filter(None, row):
            assert str(lead) in seen
    assert "Counts under 10 students are told as ranges only" in seen
    assert page.count("★</td>") >= 1


def test_fewer_than_asked_is_said(frontier: Frontier, names: str) -> None:
    short = introduction(frontier, replace(MAKING, asked=len(names) + 1))
    assert f"{len(names) + 1} were asked for" in str(short[-1])
    assert "were asked for" not in " ".join(
        map(str, introduction(frontier, replace(MAKING, asked=1)))
    )
    assert str(short[0]).startswith("20 searches under different weights made 6 different plans")


def test_one_is_told_as_one(frontier: Frontier) -> None:
    first = frontier.chosen[0]
    alone = replace(frontier, chosen=(first,), unbeaten=np.arange(len(frontier.cards)) == first)
    told = introduction(alone, Making(asked=1, tried=1, kept=1))
    assert tuple(map(str, told)) == (
        "1 search under different weights made 1 plan that keeps every promise. 1 of them is on "
        "the frontier: no other is as good at every measure and better at one.",
    )


def test_the_best_by_the_own_weights_comes_first_though_beaten(
    plans: tuple[PublishedPlan, ...],
) -> None:
    """Weights of what is no aim can prefer a plan that another beats at every aim."""
    cards = [plan.scorecard for plan in plans]
    plain = frontier_of(plans, cards)
    beaten = int(np.flatnonzero(~plain.unbeaten)[0])
    cards[beaten] = replace(
        cards[beaten], certificate={**cards[beaten].certificate, "objective": 9.0}
    )
    found = frontier_of(plans, cards)
    assert found.chosen[0] == beaten
    assert not found.unbeaten[beaten]
    assert found.unbeaten[list(found.chosen[1:])].all()


def shown_aims(frontier: Frontier) -> list[Aim]:
    """Return the aims but the first at which the plans differ by what is worth telling."""
    return [
        aim
        for aim, column in zip(frontier.aims, gains(frontier.cards, frontier.aims).T, strict=True)
        if np.ptp(column) >= aim.least
    ][1:]


def test_better_plans_stand_further_the_better_way(frontier: Frontier, names: str) -> None:
    today = frontier.chosen_cards[0].existing
    plots = frontier_plots(frontier, names, today, ENGLISH)
    drawn = shown_aims(frontier)
    assert len(plots) == len(drawn) > 1
    first = frontier.aims[0].measure
    for plot, aim in zip(plots, drawn, strict=True):
        assert plot.up.more_is_better
        assert not plot.across.more_is_better
        cards = frontier.chosen_cards
        across = [spot.x for spot in plot.chosen]
        up = [-spot.y for spot in plot.chosen]
        for places, name in ((across, aim.measure), (up, first)):
            values = [card.plan[name].value for card in cards]
            assert np.argsort(places, kind="stable").tolist() == (
                np.argsort(values, kind="stable").tolist()
            )
        spots = [(spot.x, spot.y) for spot in plot.chosen]
        now = [] if plot.today is None else [(plot.today.x, plot.today.y)]
        assert (not now) == (aim.measure in AGAINST_TODAY)
        for x, y in [*spots, *plot.beaten, *plot.unbeaten, *now]:
            assert LEFT <= x <= WIDTH - RIGHT
            assert TOP <= y <= HEIGHT - BOTTOM
        assert len(spots) + len(plot.beaten) + len(plot.unbeaten) == len(frontier.cards)


def test_ticks_stand_where_their_figures_are(frontier: Frontier, names: str) -> None:
    """Two chosen plans fix the scale; every tick lies on the line through them."""
    for plot, aim in zip(
        frontier_plots(frontier, names, None, ENGLISH), shown_aims(frontier), strict=True
    ):
        assert plot.today is None
        values = [card.plan[aim.measure] for card in frontier.chosen_cards]
        told = [
            value.numerator if aim.counted else value.value * (100 if aim.is_share else 1)
            for value in values
        ]
        low, high = int(np.argmin(told)), int(np.argmax(told))
        if told[high] - told[low] < 1e-6:
            continue
        slope = (plot.chosen[high].x - plot.chosen[low].x) / (told[high] - told[low])
        for at, text in plot.across.ticks:
            value = float(text.replace(",", ""))
            wanted = plot.chosen[low].x + slope * (value - told[low])
            assert at == pytest.approx(wanted, abs=1.5)


def test_today_far_away_stands_at_the_edge_and_says_so(frontier: Frontier, names: str) -> None:
    today = dict(frontier.chosen_cards[0].plan)
    today["cut_contacts"] = Value(0.99, numerator=9_999, denominator=10_100)
    plot = frontier_plots(frontier, names, today, ENGLISH)[0]
    assert "9,999 of 10,100" in plot.outside
    assert plot.today.x == WIDTH - RIGHT
    assert max(spot.x for spot in plot.chosen) - min(spot.x for spot in plot.chosen) > 0
    assert (
        frontier_plots(frontier, names, dict(frontier.chosen_cards[0].plan), ENGLISH)[0].outside
        == ""
    )


@pytest.mark.parametrize("tag", languages())
def test_a_page_speaks_one_language(
    pages: dict[str, str], frontier: Frontier, names: str, tag: str
) -> None:
    said, seen = language(tag), words(pages[tag])
    assert f'<html lang="{tag}">' in pages[tag]
    for sentence in (*frontier.sentences(names), *introduction(frontier, MAKING)):
        assert " ".join(said.say(sentence).split()) in seen
    for row in frontier.duels():
        leads = [said.say(lead) for lead in row if lead is not None]
        assert all(" ".join(lead.split()) in seen for lead in leads)
    strange = [
        text
        for one in languages()
        if one != tag
        for key, text in language(one).texts.items()
        if key.startswith(("candidates.", "short."))
        and isinstance(text, str)
        and " " in text
        and "{" not in text
        and text not in said.texts.values()
    ]
    assert len(strange) > 20
    assert [text for text in strange if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", seen)] == []


def test_every_figure_has_its_unit(page: str) -> None:
    aims, others = (
        table(page, ENGLISH("candidates.aims")),
        table(page, ENGLISH("candidates.others")),
    )
    units = {"short.diameter_km": " km", "short.enrollment_deviation": "%"}
    for key, unit in units.items():
        assert all(cell.removesuffix(" best ★").endswith(unit) for cell in aims[ENGLISH(key)])
    minutes = others[ENGLISH("measure.office_minutes_mean")]
    assert all(cell.endswith(" minutes") for cell in minutes)


def test_today_has_no_figure_against_itself(page: str, frontier: Frontier) -> None:
    """Its other figures are told; what rests on counts of few students has none at all."""
    rows = {**table(page, ENGLISH("candidates.aims")), **table(page, ENGLISH("candidates.others"))}
    assert ENGLISH("measure.variation_of_information") not in rows
    *plans, now = rows[ENGLISH("measure.schools_moved")]
    assert all(plans)
    assert now == ""
    told = {aim.measure: rows[str(aim.label)][-1] for aim in frontier.aims}
    assert (
        {measure for measure, cell in told.items() if not cell}
        == ({"students_moved", "students_separated"} & set(told))
        != set()
    )
