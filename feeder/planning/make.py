"""Make a plan: prepare, search or group by another method, and name what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from feeder.district.model import District
from feeder.network.model import Network
from feeder.partition.broken import broken_constraints
from feeder.partition.cooling import Effort
from feeder.partition.efforts import EffortName
from feeder.partition.methods.divide import divide
from feeder.partition.methods.table import SEARCH
from feeder.partition.search import search
from feeder.planning.assignment import Assignment
from feeder.planning.prepared import Prepared, prepare, prepare_shares
from feeder.scenario import Scenario

Progress = Callable[[float], None]
OTHER_SHARES: Final = 7
"""Ways to share communities among regions that are tried beside the fairest."""
GLANCE: Final = 8
"""Part of the usual effort with which each is tried."""
TRIED: Final = 0.5
"""Share of the work, told as progress, that is done when all are tried."""


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
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
    effort: Effort | EffortName = "standard",
    progress: Progress | None = None,
) -> SearchResult:
    """Find the best plan that keeps every promise of the scenario.

    Where the effort finds none, four times as much is spent before giving up. Raises what
    :func:`~feeder.planning.prepared.prepare_shares` raises.
    """
    others = OTHER_SHARES if scenario.apportion == "search" else 0
    ways = prepare_shares(district, network, scenario, others=others)
    prepared = _most_promising(ways, effort, progress)
    problem = prepared.problem
    spent = Effort.of(effort, problem.n_units)
    tried = 0.0 if len(ways) == 1 else TRIED
    tell = None if progress is None else lambda share: progress(tried + (1 - tried) * share)
    found = search(problem, seed=scenario.seed, effort=spent, progress=tell)
    if not found.feasible:
        spent = spent.times(4)
        found = search(problem, seed=scenario.seed, effort=spent, progress=tell)
    return SearchResult(prepared.assignment(found.labels), found.feasible, SEARCH, spent)


def make_plan_by(
    method: str, district: District, network: Network, scenario: Scenario
) -> SearchResult:
    """Group schools by a comparator, which seeks no promise: the plan may break any of them.

    Raises what :func:`~feeder.planning.prepared.prepare` raises, and ValueError where ``method``
    is no comparator.
    """
    prepared = prepare(district, network, scenario)
    labels = divide(prepared.problem, method=method, seed=scenario.seed)
    kept = not broken_constraints(prepared.problem, labels)
    return SearchResult(prepared.assignment(labels), kept, method, None)


def _most_promising(
    ways: list[Prepared], effort: Effort | EffortName, progress: Progress | None
) -> Prepared:
    """Return the way to share communities among regions whose quick search comes out best."""
    if len(ways) == 1:
        return ways[0]
    outcomes = []
    for order, way in enumerate(ways):
        usual = Effort.of(effort, way.problem.n_units)
        glance = replace(usual, steps_per_unit=max(1, usual.steps_per_unit // GLANCE), rounds=0)
        found = search(way.problem, seed=way.scenario.seed, effort=glance)
        outcomes.append((found.feasible, found.objective, -order))
        if progress is not None:
            progress(TRIED * (order + 1) / len(ways))
    return ways[outcomes.index(max(outcomes))]
