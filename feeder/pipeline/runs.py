"""The runs: one road each from a district folder to a plan, a score or a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from feeder.analyses.comparison.comparison import Comparison, compare
from feeder.errors import NoPlanFoundError
from feeder.measures.score import score
from feeder.opening.reading import plan_names
from feeder.opening.record import effort_spent, run_record, told_bound
from feeder.opening.runs import opened, opened_plans
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


def plan_district(
    folder: Path | str | None = None,
    *,
    scenario: Path | str | None = None,
    method: str = SEARCH,
    effort: Effort | EffortName = "standard",
    best_effort: bool = False,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> Plan:
    """Plan a district: read its folder, build its network, search, score.

    Parameters
    ----------
    folder
        District folder; None plans the embedded, invented district.
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
    **overrides
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
    """
    report = progress or quiet
    timings: dict[str, float] = {}
    searching = method == SEARCH
    district, network, asked = opened(folder, scenario, overrides, timings, report)
    if searching:
        with timed("prepare", timings, report):
            warm_up()
    with timed("search", timings, report):
        found = (
            make_plan(
                district,
                network,
                asked,
                effort=effort,
                progress=lambda share: report("search", share),
            )
            if searching
            else make_plan_by(method, district, network, asked)
        )
    with timed("prove", timings, report):
        bound = told_bound(bound_in_a_moment(found.assignment))
    with timed("score", timings, report):
        scorecard = score(found.assignment, bound=bound)
    if searching and not scorecard.satisfied and not best_effort:
        raise NoPlanFoundError(
            violation.message
            for constraint in scorecard.constraints
            for violation in constraint.violations
        )
    record = run_record(
        found.assignment, scorecard, method=found.method, search=effort_spent(found)
    )
    return Plan(found.assignment, scorecard, record, timings)


def prepare_district(
    folder: Path | str | None = None,
    *,
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> Prepared:
    """Read a district and translate it into the arrays that every engine works on.

    Parameters and errors are those of :func:`plan_district`. What comes out holds the problem, and
    makes plans of its labels.
    """
    timings: dict[str, float] = {}
    return prepare(*opened(folder, scenario, overrides, timings, progress or quiet))


def score_plan(
    folder: Path | str | None,
    plan: Path | str,
    *,
    scenario: Path | str | None = None,
    effort: ProofEffort | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> Plan:
    """Score any plan of a district: every measure, and every promise it breaks.

    Its certificate tells how much better the best possible plan could be: as far as a moment
    allows, or as ``effort`` says. Other parameters and errors are those of :func:`open_plan`;
    FeederError where the effort asks for a solver that is not installed. Where nothing asks for a
    number of communities, the plan's own number stands.
    """
    report = progress or quiet
    timings: dict[str, float] = {}
    (assignment,) = opened_plans(folder, [plan], scenario, overrides, timings, report)
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


def compare_plans(
    folder: Path | str | None,
    plans: Sequence[Path | str],
    *,
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> Comparison:
    """Put plans of a district side by side, today's first where there is one.

    Parameters and errors are those of :func:`open_plan`; a plan is called by its file, or by its
    folder where files share a name.
    """
    report = progress or quiet
    timings: dict[str, float] = {}
    found = opened_plans(folder, plans, scenario, overrides, timings, report)
    named = dict(zip(plan_names(plans), found, strict=True))
    with timed("score", timings, report):
        return compare(named, progress=lambda share: report("score", share))
