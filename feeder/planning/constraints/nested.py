"""No community with schools of two values of a column (``nested_in``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from feeder.language import Message
from feeder.planning.assignment import Assignment
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.contract import Constraint
from feeder.planning.constraints.judged import ConstraintResult, Judged, Violation, result
from feeder.planning.zones import Zones
from feeder.wording import joined


class NestedIn(Constraint):
    """Communities nested in regions; the search keeps to the zones that these make."""

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell what the zones say, and schools bound to one community across them."""
        yield from zones.conflicts
        shared = asked.shared()
        lead: dict[int, str] = {}
        for school, node in shared.node_of.items():
            lead.setdefault(node, school)
        for nodes in shared.communities().values():
            placed = [node for node in nodes if zones.that_hold([node])]
            if zones.that_hold(placed):
                continue
            where = {zones.names[zones.node_zone[node]]: lead[node] for node in placed}
            places = [
                Message("place.in", {"schools": shared.names[school], "community": zone})
                for zone, school in sorted(where.items())
            ]
            where_each = joined("cannot.list", places)
            column = asked.scenario.nested_in or ""
            yield Message("cannot.straddling", {"column": column, "places": where_each})

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find communities with several values."""
        column, values = plan.scenario.nested_in, nesting(plan.assignment)
        if column is not None and values is not None:
            yield result("nested_in", _straddling(plan, column, values), {"column": column})

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the column, its sorted values and each school's place among them."""
        return {
            "nested_in": plan.scenario.nested_in,
            "nested": _places(nesting(plan.assignment)),
        }


def nesting(assignment: Assignment) -> pd.Series[str] | None:
    """Return each school's value of the column that communities are nested in, or None."""
    column = assignment.scenario.nested_in
    if column is None:
        return None
    district = assignment.district
    table = district.schools if column in district.schools else district.extra
    return table[column].reindex(list(assignment.network.graph.school_ids)).fillna("").astype(str)


def _straddling(plan: Judged, column: str, values: pd.Series[str]) -> Iterator[Violation]:
    for c, members in plan.members():
        inside = sorted(set(values.iloc[members]))
        if len(inside) > 1:
            named = ", ".join(inside)
            yield plan.broken(c, named, 1, column, "nested", values=tuple(inside))


def _places(values: pd.Series[str] | None) -> dict[str, list[Any]] | None:
    if values is None:
        return None
    names = sorted(set(values))
    return {"values": names, "school": [names.index(value) for value in values]}
