"""Everything a planner can be told before a search: the folder, its network and its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from feeder.district.model import District
from feeder.district.read import survey_district
from feeder.errors import Findings, InfeasibleError, InputError, Problem
from feeder.network.build import build_network
from feeder.network.graph import FeederGraph
from feeder.planning.constraints.asked import Asked
from feeder.planning.enclaves import absorb_enclaves
from feeder.planning.feasible import check_scenario, community_zones
from feeder.planning.members import members
from feeder.planning.zones import make_zones
from feeder.scenario import Scenario, read_scenario

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a district folder and its scenario.

    Attributes
    ----------
    problems
        Why no plan can be made of it; empty where it is usable.
    warnings
        What was repaired, left out or looks odd.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether a search may start."""
        return not self.problems

    def records(self) -> list[dict[str, str | int | None]]:
        """Return a flat, JSON-ready record each, errors first.

        The keys are ``file``, ``row``, ``column``, ``value``, ``rule``, ``severity`` (``error``
        or ``warning``), ``message`` and ``fix``.
        """
        told = [("error", problem) for problem in self.problems]
        told += [("warning", warning) for warning in self.warnings]
        return [
            {
                "file": problem.file,
                "row": problem.row,
                "column": problem.column,
                "value": problem.value,
                "rule": problem.rule,
                "severity": severity,
                "message": problem.message,
                "fix": problem.fix,
            }
            for severity, problem in told
        ]


def validate_district(
    folder: Path | str,
    *,
    scenario: Path | str | None = None,
    overrides: Mapping[str, Any] = MappingProxyType({}),
) -> Report:
    """Find every problem of a district folder and its scenario, without any search.

    Parameters
    ----------
    folder
        A folder with a ``district.toml``.
    scenario
        Scenario file that overrides the folder's defaults.
    overrides
        Keys of ``[scenario]`` that override both.

    Examples
    --------
    >>> report = validate_district(embedded_district())
    >>> report.usable, len(report.warnings)
    (True, 2)
    """
    reading = survey_district(Path(folder))
    found = Findings([*reading.problems], [*reading.warnings])
    district = reading.district
    defaults = Scenario() if district is None else district.scenario
    asked = _heard(found, lambda: read_scenario(defaults, scenario, overrides))
    if district is not None:
        policy = asked or defaults
        network = _heard(
            found,
            lambda: build_network(
                district,
                choice_schools=policy.choice_schools,
                virtual_schools=policy.virtual_schools,
            ),
        )
        if network is not None:
            found.warnings.extend(network.warnings)
            if asked is not None:
                _check_constraints(district, members(network.graph)[0], asked, found)
    return Report(tuple(found.errors), tuple(found.warnings))


def _check_constraints(
    district: District, graph: FeederGraph, scenario: Scenario, found: Findings
) -> None:
    """Check the scenario's limits; a school it names in vain does not keep the rest untold."""
    scenario = scenario.resolved(
        n_schools=len(graph.school_ids), estimated_flows=graph.is_mostly_estimated
    )
    _heard(found, lambda: check_scenario(district, graph, scenario))
    known = _of_schools(scenario, frozenset(graph.school_ids))
    nested = _heard(found, lambda: absorb_enclaves(district, graph, known))
    if nested is None:
        return
    found.warnings.extend(nested.warnings[len(district.warnings) :])
    zones = _heard(found, lambda: make_zones(nested, graph, known.nested_in))
    if zones is None:
        return
    _heard(found, lambda: community_zones(Asked(nested, graph, known), zones))


def _of_schools(scenario: Scenario, known: frozenset[str]) -> Scenario:
    """Return the scenario without the schools that are not there."""
    return replace(
        scenario,
        keep_together=tuple(
            kept for group in scenario.keep_together if (kept := _among(group, known))
        ),
        keep_apart=tuple(kept for group in scenario.keep_apart if (kept := _among(group, known))),
        locked=MappingProxyType({s: to for s, to in scenario.locked.items() if s in known}),
    )


def _among(group: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    return tuple(school for school in group if school in known)


def _heard(found: Findings, check: Callable[[], Found]) -> Found | None:
    """Return what ``check`` gives; where it fails, its problems are told and None is returned."""
    try:
        return check()
    except InputError as error:
        found.errors.extend(error.problems)
    except InfeasibleError as error:
        found.errors.extend(Problem(rule="infeasible", message=reason) for reason in error.reasons)
    return None
