"""What candidates compete on, and the sentences that say so."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from feeder.analyses.candidates.aims import (
    AIMS,
    ON_DEMAND,
    Aim,
    advantages,
    aims_of,
    difference,
    figure,
    gains,
    sentences,
    told_better,
)
from feeder.analyses.candidates.frontier import Frontier, find_frontier
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard, Value
from feeder.planning import Assignment


def amount(aim: Aim, one: Value, other: Value) -> str:
    """Return the difference of two figures as it is told."""
    return str(difference(aim, one, other))


ROOM = np.array([0.1, 0.1, 0.1, 0.1, 0.1, 10.0])


@pytest.fixture
def made(grid: Assignment) -> Callable[..., Scorecard]:
    """Make a scorecard from figures: flow kept, contacts cut of 200, deviations, moved, width."""
    card = score(grid)

    def make(kept: float, cut: int, even: float, need: float, moved: int, km: float) -> Scorecard:
        figures = {
            "feeder_continuity": Value(kept, numerator=1000 * kept, denominator=1000),
            "cut_contacts": Value(cut / 200, numerator=cut, denominator=200),
            "enrollment_deviation": Value(even),
            "need_deviation": Value(need),
            "students_moved": Value(moved, numerator=moved, denominator=10_000),
            "diameter_km": Value(km),
        }
        return replace(card, plan={**card.plan, **figures})

    return make


def test_aims_are_measures_by_their_own_sense() -> None:
    assert {aim.measure for aim in AIMS} <= set(DEFINITIONS)
    assert [aim.measure for aim in AIMS if aim.sign > 0] == ["feeder_continuity"]


def test_only_what_every_plan_has_a_figure_for_is_competed_on(grid: Assignment) -> None:
    card = score(grid)
    names = [aim.measure for aim in aims_of([card], rough=False)]
    assert "students_moved" in names
    assert "students_separated" not in names
    other = replace(card, plan={**card.plan, "students_moved": Value(None)})
    names = [aim.measure for aim in aims_of([card, other], rough=False)]
    assert "students_moved" not in names
    assert "students_separated" in names


def test_plans_compete_on_how_full_schools_are_where_that_is_asked(
    made: Callable[..., Scorecard],
) -> None:
    one, other = (made(0.95, 50, 0.1, 0.1, 0, 9.0) for _ in range(2))
    even = replace(other, plan={**other.plan, "capacity_deviation": Value(0.02)})
    off = replace(one, plan={**one.plan, "capacity_deviation": Value(0.09)})
    usual = aims_of([off, even], rough=False)
    assert "capacity_deviation" not in {aim.measure for aim in usual}
    asked = aims_of([off, even], rough=False, asked=["capacity_deviation"])
    assert [aim.measure for aim in asked] == [*(aim.measure for aim in usual), *ON_DEMAND]
    (ahead,) = advantages(even, off, asked, np.ones(len(asked)))
    assert str(told_better(ahead, even, off)) == "Better by 7.0 points in “Uneven use of capacity”"
    unknown = replace(one, plan={**one.plan, "capacity_deviation": Value(None)})
    assert aims_of([unknown, even], rough=False, asked=ON_DEMAND) == usual


def test_figures_and_differences_agree_as_they_are_shown(made: Callable[..., Scorecard]) -> None:
    one = made(0.9536, 56, 0.072, 0.5, 3200, 15.94).plan
    other = made(0.9464, 51, 0.048, 0.5, 3100, 15.04).plan
    told = {
        aim.measure: [str(figure(aim, one[aim.measure])),
                      amount(aim, one[aim.measure], other[aim.measure])]
        for aim in aims_of([made(0.9, 1, 0.1, 0.1, 1, 1.0)], rough=False)
    }  # fmt: skip
    assert told == {
        "feeder_continuity": ["95.4%", "0.8 points"],
        "cut_contacts": ["56 of 200", "5"],
        "enrollment_deviation": ["7.2%", "2.4 points"],
        "need_deviation": ["50.0%", "0.0 points"],
        "students_moved": ["3,200 of 10,000", "100"],
        "diameter_km": ["15.9 km", "0.9 km"],
    }


def test_estimated_flows_are_told_about(made: Callable[..., Scorecard]) -> None:
    cards = [made(0.954, 56, 0.1, 0.1, 0, 9.0), made(0.948, 56, 0.1, 0.1, 0, 9.0)]
    (flow, *_) = aims_of(cards, rough=True)
    assert str(figure(flow, cards[0].plan["feeder_continuity"])) == "about 95%"
    assert advantages(cards[0], cards[1], [flow], ROOM[:1]) == ()
    better = made(0.968, 56, 0.1, 0.1, 0, 9.0)
    assert advantages(better, cards[1], [flow], ROOM[:1]) == (flow,)


def test_sentences_by_hand(made: Callable[..., Scorecard]) -> None:
    """B is best at cut contacts, C at students moved; D is best at nothing, but evener than A."""
    cards = [
        made(0.960, 60, 0.12, 0.40, 4000, 20.0),
        made(0.930, 44, 0.12, 0.40, 4200, 20.0),
        made(0.955, 60, 0.08, 0.40, 1200, 20.2),
        made(0.950, 54, 0.08, 0.40, 3000, 20.0),
    ]
    told = sentences("ABCD", cards, aims_of(cards, rough=False), ROOM)
    assert tuple(map(str, told)) == (
        "Best by the scenario's own weights: Next school inside 96.0%, Borders cut 60 of 200.",
        "Best in “Borders cut”: 44 of 200 (A: 60 of 200), at the price of being "
        "3.0 points worse in “Next school inside” and 200 worse in “Students moved”.",
        "Best in “Students moved”: 1,200 of 10,000 (A: 4,000 of 10,000), at the price of being "
        "0.5 points worse in “Next school inside”.",
        "Better by 1,000 in “Students moved” than A, at the price of being "
        "1.0 points worse in “Next school inside”.",
    )


def test_a_frontier_of_plans_on_the_grid(
    grid: Assignment, moved: Callable[..., Assignment]
) -> None:
    """The chosen lead one another at what their duels say, with figures of their scorecards."""
    plans = [grid, moved(e8="E"), moved(e5="W"), moved(e2="W", e5="W"), moved(m2="W", e6="W")]
    cards = [score(plan) for plan in plans]
    found = find_frontier(plans, cards, cards, n=4, rough=False)
    objectives = [card.certificate["objective"] for card in cards]
    assert objectives[found.chosen[0]] == max(objectives)
    assert len(found.chosen) > 1
    assert all(found.unbeaten[k] for k in found.chosen)
    table = gains(found.chosen_cards, found.aims)
    for i, row in enumerate(found.duels()):
        for j, words in enumerate(row):
            assert bool(words) == (i != j)
            assert i == j or (table[i] > table[j]).any()
    assert_figures_are_the_cards(found)


def test_a_lead_counts_where_it_may_be_published(
    grid: Assignment, moved: Callable[..., Assignment]
) -> None:
    """Published figures that are all alike leave only the plan that is best by the weights."""
    plans = [grid, moved(e8="E"), moved(e5="W")]
    cards = [score(plan) for plan in plans]
    assert len(find_frontier(plans, cards, cards, n=3, rough=False).chosen) > 1
    alike = [cards[0]] * 3
    assert len(find_frontier(plans, cards, alike, n=3, rough=False).chosen) == 1


def assert_figures_are_the_cards(found: Frontier) -> None:
    """Every figure of every sentence is one of the plan's, of the first's, or their difference."""
    names = "ABCDEFG"[: len(found.chosen)]
    base = found.chosen_cards[0]
    for card, told in zip(found.chosen_cards, found.sentences(names), strict=True):
        known = " ".join(
            f"{figure(aim, one.plan[aim.measure])} "
            f"{amount(aim, one.plan[aim.measure], base.plan[aim.measure])}"
            for aim in found.aims
            for one in (card, base)
        )
        for number in re.findall(r"\d[\d,.]*\d|\d", str(told)):
            assert re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d])", known), (told, known)
