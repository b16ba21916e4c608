"""The page in a browser: opened from a file, without a network, with names that would do harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from browsing import Visit, opened
from publication import published, published_together

from feeder.district.model import Background
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LONG = "x" * 5_000


@pytest.fixture(scope="module")
def file(toy: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = toy.district.schools["name"].to_dict()
    names["E35"] = LONG
    schools = toy.district.schools.assign(name=list(names.values()))
    public = published(replace(toy, district=replace(toy.district, schools=schools)))
    info = PageInfo(run_date="2026-03-01", plan_id="0123456789ab", suppressed=public.suppressed)
    path = tmp_path_factory.mktemp("page") / "map.html"
    path.write_bytes(render_page([PlanView("Plan", public)], info).encode())
    return path


@pytest.fixture
def visit(browser: Browser, file: Path) -> Iterator[Visit]:
    visit = opened(browser, file)
    yield visit
    assert visit.is_clean, (visit.errors, visit.dialogs, visit.requests)
    visit.page.close()


def lines(page: Page, kind: str) -> int:
    """Lines of a kind; all of one look are one path."""
    paths = page.locator(f"#map path.{kind}:not(.lit)").evaluate_all(
        "paths => paths.map((path) => path.getAttribute('d'))"
    )
    return sum(path.count("M") for path in paths)


def test_everything_is_drawn_as_svg(visit: Visit, public: PublishedPlan) -> None:
    page = visit.page
    assert page.locator("#map path.tile").count() == 36
    assert page.locator("#map path.school").count() == 60
    assert lines(page, "flow") == len(public.assignment.network.flows)
    assert page.locator("#map path.border").count() == 1
    assert page.locator("#map .label").count() == 4
    assert page.locator("#communities tbody tr").count() == 4
    assert page.locator("canvas").count() == 0
    assert page.evaluate("document.documentElement.lang") == "en"


def test_borders_are_those_between_communities(visit: Visit) -> None:
    path = visit.page.locator("path.border").get_attribute("d")
    # 24 borders around the grid, 12 between the quadrants and one round the island.
    assert 3 <= path.count("M") <= 37
    points = path.count("L")
    assert points < 36 * 3


def test_each_level_has_its_shape_and_sources_their_lines(visit: Visit) -> None:
    page = visit.page
    corners = {
        level: page.locator(f"#map path.school.{level}").first.get_attribute("d").count("L")
        for level in ("middle", "high", "span")
    }
    assert corners == {"middle": 3, "high": 3, "span": 5}
    assert "a" in page.locator("#map path.school.elementary").first.get_attribute("d")
    dash = "element => getComputedStyle(element).strokeDasharray"
    assert page.locator("#map path.flow.estimated").first.evaluate(dash) != "none"
    assert page.locator("#map path.flow.observed").first.evaluate(dash) == "none"
    inside = page.locator("#map path.flow.inside").first.get_attribute("d")
    crossing = page.locator("#map path.flow.crossing").first.get_attribute("d")
    assert inside.count("L") == inside.count("M") >= 1
    assert "Q" not in inside
    assert "Q" in crossing


def test_layers_are_switched(visit: Visit) -> None:
    page = visit.page
    for layer, selector in {
        "elementary": "path.school.elementary",
        "inside": "path.flow.inside",
        "crossing": "path.flow.crossing",
        "names": ".label",
    }.items():
        mark = page.locator(f"#map {selector}").first
        shown = "element => getComputedStyle(element).display !== 'none'"
        assert mark.evaluate(shown)
        page.locator(f"#layer-{layer}").uncheck()
        assert not mark.evaluate(shown)
        page.locator(f"#layer-{layer}").check()
        assert mark.evaluate(shown)


def test_search_finds_by_keyboard(visit: Visit) -> None:
    page = visit.page
    page.locator("#search").fill("MIDDLE 1")
    options = page.locator("#matches [role=option]")
    assert options.count() >= 2
    page.keyboard.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    chosen = options.nth(1).locator("bdi").inner_text()
    page.keyboard.press("Enter")
    page.locator("#card h2").wait_for()
    assert visit.text("#card h2") == chosen
    assert page.locator("path.school.chosen").count() == 1
    page.keyboard.press("Escape")
    page.locator("#card").wait_for(state="hidden")


def test_search_says_when_nothing_is_found(visit: Visit) -> None:
    visit.page.locator("#search").fill("no such school")
    assert visit.text("#matches") == "Nothing found"


def test_a_school_tells_its_flows_in_words(visit: Visit, public: PublishedPlan) -> None:
    plan, told = public.assignment, public.worlds.told
    flows = plan.network.flows[~told.flows.is_open["students"].to_numpy()]
    for source, words in (("zoned", "by attendance areas"), ("estimated", "of the leavers")):
        flow = flows[flows["source"] == source].iloc[0]
        visit.go(f"school={flow['from_id']}")
        text = visit.text("#card")
        assert "Sends students to" in text
        assert words in text
        receiver = plan.district.schools.loc[flow["to_id"], "name"]
        assert receiver in text
        if source == "zoned":
            assert f"{round(flow['students'])} students a year" in text
        else:
            assert "about 85%" in text
            assert f"{flow['students']:.0f} students" not in text


def test_a_small_enrollment_is_told_as_few(visit: Visit, toy: Assignment) -> None:
    assert toy.district.schools.loc["M14", "enrollment"] == 7
    visit.go("school=M14")
    told = visit.page.locator("#card p").first.inner_text()
    assert told.endswith("fewer than 10 students")
    assert not re.search(r"\b[0-9]\b(?! students)", told.replace("6-8", ""))


def test_small_flows_are_told_as_a_range(visit: Visit, public: PublishedPlan) -> None:
    """Neither the true number nor the middle, by which lines are drawn, stands in the card."""
    plan, told = public.assignment, public.worlds.told
    is_open = told.flows.is_open["students"].to_numpy()
    few = plan.network.flows[is_open & (plan.network.flows["source"] == "observed").to_numpy()]
    assert len(few)
    for flow in few.head(3).itertuples():
        visit.go(f"school={flow.from_id}")
        low, high = round(flow.students_low), round(flow.students_high)
        assert f"{low} to {high} students a year" in visit.text("#card")


def test_a_row_of_the_table_zooms_to_its_community(visit: Visit) -> None:
    page = visit.page
    tile = page.locator("#map path.tile").first
    width = tile.bounding_box()["width"]
    page.locator("#communities tbody tr").nth(2).locator("a").click()
    page.locator("#card h2").wait_for()
    assert visit.text("#card h2").endswith("South")
    assert page.locator("tr.chosen").count() == 1
    assert page.locator("path.tile.lit").count() == 9
    assert tile.bounding_box()["width"] > 1.1 * width
    page.locator("button[aria-label='Whole district']").click()
    page.locator("#card").wait_for(state="hidden")
    assert tile.bounding_box()["width"] == pytest.approx(width)


def test_a_click_on_the_map_selects(visit: Visit) -> None:
    page = visit.page
    box = page.locator("#map path.school.span").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator("#card h2").wait_for()
    assert "School of several levels" in visit.text("#card")


def test_hostile_names_are_shown_as_typed(
    visit: Visit, toy: Assignment, hostile_names: tuple[str, ...]
) -> None:
    page = visit.page
    schools = toy.district.schools
    for name in hostile_names:
        school = schools.index[schools["name"] == name][0]
        visit.go(f"school={school}")
        assert page.locator("#card h2 bdi").evaluate("e => e.textContent") == name
        page.locator("#search").fill(name[:12])
        found = page.locator("#matches bdi").evaluate_all("all => all.map(e => e.textContent)")
        assert name in found
        page.keyboard.press("Escape")
        mark = page.locator("path.school.chosen")
        mark.hover(force=True)
    labels = page.locator(".label bdi").evaluate_all("all => all.map(e => e.textContent)")
    assert sorted(labels) == sorted(toy.community_names)
    assert visit.text("h1") == toy.district.name
    assert page.locator("img").count() == 0


def test_an_endless_name_does_not_break_the_page(visit: Visit) -> None:
    page = visit.page
    visit.go("school=E35")
    assert page.locator("#card h2 bdi").evaluate("e => e.textContent") == LONG
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_an_unknown_fragment_selects_nothing(visit: Visit) -> None:
    for fragment in ("school=nobody", "community=%E0%A4%A", "what=ever"):
        visit.go(fragment)
        assert visit.page.locator("#card").is_hidden()


def test_the_policy_stops_what_is_not_the_pages_own(browser: Browser, file: Path) -> None:
    visit = opened(browser, file)
    visit.page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
          const box = document.createElement("div");
          box.innerHTML = "<img src=x onerror='window.ran = true'>";
          document.body.append(box);
        }"""
    )
    visit.page.wait_for_timeout(100)
    assert visit.page.evaluate("window.ran === undefined")
    assert len(visit.errors) >= 2
    visit.page.close()


