"""What is proven about a problem: no partition has a higher objective."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

SAME: Final = 2e-5
"""Objective within which a plan counts as the best possible: 0.002 points."""
POINTS: Final = 100.0
"""Points of an objective of 1."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An upper bound on the objective of every partition that keeps all constraints.

    Attributes
    ----------
    value
        The bound; -inf where no partition keeps all constraints.
    method
        How it was proven, in words a planner reads.
    seconds
        Processor time spent; None where two runs must tell the same.
    """

    value: float
    method: str
    seconds: float | None = None

    @property
    def infeasible(self) -> bool:
        """Whether it is proven that no partition keeps all constraints."""
        return bool(np.isneginf(self.value))

    def gap(self, objective: float) -> float:
        """Points between an objective and the bound, never negative."""
        return max(0.0, POINTS * (self.value - objective))

    def closes(self, objective: float) -> bool:
        """Whether a partition of this objective is the best possible, but for rounding."""
        return self.value <= objective + SAME


def tightest(bounds: Iterable[Bound]) -> Bound:
    """Return the lowest of some bounds, the first of those that agree."""
    return min(bounds, key=lambda bound: bound.value)
