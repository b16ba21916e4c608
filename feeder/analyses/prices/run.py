"""The price of a constraint: one search a step, from a district folder to a table and a drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import pandas as pd

from feeder.analyses.contract import Result
from feeder.analyses.prices.prices import Step, best_plans, price_table
from feeder.analyses.prices.sections import price_drawing, price_section
from feeder.errors import InfeasibleError, InputError, Problem
from feeder.measures.score import score
from feeder.opening.runs import DistrictLike, Opened, open_district
from feeder.opening.stages import Progress, quiet, timed
from feeder.partition.cooling import Effort
from feeder.partition.efforts import EffortName
from feeder.partition.search import warm_up
from feeder.planning import Assignment
from feeder.planning.make import make_plan
from feeder.scenario import Scenario
from feeder.telling.sections import Section
from feeder.wording import brief, nearest

CONSTRAINTS: Final = tuple(
    field.name
    for field in fields(Scenario)
    if field.name.endswith("_tolerance") or field.name.startswith("max_")
)
"""Keys of ``[scenario]`` that are constraints of which less is tighter."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices(Result):
    """What each step of a constraint costs.

    Attributes
    ----------
    opened
        The district and its scenario, whatever it says of the constraint.
    constraint
        Key of ``[scenario]``.
    seed
        Of every search.
    steps
        Loosest first.
    plans
        Shape (n_steps,): the plan that each step takes; None where it has none.
    """

    opened: Opened
    constraint: str
    seed: int
    steps: tuple[Step, ...]
    plans: tuple[Assignment | None, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a step (:func:`feeder.analyses.prices.prices.price_table`)."""
        return price_table(self.steps, constraint=self.constraint)

    @property
    def about(self) -> Opened:
        """The district and its scenario."""
        return self.opened

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``price``: one row a step."""
        return {"price": self.table}

    @property
    def sections(self) -> tuple[Section, ...]:
        """The table for a reader."""
        return (price_section(self.table, constraint=self.constraint, seed=self.seed),)

    @property
    def pages(self) -> dict[str, str | bytes]:
        """``price.svg``: the price of each step drawn, the same bytes every time."""
        return {"price.svg": price_drawing(self.table, constraint=self.constraint)}


def priced(
    district: DistrictLike,
    *,
    of: str,
    steps: Sequence[float],
    scenario: Path | str | None,
    effort: Effort | EffortName,
    progress: Progress | None,
    keys: Mapping[str, Any],
) -> Prices:
    """Plan once a step (:func:`feeder.analyses.prices.price`)."""
    if of not in CONSTRAINTS:
        message = f"{brief(of)} is no limit that has a price."
        raise InputError([Problem(rule="no-limit", message=message, fix=nearest(of, CONSTRAINTS))])
    report = progress or quiet
    timings: dict[str, float] = {}
    found_district, network, asked = open_district(
        district, scenario=scenario, keys=keys, timings=timings, progress=report
    )
    tried = [asked.overridden({of: step}) for step in sorted(set(steps), reverse=True)]
    if not tried or None in [getattr(wanted, of) for wanted in tried]:
        message = f"the steps of {of} name no limit, or one of them sets none."
        fix = "Give limits, the loosest among them; 0 minutes is no limit."
        raise InputError([Problem(rule="no-limit", message=message, fix=fix)])
    with timed("prepare", timings, report):
        warm_up()
    found: list[Step] = []
    made: list[Assignment | None] = []
    with timed("search", timings, report):
        for at, wanted in enumerate(tried):
            value = getattr(wanted, of)

            def tell(share: float, at: int = at) -> None:
                report("search", (at + share) / len(tried))

            try:
                search = make_plan(found_district, network, wanted, effort=effort, progress=tell)
            except InfeasibleError:
                found.append(Step(value=value, card=None))
                made.append(None)
                continue
            found.append(Step(value=value, card=score(search.assignment)))
            made.append(search.assignment)
    best = best_plans(found)
    return Prices(
        opened=Opened(found_district, network, asked),
        constraint=of,
        seed=asked.seed,
        steps=tuple(found),
        plans=tuple(None if at is None else made[at] for at in best),
    )
