"""What the page says where no script runs."""

import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from feeder.language import languages, words
from feeder.publishing.published import PublishedPlan
from feeder.render.page.static_map import static_svg
from feeder.render.page.static_page import StaticPage, static_html, static_page


def made(public: PublishedPlan, tag: str) -> StaticPage:
    plan = public.assignment
    return static_page(plan, public.scorecard, words(tag))


@pytest.mark.parametrize("tag", languages())
def test_every_community_and_school_stands_in_the_page(public: PublishedPlan, tag: str) -> None:
    page, plan = made(public, tag), public.assignment
    html = static_html(page, words(tag))
    assert [row.name for row in page.communities] == list(plan.community_names)
    assert sum(len(group.schools) for group in page.schools) == len(plan.school_community)
    text = unescape(str(html))
    assert all(name in text for name in plan.district.schools["name"])
    assert text.count("(K-5)") == sum(plan.district.schools["grade_high"] == 5)
    assert words(tag)("static.why") in html


def test_text_is_inert_and_nothing_is_styled_by_attribute(public: PublishedPlan) -> None:
    html = static_html(made(public, "en"), words("en"))
    assert "style=" not in html
    assert "<script" not in html
    assert "<img" not in html
    assert "<i>East" not in html
    assert "{{7*7}}" in html
    assert "&lt;/script&gt;" in html


def test_the_drawing_is_well_formed_and_in_whole_numbers(public: PublishedPlan) -> None:
    plan = public.assignment
    svg = static_svg(plan, words("en"), width=320)
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    assert root.get("width") == "320"
    areas = {one.get("fill") for one in root if one.get("fill")}
    assert areas == {one.color for one in plan.communities}
    assert not re.search(r"\d\.\d{2}", svg)
