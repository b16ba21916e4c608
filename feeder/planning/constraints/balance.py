"""Enrollment, and need, of every community within a band of the mean community.

``enrollment_tolerance`` and ``need_tolerance``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from feeder.errors import Problem
from feeder.language import Fact, Message
from feeder.network.graph import FloatArray
from feeder.planning.community_totals import deviations
from feeder.planning.constraints.asked import Asked, Total
from feeder.planning.constraints.contract import Constraint
from feeder.planning.constraints.judged import (
    ConstraintResult,
    Judged,
    Violation,
    of_the_plan,
    result,
)
from feeder.planning.zones import Zones
from feeder.terms import SLACK

ANYTHING: Final = 1e6
"""A tolerance that allows anything."""


class Enrollment(Constraint):
    """A community's students within a share of the mean community's."""

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell campuses, alone or bound to others, that are too much for one community."""
        del zones
        shared, enrollment = asked.shared(), asked.enrollment
        total, tolerance = float(enrollment.sum()), asked.scenario.enrollment_tolerance
        ceiling = total / asked.n * (1 + tolerance)
        for nodes in shared.parts():
            students = float(enrollment[nodes].sum())
            if students > ceiling + SLACK:
                yield _too_many(shared.named(nodes), students, total, asked.n, tolerance)

    def totals(self, asked: Asked) -> Iterator[Total]:
        """Give the band."""
        yield _band("enrollment", asked.enrollment, asked, asked.scenario.enrollment_tolerance)

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Compare each community with the mean."""
        share = plan.scenario.enrollment_tolerance
        broken = _out_of_band(plan, plan.enrollment, share, "enrollment")
        yield result("enrollment_tolerance", broken, {"share": share})

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the share."""
        return {"enrollment_tolerance": plan.scenario.enrollment_tolerance}


class Need(Constraint):
    """A community's need figure within a share of the mean community's."""

    def problems(self, asked: Asked) -> Iterator[Problem]:
        """Tell that the district has no need figure."""
        if asked.scenario.need_tolerance is not None and asked.district.statistics.need is None:
            yield Problem(
                rule="no-need",
                message="need_tolerance is set, but the district has no need figure.",
                fix="Give [measures] counts and need, or leave need_tolerance out.",
                column="need_tolerance",
            )

    def totals(self, asked: Asked) -> Iterator[Total]:
        """Give the band where need is bounded; where it is only weighed, one without bounds."""
        scenario, need = asked.scenario, asked.district.statistics.need
        share, weight = scenario.need_tolerance, scenario.weights.get("need_deviation", 0.0)
        if need is not None and (share is not None or weight > 0):
            by_school = need.reindex(asked.graph.school_ids).fillna(0.0)
            amounts = asked.by_node(np.asarray(by_school, dtype=np.float64))
            yield _band("need", amounts, asked, ANYTHING if share is None else share)

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Compare each community with the mean."""
        share = plan.scenario.need_tolerance
        if share is None:
            return
        if plan.need is None:
            unknown = of_the_plan("unknown", share, "share of the mean", "need_unknown")
            yield result("need_tolerance", [unknown], {"share": share})
        else:
            broken = _out_of_band(plan, plan.need, share, "need")
            yield result("need_tolerance", broken, {"share": share})

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the share."""
        return {"need_tolerance": plan.scenario.need_tolerance}


def _band(name: str, amounts: FloatArray, asked: Asked, share: float) -> Total:
    mean = amounts.sum() / asked.n
    return Total(name, amounts, mean * (1 - share), mean * (1 + share))


def _too_many(
    schools: tuple[str, ...], students: float, total: float, n: int, tolerance: float
) -> Message:
    mean = total / n
    fits = math.floor(total * (1 + tolerance) / students + SLACK)
    needed = math.ceil((students / mean - 1) * 100 - SLACK) / 100
    way_out = (
        # As it is written in a scenario.
        Message("cannot.enrollment.ask_or_widen", {"n": fits, "tolerance": f"{needed:g}"})
        if needed < 1
        else Message("cannot.enrollment.ask", {"n": fits})
    )
    band = {"most": mean * (1 + tolerance), "mean": mean, "tolerance": tolerance}
    told: dict[str, Fact] = {"schools": schools, "students": students, "way_out": way_out}
    return Message("cannot.enrollment", {**told, **band})


def _out_of_band(
    plan: Judged, weights: FloatArray, tolerance: float, what: str
) -> Iterator[Violation]:
    sums = plan.sums(weights)
    relative = deviations(sums)
    if relative is None:
        return
    mean = float(sums.mean())
    for c in np.flatnonzero(np.abs(relative) > tolerance + SLACK).tolist():
        sign = 1 if relative[c] > 0 else -1
        value, bound = float(sums[c]), mean * (1 + sign * tolerance)
        key = f"{what}_{'above' if sign > 0 else 'below'}"
        told = {"value": value, "share": float(abs(relative[c])), "mean": mean, "bound": bound}
        yield plan.broken(c, value, bound, "students", key, **told)
