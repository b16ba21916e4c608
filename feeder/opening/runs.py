"""A district under a scenario, and plans of it, from their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InputError, Problem
from feeder.network.build import build_network
from feeder.network.model import Network
from feeder.opening.reading import read_plan
from feeder.opening.stages import Progress, quiet, timed
from feeder.planning import Assignment
from feeder.scenario import Scenario, read_scenario


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
        Plan file, or an output folder (:func:`feeder.opening.reading.read_plan`).
    scenario, progress, **overrides
        As for :func:`feeder.pipeline.runs.plan_district`.

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
    return opened_plans(folder, plans, scenario, overrides, {}, progress or quiet)


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


def opened_plans(
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
