"""A scored plan: what a run makes, what is asked of it, and the files it becomes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feeder.analyses.table import ANALYSES, Analyses
from feeder.district.model import District
from feeder.errors import Problem
from feeder.language import languages
from feeder.measures.grouping import today_of
from feeder.measures.own import OwnMeasure, own_measures
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.network.model import Network
from feeder.opening.communities import COMMUNITIES_CSV
from feeder.opening.kept import PREVIOUS_CSV, Kept, kept_identities
from feeder.opening.record import COMMUNITIES_KEY, published_timings
from feeder.opening.stages import Progress, quiet, timed
from feeder.planning import Assignment
from feeder.planning.carrying import beside
from feeder.publishing.keys import keys_beside
from feeder.publishing.published import PublishedPlan, publish
from feeder.render.files.folder import check_folder, warn_mended, write_run
from feeder.render.files.geojson import communities_layer, tiles_layer
from feeder.render.files.geopackage import geopackage
from feeder.render.files.tables import (
    communities_table,
    identity_table,
    scorecard_table,
    tables,
)
from feeder.render.frame import report_file
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView
from feeder.render.report.report import render_report
from feeder.render.spoken import spoken
from feeder.scenario import Scenario
from feeder.telling.agreed import agreed
from feeder.telling.sections import Section
from feeder.writing.texts import csv_text, encoded

if TYPE_CHECKING:
    import folium
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Plan(Analyses):
    """A scored plan: what a run makes, and what a notebook works with.

    Every analysis is one of its methods (:class:`~feeder.analyses.table.Analyses`).

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
    waiting
        What ``communities.previous.csv`` is to hold; empty for no such file.

    Examples
    --------
    >>> plan.table.columns.tolist()
    ['school_id', 'community_id', 'community']
    >>> plan.communities.attrs["units"]["enrollment"]
    'students'
    """

    assignment: Assignment
    scorecard: Scorecard
    record: dict[str, Any]
    timings: dict[str, float] = field(repr=False)
    waiting: bytes = field(default=b"", repr=False)

    def __repr__(self) -> str:
        kept = self.scorecard.plan["feeder_continuity"].value
        shown = "" if kept is None else f", {kept:.1%} whose next school is inside"
        promises = "every promise kept" if self.scorecard.satisfied else "promises broken"
        return (
            f"Plan({self.assignment.district.name!r}, {self.assignment.n_communities} "
            f"communities{shown}, {promises})"
        )

    def _repr_html_(self) -> str:
        """Show the plan's communities and promises in a notebook."""
        from feeder.telling.notebook import plan_html

        return plan_html(self.assignment, self.scorecard)

    @property
    def district(self) -> District:
        """The district."""
        return self.assignment.district

    @property
    def network(self) -> Network:
        """Its network: campuses, tiles, contacts and flows."""
        return self.assignment.network

    @property
    def scenario(self) -> Scenario:
        """What was asked for, every default filled in."""
        return self.assignment.scenario

    @property
    def plan_id(self) -> str:
        """Short hash that names the plan: the same schools in the same communities."""
        return self.assignment.plan_id

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was repaired, left out or looks odd."""
        return (*self.district.warnings, *self.network.warnings)

    @property
    def table(self) -> pd.DataFrame:
        """``school_id``, ``community_id`` and ``community`` (the name) of every school."""
        return self.assignment.plan_table()

    @property
    def communities(self) -> pd.DataFrame:
        """One row a community with its measures and their units, indexed by ``community_id``."""
        return communities_table(self.scorecard)

    @property
    def figures(self) -> pd.DataFrame:
        """Every figure of the report: one row a measure and scope, with unit and definition."""
        return scorecard_table(self.scorecard)

    def with_measures(self, *measures: OwnMeasure) -> Plan:
        """Return the plan scored by measures of one's own as well, which follow ours everywhere."""
        card = score(self.assignment, measures=measures)
        return replace(self, scorecard=replace(card, certificate=self.scorecard.certificate))

    def published(self) -> PublishedPlan:
        """Return the plan as it may leave the desk."""
        return publish(self.assignment, self.scorecard)

    def explore(self) -> folium.Map:
        """Return an interactive map for a notebook; every text in it is neutralised."""
        from feeder.render.explore import explore

        return explore(self.assignment, self.scorecard)

    def packet(self, *, language: str = "en", paper: str = "letter") -> bytes:
        """Return the board packet as the bytes of a PDF file, made of the published plan.

        Parameters
        ----------
        language
            Tag of one of :func:`feeder.language.languages`.
        paper
            ``letter`` or ``a4``.
        """
        from feeder.render.packet import render_packet

        public = self.published()
        own = spoken(language, self.district.grade_system)
        return render_packet(public, PageInfo.of(public), own, paper=paper)

    def write(self, out: Path | str, *, progress: Progress | None = None) -> Path:
        """Write every output file into folder ``out``, all or nothing, and return the folder.

        Raises
        ------
        OutputError
            Where the folder cannot be written or must not be replaced.
        """
        folder = Path(out)
        source = self.district.folder
        warn_mended(check_folder(folder, source=source))
        with timed("write", self.timings, progress or quiet):
            plan = self.keeping(folder)
            files = _files(plan)
        timings = published_timings(self.timings)
        record = {**plan.record, **_hashed(plan, files), "timings_s": timings}
        write_run(folder, files, record, source=source)
        return folder

    def keeping(self, out: Path | str) -> Plan:
        """Return the plan under the identities that were edited in an output folder, if any were.

        Names, numbers, colors and contacts of its ``communities.csv`` go to the communities that
        share most students; what finds no place waits in ``communities.previous.csv``.
        :meth:`write` does so by itself.
        """
        kept = kept_identities(Path(out), self.assignment)
        waiting = _waiting(Path(out) / PREVIOUS_CSV, kept)
        if kept is None:
            return replace(self, waiting=waiting)
        known = dict.fromkeys((*self.district.warnings, *kept.warnings))
        district = replace(self.district, warnings=tuple(known))
        plan = replace(kept.plan, district=district)
        told = [one.as_dict() for one in (*known, *self.network.warnings)]
        return replace(
            self,
            assignment=plan,
            scorecard=self._rescored(plan),
            record={**self.record, "warnings": told, COMMUNITIES_KEY: None},
            waiting=waiting,
        )

    def _rescored(self, plan: Assignment) -> Scorecard:
        """Return the scorecard of the plan under other identities."""
        card = score(plan, measures=own_measures(self.scorecard))
        return replace(card, certificate=self.scorecard.certificate)


