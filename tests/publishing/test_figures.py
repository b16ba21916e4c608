"""What is published of a plan is true: its figures, the ranges of its communities, its promises."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publication import published

from feeder import OwnMeasure
from feeder.language import Message
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.publishing.cells import every_cell
from feeder.publishing.figures import published_card, usual_digits
from feeder.publishing.published import PublishedPlan
from feeder.publishing.ranges import deviation_range, rate_range, share_range
from feeder.publishing.worlds import Worlds, worlds_of
from feeder.telling.agreed import NOT_SHOWN, agreed
from feeder.telling.sections import Section, Shown
from feeder.telling.units import TEXT, with_units
from feeder.terms import OF_FLOWS, PERCENT_UNITS, TERMS, TRUE_HEADLINES

Shuffle = Callable[[Assignment, int], Assignment]
MANY = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def today(toy: Assignment) -> Assignment:
    """The toy in a district that has a plan today."""
    index = toy.district.schools.index
    plan = pd.Series([f"T{k % 4}" for k in range(len(index))], index=index)
    return replace(toy, district=replace(toy.district, existing_plan=plan))


@pytest.fixture(scope="module")
def known(today: Assignment) -> Worlds:
    return worlds_of(today)


def true_card(plan: Assignment) -> Scorecard:
    """Return the figures of the true counts, in eighths as they are published."""
    exact = worlds_of(plan, every_cell(plan.district, plan.network))
    return score(exact.of(plan))


def card_of(plan: Assignment, known: Worlds, full: Scorecard) -> Scorecard:
    return published_card(plan, full, known, usual_digits(plan))


@MANY
@given(seed=st.integers(0, 2**16))
def test_the_truth_lies_in_every_range(
    today: Assignment, known: Worlds, shuffled: Shuffle, seed: int
) -> None:
    plan = shuffled(today, seed)
    full, true = score(plan), true_card(plan)
    card = card_of(plan, known, full)
    is_open = set()
    for name in card.communities.select_dtypes("number"):
        low, high = card.ends(name)
        exact = true.communities[name]
        assert (low.isna() == high.isna()).all()
        # Unknown where, of all that may be, some has no rate.
        told = low.notna()
        assert (low[told] <= exact[told] + 1e-9).all(), name
        assert (exact[told] <= high[told] + 1e-9).all(), name
        is_open |= {name} if (low < high).any() else set()
    assert {"enrollment", "enrollment_deviation", "feeder_continuity", "need"} <= is_open
    for measures, exact in ((card.plan, true.plan), (card.existing, true.existing)):
        for name, value in measures.items():
            if value.value is None or name in TRUE_HEADLINES:
                continue
            if value.low is None:
                assert value.value == pytest.approx(exact[name].value, abs=1e-9), name
            else:
                assert value.low <= exact[name].value + 1e-9, name
                assert exact[name].value <= value.high + 1e-9, name


@MANY
@given(seed=st.integers(0, 2**16))
def test_a_headline_is_the_true_one_with_fewer_digits(
    today: Assignment, known: Worlds, shuffled: Shuffle, seed: int
) -> None:
    plan = shuffled(today, seed)
    full = score(plan)
    card = card_of(plan, known, full)
    assert plan.network.graph.has_estimates
    for measures, exact in ((card.plan, full.plan), (card.existing, full.existing)):
        for name in TRUE_HEADLINES:
            value = exact[name].value
            if value is None:
                assert measures[name].value is None
                continue
            rounded = TERMS[name].unit in PERCENT_UNITS
            digits = (2 if name in OF_FLOWS else 3) if rounded else None
            assert measures[name].value == (value if digits is None else round(value, digits))
            if rounded:
                assert measures[name].numerator is measures[name].denominator is None


def test_students_moved_are_a_range(today: Assignment, known: Worlds) -> None:
    """All but M14 stay where they are today: the 7 who move are told as 1 to 9."""
    home = np.arange(len(today.school_community)) % 4
    home[today.network.graph.school_ids.index("M14")] += 1
    home %= 4
    plan = replace(today, school_community=home)
    full = score(plan)
    value = card_of(plan, known, full).plan["students_moved"]
    assert full.plan["students_moved"].value == 7
    assert value.low <= 1
    assert value.high >= 9


def test_coarser_digits_are_told_where_they_are_asked_for(today: Assignment, known: Worlds) -> None:
    full = score(today)
    card = published_card(today, full, known, usual_digits(today) | {"enrollment_deviation": 1})
    true = full.plan["enrollment_deviation"].value
    assert card.plan["enrollment_deviation"].value == round(true, 1) != round(true, 3)


def test_where_every_count_is_told_nothing_is_a_range(toy: Assignment) -> None:
    card, true = published(toy, whole=True).scorecard, true_card(toy)
    assert card.least is None
    pd.testing.assert_frame_equal(card.communities, true.communities)
    for name, value in card.plan.items():
        if name not in TRUE_HEADLINES:
            assert value == true.plan[name]


def test_a_rate_by_hand() -> None:
    """8 to 10 of the part, 0 to 5 of the rest: from 8 / 13 to 10 / 10; nobody has no rate."""
    part, rest = np.array([[8.0, 0.0], [10.0, 0.0]]), np.array([[0.0, 0.0], [5.0, 0.0]])
    low, high = rate_range(part, rest)
    assert (low[0], high[0]) == (8 / 13, 1.0)
    assert np.isnan([low[1], high[1]]).all()


def test_a_rate_of_its_own_whole_by_hand() -> None:
    """0 to 9 of 300, and 1 to 9 of whom all are in the part: the rest is 291 to 300 and 0 to 8."""
    part, whole = np.array([[0.0 + 1.0], [9.0 + 9.0]]), np.array([[300.0 + 1.0], [300.0 + 9.0]])
    low, high = share_range(part, whole)
    assert low[0] == 1 / (1 + 308)
    assert high[0] == 18 / (18 + 283)
    assert low[0] <= 9 / 309 <= high[0]


def test_a_deviation_by_hand() -> None:
    """100 to 110 and 100: of 210 the first has at most 110, of 200 the second has 100."""
    low, high = deviation_range(np.array([100.0, 100.0]), np.array([110.0, 100.0]))
    assert low.tolist() == pytest.approx([0.0, 200 / 210 - 1])
    assert high.tolist() == pytest.approx([220 / 210 - 1, 0.0])


def test_promises_are_kept_as_the_whole_data_keep_them(toy: Assignment) -> None:
    """Deviations are judged by true students; by how much is told only where that is certain."""
    strict = replace(toy.scenario, enrollment_tolerance=0.0001, need_tolerance=0.0001)
    plan = replace(toy, scenario=strict)
    full, public = score(plan), published(plan)
    middle = score(public.assignment)
    assert [one.satisfied for one in public.scorecard.constraints] == [
        one.satisfied for one in full.constraints
    ]
    hidden = told = 0
    for shown, true, drawn in zip(
        public.scorecard.constraints, full.constraints, middle.constraints, strict=True
    ):
        sure = {str(one.message) for one in drawn.violations}
        assert len(shown.violations) == len(true.violations)
        for one, exact in zip(shown.violations, true.violations, strict=True):
            assert one.community_id == exact.community_id
            if one.message.key == "page.broken_not_told":
                assert one.value == one.bound == ""
                hidden += 1
            else:
                assert str(one.message) == str(exact.message)
                assert str(exact.message) in sure
                told += 1
    assert hidden
    assert told


def test_a_measure_of_ones_own_is_told_only_where_every_world_tells_it(toy: Assignment) -> None:
    """Students of the community of M14 rest on a count of few; its schools do not."""
    home = toy.school_community[toy.network.graph.school_ids.index("M14")]

    def students(plan: Assignment) -> float:
        schools = plan.district.schools.loc[list(plan.network.graph.school_ids)]
        return float(schools["enrollment"].to_numpy()[plan.school_community == home].sum())

    def schools(plan: Assignment) -> float:
        return float((plan.school_community == home).sum())

    own = [
        OwnMeasure("students_there", "students", "none", value=students),
        OwnMeasure("schools_there", "schools", "none", value=schools),
    ]
    card = published(toy, score(toy, measures=own)).scorecard
    assert card.plan["students_there"].value is None
    assert card.plan["students_there"].reason == Message("missing.not_told")
    assert card.plan["schools_there"].value == schools(toy)


def test_the_drawn_plan_is_not_the_true_one(toy: Assignment, public: PublishedPlan) -> None:
    """What renderers are given holds no small count."""
    assert toy.district.schools.loc["M14", "enrollment"] == 7
    assert public.assignment.district.schools.loc["M14", "enrollment"] != 7
    assert public.assignment.district is public.worlds.middle.district


UNITS = {"name": TEXT, "students": "students", "share": "share"}


def section(*sentences: str, rows: list[tuple[object, ...]]) -> Section:
    frame = with_units(pd.DataFrame(rows, columns=list(UNITS)), UNITS)
    said = tuple(Message("text.own", {"text": one}) for one in sentences)
    return Section(Message("figure.none"), said, (Shown(Message("figure.none"), frame),))


def test_readings_agree_on_what_is_shown_alike() -> None:
    one = section("Same.", "Here.", rows=[("A", 100, 0.5), ("B", 20, 0.25)])
    other = section("Same.", "There.", rows=[("A", 109, 0.5), ("B", 20, 0.25004)])
    (told,) = agreed((one,), (other,))
    assert [str(said) for said in told.sentences] == ["Same.", str(Message("report.not_told"))]
    assert told.tables[0].frame.to_numpy().tolist() == [["A", NOT_SHOWN, 0.5], ["B", 20, 0.25]]


def test_tables_of_other_rows_are_left_out_and_one_reading_stays() -> None:
    one = section("Same.", rows=[("A", 100, 0.5)])
    assert agreed((one,)) == (one,)
    (told,) = agreed((one,), (section("Same.", rows=[("C", 100, 0.5)]),))
    assert told.tables == ()
    assert str(told.sentences[-1]) == str(Message("report.not_told"))
    assert agreed((one,), ()) == ()
