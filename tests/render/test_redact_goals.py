"""No published goal rests on a few students, or gives a few away."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from feeder.publishing.redact import redacted
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.analyses.goals.summed import goals_table
from feeder.district.model import Goal
from feeder.planning import Assignment

COLUMNS = ["numerator", "denominator", "target", "past_numerator", "past_denominator"]


def with_goal(plan: Assignment, schools: pd.DataFrame) -> Assignment:
    goal = Goal(name="absence", better="lower", schools=schools)
    return replace(plan, district=replace(plan.district, goals=(goal,)))


def clean_schools(clean: Assignment) -> pd.DataFrame:
    goals = clean.district.goals
    assert goals is not None
    return goals[0].schools


@pytest.mark.parametrize(
    ("absent", "of", "stays"),
    [
        (9, 100, False),
        (9.5, 100, False),
        (10, 100, True),
        (0, 100, True),
        (100, 100, True),
        (90, 100, True),
        (91, 100, False),
        (0, 9, False),
        (3, 5, False),
    ],
)
def test_what_stays_by_hand(
    build: Callable[[int], Assignment], absent: float, of: float, *, stays: bool
) -> None:
    """Fewer than 10 absent go, and so do all but fewer than 10: 91 of 100 leave 9."""
    plan = build(0)
    index = plan.district.schools.index
    schools = pd.DataFrame([[absent, of, 0.03, 50.0, 100.0]] * len(index), index, COLUMNS)
    shown = clean_schools(redacted(with_goal(plan, schools.astype(float))))
    big = shown[redacted(plan).district.schools["enrollment"] > 0]
    assert big["numerator"].notna().all() == stays
    assert (big["numerator"].notna() == big["denominator"].notna()).all()
    assert (big["past_numerator"] == 50).all()
    assert (shown["target"] == 0.03).all()


@settings(max_examples=15)
@given(seed=st.integers(0, 99), below=st.sampled_from([5, 10, 40]))
def test_no_few_are_left_and_the_sums_follow(
    build: Callable[[int], Assignment], seed: int, below: int
) -> None:
    plan = build(seed)
    index = plan.district.schools.index
    rng = np.random.default_rng(seed)
    of, past_of = rng.integers(0, 130, (2, len(index)))
    columns = [rng.integers(0, of + 1), of, rng.uniform(0, 1, len(index))]
    columns += [rng.integers(0, past_of + 1), past_of]
    raw = with_goal(plan, pd.DataFrame(np.array(columns).T, index, COLUMNS, dtype=float))
    clean = redacted(raw, below=below)
    shown = clean_schools(clean)
    for year in ("", "past_"):
        part, whole = shown[f"{year}numerator"], shown[f"{year}denominator"]
        for cells in (part, whole, whole - part):
            assert not ((cells > 0) & (cells < below)).any()
    table = goals_table(clean)
    whole = table[table["level"] == "district"].iloc[0]
    assert whole["numerator"] == shown["numerator"].sum()
    hidden = shown["numerator"].isna()
    target = (shown["target"] * shown["denominator"])[~hidden].sum()
    assert whole["target_numerator"] == pytest.approx(target)
    assert whole["schools_without_figures"] == hidden.sum()
    small = raw.district.schools["enrollment"].between(1, below - 1)
    assert hidden[small].all()
