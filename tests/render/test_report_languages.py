"""The report in another language: the same facts, every word of it translated, one link away."""

import html
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from publication import published

from feeder.errors import Problem
from feeder.language import ENGLISH, languages
from feeder.language import words as language
from feeder.planning import Assignment
from feeder.render.frame import report_file
from feeder.render.page.page import PageInfo
from feeder.render.report.report import render_report

SPANISH = language("es")
QUOTED = "1 piece under 2% of a tile went over: 0.1 km2 of Oak to Elm."
ALIKE = frozenset({"Plan", "km", "nats", "local"})
"""Texts that both languages share."""


@pytest.fixture(scope="module")
def pages(toy: Assignment) -> dict[str, str]:
    """The report of a plan beside today's, in every language."""
    schools = toy.district.schools
    today = pd.Series(np.where(schools["lat"] > schools["lat"].median(), "N", "S"), schools.index)
    public = published(replace(toy, district=replace(toy.district, existing_plan=today)))
    info = PageInfo(
        run_date="2026-03-01",
        plan_id="0123456789ab",
        suppressed=public.suppressed,
        warnings=("The chains have not mixed.",),
    )
    warnings = (
        Problem(rule="pieces-mended", message=QUOTED),
        Problem(rule="ungraded", message="Oak has 3 ungraded students."),
    )
    return {tag: render_report(public, info, warnings, language(tag)) for tag in languages()}


def texts(markup: str) -> list[str]:
    """Return the texts a reader sees or hears, one each element or label."""
    body = re.sub(r"<style>.*?</style>", "", markup, flags=re.DOTALL)
    labels = re.findall(r'aria-label="([^"]*)"', body)
    parts = [html.unescape(one).strip() for one in (*re.split(r"<[^>]*>", body), *labels)]
    return [part for part in parts if part]


def in_english(markup: str) -> list[str]:
    """Return the texts that a page marks as English."""
    return [
        html.unescape(text)
        for text in re.findall(r'<(?:small|p)[^>]*lang="en"[^>]*>([^<]*)<', markup)
    ]


@pytest.mark.parametrize("tag", languages())
def test_every_report_says_its_language_and_links_to_the_others(
    pages: dict[str, str], tag: str
) -> None:
    page = pages[tag]
    assert f'<html lang="{tag}">' in page
    links = re.findall(r'<a href="([^"#]+)" lang="(\w+)" hreflang="(\w+)">([^<]*)</a>', page)
    assert links == [
        (report_file(one), one, one, language(one).name) for one in languages() if one != tag
    ]
    assert report_file(tag).startswith("report.")
    assert report_file("en") == "report.html"


def test_no_english_is_left_in_spanish(pages: dict[str, str]) -> None:
    english = {
        text
        for key in ENGLISH.texts
        if ENGLISH.texts[key] != SPANISH.texts[key]
        for text in [ENGLISH.texts[key]]
        if isinstance(text, str) and "{" not in text
    }
    assert len(english & set(texts(pages["en"]))) > 50
    assert not (english - ALIKE) & set(texts(pages["es"]))
    seen = " ".join(text for text in texts(pages["es"]) if text not in in_english(pages["es"]))
    for word in ("the", "and", "of", "school", "schools", "students", "communities", "kept"):
        assert not re.search(rf"\b{word}\b", seen), word


def test_messages_of_reading_are_marked_as_english(pages: dict[str, str]) -> None:
    assert in_english(pages["es"]) == ["The chains have not mixed.", QUOTED]
    assert SPANISH("report.quoted_in_english") in pages["es"]
    assert SPANISH("notice.pieces-mended") in pages["es"]
    assert SPANISH("notice.ungraded") in pages["es"]
    assert not in_english(pages["en"])
    assert ENGLISH("report.quoted_in_english") not in pages["en"]
    assert all("3 ungraded" not in page for page in pages.values())


def test_both_languages_tell_the_same_figures(pages: dict[str, str]) -> None:
    tables = {
        tag: [
            re.findall(r"[+\u2212]?\d[\d,.]*", html.unescape(re.sub(r"<[^>]*>", " ", cell)))
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)
        ]
        for tag, page in pages.items()
    }
    assert len(tables["en"]) > 100
    assert tables["es"] == tables["en"]


def test_numbers_are_written_as_a_language_writes_them(pages: dict[str, str]) -> None:
    assert re.search(r"\d%", " ".join(texts(pages["en"])))
    spanish = " ".join(text for text in texts(pages["es"]) if text != QUOTED)
    assert re.search(r"\d\u00a0%", spanish)
    assert not re.search(r"\d%", spanish)
    assert not re.search(r"\d[ \u00a0]%", " ".join(texts(pages["en"])))


def test_spanish_opens_with_what_the_plan_is(pages: dict[str, str]) -> None:
    seen = " ".join(texts(pages["es"]))
    assert "Este plan agrupa 60 escuelas de Toy" in seen
    assert "en 4 comunidades de escuelas." in seen
    assert re.search(r"el \d+\u00a0% aprox\. \(entre|el \d+\u00a0% aprox\. continúa", seen)
    assert "Con el plan actual de 2 comunidades es el" in seen
    assert re.search(r"▼ \d+ puntos aprox\. menos: peor", seen)
