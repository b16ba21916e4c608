"""The runs: from a district to a plan of it, made here or opened."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from feeder.errors import NoPlanFoundError
from feeder.measures.score import score
from feeder.opening.communities import as_told
from feeder.opening.keys import ScenarioKeys, takes_scenario_keys
from feeder.opening.record import effort_spent, run_record, told_bound
from feeder.opening.runs import DistrictLike, open_assignments, open_district
from feeder.opening.stages import Progress, quiet, timed
from feeder.partition.cooling import Effort
from feeder.partition.efforts import EffortName
from feeder.partition.methods.table import SEARCH
from feeder.partition.proof.prove import ProofEffort
from feeder.partition.search import warm_up
from feeder.pipeline.plan import Plan
from feeder.planning.make import make_plan, make_plan_by
from feeder.planning.prepared import Prepared, prepare
from feeder.planning.proving import bound_in_a_moment, bound_with_effort


@takes_scenario_keys
def plan_district(
    district: DistrictLike = None,
    *,
    scenario: Path | str | None = None,
    method: str = SEARCH,
    effort: Effort | EffortName = "standard",
    best_effort: bool = False,
    progress: Progress | None = None,
    **keys: Unpack[ScenarioKeys],
) -> Plan:
    """Plan a district: read its folder, build its network, search, score.

    Parameters
    ----------
    district
        District folder, or a district that was read; None plans the embedded, invented district.
    scenario
        Scenario file that overrides the folder's defaults.
    method
        ``"anneal"``, the search; or a comparator (:data:`feeder.partition.methods.table.METHODS`),
        whose plan is returned with the promises it breaks.
    effort
        How long to search: ``"quick"`` for a look in a few seconds, ``"standard"``, or ``"long"``,
        four times that; or an :class:`~feeder.partition.cooling.Effort` of one's own.
    best_effort
        Return the best plan found even where it breaks promises.
    progress
        Called with a stage's name and the share of it that is done.
    **keys
        Keys of ``[scenario]``, such as ``communities=12``; they override both.

    Raises
    ------
    InputError
        Where the folder or the scenario cannot be used; carries every problem.
    InfeasibleError
        Where the limits provably cannot hold together.
    NoPlanFoundError
        Where the search found no plan that keeps every promise, unless ``best_effort``.
    ValueError
        Where there is no such method or effort.

    Examples
    --------
    >>> made = plan_district(district, method="anchored")  # without a method: the search
    >>> made.assignment.n_communities
    7
    >>> made.record["method"]
    'anchored'
    """
    report = progress or quiet
    timings: dict[str, float] = {}
    searching = method == SEARCH
    found = open_district(district, scenario=scenario, keys=keys, timings=timings, progress=report)
    if searching:
        with timed("prepare", timings, report):
            warm_up()
    with timed("search", timings, report):
        made = (
            make_plan(*found, effort=effort, progress=lambda share: report("search", share))
            if searching
            else make_plan_by(method, *found)
        )
    plan = as_told(made.assignment)
    with timed("prove", timings, report):
        bound = told_bound(bound_in_a_moment(plan))
    with timed("score", timings, report):
        scorecard = score(plan, bound=bound)
    if searching and not scorecard.satisfied and not best_effort:
        raise NoPlanFoundError(
            str(violation.message)
            for constraint in scorecard.constraints
            for violation in constraint.violations
        )
    record = run_record(plan, scorecard, method=made.method, search=effort_spent(made))
    return Plan(plan, scorecard, record, timings)


@takes_scenario_keys
def open_plan(
    district: DistrictLike,
    plan: Path | str,
    *,
    scenario: Path | str | None = None,
    effort: ProofEffort | None = None,
    progress: Progress | None = None,
    **keys: Unpack[ScenarioKeys],
) -> Plan:
    """Open any plan of a district, whole or cut short, made here or elsewhere, and score it.

    Its certificate tells how much better the best possible plan could be: as far as a moment
    allows, or as ``effort`` says. Where nothing asks for a number of communities, the plan's own
    number stands.

    Parameters
    ----------
    district
        District folder, or a district that was read; None is the embedded, invented district.
    plan
        Plan file, or an output folder (:func:`feeder.opening.reading.read_plan`); the word
        ``today`` opens the plan of today.
    scenario, progress, **keys
        As for :func:`plan_district`.
    effort
        How much work to put into the bound.

    Raises
    ------
    InputError
        Where the folder, the plan or the scenario cannot be used; carries every problem.
    FeederError
        Where the effort asks for a solver that is not installed.

    Examples
    --------
    >>> today = open_plan(district, "today")
    >>> today.scorecard.satisfied, today.assignment.n_communities
    (False, 7)
    """
    report = progress or quiet
    timings: dict[str, float] = {}
    found = open_district(district, scenario=scenario, keys=keys, timings=timings, progress=report)
    (assignment,) = open_assignments(found, [plan])
    with timed("prove", timings, report):
        if effort is None:
            bound = bound_in_a_moment(assignment)
        else:
            bound = bound_with_effort(
                assignment, effort, progress=lambda share: report("prove", share)
            )
    with timed("score", timings, report):
        scorecard = score(assignment, bound=told_bound(bound))
    record = run_record(assignment, scorecard, plan=Path(plan).name)
    return Plan(assignment, scorecard, record, timings)


@takes_scenario_keys
def prepare_district(
    district: DistrictLike = None,
    *,
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **keys: Unpack[ScenarioKeys],
) -> Prepared:
    """Read a district and translate it into the arrays that every engine works on.

    Parameters and errors are those of :func:`plan_district`. What comes out holds the problem, and
    makes plans of its labels.

    Examples
    --------
    >>> prepared = prepare_district(district)
    >>> labels = CommunityMethod("ward").fit(prepared.problem).labels_
    >>> prepared.assignment(labels).n_communities
    7
    """
    return prepare(
        *open_district(
            district, scenario=scenario, keys=keys, timings={}, progress=progress or quiet
        )
    )
