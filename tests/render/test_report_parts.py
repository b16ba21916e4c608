"""The report's plots, map, sentences and notices, each against a count by hand."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeder.errors import Problem
from feeder.language import ENGLISH, words
from feeder.measures.score import score
from feeder.measures.scorecard import Measure, Value
from feeder.measures.shape import community_land, onshore
from feeder.planning import Assignment
from feeder.planning.identity import Community
from feeder.render.frame import left_out
from feeder.render.report.locator import LONGER_SIDE, locator
from feeder.render.report.notices import MOST_PLACES, QUOTED, notices
from feeder.render.report.plots import band_plot, ladders, shortest_percent
from feeder.render.report.words import change, methods, shortest


def plotted(
    totals: list[float], tolerance: float | None, below: int = 10, most: list[float] | None = None
):
    named = zip("ABCD" * len(totals), totals, strict=False)
    known = [Community(name, k, name, "#88CCEE") for k, (name, _) in enumerate(named, start=1)]
    return band_plot(
        (np.array(totals), np.array(totals if most is None else most)),
        tolerance,
        communities=known,
        below=below,
        words=ENGLISH,
    )


def test_a_band_by_hand() -> None:
    """Mean 100; reach 1.18 * 50 %, so 50 % stands at 50 + 50 / 1.18."""
    plot = plotted([150.0, 80.0, 110.0, 60.0], 0.4)
    assert plot is not None
    assert [mark.number for mark in plot.marks] == [1, 3, 2, 4]
    assert [mark.total for mark in plot.marks] == ["150", "110", "80", "60"]
    assert plot.marks[0].at == pytest.approx(50 + 50 / 1.18, abs=0.01)
    assert [mark.from_mean for mark in plot.marks] == [
        "+50.0%",
        "+10.0%",
        "\N{MINUS SIGN}20.0%",
        "\N{MINUS SIGN}40.0%",
    ]
    assert [mark.verdict for mark in plot.marks] == ["above the band", *["within the band"] * 3]
    assert [mark.outside for mark in plot.marks] == [True, False, False, False]
    assert [(tick.share, tick.total) for tick in plot.ticks] == [
        ("\N{MINUS SIGN}40%", "60"),
        ("mean", "100"),
        ("+40%", "140"),
    ]
    assert plot.band_at == plot.ticks[0].at == plot.marks[3].at
    assert plot.band_width == pytest.approx(2 * (50 - plot.ticks[0].at), abs=0.02)


def test_without_a_band_there_are_round_ticks() -> None:
    plot = plotted([130.0, 70.0], None)
    assert plot is not None
    assert plot.band_at is None
    assert [tick.share for tick in plot.ticks] == ["\N{MINUS SIGN}20%", "mean", "+20%"]
    assert [mark.verdict for mark in plot.marks] == ["above the mean", "below the mean"]


def test_nothing_is_drawn_where_there_is_nobody() -> None:
    assert plotted([0.0, 0.0], 0.15) is None
    assert plotted([np.nan], None) is None


def test_an_open_total_is_told_by_its_ends_and_no_verdict_where_these_differ() -> None:
    """100 to 110 of two: 100 is at the mean of 100, 110 a share of 2 x 110 / 210 - 1 above it."""
    plot = plotted([100.0, 100.0], 0.04, most=[110.0, 100.0])
    assert plot is not None
    first, second = plot.marks
    assert (first.total, second.total) == ("100 to 110", "100")
    assert first.from_mean == "+0.0% to +4.8%"
    assert second.from_mean == "\N{MINUS SIGN}4.8% to +0.0%"
    assert (first.verdict, second.verdict) == ("not shown", "not shown")
    assert not first.outside
    assert [tick.total for tick in plot.ticks] == ["96 to 101", "100 to 105", "104 to 109"]
    few = plotted([1.0, 200.0], None, most=[9.0, 200.0])
    assert few is not None
    assert [mark.total for mark in few.marks] == ["200", "under 10"]


@given(
    st.lists(st.integers(0, 50_000), min_size=1, max_size=12),
    st.none() | st.floats(0.0, 0.9),
)
def test_marks_keep_order_and_stay_inside(totals: list[int], tolerance: float | None) -> None:
    plot = plotted([float(total) for total in totals], tolerance)
    if not sum(totals):
        assert plot is None
        return
    assert plot is not None
    places = [mark.at for mark in plot.marks]
    assert places == sorted(places, reverse=True)
    assert all(0 <= at <= 100 for at in [*places, *(tick.at for tick in plot.ticks)])
    assert sorted(mark.number for mark in plot.marks) == list(range(1, len(totals) + 1))
    mean = sum(totals) / len(totals)
    for mark in plot.marks:
        share = totals[mark.number - 1] / mean - 1
        assert mark.outside == (tolerance is not None and abs(share) > tolerance + 1e-9)


def test_as_many_decimals_as_there_are() -> None:
    assert [shortest_percent(x, ENGLISH) for x in (0.15, 0.125, 0.1)] == ["15%", "12.5%", "10%"]
    assert [shortest(x, ENGLISH) for x in (1.0, 0.1, 0.125, 1e-9)] == ["1", "0.1", "0.125", "0"]


def test_changes_in_spanish() -> None:
    measure, spanish = Measure("m", "schools", "lower"), words("es")
    told = change(measure, Value(1), Value(2), spanish, rough=False)
    assert told == "▼ 1 escuela menos: mejor"
    share = Measure("m", "share", "higher")
    told = change(share, Value(0.88), Value(0.93), spanish, rough=True)
    assert told == "▼ 5 puntos aprox. menos: peor"


def test_every_message_that_is_quoted_has_a_sentence() -> None:
    assert all(f"notice.{rule}" in ENGLISH.texts for rule in QUOTED)


def made_ladders(plan: Assignment):
    students = plan.district.schools["enrollment"]
    return ladders(plan, (students, students), 10, ENGLISH)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(masks=st.lists(st.integers(0, (1 << 14) - 1), min_size=60, max_size=60))
def test_rungs_are_the_grades(toy: Assignment, masks: list[int]) -> None:
    schools = toy.district.schools.assign(grades=masks)
    plan = replace(toy, district=replace(toy.district, schools=schools))
    shown = [
        sum(1 << grade for first, number in rung.runs for grade in range(first, first + number))
        for ladder in made_ladders(plan)
        for _, rungs in ladder.levels
        for rung in rungs
    ]
    assert sorted(shown) == sorted(mask & 0x1FFF for mask in masks)


def test_ladders_go_up_and_name_what_is_missing(toy: Assignment) -> None:
    first, *_ = made_ladders(toy)
    order = ["elementary", "middle", "high", "span"]
    shown = [level for level, _ in first.levels]
    assert shown == [level for level in order if level in shown]
    home = toy.school_community.copy()
    high = toy.district.schools["level"].isin(["high", "span"]).to_numpy()
    home[high & (home == 0)] = 1
    without, *_ = made_ladders(replace(toy, school_community=home))
    assert without.missing == "9-12"


def test_a_ladder_tells_what_is_known_of_its_students(toy: Assignment) -> None:
    """E00 with 1 to 9, E01 with 20 to 30; the others as they are."""
    exact = toy.district.schools["enrollment"]
    low, high = exact.copy(), exact.copy()
    low[["E00", "E01"]], high[["E00", "E01"]] = [1, 20], [9, 30]
    first, *_ = ladders(toy, (low, high), 10, ENGLISH)
    rungs = {rung.name: rung.students for _, some in first.levels for rung in some}
    names = toy.district.schools["name"]
    assert (rungs[names["E00"]], rungs[names["E01"]]) == ("under 10", "20 to 30")
    assert rungs[names["E02"]] == f"{exact['E02']:,}"
    own = toy.school_community == 0
    assert first.facts.endswith(f"{low[own].sum():,} to {high[own].sum():,} students")


def ring_area(path: str) -> float:
    """Area of SVG path data of rings beside each other, each of relative steps."""
    rings = re.findall(r"M(-?\d+),(-?\d+)l([^z]*)z", path)
    starts = [(int(x), int(y)) for x, y, _ in rings]
    steps = [[tuple(map(int, one.split(","))) for one in moves.split(" ")] for *_, moves in rings]
    return sum(
        shapely.Polygon(np.cumsum([start, *moves], axis=0)).area
        for start, moves in zip(starts, steps, strict=True)
    )


def test_the_map_is_the_land(toy: Assignment) -> None:
    drawing = locator(toy)
    assert drawing is not None
    home = toy.node_community[toy.network.tiles["node"].to_numpy()]
    land = community_land(onshore(toy.network), home, 4)
    west, south, east, north = shapely.total_bounds(land)
    step = max(east - west, north - south) / LONGER_SIDE
    assert max(drawing.width, drawing.height) == LONGER_SIDE
    areas = [ring_area(area.path) * step**2 for area in drawing.areas]
    assert areas == pytest.approx(shapely.area(land).tolist(), rel=0.01)
    for shape, area in zip(land, drawing.areas, strict=True):
        assert area.label is not None
        x, y = area.label
        assert shape.contains(shapely.Point(west + x * step, north - y * step))


@pytest.mark.parametrize(
    ("unit", "sense", "plan", "today", "rough", "expected"),
    [
        ("share", "higher", 0.961, 0.911, False, "▲ 5.0 points higher: better"),
        ("share", "higher", 0.88, 0.93, True, "▼ about 5 points lower: worse"),
        ("share", "higher", 0.884, 0.881, True, "the same"),
        ("share of the mean", "lower", 0.1, 0.3, False, "▼ 20.0 points lower: better"),
        ("schools", "lower", 14, 23, False, "▼ 9 schools fewer: better"),
        ("km", "lower", 21.9, 14.82, False, "▲ 7.1 km higher: worse"),
        ("km", "lower", 21.8971, 14.8242, False, "▲ 7.1 km higher: worse"),
        ("0 to 1", "higher", 0.27, 0.25, False, "▲ 0.020 higher: better"),
        ("students", "none", 30, 20, False, "▲ 10 students more"),
        ("schools", "lower", 3, 3, False, "the same"),
        ("share", "higher", 0.9104, 0.9101, False, "the same"),
        ("schools", "lower", 1, 2, False, "▼ 1 school fewer: better"),
        ("schools", "lower", None, 3, False, ""),
    ],
)
def test_change_in_words(
    unit: str, sense: str, plan: float | None, today: float, rough: bool, expected: str
) -> None:
    measure = Measure("m", unit, sense)
    assert change(measure, Value(plan), Value(today), ENGLISH, rough=rough) == expected


def test_the_settings_of_an_estimate_are_listed(toy: Assignment) -> None:
    pairs = pd.MultiIndex.from_tuples([("E00", "M00")], names=["from_id", "to_id"])
    columns = ["width=0.1 scale=local", "width=0.2 scale=local", "width=0.2 scale=even"]
    variants = pd.DataFrame(1.0, index=pairs, columns=columns)
    network = replace(toy.network, flow_variants=variants)
    plan = replace(toy, network=network)
    told = dict(methods(plan, score(toy), ENGLISH))["How sure they are"]
    assert told.startswith("Estimated figures are about right only.")
    assert "3 other settings of the estimate. Settings: width 0.1, 0.2; scale local, even." in told


def test_shares_of_the_sources_add_up(toy: Assignment) -> None:
    told = dict(methods(toy, score(toy), ENGLISH))["Feeder flows"]
    shares = [int(share) for share in re.findall(r"(\d+)% of the students", told)]
    assert len(shares) == 3
    assert sum(shares) == pytest.approx(100, abs=1)


def test_long_lists_are_cut() -> None:
    places = "; ".join(f"{k} km2 of a to b" for k in range(20))
    (notice,) = notices([Problem(rule="pieces-mended", message=f"It went: {places}.")], ENGLISH)
    (detail,) = notice.details
    assert detail.count("km2") == MOST_PLACES
    assert detail.endswith(f"and {20 - MOST_PLACES} more.")


@given(st.from_regex(r"[a-z]+(-[a-z]+)*", fullmatch=True), st.text(min_size=1))
def test_a_message_nobody_has_read_is_never_quoted(rule: str, message: str) -> None:
    (notice,) = notices([Problem(rule=f"x-{rule}", message=message)], ENGLISH)
    assert notice.details == ()


def test_what_was_left_out_is_counted() -> None:
    assert left_out({}, ENGLISH) == ""
    assert left_out({"below": 10, "flow": 0}, ENGLISH).endswith("there were none.")
    told = left_out({"below": 10, "enrollment": 1, "grade": 54, "flow": 1200}, ENGLISH)
    assert "1 school enrollment, 54 grade enrollments and 1,200 flows between two schools." in told


def test_one_kind_of_repair_is_told_once() -> None:
    twice = [Problem(rule="offshore", message=text) for text in ("One.", "Two.")]
    (notice,) = notices(twice, ENGLISH)
    assert notice.details == ("One.", "Two.")
