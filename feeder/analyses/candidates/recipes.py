"""Many plans of one district: the same promises, other weights."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from feeder.partition.cooling import Effort
from feeder.planning.assignment import Assignment
from feeder.planning.make import make_plan

LEVELS: Final[Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        "feeder_continuity": (4.0,),
        "cut_contacts": (0.3, 0.6, 1.2),
        "enrollment_deviation": (0.05, 0.2, 0.6),
        "need_deviation": (0.05, 0.2, 0.6),
        "students_moved": (0.1, 0.3, 0.8),
        "students_separated": (0.1, 0.3, 0.8),
        "diameter_km": (0.003, 0.008, 0.02),
    }
)
"""Weights that each measure takes in turn, the lightest first; all others stay the scenario's."""
FEWER_CHAINS: Final = 3
FEWER_STEPS: Final = 4
"""The usual effort has this many times the chains and the steps of one candidate's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What one candidate is made for.

    Attributes
    ----------
    aim
        The measure whose weight is raised; empty for the scenario's own weights, and ``all``
        for every measure at its light weight.
    weights
        Weight of each objective by measure name.
    seed
        Of the search.
    """

    aim: str
    weights: Mapping[str, float]
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """Return the recipe as plain values."""
        return {"aim": self.aim, "weights": dict(self.weights), "seed": self.seed}


def recipes(weights: Mapping[str, float], measures: Collection[str], *, seed: int) -> list[Recipe]:
    """Return the recipes of a district, the scenario's own weights first.

    Parameters
    ----------
    weights
        The scenario's own, by measure name.
    measures
        Measures that have a value in this district.
    seed
        The scenario's, of every search.
    """
    levels = {name: each for name, each in LEVELS.items() if name in measures}
    kinds = [("", dict(weights))]
    kinds += [(name, {**weights, name: weight}) for name, each in levels.items() for weight in each]
    light = {name: each[0] for name, each in levels.items() if name != "feeder_continuity"}
    kinds.append(("all", {**weights, **light}))
    return [Recipe(aim=aim, weights=MappingProxyType(given), seed=seed) for aim, given in kinds]


def shorter(usual: Effort) -> Effort:
    """Return the effort of one candidate: there are many, and each need only be good."""
    return replace(
        usual,
        chains=max(1, usual.chains // FEWER_CHAINS),
        steps_per_unit=max(1, usual.steps_per_unit // FEWER_STEPS),
    )


def make_candidate(first: Assignment, recipe: Recipe, effort: Effort) -> Assignment | None:
    """Search under a recipe's weights for another plan beside the first one.

    It is made as the first one was: where the scenario says so, other ways to share communities
    among regions are tried for it too.

    Returns
    -------
    A plan of the same district under the same scenario, by whose own weights it is judged; None
    where none was found that keeps every limit.
    """
    asked = replace(first.scenario, weights=recipe.weights, seed=recipe.seed)
    found = make_plan(first.district, first.network, asked, effort=effort)
    return replace(found.assignment, scenario=first.scenario) if found.feasible else None
