"""Money: three schools by hand, and what holds whatever the formula and the plan."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.analyses.funding.allocation import PARTS, Allocation, allocate
from feeder.analyses.funding.tables import by_community, by_region, by_school, change, ledger
from feeder.district.figures.statistics import no_measures
from feeder.district.model import Funding
from feeder.errors import InputError
from feeder.planning import Assignment
from feeder.planning.identity import Community
from feeder.scenario import Scenario
from feeder.telling.units import units_of

FORMULA = Funding(
    total=1000.0,
    held_centrally=0.1,
    per_community=50.0,
    per_school=100.0,
    per_pupil=1.0,
    per_need=0.5,
)


def planned(
    students: list[int], need: list[float], community: list[int], ids: list[str] | None = None
) -> Assignment:
    """Return a plan of schools a, b, c ... with nothing but what money looks at."""
    names = ids or [f"{at:03d}" for at in range(len(students))]
    schools = pd.DataFrame(
        {"name": names, "region": ["" if c < 0 else f"R{c}" for c in community]},
        index=pd.Index(names, name="school_id"),
    )
    schools["enrollment"] = np.array(students, dtype=np.int64)
    order = np.argsort(names)
    schools = schools.iloc[order]
    needs = pd.Series(need, index=names).sort_index()
    n = max(community) + 1
    district: Any = SimpleNamespace(
        schools=schools, statistics=replace(no_measures(schools.index), need=needs)
    )
    network: Any = SimpleNamespace(graph=SimpleNamespace(school_ids=tuple(schools.index)))
    return Assignment(
        district=district,
        network=network,
        scenario=Scenario(),
        school_community=np.array(community)[order],
        node_community=np.zeros(0, dtype=np.int64),
        communities=tuple(Community(f"C{c}", c + 1, f"Name {c}", "#88CCEE") for c in range(n)),
    )


def schools(found: Allocation) -> list[int]:
    return [int(cents) for cents in found.cents.sum(axis=1)]


def test_three_schools_by_hand() -> None:
    """A total of 1,000: 100 held centrally, two offices at 50, three schools at 100: 500 are left.

    Weights: 10 students and need 4 are 12; 20 and 0 are 20; 5 and 6 are 8. Of 500 that is 150, 250
    and 100. Need's part of the first is 2/12 of 150, of the third 3/8 of 100.
    """
    found = allocate(planned([10, 20, 5], [4, 0, 6], [0, 0, 1]), FORMULA)
    assert found.cents.to_numpy().tolist() == [
        [10000, 12500, 2500, 0],
        [10000, 25000, 0, 0],
        [10000, 6250, 3750, 0],
    ]
    assert (found.central, found.office, found.offices, found.total) == (10000, 5000, 10000, 100000)
    table = by_community(found)
    assert table["dollars"].tolist() == [650.0, 250.0]
    assert table["dollars_per_student"].tolist() == pytest.approx([650 / 30, 50.0])
    assert units_of(table)["office"] == "dollars"
    assert ledger(found).set_index("part")["share"].tolist() == pytest.approx(
        [0.1, 0.1, 0.3, 0.4375, 0.0625, 0.0, 1.0]
    )


def test_held_harmless_by_hand() -> None:
    """Amounts are 250, 350 and 200; last year 100, 200 and 600, of which half is kept.

    The third is raised from 200 to 300. The others stand 150 (250 over its fixed 100) and 250 (350
    over 100) above their floors: 400, of which 300 are left, so each keeps three quarters: 212.50
    and 287.50.
    """
    last_year = pd.Series([100.0, 200.0, 600.0], index=["000", "001", "002"])
    formula = replace(FORMULA, hold_harmless=0.5, last_year=last_year)
    found = allocate(planned([10, 20, 5], [4, 0, 6], [0, 0, 1]), formula)
    assert schools(found) == [21250, 28750, 30000]
    assert found.cents["held_harmless"].tolist() == [-3750, -6250, 10000]
    assert found.total == 100000


def test_without_a_total_amounts_stand_and_harmless_money_is_added() -> None:
    """The first gets 100 + 10 x 7 = 170, the second 100 + 20 x 7 = 240 but keeps 300.

    With an office of 50 that is 520, which are 80 % of the total: 130 more are held centrally.
    """
    formula = Funding(
        held_centrally=0.2,
        per_community=50.0,
        per_school=100.0,
        per_pupil=7.0,
        hold_harmless=1.0,
        last_year=pd.Series([np.nan, 300.0], index=["000", "001"]),
    )
    found = allocate(planned([10, 20], [0, 0], [0, 0]), formula)
    assert schools(found) == [17000, 30000]
    assert found.central == 13000
    assert found.total == 65000


def test_schools_outside_every_community_have_a_row_but_no_office() -> None:
    found = allocate(planned([10, 20, 5], [4, 0, 6], [0, 0, -1]), FORMULA)
    table = by_community(found)
    assert table["community_id"].tolist() == ["C0", ""]
    assert table["office"].tolist() == [50.0, 0.0]
    assert table["dollars"].sum() == 900
    assert by_region(found)["region"].tolist() == ["", "R0"]


def test_change_is_against_the_communities_carried_on_and_adds_up() -> None:
    """Today 0 and 1 are one community and 2 another; the plan joins 1 and 2.

    {1, 2} has most students of either, so it carries on both, and {0} is new.
    """
    now = allocate(planned([10, 20, 5], [4, 0, 6], [0, 0, 1]), FORMULA)
    new = allocate(planned([10, 20, 5], [4, 0, 6], [0, 1, 1]), FORMULA)
    table = change(new, now)
    assert table["today_id"].tolist() == ["", "C0, C1"]
    assert table["dollars"].tolist() == [300.0, 600.0]
    assert table["dollars_change"].tolist() == [300.0, -300.0]
    assert table["dollars_per_student_today"].tolist()[1] == pytest.approx(900 / 35)


def test_a_community_that_ends_is_told_and_the_changes_still_add_up() -> None:
    now = allocate(planned([10, 20, 5], [4, 0, 6], [0, 1, 2]), FORMULA)
    new = allocate(planned([10, 20, 5], [4, 0, 6], [0, 0, -1]), FORMULA)
    table = change(new, now)
    assert table[["community_id", "today_id"]].to_numpy().tolist() == [
        ["C0", "C0, C1"],
        ["", "C2"],
        ["", ""],
    ]
    assert table["dollars_change"].sum() == pytest.approx(0)


@pytest.mark.parametrize(
    ("formula", "rule", "told"),
    [
        (replace(FORMULA, per_school=300.0), "fixed-above-pot", "$100.00 more than there is"),
        (replace(FORMULA, per_pupil=0.0, per_need=0.0), "no-weight", "$500.00 beyond"),
        (
            replace(FORMULA, hold_harmless=1.0, last_year=pd.Series({"000": 700.0})),
            "floors-above-pot",
            "comes to $900.00, $100.00 more than the $800.00",
        ),
    ],
)
def test_what_cannot_be_kept_is_told_with_figures(formula: Funding, rule: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        allocate(planned([10, 20, 5], [4, 0, 6], [0, 0, 1]), formula)
    (problem,) = caught.value.problems
    assert problem.rule == rule
    assert told in problem.message


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[int], list[float], list[int], Funding]:
    n = draw(st.integers(1, 25))
    students = draw(st.lists(st.integers(0, 3000), min_size=n, max_size=n))
    tenths = draw(st.lists(st.integers(0, 9000), min_size=n, max_size=n))
    community = draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))
    last_year = pd.Series(
        draw(st.lists(st.floats(0, 1e6), min_size=n, max_size=n)),
        index=[f"{at:03d}" for at in range(n)],
    )
    last_year[draw(st.integers(0, n - 1)) :] = np.nan
    fixed = st.integers(0, 10_000).map(lambda cents: cents / 100)
    formula = Funding(
        total=draw(st.one_of(st.none(), st.integers(10**9, 10**13).map(lambda n: n / 100))),
        held_centrally=draw(st.sampled_from([0.0, 0.03, 1 / 3])),
        per_community=draw(fixed),
        per_school=draw(fixed),
        per_pupil=draw(st.sampled_from([0.0, 0.1, 1.0, 6543.21])) + 0.01,
        per_need=draw(st.sampled_from([0.0, 0.4, 2.0])),
        hold_harmless=draw(st.sampled_from([0.0, 0.1, 0.2])),
        last_year=last_year,
    )
    if not sum(students):
        students[0] = 1
    return students, [tenth / 10 for tenth in tenths], community, formula


@given(cases())
def test_every_cent_is_accounted_for(case: tuple[list[int], list[float], list[int], Any]) -> None:
    *plan, formula = case
    found = allocate(planned(*plan), formula)
    if formula.total is not None:
        assert found.total == round(formula.total * 100)
        assert found.cents["held_harmless"].sum() == 0
    floors = formula.hold_harmless * formula.last_year.fillna(0.0)
    assert (found.cents.sum(axis=1) / 100 + 1e-6 >= floors.to_numpy()).all()
    assert (found.cents.sum(axis=1) >= round(formula.per_school * 100)).all()
    paid = found.total - found.central
    for table in (by_community(found), by_school(found), by_region(found)):
        offices = 0 if "community_id" in table and "office" in table else found.offices
        assert round(table["dollars"].sum() * 100) == paid - offices
    told = ledger(found).set_index("part")["dollars"]
    assert round(told["total"] * 100) == found.total
    assert round(told.drop("total").sum() * 100) == found.total
    assert list(found.cents) == list(PARTS)


@given(cases(), st.data())
def test_the_order_of_schools_moves_a_cent_at_most(
    case: tuple[list[int], list[float], list[int], Any], data: st.DataObject
) -> None:
    students, need, community, formula = case
    formula = replace(formula, hold_harmless=0.0)
    ids = [f"{at:03d}" for at in range(len(students))]
    shuffled = data.draw(st.permutations(ids))
    one = allocate(planned(students, need, community, ids), formula)
    other = allocate(planned(students, need, community, shuffled), formula)
    first = one.cents.sum(axis=1).reindex(ids).to_numpy()
    second = other.cents.sum(axis=1).reindex(shuffled).to_numpy()
    assert np.abs(first - second).max() <= 1  # equal remainders go by id
    assert first.sum() == second.sum()
    assert (one.central, one.offices) == (other.central, other.offices)
