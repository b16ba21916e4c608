"""From a district folder to an ensemble of plans, and the files it becomes."""

from __future__ import annotations

from dataclasses import asdict, replace
from math import ceil
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from feeder.analyses.ensemble.page import render_ensemble
from feeder.ensemble.agreement import FIRM, GOOD_SHARE, SWING
from feeder.ensemble.diagnostics import LEAST_ESS, MOST_RHAT
from feeder.ensemble.drawing import ROUND, check_drawable, draw_ensemble, need
from feeder.ensemble.model import Ensemble, gather_ensemble
from feeder.ensemble.scores import Scorer
from feeder.ensemble.store import CHECKPOINT, PLANS, Store, data_hash, replace_file
from feeder.errors import OutputError
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.opening.reading import read_plan
from feeder.opening.record import plan_id, run_date, run_record
from feeder.opening.runs import opened
from feeder.opening.stages import Progress, quiet, timed
from feeder.partition.sampling.ground import make_ground
from feeder.partition.sampling.walk import RECOM, REVERSIBLE, Recipe, compile_walk
from feeder.partition.search import warm_up
from feeder.planning import Assignment
from feeder.planning.prepared import Prepared, prepare
from feeder.publishing.published import with_promises
from feeder.publishing.redact import redacted, redaction_note
from feeder.render.files.tables import csv_text, json_text
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView
from feeder.version import version

RECORD: Final = "ensemble.json"
FILES: Final = frozenset(
    {
        CHECKPOINT,
        PLANS,
        RECORD,
        "consensus.csv",
        "ensemble.html",
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


def sample_ensemble(  # noqa: PLR0913 - one parameter an option
    folder: Path | str | None = None,
    *,
    out: Path | str,
    plans: int = 10_000,
    chains: int = 4,
    method: str = RECOM,
    every: int | None = None,
    pull: float = 0.0,
    candidate: Path | str | None = None,
    scenario: Path | str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario]
) -> Ensemble:
    """Draw many plans of a district that keep every limit, and say what they say.

    Plans are written to ``out`` as they are drawn. A run that was stopped goes on from its last
    checkpoint when it is asked for again, and ends with the same bytes.

    Parameters
    ----------
    folder
        District folder; None is the embedded, invented district.
    out
        Folder for the plans and what they say.
    plans, chains
        Plans of all chains together (rounded up to as many of each), and independent chains.
    method
        ``recom`` or ``reversible`` (:class:`~feeder.partition.sampling.walk.Recipe`).
    every
        Steps between two plans that are kept; by the method and the number of communities.
    pull
        How strongly reversible ReCom prefers plans that keep flow and cut few contacts.
    candidate
        A plan to place among those drawn, of any kind that can be read, whole or broken.
    scenario, progress, **overrides
        As for :func:`~feeder.pipeline.runs.plan_district`.
    workers
        Chains that run at once; None leaves it, and where they run, to joblib's configuration.

    Raises
    ------
    InputError
        Where the folder, the plan or the scenario cannot be used.
    InfeasibleError
        Where the limits provably cannot hold together.
    OutputError
        Where ``out`` holds something else, plans of another recipe too.
    FeederError
        Where there is one community, ``pull`` has nothing to go by, no plan was found to start
        from, a chain cannot move, or joblib or arviz is missing.
    ValueError
        Where a number of the recipe is out of its range.
    """
    for library in ("joblib", "arviz"):
        need(library)
    report = progress or quiet
    timings: dict[str, float] = {}
    district, network, asked = opened(folder, scenario, overrides, timings, report)
    check_ensemble_folder(Path(out), source=district.folder)
    prepared = prepare(district, network, asked)
    placed = None
    if candidate is not None:
        placed = read_plan(candidate, district, network, scenario=prepared.scenario)
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
        return gather_ensemble(prepared, store, scorer, done, placed)


def write_ensemble(ensemble: Ensemble, *, progress: Progress | None = None) -> Path:
    """Write what an ensemble says beside its plans, each file whole, and return the folder.

    Raises
    ------
    OutputError
        Where a file cannot be written.
    """
    folder = ensemble.store.folder
    with timed("write", {}, progress or quiet):
        for name, content in _files(ensemble).items():
            data = content if isinstance(content, bytes) else content.encode("utf-8")
            replace_file(folder / name, data)
    return folder


def check_ensemble_folder(out: Path, *, source: Path) -> None:
    """Check that an ensemble may be written to ``out``; called before any work is done.

    Raises
    ------
    OutputError
        Where ``out`` is a file, the district folder, or holds something else.
    """
    if out.resolve() == source.resolve():
        raise OutputError(f"{out} is the district folder itself; choose another folder with --out.")
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; choose a folder with --out.")
    inside = {path.name for path in out.iterdir()} if out.is_dir() else set()
    inside -= {f".{name}.new" for name in FILES}  # left by a run that was killed as it wrote
    strangers = sorted(inside - FILES)
    if strangers or (inside and CHECKPOINT not in inside):
        shown = ", ".join((strangers or sorted(inside))[:4])
        raise OutputError(
            f"{out} holds what is not of an ensemble ({shown}); choose a new or empty folder with "
            "--out."
        )


def _any_plan(prepared: Prepared) -> Assignment:
    """Return some plan: what scoring looks up hangs on the district alone."""
    return prepared.assignment(np.zeros(prepared.problem.n_units, dtype=np.int64))


def _files(ensemble: Ensemble) -> dict[str, str | bytes]:
    """Every file but the plans. The map is redacted first, then computed."""
    plan = ensemble.consensus
    card, public = score(plan), redacted(plan)
    public_card = with_promises(score(public), card)
    info = PageInfo(
        run_date=run_date(), plan_id=plan_id(plan), suppressed=redaction_note(plan, public)
    )
    view = PlanView(
        "Consensus", public, public_card, certainty=ensemble.certainty, plan_id=plan_id(plan)
    )
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(ensemble.pairs, preserve_index=False), sink)
    return {
        "schools.csv": csv_text(ensemble.schools),
        "pairs.parquet": sink.getvalue().to_pybytes(),
        "consensus.csv": csv_text(plan.plan_table()),
        "ensemble.html": render_ensemble(ensemble, card, info),
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
            "limits_held": [one.definition for one in card.constraints if one.satisfied],
            "candidate_breaks": list(ensemble.broken),
            "places": ensemble.places.reset_index().to_dict("records"),
            "diagnostics": ensemble.diagnostics.reset_index().to_dict("records"),
            "mixed_where": f"R-hat <= {MOST_RHAT:g} and effective plans >= {LEAST_ESS} a chain",
            "good": f"the {GOOD_SHARE:.0%} with the highest objective: {ensemble.agreement.good}",
            "firm": int((schools["certainty"] >= FIRM).sum()),
            "swing": int((schools["certainty"] < SWING).sum()),
            "warnings": list(ensemble.warnings),
        },
    )
