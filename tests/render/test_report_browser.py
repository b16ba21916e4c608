"""The report in a browser: read from a file, narrow and wide, and printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from publication import published

from feeder.errors import Problem
from feeder.language import ENGLISH
from feeder.planning import Assignment
from feeder.render.page.page import PageInfo
from feeder.render.report.report import render_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LONG = "x" * 2_000


@pytest.fixture(scope="module")
def file(toy: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = {**toy.district.schools["name"].to_dict(), "E35": LONG}
    schools = toy.district.schools.assign(name=list(names.values()))
    public = published(replace(toy, district=replace(toy.district, schools=schools)))
    info = PageInfo(run_date="2026-03-01", plan_id="0123456789ab", suppressed=public.suppressed)
    warnings = (Problem(rule="offshore", message=f"{LONG} <img src=x onerror=alert(1)>"),)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(render_report(public, info, warnings, ENGLISH).encode())
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Callable[[int], Page]]:
    """Open the report at a width; it must ask for nothing, complain of nothing, run nothing."""
    told: list[str] = []
    pages: list[Page] = []

    def open_at(width: int) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda message: told.append(message.text))
        page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda one: told.append(one.url) if one.url != file.as_uri() else None)
        page.goto(file.as_uri())
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        page.close()
    assert not told


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(opened: Callable[[int], Page], width: int) -> None:
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_style_is_let_in_and_marks_stand_in_their_band(opened: Callable[[int], Page]) -> None:
    page = opened(1280)
    assert page.evaluate("getComputedStyle(document.querySelector('.kind')).fontWeight") == "600"
    marks = page.locator("#enrollment td.drawing")
    assert marks.count() == 4
    for k in range(4):
        row = marks.nth(k)
        box, mark = row.bounding_box(), row.locator("circle, .out path").first.bounding_box()
        assert box is not None
        assert mark is not None
        assert box["x"] <= mark["x"] + mark["width"] / 2 <= box["x"] + box["width"]
        assert box["y"] <= mark["y"] + mark["height"] / 2 <= box["y"] + box["height"]


def test_bars_start_under_their_grade(opened: Callable[[int], Page]) -> None:
    """A K-5 bar covers six thirteenths of its cell, from the left edge."""
    page = opened(1280)
    row = page.locator(".ladder tbody tr").filter(has_text="K-5").first
    cell, bar = row.locator(".drawing").bounding_box(), row.locator("rect").bounding_box()
    assert cell is not None
    assert bar is not None
    assert bar["width"] == pytest.approx(cell["width"] * 6 / 13, abs=2.5)
    assert bar["x"] == pytest.approx(cell["x"], abs=1.5)


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_it_prints(opened: Callable[[int], Page], paper: str) -> None:
    page = opened(1280)
    page.emulate_media(media="print")
    assert page.evaluate(
        "[...document.querySelectorAll('thead')].every(one => "
        "getComputedStyle(one).display === 'table-header-group')"
    )
    printed = page.pdf(format=paper)
    assert printed.startswith(b"%PDF")
    assert 3 <= printed.count(b"/Type /Page\n") <= 12
