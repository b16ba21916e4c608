"""What every page of the packet draws from: one published plan, its figures and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.model import K12_MASK, LEVELS
from feeder.district.schools.grades import lowest, span_label
from feeder.language import Words
from feeder.measures.scorecard import Scorecard
from feeder.network.graph import IntArray
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.publishing.shares import Share, own_shares, share_that_stays
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
    own
        The least and the greatest share of each of the district's own counts and rates, by name:
        two arrays of shape (n_communities + 1,), the last of all communities together.
    """

    plan: Assignment
    card: Scorecard
    info: PageInfo
    words: Words
    paper: str
    ground: Ground
    schools: pd.DataFrame
    stays: Share
    own: Mapping[str, Share]

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
        stays=share_that_stays(published),
        own=own_shares(published),
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
