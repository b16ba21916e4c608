"""The board packet: what stands on its pages, where, and what never does."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
from matplotlib.text import Text
from publication import published

from feeder.language import languages, words
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.render.packet import render_packet
from feeder.render.packet.book import packet_pages
from feeder.render.packet.data import packet_data
from feeder.render.packet.labels import spread
from feeder.render.packet.lettering import fitted, typed, width, wrapped
from feeder.render.packet.paper import Box
from feeder.render.page.page import PageInfo

MARKS = {"label", "mark", "key", "title", "scale", "rung", "list", "figure", "table", "foot"}


def pages(plan: Assignment, tag: str = "en", paper: str = "letter"):
    return pages_of(published(plan), tag, paper)


def pages_of(public: PublishedPlan, tag: str = "en", paper: str = "letter"):
    info = PageInfo(run_date="2025-01-31", plan_id="abc123", suppressed=public.suppressed)
    return list(packet_pages(packet_data(public, info, words(tag), paper)))


def texts(figure) -> list[str]:
    return [one.get_text() for one in figure.findobj(Text) if one.get_text()]


def boxes(figure, roles: set[str | None]):
    """Text and its place in points, as the PDF sets it: letters are not fitted to pixels."""
    across, down = figure.get_size_inches()
    renderer = RendererPdf(PdfFile(BytesIO()), 72, down, across)
    return [
        (one.get_text(), one.get_window_extent(renderer))
        for one in figure.findobj(Text)
        if one.get_gid() in roles and one.get_text()
    ]


def overlaps(figure, roles: set[str]) -> list[tuple[str, str]]:
    return [
        (a, b)
        for (a, one), (b, other) in combinations(boxes(figure, roles), 2)
        if min(one.x1, other.x1) - max(one.x0, other.x0) > 0.7
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 1.5
    ]


def moved(plan: Assignment, community: np.ndarray, n: int) -> Assignment:
    return Assignment.of_nodes(
        plan.district,
        plan.network,
        plan.scenario,
        community,
        ids=plan.community_ids[:n],
        names=plan.community_names[:n],
    )


def with_room(plan: Assignment) -> Assignment:
    """Give every school room for 300 students."""
    schools = plan.district.schools.assign(capacity=300.0)
    return replace(plan, district=replace(plan.district, schools=schools))


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize(("paper", "room"), [("letter", False), ("a4", False), ("letter", True)])
def test_one_page_a_community_where_nothing_collides_or_leaves_the_paper(
    toy, tag, paper, room
) -> None:
    made = pages(with_room(toy) if room else toy, tag, paper)
    first, *_ = words(tag)("short.capacity_utilization").split(" ")
    assert any(one.startswith(first) for figure in made for one in texts(figure)) == room
    assert len(made) == 2 + toy.n_communities
    for figure in made:
        assert overlaps(figure, MARKS) == []
        across, down = figure.get_size_inches() * 72
        for text, box in boxes(figure, MARKS | {None}):
            assert box.x0 > 20, text
            assert box.x1 < across - 20, text
            assert box.y0 > 15, text
            assert box.y1 < down - 20, text


def test_names_stand_as_they_are_typed(toy, hostile_names) -> None:
    made = pages_of(published(toy, whole=True))
    shown = "\n".join(text for figure in made for text in texts(figure))
    for name in hostile_names:
        assert typed(name) in shown
    assert "{{7*7}}" in shown
    assert "\u202e" not in shown


def test_a_name_of_five_thousand_characters_is_cut(toy) -> None:
    schools = toy.district.schools.copy()
    schools.loc["M01", "name"] = "$x_1^2$ \\frac " * 400
    long = replace(toy, district=replace(toy.district, schools=schools))
    long = long.called(("Wide " * 1000, *toy.community_names[1:]))
    made = pages(long)
    assert len(made) == 6
    shown = [text for figure in made for text in texts(figure)]
    assert any("$x_1^2$" in text and text.endswith("…") for text in shown)
    assert max(map(len, shown)) < 300


def test_no_small_cell_is_told(toy, public: PublishedPlan) -> None:
    school = toy.district.schools.index.get_loc("M14")
    home = int(toy.school_community[school])
    rows = boxes(pages_of(public)[2 + home], {"list"})
    place = next(box.y0 for text, box in rows if text == "Middle 14")
    line = [text for text, box in rows if abs(box.y0 - place) < 2 and box.x0 > 150]
    assert {"6-8", "under 10"} <= set(line)
    assert not any(re.fullmatch("[1-9]", text) for text in line)


@pytest.mark.parametrize("east", [0.08, 12.0])
def test_a_district_may_be_narrow_or_wide(toy, east) -> None:
    tiles = toy.network.tiles.copy()
    west = tiles.total_bounds[0]
    shape = tiles.geometry.to_numpy()
    tiles["geometry"] = shapely.transform(
        shape, lambda xy: np.column_stack([west + (xy[:, 0] - west) * east, xy[:, 1]])
    )
    offshore = toy.network.offshore.iloc[:0]
    plan = replace(toy, network=replace(toy.network, tiles=tiles, offshore=offshore))
    assert overlaps(pages(plan)[0], MARKS) == []


def test_all_schools_in_one_community_and_one_without_land(toy) -> None:
    one = moved(toy, np.zeros_like(toy.node_community), 1)
    made = pages(one)
    assert len(made) == 3
    assert overlaps(made[2], MARKS) == []
    community = np.zeros_like(toy.node_community)
    community[np.flatnonzero(~toy.network.graph.has_land)[:3]] = 1
    made = pages(moved(toy, community, 2))
    assert "no land" in texts(made[3])
    assert overlaps(made[3], MARKS) == []


def test_schools_in_no_community_are_listed_on_a_page_of_their_own(toy) -> None:
    home = toy.school_community.copy()
    home[:2] = -1
    made = pages(replace(toy, school_community=home))
    assert len(made) == 7
    assert "Schools in no community" in texts(made[-1])


def test_same_bytes_whatever_the_order_of_sets(village, tmp_path) -> None:
    sums = set()
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.pdf"
        command = [sys.executable, "-m", "feeder", "print", str(village), str(village / "plan.csv")]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", "PYTHONHASHSEED": seed}
        subprocess.run(
            [*command, "--out", str(out)], env=environment, check=True, capture_output=True
        )
        sums.add(out.read_bytes())
    assert len(sums) == 1
    (packet,) = sums
    assert packet.startswith(b"%PDF")
    assert b"/Subtype /Image" not in packet
    assert b"/FontFile2" in packet
    assert b"D:20231114" in packet


def test_no_setting_of_the_reader_is_changed(public: PublishedPlan) -> None:
    with mpl.rc_context({"lines.dashed_pattern": (9.0, 9.0), "pdf.fonttype": 3}):
        before = dict(mpl.rcParams)
        info = PageInfo(run_date="2025-01-31", plan_id="abc")
        render_packet(public, info, words("en"))
        assert dict(mpl.rcParams) == before


def test_letters_are_measured_cut_and_wrapped() -> None:
    assert width("iii", 10) < width("WWW", 10)
    assert fitted("Short", 100, 8) == "Short"
    cut = fitted("A very long name of a school", 60, 8)
    assert cut.endswith("…")
    assert width(cut, 8) <= 60
    lines = wrapped("one two three four five six", 40, 8)
    assert " ".join(lines) == "one two three four five six"
    assert all(width(line, 8) <= 40 for line in lines)
    assert typed("a\u202eb\n\tc\u4e2d") == "ab c\ufffd"


def test_discs_on_one_spot_stand_side_by_side() -> None:
    at, apart = spread(np.full((60, 2), 50.0), np.full(60, 5.0), Box(0, 0, 200, 200))
    assert apart
    gaps = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    assert (gaps[~np.eye(60, dtype=bool)] > 9.9).all()
    assert at.min() >= 5
    assert at.max() <= 195
