"""Candidates: plans that are good and different, from a district folder to an output folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import numpy as np
import pandas as pd

from feeder.analyses.candidates.aims import ON_DEMAND
from feeder.analyses.candidates.frontier import Frontier, find_frontier
from feeder.analyses.candidates.page import Making, introduction, render_candidates
from feeder.analyses.candidates.recipes import Recipe, make_candidate, recipes, shorter
from feeder.analyses.comparison.comparison import Comparison, compare_plans
from feeder.analyses.comparison.page import comparison_page
from feeder.analyses.contract import OptionsError, Result
from feeder.errors import NoPlanFoundError, Problem
from feeder.language import Message, languages, words
from feeder.measures.own import OwnMeasure
from feeder.measures.score import score
from feeder.opening.record import effort_spent, published_timings, run_record
from feeder.opening.runs import DistrictLike, PlanLike, named_like, open_district
from feeder.opening.stages import Progress, quiet, timed
from feeder.partition.cooling import Effort
from feeder.partition.efforts import EffortName
from feeder.partition.search import warm_up
from feeder.planning import Assignment
from feeder.planning.carrying import carried
from feeder.planning.make import SearchResult, make_plan
from feeder.publishing.published import PublishedPlan, publish_together
from feeder.render.frame import page_file
from feeder.render.page.page import PageInfo
from feeder.telling.figures import rests_on_estimates
from feeder.telling.sections import Section


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates(Result):
    """The chosen plans, called A, B, C ..., and all that were made to choose from.

    Attributes
    ----------
    plans
        Shape (n_made,): every plan made that keeps every promise, no two alike.
    recipes
        Shape (n_made,): what each was made for.
    frontier
        Their scorecards, the aims they compete on, and which are chosen.
    published
        Shape (n_made,): the plans as they may be published in one file.
    comparison
        Today's plan and the chosen ones side by side, with their communities matched.
    making
        How many were tried and asked for.
    run
        What ``run.json`` tells of the run, but for its timings.
    timings
        Seconds of each stage.
    """

    plans: tuple[Assignment, ...]
    recipes: tuple[Recipe, ...]
    frontier: Frontier
    published: tuple[PublishedPlan, ...]
    comparison: Comparison
    making: Making
    run: dict[str, Any]
    timings: dict[str, float] = field(repr=False)

    @property
    def chosen(self) -> dict[str, Assignment]:
        """The chosen plans by name, the best by the scenario's own weights first."""
        return dict(
            zip(ascii_uppercase, (self.plans[k] for k in self.frontier.chosen), strict=False)
        )

    @property
    def sentences(self) -> dict[str, Message]:
        """What each plan is chosen for and at what price."""
        names = tuple(self.chosen)
        return dict(zip(names, self.frontier.sentences(names), strict=True))

    @property
    def introduction(self) -> tuple[Message, ...]:
        """How the plans were made and chosen, in sentences."""
        return introduction(self.frontier, self.making)

    @property
    def table(self) -> pd.DataFrame:
        """One row a plan, today's last: its sentence, its recipe and every measure."""
        measures = self.comparison.measures[list(self.comparison.names)].T
        chosen = self.frontier.chosen
        about = pd.DataFrame(
            {
                "sentence": {name: str(told) for name, told in self.sentences.items()},
                "plan_id": {name: plan.plan_id for name, plan in self.chosen.items()},
                "made_for": {
                    name: self.recipes[k].aim or "objective"
                    for name, k in zip(self.chosen, chosen, strict=True)
                },
            }
        )
        rows = [*self.chosen, *(name for name in measures.index if name not in self.chosen)]
        table = pd.concat([about.reindex(rows), measures.loc[rows]], axis=1)
        return table.rename_axis("plan").reset_index()

    @property
    def about(self) -> Assignment:
        """The best plan by the scenario's own weights."""
        return self.plans[self.frontier.chosen[0]]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``candidates``, and each chosen plan as ``plan_A``, ``plan_B`` ..."""
        plans = {f"plan_{name}": plan.plan_table() for name, plan in self.chosen.items()}
        return {"candidates": self.table, **plans}

    @property
    def sections(self) -> tuple[Section, ...]:
        """Nothing beside what the page tells."""
        return ()

    @property
    def pages(self) -> dict[str, str | bytes]:
        """The page with the frontier, and the map that switches between the plans."""
        return {**self._pages(), "map.html": self._map()}

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was repaired, left out or looks odd."""
        return self.comparison.warnings

    @property
    def record(self) -> dict[str, Any]:
        """What ``run.json`` tells of the run."""
        return {**self.run, "timings_s": published_timings(self.timings)}

    def _pages(self) -> dict[str, str]:
        """Return the page in every language, made of published plans."""
        info = PageInfo.of(self.published[0], plan_id="")
        return {
            page_file("candidates", tag): render_candidates(
                self.published, self.frontier, self.making, info, words(tag)
            )
            for tag in languages()
        }

    def _map(self) -> str:
        """Return the map of the chosen plans: its headlines have the digits of the page."""
        return comparison_page(self.comparison, decimals=self.published[0].decimals)


