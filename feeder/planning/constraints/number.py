"""As many communities as were asked for, and none of them empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from feeder.planning.constraints.contract import Constraint
from feeder.planning.constraints.judged import (
    ConstraintResult,
    Judged,
    Violation,
    of_the_plan,
    result,
)


class Communities(Constraint):
    """The number of communities (``communities``)."""

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Count the communities of the plan."""
        wanted, found = plan.scenario.communities, plan.n
        broken: list[Violation] = []
        if wanted is not None and wanted != found:
            broken.append(
                of_the_plan(found, wanted, "communities", "communities", n=found, wanted=wanted)
            )
        yield result("communities", broken, {"n": wanted or found})

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give the number."""
        return {"communities": plan.scenario.communities}


class NoEmptyCommunity(Constraint):
    """A school in every community."""

    of_any_plan = True

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Find communities without a school."""
        yield result(
            "no_empty_community",
            (
                plan.broken(c, 0, 1, "schools", "empty")
                for c, members in plan.members()
                if not len(members)
            ),
        )
