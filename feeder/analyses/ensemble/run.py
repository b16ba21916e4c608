"""From a district folder to an ensemble of plans, and the files it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from math import ceil
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from feeder.analyses.contract import Result
from feeder.analyses.ensemble.page import render_ensemble
from feeder.ensembles.agreement import FIRM, GOOD_SHARE, SWING
from feeder.ensembles.diagnostics import LEAST_ESS, MOST_RHAT
from feeder.ensembles.drawing import ROUND, check_drawable, draw_ensemble, need
from feeder.ensembles.model import DrawnEnsemble, gather_ensemble
from feeder.ensembles.scores import Scorer
from feeder.ensembles.store import CHECKPOINT, PLANS, Store, data_hash
from feeder.errors import OutputError, Problem
from feeder.language import Message, languages, words
from feeder.measures.own import OwnMeasure
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.opening.record import run_record
from feeder.opening.runs import (
    DistrictLike,
    Opened,
    PlanLike,
    assignment_of,
    named_like,
    open_assignments,
    open_district,
)
from feeder.opening.stages import Progress, quiet, timed
from feeder.partition.sampling.ground import make_ground
from feeder.partition.sampling.walk import RECOM, REVERSIBLE, Recipe, compile_walk
from feeder.partition.search import warm_up
from feeder.planning import Assignment
from feeder.planning.prepared import Prepared, prepare
from feeder.publishing.published import publish
from feeder.render.files.desk import is_private
from feeder.render.files.file import write_file
from feeder.render.files.folder import check_place, warn_mended
from feeder.render.frame import page_file
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView
from feeder.telling.sections import Section
from feeder.version import version
from feeder.writing.places import heal_inside
from feeder.writing.texts import csv_text, json_text
from feeder.writing.whole import output_told

RECORD: Final = "ensemble.json"
FILES: Final = frozenset(
    {
        CHECKPOINT,
        PLANS,
        RECORD,
        "consensus.csv",
        *(page_file("ensemble", tag) for tag in languages()),
        "map.html",
        "pairs.parquet",
        "schools.csv",
    }
)
"""Every file and folder that an ensemble's folder may hold."""
STEPS: Final = {RECOM: 10, REVERSIBLE: 200}
"""Steps between two plans for each community, where the caller says none."""
BURN_IN: Final = 50
"""Steps before the first plan, in steps between two plans."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ensemble(DrawnEnsemble, Result):
    """Many plans of a district under one recipe, what they say, and the files it becomes."""

    @property
    def about(self) -> Assignment:
        """The plan that agrees most with the other good ones."""
        return self.consensus

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``places``, ``diagnostics``, ``schools`` and ``consensus``."""
        return {
            "places": self.places.reset_index(),
            "diagnostics": self.diagnostics.reset_index(),
            "schools": self.schools,
            "consensus": self.consensus.plan_table(),
        }

    @property
    def sections(self) -> tuple[Section, ...]:
        """Nothing beside what the page tells."""
        return ()

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was repaired, left out or looks odd in the district and its network."""
        return (*self.prepared.district.warnings, *self.prepared.network.warnings)

    def write(self, out: Path | str | None = None, *, progress: Progress | None = None) -> Path:
        """Write what the ensemble says beside its plans, each file whole; return the folder.

        Parameters
        ----------
        out
            Another folder; None is the one that holds the plans.
        progress
            Called with a stage's name and the share of it that is done.

        Raises
        ------
        OutputError
            Where a file cannot be written, or the folder holds something else.
        """
        folder = self.store.folder if out is None else Path(out)
        warn_mended(check_ensemble_folder(folder, source=self.prepared.district.folder))
        with timed("write", {}, progress or quiet):
            for name, content in _files(self).items():
                write_file(folder / name, content, private=is_private(name))
        return folder


def drawn(  # noqa: PLR0913 - one parameter an option
    subject: DistrictLike,
    *,
    out: Path | str,
    plans: int,
    chains: int,
    method: str,
    every: int | None,
    pull: float,
    candidate: PlanLike | Path | str | None,
    like: PlanLike | Path | str | None,
    measures: Sequence[OwnMeasure],
    workers: int | None,
    scenario: Path | str | None,
    progress: Progress | None,
    keys: Mapping[str, Any],
) -> Ensemble:
    """Draw and gather (:func:`feeder.analyses.ensemble.ensemble`)."""
    for library in ("joblib", "arviz"):
        need(library)
    report = progress or quiet
    timings: dict[str, float] = {}
    district, network, asked = open_district(
        subject, scenario=scenario, keys=keys, timings=timings, progress=report
    )
    warn_mended(check_ensemble_folder(Path(out), source=district.folder))
    prepared = prepare(district, network, asked)
    placed = None
    if candidate is not None:
        known = Opened(district, network, prepared.scenario)
        placed = (
            open_assignments(known, [candidate])[0]
            if isinstance(candidate, Path | str)
            else assignment_of(candidate)
        )
        prepared = replace(prepared, district=placed.district)
    apart = STEPS.get(method, 1) * prepared.problem.n_communities if every is None else every
    recipe = Recipe(
        method=method,
        plans=ceil(plans / max(chains, 1)),
        chains=chains,
        every=apart,
        pull=pull,
        burn_in=BURN_IN * apart,
        seed=prepared.scenario.seed,
    )
    check_drawable(prepared.problem, recipe)
    with timed("prepare", timings, report):
        warm_up()
        compile_walk(make_ground(prepared.problem), method)
    with timed("draw", timings, report):
        scorer = Scorer.of(prepared, _any_plan(prepared))
        store = Store(
            folder=Path(out),
            recipe=recipe,
            data=data_hash(scorer, version(), f"rounds of {ROUND}"),
            units=tuple(network.graph.node_ids[node] for node in prepared.kept),
        )
        done = draw_ensemble(
            store, scorer, workers=workers, progress=lambda share: report("draw", share)
        )
    with timed("score", timings, report):
        found = gather_ensemble(prepared, store, scorer, done, placed, measures)
        like = placed if candidate is not None else like
        found = replace(found, consensus=named_like(found.consensus, like), like=like is not None)
    return Ensemble(**{one.name: getattr(found, one.name) for one in fields(found)})


def check_ensemble_folder(out: Path, *, source: Path) -> list[Message]:
    """Check that an ensemble may be written to ``out``; called before any work is done.

    What a killed run left of its files is removed first, and returned.

    Raises
    ------
    OutputError
        Where ``out`` is a file or called like one, the district folder, or holds something else.
    """
    with output_told(out):
        check_place(out, source=source)
        mended = [*heal_inside(out), *heal_inside(out / PLANS)]
        inside = {path.name for path in out.iterdir()} if out.is_dir() else set()
    strangers = sorted(inside - FILES)
    if strangers or (inside and not inside & {CHECKPOINT, RECORD}):
        shown = ", ".join((strangers or sorted(inside))[:4])
        raise OutputError(
            f"{out} holds what is not of an ensemble ({shown}); choose a new or empty folder with "
            "--out."
        )
    return mended


def _any_plan(prepared: Prepared) -> Assignment:
    """Return some plan: what scoring looks up hangs on the district alone."""
    return prepared.assignment(np.zeros(prepared.problem.n_units, dtype=np.int64))


def _files(ensemble: Ensemble) -> dict[str, str | bytes]:
    """Every file but the plans. The map is made of the published plan."""
    plan = ensemble.consensus
    card = score(plan, measures=ensemble.own)
    public = publish(plan, card)
    info = PageInfo.of(public)
    view = PlanView(
        "Consensus",
        public,
        certainty=ensemble.certainty,
    )
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(ensemble.pairs, preserve_index=False), sink)
    return {
        "schools.csv": csv_text(ensemble.schools),
        "pairs.parquet": sink.getvalue().to_pybytes(),
        "consensus.csv": csv_text(plan.plan_table()),
        **{
            page_file("ensemble", tag): render_ensemble(ensemble, card, info, words(tag))
            for tag in languages()
        },
        "map.html": render_page([view], info),
        RECORD: json_text(_record(ensemble, card)),
    }


def _record(ensemble: Ensemble, card: Scorecard) -> dict[str, Any]:
    done, schools = ensemble.done, ensemble.schools
    return run_record(
        ensemble.consensus,
        card,
        ensemble={
            "recipe": asdict(ensemble.store.recipe),
            "proposals": done.proposals,
            "trees": done.trees,
            "splits": done.splits,
            "limits_held": [str(one.definition) for one in card.constraints if one.satisfied],
            "candidate_breaks": list(ensemble.broken),
            "places": ensemble.places.reset_index().to_dict("records"),
            "diagnostics": ensemble.diagnostics.reset_index().to_dict("records"),
            "mixed_where": f"R-hat <= {MOST_RHAT:g} and effective plans >= {LEAST_ESS} a chain",
            "good": f"the {GOOD_SHARE:.0%} with the highest objective: {ensemble.agreement.good}",
            "firm": int((schools["certainty"] >= FIRM).sum()),
            "swing": int((schools["certainty"] < SWING).sum()),
            "warnings": [str(caution) for caution in ensemble.cautions],
        },
    )
