"""What a reader sees of a plan: figures, ladders, feeder views, choropleths, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from browsing import Visit, opened
from publication import published

from feeder.language import ENGLISH, Words, words
from feeder.measures.grouping import today_of
from feeder.measures.score import score
from feeder.pipeline.plan import Plan, plan_views
from feeder.planning import Assignment
from feeder.planning.identity import Community
from feeder.publishing.keys import keys_beside
from feeder.publishing.published import PublishedPlan
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView
from feeder.telling.figures import community_figures, figures, plan_facts, promises

if TYPE_CHECKING:
    from playwright.sync_api import Browser

INFO = {"run_date": "2026-03-01", "plan_id": "0123456789ab"}


@pytest.fixture(scope="module")
def whole(toy: Assignment) -> Assignment:
    """The toy in a district that has a plan today: halves instead of quadrants."""
    schools = toy.district.schools
    east = schools["lon"].rank() > len(schools) / 2
    today = pd.Series(np.where(east, "Old East", "Old West"), index=schools.index)
    return replace(toy, district=replace(toy.district, existing_plan=today))


@pytest.fixture(scope="module")
def shown(whole: Assignment) -> PublishedPlan:
    """The same as it is published."""
    return published(whole)


@pytest.fixture(scope="module")
def existing(shown: PublishedPlan) -> Assignment:
    """The plan as it is drawn."""
    return shown.assignment


@pytest.fixture(scope="module")
def today(existing: Assignment) -> Assignment:
    found = today_of(existing)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def file(whole: Assignment, shown: PublishedPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as ``feeder plan`` writes it: the plan, and today's beside it."""
    plan = Plan(assignment=whole, scorecard=score(whole), record={}, timings={})
    views = plan_views(plan, shown)
    path = tmp_path_factory.mktemp("views") / "map.html"
    info = PageInfo(**INFO, suppressed=shown.suppressed)
    path.write_text(render_page(views, info), encoding="utf-8")
    return path


@pytest.fixture
def visit(browser: Browser, file: Path) -> Iterator[Visit]:
    visit = opened(browser, file)
    yield visit
    assert visit.is_clean, (visit.errors, visit.dialogs, visit.requests)
    visit.page.close()


def figure_texts(public: PublishedPlan, spoken: Words) -> list[str]:
    """Label and value of every figure that the page shows, as Python words them."""
    entries = figures(public.assignment, public.scorecard, spoken)
    return [f"{entry['label']}: {entry['text']}" for entry in entries]


@pytest.mark.parametrize("tag", ["en", "es"])
def test_the_page_says_of_a_plan_what_python_says(
    visit: Visit, shown: PublishedPlan, tag: str
) -> None:
    spoken = words(tag)
    existing, card = shown.assignment, shown.scorecard
    visit.go("lang=es" if tag == "es" else "")
    visit.page.locator("#measures summary").click()
    assert visit.texts("#measures dt") == figure_texts(shown, spoken)
    assert visit.texts("#measures dd") == [
        entry["definition"] for entry in figures(existing, card, spoken)
    ]
    assert visit.text("#facts") == plan_facts(existing, card, spoken)
    for entry in figures(existing, card, spoken):
        if entry["main"] and "today" in entry:
            assert spoken("page.today", text=entry["today"]) in visit.text("#figures")
    table = community_figures(existing, card, spoken)
    cells = visit.page.locator("#communities tbody tr")
    for row, text in enumerate(cells.all_inner_texts()):
        for column in ("enrollment", "deviation", "feeder_continuity", "k12_continuity", "land"):
            assert table[column][row] in text
    visit.page.locator("#promises summary").first.click()
    told = visit.text("#promises")
    for promise in promises(card, spoken):
        assert promise["text"] in told


def test_a_promise_is_told_as_the_whole_data_keep_it(
    browser: Browser, shown: PublishedPlan, tmp_path: Path
) -> None:
    card = shown.scorecard
    broken = [one for one in card.constraints if not one.satisfied]
    assert broken
    kept = replace(
        card,
        constraints=tuple(replace(one, satisfied=True, violations=()) for one in card.constraints),
    )
    told = []
    for name, one in (("as_it_is", card), ("kept", kept)):
        path = tmp_path / f"{name}.html"
        view = PlanView("Plan", replace(shown, scorecard=one))
        path.write_text(render_page([view], PageInfo(**INFO)), "utf-8")
        visit = opened(browser, path)
        told.append(visit.page.locator("#promises > .promises > .broken").count())
        visit.page.close()
    assert told == [len(broken), 0]


