"""The report and the map of an ensemble: what they show, and that nothing in them runs."""

import base64
import hashlib
import html
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from feeder.analyses.ensemble.page import MOST_SCHOOLS, place_told, render_ensemble
from feeder.analyses.ensemble.plots import BINS, TICKS, histogram
from feeder.analyses.ensemble.run import FILES
from feeder.ensembles.agreement import SWING, percent
from feeder.ensembles.diagnostics import NEVER_MOVED
from feeder.language import ENGLISH, languages
from feeder.language import words as language
from feeder.measures.score import score
from feeder.render.frame import page_file
from feeder.render.page.page import PageInfo

INFO = PageInfo(run_date="2026-03-01", plan_id="abc")


@pytest.fixture(scope="module")
def written(sampled):
    return sampled.write()


@pytest.fixture(scope="module")
def page(sampled):
    return render_ensemble(sampled, score(sampled.consensus), INFO, ENGLISH)


def words(markup):
    """The text a reader sees, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def section(page, heading):
    return next(part for part in page.split("<section") if f"<h2>{heading}</h2>" in part)


def cells(markup):
    """The rows of the tables in a piece of markup as texts."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", markup, re.DOTALL)
    return [
        [words(one) for one in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows
    ]


def test_every_file_is_there(written):
    assert {path.name for path in written.iterdir()} == FILES


def test_the_places_are_those_of_the_ensemble(page, sampled):
    head, *rows = cells(section(page, "Places"))
    assert head == ["Measure", "Today", "Candidate", "5%", "Half", "95%"]
    assert len(rows) == len(sampled.places)
    place = sampled.places.loc["feeder_continuity"]
    assert rows[0][1].startswith(f"{100 * place['today']:.1f}% above")
    assert rows[0][1] == rows[0][2]
    assert rows[0][4] == f"{100 * place['q50']:.1f}%"


def test_a_histogram_a_measure_with_its_lines(page, sampled):
    figures = section(page, "Histograms").split("<figure>")[1:]
    assert len(figures) == len(sampled.places)
    assert len(re.findall(r'<line class="(?:today|candidate)"', figures[0])) == 2
    assert figures[0].count('<rect class="bar"') > 5


def test_nothing_of_the_page_runs_or_loads(page):
    assert not re.search(r"<(script|link|img|iframe)|\s(style|on\w+)=", page)
    assert "default-src 'none'" in page
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in html.unescape(page)
    assert "For the desk" in page


def test_names_are_text(sampled):
    district = sampled.prepared.district
    schools = district.schools.assign(name="<b onclick=x>{{ 7 * 7 }}</b>")
    odd = replace(
        sampled,
        prepared=replace(sampled.prepared, district=replace(district, schools=schools)),
    )
    text = render_ensemble(odd, score(sampled.consensus), INFO, ENGLISH)
    assert "<b onclick" not in text
    assert "&lt;b onclick=x&gt;{{ 7 * 7 }}&lt;/b&gt;" in text


def test_the_least_certain_schools_come_first(page, sampled):
    _, *rows = cells(section(page, "Firm and swing schools"))
    shown = [int(row[2].removesuffix("%")) for row in rows]
    assert len(shown) == MOST_SCHOOLS
    assert shown == sorted(shown)
    wanted = np.sort(percent(sampled.schools["certainty"].to_numpy()))
    assert shown == wanted[:MOST_SCHOOLS].tolist()


def test_the_map_marks_swing_schools_and_counts_nobody(written, sampled):
    text = (written / "map.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    plan = json.loads(found.group(1))["plans"][0]
    certainty = sampled.certainty
    assert plan["name"] == "Consensus"
    for told, share in zip(plan["certainty"], certainty, strict=True):
        assert told is None if np.isnan(share) else told == percent(share)
    swinging = sum(one is not None and one < 100 * SWING for one in plan["certainty"])
    assert swinging == (sampled.schools["standing"] == "swing").sum()


def test_the_consensus_can_be_scored_and_pairs_read(written, sampled, embedded):
    import pandas as pd

    from feeder import open_plan

    scored = open_plan(embedded, written / "consensus.csv")
    assert scored.scorecard.satisfied
    pairs = pd.read_parquet(written / "pairs.parquet")
    assert pairs["together"].between(0, 1, inclusive="right").all()
    schools = pd.read_csv(written / "schools.csv", dtype={"school_id": str})
    assert len(schools) == len(sampled.schools)
    assert schools["certainty"].tolist() == sampled.schools["certainty"].tolist()
    record = json.loads((written / "ensemble.json").read_text())["ensemble"]
    assert record["recipe"]["plans"] == 600
    assert len(record["limits_held"]) == len(scored.scorecard.constraints)


def test_a_histogram_by_hand():
    found = histogram(
        np.array([0.0, 0.25, 0.25, 1.0]), {"today": 2.0, "none": np.nan}, counted=False
    )
    heights = [bar.height for bar in found.bars]
    assert len(found.lines) == 1
    assert found.lines[0].anchor == "end"
    assert max(heights) == heights[1] == 2 * heights[0] == 2 * heights[2]


@pytest.mark.parametrize(
    "drawn", [np.zeros(5), np.arange(3.0), np.random.default_rng(0).normal(size=999)]
)
def test_a_histogram_counts_every_plan_once(drawn):
    found = histogram(drawn, {}, counted=False)
    tallest = max(bar.height for bar in found.bars)
    counts = np.bincount(np.digitize(drawn, np.linspace(drawn.min(), drawn.max(), 500)))
    assert len(found.bars) <= BINS + 1
    assert tallest == 82.0
    assert all(0 <= bar.x <= 100 and bar.x + bar.width <= 100.1 for bar in found.bars)
    assert (len(found.bars) == 1) == (np.count_nonzero(counts) == 1)


@pytest.mark.parametrize("high", [0, 1, 3, 7, 60, 12_345])
def test_ticks_of_counts_are_whole(high):
    found = histogram(np.arange(high + 1.0), {}, counted=True)
    ticks = [value for _, value in found.ticks]
    assert 1 <= len(ticks) <= TICKS
    assert ticks == sorted({max(0, round(value)) for value in ticks})
    assert len(set(np.diff(ticks))) <= 1
    assert all(0 <= at <= 100 for at, _ in found.ticks)


def test_lengths_have_their_unit_and_counts_none(page):
    rows = {row[0]: row[1:] for row in cells(section(page, "Places"))}
    assert all(one.endswith(" km") for one in rows[ENGLISH("measure.diameter_km")][2:])
    assert all(one.replace(",", "").isdigit() for one in rows[ENGLISH("measure.schools_moved")][2:])
    figures = section(page, "Histograms").split("<figure>")
    moved = next(one for one in figures if ENGLISH("measure.schools_moved") in one)
    ticks = re.findall(r'<text x="[^"]*" y="97%"[^>]*>([^<]*)</text>', moved)
    assert 1 <= len(ticks) <= TICKS
    assert all(tick.replace(",", "").isdigit() for tick in ticks)


def test_what_a_candidate_breaks_is_told_and_its_file_recorded(written, sampled, embedded):
    from feeder import open_plan

    asked = sampled.prepared.scenario.communities
    card = open_plan(embedded, embedded / "existing_plan.csv", communities=asked).scorecard
    broken = tuple(one.name for one in card.constraints if not one.satisfied)
    assert broken == sampled.broken != ()
    record = json.loads((written / "ensemble.json").read_text(encoding="utf-8"))
    assert record["ensemble"]["candidate_breaks"] == list(broken)
    assert f"every plan drawn keeps: {', '.join(broken)}." in record["ensemble"]["warnings"][-1]
    assert [one["path"] for one in record["inputs"]].count("existing_plan.csv") == 2
    assert "not how good it is" in words((written / "ensemble.html").read_text(encoding="utf-8"))
    assert "candidate" not in " ".join(map(str, replace(sampled, broken=()).cautions))


def test_chains_that_never_moved_are_not_called_mixed(sampled):
    still = replace(
        sampled,
        done=replace(sampled.done, splits=0),
        diagnostics=sampled.diagnostics.assign(mixed=True),
        broken=(),
    )
    assert still.cautions == (NEVER_MOVED,)
    assert still.told.endswith("not mixed")
    moved = replace(still, done=sampled.done)
    assert moved.cautions == ()
    assert moved.told.endswith(", mixed")
    page = render_ensemble(still, score(still.consensus), INFO, ENGLISH)
    assert "firm, swing and places say nothing" in page


def test_places_in_words():
    assert str(place_told(0.0)) == "below every plan"
    assert str(place_told(1.0)) == "above every plan"
    assert str(place_told(0.2345)) == "above 23.4% of the plans"


@pytest.mark.parametrize("tag", languages())
def test_the_report_is_written_in_every_language(written, sampled, tag):
    page = (written / page_file("ensemble", tag)).read_text(encoding="utf-8")
    said, seen = language(tag), words(re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL))
    assert f'<html lang="{tag}">' in page
    links = re.findall(r' href="([^"]*)"', page)
    assert links == [page_file("ensemble", one) for one in languages() if one != tag]
    for key in ("places", "histograms", "certainty", "promises", "method", "desk", "how_recom"):
        assert said(f"ensemble.{key}") in seen
    for caution in sampled.cautions:
        assert " ".join(said.say(caution).split()) in seen
    strange = [
        text
        for one in languages()
        if one != tag
        for key, text in language(one).texts.items()
        if key.startswith(("ensemble.", "measure.", "definition."))
        and isinstance(text, str)
        and " " in text
        and not set("{") & set(text)
        and text not in said.texts.values()
    ]
    assert len(strange) > 30
    assert [text for text in strange if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", seen)] == []