def _waiting(file: Path, kept: Kept | None) -> bytes:
    """Return what waits beside a plan: what waited before, and what found no place now."""
    before = file.read_bytes() if file.is_file() else b""
    if kept is None:
        return before
    rows = csv_text(identity_table(kept.left)).encode() if kept.left else kept.unread or b""
    if before and kept.left:
        rows = rows.partition(b"\n")[2]
    return before + b"".join(line for line in rows.splitlines(keepends=True) if line not in before)


def _hashed(plan: Plan, files: Mapping[str, str | bytes]) -> dict[str, str | None]:
    """Return the hash of the identities; none where they are not as the plan was made."""
    fresh = "plan" not in plan.record and COMMUNITIES_KEY not in plan.record
    written = encoded(COMMUNITIES_CSV, files[COMMUNITIES_CSV])
    return {COMMUNITIES_KEY: hashlib.sha256(written).hexdigest() if fresh else None}


def _files(plan: Plan) -> dict[str, str | bytes]:
    """Every file but ``run.json``. What is published is made of the published plan."""
    public, district = plan.published(), plan.district
    info, told = PageInfo.of(public), _told(plan, public)
    return {
        **tables(plan.assignment, plan.scorecard),
        **({PREVIOUS_CSV: plan.waiting} if plan.waiting else {}),
        "tiles.geojson": tiles_layer(plan.assignment),
        "communities.geojson": communities_layer(public),
        "plan.gpkg": geopackage(plan.assignment, plan.scorecard),
        "map.html": render_page(plan_views(plan, public), info),
        **{
            report_file(tag): render_report(
                public, info, plan.warnings, spoken(tag, district.grade_system), told
            )
            for tag in languages()
        },
    }


def plan_views(plan: Plan, public: PublishedPlan) -> list[PlanView]:
    """Return the plan and, where there is one, today's beside it; both as published."""
    found = today_of(plan.assignment)
    if found is None:
        return [PlanView("Plan", public)]
    today = beside(found, plan.assignment)
    other = publish(today, score(today), worlds=public.worlds, decimals=public.decimals)
    keys, keys_today = keys_beside(public.assignment, other.assignment)
    return [
        PlanView("Plan", public, keys=keys),
        PlanView("Today", other, keys=keys_today, today=True),
    ]


def _told(plan: Plan, public: PublishedPlan) -> tuple[Section, ...]:
    """Return what analyses tell in the report: what all that may be known agrees on."""
    worlds = public.worlds
    ends = [worlds.least, worlds.most] if worlds.is_open else []
    return tuple(
        section
        for one in ANALYSES
        if one.in_report
        for section in agreed(
            one.in_report(public.assignment),
            *(one.in_report(world.of(plan.assignment)) for world in ends),
        )
    )
