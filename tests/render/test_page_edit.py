"""Editing in the page: what a reader tries is what Python makes of the plan that comes back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from browsing import Visit, opened
from publication import published, published_together
from render.test_page_accessible import UNFOLD, violations
from vectors.cases import DISTRICTS
from vectors.expected import score_used

from feeder.language import words
from feeder.measures.scorecard import Scorecard
from feeder.measures.shape import community_land
from feeder.opening.reading import plan_of, read_plan
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView
from feeder.telling.figures import community_figures, figures, promises
from feeder.terms import TRUE_HEADLINES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

EDITS = 200
INFO = PageInfo(run_date="2026-03-01", plan_id="0123456789ab", suppressed={"below": 10})
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def embedded() -> PublishedPlan:
    """The embedded district with every count told: an edit is known to the last digit."""
    return published(DISTRICTS["embedded"][0](), whole=True)


def page_of(*plans: PublishedPlan, path: Path) -> Path:
    names = ("Plan", "B", "C")
    views = [PlanView(name, plan) for name, plan in zip(names, plans, strict=False)]
    path.write_bytes(render_page(views, INFO).encode())
    return path


@pytest.fixture(scope="module")
def clean(public: PublishedPlan) -> Assignment:
    """The toy as the page draws it."""
    return public.assignment


@pytest.fixture(scope="module")
def file(toy: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = toy.node_community.copy()
    home[:2] = 3
    moved = replace(toy, node_community=home, school_community=home[toy.network.graph.school_node])
    plans = published_together([toy, moved])
    return page_of(*plans, path=tmp_path_factory.mktemp("edit") / "map.html")


@pytest.fixture
def visit(browser: Browser, file: Path) -> Iterator[Visit]:
    visit = opened(browser, file)
    yield visit
    assert visit.is_clean, (visit.errors, visit.dialogs, visit.requests)
    visit.page.close()


def call(visit: Visit, code: str) -> Any:
    return visit.page.evaluate(f"feeder.{code}")


def read_back(text: str, base: Assignment) -> Assignment:
    """Return what ``feeder score`` makes of the page's plan.csv, under the page's names."""
    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    homes = dict(zip(table["school_id"], table["community_id"].str.lstrip("'"), strict=True))
    asked = base.scenario
    plan = plan_of(homes, base.district, base.network, scenario=asked)
    known = {one.id: one for one in base.communities}
    return replace(plan, communities=tuple(known[one] for one in plan.community_ids))


def check(card: dict[str, Any], expected: Scorecard) -> None:
    """Counts agree exactly, other figures to nine digits, promises by their violations."""
    for name, value in expected.plan.items():
        rough = 1e-6 if name == "polsby_popper" else 1e-9
        if value.value is None:
            assert card[name] is None, name
        else:
            assert card[name] == pytest.approx(value.value, rel=rough, abs=1e-12), name
            if isinstance(value.value, int):
                assert card[name] == value.value
    told = [
        (rule["name"], rule["satisfied"], [broken["message"] for broken in rule["violations"]])
        for rule in card["constraints"]
    ]
    assert told == [
        (rule.name, rule.satisfied, [str(broken.message) for broken in rule.violations])
        for rule in expected.constraints
    ]
    assert [row["community_id"] for row in card["communities"]] == list(expected.communities.index)
    for name in ("n_schools", "enrollment", "pieces"):
        assert [row[name] for row in card["communities"]] == expected.communities[name].tolist()


def random_moves(plan: Assignment, count: int) -> list[tuple[str, str]]:
    rng = np.random.default_rng(3)
    schools = rng.choice(np.array(plan.network.graph.school_ids), count).tolist()
    return list(zip(schools, rng.choice(np.array(plan.community_ids), count).tolist(), strict=True))


def test_two_hundred_edits_agree_with_python_and_are_undone(
    browser: Browser, embedded: PublishedPlan, tmp_path: Path
) -> None:
    visit, drawn = (
        opened(browser, page_of(embedded, path=tmp_path / "map.html")),
        embedded.assignment,
    )
    start = call(visit, "planCsv()")
    before = call(visit, "scorecard()")
    taken = 0
    for number, move in enumerate(random_moves(drawn, EDITS), start=1):
        answer = visit.page.evaluate("move => feeder.reassign(...move)", list(move))
        taken += answer["changed"]
        assert answer["changed"] or "already" in answer["reason"] or "locked" in answer["reason"]
        if number % 25 == 0 or number < 4:
            plan = read_back(call(visit, "planCsv()"), drawn)
            expected = score_used(plan)
            check(call(visit, "scorecard()"), expected)
            check_printed(visit, plan, expected)
    assert taken > EDITS / 2
    for _ in range(taken):
        assert call(visit, "undo()")["changed"]
    assert not call(visit, "undo()")["changed"]
    assert call(visit, "planCsv()") == start
    assert call(visit, "scorecard()") == before
    for _ in range(taken):
        assert call(visit, "redo()")["changed"]
    assert call(visit, "reset()")["changed"]
    assert call(visit, "planCsv()") == start
    assert visit.is_clean
    visit.page.close()


def test_an_edited_headline_is_the_true_one_moved_by_what_the_told_counts_say(
    visit: Visit, public: PublishedPlan
) -> None:
    """It is told as about, and the true one comes back with the given plan.

    A headline that an audit wants told as a range is what the told counts make of it throughout.
    """
    given = public.scorecard.plan
    known = [one for one in TRUE_HEADLINES if given[one].value is not None]
    assert {"feeder_continuity", "enrollment_deviation"} <= set(known)
    before = call(visit, "scorecard()")
    shown = visit.page.locator("#figures dd strong")
    texts = shown.all_inner_texts()
    for name in known:
        rough = 1e-9 if given[name].is_range else 0.0
        assert before[name] == pytest.approx(given[name].value, rel=rough, abs=0.0)
    call(visit, "reassign('E00', 'C04')")
    call(visit, "reassign('M01', 'C02')")
    after = call(visit, "scorecard()")
    plan = read_back(call(visit, "planCsv()"), public.assignment)
    middle = [score_used(one).plan for one in (public.assignment, plan)]
    for name in known:
        change = middle[1][name].value - middle[0][name].value
        assert after[name] == pytest.approx(max(0.0, before[name] + change), abs=1e-9), name
    assert after["enrollment_deviation"] != before["enrollment_deviation"]
    changed = [text for text in shown.all_inner_texts() if text not in texts]
    assert changed
    assert any("about" in text for text in changed)
    call(visit, "reset()")
    assert call(visit, "scorecard()") == before
    assert shown.all_inner_texts() == texts


def check_printed(visit: Visit, plan: Assignment, expected: Scorecard) -> None:
    """Every figure on top, every promise and every row of the table, to the last digit."""
    said = words("en")
    wanted = [one["text"] for one in figures(plan, expected, said) if one["main"]]
    shown = visit.page.locator("#figures dd strong").all_inner_texts()
    assert shown == wanted
    broken = [text for one in promises(expected, said) for text in one["violations"]]
    unseen = visit.page.locator("#promises li li").all_text_contents()
    assert unseen == broken
    columns = community_figures(plan, expected, said)
    rows = visit.page.locator("#communities tbody tr").all_text_contents()
    for k, row in enumerate(rows):
        for name in ("enrollment", "deviation", "feeder_continuity", "k12_continuity"):
            assert str(columns[name][k]) in row


def test_the_table_that_comes_back_is_one_that_feeder_reads(
    visit: Visit, clean: Assignment, tmp_path: Path
) -> None:
    assert call(visit, "reassign('E00', 'C04')") == {"changed": True, "reason": None}
    with visit.page.expect_download() as saved:
        visit.page.locator("#edit-save_csv").click()
    name = saved.value.suggested_filename
    assert name.endswith(".csv")
    assert not set(name) & set('<>{}/\\:"')
    path = tmp_path / "plan.csv"
    saved.value.save_as(path)
    assert path.read_text(encoding="utf-8-sig") == call(visit, "planCsv()")
    read = read_plan(path, clean.district, clean.network)
    school = clean.network.graph.school_ids.index("E00")
    assert read.community_ids[read.school_community[school]] == "C04"
    others = np.arange(len(clean.school_community)) != school
    same = clean.network.graph.school_node[school] != clean.network.graph.school_node
    expected = np.array(clean.community_ids)[clean.school_community]
    found = np.array(read.community_ids)[read.school_community]
    assert (found == expected)[others & same].all()


def test_the_shapes_that_come_back_cover_the_communities(visit: Visit, clean: Assignment) -> None:
    with visit.page.expect_download() as saved:
        visit.page.locator("#edit-save_geojson").click()
    layer = gpd.read_file(saved.value.path())
    assert layer["community_id"].tolist() == list(clean.community_ids)
    assert layer["name"].tolist() == list(clean.community_names)
    assert layer.geometry.is_valid.all()
    outer = shapely.get_exterior_ring(shapely.get_parts(layer.geometry.to_numpy()))
    assert shapely.is_ccw(outer).all()
    tiles = clean.network.tiles
    land = community_land(
        tiles.geometry.to_numpy(), clean.node_community[tiles["node"]], clean.n_communities
    )
    areas = layer.to_crs(clean.network.crs).area.to_numpy()
    np.testing.assert_allclose(areas, shapely.area(land), rtol=0.01)


def test_an_edit_goes_to_another_reader_by_code_and_by_link(
    browser: Browser, visit: Visit, file: Path
) -> None:
    for school, community in (("E00", "C04"), ("M01", "C02"), ("E07", "C01")):
        call(visit, f"reassign('{school}', '{community}')")
    plan = call(visit, "planCsv()")
    code = visit.page.locator("#edit-code").input_value()
    visit.page.wait_for_timeout(400)
    assert f"edit={code}" in visit.page.url

    pasted = opened(browser, file)
    pasted.page.evaluate(UNFOLD)
    pasted.page.locator("#edit-paste").fill(f"Hello, see {code} \nBye")
    pasted.page.locator("#edits form button").click()
    assert call(pasted, "planCsv()") == plan
    assert call(pasted, "undo()")["changed"]
    assert call(pasted, "planCsv()") != plan

    linked = opened(browser, file)
    linked.go(f"edit={code}")
    assert call(linked, "planCsv()") == plan
    linked.go("plan=B")
    assert call(linked, "planCsv()") != plan
    linked.go(f"plan=B&edit={code}")
    assert "Plan" in linked.page.locator("#edit-answer").inner_text()
    linked.go(f"edit={code[:-1]}")
    assert "damaged" in linked.page.locator("#edit-answer").text_content()
    for one in (pasted, linked):
        assert one.is_clean
        one.page.close()


def test_what_cannot_be_moved_says_so_and_changes_nothing(visit: Visit) -> None:
    plan = call(visit, "planCsv()")
    for arguments, words_of_it in (
        ("'no such school', 'C01'", "no such school"),
        ("'E00', 'no such place'", "no such place"),
        ("'E00'", "undefined"),
    ):
        answer = call(visit, f"reassign({arguments})")
        assert answer["changed"] is False
        assert words_of_it in answer["reason"]
    assert call(visit, "undo()")["changed"] is False
    assert call(visit, "redo()")["changed"] is False
    assert call(visit, "reset()")["changed"] is False
    assert call(visit, "planCsv()") == plan


def test_locked_schools_stay(browser: Browser, toy: Assignment, tmp_path: Path) -> None:
    home = toy.community_ids[toy.school_community[0]]
    school = toy.network.graph.school_ids[0]
    plan = replace(toy, scenario=replace(toy.scenario, locked={school: home}))
    visit = opened(browser, page_of(published(plan), path=tmp_path / "map.html"))
    other = next(one for one in toy.community_ids if one != home)
    answer = call(visit, f"reassign('{school}', '{other}')")
    assert not answer["changed"]
    assert "locked" in answer["reason"]
    visit.go(f"school={school}")
    assert "locked" in visit.text("#card")
    assert visit.page.locator("#card .choice").count() == 0
    assert visit.is_clean
    visit.page.close()


def test_a_school_is_given_by_hand_and_everything_follows(visit: Visit) -> None:
    page = visit.page
    visit.go("school=E03")
    before = {name: visit.text(name) for name in ("#figures", "#communities")}
    border = page.locator("path.border").get_attribute("d")
    first = page.locator("#card .choice").first
    goal = first.locator("bdi").inner_text()
    told = page.locator("#card .choices-list > li").first.locator("small")
    told.first.wait_for()
    assert "next school is in their community" in told.first.inner_text()
    first.press("Enter")
    assert goal in page.locator("#card .home").inner_text()
    assert visit.text("#communities") != before["#communities"]
    assert page.locator("path.border").get_attribute("d") != border
    assert page.locator("#live").inner_text()
    assert "edited" in visit.text("#plans")
    assert "1 school is elsewhere" in visit.text("#edits")
    assert "moves from" in visit.text("#edits .changes")
    page.keyboard.press("Control+z")
    assert page.locator("path.border").get_attribute("d") == border
    assert {name: visit.text(name) for name in before} == before
    page.keyboard.press("Control+Shift+z")
    assert page.locator("path.border").get_attribute("d") != border
    page.locator("#edit-undo").focus()
    page.keyboard.press("Enter")
    assert visit.has_focus("#edit-undo")
    assert page.locator("#edit-undo").get_attribute("aria-disabled") == "true"


def test_a_community_elsewhere_is_refused_unless_the_reader_insists(visit: Visit) -> None:
    page = visit.page
    visit.go("school=E00")
    plan = call(visit, "planCsv()")
    around = page.locator("path.broken-border").get_attribute("d")
    page.locator("#card summary").last.click()
    page.locator("#card details .choice").first.click()
    assert "no neighbor" in page.locator("#card .refused").inner_text()
    assert call(visit, "planCsv()") == plan
    page.locator("#card .insist").click()
    assert call(visit, "planCsv()") != plan
    assert "lies in" in visit.text("#promises")
    assert page.locator("path.broken-border").get_attribute("d") not in {around, ""}
    assert page.locator("#map .label", has_text="\u26a0").count() >= 1
    call(visit, "undo()")
    assert page.locator("path.broken-border").get_attribute("d") == around


def test_a_community_that_loses_all_its_schools_is_gone_and_comes_back(visit: Visit) -> None:
    csv = pd.read_csv(io.StringIO(call(visit, "planCsv()")), dtype=str)
    for school in csv.loc[csv["community_id"] == "C02", "school_id"]:
        call(visit, f"reassign('{school}', 'C01')")
    card = call(visit, "scorecard()")
    assert [row["community_id"] for row in card["communities"]] == ["C01", "C03", "C04"]
    assert visit.page.locator("#communities tbody tr").count() == 3
    assert call(visit, "reassign('E03', 'C02')")["changed"]
    assert visit.page.locator("#communities tbody tr").count() == 4


def test_names_stay_text_wherever_an_edit_shows_them(
    visit: Visit, hostile_names: tuple[str, ...]
) -> None:
    schools = json.loads(visit.page.locator("#data").text_content())["facts"]["schools"]
    by_name = dict(zip(schools["name"], schools["id"], strict=True))
    for name in hostile_names:
        visit.go(f"school={by_name[name]}")
        for community in ("C01", "C03"):
            call(visit, f"reassign('{by_name[name]}', '{community}')")
    visit.page.evaluate(UNFOLD)
    told = visit.page.locator("#edits").text_content()
    moved = [name for name in hostile_names if name in told]
    assert len(moved) >= len(hostile_names) - 3
    assert visit.page.evaluate("document.querySelectorAll('#edits img, #edits script').length") == 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("tag", ["en", "es"])
def test_axe_finds_nothing_in_any_state_of_an_edit(
    browser: Browser, file: Path, width: int, tag: str
) -> None:
    visit = opened(browser, file, width, 844, bypass_csp=True)
    visit.go(f"school=E00&lang={tag}")
    visit.page.evaluate(UNFOLD)
    assert violations(visit) == []
    visit.page.locator("#card details .choice").first.click()
    assert violations(visit) == []
    visit.page.locator("#card .insist").click()
    visit.page.evaluate(UNFOLD)
    assert violations(visit) == []
    visit.page.locator("#edit-paste").fill("nothing")
    visit.page.locator("#edits form button").click()
    assert visit.page.locator("#edit-answer").inner_text()
    assert violations(visit) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    visit.page.close()


def test_undone_edits_bring_back_what_only_the_whole_data_know(
    browser: Browser, public: PublishedPlan, tmp_path: Path
) -> None:
    card = public.scorecard
    kept = replace(
        card, constraints=tuple(replace(c, satisfied=True, violations=()) for c in card.constraints)
    )
    visit = opened(browser, page_of(replace(public, scorecard=kept), path=tmp_path / "map.html"))
    before = visit.text("#promises")
    call(visit, "reassign('E00', 'C04')")
    assert visit.text("#promises") != before
    call(visit, "undo()")
    assert visit.text("#promises") == before
    assert visit.is_clean
    visit.page.close()


def test_a_page_opens_at_an_edit_in_any_language_and_survives_a_bad_code(
    browser: Browser, embedded: PublishedPlan, tmp_path: Path
) -> None:
    """A page with today's plan, whose name has to be said before the code is read."""
    path, drawn = tmp_path / "map.html", embedded.assignment
    views = [PlanView("Plan", embedded), PlanView("Today", embedded, today=True)]
    path.write_bytes(render_page(views, INFO).encode())
    first = opened(browser, path)
    school = drawn.network.graph.school_ids[0]
    goal = drawn.community_ids[int(drawn.school_community[0]) - 1]
    call(first, f"reassign('{school}', '{goal}')")
    plan, code = call(first, "planCsv()"), first.page.locator("#edit-code").input_value()
    first.page.close()
    for fragment, expected in (
        (f"#edit={code}", plan),
        (f"#edit={code}&lang=es", plan),
        ("#edit=F1-xx", None),
    ):
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
        page.goto(path.as_uri() + fragment)
        found = page.evaluate("feeder.planCsv()")
        assert (found == plan) == (expected is not None)
        assert errors == []
        page.close()


def test_going_back_neither_loses_nor_brings_back_an_edit(visit: Visit) -> None:
    visit.go("school=E00")
    call(visit, "reassign('E00', 'C04')")
    visit.page.wait_for_timeout(400)
    visit.page.locator("#communities a").first.click()
    call(visit, "reassign('E07', 'C01')")
    plan = call(visit, "planCsv()")
    visit.page.go_back()
    assert call(visit, "planCsv()") == plan
    call(visit, "reset()")
    start = call(visit, "planCsv()")
    visit.page.go_forward()
    visit.page.go_back()
    assert call(visit, "planCsv()") == start


def test_the_focus_stays_where_a_reader_works(visit: Visit) -> None:
    visit.go("school=E03")
    visit.page.locator("#card .choice").first.press("Enter")
    assert visit.has_focus("#card-title")
    code = visit.page.locator("#edit-code").input_value()
    call(visit, "reset()")
    visit.page.evaluate(UNFOLD)
    visit.page.locator("#edit-paste").fill(code)
    visit.page.locator("#edit-paste").press("Enter")
    assert visit.page.locator("#edits [data-fold='code']").evaluate("e => e.open")
    assert visit.has_focus("#edit-paste")