def test_the_page_opens_with_the_plan_and_tells_it_from_today(visit: Visit) -> None:
    assert visit.texts("#plans label") == ["Plan", "Today"]
    assert visit.page.locator("#plan-0").is_checked()
    assert re.fullmatch(r"\d+ of \d+ schools differ from Today\.", visit.text("#differ"))
    visit.go("plan=Today")
    assert visit.text("#differ") == "The other plans are compared with this one."
    assert visit.page.locator("#communities tbody tr").count() == 2
    visit.go("plan=Today&lang=es")
    assert visit.texts("#plans label") == ["Plan", "Hoy"]


def test_communities_are_the_same_by_schools_or_by_name(
    existing: Assignment, today: Assignment
) -> None:
    keys, keys_today = keys_beside(existing, today)
    assert keys == (1, 2, 3, 4)
    assert len(set(keys_today)) == 2
    assert set(keys_today) < set(keys)
    for names in (("Old West", "Old East", "a", "b"), ("a", "b", "Old West", "Old East")):
        named = existing.called(names)
        found = dict(zip(today.community_names, keys_beside(named, today)[1], strict=True))
        assert found == {name: 1 + names.index(name) for name in ("Old West", "Old East")}
    again = existing.renamed("abcd", "abcd")
    assert keys_beside(existing, again) == (keys, keys)


