"""Organizing models side by side: from a district folder to an output folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from feeder.analyses.comparison.comparison import Comparison, compare_plans
from feeder.analyses.comparison.page import comparison_page
from feeder.analyses.comparison.table import comparison_table
from feeder.analyses.contract import Result
from feeder.analyses.models.cohort import named_high_school
from feeder.analyses.models.model_input import ModelInput, ModelOptions, ModelPlan
from feeder.analyses.models.registry import MODELS
from feeder.analyses.models.sections import models_section, models_table
from feeder.analyses.regions.grouped import Regions, make_regions, usual_number
from feeder.analyses.regions.sections import regions_section
from feeder.errors import InputError, Problem
from feeder.language import ENGLISH, Message
from feeder.measures.grouping import today_of
from feeder.opening.reading import TODAY
from feeder.opening.record import published_timings, run_record
from feeder.opening.runs import DistrictLike, open_district
from feeder.opening.stages import Progress, quiet, timed
from feeder.partition.search import warm_up
from feeder.planning import Assignment
from feeder.telling.sections import Section

NETWORKS = "networks"
COHORT = "cohort"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Models(Result):
    """The organizing models of one district.

    Attributes
    ----------
    made
        What each model made, by its name.
    absent
        Why the district can have none of the others, by their names.
    comparison
        Today's plan and those of the models side by side, communities matched.
    headquarters
        The networks in regions; None where networks were not made.
    run
        What ``run.json`` tells of the run, but for its timings.
    timings
        Seconds of each stage.
    """

    made: Mapping[str, ModelPlan]
    absent: Mapping[str, Message]
    comparison: Comparison
    headquarters: Regions | None
    run: dict[str, Any]
    timings: dict[str, float] = field(repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """One row a model, today's plan first, with units: what a board asks first."""
        return models_table(self.comparison)

    @property
    def about(self) -> Assignment:
        """The first plan that is compared."""
        return self.comparison.assignments[0]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``models`` (measures, promises and schools, one column a model) and the plans.

        Each plan is ``plan_MODEL``; ``cohort`` has the pupils that each school of the cohort
        sends, ``regions`` the networks' headquarters.
        """
        plans = dict(zip(self.comparison.names, self.comparison.assignments, strict=True))
        found = {"models": comparison_table(self.comparison)}
        found |= {f"plan_{name}": plans[name].plan_table() for name in self.made}
        senders = self.made[COHORT].senders if COHORT in self.made else None
        if senders is not None:
            found["cohort"] = senders
        if self.headquarters is not None:
            found["regions"] = self.headquarters.table
        return found

    @property
    def desk(self) -> frozenset[str]:
        """The pupils that each school of the cohort sends."""
        return frozenset({"cohort"})

    @property
    def sections(self) -> tuple[Section, ...]:
        """What a reader is told."""
        first = models_section(self.made, self.absent, self.comparison)
        if self.headquarters is None:
            return (first,)
        return first, regions_section(self.headquarters, title="regions.title_networks")

    @property
    def pages(self) -> dict[str, str | bytes]:
        """``models.html``: the map that switches between the models."""
        return {"models.html": comparison_page(self.comparison)}

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was repaired, left out or looks odd."""
        return self.comparison.warnings

    @property
    def record(self) -> dict[str, Any]:
        """What ``run.json`` tells of the run."""
        return {**self.run, "timings_s": published_timings(self.timings)}


def organized(
    subject: DistrictLike,
    *,
    only: Sequence[str] | None,
    options: ModelOptions,
    headquarters: int | None,
    scenario: Path | str | None,
    progress: Progress | None,
    keys: Mapping[str, Any],
) -> Models:
    """Make every model (:func:`feeder.analyses.models.models`)."""
    report = progress or quiet
    timings: dict[str, float] = {}
    inputs = ModelInput.of(
        *open_district(subject, scenario=scenario, keys=keys, timings=timings, progress=report),
        options,
    )
    named_high_school(inputs)  # told before any search where there is none
    with timed("prepare", timings, report):
        warm_up()
    made: dict[str, ModelPlan] = {}
    absent: dict[str, Message] = {}
    names = [name for name in MODELS if only is None or name in only]
    with timed("search", timings, report):
        for number, name in enumerate(names, start=1):
            found = MODELS[name](inputs)
            if isinstance(found, Message):
                absent[name] = found
            else:
                made[name] = found
            report("search", number / len(names))
    if not made:
        raise InputError(_none(name, reason) for name, reason in absent.items())
    with timed("score", timings, report):
        plans = {name: one.assignment for name, one in made.items()}
        comparison = compare_plans(
            _beside_today(plans), progress=lambda share: report("score", share)
        )
        matched = dict(zip(comparison.names, comparison.assignments, strict=True))
        regions = _headquarters(matched[NETWORKS], headquarters) if NETWORKS in made else None
    first = next(iter(made))
    record = run_record(
        plans[first],
        comparison.scorecards[comparison.names.index(first)],
        models={name: plan.plan_id for name, plan in plans.items()},
        absent={name: ENGLISH.say(reason) for name, reason in absent.items()},
    )
    return Models(
        made=made,
        absent=absent,
        comparison=comparison,
        headquarters=regions,
        run=record,
        timings=timings,
    )


def _beside_today(plans: Mapping[str, Assignment]) -> dict[str, Assignment]:
    """Put today's plan first, where there is one, held against its own number of communities."""
    today = today_of(next(iter(plans.values())))
    if today is None:
        return dict(plans)
    own = replace(today.scenario, communities=today.n_communities)
    return {TODAY: replace(today, scenario=own), **plans}


def _headquarters(plan: Assignment, number: int | None) -> Regions:
    wanted = usual_number(plan.n_communities) if number is None else number
    return make_regions(plan, wanted, seed=plan.scenario.seed)


def _none(name: str, reason: Message) -> Problem:
    return Problem(rule="no-such-model-here", message=f"{name}: {ENGLISH.say(reason)}")
