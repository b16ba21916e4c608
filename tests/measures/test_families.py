"""The families make the scorecard: each term once, each column of a community once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feeder.measures import families
from feeder.measures.families import FAMILIES, Family, Subject
from feeder.measures.grouping import existing, planned
from feeder.measures.inputs import measure_inputs
from feeder.measures.score import score
from feeder.measures.scorecard import Value
from feeder.planning import Assignment
from feeder.terms import COUNT, TERMS, Term


@pytest.fixture
def subject(grid: Assignment) -> Subject:
    return Subject(grid, measure_inputs(grid), planned(grid), existing(grid))


def test_every_term_belongs_to_one_family(subject: Subject) -> None:
    names = [name for family in FAMILIES for name in family.measures(subject)]
    assert sorted(names) == sorted(TERMS)


def test_no_column_is_told_twice(subject: Subject) -> None:
    columns = [name for family in FAMILIES for name in family.columns(subject)]
    assert len(columns) == len(set(columns))


def test_a_new_measure_is_its_row_and_its_family(
    grid: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    largest = Term(name="largest_school", unit="students", sense="none", kind=COUNT)

    def largest_school(subject: Subject) -> dict[str, Value]:
        return {largest.name: Value(float(subject.inputs.enrollment.max()))}

    def each(subject: Subject) -> dict[str, object]:
        home, students = subject.grouping.school, subject.inputs.enrollment
        return {largest.name: [students[home == c].max() for c in range(subject.grouping.n)]}

    before = score(grid)
    monkeypatch.setattr(families, "TERMS", {**TERMS, largest.name: largest})
    monkeypatch.setattr(families, "FAMILIES", (*FAMILIES, Family(largest_school, each)))
    after = score(grid)
    students = grid.district.schools["enrollment"]
    assert after.plan[largest.name].value == students.max()
    assert after.communities[largest.name].max() == students.max()
    assert after.existing is not None
    assert replace(after, plan={}, existing=None).constraints == before.constraints
    rest = {name: value for name, value in after.plan.items() if name != largest.name}
    assert rest == before.plan
