"""What ``run.json`` tells: enough to repeat a run bit for bit."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, replace
from importlib import metadata
from typing import Any, Final

from feeder.measures.grouping import HasNetwork
from feeder.measures.scorecard import Scorecard
from feeder.partition.proof.bound import Bound
from feeder.planning import Assignment
from feeder.planning.make import SearchResult
from feeder.version import version
from feeder.writing.moment import EPOCH, run_moment

LIBRARIES: Final = (
    "geopandas",
    "shapely",
    "numpy",
    "scipy",
    "pandas",
    "numba",
    "networkx",
    "scikit-learn",
)
RUN_FILE: Final = "run.json"
"""Marks a folder as feeder's own and names its files: a later run may replace these."""
COMMUNITIES_KEY: Final = "communities_sha256"
"""Hash of the identities as a plan was made; null where they come from a file."""


def run_date() -> str:
    """Return the run's day as ISO text; errors as :func:`run_moment`."""
    return run_moment().date().isoformat()


def effort_spent(found: SearchResult) -> dict[str, Any] | None:
    """Return what the search spent; None where a comparator made the plan."""
    return None if found.effort is None else asdict(found.effort)


def run_record(assignment: Assignment, scorecard: Scorecard, **how: object) -> dict[str, Any]:
    """Gather what repeats the run bit for bit; ``how`` is where the plan comes from."""
    district, network = assignment.district, assignment.network
    return {
        "district": district.name,
        "year": district.year,
        "folder": district.folder.resolve().name,
        "synthetic": district.synthetic,
        "date": run_date(),
        "plan_id": assignment.plan_id,
        "inputs": [{"path": f.path, "sha256": f.sha256} for f in district.inputs],
        "versions": {
            "feeder": version(),
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in LIBRARIES},
        },
        "platform": f"{platform.system()} {platform.machine()}",
        "scenario": assignment.scenario.as_dict(),
        "seed": assignment.scenario.seed,
        **how,
        "every_promise_kept": scorecard.satisfied,
        "flows": network.flow_report,
        "warnings": [w.as_dict() for w in (*district.warnings, *network.warnings)],
    }


def origin(known: HasNetwork) -> dict[str, Any]:
    """Return what a table rests on: the district, the plan if it is of one, and the files."""
    district = known.district
    return {
        "district": district.name,
        "year": district.year,
        "date": run_date(),
        **({"plan_id": known.plan_id} if isinstance(known, Assignment) else {}),
        "inputs": [asdict(file) for file in district.inputs],
    }


def told_bound(bound: Bound) -> Bound:
    """Round a bound's time; none where SOURCE_DATE_EPOCH asks for the same bytes."""
    if bound.seconds is None or os.environ.get(EPOCH):
        return replace(bound, seconds=None)
    return replace(bound, seconds=round(bound.seconds, 2))


def published_timings(timings: dict[str, float]) -> dict[str, float] | None:
    """Round timings to the hundredth; None where SOURCE_DATE_EPOCH asks for the same bytes."""
    if os.environ.get(EPOCH):
        return None
    return {stage: round(seconds, 2) for stage, seconds in timings.items()}
