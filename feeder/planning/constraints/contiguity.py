"""The land of a community in one piece, and its schools without land on it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from feeder.language import Fact, Message
from feeder.network.graph import FEED, IntArray
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.contract import Constraint, communities
from feeder.planning.constraints.judged import ConstraintResult, Judged, Violation, result
from feeder.planning.land import pieces
from feeder.planning.zones import Zones
from feeder.terms import LEAST_SHARE, SLACK


class Contiguity(Constraint):
    """Whole land and anchored schools; the search never breaks it."""

    of_any_plan = True

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell that there are more communities than campuses with land."""
        del zones
        tiles = int(asked.graph.has_land[: asked.graph.n_campuses].sum())
        if asked.n > tiles:
            facts = {"communities": communities(asked.n), "possible": communities(tiles)}
            yield Message("cannot.land", {**facts, "n": tiles})

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find land in several pieces, and schools without land that touch too little of it."""
        yield result(
            "contiguity",
            [*_parted_land(plan), *_loose_schools(plan)],
            {"share": LEAST_SHARE},
            variant="_by_flow" if plan.scenario.choice_schools == "flow" else "",
        )


def _parted_land(plan: Judged) -> Iterator[Violation]:
    """Yield communities whose landed nodes fall into several parts, or that have none."""
    part = pieces(plan.graph, plan.node)
    for c in range(plan.n):
        landed = np.flatnonzero((plan.node == c) & plan.graph.has_land)
        parts, sizes = np.unique(part[landed], return_counts=True)
        if not len(parts):
            yield plan.broken(c, 0, 1, "parts of land", "no_land")
        elif len(parts) > 1:
            stray = plan.places_named(landed[part[landed] != parts[np.argmax(sizes)]])
            n = len(parts)
            yield plan.broken(c, n, 1, "parts of land", "parts", n=n, places=stray)


def _loose_schools(plan: Judged) -> Iterator[Violation]:
    """Yield schools on landless campuses that touch too little of their community's land.

    The schools of one campus in one community are told together.
    """
    graph = plan.graph
    touch = ~graph.is_land_contact
    campus, tile = graph.contact_a[touch], graph.contact_b[touch]
    on_land = np.zeros((graph.n_nodes, plan.n + 1))  # the last column is no community
    np.add.at(on_land, (campus, plan.node[tile]), graph.contact_share[touch])
    shares = on_land[graph.school_node, plan.home]
    leaning = ~graph.has_land & ~graph.is_apart
    landless = (plan.home >= 0) & leaning[graph.school_node]
    short = np.flatnonzero(landless & (shares < LEAST_SHARE * (1 - SLACK)))
    fed = np.isin(np.arange(graph.n_nodes), graph.contact_a[graph.contact_kind == FEED])
    for _, group in pd.Series(short).groupby([graph.school_node[short], plan.home[short]]):
        schools = group.to_numpy()
        home, share = int(plan.home[schools[0]]), float(shares[schools[0]])
        if fed[graph.school_node[schools[0]]]:
            yield _too_few_pupils(plan, schools, home)
            continue
        told: dict[str, Fact] = {"share": share, "bound": LEAST_SHARE}
        told["schools"] = plan.schools_named(schools)
        yield plan.broken(home, share, LEAST_SHARE, "share of its area", "landless", **told)


def _too_few_pupils(plan: Judged, schools: IntArray, home: int) -> Violation:
    """Tell of a school of choice in the wrong community, without a figure: it may be few pupils."""
    told: dict[str, Fact] = {"schools": plan.schools_named(schools), "bound": LEAST_SHARE}
    return plan.broken(home, "fewer", LEAST_SHARE, "share of its pupils", "too_few_pupils", **told)