def chosen_candidates(  # noqa: PLR0913 - one parameter an option
    subject: DistrictLike,
    *,
    n: int,
    compete_on: Sequence[str],
    measures: Sequence[OwnMeasure],
    like: PlanLike | Path | str | None,
    scenario: Path | str | None,
    effort: Effort | EffortName,
    progress: Progress | None,
    keys: Mapping[str, Any],
) -> Candidates:
    """Make and choose (:func:`feeder.analyses.candidates.candidates`)."""
    if not 1 <= n <= len(ascii_uppercase):
        raise ValueError(f"n must be between 1 and {len(ascii_uppercase)}, not {n}.")
    if unknown := sorted(set(compete_on) - set(ON_DEMAND)):
        raise OptionsError(
            f"plans can be asked to compete on {', '.join(ON_DEMAND)}, not {', '.join(unknown)}."
        )
    report = progress or quiet
    timings: dict[str, float] = {}
    district, network, asked = open_district(
        subject, scenario=scenario, keys=keys, timings=timings, progress=report
    )
    with timed("prepare", timings, report):
        warm_up()
    with timed("search", timings, report):
        found = make_plan(
            district,
            network,
            asked,
            effort=effort,
            progress=lambda share: report("search", share / 2),
        )
        made, tried = _made(found, effort, lambda share: report("search", (1 + share) / 2))
    with timed("score", timings, report):
        lead = named_like(found.assignment, like)
        named = [(recipe, carried(plan, lead)) for recipe, plan in made]
        scored = ((recipe, plan, score(plan, measures=measures)) for recipe, plan in named)
        kept = [(recipe, plan, card) for recipe, plan, card in scored if card.satisfied]
        found_by, plans, cards = (tuple(column) for column in zip(*kept, strict=True))
        published = publish_together(plans, cards)
        frontier = find_frontier(
            plans,
            cards,
            [one.scorecard for one in published],
            n=n,
            rough=rests_on_estimates(found.assignment),
            asked=compete_on,
        )
        chosen = dict(zip(ascii_uppercase, (plans[k] for k in frontier.chosen), strict=False))
        comparison = compare_plans(chosen, measures=measures)
    candidates = [
        {"name": name, "plan_id": plan.plan_id, **found_by[k].as_dict()}
        for (name, plan), k in zip(chosen.items(), frontier.chosen, strict=True)
    ]
    first = frontier.chosen[0]
    return Candidates(
        plans=plans,
        recipes=found_by,
        frontier=frontier,
        published=published,
        comparison=comparison,
        making=Making(asked=n, tried=tried, kept=len(plans)),
        run=run_record(
            plans[first],
            cards[first],
            search=effort_spent(found),
            asked=n,
            candidates=candidates,
        ),
        timings=timings,
    )


def _made(
    found: SearchResult, effort: Effort | EffortName, progress: Callable[[float], None]
) -> tuple[list[tuple[Recipe, Assignment]], int]:
    """Search under every recipe; return the plans, no two alike, and how many were tried.

    The first is the plan that was found by the scenario's own weights and seed.

    Raises
    ------
    NoPlanFoundError
        Where that one breaks a promise: it had more effort than any other will have.
    """
    card = score(found.assignment)
    if not card.satisfied:
        raise NoPlanFoundError(str(v.message) for rule in card.constraints for v in rule.violations)
    known = [name for name, value in card.plan.items() if value.value is not None]
    scenario = found.assignment.scenario
    own, *others = recipes(scenario.weights, known, seed=scenario.seed)
    less = shorter(Effort.of(effort, found.assignment.network.graph.n_nodes))
    made = {_grouping(found.assignment): (own, found.assignment)}
    for number, recipe in enumerate(others, start=1):
        plan = make_candidate(found.assignment, recipe, less)
        if plan is not None:
            made.setdefault(_grouping(plan), (recipe, plan))
        progress(number / len(others))
    return list(made.values()), 1 + len(others)


def _grouping(plan: Assignment) -> bytes:
    """Return the same bytes for plans that put the same schools together, whatever the names."""
    _, first, codes = np.unique(plan.school_community, return_index=True, return_inverse=True)
    return first[codes].tobytes()
