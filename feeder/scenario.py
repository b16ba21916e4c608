"""What a planner asks for: limits, objective weights and the seed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from feeder.errors import InputError, Problem
from feeder.terms import BUDGETABLE, WEIGHABLE
from feeder.wording import brief, nearest

CHOICE_POLICIES: Final = ("place", "flow", "apart")
APPORTIONS: Final = ("fair", "search")
LARGEST: Final = 10**9
"""No limit, seed or weight need be larger."""
SCHOOLS_PER_COMMUNITY: Final = 18
"""Default size: the middle of the default limits, 12 to 24 schools."""
CUT_WEIGHT_KNOWN: Final = 0.1
CUT_WEIGHT_ESTIMATED: Final = 0.3
"""Estimated flows deserve less trust, so compactness weighs more (DESIGN: trials)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The promises a plan must keep and what it should be best at.

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
    max_office_minutes
        Longest way of a school to the office of its community, in minutes; None sets no limit.
    budgets
        The most of a measure against the existing plan, by its name: 15 ``schools_moved``.
    nested_in
        Column of the schools table whose values no community may straddle; None for no nesting.
    keep_together, keep_apart
        Groups of school ids that share one community, or of which no two do.
    locked
        School id to community id; the plan uses these community ids.
    weights
        Weight of each objective by measure name; a missing weight takes its default.
    choice_schools
        Where schools of choice belong: ``place``, ``flow`` or ``apart``.
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

    communities: int | None = None
    schools: tuple[int, int] = (12, 24)
    enrollment_tolerance: float = 0.15
    need_tolerance: float | None = None
    max_office_minutes: float | None = None
    budgets: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    nested_in: str | None = None
    keep_together: tuple[tuple[str, ...], ...] = ()
    keep_apart: tuple[tuple[str, ...], ...] = ()
    locked: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    choice_schools: str = "place"
    apportion: str = "fair"
    seed: int = 0

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
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
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


def _checked(table: Mapping[str, Any], file: str | None) -> dict[str, Any]:
    """Check and convert the keys of a ``[scenario]`` table, collecting every problem."""
    known = {f.name for f in fields(Scenario)}
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, raw in table.items():
        if key not in known:
            problems.append(
                Problem(
                    rule="unknown-key",
                    message=f"unknown key {brief(key)} in [scenario].",
                    fix=nearest(key, known),
                    file=file,
                    column=key,
                )
            )
            continue
        try:
            values[key] = _CONVERT[key](raw)
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


def _whole(raw: object, *, least: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise TypeError(f"expected a whole number, {least} or more.")
    if raw < least:
        raise ValueError(f"must be {least} or more.")
    if raw > LARGEST:
        raise ValueError(f"must be {LARGEST:,} or less.")
    return raw


def _pair(raw: object) -> tuple[int, int]:
    if not isinstance(raw, list | tuple) or len(raw) != 2:  # noqa: PLR2004 - a pair
        raise TypeError("expected [fewest, most], such as [12, 24].")
    low, high = (_whole(value, least=1) for value in raw)
    if low > high:
        raise ValueError(f"the fewest ({low}) exceeds the most ({high}).")
    return low, high


def _tolerance(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise TypeError("expected a share such as 0.15 for 15 %.")
    if not raw >= 0:
        raise ValueError("must not be negative.")
    if raw >= 1:
        shown = raw / 100 if 1 < raw < 100 else 0.15  # noqa: PLR2004 - percent
        raise ValueError(f"a tolerance of 1 or more allows anything; meant {shown:g}?")
    return float(raw)


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise TypeError("expected a text.")
    return raw.strip()


def _optional_text(raw: object) -> str | None:
    return None if raw == "" else _text(raw)


def _groups(raw: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(raw, list | tuple):
        raise TypeError('expected groups of school ids, such as [["a", "b"]].')
    groups: list[tuple[str, ...]] = []
    for group in raw:
        if not isinstance(group, list | tuple) or len(group) < 2:  # noqa: PLR2004 - a group
            raise TypeError('each group is a list of two or more ids, such as ["a", "b"].')
        groups.append(tuple(_text(item) for item in group))
    return tuple(groups)


def _locks(raw: object) -> Mapping[str, str]:
    if not isinstance(raw, Mapping):
        raise TypeError('expected school ids with community ids, such as { "101" = "North" }.')
    return MappingProxyType({_text(school): _text(to) for school, to in raw.items()})


def _weights(raw: object) -> Mapping[str, float]:
    return _figures(raw, WEIGHABLE, "weight", "{ feeder_continuity = 1.0 }")


def _budgets(raw: object) -> Mapping[str, float]:
    return _figures(raw, BUDGETABLE, "budget", "{ schools_moved = 15 }")


def _figures(raw: object, known: tuple[str, ...], noun: str, example: str) -> Mapping[str, float]:
    """Check a table of numbers by measure."""
    if not isinstance(raw, Mapping):
        raise TypeError(f"expected {noun}s by measure, such as {example}.")
    figures: dict[str, float] = {}
    for name, value in raw.items():
        if name not in known:
            raise ValueError(f"unknown measure {brief(name)}. {nearest(str(name), known)}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"the {noun} of {name} is a number.")
        if not 0 <= value <= LARGEST:
            raise ValueError(f"the {noun} of {name} must be between 0 and {LARGEST:,}.")
        figures[name] = float(value)
    return MappingProxyType(figures)


def _minutes(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise TypeError("expected minutes, such as 15; 0 for no limit.")
    if not 0 <= raw <= LARGEST:
        raise ValueError("must not be negative; 0 sets no limit.")
    return float(raw) or None


def _one_of(raw: object, known: tuple[str, ...]) -> str:
    text = _text(raw)
    if text not in known:
        raise ValueError(f"expected one of {', '.join(known)}.")
    return text


_CONVERT: Final[Mapping[str, Callable[[object], object]]] = MappingProxyType(
    {
        "communities": lambda raw: _whole(raw, least=1),
        "schools": _pair,
        "enrollment_tolerance": _tolerance,
        "need_tolerance": _tolerance,
        "max_office_minutes": _minutes,
        "budgets": _budgets,
        "nested_in": _optional_text,
        "keep_together": _groups,
        "keep_apart": _groups,
        "locked": _locks,
        "weights": _weights,
        "choice_schools": lambda raw: _one_of(raw, CHOICE_POLICIES),
        "apportion": lambda raw: _one_of(raw, APPORTIONS),
        "seed": lambda raw: _whole(raw, least=0),
    }
)
