"""Everybody can use the page: axe-core finds nothing, keys reach everything, fingers too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import Visit, opened
from publication import published_together

from feeder.planning import Assignment
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RULES = {
    "resultTypes": ["violations"],  # of what is well, one place a rule: thousands take seconds
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
UNFOLD = "for (const part of document.querySelectorAll('details')) part.open = true"
PRINT = "dispatchEvent(new Event('beforeprint'))"
STATES = {
    "opened": ("", ""),
    "everything unfolded": ("", UNFOLD),
    "a school": ("school=E01", UNFOLD),
    "a school with a long way": ("school=S24&lang=es", ""),
    "a community": ("community=C03", UNFOLD),
    "another plan": ("plan=B", UNFOLD),
    "Spanish": ("community=C02&lang=es", UNFOLD),
    "a measure of schools": ("colour=enrollment", ""),
    "a count": ("colour=count.meals&school=E01", ""),
    "a rate": ("colour=rate.absence&lang=es", ""),
    "a measure of communities": ("colour=feeder_continuity&community=C01", ""),
}


@pytest.fixture(scope="module")
def file(toy: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    moved = Assignment.of_nodes(
        toy.district,
        toy.network,
        toy.scenario,
        (toy.node_community + 1) % 4,
        ids=toy.community_ids,
        names=toy.community_names,
    )
    plans = published_together([toy, moved])
    views = [PlanView(name, plan) for name, plan in zip(("A", "B"), plans, strict=True)]
    path = tmp_path_factory.mktemp("accessible") / "map.html"
    info = PageInfo.of(plans[0], plan_id="0123456789ab")
    path.write_text(render_page(views, info), encoding="utf-8")
    return path


def violations(visit: Visit) -> list[str]:
    """What axe-core finds, one text a place; the page's own policy would keep the checker out."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not there")
    found = axe.Axe().run(visit.page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(browser: Browser, file: Path, state: str, width: int) -> None:
    fragment, act = STATES[state]
    visit = opened(browser, file, width, 844, bypass_csp=True)
    visit.go(fragment)
    if act:
        visit.page.evaluate(act)
    assert violations(visit) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    visit.page.close()


def test_axe_finds_nothing_in_a_search_and_in_print(browser: Browser, file: Path) -> None:
    visit = opened(browser, file, bypass_csp=True)
    visit.page.locator("#search").fill("e")
    assert visit.page.locator("#matches").is_visible()
    assert violations(visit) == []
    visit.page.locator("#search").fill("no such thing")
    assert violations(visit) == []
    visit.page.locator("#search").fill("")
    visit.page.emulate_media(media="print")
    visit.page.evaluate(PRINT)
    assert violations(visit) == []
    visit.page.close()


def test_twice_the_size_needs_no_sideways_scrolling(browser: Browser, file: Path) -> None:
    """At 200 % a window of 1,280 pixels holds 640."""
    visit = opened(browser, file, 640, 425)
    for fragment in ("", "community=C02", "school=E01&lang=es", "colour=need"):
        visit.go(fragment)
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 640
    assert visit.is_clean
    visit.page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_pressed_has_room_for_a_finger(browser: Browser, file: Path, width: int) -> None:
    visit = opened(browser, file, width, 844)
    visit.go("community=C02")
    visit.page.evaluate(UNFOLD)
    small = visit.page.evaluate(
        """() => [...document.querySelectorAll(
            "button, select, summary, .choices label, .layers label, #search, .leaflet-bar a")]
          .filter(e => e.getClientRects().length)
          .map(e => [e.outerHTML.slice(0, 80), e.offsetWidth, e.offsetHeight])
          .filter(([, width, height]) => width < 44 || height < 44)"""
    )
    assert small == []
    visit.page.close()


def test_the_tab_key_reaches_everything_in_the_order_it_is_read(
    browser: Browser, file: Path
) -> None:
    visit = opened(browser, file)
    page, reached = visit.page, []
    visit.go("community=C02")
    read = """() => { const e = document.activeElement;
        return e.id || e.parentElement.dataset.fold || e.dataset.id || e.tagName; }"""
    for _ in range(160):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(read))
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) != "none" or "choices" in page.evaluate(
            "document.activeElement.closest('fieldset')?.className ?? ''"
        )
        if page.evaluate("document.activeElement.closest('footer') !== null"):
            break
    order = ["search", "lang-en", "lang-es", "plan-0", "colour", "map", "card-close"]
    places = [reached.index(one) for one in order]
    assert places == sorted(places)
    for one in ("layer-tiles", "E03", "sort-community", "C04", "promises"):
        assert one in reached
    visit.page.close()


@pytest.mark.parametrize("asked", ["reduce", "no-preference"])
def test_motion_is_calm_for_those_who_ask_for_it(browser: Browser, file: Path, asked: str) -> None:
    page = browser.new_page(reduced_motion=asked)
    page.goto(file.as_uri())
    assert (page.locator(".leaflet-fade-anim").count() == 0) == (asked == "reduce")
    page.close()
