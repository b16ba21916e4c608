"""What is redacted cannot be seen, and cannot be worked out from what can."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from feeder.publishing.redact import redacted, redaction_note
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.district.model import GRADE_COLUMNS
from feeder.planning import Assignment

HYPOTHESIS = settings(max_examples=15)


def is_small(values: object, below: int) -> np.ndarray:
    cells = np.asarray(values, dtype=np.float64)
    return (cells > 0) & (cells < below)


def with_flows(assignment: Assignment, rows: list[tuple[str, str, float, str]]) -> Assignment:
    """Give the toy another flow table, in its table and in its graph."""
    columns = ["from_id", "to_id", "students", "source"]
    flows = pd.DataFrame(rows, columns=columns)
    flows["students_low"] = flows["students_high"] = flows["students"]
    ids = pd.Index(assignment.network.graph.school_ids)
    graph = replace(
        assignment.network.graph,
        flow_from=ids.get_indexer(pd.Index(flows["from_id"])),
        flow_to=ids.get_indexer(pd.Index(flows["to_id"])),
        flow_students=flows["students"].to_numpy(),
        flow_source=flows["source"].to_numpy(dtype=str),
    )
    return replace(
        assignment,
        network=replace(assignment.network, graph=graph, flows=flows),
        district=replace(assignment.district, flows=flows),
    )


def with_leavers(assignment: Assignment, **leavers: float) -> Assignment:
    """Say that leavers are worked out from the enrollment, as without enrollment by grade."""
    schools = assignment.district.schools.copy()
    for school, students in leavers.items():
        schools.loc[school, ["leavers", "leavers_estimated"]] = [students, True]
    return replace(assignment, district=replace(assignment.district, schools=schools))


@HYPOTHESIS
@given(seed=st.integers(0, 99), below=st.sampled_from([5, 10, 40]))
def test_no_small_cell_is_left(build: Callable[[int], Assignment], seed: int, below: int) -> None:
    clean = redacted(build(seed), below=below)
    district, network = clean.district, clean.network
    counted = network.flows["source"] != "estimated"
    rates = district.statistics.rates
    assert not is_small(district.schools["enrollment"], below).any()
    assert not is_small(district.schools[["leavers", "entering"]], below).any()
    assert not is_small(district.grade_enrollment, below).any()
    assert not is_small(district.statistics.counts, below).any()
    assert not is_small(district.statistics.need, below).any()
    assert not is_small(rates["absence_denominator"], below).any()
    assert not is_small(rates["absence"] * rates["absence_denominator"], below).any()
    assert not is_small(network.flows.loc[counted, "students"], below).any()
    assert not is_small(network.graph.flow_students[counted.to_numpy()], below).any()
    assert not is_small(district.flows["students"], below).any()


@HYPOTHESIS
@given(seed=st.integers(0, 99), below=st.sampled_from([5, 10, 40]))
def test_a_total_of_grades_gives_no_cell_away(
    build: Callable[[int], Assignment], seed: int, below: int
) -> None:
    raw = build(seed)
    before, after = (
        raw.district.grade_enrollment,
        redacted(raw, below=below).district.grade_enrollment,
    )
    hidden = (after.isna() & (before > 0)).to_numpy()
    cells = before.to_numpy()
    for row in np.flatnonzero(hidden.any(axis=1)):
        positive = cells[row] > 0
        everything = (hidden[row] == positive).all()
        assert everything or (hidden[row].sum() > 1 and cells[row][hidden[row]].sum() >= below), (
            raw.district.schools.index[row]
        )
    rest = before.where(after.notna(), 0.0).sum().sum() + cells[hidden].sum()
    assert rest == before.sum().sum()


@HYPOTHESIS
@given(seed=st.integers(0, 99))
def test_redacting_twice_is_redacting_once(build: Callable[[int], Assignment], seed: int) -> None:
    once = redacted(build(seed))
    twice = redacted(once)
    assert set(redaction_note(once, twice).values()) == {10, 0}
    pd.testing.assert_frame_equal(once.district.schools, twice.district.schools)


def test_small_flows_go_and_take_their_students_from_the_leavers(toy: Assignment) -> None:
    leavers = toy.district.schools.loc["E00", "leavers"]
    sent = [("E00", "M05", 8.0, "observed"), ("E00", "M10", 30.0, "zoned")]
    clean = redacted(with_flows(toy, sent))
    assert clean.network.flows["to_id"].tolist() == ["M10"]
    assert clean.network.graph.flow_students.tolist() == [30.0]
    assert clean.district.schools.loc["E00", "leavers"] == leavers - 8.0 > 40.0
    assert clean.network.flow_report == {"sources": {"zoned": {"rows": 1, "students": 30.0}}}


def test_a_few_leavers_who_go_nowhere_that_is_told_leave_the_leavers(toy: Assignment) -> None:
    leavers = toy.district.schools.loc["E00", "leavers"]
    for few, left in ((4.0, leavers - 4.0), (10.0, leavers), (0.0, leavers)):
        sent = [("E00", "M10", leavers - few, "observed")]
        clean = redacted(with_flows(toy, sent))
        assert clean.district.schools.loc["E00", "leavers"] == left


def test_nearly_all_students_are_told_as_all_but_the_limit(toy: Assignment) -> None:
    counts = toy.district.statistics.counts.copy()
    enrollment = float(toy.district.schools.loc["E00", "enrollment"])
    name = counts.columns[0]
    for value, told in (
        (enrollment, enrollment),
        (enrollment - 1, enrollment - 10),
        (enrollment - 9, enrollment - 10),
        (enrollment - 10, enrollment - 10),
        (enrollment - 11, enrollment - 11),
    ):
        counts.loc["E00", name] = value
        measures = replace(toy.district.statistics, counts=counts)
        clean = redacted(replace(toy, district=replace(toy.district, statistics=measures)))
        assert clean.district.statistics.counts.loc["E00", name] == told
        raw = replace(toy, district=replace(toy.district, statistics=measures))
        capped = redaction_note(raw, clean)["capped"] - redaction_note(toy, redacted(toy))["capped"]
        assert capped == (told < value)


def test_a_single_hidden_flow_takes_another_along_where_leavers_can_be_worked_out(
    toy: Assignment,
) -> None:
    rows = [
        ("E00", "M05", 8.0, "zoned"),
        ("E00", "M10", 30.0, "zoned"),
        ("E00", "M11", 62.0, "zoned"),
    ]
    clean = redacted(with_flows(with_leavers(toy, E00=100.0), rows))
    assert clean.network.flows["to_id"].tolist() == ["M11"]
    assert clean.district.schools.loc["E00", "leavers"] == 62.0


def test_two_hidden_flows_are_not_completed_when_they_reach_the_limit(toy: Assignment) -> None:
    rows = [
        ("E00", "M05", 8.0, "zoned"),
        ("E00", "M10", 7.0, "zoned"),
        ("E00", "M11", 85.0, "zoned"),
    ]
    clean = redacted(with_flows(with_leavers(toy, E00=100.0), rows))
    assert clean.network.flows["to_id"].tolist() == ["M11"]


def test_estimates_stay_unless_their_sender_is_hidden(toy: Assignment) -> None:
    rows = [("E00", "M05", 3.0, "estimated"), ("M14", "H20", 2.0, "estimated")]
    clean = redacted(with_flows(toy, rows))
    assert toy.district.schools.loc["M14", "enrollment"] == 7
    assert clean.network.flows["from_id"].tolist() == ["E00"]


def test_a_small_top_grade_hides_the_leavers_and_their_flows(toy: Assignment) -> None:
    assert toy.district.grade_enrollment.loc["E07", "5"] == 6
    rows = [("E07", "M05", 12.0, "observed"), ("E07", "M10", 4.0, "estimated")]
    clean = redacted(with_flows(toy, rows))
    assert clean.network.flows.empty
    assert clean.district.schools.loc["E07", "leavers"] == 0.0


def test_the_cell_hidden_beside_a_small_one_is_neither_first_nor_last_grade(
    toy: Assignment,
) -> None:
    assert toy.district.grade_enrollment.loc["E05", "3"] == 4
    grades = redacted(toy).district.grade_enrollment.loc["E05"]
    hidden = [name for name in GRADE_COLUMNS if np.isnan(grades[name])]
    assert "3" in hidden
    assert len(hidden) == 2
    assert not {"K", "5"} & set(hidden)


def test_need_is_added_up_from_what_is_left(toy: Assignment) -> None:
    measures = redacted(toy).district.statistics
    pd.testing.assert_series_equal(
        measures.need, measures.counts["meals"].fillna(0.0), check_names=False
    )
    assert measures.counts["meals"].isna().any()


def test_texts_that_carry_figures_are_left_out(toy: Assignment) -> None:
    clean = redacted(toy)
    assert list(clean.district.extra.columns) == ["board"]
    assert clean.district.warnings == ()
    assert clean.network.warnings == ()


def test_the_plan_and_the_land_stay(toy: Assignment) -> None:
    clean = redacted(toy)
    assert clean.plan_table().equals(toy.plan_table())
    assert clean.network.tiles is toy.network.tiles


def test_note_counts_by_kind(toy: Assignment) -> None:
    clean = redacted(toy)
    note = redaction_note(toy, clean)
    counts = toy.district.statistics.counts["meals"]
    assert note["enrollment"] == 1
    hidden = is_small(counts, 10) | ((counts.index == "M14") & counts.notna())
    assert note["count"] == int(hidden.sum())
    assert note["flow"] == len(toy.network.flows) - len(clean.network.flows) > 0
    assert note["below"] == 10


@pytest.mark.parametrize("missing", ["grade_enrollment", "flows"])
def test_a_district_without_a_table_is_redacted_all_the_same(toy: Assignment, missing: str) -> None:
    bare = replace(toy, district=replace(toy.district, **{missing: None}))
    assert getattr(redacted(bare).district, missing) is None