def test_the_language_is_kept_in_the_fragment(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Español").click()
    page.wait_for_function("() => document.documentElement.lang === 'es'")
    assert page.url.endswith("#lang=es")
    assert page.title().endswith("comunidades de escuelas")
    assert page.locator("#search").get_attribute("placeholder") == "Buscar una escuela o comunidad"
    assert visit.has_focus("#lang-es")
    page.locator("#communities tbody a").first.click()
    page.locator("#card h2").wait_for()
    assert page.url.endswith("&lang=es")
    assert "Escuelas" in visit.text("#card")
    page.get_by_role("button", name="English").click()
    page.wait_for_function("() => document.documentElement.lang === 'en'")
    assert "Schools" in visit.text("#card")


def test_no_text_of_another_language_is_left(visit: Visit) -> None:
    """Every text of the page that the template or the script wrote changes with the language."""
    read = """() => [...document.querySelectorAll("body *:not(script):not(style)")]
        .filter(e => !e.closest("bdi, pre, code, time, noscript, #languages, [lang=en]:not(html)"))
        .flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()))
        .concat([...document.querySelectorAll("[aria-label], [placeholder], [title]")].flatMap(e =>
          ["aria-label", "placeholder", "title"].map(a => e.getAttribute(a) ?? "")))
        .filter(text => /[a-z]{3}/.test(text))"""
    english = set(visit.page.evaluate(read))
    visit.go("lang=es")
    spanish = set(visit.page.evaluate(read))
    assert len(english) > 40
    # The name of a plan and of a measure come from the planner; nats are called so everywhere.
    same = {text for text in english & spanish if not text.endswith(" nats")}
    assert same <= {"Plan", "Plan: Plan.", "Absence"}


def test_a_ladder_has_every_school_in_its_column(visit: Visit, existing: Assignment) -> None:
    page = visit.page
    assert page.locator("#ladder").is_hidden()
    visit.go("community=C02")
    schools = existing.district.schools
    own = schools[existing.school_community == 1]
    for level in ("Elementary", "Middle", "High"):
        column = page.locator(f"#ladder ol[aria-label='{level}'] a")
        expected = own.index[own["level"] == level.lower()]
        ids = column.evaluate_all("all => all.map(e => e.dataset.id)")
        assert sorted(ids) == sorted(expected)
    graph = existing.network.graph
    inside = (existing.school_community[graph.flow_from] == 1) & (
        existing.school_community[graph.flow_to] == 1
    )
    assert page.locator("#ladder svg path.flow").count() == inside.sum()
    widths = page.locator("#ladder svg path.flow").evaluate_all(
        "all => all.map(e => parseFloat(e.style.strokeWidth))"
    )
    order = np.argsort(graph.flow_students[inside], kind="stable")
    assert np.all(np.diff(np.array(widths)[order]) >= 0)
    page.locator("#ladder summary").click()
    listed = page.locator("#ladder .nested a").evaluate_all("all => all.map(e => e.dataset.id)")
    assert set(listed) == set(own.index)
    page.locator("#ladder ol a").first.click()
    page.locator("#ladder a[aria-current]").wait_for()
    assert page.locator("#ladder a[aria-current]").count() == 1


def test_a_community_says_what_it_keeps_and_who_stands_outside(
    browser: Browser, toy: Assignment, tmp_path: Path
) -> None:
    graph = toy.network.graph
    zoned = replace(graph, flow_source=np.full(len(graph.flow_source), "zoned"))
    flows = toy.network.flows.assign(source="zoned")
    public = published(
        replace(toy, network=replace(toy.network, graph=zoned, flows=flows)), whole=True
    )
    plan, path = public.assignment, tmp_path / "map.html"
    path.write_text(render_page([PlanView("P", public)], PageInfo(**INFO)), "utf-8")
    visit = opened(browser, path)
    visit.go("community=C01")
    told, graph = visit.text("#card"), plan.network.graph
    home_from = plan.school_community[graph.flow_from]
    home_to = plan.school_community[graph.flow_to]
    leaving = graph.flow_students[home_from == 0].sum()
    kept = graph.flow_students[(home_from == 0) & (home_to == 0)].sum()
    assert f"{round(kept):,} of its {round(leaving):,} leavers stay" in told
    outside = {graph.school_ids[k] for k in graph.flow_to[(home_from == 0) & (home_to != 0)]}
    coming = {graph.school_ids[k] for k in graph.flow_from[(home_from != 0) & (home_to == 0)]}
    linked = visit.page.locator("#card .flows a").evaluate_all("all => all.map(e => e.dataset.id)")
    assert outside
    assert coming
    assert set(linked) == outside | coming
    visit.page.close()


def fills(visit: Visit, kind: str) -> dict[str, str]:
    """Colour by class of shape: of tiles by their attribute, of schools by their style."""
    read = "e => e.style.fill || e.getAttribute('fill')"
    shapes = visit.page.locator(f"#map path.{kind}")
    return dict(enumerate(shapes.evaluate_all(f"all => all.map({read})")))


def test_a_choropleth_has_classes_a_legend_and_hatches_what_is_unknown(
    visit: Visit, existing: Assignment
) -> None:
    page = visit.page
    before = fills(visit, "tile")
    page.get_by_label("Color by").select_option(label="Enrollment")
    page.locator("#legend").wait_for()
    assert page.url.endswith("#colour=enrollment")
    items = visit.texts("#legend li")
    bounds = [int(re.sub(r"\D", "", text.split(" to ")[0])) for text in items[1:-1]]
    assert len(items) == 6
    assert bounds == sorted(bounds)
    assert all(bound % 5 == 0 for bound in bounds)
    assert items[-1] == "not known or not published"
    tiles = fills(visit, "tile")
    assert tiles != before
    # One tile is vacant; of M14 all that is told is that it has fewer than 10.
    assert sum("unknown" in colour for colour in tiles.values()) == 1
    schools = existing.district.schools
    marks = fills(visit, "school")
    assert sum("unknown" in colour for colour in marks.values()) == 1
    counts = np.histogram(schools["enrollment"][schools["enrollment"] >= 10], [0, *bounds, 10**6])[
        0
    ]
    shown = [list(marks.values()).count(colour) for colour in dict.fromkeys(marks.values())]
    assert sorted(shown) == sorted([*counts.tolist(), 1])
    visit.go("colour=enrollment&school=E00")
    assert f"Enrollment: {schools.loc['E00', 'enrollment']:,}" in visit.text("#card")
    visit.go("colour=enrollment&school=M14")
    assert "Enrollment: not known or not published" in visit.text("#card")
    page.get_by_label("Color by").select_option("")
    page.locator("#legend").wait_for(state="hidden")
    assert fills(visit, "tile") == before


def test_communities_can_be_coloured_by_their_measures(visit: Visit) -> None:
    options = visit.texts("#colour option")
    assert ENGLISH("short.feeder_continuity") in options
    assert "Meals, share of enrollment" in options
    assert "Absence" in options
    visit.go("colour=enrollment_deviation&community=C02")
    assert (
        visit.page.locator("#map path.tile.lit").evaluate_all(
            "all => new Set(all.map(e => e.getAttribute('fill'))).size"
        )
        == 1
    )
    row = visit.page.locator("#communities tr.chosen small").nth(1).inner_text()
    assert f"Enrollment against the mean community: {row}" in visit.text("#card")


def test_the_table_is_sorted_by_its_heads(visit: Visit) -> None:
    page = visit.page
    heads = page.locator("#communities thead th")
    assert heads.nth(0).get_attribute("aria-sort") == "ascending"
    read = "all => all.map(e => Number(e.cells[2].firstChild.data.replaceAll(',', '')))"
    rows = page.locator("#communities tbody tr")
    page.locator("#sort-students").focus()
    page.keyboard.press("Enter")
    assert heads.nth(2).get_attribute("aria-sort") == "descending"
    assert heads.nth(0).get_attribute("aria-sort") is None
    falling = rows.evaluate_all(read)
    assert falling == sorted(falling, reverse=True)
    assert visit.has_focus("#sort-students")
    page.keyboard.press("Enter")
    assert rows.evaluate_all(read) == falling[::-1]
    visit.go("lang=es")
    assert rows.evaluate_all(read) == falling[::-1]


def test_a_keyboard_goes_from_the_table_to_the_card_and_back(visit: Visit) -> None:
    page = visit.page
    link = page.locator("#communities tbody a").nth(1)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'card-title'")
    assert visit.text("#live").startswith("On show: ")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.locator("#card").wait_for(state="hidden")
    assert link.evaluate("e => e === document.activeElement")


def test_the_code_of_the_page_is_strict_and_reads_only_its_data(file: Path) -> None:
    page = file.read_text(encoding="utf-8")
    code = page[page.rindex("<script>") :]
    assert '"use strict"' in code
    for reach in ("fetch(", "XMLHttpRequest", "innerHTML", "eval(", "import(", "localStorage"):
        assert reach not in code
    assert ENGLISH("page.offline") in page


def test_context_lies_under_the_borders_and_is_switched_off(
    browser: Browser, whole: Assignment, tmp_path: Path
) -> None:
    west, south, east, north = whole.network.tiles.total_bounds
    shapes = [
        shapely.linestrings([[west, south], [east, north]]),
        shapely.box(west + 1_000, south + 1_000, west + 2_000, south + 2_500),
        shapely.linestrings([[west, north], [east, south]]),
        shapely.box(west + 3_000, south + 3_000, west + 4_000, south + 4_000),
    ]
    context = gpd.GeoDataFrame(
        {
            "kind": ["streets", "water", "water", "neighborhoods"],
            "name": ["", "", "", "<b>Old Town</b>"],
        },
        geometry=shapes,
        crs=whole.network.crs,
    )
    district = replace(whole.district, context=context.to_crs("EPSG:4326"))
    public = published(replace(whole, district=district))
    path = tmp_path / "map.html"
    path.write_text(render_page([PlanView("P", public)], PageInfo(**INFO)), "utf-8")
    visit = opened(browser, path)
    page = visit.page
    assert page.locator("#map path.street").count() == 1
    assert page.locator("#map path.water").count() == 2
    assert page.locator("#map path.water.area").get_attribute("d").count("M") == 1
    groups = page.locator("#map svg.sheet > g").evaluate_all(
        "all => all.map(e => e.className.baseVal)"
    )
    assert groups.index("tiles") < groups.index("context") < groups.index("borders")
    assert page.locator("#map .neighborhood").count() == 0
    for _ in range(3):
        page.locator(".leaflet-control-zoom-in").click()
    assert visit.text("#map .neighborhood") == "<b>Old Town</b>"
    page.locator("#layer-streets").uncheck()
    assert page.locator("#map path.street").is_hidden()
    assert "Water" in visit.text("#key")
    assert visit.is_clean
    visit.page.close()


def test_a_district_without_flows_or_with_one_community_opens(
    browser: Browser, whole: Assignment, tmp_path: Path
) -> None:
    graph, none = whole.network.graph, np.array([], dtype=np.int64)
    still = replace(
        graph,
        flow_from=none,
        flow_to=none,
        flow_students=none.astype(float),
        flow_source=none.astype(str),
    )
    network = replace(whole.network, graph=still, flows=whole.network.flows.iloc[:0])
    alone = replace(
        whole,
        network=network,
        node_community=whole.node_community * 0,
        school_community=whole.school_community * 0,
        communities=(Community("all", 1, "All", "#88CCEE"),),
    )
    path = tmp_path / "map.html"
    view = PlanView("P", published(alone))
    path.write_text(render_page([view], PageInfo(**INFO)), encoding="utf-8")
    visit = opened(browser, path)
    for fragment in ("community=all", "school=E01&lang=es", "colour=enrollment_deviation"):
        visit.go(fragment)
        assert visit.is_clean, visit.errors
    visit.go("community=all")
    assert visit.page.locator("#ladder ol a").count() == 60
    assert "No feeder flows are known or shown" in visit.text(".panel")
    visit.page.close()
