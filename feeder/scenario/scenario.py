"""What a planner asks for: limits, objective weights and the seed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, get_args, get_type_hints

from feeder.errors import InputError, Problem
from feeder.scenario.values import (
    Reader,
    figures,
    groups,
    locks,
    minutes,
    one_of,
    optional_text,
    pair,
    share,
    tolerance,
    whole,
)
from feeder.terms import BUDGETABLE, WEIGHABLE
from feeder.wording import brief, nearest

CHOICE_POLICIES: Final = ("place", "flow", "apart")
VIRTUAL_POLICIES: Final = ("apart", "place")
ENCLAVES: Final = ("keep", "absorb")
APPORTIONS: Final = ("fair", "search")
SCHOOLS_PER_COMMUNITY: Final = 18
"""Default size: the middle of the default limits, 12 to 24 schools."""
COVERAGE_SHARE: Final = 0.1
"""Every plan known of a real district has more seats than this in every grade."""
CUT_WEIGHT_KNOWN: Final = 0.1
CUT_WEIGHT_ESTIMATED: Final = 0.3
"""Estimated flows deserve less trust, so compactness weighs more."""

_Budgets = Annotated[Mapping[str, float], figures(BUDGETABLE, "budget", "{ schools_moved = 15 }")]
_Locked = Annotated[Mapping[str, str], locks]
_Weights = Annotated[
    Mapping[str, float], figures(WEIGHABLE, "weight", "{ feeder_continuity = 1.0 }")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The promises a plan must keep and what it should be best at.

    Every field is a key of ``[scenario]``; its reader stands beside its type.

    Parameters
    ----------
    communities
        Number of communities; None asks for one per 18 schools, rounded.
    schools
        Fewest and most schools of a community, both included.
    enrollment_tolerance
        Largest relative deviation of a community's enrollment from the mean community (0.15: 15 %).
    need_tolerance
        The same for the need figure; None sets no limit.
    capacity_tolerance
        Largest relative deviation of a community's utilization (enrollment over capacity) from the
        district's; None sets no limit.
    coverage_share
        Fewest seats of a community in each grade, as a share of the mean community's: with 0.1, a
        few students in grade 12 do not make a community reach it. Seats are the students in the
        grade, or enrollment over grades served; 0 asks for one school that serves the grade.
    max_office_minutes
        Longest way of a school to the office of its community, in minutes; None sets no limit.
    budgets
        The most of a measure against the existing plan, by its name: 15 ``schools_moved``.
    nested_in
        Column of the schools table whose values no community may straddle; None for no nesting.
    enclaves
        Whether a small piece of a region, apart from the rest of it, stays as it is (``keep``) or
        counts with the region around it (``absorb``).
    keep_together, keep_apart
        Groups of school ids that share one community, or of which no two do.
    locked
        School id to community id; the plan uses these community ids.
    weights
        Weight of each objective by measure name; a missing weight takes its default.
    choice_schools
        Where schools of choice belong: ``place``, ``flow`` or ``apart``.
    virtual_schools
        Whether virtual schools are outside every community (``apart``) or where they stand
        (``place``).
    apportion
        How nested communities are shared among regions: ``fair`` (closest to even by enrollment)
        or ``search`` (the best plan over the fairest ways to share them).
    seed
        Fixes every byte of the outcome.

    Examples
    --------
    >>> asked = Scenario(communities=7).overridden({"max_office_minutes": 20})
    >>> asked.communities, asked.max_office_minutes
    (7, 20.0)
    """

    communities: Annotated[int | None, whole(least=1)] = None
    schools: Annotated[tuple[int, int], pair] = (12, 24)
    enrollment_tolerance: Annotated[float, tolerance] = 0.15
    need_tolerance: Annotated[float | None, tolerance] = None
    capacity_tolerance: Annotated[float | None, tolerance] = None
    coverage_share: Annotated[float, share] = COVERAGE_SHARE
    max_office_minutes: Annotated[float | None, minutes] = None
    budgets: _Budgets = field(default_factory=lambda: MappingProxyType({}))
    nested_in: Annotated[str | None, optional_text] = None
    enclaves: Annotated[str, one_of(ENCLAVES)] = "keep"
    keep_together: Annotated[tuple[tuple[str, ...], ...], groups] = ()
    keep_apart: Annotated[tuple[tuple[str, ...], ...], groups] = ()
    locked: _Locked = field(default_factory=lambda: MappingProxyType({}))
    weights: _Weights = field(default_factory=lambda: MappingProxyType({}))
    choice_schools: Annotated[str, one_of(CHOICE_POLICIES)] = "place"
    virtual_schools: Annotated[str, one_of(VIRTUAL_POLICIES)] = "apart"
    apportion: Annotated[str, one_of(APPORTIONS)] = "fair"
    seed: Annotated[int, whole(least=0)] = 0

    def resolved(self, *, n_schools: int, estimated_flows: bool) -> Scenario:
        """Return the scenario with every default filled in for a district of ``n_schools``."""
        cut = CUT_WEIGHT_ESTIMATED if estimated_flows else CUT_WEIGHT_KNOWN
        weights = {"feeder_continuity": 1.0, "cut_contacts": cut, **self.weights}
        communities = self.communities or max(1, round(n_schools / SCHOOLS_PER_COMMUNITY))
        return replace(self, communities=communities, weights=MappingProxyType(weights))

    def as_dict(self) -> dict[str, Any]:
        """Return the scenario as plain values in the grammar of ``[scenario]``."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        for name in ("locked", "weights", "budgets"):
            values[name] = dict(values[name])
        for name in ("keep_together", "keep_apart"):
            values[name] = [list(group) for group in values[name]]
        values["schools"] = list(self.schools)
        return {name: value for name, value in values.items() if value is not None}

    def overridden(self, table: Mapping[str, Any], *, file: str | None = None) -> Scenario:
        """Return this scenario with the keys of ``table`` replaced.

        Parameters
        ----------
        table
            Keys and values in the grammar of ``[scenario]``.
        file
            Where the table stands, for messages; None for the command line.

        Raises
        ------
        InputError
            With every unknown key and every unusable value.
        """
        return replace(self, **_checked(table, file))


def read_scenario(
    defaults: Scenario, file: Path | str | None, overrides: Mapping[str, Any]
) -> Scenario:
    """Lay a scenario file, and then single keys, over a folder's defaults.

    Raises
    ------
    InputError
        With every unknown key and every unusable value of whichever is laid first.
    """
    asked = defaults
    if file is not None:
        asked = asked.overridden(load_scenario_table(Path(file)), file=str(file))
    return asked.overridden(overrides) if overrides else asked


def load_scenario_table(path: Path) -> dict[str, Any]:
    """Read a scenario file: TOML with the keys of ``[scenario]``, under that heading or bare."""
    try:
        table = tomllib.loads(_text_of(path))
    except (OSError, ValueError, RecursionError) as error:  # no file, no UTF-8, no TOML
        problem = Problem(
            rule="scenario-unreadable",
            message=f"the scenario file cannot be read ({error}).",
            fix="Give a TOML text file with the keys of [scenario].",
            file=str(path),
        )
        raise InputError([problem]) from error
    inner = table.get("scenario", table)
    if not isinstance(inner, dict) or (inner is not table and len(table) > 1):
        problem = Problem(
            rule="scenario-layout",
            message="the scenario file mixes [scenario] with other keys.",
            fix="Put every key under [scenario], or every key bare.",
            file=str(path),
        )
        raise InputError([problem])
    return inner


def _text_of(path: Path) -> str:
    """Return the text of a file; ValueError for what could be waited on without end."""
    if path.exists() and not path.is_file():
        raise ValueError("it is a folder, a pipe or a device")
    return path.read_text(encoding="utf-8-sig")


def _checked(table: Mapping[str, Any], file: str | None) -> dict[str, Any]:
    """Check and convert the keys of a ``[scenario]`` table, collecting every problem."""
    readers = _readers()
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, raw in table.items():
        if key not in readers:
            problems.append(
                Problem(
                    rule="unknown-key",
                    message=f"unknown key {brief(key)} in [scenario].",
                    fix=nearest(key, readers),
                    file=file,
                    column=key,
                )
            )
            continue
        try:
            values[key] = readers[key](raw)
        except (TypeError, ValueError) as error:
            problems.append(
                Problem(
                    rule="scenario-value",
                    message=f"{key} = {brief(raw)}: {error}",
                    file=file,
                    column=key,
                    value=brief(raw),
                )
            )
    if problems:
        raise InputError(problems)
    return values


def _readers() -> dict[str, Reader[object]]:
    """Return the reader of each key."""
    hints = get_type_hints(Scenario, include_extras=True)
    return {f.name: get_args(hints[f.name])[1] for f in fields(Scenario)}
