"""Two towns that differ in hidden counts alone: what is published of them is the same.

Whatever is told beside the headlines follows from the ranges, so no reader of the files can know
which of the towns is the real one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from town import FLOWS, MEASURES, PLAN, write_town

from feeder import open_plan
from feeder.language import ENGLISH, words
from feeder.terms import TRUE_HEADLINES

HIDDEN = {"k8,h1": (3, 28), "e7,m1": (4, 46), "e3,m1": (6, 27)}
"""A few students beside a larger flow, and what the two are together."""
OTHERWISE = (8, 1, 2)
LARGER = {"k8,h1": "k8,h2", "e7,m1": "e7,m2", "e3,m1": "e3,m2"}


def _flows(few: tuple[int, ...]) -> str:
    table = FLOWS
    for (pair, (_, together)), students in zip(HIDDEN.items(), few, strict=True):
        larger = LARGER[pair]
        told = f"{pair},{students}\n{larger},{together - students}"
        table = table.replace(f"{larger},{together}", told)
    return str(table)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The published files of two towns: the same schools, the same plan, other hidden counts."""
    made = []
    worlds = ((tuple(few for few, _ in HIDDEN.values()), "p,5,"), (OTHERWISE, "p,2,"))
    for flows, nursery in worlds:
        home = tmp_path_factory.mktemp("town")
        tables = {"flows.csv": _flows(flows), "measures.csv": MEASURES.replace("p,5,", nursery)}
        folder = write_town(home / "district", tables)
        plan = home / "wanted.csv"
        plan.write_text(PLAN.replace("e2,A", "e2,B"), "utf-8")
        made.append(open_plan(folder, plan).write(home / "out"))
    return made[0], made[1]


def _data(folder: Path) -> dict[str, Any]:
    """What the page holds, without headlines and how many of them are told with fewer digits."""
    page = (folder / "map.html").read_text("utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    data.pop("headlinesToday")
    for plan in data["plans"]:
        plan.pop("headlines")
        for name in TRUE_HEADLINES:
            plan["ranges"].pop(name, None)
    for language in data["languages"]:
        language["texts"].pop("page.left_out_told")
    return data


def test_the_towns_differ(towns: tuple[Path, Path]) -> None:
    """At the desk they are two."""
    one, other = ((folder / "flows.csv").read_text("utf-8") for folder in towns)
    assert one != other


def test_the_page_is_the_same(towns: tuple[Path, Path]) -> None:
    """Every fact, range, label and promise."""
    one, other = map(_data, towns)
    assert one == other


def test_no_headline_tells_how_many_schools_split(towns: tuple[Path, Path]) -> None:
    """That number rests on hidden flows, and stands elsewhere as a range."""
    for folder in towns:
        page = (folder / "map.html").read_text("utf-8")
        assert '"split_feeders":[' in page
        told = re.findall(r'"split_across_communities":({"value"[^{}]*})', page)
        assert {json.loads(one)["denominator"] for one in told} <= {None}


def test_the_communities_are_the_same(towns: tuple[Path, Path]) -> None:
    """To the last byte: the file holds no headline."""
    one, other = ((folder / "communities.geojson").read_bytes() for folder in towns)
    assert one == other


def test_the_report_differs_in_headlines_alone(towns: tuple[Path, Path]) -> None:
    """A line that is another one tells of a headline, or how many are told with fewer digits."""
    say = words(ENGLISH.tag)
    labels = [say(f"measure.{name}") for name in TRUE_HEADLINES]
    reports = [(folder / "report.html").read_text("utf-8").splitlines() for folder in towns]
    changed = [(a, b) for a, b in zip(*reports, strict=True) if a != b]
    for pair in changed:
        for line in pair:
            of_headline = any(label in line for label in labels)
            assert of_headline or "Of all students" in line or 'id="suppressed"' in line, line
