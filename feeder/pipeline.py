"""One run, from a district folder to an output folder: the only place that knows every stage."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from feeder.district.read import read_district
from feeder.errors import NoPlanFoundError, Problem
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.network.build import build_network
from feeder.partition.search import warm_up
from feeder.planning import Assignment
from feeder.planning.make import Search, make_plan
from feeder.render.folder import RUN_FILE, check_folder, write_folder
from feeder.render.gis import communities_layer, tiles_layer
from feeder.render.page import PageInfo, render_page
from feeder.render.redact import redacted, redaction_note
from feeder.render.tables import json_text, tables
from feeder.scenario import Scenario, load_scenario_table

if TYPE_CHECKING:
    import folium
    import pandas as pd

STAGES: Final = {
    "read": "Reading the district",
    "network": "Building the network",
    "prepare": "Preparing the search",
    "search": "Searching for the best plan",
    "score": "Scoring the plan",
    "write": "Drawing and writing",
}
"""Stages of a run in order, and what a planner sees of each."""
LIBRARIES: Final = ("geopandas", "shapely", "numpy", "scipy", "pandas", "numba", "networkx")
EPOCH: Final = "SOURCE_DATE_EPOCH"

Progress = Callable[[str, float], None]
"""Called with a stage's name and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A scored plan: what a run makes, and what a notebook works with.

    Attributes
    ----------
    assignment
        District, network, resolved scenario, and the community of every campus and tile.
    scorecard
        Every measure, constraint and community.
    record
        What ``run.json`` tells of the run, but for its timings.
    timings
        Seconds of each stage.
    """

    assignment: Assignment
    scorecard: Scorecard
    record: dict[str, Any]
    timings: dict[str, float] = field(repr=False)

    def __repr__(self) -> str:
        kept = self.scorecard.plan["feeder_continuity"].value
        shown = "" if kept is None else f", {kept:.1%} of feeder flow kept"
        promises = "every promise kept" if self.scorecard.satisfied else "promises broken"
        return (
            f"Plan({self.assignment.district.name!r}, {self.assignment.n_communities} "
            f"communities{shown}, {promises})"
        )

    @property
    def plan_id(self) -> str:
        """Short hash that names the plan: the same schools in the same communities."""
        return _plan_id(self.assignment)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was repaired, left out or looks odd."""
        return (*self.assignment.district.warnings, *self.assignment.network.warnings)

    @property
    def table(self) -> pd.DataFrame:
        """``school_id`` and ``community_id`` of every school."""
        return self.assignment.plan_table()

    @property
    def communities(self) -> pd.DataFrame:
        """One row a community with its measures, indexed by ``community_id``."""
        return self.scorecard.communities

    def explore(self) -> folium.Map:
        """Return an interactive map for a notebook; every text in it is neutralised."""
        from feeder.render.explore import explore

        return explore(self.assignment, self.scorecard)

    def write(self, out: Path | str, *, progress: Progress | None = None) -> Path:
        """Write every output file into folder ``out``, all or nothing, and return the folder.

        Raises
        ------
        OutputError
            Where the folder cannot be written or must not be replaced.
        """
        folder = Path(out)
        report = progress or _quiet
        source = self.assignment.district.folder
        check_folder(folder, source=source)
        with _timed("write", self.timings, report):
            texts = self._texts()
        texts[RUN_FILE] = json_text({**self.record, "timings_s": _published(self.timings)})
        write_folder(folder, texts, source=source)
        return folder

    def _texts(self) -> dict[str, str]:
        """Every file but ``run.json``. What is published is redacted first, then computed."""
        public = redacted(self.assignment)
        public_card = _with_promises(score(public), self.scorecard)
        info = PageInfo(
            run_date=run_date(),
            plan_id=self.plan_id,
            suppressed=redaction_note(self.assignment, public),
        )
        return {
            **tables(self.assignment, self.scorecard),
            "tiles.geojson": tiles_layer(self.assignment),
            "communities.geojson": communities_layer(public, public_card),
            "map.html": render_page(public, public_card, info),
        }


