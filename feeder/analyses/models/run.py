"""Organizing models side by side: from a district folder to an output folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from feeder.analyses.comparison.comparison import Comparison, compare
from feeder.analyses.comparison.page import comparison_page
from feeder.analyses.comparison.table import comparison_csv
from feeder.analyses.models.model_input import ModelInput, ModelOptions, ModelPlan
from feeder.analyses.models.sections import models_section, models_table
from feeder.analyses.models.table import MODELS
from feeder.analyses.regions.regions import Regions, make_regions, usual_number
from feeder.analyses.regions.sections import regions_csv, regions_section
from feeder.errors import InputError, Problem
from feeder.language import ENGLISH, Message
from feeder.measures.grouping import today_of
from feeder.opening.reading import TODAY
from feeder.opening.record import plan_id, published_timings, run_record
from feeder.opening.runs import opened
from feeder.opening.stages import Progress, quiet, timed
from feeder.partition.search import warm_up
from feeder.planning import Assignment
from feeder.render.files.folder import RUN_FILE, check_folder, write_folder
from feeder.render.files.tables import csv_text, json_text
from feeder.telling.sections import Section

NETWORKS = "networks"
COHORT = "cohort"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Models:
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
    record
        What ``run.json`` tells of the run, but for its timings.
    timings
        Seconds of each stage.
    """

    made: Mapping[str, ModelPlan]
    absent: Mapping[str, Message]
    comparison: Comparison
    headquarters: Regions | None
    record: dict[str, Any]
    timings: dict[str, float] = field(repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """One row a model, today's plan first, with units: what a board asks first."""
        return models_table(self.comparison)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What a reader is told."""
        first = models_section(self.made, self.absent, self.comparison)
        if self.headquarters is None:
            return (first,)
        return first, regions_section(self.headquarters, title="regions.title_networks")

    def write(self, out: Path | str, *, progress: Progress | None = None) -> Path:
        """Write every file into folder ``out``, all or nothing, and return the folder.

        ``models.csv`` (measures, promises and schools, one column a model), ``models.html`` (the
        map that switches between them), ``plan_MODEL.csv``, ``cohort.csv`` (the pupils that
        each school of the cohort sends), ``regions.csv`` (the networks' headquarters).

        Raises
        ------
        OutputError
            Where the folder cannot be written or must not be replaced.
        """
        folder = Path(out)
        source = self.comparison.assignments[0].district.folder
        check_folder(folder, source=source)
        plans = dict(zip(self.comparison.names, self.comparison.assignments, strict=True))
        with timed("write", self.timings, progress or quiet):
            files = {
                **{f"plan_{name}.csv": csv_text(plans[name].plan_table()) for name in self.made},
                "models.csv": comparison_csv(self.comparison),
                "models.html": comparison_page(self.comparison),
            }
            senders = self.made[COHORT].senders if COHORT in self.made else None
            if senders is not None:
                files["cohort.csv"] = csv_text(senders)
            if self.headquarters is not None:
                files["regions.csv"] = regions_csv(self.headquarters)
        files[RUN_FILE] = json_text({**self.record, "timings_s": published_timings(self.timings)})
        write_folder(folder, files, source=source)
        return folder


def organizing_models(
    folder: Path | str | None = None,
    *,
    only: Sequence[str] | None = None,
    options: ModelOptions | None = None,
    headquarters: int | None = None,
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> Models:
    """Make a district's plan under each organizing model, and score all of them.

    Parameters
    ----------
    folder
        District folder; None is the embedded, invented district.
    only
        Names of models (:data:`feeder.analyses.models.table.MODELS`); None makes all.
    options
        What single models are told.
    headquarters
        Regions of the networks; None makes one per 6 networks.
    scenario, progress, **overrides
        As for :func:`~feeder.pipeline.plan_district`.

    Raises
    ------
    InputError
        Where the folder or the scenario cannot be used, the cohort's high school is unknown, or
        the district can have none of the models.
    ValueError
        Where there is no such model.
    """
    unknown = sorted(set(only or ()) - set(MODELS))
    if unknown:
        raise ValueError(f"no such model: {', '.join(unknown)}; known: {', '.join(MODELS)}.")
    report = progress or quiet
    timings: dict[str, float] = {}
    case = ModelInput.of(
        *opened(folder, scenario, overrides, timings, report), options or ModelOptions()
    )
    with timed("prepare", timings, report):
        warm_up()
    made: dict[str, ModelPlan] = {}
    absent: dict[str, Message] = {}
    names = [name for name in MODELS if only is None or name in only]
    with timed("search", timings, report):
        for number, name in enumerate(names, start=1):
            found = MODELS[name](case)
            if isinstance(found, Message):
                absent[name] = found
            else:
                made[name] = found
            report("search", number / len(names))
    if not made:
        raise InputError(_none(name, reason) for name, reason in absent.items())
    with timed("score", timings, report):
        plans = {name: one.assignment for name, one in made.items()}
        comparison = compare(_beside_today(plans), progress=lambda share: report("score", share))
        matched = dict(zip(comparison.names, comparison.assignments, strict=True))
        regions = _headquarters(matched[NETWORKS], headquarters) if NETWORKS in made else None
    first = next(iter(made))
    record = run_record(
        plans[first],
        comparison.scorecards[comparison.names.index(first)],
        models={name: plan_id(plan) for name, plan in plans.items()},
        absent={name: ENGLISH.say(reason) for name, reason in absent.items()},
    )
    return Models(
        made=made,
        absent=absent,
        comparison=comparison,
        headquarters=regions,
        record=record,
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
