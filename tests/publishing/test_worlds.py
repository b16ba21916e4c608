"""What may be known of a district: the truth lies between its ends, and small counts are open."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeder.district.model import Goal
from feeder.planning import Assignment
from feeder.publishing.cells import Range, Told, every_cell
from feeder.publishing.withheld import withheld
from feeder.publishing.worlds import Worlds, eighths, worlds_of

MANY = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def pairs(told: Told, true: Told) -> list[tuple[Range, pd.DataFrame]]:
    """Return what is known of each table, beside what it is."""
    return [
        (known, own.low)
        for known, own in zip(told.tables.values(), true.tables.values(), strict=True)
    ]


def is_few(true: pd.DataFrame) -> pd.DataFrame:
    return (true > 0) & (true < 10)


def test_every_true_count_lies_in_its_range(toy: Assignment, worlds: Worlds) -> None:
    for known, true in pairs(worlds.told, every_cell(toy.district, toy.network)):
        cells = true.notna()
        assert (known.low <= true + 1e-9).to_numpy()[cells].all()
        assert (true <= known.high + 1e-9).to_numpy()[cells].all()


def test_a_count_of_few_students_may_be_any_of_one_to_nine(toy: Assignment, worlds: Worlds) -> None:
    true = every_cell(toy.district, toy.network)
    observed = (toy.network.flows["source"] == "observed").to_numpy()
    tables = {
        "enrollment": (worlds.told.enrollment, true.enrollment.low),
        "grades": (worlds.told.grades, true.grades.low),
        "counts": (worlds.told.counts, true.counts.low),
        "parts": (worlds.told.parts, true.parts.low),
    }
    for name, (known, exact) in tables.items():
        few = is_few(exact).to_numpy()
        assert few.any(), name
        assert (known.low.to_numpy()[few] <= 1).all(), name
        # Of M14 no more than 9 are known to be there.
        most = 7 if name == "parts" else 9
        assert (known.high.to_numpy()[few] >= most).all(), name
    few = is_few(true.flows.low)["students"].to_numpy() & observed
    assert few.any()
    assert (worlds.told.flows.low["students"].to_numpy()[few] <= 1).all()
    assert (worlds.told.flows.high["students"].to_numpy()[few] >= 9).all()


def test_the_middle_lies_halfway(worlds: Worlds) -> None:
    told = worlds.told.enrollment
    halfway = (told.low + told.high)["enrollment"] // 2
    schools = worlds.middle.district.schools
    assert (schools["enrollment"] == halfway).all()
    grades = (worlds.told.grades.low + worlds.told.grades.high) / 2
    pd.testing.assert_frame_equal(worlds.middle.district.grade_enrollment, grades)


@MANY
@given(seed=st.integers(0, 2**16))
def test_sums_of_any_schools_lie_between_the_ends(
    toy: Assignment, worlds: Worlds, seed: int
) -> None:
    """By hand: of any division, students, counts and leavers of the least, the truth, the most."""
    home = np.random.default_rng(seed).integers(0, 5, len(toy.district.schools))

    def sums(district: object) -> pd.DataFrame:
        columns = district.schools[["enrollment", "leavers", "entering"]].astype(float)
        columns[["leavers", "entering"]] = eighths(columns[["leavers", "entering"]])
        return pd.concat([columns, district.statistics.counts], axis=1).groupby(home).sum()

    true = sums(toy.district)
    least, middle, most = (
        sums(world.district) for world in (worlds.least, worlds.middle, worlds.most)
    )
    assert (least <= true).to_numpy().all()
    assert (true <= most).to_numpy().all()
    assert (least <= middle).to_numpy().all()
    assert (middle <= most).to_numpy().all()


def test_leavers_and_kindergartners_follow_their_grades(toy: Assignment, worlds: Worlds) -> None:
    """The 6 in the highest grade of E07 are all of its leavers: both have one range."""
    assert toy.district.grade_enrollment.loc["E07", "5"] == 6
    for world, end in ((worlds.least, "low"), (worlds.most, "high")):
        grade = getattr(worlds.told.grades, end).loc["E07", "5"]
        assert world.district.schools.loc["E07", "leavers"] == grade
    same = worlds.told.grades.low["K"] == worlds.told.grades.high["K"]
    told = same.to_numpy() & ~worlds.told.enrollment.is_open["enrollment"].to_numpy()
    for world in (worlds.least, worlds.most):
        entering = world.district.schools["entering"][told]
        assert (entering == toy.district.schools["entering"][told]).all()


def test_need_and_rates_are_made_of_the_counts_of_their_world(worlds: Worlds) -> None:
    for world, end in ((worlds.least, "low"), (worlds.most, "high")):
        statistics, told = world.district.statistics, worlds.told
        counts = getattr(told.counts, end)["meals"].fillna(0.0)
        pd.testing.assert_series_equal(statistics.need, counts, check_names=False)
        part = statistics.rates["absence"] * statistics.rates["absence_denominator"]
        known = part.notna()
        np.testing.assert_allclose(part[known], getattr(told.parts, end)["absence"][known])
    assert (worlds.least.district.statistics.need < worlds.most.district.statistics.need).any()


def test_small_flows_stay_with_their_range(toy: Assignment, worlds: Worlds) -> None:
    """No flow goes: it is drawn halfway, and both its ends are told."""
    flows, graph = worlds.middle.network.flows, worlds.middle.network.graph
    assert len(flows) == len(toy.network.flows)
    is_open = worlds.told.flows.is_open["students"].to_numpy()
    assert is_open.any()
    low, high = flows["students_low"][is_open], flows["students_high"][is_open]
    assert (flows["students"][is_open] == eighths((low + high) / 2)).all()
    np.testing.assert_array_equal(graph.flow_students, flows["students"])
    for world, end in ((worlds.least, low), (worlds.most, high)):
        assert (world.network.flows["students"][is_open] == end).all()


def test_what_is_known_does_not_depend_on_the_plan(
    toy: Assignment, worlds: Worlds, shuffled: Callable[[Assignment, int], Assignment]
) -> None:
    other = worlds_of(shuffled(toy, 3)).told
    assert list(worlds.told.tables) == list(other.tables)
    for one, same in zip(worlds.told.tables.values(), other.tables.values(), strict=True):
        pd.testing.assert_frame_equal(one.low, same.low)
        pd.testing.assert_frame_equal(one.high, same.high)


def test_where_every_count_is_told_there_is_one_world(toy: Assignment) -> None:
    one = worlds_of(toy, every_cell(toy.district, toy.network))
    assert not one.is_open
    assert one.least is one.middle is one.most
    shown, true = one.middle.district, toy.district
    assert shown.schools["enrollment"].equals(true.schools["enrollment"])
    assert shown.grade_enrollment.equals(true.grade_enrollment)
    assert set(withheld(one.told).values()) == {10, 0}


def test_texts_that_carry_figures_are_left_out(toy: Assignment, worlds: Worlds) -> None:
    assert set(toy.district.extra) == {"board", "n_meals"}
    for world in (worlds.least, worlds.middle, worlds.most):
        assert list(world.district.extra.columns) == ["board"]
        assert world.district.warnings == ()
        assert world.network.warnings == ()


def test_the_plan_and_the_land_stay(toy: Assignment, worlds: Worlds) -> None:
    drawn = worlds.of(toy)
    assert drawn.plan_table().equals(toy.plan_table())
    assert drawn.network.tiles is toy.network.tiles


def test_what_is_withheld_is_counted_by_kind(toy: Assignment, worlds: Worlds) -> None:
    note, true = withheld(worlds.told), every_cell(toy.district, toy.network)
    assert note["below"] == 10
    assert note["enrollment"] == 1
    assert note["count"] >= int(is_few(true.counts.low).to_numpy().sum()) > 0
    assert note["grade"] >= int(is_few(true.grades.low).to_numpy().sum()) > 0
    is_open = sum(int(one.is_open.to_numpy().sum()) for one in worlds.told.tables.values())
    assert sum(note.values()) - note["below"] == is_open


def test_goals_are_ranges_too(toy: Assignment) -> None:
    """9 of 100 may be any of 1 to 9; 10 of 100 and a target are told."""
    index = toy.district.schools.index
    columns = ["numerator", "denominator", "target", "past_numerator", "past_denominator"]
    schools = pd.DataFrame([[10.0, 100.0, 0.03, 50.0, 100.0]] * len(index), index, columns)
    schools.loc["E00", "numerator"] = 9.0
    goal = Goal(name="absence", better="lower", schools=schools)
    worlds = worlds_of(replace(toy, district=replace(toy.district, goals=(goal,))))
    least, most = (world.district.goals[0].schools for world in (worlds.least, worlds.most))
    assert least.loc["E00", "numerator"] <= 1
    assert most.loc["E00", "numerator"] >= 9
    for end in (least, most):
        assert end["target"].equals(schools["target"])
    assert (least["numerator"] <= schools["numerator"]).all()
    assert (schools["numerator"] <= most["numerator"]).all()


@pytest.mark.parametrize("missing", ["grade_enrollment", "flows"])
def test_a_district_without_a_table_has_none_in_any_world(toy: Assignment, missing: str) -> None:
    worlds = worlds_of(replace(toy, district=replace(toy.district, **{missing: None})))
    for world in (worlds.least, worlds.middle, worlds.most):
        assert getattr(world.district, missing) is None
