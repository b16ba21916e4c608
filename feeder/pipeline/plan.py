"""A scored plan and the files it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feeder.analyses.funding.run import FundedPlan, fund_assignment
from feeder.analyses.goals.run import PlanGoals, goals_of
from feeder.analyses.offices.run import plan_offices
from feeder.errors import Problem
from feeder.language import languages, words
from feeder.measures.grouping import today_of
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.opening.record import plan_id, published_timings, run_date
from feeder.opening.stages import Progress, quiet, timed
from feeder.pipeline.worth import worth_sections
from feeder.planning import Assignment
from feeder.publishing.published import with_promises
from feeder.publishing.redact import redacted, redaction_note
from feeder.render.files.folder import RUN_FILE, check_folder, write_folder
from feeder.render.files.geojson import communities_layer, tiles_layer
from feeder.render.files.geopackage import geopackage
from feeder.render.files.tables import communities_table, json_text, scorecard_table, tables
from feeder.render.frame import report_file
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView, keys_beside, of_today
from feeder.render.report.report import render_report

if TYPE_CHECKING:
    import folium
    import pandas as pd

    from feeder.analyses.offices.office_plan import OfficePlan


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
        return plan_id(self.assignment)

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
        """One row a community with its measures and their units, indexed by ``community_id``."""
        return communities_table(self.scorecard)

    @property
    def figures(self) -> pd.DataFrame:
        """Every figure of the report: one row a measure and scope, with unit and definition."""
        return scorecard_table(self.scorecard)

    def offices(self, **wishes: Any) -> OfficePlan:  # noqa: ANN401 - those of plan_offices
        """Place the plan's offices (:func:`~feeder.analyses.offices.run.plan_offices`)."""
        return plan_offices(self.assignment, **wishes)

    def funding(self, **formula: float) -> FundedPlan:
        """Share the budget; keys of ``[funding]`` override the folder's.

        Raises
        ------
        InputError
            As :func:`~feeder.analyses.funding.run.fund_assignment`.
        """
        return fund_assignment(self.assignment, formula)

    def goals(self, *, bottom: float | None = None, by: str = "region") -> PlanGoals:
        """Sum goals, list schools at the bottom (:func:`~feeder.analyses.goals.run.goals_of`)."""
        return goals_of(self.assignment, bottom=bottom, by=by)

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
        report = progress or quiet
        source = self.assignment.district.folder
        check_folder(folder, source=source)
        with timed("write", self.timings, report):
            files = self._files()
        files[RUN_FILE] = json_text({**self.record, "timings_s": published_timings(self.timings)})
        write_folder(folder, files, source=source)
        return folder

    def _files(self) -> dict[str, str | bytes]:
        """Every file but ``run.json``. What is published is redacted first, then computed."""
        public = redacted(self.assignment)
        public_card = with_promises(score(public), self.scorecard)
        info = PageInfo(
            run_date=run_date(),
            plan_id=self.plan_id,
            suppressed=redaction_note(self.assignment, public),
        )
        told = worth_sections(public)
        return {
            **tables(self.assignment, self.scorecard),
            "tiles.geojson": tiles_layer(self.assignment),
            "communities.geojson": communities_layer(public, public_card),
            "plan.gpkg": geopackage(self.assignment, self.scorecard),
            "map.html": render_page(self._views(public, public_card), info),
            **{
                report_file(tag): render_report(
                    public, public_card, info, self.warnings, words(tag), told
                )
                for tag in languages()
            },
        }

    def _views(self, public: Assignment, card: Scorecard) -> list[PlanView]:
        """Return the plan and, where there is one, today's beside it; both redacted."""
        today = today_of(self.assignment)
        if today is None:
            return [PlanView("Plan", public, card, plan_id=self.plan_id)]
        shown = replace(today, district=public.district, network=public.network)
        keys, keys_today = keys_beside(public, shown)
        card_today = of_today(with_promises(score(shown), score(today)))
        return [
            PlanView("Plan", public, card, keys=keys, plan_id=self.plan_id),
            PlanView(
                "Today", shown, card_today, keys=keys_today, today=True, plan_id=plan_id(today)
            ),
        ]
