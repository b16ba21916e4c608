"""What each step of a constraint costs, in feeder continuity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from feeder.measures.scorecard import Scorecard
from feeder.telling.units import with_units

FOUND: Final = "found"
"""The step's own search found its plan."""
TIGHTER: Final = "tighter"
"""Its plan was found at a tighter step."""
NONE: Final = "none"
"""No plan was found, though none is proven impossible."""
IMPOSSIBLE: Final = "impossible"
"""The constraints provably cannot hold together."""
MINUTES: Final = "_minutes"
_POINTS: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """One step of a constraint and the search at it.

    Attributes
    ----------
    value
        The largest that the constraint allows.
    card
        Scorecard of the closest plan found; None where the constraints provably cannot hold
        together.
    """

    value: float
    card: Scorecard | None

    @property
    def kept(self) -> bool:
        """Whether a plan was found that keeps every promise."""
        return self.card is not None and self.card.satisfied


def best_plans(steps: Sequence[Step]) -> list[int | None]:
    """Return for each step which step found the plan it takes; None where it has none.

    A plan that keeps a tighter constraint keeps every looser one, so a step takes the plan of most
    feeder continuity found at it or at any tighter one; of equals its own, then that of the
    loosest. So the price never falls as a constraint tightens.

    Parameters
    ----------
    steps
        Loosest first.
    """
    return [
        max(
            (other for other in range(at, len(steps)) if steps[other].kept),
            key=lambda other: (_continuity(steps[other]), -other),
            default=None,
        )
        for at in range(len(steps))
    ]


def price_table(steps: Sequence[Step], *, constraint: str) -> pd.DataFrame:
    """One row a step, loosest first.

    Columns ``step`` (the largest value allowed), ``found`` (FOUND, TIGHTER, NONE or IMPOSSIBLE),
    ``found_at`` (the step at which the plan was found), ``promises_kept``, ``promises``,
    ``continuity``, ``cost`` (points of continuity below the loosest step that has a plan),
    ``contiguity`` (whether the land of every community hangs together), ``cut`` (share of
    contacts), ``moved`` (schools against today; NaN where the numbers of communities differ). NaN
    where there is no plan; the promises are then those of the closest plan found.

    Parameters
    ----------
    steps
        Loosest first.
    constraint
        Key of ``[scenario]``.
    """
    best = best_plans(steps)
    rows = [
        _row(step, at, None if of is None else steps[of], of)
        for at, (step, of) in enumerate(zip(steps, best, strict=True))
    ]
    table = pd.DataFrame(rows)
    base = table["continuity"].dropna()
    table.insert(6, "cost", (base.iloc[0] if len(base) else np.nan) - table["continuity"])
    table["cost"] *= _POINTS
    unit = "minutes" if constraint.endswith(MINUTES) else "share"
    units = {"step": unit, "found": "", "found_at": unit, "promises_kept": "promises"}
    units |= {"promises": "promises", "continuity": "share", "cost": "points", "contiguity": ""}
    return with_units(table, {**units, "cut": "share", "moved": "schools"})


def _row(step: Step, at: int, plan: Step | None, of: int | None) -> dict[str, object]:
    card = step.card if plan is None else plan.card
    fate = FOUND if of == at else TIGHTER
    if plan is None:
        fate = IMPOSSIBLE if card is None else NONE
    promises = () if card is None else card.constraints
    whole = all(promise.satisfied for promise in promises if promise.name == "contiguity")
    return {
        "step": step.value,
        "found": fate,
        "found_at": np.nan if plan is None else plan.value,
        "promises_kept": np.nan if card is None else sum(p.satisfied for p in promises),
        "promises": np.nan if card is None else len(promises),
        "continuity": _figure(plan, "feeder_continuity"),
        "contiguity": None if plan is None else whole,
        "cut": _figure(plan, "cut_contacts"),
        "moved": _figure(plan, "schools_moved"),
    }


def _continuity(step: Step) -> float:
    value = _figure(step, "feeder_continuity")
    return -np.inf if np.isnan(value) else value


def _figure(step: Step | None, measure: str) -> float:
    value = None if step is None or step.card is None else step.card.plan[measure].value
    return float("nan") if value is None else float(value)
