"""The price of a constraint: which plan each step takes, and what is told of it."""

from dataclasses import replace

import numpy as np
import pytest

from feeder.analyses.prices.prices import Step, best_plans, price_table
from feeder.analyses.prices.sections import price_drawing, price_section
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment
from feeder.telling.units import units_of


@pytest.fixture
def card(grid: Assignment) -> Scorecard:
    """A scorecard with every promise kept."""
    found = score(grid)
    kept = tuple(replace(c, violations=(), satisfied=True) for c in found.constraints)
    return replace(found, constraints=kept)


def step(card: Scorecard, value: float, continuity: float | None) -> Step:
    """Return a step with a plan of this continuity, or with a broken one."""
    if continuity is None:
        first, *others = card.constraints
        return Step(
            value=value,
            card=replace(card, constraints=(replace(first, satisfied=False), *others)),
        )
    plan = {**card.plan, "feeder_continuity": Value(continuity)}
    return Step(value=value, card=replace(card, plan=plan))


def test_a_step_takes_the_best_plan_of_its_own_or_any_tighter_step(card: Scorecard) -> None:
    """Searches found 0.90, 0.93, none, 0.85; a fifth step is impossible."""
    found = (0.90, 0.93, None, 0.85)
    steps = [step(card, 0.4 - at / 10, kept) for at, kept in enumerate(found)]
    steps.append(Step(value=0.01, card=None))
    assert best_plans(steps) == [1, 1, 3, 3, None]
    table = price_table(steps, constraint="need_tolerance")
    assert table["found"].tolist() == ["tighter", "found", "tighter", "found", "impossible"]
    np.testing.assert_allclose(table["cost"], [0, 0, 8, 8, np.nan])
    np.testing.assert_allclose(table["found_at"], [0.3, 0.3, 0.1, 0.1, np.nan])
    assert table["contiguity"].tolist() == [True, True, True, True, None]
    assert units_of(table)["step"] == "share"
    assert units_of(price_table(steps, constraint="max_office_minutes"))["step"] == "minutes"


def test_a_step_without_a_plan_tells_the_promises_of_the_closest(card: Scorecard) -> None:
    table = price_table([step(card, 0.2, 0.9), step(card, 0.1, None)], constraint="need_tolerance")
    assert table["found"].tolist() == ["found", "none"]
    n = len(card.constraints)
    assert table["promises_kept"].tolist() == [n, n - 1]
    assert np.isnan(table["continuity"].iloc[1])


def test_nothing_found_at_all(card: Scorecard) -> None:
    table = price_table([step(card, 0.2, None)], constraint="need_tolerance")
    assert table["cost"].isna().all()
    assert price_section(table, constraint="need_tolerance", seed=0).tables


def test_the_drawing_has_the_same_bytes_every_time(card: Scorecard) -> None:
    steps = [step(card, 0.2, 0.93), step(card, 0.1, 0.9), step(card, 0.05, None)]
    table = price_table(steps, constraint="need_tolerance")
    drawing = price_drawing(table, constraint="need_tolerance")
    assert drawing == price_drawing(table, constraint="need_tolerance")
    assert "Points of “Next school inside” lost" in drawing
    assert "need_tolerance" in drawing