def test_a_phone_needs_no_sideways_scrolling(browser: Browser, file: Path) -> None:
    visit = opened(browser, file, 390, 800)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    assert not visit.page.locator("#key").evaluate("element => element.open")
    map_box = visit.page.locator("#map").bounding_box()
    table_box = visit.page.locator("#communities").bounding_box()
    assert table_box["y"] > map_box["y"] + map_box["height"]
    assert visit.is_clean
    visit.page.close()


def test_it_prints(browser: Browser, file: Path) -> None:
    visit = opened(browser, file)
    made = visit.page.pdf()
    assert made.startswith(b"%PDF")
    assert visit.is_clean
    visit.page.close()


@pytest.mark.parametrize("name", ["fairfax_va", "lausd"])
def test_real_districts_are_light_and_clean(
    browser: Browser,
    district_folder: Callable[[str], Path],
    scattered: Callable[[Path], Assignment],
    tmp_path: Path,
    name: str,
) -> None:
    public = published(scattered(district_folder(name)))
    file = tmp_path / "map.html"
    file.write_bytes(render_page([PlanView("Plan", public)], PageInfo.of(public)).encode())
    assert file.stat().st_size < 1_000_000
    visit = opened(browser, file)
    assert visit.page.locator("path.school").count() >= len(
        public.assignment.network.graph.school_ids
    )
    assert visit.is_clean, (visit.errors, visit.requests)
    visit.page.close()


