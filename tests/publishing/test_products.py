"""One plan has one set of figures, names, numbers and colors, whichever product tells it.

Figures are read from the products as they are written: the terminal's lines, ``scorecard.json``,
the map by its own code, the report, the texts of the packet, the page of candidates and its map.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from matplotlib.text import Text
from town import DISTRICT, write_town
from typer.testing import CliRunner
from vectors.node import MISSING, NODE, PAGE_TESTS

from feeder.cli import app
from feeder.language import ENGLISH
from feeder.pipeline.runs import open_plan
from feeder.render.packet.book import packet_pages
from feeder.render.packet.data import packet_data
from feeder.render.page.page import PageInfo
from feeder.terms import PERCENT_UNITS, TERMS

from .test_attacks import HIDDEN_FLOWS
from .test_published_folders import page

pytestmark = pytest.mark.skipif(NODE is None, reason=MISSING)
REAL = ["washington_dc", "fairfax_va", "philadelphia_pa"]
COLUMNS = ("schools", "enrollment", "deviation")
IN_SCORECARD = {"enrollment": "enrollment", "deviation": "enrollment_deviation"}
MINUS = "\N{MINUS SIGN}"
NUMBER = re.compile(rf"[+{MINUS}]?[\d,]+(?:\.\d+)?")


@dataclass(frozen=True)
class Products:
    """What was written and printed of one plan."""

    printed: str
    folder: Path
    card: Mapping[str, Any]
    shown: Mapping[str, Any]
    report: str
    packet: list[list[tuple[str, str, float, float]]]


def shown_plans(file: Path) -> dict[str, dict[str, Any]]:
    """Return what the page's own code shows of every plan in a map."""
    done = subprocess.run(
        [str(NODE), str(PAGE_TESTS / "shown.mjs")],
        input=json.dumps({"data": page(file), "language": "en"}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {plan["name"]: plan for plan in json.loads(done.stdout)}


def packet_texts(district: Path) -> list[list[tuple[str, str, float, float]]]:
    """Return role, text and place (from the left, from the top) of what stands on each page."""
    public = open_plan(district, "today").published()
    data = packet_data(public, PageInfo.of(public), ENGLISH, "letter")
    return [
        [
            (one.get_gid() or "", one.get_text(), *one.get_position())
            for one in figure.findobj(Text)
            if one.get_text()
        ]
        for figure in packet_pages(data)
    ]


def products_of(district: Path, out: Path) -> Products:
    """Score today's plan of a district and read all that is written of it."""
    words = ["score", str(district), "today", "--out", str(out)]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return Products(
        printed=done.stdout,
        folder=out,
        card=json.loads((out / "scorecard.json").read_text("utf-8")),
        shown=shown_plans(out / "map.html")["Plan"],
        report=(out / "report.html").read_text("utf-8"),
        packet=packet_texts(district),
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town where eight flows of few students are told as ranges."""
    wide = DISTRICT.replace("enrollment_tolerance = 0.5", "enrollment_tolerance = 0.9")
    folder = tmp_path_factory.mktemp("told") / "town"
    return write_town(folder, {"flows.csv": HIDDEN_FLOWS, "district.toml": wide})


@pytest.fixture(scope="module", params=["town", "embedded", *REAL])
def products(
    request: pytest.FixtureRequest,
    town: Path,
    district_folder: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Products:
    folder = town if request.param == "town" else district_folder(request.param)
    return products_of(folder, tmp_path_factory.mktemp(request.param) / "out")


def told(markup: str) -> str:
    """Return the text of a piece of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def report_rows(report: str, table: str) -> list[list[str]]:
    """Return the rows of a table of the report, by its class, as markup of cells."""
    found = re.search(rf'<table class="{table}">.*?</table>', report, re.DOTALL)
    assert found is not None
    rows = re.findall(r"<tr>(<th scope=.row.*?)</tr>", found[0], re.DOTALL)
    return [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]


def span(text: str) -> tuple[float, float]:
    """Return the least and the most that a figure may be, by the digits it is told with."""
    found = NUMBER.findall(text)
    decimals = max(len(one.partition(".")[2]) for one in found)
    size = 0.01 if "%" in text else 1.0
    ends = [size * float(one.replace(",", "").replace(MINUS, "-")) for one in found]
    half = size * 0.5 * 10.0**-decimals + 1e-9
    return min(ends) - half, max(ends) + half


def holds(text: str, value: float) -> bool:
    """Whether a true figure is what a text tells, or in the range that it tells."""
    low, high = span(text)
    return low <= value <= high


def headline(text: str, unit: str) -> str:
    """Return a figure without the number that it is out of."""
    return text if unit in PERCENT_UNITS else text.partition(" of ")[0]


def test_headlines_are_the_same_everywhere(products: Products) -> None:
    """Map, report and packet tell the same texts; the true figure is what they say."""
    shown = {one["label"]: one["text"] for one in products.shown["figures"].values()}
    rows = {
        told(re.sub(r"<small>.*", "", row[0])): told(row[1])
        for row in report_rows(products.report, "measures")
    }
    assert set(rows) == set(shown)
    for label, text in shown.items():
        assert rows[label].startswith(text), label
    on_paper = [text for one in products.packet for role, text, *_ in one if role == "figure"]
    for text in shown.values():
        assert text in on_paper
    for name, one in products.shown["figures"].items():
        value = products.card["plan"].get(name)
        if name in TERMS and value is not None:
            text = headline(one["text"], TERMS[name].unit)
            assert holds(text, value), (name, text, value)


def test_the_terminal_tells_continuity_as_the_map_does(products: Products) -> None:
    line = re.search(
        r"Students whose next school is in their community: (.*?) of ", products.printed
    )
    assert line is not None
    desk = line[1].partition(" (")[0]
    value, public = (
        products.card["plan"]["feeder_continuity"],
        products.shown["figures"]["feeder_continuity"]["text"],
    )
    assert holds(desk, value)
    assert holds(public, value)
    if "." in public:  # else the audit, or an estimate, leaves fewer digits
        assert public == desk


def test_communities_are_the_same_everywhere(products: Products) -> None:
    """Numbers, names, colors and every figure; the true one lies in what is told."""
    written = {row["community_id"]: row for row in products.card["communities"]}
    features = json.loads((products.folder / "communities.geojson").read_text("utf-8"))["features"]
    rows = report_rows(products.report, "communities")
    shares = list(products.shown["communities"][0]["shares"])
    assert len(rows) == len(features) == len(written) == len(products.shown["communities"])
    for one, row, feature in zip(products.shown["communities"], rows, features, strict=True):
        identity = {name: feature["properties"][name] for name in ("number", "name", "color")}
        assert identity == {name: one[name] for name in identity}
        assert f'fill="{one["color"]}"' in row[0]
        assert told(row[0]) == f"{one['number']} {' '.join(one['name'].split())}"
        figures = [told(cell) for cell in row]
        own = [str(one[name]) for name in COLUMNS] + [one["shares"][name] for name in shares]
        start = len(figures) - len(own) - 1
        assert figures[start:-1] == own
        assert figures[-1].startswith(one["land"])
        true = written[feature["properties"]["community_id"]]
        for name, column in IN_SCORECARD.items():
            assert holds(one[name], true[column]), (one["name"], name, one[name], true[column])
        for name in shares:
            if true[name] is not None:
                assert holds(one["shares"][name], true[name]), (one["name"], name)


def test_the_terminal_tells_communities_as_the_map_does(products: Products) -> None:
    lines = [" ".join(line.split()) for line in products.printed.splitlines()]
    for one in products.shown["communities"]:
        start = f"{one['number']} {' '.join(one['name'].split())} {one['schools']} "
        line = next(line for line in lines if line.startswith(start))
        cells = line.removeprefix(start).split()
        given = [one["enrollment"], one["deviation"], one["shares"]["feeder_continuity"]]
        for cell, text in zip(cells, given, strict=True):
            is_range = len(NUMBER.findall(text)) > 1
            assert cell == text or (is_range and overlap(cell, text)), (line, text)


def overlap(one: str, other: str) -> bool:
    (low, high), (least, most) = span(one), span(other)
    return low <= most and least <= high


def test_the_packet_tells_communities_as_the_map_does(products: Products) -> None:
    """The table of the packet, and the head and the figures of each community's page."""
    cells = [text for one in products.packet for role, text, *_ in one if role == "table"]
    pages = {
        title: [text for _, text, *_ in one]
        for one in products.packet
        for role, title, *_ in one
        if role == "title"
    }
    for one in products.shown["communities"]:
        texts = pages[one["name"]]
        assert str(one["number"]) in texts
        for text in (one["enrollment"], one["deviation"], *one["shares"].values()):
            words = text.split()
            assert any(words[0] in cell for cell in cells), (one["name"], text)
            assert words[-1] in " ".join(texts), (one["name"], text)


def test_candidates_have_one_set_of_figures(town: Path, tmp_path: Path) -> None:
    """The page of the candidates and the map beside it, plan by plan."""
    out = tmp_path / "out"
    words = ["candidates", str(town), "--n", "3", "--effort", "quick", "--out", str(out)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    text = (out / "candidates.html").read_text("utf-8")
    plans = {name: one for name, one in shown_plans(out / "map.html").items() if name != "Today"}
    tables = re.findall(r'<table class="compared">.*?</table>', text, re.DOTALL)
    names = re.findall(r'<span class="letter">(\w)</span></th><td>(?:(?!</tr>).)*<code>', text)
    assert names == list(plans)
    seen = 0
    for table in tables:
        for row in re.findall(r"<tr>(<th scope=.row.*?)</tr>", table, re.DOTALL):
            label, *cells = [
                told(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
            ]
            for cell, (name, plan) in zip(cells, plans.items(), strict=False):
                for measure, figure in plan["figures"].items():
                    term = TERMS.get(measure)
                    if term and label in {figure["label"], ENGLISH(term.short)}:
                        shown = cell.removesuffix(" best here ★").removesuffix(" ★")
                        assert shown == figure["text"], (name, measure)
                        seen += 1
    assert seen >= 4 * len(plans)
    tables_of = {
        name: (out / f"plan_{name}.csv").read_text("utf-8-sig").splitlines() for name in plans
    }
    for name, plan in plans.items():
        written = {line.rsplit(",", 1)[1] for line in tables_of[name][1:]}
        assert written == {one["name"] for one in plan["communities"]}
