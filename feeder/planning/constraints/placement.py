"""Every school and tile in a community, and the schools of one campus in the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from feeder.language import Message
from feeder.planning.constraints.contract import Constraint
from feeder.planning.constraints.judged import (
    ConstraintResult,
    Judged,
    Violation,
    of_the_plan,
    result,
)


class EverySchoolPlaced(Constraint):
    """Nothing without a community, but for schools that stay apart."""

    of_any_plan = True

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find schools and tiles without a community, and schools with one that stay apart."""
        apart = plan.graph.is_apart.any()
        yield result("every_school_placed", _stray(plan), variant="_apart" if apart else "")

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give where schools of choice belong."""
        return {"choice_schools": plan.scenario.choice_schools}


class CampusWhole(Constraint):
    """No campus parted."""

    of_any_plan = True

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find campuses whose schools are in several communities."""
        yield result("campus_whole", _parted(plan))


def _stray(plan: Judged) -> Iterator[Violation]:
    graph = plan.graph
    stays_apart = graph.is_apart[graph.school_node]
    for i in np.flatnonzero((plan.home < 0) & ~stays_apart):
        named = plan.schools_named(np.array([i]))
        yield of_the_plan(0, 1, "communities", "unplaced", schools=named)
    for i in np.flatnonzero((plan.home >= 0) & stays_apart):
        named = plan.schools_named(np.array([i]))
        yield plan.broken(int(plan.home[i]), 1, 0, "communities", "not_apart", schools=named)
    tiles = np.flatnonzero((plan.node < 0) & graph.has_land)
    if len(tiles):
        places = plan.places_named(tiles)
        yield of_the_plan(len(tiles), 0, "tiles", "land_unplaced", places=places)


def _parted(plan: Judged) -> Iterator[Violation]:
    """Yield campuses whose schools are in several communities; those in none are told apart."""
    placed = np.flatnonzero(plan.home >= 0)
    for _, group in pd.Series(placed).groupby(plan.graph.school_node[placed]):
        schools = group.to_numpy()
        homes = list(dict.fromkeys(plan.home[schools].tolist()))
        if len(homes) > 1:
            by_home = [(c, plan.schools_named(schools[plan.home[schools] == c])) for c in homes]
            where = tuple(
                Message("place.in", {"schools": names, "community": plan.label(c)})
                for c, names in by_home
            )
            said = Message("broken.campus", {"n": len(homes), "where": where})
            first = plan.ids[homes[0]]
            yield Violation(first, len(homes), 1, "communities of a campus", said)
