"""Utilization of every community, enrollment over capacity, within a band of the district's.

``capacity_tolerance``. Schools whose capacity is unknown count in neither sum, and a community
without any that is known has no utilization, so it breaks the promise. The band is linear: with
``u`` the district's utilization, the sum of ``enrollment - (1 + tolerance) * u * capacity`` over a
community is at most 0, and that with ``1 - tolerance`` is at least 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from feeder.errors import Problem
from feeder.language import Fact, Message
from feeder.network.graph import FloatArray
from feeder.planning.constraints.asked import Asked, Total
from feeder.planning.constraints.contract import Constraint, communities
from feeder.planning.constraints.judged import ConstraintResult, Judged, Violation, result
from feeder.planning.zones import Zones
from feeder.terms import SLACK


class Capacity(Constraint):
    """A community's utilization within a share of the district's."""

    def problems(self, asked: Asked) -> Iterator[Problem]:
        """Tell that no school has a capacity."""
        wanted = asked.scenario.capacity_tolerance is not None
        if wanted and not _known(asked.table).capacity.any():
            yield Problem(
                rule="no-capacity",
                message="capacity_tolerance is set, but no school has a capacity.",
                fix="Give schools a capacity, or leave capacity_tolerance out.",
                column="capacity_tolerance",
            )

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell too few campuses with a capacity, and campuses that no others can make up for."""
        del zones
        tolerance = asked.scenario.capacity_tolerance
        if tolerance is None:
            return
        known = _known(asked.table)
        rooms = int((asked.by_node(known.capacity) > 0).sum())
        if 0 < rooms < asked.n:
            facts = {"communities": communities(asked.n), "possible": communities(rooms)}
            yield Message("cannot.capacity", {**facts, "n": rooms})
        shared, schools = asked.shared(), asked.schools
        for sign in (1, -1):
            share = 1 + sign * tolerance
            excess = sign * asked.by_node(known.excess(share))
            for nodes in shared.parts():
                others = np.delete(excess, nodes)
                more = max(0, asked.scenario.schools[1] - int(schools[nodes].sum()))
                # Every campus takes at least one of the places that are left.
                relief = np.sort(np.minimum(others, 0.0))[:more].sum()
                if excess[nodes].sum() + relief > SLACK * max(1.0, known.enrollment.sum()):
                    side = "over" if sign > 0 else "under"
                    told: dict[str, Fact] = {
                        "schools": shared.named(nodes),
                        "number": more,
                        "bound": share * known.utilization,
                    }
                    yield Message(f"cannot.capacity_{side}", told)

    def totals(self, asked: Asked) -> Iterator[Total]:
        """Give both ends of the band, and some capacity in every community."""
        tolerance = asked.scenario.capacity_tolerance
        if tolerance is None:
            return
        known = _known(asked.table)
        if not known.capacity.any():
            return  # told by ``problems``
        above, below = (asked.by_node(known.excess(1 + sign * tolerance)) for sign in (1, -1))
        rooms = asked.by_node(known.capacity)
        yield Total("over_capacity", above, -np.inf, 0.0)
        yield Total("under_capacity", below, 0.0, np.inf)
        yield Total("rooms", rooms, float(rooms[rooms > 0].min(initial=np.inf)), np.inf)

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Compare each community with the district."""
        tolerance = plan.scenario.capacity_tolerance
        if tolerance is not None:
            yield result("capacity_tolerance", _broken(plan, tolerance), {"share": tolerance})

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the share, where there is one."""
        tolerance = plan.scenario.capacity_tolerance
        return {} if tolerance is None else {"capacity_tolerance": tolerance}


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """Enrollment and capacity of each school; 0 of both where the capacity is unknown or none."""

    enrollment: FloatArray
    capacity: FloatArray

    @property
    def utilization(self) -> float:
        """Enrollment over capacity of all; 0 where there is no capacity."""
        whole = self.capacity.sum()
        return float(self.enrollment.sum() / whole) if whole > 0 else 0.0

    def excess(self, share: float) -> FloatArray:
        """Students of each school beyond a share of the district's utilization."""
        return self.enrollment - share * self.utilization * self.capacity


def _known(schools: pd.DataFrame) -> _Known:
    capacity = schools["capacity"].fillna(0.0).to_numpy(np.float64)
    return _Known(schools["enrollment"].to_numpy(np.float64) * (capacity > 0), capacity)


def _broken(plan: Judged, tolerance: float) -> Iterator[Violation]:
    known = _known(plan.schools)
    members = ~plan.graph.is_apart[plan.graph.school_node]
    district = _Known(known.enrollment[members], known.capacity[members]).utilization
    students, rooms = plan.sums(known.enrollment), plan.sums(known.capacity)
    for c in range(plan.n):
        if not rooms[c] > 0:
            yield plan.broken(c, "unknown", district, "share", "capacity_unknown")
            continue
        value = float(students[c] / rooms[c])
        relative = value / district - 1.0 if district > 0 else 0.0
        if abs(relative) > tolerance + SLACK:
            sign = 1 if relative > 0 else -1
            bound = district * (1 + sign * tolerance)
            told = {"value": value, "share": abs(relative), "district": district, "bound": bound}
            key = f"capacity_{'above' if sign > 0 else 'below'}"
            yield plan.broken(c, value, bound, "share", key, **told)