def plan_district(
    folder: Path | str | None = None,
    *,
    scenario: Path | str | None = None,
    best_effort: bool = False,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> Plan:
    """Plan a district: read its folder, build its network, search, score.

    Parameters
    ----------
    folder
        District folder; None plans the embedded, invented district.
    scenario
        Scenario file that overrides the folder's defaults.
    best_effort
        Return the best plan found even where it breaks promises.
    progress
        Called with a stage's name and the share of it that is done.
    **overrides
        Keys of ``[scenario]``, such as ``communities=12``; they override both.

    Raises
    ------
    InputError
        Where the folder or the scenario cannot be used; carries every problem.
    InfeasibleError
        Where the limits provably cannot hold together.
    NoPlanFoundError
        Where no plan was found that keeps every promise, unless ``best_effort``.
    """
    report = progress or _quiet
    timings: dict[str, float] = {}
    with _timed("read", timings, report):
        district = read_district(embedded_district() if folder is None else Path(folder))
        asked = read_scenario(district.scenario, scenario, overrides)
    with _timed("network", timings, report):
        network = build_network(district)
    with _timed("prepare", timings, report):
        warm_up()
    with _timed("search", timings, report):
        found = make_plan(district, network, asked, progress=lambda share: report("search", share))
    with _timed("score", timings, report):
        scorecard = score(found.assignment)
    if not scorecard.satisfied and not best_effort:
        raise NoPlanFoundError(
            violation.message
            for constraint in scorecard.constraints
            for violation in constraint.violations
        )
    return Plan(found.assignment, scorecard, _record(found, scorecard), timings)


def read_scenario(
    defaults: Scenario, file: Path | str | None, overrides: Mapping[str, Any]
) -> Scenario:
    """Lay a scenario file, and then single keys, over a folder's defaults."""
    asked = defaults
    if file is not None:
        asked = asked.overridden(load_scenario_table(Path(file)), file=str(file))
    return asked.overridden(overrides) if overrides else asked


def embedded_district() -> Path:
    """Return the folder of the embedded, invented district.

    It travels inside an installed package, and stands beside the package in a checkout.
    """
    package = Path(str(resources.files("feeder")))
    inside = package / "geodata"
    return inside if inside.is_dir() else package.parent / "geodata"


def run_date() -> str:
    """Return the run's day as ISO text, from SOURCE_DATE_EPOCH when it is set."""
    epoch = os.environ.get(EPOCH)
    moment = datetime.fromtimestamp(int(epoch), tz=UTC) if epoch else datetime.now(tz=UTC)
    return moment.date().isoformat()


def _record(found: Search, scorecard: Scorecard) -> dict[str, Any]:
    """Everything needed to repeat the run bit for bit."""
    assignment = found.assignment
    district, network = assignment.district, assignment.network
    return {
        "district": district.name,
        "year": district.year,
        "folder": district.folder.resolve().name,
        "synthetic": district.synthetic,
        "date": run_date(),
        "plan_id": _plan_id(assignment),
        "inputs": [{"path": f.path, "sha256": f.sha256} for f in district.inputs],
        "versions": {
            "feeder": metadata.version("feeder"),
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in LIBRARIES},
        },
        "platform": f"{platform.system()} {platform.machine()}",
        "scenario": assignment.scenario.as_dict(),
        "seed": assignment.scenario.seed,
        "search": {
            "steps_per_unit": found.effort.steps_per_unit,
            "chains": found.effort.chains,
            "hot": found.effort.hot,
            "cold": found.effort.cold,
            "soft": found.effort.soft,
            "hard": found.effort.hard,
        },
        "every_promise_kept": scorecard.satisfied,
        "flows": network.flow_report,
        "warnings": [w.as_dict() for w in (*district.warnings, *network.warnings)],
    }


def _with_promises(public: Scorecard, full: Scorecard) -> Scorecard:
    """Return the published scorecard with the promises as the whole data keeps them.

    That a promise is kept tells no count; where one is broken, its figures are the redacted ones.
    """
    told = {constraint.name: constraint for constraint in public.constraints}
    return replace(
        public,
        constraints=tuple(
            constraint if constraint.satisfied else replace(told[constraint.name], satisfied=False)
            for constraint in full.constraints
        ),
    )


def _plan_id(assignment: Assignment) -> str:
    table = assignment.plan_table()
    lines = table["school_id"] + "," + table["community_id"]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _published(timings: dict[str, float]) -> dict[str, float] | None:
    """Round timings to the hundredth; None where SOURCE_DATE_EPOCH asks for the same bytes."""
    if os.environ.get(EPOCH):
        return None
    return {stage: round(seconds, 2) for stage, seconds in timings.items()}


@contextmanager
def _timed(stage: str, timings: dict[str, float], report: Progress) -> Iterator[None]:
    report(stage, 0.0)
    started = time.perf_counter()
    yield
    timings[stage] = time.perf_counter() - started
    report(stage, 1.0)


def _quiet(_stage: str, _share: float) -> None:
    """Report nothing."""
