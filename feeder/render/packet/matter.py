"""What every page of the packet draws from: one plan, redacted, its figures and its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from feeder.district.grades import lowest, span_label
from feeder.district.model import K12_MASK, LEVELS
from feeder.language import Words
from feeder.measures.scorecard import Scorecard
from feeder.network.graph import FloatArray, IntArray
from feeder.planning import Assignment
from feeder.render.colours import community_colours
from feeder.render.figures import rests_on_estimates
from feeder.render.packet.ground import Ground, ground
from feeder.render.packet.lettering import typed
from feeder.render.page import PageInfo

_ROUNDS: Final = 4
"""Times that schools are put in the order of those they feed or are fed by."""


@dataclass(frozen=True, slots=True, eq=False)
class Matter:
    """The plan on paper.

    Attributes
    ----------
    plan, card
        Redacted, and computed from what is redacted.
    info
        Date, plan id and what was suppressed.
    words
        The language.
    paper
        A name of :data:`feeder.render.packet.paper.PAPERS`.
    ground
        Land and points.
    colours
        One a community.
    schools
        The schools of the network in its order: ``name``, ``level``, ``grades`` (as text),
        ``first`` (lowest K-12 grade), ``enrollment`` (0 where it is suppressed).
    stays
        Shape (n_schools,): share of each school's published flows that stay in its community;
        NaN where it sends nobody on.
    """

    plan: Assignment
    card: Scorecard
    info: PageInfo
    words: Words
    paper: str
    ground: Ground
    colours: tuple[str, ...]
    schools: pd.DataFrame
    stays: FloatArray

    @property
    def rough(self) -> bool:
        """Whether figures of flows rest on estimates."""
        return rests_on_estimates(self.plan)

    @property
    def place(self) -> str:
        """The district and its year, and that it is invented where it is."""
        district = self.plan.district
        return " ".join(filter(None, [typed(district.name), typed(district.year)]))

    def members(self, community: int) -> IntArray:
        """Return the schools of a community by level; schools of one family stay together.

        Within a level, schools stand in the order of the schools they feed and are fed by, which
        keeps the lines of the ladder from crossing. -1 asks for the schools in no community.
        """
        found = np.flatnonzero(self.plan.school_community == community)
        rank = self.schools["level"].map(LEVELS.index).to_numpy(np.int64)
        names = self.schools["name"].to_numpy(dtype=object)
        listed = sorted(found.tolist(), key=lambda one: (rank[one], str(names[one]), one))
        order = np.array(listed, dtype=np.int64)
        graph = self.plan.network.graph
        inner = np.isin(graph.flow_from, order) & np.isin(graph.flow_to, order)
        tables = pd.DataFrame(
            {
                "a": np.concatenate([graph.flow_from[inner], graph.flow_to[inner]]),
                "b": np.concatenate([graph.flow_to[inner], graph.flow_from[inner]]),
                "students": np.tile(graph.flow_students[inner], 2),
            }
        )
        for _ in range(_ROUNDS):
            place = np.zeros(len(names))
            for level in np.unique(rank[order]):
                group = order[rank[order] == level]
                place[group] = (np.arange(len(group)) + 0.5) / len(group)
            total = np.bincount(tables["a"], weights=tables["students"], minlength=len(names))
            pulled = np.bincount(
                tables["a"], weights=tables["students"] * place[tables["b"]], minlength=len(names)
            )
            wish = place.copy()
            np.divide(pulled, total, out=wish, where=total > 0)
            order = order[np.lexsort((place[order], wish[order].round(9), rank[order]))]
        return order

    def percent(self, share: float, *, of_flows: bool = False) -> str:
        """Return a share in words; about, where it rests on estimated flows; a dash if unknown."""
        if not np.isfinite(share):
            return self.words("packet.unknown")
        if of_flows and self.rough:
            return self.words("packet.about", text=self.words.number(share, ".0%"))
        return self.words.number(share, ".1%")


def gather(
    plan: Assignment, card: Scorecard, info: PageInfo, words: Words, paper: str
) -> Matter:
    """Look up what the pages of a redacted plan share."""
    plan = replace(plan, community_names=tuple(typed(name) for name in plan.community_names))
    schools = plan.district.schools.loc[list(plan.network.graph.school_ids)]
    masks = schools["grades"].tolist()
    table = pd.DataFrame(
        {
            "name": [typed(name) for name in schools["name"]],
            "level": schools["level"].tolist(),
            "grades": [_span(mask, words) for mask in masks],
            "first": [lowest(mask & K12_MASK) for mask in masks],
            "enrollment": schools["enrollment"].to_numpy(np.int64),
        }
    )
    return Matter(
        plan=plan,
        card=card,
        info=info,
        words=words,
        paper=paper,
        ground=ground(plan),
        colours=community_colours(plan),
        schools=table,
        stays=_stays(plan),
    )


def _span(mask: int, words: Words) -> str:
    return span_label(mask) if mask else words("packet.no_grades")


def _stays(plan: Assignment) -> FloatArray:
    graph, home = plan.network.graph, plan.school_community
    here = home[graph.flow_from]
    kept = (here >= 0) & (here == home[graph.flow_to])
    n = len(home)
    sent = np.bincount(graph.flow_from, weights=graph.flow_students, minlength=n)
    inside = np.bincount(graph.flow_from[kept], weights=graph.flow_students[kept], minlength=n)
    share = np.full(n, np.nan)
    np.divide(inside, sent, out=share, where=(sent > 0) & (home >= 0))
    return share
