"""Recipes: which weights are tried, and that their plans are judged by the scenario's own."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from feeder.analyses.candidates.recipes import LEVELS, Recipe, make_candidate, recipes, shorter
from feeder.partition.cooling import Effort
from feeder.planning import make
from feeder.planning.make import make_plan
from feeder.planning.prepared import prepare_shares
from feeder.scenario import Scenario
from feeder.terms import WEIGHABLE

SMALL = Effort(steps_per_unit=500, chains=2)
OWN = {"feeder_continuity": 1.0, "cut_contacts": 0.1}


def test_the_scenarios_own_weights_and_seed_come_first() -> None:
    first = recipes(OWN, ["feeder_continuity", "cut_contacts"], seed=7)[0]
    assert (first.aim, dict(first.weights), first.seed) == ("", OWN, 7)


def test_the_search_knows_every_measure_that_is_aimed_at() -> None:
    assert set(LEVELS) <= set(WEIGHABLE)


def test_every_measure_with_a_figure_is_raised_alone_at_every_level() -> None:
    found = recipes(OWN, list(LEVELS), seed=3)
    told = [(recipe.aim, tuple(sorted(recipe.weights.items()))) for recipe in found]
    assert len(set(told)) == len(told)
    assert {recipe.seed for recipe in found} == {3}
    for name in LEVELS:
        raised = [recipe for recipe in found if recipe.aim == name]
        assert {recipe.weights[name] for recipe in raised} == set(LEVELS[name])
        for recipe in raised:
            assert {**recipe.weights, name: None} == {**OWN, name: None}


def test_a_measure_without_a_figure_is_not_aimed_at() -> None:
    found = recipes(OWN, ["feeder_continuity"], seed=0)
    assert {recipe.aim for recipe in found} == {"", "feeder_continuity", "all"}


def test_one_candidate_costs_less() -> None:
    usual = Effort(chains=12, steps_per_unit=40_000)
    assert (shorter(usual).chains, shorter(usual).steps_per_unit) == (4, 10_000)
    assert shorter(Effort(chains=1, steps_per_unit=1)) == Effort(chains=1, steps_per_unit=1)


@pytest.fixture(scope="module")
def ready(draw):
    """Six by four schools K-12."""
    ids = {(x, y): f"s{x}{y}" for x in range(6) for y in range(4)}
    borders = [(ids[x, y], ids[x + 1, y]) for x in range(5) for y in range(4)]
    borders += [(ids[x, y], ids[x, y + 1]) for x in range(6) for y in range(3)]
    drawn = draw.sketch({name: draw.school() for name in ids.values()}, borders)
    asked = Scenario(communities=4, schools=(4, 8), enrollment_tolerance=0.35)
    return draw, drawn, make_plan(drawn.district, draw.network(drawn), asked, effort=SMALL)


def test_a_candidate_keeps_the_scenarios_weights_and_promises(ready) -> None:
    draw, drawn, found = ready
    weights = MappingProxyType({"feeder_continuity": 0.0, "cut_contacts": 1.0})
    recipe = Recipe(aim="cut_contacts", weights=weights, seed=1)
    plan = make_candidate(found.assignment, recipe, SMALL)
    assert plan is not None
    assert plan.scenario is found.assignment.scenario
    assert draw.judge(drawn, plan.scenario).accepts(tuple(plan.node_community.tolist()))
    again = make_candidate(found.assignment, recipe, SMALL)
    assert plan.plan_table().equals(again.plan_table())


def test_a_candidate_is_made_as_the_scenario_says(ready, monkeypatch) -> None:
    """With ``apportion = "search"`` other sharings among regions are tried for it too."""
    _, _, found = ready
    first = replace(
        found.assignment, scenario=replace(found.assignment.scenario, apportion="search")
    )
    asked = []

    def note(*given, others):
        asked.append((given[2].seed, dict(given[2].weights), others))
        return prepare_shares(*given, others=others)

    monkeypatch.setattr(make, "prepare_shares", note)
    weights = MappingProxyType({"feeder_continuity": 1.0, "cut_contacts": 0.5})
    plan = make_candidate(first, Recipe(aim="", weights=weights, seed=9), SMALL)
    assert plan is not None
    assert plan.scenario is first.scenario
    assert asked == [(9, dict(weights), make.OTHER_SHARES)]
