"""What the page says where no script runs."""

import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from feeder.language import languages, words
<<<<<<< HEAD
from feeder.publishing.published import PublishedPlan
from feeder.render.colours import community_colours
=======
from feeder.measures.score import score
from feeder.publishing.redact import redacted
>>>>>>> identity
from feeder.render.page.static_map import static_svg
from feeder.render.page.static_page import StaticPage, static_html, static_page


def made(public: PublishedPlan, tag: str) -> StaticPage:
    plan = public.assignment
    return static_page(plan, public.scorecard, community_colours(plan), words(tag))


@pytest.mark.parametrize("tag", languages())
<<<<<<< HEAD
def test_every_community_and_school_stands_in_the_page(public: PublishedPlan, tag: str) -> None:
    page, plan = made(public, tag), public.assignment
=======
def test_every_community_and_school_stands_in_the_page(public, tag) -> None:
    page = static_page(public, score(public), words(tag))
>>>>>>> identity
    html = static_html(page, words(tag))
    assert [row.name for row in page.communities] == list(plan.community_names)
    assert sum(len(group.schools) for group in page.schools) == len(plan.school_community)
    text = unescape(str(html))
    assert all(name in text for name in plan.district.schools["name"])
    assert text.count("(K-5)") == sum(plan.district.schools["grade_high"] == 5)
    assert words(tag)("static.why") in html


<<<<<<< HEAD
def test_text_is_inert_and_nothing_is_styled_by_attribute(public: PublishedPlan) -> None:
    html = static_html(made(public, "en"), words("en"))
=======
def test_text_is_inert_and_nothing_is_styled_by_attribute(public) -> None:
    page = static_page(public, score(public), words("en"))
    html = static_html(page, words("en"))
>>>>>>> identity
    assert "style=" not in html
    assert "<script" not in html
    assert "<img" not in html
    assert "<i>East" not in html
    assert "{{7*7}}" in html
    assert "&lt;/script&gt;" in html


<<<<<<< HEAD
def test_the_drawing_is_well_formed_and_in_whole_numbers(public: PublishedPlan) -> None:
    plan = public.assignment
    svg = static_svg(plan, community_colours(plan), words("en"), width=320)
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    assert root.get("width") == "320"
    areas = [one for one in root if (one.get("class") or "").startswith("k")]
    assert len(areas) == plan.n_communities
=======
def test_the_drawing_is_well_formed_and_in_whole_numbers(public) -> None:
    svg = static_svg(public, words("en"), width=320)
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    assert root.get("width") == "320"
    areas = [one.get("fill") for one in root if one.get("fill")]
    assert areas == list(public.community_colors)
>>>>>>> identity
    assert not re.search(r"\d\.\d{2}", svg)