@pytest.fixture(scope="module")
def several(toy: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three plans: the toy, one with a school moved, and one where a community is another."""
    plans = published_together([toy, _with_moved(toy), _without(_with_another(toy), "E00")])
    views = [
        PlanView(name, replace(plan, plan_id=f"id of {name[0]}"), today=name == "Today")
        for name, plan in zip(("Today", NAMED, "C & D"), plans, strict=True)
    ]
    path = tmp_path_factory.mktemp("plans") / "map.html"
    info = PageInfo(run_date="2026-03-01", plan_id="", suppressed=plans[0].suppressed)
    path.write_bytes(render_page(views, info).encode())
    return path


NAMED = "<b>B</b> {{7*7}}"
OF_B = "plan=%3Cb%3EB%3C%2Fb%3E%20%7B%7B7*7%7D%7D"


def _with_moved(toy: Assignment) -> Assignment:
    """E00, alone on its campus with a tile, goes from C01 to C02."""
    node = toy.node_community.copy()
    node[toy.network.graph.node_ids.index("E00")] = 1
    school = node[toy.network.graph.school_node]
    return replace(toy, node_community=node, school_community=school)


def _with_another(toy: Assignment) -> Assignment:
    far = replace(toy.communities[3], id="C05", name="Far West")
    return replace(toy, communities=(*toy.communities[:3], far))


def _without(plan: Assignment, school: str) -> Assignment:
    home = plan.school_community.copy()
    home[plan.network.graph.school_ids.index(school)] = -1
    return replace(plan, school_community=home)


@pytest.fixture
def switching(browser: Browser, several: Path) -> Iterator[Visit]:
    visit = opened(browser, several)
    yield visit
    assert visit.is_clean, (visit.errors, visit.dialogs, visit.requests)
    visit.page.close()


def fills(visit: Visit) -> list[str]:
    return visit.page.locator("#map path.tile").evaluate_all(
        "all => all.map(e => e.getAttribute('fill'))"
    )


def on_show(visit: Visit) -> int:
    checked = "all => all.findIndex(e => e.checked)"
    return int(visit.page.locator("#plans input").evaluate_all(checked))


def test_a_page_of_one_plan_switches_nothing(visit: Visit) -> None:
    for part in ("#plans", "#changes", "#layer-changes", "#map .ring"):
        assert visit.page.locator(part).count() == 0


def test_a_click_switches_the_plan_and_keeps_view_and_school(switching: Visit) -> None:
    page = switching.page
    switching.go("school=E00")
    tile = page.locator("#map path.tile").first
    before, box = fills(switching), tile.bounding_box()
    borders = page.locator("path.border").get_attribute("d")
    crossing = lines(page, "flow.crossing")
    schools = int(switching.text("#communities tbody td"))
    page.locator("#plans label").nth(1).click()
    page.wait_for_function("fragment => location.hash.includes(fragment)", arg="plan=")
    assert switching.page.url.endswith(f"#{OF_B}&school=E00")
    assert on_show(switching) == 1
    assert tile.bounding_box() == box
    after = fills(switching)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert after[0] == before[3]
    assert page.locator("path.border").get_attribute("d") != borders
    assert lines(page, "flow.crossing") > crossing
    assert page.locator("path.school.chosen").count() == 1
    card = switching.text("#card")
    assert "<i>East</i> Community" in card
    assert "Today: 1 North {{7*7}} Community" in card
    assert int(switching.text("#communities tbody td")) == schools - 1


def test_what_differs_is_ringed_counted_and_told(
    switching: Visit, toy: Assignment, public: PublishedPlan
) -> None:
    page = switching.page
    assert page.locator("#map .ring").count() == 0
    assert page.locator("#changes").is_hidden()
    assert switching.text("#differ") == "The other plans are compared with this one."
    switching.go(OF_B)
    assert page.locator("#map .ring.elementary").count() == 1
    of = len(toy.network.graph.school_ids)
    assert switching.text("#differ") == f"1 of {of} schools differs from Today."
    name = toy.district.schools.loc["E00", "name"]
    flows = public.assignment.network.flows.set_index("from_id").loc[["E00"]]
    assert (flows["students_low"] < flows["students_high"]).any()
    assert switching.text("#changes li") == (
        f"{name} moves from North {{{{7*7}}}} Community to <i>East</i> Community: about 0% of its "
        "leavers stay with their classmates instead of about 100%."
    )
    page.locator("#layer-changes").uncheck()
    assert page.locator("#map .ring").is_hidden()
    switching.go("plan=C%20%26%20D")
    # Communities that are renamed change no school, and one in no community is in no count.
    assert switching.text("#differ") == "No school differs from Today."
    assert page.locator("#changes").is_hidden()


def test_keys_switch_the_plan(switching: Visit) -> None:
    page = switching.page
    page.locator("#plans input").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("fragment => location.hash === fragment", arg=f"#{OF_B}")
    assert on_show(switching) == 1
    assert page.evaluate("document.activeElement.name") == "plan"
    assert set(switching.texts(".plan-id")) == {"id of <"}


def test_the_back_button_goes_back_to_the_plan_before(switching: Visit) -> None:
    page = switching.page
    first = fills(switching)
    switching.go(OF_B)
    second = fills(switching)
    switching.go("plan=C%20%26%20D&community=C05")
    assert switching.text("#card h2").endswith("Far West")
    page.go_back()
    page.wait_for_function("fragment => location.hash === fragment", arg=f"#{OF_B}")
    assert (on_show(switching), fills(switching)) == (1, second)
    assert page.locator("#card").is_hidden()
    page.go_back()
    page.wait_for_function("() => location.hash === ''")
    assert (on_show(switching), fills(switching)) == (0, first)


def test_matched_communities_keep_colour_number_and_name(switching: Visit) -> None:
    read = """rows => rows.map(row => [row.querySelector(".badge").style.backgroundColor,
                                       row.querySelector("th a").innerText])"""
    rows = switching.page.locator("#communities tbody tr")
    today = rows.evaluate_all(read)
    switching.go(OF_B)
    assert rows.evaluate_all(read) == today
    switching.go("plan=C%20%26%20D")
    assert rows.evaluate_all(read)[:3] == today[:3]
    assert rows.evaluate_all(read)[3][1] == "Far West"


def test_a_community_that_a_plan_lacks_is_let_go(switching: Visit) -> None:
    page = switching.page
    switching.go("community=C04")
    page.locator("#plans label").nth(2).click()
    page.wait_for_function("() => location.hash === '#plan=C%20%26%20D'")
    assert page.locator("#card").is_hidden()
    switching.go("community=C02")
    page.locator("#plans label").nth(2).click()
    page.wait_for_function("() => location.hash.endsWith('&community=C02')")
    assert page.locator("#card h2").is_visible()


def test_links_and_search_stay_in_the_plan(switching: Visit) -> None:
    page = switching.page
    switching.go("plan=C%20%26%20D")
    page.locator("#search").fill("Far W")
    page.keyboard.press("Enter")
    page.locator("#card h2").wait_for()
    assert page.url.endswith("#plan=C%20%26%20D&community=C05")
    page.locator("#card li a").first.click()
    page.wait_for_function("() => location.hash.includes('&school=')")
    assert on_show(switching) == 2
    page.keyboard.press("Escape")
    page.wait_for_function("() => location.hash === '#plan=C%20%26%20D'")


def test_what_is_unfolded_stays_so(switching: Visit) -> None:
    page = switching.page
    page.locator("#promises summary").first.click()
    page.locator("#measures summary").click()
    switching.go(OF_B)
    assert page.locator("#promises details").first.evaluate("e => e.open")
    assert page.locator("#measures dd").count() > 2
    assert switching.text("#measures summary") == "All measures"


def test_the_switch_has_room_for_a_finger(browser: Browser, several: Path) -> None:
    visit = opened(browser, several, 390, 800)
    for label in visit.page.locator("#plans label").all():
        box = label.bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 44
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    assert visit.is_clean
    visit.page.close()


def test_many_plans_are_a_menu(browser: Browser, toy: Assignment, tmp_path: Path) -> None:
    one, other = published_together([toy, _with_moved(toy)])
    views = [PlanView(f"Plan {k}", plan) for k, plan in enumerate([one] * 4 + [other])]
    file = tmp_path / "map.html"
    file.write_bytes(render_page(views, PageInfo(run_date="2026-03-01", plan_id="")).encode())
    visit = opened(browser, file)
    assert visit.page.locator("#plans input").count() == 0
    visit.page.get_by_label("Plan", exact=True).select_option("Plan 3")
    assert visit.text("#differ") == "No school differs from Plan 0."
    visit.page.get_by_label("Plan", exact=True).select_option("Plan 4")
    of = len(toy.network.graph.school_ids)
    assert visit.text("#differ") == f"1 of {of} schools differs from Plan 0."
    assert visit.is_clean
    visit.page.close()


def test_swing_schools_have_rings_and_every_school_its_certainty(
    browser: Browser, toy: Assignment, public: PublishedPlan, tmp_path: Path
) -> None:
    certainty = np.linspace(0.3, 1.0, len(toy.network.graph.school_ids))
    certainty[-1] = np.nan
    path = tmp_path / "consensus.html"
    view = PlanView("Consensus", public, certainty=certainty)
    path.write_text(render_page([view], PageInfo(run_date="2026-03-01", plan_id="")), "utf-8")
    visit = opened(browser, path)
    percent = np.floor(np.round(100 * certainty[:-1], 6))
    assert visit.page.locator("path.ring").count() == (percent < 50).sum()
    assert "Swing schools" in visit.text("#key")
    first, last = toy.network.graph.school_ids[0], toy.network.graph.school_ids[-1]
    visit.go(f"school={first}")
    assert "30% of the good plans that were drawn put it here" in visit.text("#card")
    visit.go(f"school={last}")
    assert "good plans" not in visit.text("#card")
    visit.page.locator("#layer-changes").uncheck()
    assert not visit.page.locator("path.ring").first.is_visible()
    assert visit.is_clean
    visit.page.context.close()


BACKGROUND = Background("https://tiles.invalid/{z}/{x}/{y}.png", "Map (c) Example {{7*7}}")


def test_a_background_is_asked_for_only_when_turned_on_and_goes_away_without_a_network(
    browser: Browser, toy: Assignment, tmp_path: Path
) -> None:
    district = replace(toy.district, background=BACKGROUND)
    path = tmp_path / "map.html"
    view = PlanView("Plan", published(replace(toy, district=district)))
    path.write_bytes(render_page([view], PageInfo(run_date="2026-03-01", plan_id="0")).encode())
    visit = opened(browser, path)
    page = visit.page
    assert set(visit.requests) == {visit.url}
    assert "tiles.invalid" in visit.text("footer")
    page.locator("#layer-backdrop").click()
    page.locator("#map .credit", has_text="cannot be reached").wait_for()
    assert not page.locator("#layer-backdrop").is_checked()
    assert page.locator("#map img").count() == 0
    assert {url.split("/")[2] for url in visit.requests if url != visit.url} == {"tiles.invalid"}
    page.close()


def test_a_page_without_background_offers_none(visit: Visit) -> None:
    assert visit.page.locator("#layer-backdrop").count() == 0
    assert "img-src" not in visit.page.content()


def test_without_a_script_the_page_says_what_it_can(
    browser: Browser, file: Path, toy: Assignment, hostile_names: tuple[str, ...]
) -> None:
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(file.as_uri())
    assert page.locator("#static svg.static-map").is_visible()
    assert page.locator("#static table tbody tr").count() == toy.n_communities
    shown = page.locator("#static").text_content() or ""
    assert all(name in shown for name in hostile_names)
    for hidden in ("#map", "#search", "#languages", "#figures"):
        assert page.locator(hidden).is_hidden()
    assert page.locator("footer").is_visible()
    assert "0123456789ab" in page.locator("header").inner_text()
    page.close()


def test_where_the_script_runs_the_static_part_is_gone(visit: Visit) -> None:
    assert visit.page.locator("#static").count() == 0
    assert visit.page.locator("#map").is_visible()


def test_where_the_script_fails_the_static_part_comes_back(
    browser: Browser, file: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.html"
    text = file.read_text(encoding="utf-8")
    broken.write_text(re.sub(r'(id="data">).*?(</script>)', r"\1{\2", text, flags=re.DOTALL))
    page = browser.new_page()
    page.goto(broken.as_uri())
    page.locator("#static table").wait_for()
    assert page.locator("#map").is_hidden()
    page.close()
