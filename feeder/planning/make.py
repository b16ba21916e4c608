"""Make a plan: prepare, search or group by another method, and name what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from feeder.district.model import District
from feeder.network.model import Network
from feeder.partition.methods.divide import divide
from feeder.partition.methods.table import SEARCH
from feeder.partition.promises import broken_promises
from feeder.partition.search import Effort, search
from feeder.planning.assignment import Assignment
from feeder.planning.prepared import prepare
from feeder.scenario import Scenario

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """A found plan and how it was found.

    Attributes
    ----------
    assignment
        The plan; it may break promises where ``feasible`` is False.
    feasible
        Whether every limit is kept.
    method
        What found it: the search, or a comparator.
    effort
        What the search spent, for the record of the run; None for a comparator.
    """

    assignment: Assignment
    feasible: bool
    method: str
    effort: Effort | None


def make_plan(
    district: District,
    network: Network,
    scenario: Scenario,
    *,
    effort: Effort | None = None,
    progress: Progress | None = None,
) -> Search:
    """Find the best plan that keeps every promise of the scenario.

    Where the usual effort finds none, four times as much is spent before giving up. Raises what
    :func:`~feeder.planning.prepared.prepare` raises.
    """
    prepared = prepare(district, network, scenario)
    problem = prepared.problem
    spent = effort or Effort.for_size(problem.n_units)
    found = search(problem, seed=scenario.seed, effort=spent, progress=progress)
    if not found.feasible:
        spent = spent.times(4)
        found = search(problem, seed=scenario.seed, effort=spent, progress=progress)
    return Search(prepared.assignment(found.labels), found.feasible, SEARCH, spent)


def make_plan_by(method: str, district: District, network: Network, scenario: Scenario) -> Search:
    """Group schools by a comparator, which seeks no promise: the plan may break any of them.

    Raises what :func:`~feeder.planning.prepared.prepare` raises, and ValueError where ``method``
    is no comparator.
    """
    prepared = prepare(district, network, scenario)
    labels = divide(prepared.problem, method=method, seed=scenario.seed)
    kept = not broken_promises(prepared.problem, labels)
    return Search(prepared.assignment(labels), kept, method, None)
