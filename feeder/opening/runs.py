"""A district under a scenario, and plans of it, from their files or from what is at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InputError, Problem
from feeder.measures.grouping import today_of
from feeder.network.build import build_network
from feeder.network.model import Network
from feeder.opening.communities import as_told
from feeder.opening.reading import read_plan, resolved
from feeder.opening.stages import Progress, timed
from feeder.planning import Assignment
from feeder.planning.carrying import carried
from feeder.planning.enclaves import absorb_enclaves
from feeder.planning.members import members
from feeder.scenario import Scenario, read_scenario
from feeder.wording import TODAY_WORD
from feeder.writing.moment import run_moment


class Opened(NamedTuple):
    """A district, its network, and what is asked of a plan of it."""

    district: District
    network: Network
    scenario: Scenario


class HasAssignment(Protocol):
    """A plan: whatever holds an assignment."""

    @property
    def assignment(self) -> Assignment:
        """The plan as it was made or read."""
        ...


PlanLike: TypeAlias = Assignment | HasAssignment
"""A plan, scored or not."""
DistrictLike: TypeAlias = Path | str | District | PlanLike | Opened | None
"""A district folder, a district that was read, or a plan of one; None is the embedded district."""


def assignment_of(plan: PlanLike) -> Assignment:
    """Return a plan as it was made or read, scored or not."""
    return plan if isinstance(plan, Assignment) else plan.assignment


def open_district(
    subject: DistrictLike,
    *,
    scenario: Path | str | None = None,
    keys: Mapping[str, Any] | None = None,
    timings: dict[str, float],
    progress: Progress,
) -> Opened:
    """Read a district, lay a scenario over its defaults, and build its network.

    A plan brings its own district, network and scenario; the keys are laid over these.

    Parameters
    ----------
    subject
        What to open.
    scenario
        Scenario file that overrides the defaults.
    keys
        Keys of ``[scenario]`` that override both.
    timings
        Takes the seconds of each stage.
    progress
        Called with a stage's name and the share of it that is done.

    Raises
    ------
    InputError
        Where the folder or the scenario cannot be used; carries every problem.
    """
    run_moment()  # a moment that is none is told before any work
    with timed("read", timings, progress):
        network, defaults = None, None
        if subject is None or isinstance(subject, Path | str):
            district = read_district(embedded_district() if subject is None else Path(subject))
        elif isinstance(subject, District):
            district = subject
        else:
            known = subject if isinstance(subject, Opened) else assignment_of(subject)
            district, network, defaults = known.district, known.network, known.scenario
        asked = read_scenario(defaults or district.scenario, scenario, keys or {})
    with timed("network", timings, progress):
        if network is None or not network.is_for(asked):
            network = build_network(
                district,
                choice_schools=asked.choice_schools,
                virtual_schools=asked.virtual_schools,
            )
    return Opened(absorb_enclaves(district, members(network.graph)[0], asked), network, asked)


def open_assignments(found: Opened, plans: Sequence[Path | str]) -> list[Assignment]:
    """Read plans of one district; the problems of all of them are told at once.

    Parameters
    ----------
    found
        The district.
    plans
        Plan files, or output folders (:func:`feeder.opening.reading.read_plan`); the word ``today``
        is today's plan.

    Raises
    ------
    InputError
        Where a plan cannot be used; carries every problem of every plan.
    """
    read: list[Assignment] = []
    problems: list[Problem] = []
    for plan in plans:
        try:
            if str(plan) == TODAY_WORD:
                read.append(open_today(found))
                continue
            read.append(read_plan(plan, found.district, found.network, scenario=found.scenario))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return read


def named_like(plan: Assignment, like: PlanLike | Path | str | None) -> Assignment:
    """Return a plan that was just made under the identities of another, as far as they match.

    Parameters
    ----------
    plan
        The plan.
    like
        Another plan of the district, at hand or a file; None leaves what ``[communities]`` tells.

    Raises
    ------
    InputError
        Where the other plan cannot be used.
    """
    if like is None:
        return as_told(plan)
    if isinstance(like, Path | str):
        (before,) = open_assignments(Opened(plan.district, plan.network, plan.scenario), [like])
    else:
        before = assignment_of(like)
    return carried(plan, before)


def open_today(found: Opened) -> Assignment:
    """Return today's plan of a district, held against its own number of communities.

    Raises
    ------
    InputError
        Where the district has none.
    """
    today = today_of(found)
    if today is None:
        problem = Problem(
            rule="no-today",
            message="the district has no plan of today.",
            fix="Give [existing_plan], or name a plan.",
        )
        raise InputError([problem])
    asked = resolved(found.scenario, found.district, found.network, today.n_communities)
    return replace(today, scenario=asked)


def embedded_district() -> Path:
    """Return the folder of the embedded, invented district.

    It travels inside an installed package, and stands beside the package in a checkout.

    Examples
    --------
    >>> embedded_district().name
    'geodata'
    """
    package = Path(str(resources.files("feeder")))
    inside = package / "geodata"
    return inside if inside.is_dir() else package.parent / "geodata"
