"""Styles for QGIS: well formed whatever the names, and nothing in them is evaluated but our own."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.planning.colors import DASHED, SOLID
from feeder.planning.identity import Community
from feeder.render.files.qml import (
    communities_style,
    flows_style,
    legend_text,
    schools_style,
    tiles_style,
    xml_text,
)

STYLES = {
    "schools": schools_style(),
    "flows": flows_style(("estimated", "observed", "zoned")),
    "tiles": tiles_style(),
    "communities": communities_style(
        (Community("C01", 1, "North", SOLID[0]), Community("C02", 2, "South", DASHED[0]))
    ),
}


def parsed(style: str) -> ET.Element:
    return ET.fromstring(style)  # noqa: S314 - our own text


def option(element: ET.Element, name: str) -> str | None:
    return next(one.get("value") for one in element.iter("Option") if one.get("name") == name)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_every_legend_entry_has_its_symbol(style: str) -> None:
    root = parsed(style)
    assert root.get("styleCategories") == "Symbology|Labeling"
    symbols = [symbol.get("name") for symbol in root.iter("symbol")]
    entries = [*root.iter("category"), *root.iter("rule")]
    assert symbols == [str(k) for k in range(len(symbols))]
    assert not entries or [entry.get("symbol") for entry in entries] == symbols


def test_communities_are_filled_with_their_colors() -> None:
    root = parsed(STYLES["communities"])
    fills = [option(symbol, "color") for symbol in root.iter("symbol")]
    assert fills == [
        ",".join(map(str, (*bytes.fromhex(c[1:]), 170))) for c in (SOLID[0], DASHED[0])
    ]
    lines = [[one.get("class") for one in symbol.iter("layer")] for symbol in root.iter("symbol")]
    assert lines == [["SimpleFill"], ["SimpleFill", "SimpleLine"]]
    assert [c.get("value") for c in root.iter("category")] == ["C01", "C02"]
    assert [c.get("label") for c in root.iter("category")] == ["1 North", "2 South"]


def test_flows_differ_by_source_place_and_students() -> None:
    root = parsed(flows_style(("zoned", "estimated")))
    filters = [rule.get("filter") for rule in root.iter("rule")]
    assert filters == [
        '"source" = \'zoned\' AND "inside"',
        '"source" = \'zoned\' AND NOT "inside"',
        '"source" = \'estimated\' AND "inside"',
        '"source" = \'estimated\' AND NOT "inside"',
    ]
    lines = [option(symbol, "line_style") for symbol in root.iter("symbol")]
    assert lines == ["solid", "solid", "dash", "dash"]
    assert all('sqrt("students")' in (option(s, "expression") or "") for s in root.iter("symbol"))


def test_tiles_are_an_outline_only() -> None:
    (symbol,) = parsed(STYLES["tiles"]).iter("symbol")
    assert option(symbol, "style") == "no"
    assert float(option(symbol, "outline_width") or 1) < 0.2


def test_expressions_are_constants() -> None:
    """A style with hostile names holds the same expressions as one with plain names."""
    hostile = communities_style(
        (
            Community("a' OR 1=1 --", 1, "[%7*7%]", SOLID[0]),
            Community("[% 1+1 %]", 2, '"name"', DASHED[0]),
        )
    )
    for name in ("expression", "field"):
        assert [
            one.get("value") for one in parsed(hostile).iter("Option") if one.get("name") == name
        ] == [
            one.get("value")
            for one in parsed(STYLES["communities"]).iter("Option")
            if one.get("name") == name
        ]
    labels = [category.get("label") for category in parsed(hostile).iter("category")]
    assert labels == ["1 [ %7*7% ]", '2 "name"']


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_name_gives_a_style_that_parses(names: list[str]) -> None:
    style = communities_style([Community(name, k, name, "#88CCEE") for k, name in enumerate(names)])
    categories = list(parsed(style).iter("category"))
    assert [category.get("value") for category in categories] == [xml_text(n) for n in names]
    assert not any("[%" in (category.get("label") or "") for category in categories)
    style.encode()


@given(st.text(alphabet="[%] ab"))
def test_a_legend_text_keeps_its_letters(text: str) -> None:
    shown = legend_text(text)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)
    assert "[%" not in shown
    assert "%]" not in shown
