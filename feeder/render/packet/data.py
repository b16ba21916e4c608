"""What every page of the packet draws from: one published plan, its figures and its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import K12_MASK, LEVELS
from feeder.district.schools.grades import lowest, span_label
from feeder.language import Words
from feeder.measures.continuity import same_community
from feeder.measures.flow_variants import as_used
from feeder.measures.scorecard import Scorecard
from feeder.network.graph import FloatArray, IntArray
from feeder.planning import Assignment
from feeder.planning.community_totals import totals
from feeder.publishing.published import PublishedPlan
from feeder.publishing.ranges import rate_range
from feeder.publishing.worlds import Worlds
from feeder.render.packet.ground import Ground, ground
from feeder.render.packet.lettering import typed
from feeder.render.page.page import PageInfo
from feeder.telling.figures import rests_on_estimates, students_text

_SWEEPS: Final = 3
"""Times that schools are put in the order of those they feed, and of those they are fed by."""


@dataclass(frozen=True, slots=True, eq=False)
class PacketData:
    """The plan on paper.

    Attributes
    ----------
    plan, card
        The plan as it is drawn, and its figures.
    info
        Date, plan id and what was suppressed.
    words
        The language.
    paper
        A name of :data:`feeder.render.packet.paper.PAPERS`.
    ground
        Land and points.
    schools
        The schools of the network in its order: ``name``, ``level``, ``grades`` (as text),
        ``first`` (lowest K-12 grade), ``least`` and ``most`` (what is known of the enrollment).
    stays
        Two arrays of shape (n_schools,): the least and the greatest share of each school's flows
        that stay in its community; NaN where it sends nobody on.
    worlds
        What may be known of the district.
    """

    plan: Assignment
    card: Scorecard
    info: PageInfo
    words: Words
    paper: str
    ground: Ground
    schools: pd.DataFrame
    stays: tuple[FloatArray, FloatArray]
    worlds: Worlds

    @property
    def rough(self) -> bool:
        """Whether figures of flows rest on estimates."""
        return rests_on_estimates(self.plan)

    @property
    def place(self) -> str:
        """The district and its year."""
        district = self.plan.district
        return " ".join(filter(None, [typed(district.name), typed(district.year)]))

    def members(self, community: int) -> IntArray:
        """Return the schools of a community by level; schools of one family stay together.

        -1 asks for the schools in no community.
        """
        found = np.flatnonzero(self.plan.school_community == community)
        rank = self.schools["level"].map(LEVELS.index).to_numpy(np.int64)
        names = self.schools["name"].tolist()
        named = sorted(found.tolist(), key=lambda one: (rank[one], names[one], one))
        return _by_family(self.plan, np.array(named, dtype=np.int64), rank)

    def students(self, school: int) -> str:
        """Return the students of a school, or what is known of them; empty where it has none."""
        low, high = self.schools[["least", "most"]].iloc[school]
        below = self.info.suppressed.get("below", 0)
        return students_text(low, high, below, self.words) if high else ""

    def percent(self, share: float, *, of_flows: bool = False) -> str:
        """Return a share in words; about, where it rests on estimated flows."""
        if not np.isfinite(share):
            return self.words("figure.none")
        if of_flows and self.rough:
            return self.about(self.words.number(share, ".0%"))
        return self.words.number(share, ".1%")

    def about(self, text: str) -> str:
        """Return a figure of flows as rough as it is."""
        return self.words("figure.about", figure=text) if self.rough else text


def packet_data(published: PublishedPlan, info: PageInfo, words: Words, paper: str) -> PacketData:
    """Look up what the pages of a published plan share."""
    plan, told = published.assignment, published.worlds.told
    plan = plan.called([typed(name) for name in plan.community_names])
    schools = plan.district.schools.loc[list(plan.network.graph.school_ids)]
    masks = schools["grades"].tolist()
    table = pd.DataFrame(
        {
            "name": [typed(name) for name in schools["name"]],
            "level": schools["level"].tolist(),
            "grades": [_span(mask, plan, words) for mask in masks],
            "first": [lowest(mask & K12_MASK) for mask in masks],
            "least": told.enrollment.low.loc[schools.index, "enrollment"].to_numpy(np.float64),
            "most": told.enrollment.high.loc[schools.index, "enrollment"].to_numpy(np.float64),
        }
    )
    return PacketData(
        plan=plan,
        card=published.scorecard,
        info=info,
        words=words,
        paper=paper,
        ground=ground(plan),
        schools=table,
        stays=_stays(plan, published.worlds),
        worlds=published.worlds,
    )


def _by_family(plan: Assignment, order: IntArray, rank: IntArray) -> IntArray:
    """Put schools, sorted by rank, next to those whose schools they feed or are fed by.

    Sweeps from level to level (Sugiyama, Tagawa and Toda 1981): down by the schools fed, up by
    the schools that feed. It keeps the lines of the ladder from crossing.
    """
    graph = plan.network.graph
    inner = np.isin(graph.flow_from, order) & np.isin(graph.flow_to, order)
    down = (graph.flow_from[inner], graph.flow_to[inner], graph.flow_students[inner])
    up = (down[1], down[0], down[2])
    place = np.zeros(len(rank))
    levels = np.unique(rank[order]).tolist()
    for level in levels:
        group = order[rank[order] == level]
        place[group] = (np.arange(len(group)) + 0.5) / len(group)
    for one, other, students in (down, up) * _SWEEPS + (down,):
        for level in levels[::-1] if one is down[0] else levels:
            group = order[rank[order] == level]
            apart = (rank[one] == level) & (rank[other] != level)
            weight = np.bincount(one[apart], weights=students[apart], minlength=len(rank))
            pull = np.bincount(
                one[apart], weights=(students * place[other])[apart], minlength=len(rank)
            )
            wish = place.copy()
            np.divide(pull, weight, out=wish, where=weight > 0)
            group = group[np.lexsort((place[group], wish[group].round(9)))]
            order[rank[order] == level] = group
            place[group] = (np.arange(len(group)) + 0.5) / len(group)
    return order


def _span(mask: int, plan: Assignment, words: Words) -> str:
    return span_label(mask, plan.district.grade_system) if mask else words("packet.no_grades")


def _stays(plan: Assignment, worlds: Worlds) -> tuple[FloatArray, FloatArray]:
    home, flows = plan.school_community, as_used(plan.network)
    kept = same_community(flows, home)
    ends = [world.network.graph.flow_students for world in (worlds.least, worlds.most)]
    inside, away = (
        np.stack([totals(end[rows], flows.sender[rows], len(home)) for end in ends])
        for rows in (kept, ~kept)
    )
    low, high = rate_range(inside, away)
    return np.where(home >= 0, low, np.nan), np.where(home >= 0, high, np.nan)
