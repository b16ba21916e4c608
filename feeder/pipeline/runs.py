"""The runs: one road each from a district folder to a plan, a score or a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InputError, NoPlanFoundError, Problem
from feeder.measures.comparison import Comparison, compare
from feeder.measures.score import score
from feeder.network.build import build_network
from feeder.network.model import Network
from feeder.partition.methods.table import SEARCH
from feeder.partition.proof.prove import ProofEffort
from feeder.partition.search import warm_up
from feeder.pipeline.plan import Plan
from feeder.pipeline.record import effort_spent, run_record, told_bound
from feeder.pipeline.stages import Progress, quiet, timed
from feeder.planning import Assignment
from feeder.planning.make import make_plan, make_plan_by
from feeder.planning.prepared import Prepared, prepare
from feeder.planning.proving import bound_in_a_moment, bound_with_effort
from feeder.planning.reading import plan_names, read_plan
from feeder.scenario import Scenario, read_scenario


def plan_district(
    folder: Path | str | None = None,
    *,
    scenario: Path | str | None = None,
    method: str = SEARCH,
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
        Where there is no such method.
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
            make_plan(district, network, asked, progress=lambda share: report("search", share))
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


def open_plan(
    folder: Path | str | None,
    plan: Path | str,
    *,
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> Assignment:
    """Read a plan of a district, whole or cut short, made here or elsewhere.

    Parameters
    ----------
    folder
        District folder; None is the embedded, invented district.
    plan
        Plan file, or an output folder (:func:`feeder.planning.reading.read_plan`).
    scenario, progress, **overrides
        As for :func:`plan_district`.

    Raises
    ------
    InputError
        Where the folder, the plan or the scenario cannot be used; carries every problem.
    """
    return open_plans(folder, [plan], scenario=scenario, progress=progress, **overrides)[0]


def open_plans(
    folder: Path | str | None,
    plans: Sequence[Path | str],
    *,
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> list[Assignment]:
    """Read plans of one district; as :func:`open_plan`, the problems of all told at once."""
    return _opened_plans(folder, plans, scenario, overrides, {}, progress or quiet)


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
    (assignment,) = _opened_plans(folder, [plan], scenario, overrides, timings, report)
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
    found = _opened_plans(folder, plans, scenario, overrides, timings, report)
    named = dict(zip(plan_names(plans), found, strict=True))
    with timed("score", timings, report):
        return compare(named, progress=lambda share: report("score", share))


def embedded_district() -> Path:
    """Return the folder of the embedded, invented district.

    It travels inside an installed package, and stands beside the package in a checkout.
    """
    package = Path(str(resources.files("feeder")))
    inside = package / "geodata"
    return inside if inside.is_dir() else package.parent / "geodata"


def opened(
    folder: Path | str | None,
    scenario: Path | str | None,
    overrides: Mapping[str, Any],
    timings: dict[str, float],
    report: Progress,
) -> tuple[District, Network, Scenario]:
    """Read a district, lay the scenario over its defaults, and build its network."""
    with timed("read", timings, report):
        district = read_district(embedded_district() if folder is None else Path(folder))
        asked = read_scenario(district.scenario, scenario, overrides)
    with timed("network", timings, report):
        network = build_network(district, choice_schools=asked.choice_schools)
    return district, network, asked


def _opened_plans(
    folder: Path | str | None,
    plans: Sequence[Path | str],
    scenario: Path | str | None,
    overrides: Mapping[str, Any],
    timings: dict[str, float],
    report: Progress,
) -> list[Assignment]:
    """Read plans of one district; the problems of all of them are told at once."""
    district, network, asked = opened(folder, scenario, overrides, timings, report)
    found: list[Assignment] = []
    problems: list[Problem] = []
    for plan in plans:
        try:
            found.append(read_plan(plan, district, network, scenario=asked))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return found
