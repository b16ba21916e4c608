"""Figures as every reader sees them: what is out of many, which unit stands, what today has."""

import json

import pytest
from publication import published

from feeder.language import ENGLISH
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.render.page.payload import page_data
from feeder.render.page.views import PlanView
from feeder.render.report.words import measure_rows
from feeder.telling.figures import figures
from feeder.terms import AGAINST_TODAY, COUNT, COUNTED_UNITS, HEADLINES, PURE_UNITS, TERMS


@pytest.fixture
def card(grid: Assignment) -> Scorecard:
    return score(grid)


def told(plan: Assignment, card: Scorecard) -> dict[str, dict]:
    return {entry["name"]: entry for entry in figures(plan, card, ENGLISH)}


def test_only_a_count_is_told_out_of_its_denominator(grid: Assignment, card: Scorecard) -> None:
    """The denominator of mean minutes is the schools that they are a mean over."""
    assert card.plan["office_minutes_mean"].denominator
    texts = {name: entry["text"] for name, entry in told(grid, card).items() if name in TERMS}
    assert texts["office_minutes_mean"].endswith(" minutes")
    assert " of " not in texts["office_minutes_mean"]
    counted = {name for name, text in texts.items() if " of " in text}
    assert counted == {name for name in texts if TERMS[name].kind == COUNT}


def test_every_figure_stands_with_its_unit(grid: Assignment, card: Scorecard) -> None:
    for name, entry in told(grid, card).items():
        if name not in TERMS or TERMS[name].unit in (*PURE_UNITS, *COUNTED_UNITS):
            continue
        for text in (entry["text"], entry.get("today", entry["text"])):
            assert text.endswith(f" {TERMS[name].unit}"), name
    for row in measure_rows(grid, card, ENGLISH):
        assert "minutes minutes" not in row.plan


def test_measures_against_today_have_no_figure_for_today(grid: Assignment, card: Scorecard) -> None:
    assert card.existing is not None
    entries = told(grid, card)
    assert "variation_of_information" in entries
    for name in AGAINST_TODAY:
        assert card.existing[name].value is None
        assert "today" not in entries.get(name, {})
    assert "today" in entries["enrollment_deviation"]


def test_the_page_is_told_what_each_measure_is(grid: Assignment, card: Scorecard) -> None:
    view = PlanView("Plan", published(grid, card, whole=True))
    data = page_data([view], tags=["en"], below=0, left_out={"en": ""})
    assert json.loads(json.dumps(data["headlines"])) == list(HEADLINES)
    assert data["definitions"].keys() == card.definitions.keys()
    counts = {name for name, one in data["definitions"].items() if one["counts"]}
    assert counts == {name for name, term in TERMS.items() if term.kind == COUNT}
    today = {name for name, one in data["definitions"].items() if one["againstToday"]}
    assert today == set(AGAINST_TODAY)
