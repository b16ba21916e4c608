"""What every constraint gives: five answers, of which most constraints need three."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from feeder.errors import Problem
from feeder.language import Message
from feeder.network.model import Network
from feeder.planning.constraints.asked import Asked, Total
from feeder.planning.constraints.judged import ConstraintResult, Judged
from feeder.planning.zones import Zones


class Constraint:
    """One promise that a scenario makes, or that every plan keeps.

    Each answer is empty unless a constraint says otherwise, so an object gives only what it has.
    The search keeps what ``totals`` and ``fields`` say; whether a finished plan does is decided by
    ``check`` alone, which knows nothing of them.

    ``of_any_plan`` marks what any plan should be, asked for or not: today's plan is judged by these
    alone, never by the limits that are asked of a new one.
    """

    of_any_plan: ClassVar[bool] = False

    def problems(self, asked: Asked) -> Iterator[Problem]:
        """Tell what the scenario asks of schools or figures that are not there."""
        del asked
        yield from ()

    def reasons(self, asked: Asked, zones: Zones) -> Iterator[Message]:
        """Tell, before any search, why no plan can keep it, and what would help."""
        del asked, zones
        yield from ()

    def totals(self, asked: Asked) -> Iterator[Total]:
        """Give the sums over a community's schools that it holds within bounds."""
        del asked
        yield from ()

    def fields(self, asked: Asked, network: Network) -> Mapping[str, Any]:
        """Give its other fields of :class:`~feeder.partition.problem.PartitionProblem`."""
        del asked, network
        return {}

    def check(self, plan: Judged) -> Iterator[ConstraintResult]:
        """Check it on a finished plan; nothing where the scenario does not ask for it."""
        raise NotImplementedError

    def facts(self, plan: Judged) -> Mapping[str, Any]:
        """Give what the page needs beside its facts of schools and land, JSON-ready."""
        del plan
        return {}


def communities(number: int) -> Message:
    """Return a number of communities in words."""
    return Message("amount.communities", {"n": number})
