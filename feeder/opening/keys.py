"""The keys of ``[scenario]`` as typed keyword arguments of every function that opens a district."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict, TypeVar, get_type_hints

F = TypeVar("F", bound="Callable[..., object]")


class ScenarioKeys(TypedDict, total=False):
    """Keys of ``[scenario]`` (:class:`~feeder.scenario.Scenario`); one left out stays as it was."""

    communities: int
    schools: Sequence[int]
    enrollment_tolerance: float
    need_tolerance: float
    capacity_tolerance: float
    coverage_share: float
    max_office_minutes: float
    budgets: Mapping[str, float]
    nested_in: str
    enclaves: str
    keep_together: Sequence[Sequence[str]]
    keep_apart: Sequence[Sequence[str]]
    locked: Mapping[str, str]
    weights: Mapping[str, float]
    choice_schools: str
    virtual_schools: str
    apportion: str
    seed: int


def takes_scenario_keys(function: F) -> F:
    """Show the keys in a function's signature, for editors that complete by what they see run."""
    signature = inspect.signature(function)
    shown = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    keys = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in get_type_hints(ScenarioKeys).items()
    ]
    function.__signature__ = signature.replace(parameters=[*shown, *keys])  # type: ignore[attr-defined]
    return function
