"""The notebook map: no name runs in Python, in JavaScript or in HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import folium  # noqa: TID251 - to look at what the one door returns
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xstatic.pkg import leaflet

from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.render.explore import explore, inert

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

LEAFLET = Path(leaflet.BASE_DIR) / "leaflet.js"


@pytest.fixture(scope="module")
def view(toy: Assignment, scorer: Callable[[Assignment], Scorecard]) -> folium.Map:
    return explore(toy, scorer(toy))


@pytest.fixture(scope="module")
def html(view: folium.Map) -> str:
    return str(view.get_root().render())


@given(text=st.text(max_size=40))
@settings(max_examples=100)
def test_inert_text_has_no_letter_of_any_language_and_shows_as_typed(text: str) -> None:
    import html as entities

    made = inert(text)
    assert not set(made) & set("{}<>\"'`$\\%()=/\n\r\u2028\u2029")
    assert re.fullmatch(r"(&#\d+;|[^&#;])*", made)
    # Entities of control characters stand for something else in HTML, and for nothing that runs.
    if text.isprintable() and text.isascii():
        assert entities.unescape(made) == text


def test_hostile_names_do_not_run_in_python(html: str, hostile_names: tuple[str, ...]) -> None:
    assert "{{" not in html
    assert "{%" not in html
    for name in hostile_names:
        assert name not in html
        assert json.dumps(inert(name)).strip('"').replace("&", "\\u0026") in html


def test_it_has_the_layers_and_no_background(view: folium.Map) -> None:
    layers = [child for child in view._children.values() if isinstance(child, folium.GeoJson)]
    assert [layer.layer_name for layer in layers] == ["Communities", "Feeder flows", "Schools"]
    assert not [child for child in view._children.values() if isinstance(child, folium.TileLayer)]


def test_nothing_of_the_plan_is_changed(toy: Assignment, scorer: Callable) -> None:
    before = toy.district.schools.copy()
    explore(toy, scorer(toy))
    assert toy.district.schools.equals(before)


@pytest.fixture
def page(browser: Browser, html: str, tmp_path: Path) -> Iterator[Page]:
    file = tmp_path / "explore.html"
    file.write_text(html, encoding="utf-8")

    def answer(route: Route) -> None:
        """Give folium the Leaflet that is installed, and nothing else."""
        path = route.request.url.split("?")[0]
        body = LEAFLET.read_text(encoding="utf-8") if path.endswith("/leaflet.js") else ""
        route.fulfill(status=200, body=body)

    opened = browser.new_page()
    opened.route(re.compile("^https?:"), answer)
    opened.harm = []
    opened.on("dialog", lambda dialog: (opened.harm.append(dialog.message), dialog.dismiss()))
    opened.on("pageerror", lambda error: opened.harm.append(str(error)))
    opened.goto(file.as_uri())
    yield opened
    opened.close()


def test_hostile_names_do_not_run_in_the_browser(
    page: Page, toy: Assignment, hostile_names: tuple[str, ...]
) -> None:
    assert page.locator("path.leaflet-interactive").count() > 60
    shown = page.evaluate(
        """() => {
          const found = [];
          for (const key of Object.keys(window).filter((name) => name.startsWith("geo_json_"))) {
            if (!window[key].eachLayer) continue;
            window[key].eachLayer((layer) => {
              const latlng = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
              layer.fire("mouseover", { latlng }, true);
              const tips = document.querySelectorAll(".leaflet-tooltip");
              if (tips.length) found.push(tips[tips.length - 1].textContent);
              layer.fire("mouseout", { latlng }, true);
            });
          }
          return found.join("\\n");
        }"""
    )
    for name in [*hostile_names, *toy.community_names]:
        assert name in shown
    assert page.harm == []
    assert page.locator("img").count() == 0
