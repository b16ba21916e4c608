"""Schools per community within their bounds (``schools``)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from feeder.language import Fact, Message
from feeder.network.model import Network
from feeder.planning.constraints.asked import Asked
from feeder.planning.constraints.contract import Constraint, communities
from feeder.planning.constraints.judged import ConstraintResult, Judged, Violation, result
from feeder.planning.zones import Zones


class Schools(Constraint):
    """Fewest and most schools of a community."""

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell too few or too many schools in all, and groups that are too many alone."""
        del zones
        n, k = len(asked.graph.school_ids), asked.n
        low, high = asked.scenario.schools
        if not k * low <= n <= k * high:
            told: dict[str, Fact] = {
                "schools": Message("amount.schools", {"n": n}),
                "communities": communities(k),
                "way_out": _way_out(n, k, low, high),
            }
            bounds = {"low": low, "high": high, "least": k * low, "most": k * high}
            yield Message("cannot.schools", {**told, **bounds})
        shared, schools = asked.shared(), asked.schools
        for nodes in shared.parts():
            number = int(schools[nodes].sum())
            if number > high:
                told = {"schools": shared.named(nodes), "number": number, "most": high}
                yield Message("cannot.schools_bound", told)

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give the bounds."""
        del network
        return {"school_bounds": asked.scenario.schools}

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Count the schools of each community."""
        least, most = plan.scenario.schools
        yield result("schools", _sizes(plan, least, most), {"least": least, "n": most})

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the bounds."""
        return {"schools": list(plan.scenario.schools)}


def _way_out(n: int, k: int, low: int, high: int) -> Message:
    """Say how many communities would do for ``n`` schools, and which bounds for ``k``."""
    fewest, most = math.ceil(n / high), n // low
    other = {"number": math.ceil(n / k)} if n > k * high else {"number": n // k}
    bound = "more" if n > k * high else "fewer" if n >= k else ""
    if fewest <= most:
        ask = (
            communities(most)
            if fewest == most
            else Message("cannot.between", {"fewest": fewest, "most": most})
        )
        key = f"cannot.schools.ask_or_{bound}" if bound else "cannot.schools.ask"
        return Message(key, {"communities": ask, **(other if bound else {})})
    if bound:
        return Message(f"cannot.schools.{bound}", other)
    return Message("cannot.schools.widen")


def _sizes(plan: Judged, least: int, most: int) -> Iterator[Violation]:
    for c, members in plan.members():
        n = len(members)
        if not least <= n <= most:
            bound = least if n < least else most
            key = "too_few_schools" if n < least else "too_many_schools"
            yield plan.broken(c, n, bound, "schools", key, n=n, bound=bound)
