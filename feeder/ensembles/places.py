"""The place of one plan among many: where each of its figures stands in the ensemble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from feeder.ensembles.scores import MEASURES, Scorer
from feeder.measures.grouping import planned
from feeder.measures.own import OwnMeasure
from feeder.network.graph import FloatArray
from feeder.planning import Assignment

QUANTILES: Final = (0.05, 0.5, 0.95)
TODAY: Final = "today"
CANDIDATE: Final = "candidate"


def figures_of_plans(
    scorer: Scorer,
    candidate: Assignment | None,
    existing: Assignment | None = None,
    own: Sequence[OwnMeasure] = (),
) -> dict[str, FloatArray]:
    """Return the measures of today's plan and of a candidate, by name, where there are such.

    They are MEASURES, then the analyst's own, for which ``existing`` is today's plan.
    """
    found = {}
    if scorer.today is not None:
        today = scorer.today
        figures = scorer.of_division(today.school, today.node, today.n, of_change=False)
        if today.land_reason is not None:
            figures[MEASURES.index("cut_contacts")] = np.nan
        found[TODAY] = figures
    if candidate is not None:
        grouping = planned(candidate)
        found[CANDIDATE] = scorer.of_division(
            grouping.school, grouping.node, grouping.n, of_change=True
        )
    plans = {TODAY: existing, CANDIDATE: candidate}
    return {
        name: np.append(figures, own_figures(plans[name], own)) for name, figures in found.items()
    }


def own_figures(plan: Assignment | None, own: Sequence[OwnMeasure]) -> list[float]:
    """Return an analyst's own measures of a plan; NaN without a value."""
    values = [None if plan is None else measure.of(plan).value for measure in own]
    return [np.nan if value is None else float(value) for value in values]


def places(
    scores: pd.DataFrame, plans: Mapping[str, FloatArray], names: Sequence[str] = MEASURES
) -> pd.DataFrame:
    """Return where plans stand among the ensemble's, one row a measure.

    Parameters
    ----------
    scores
        A column a measure; one row a plan of the ensemble.
    plans
        The measures of each plan to place, by its name.
    names
        What the measures are called.

    Returns
    -------
    Indexed by measure: the ensemble's quantiles ``q05``, ``q50`` and ``q95``, each the figure of a
    plan that was drawn; and of each plan its figure and ``<name>_place``, the share of the ensemble
    with a smaller figure, equal ones counted by half. Measures that the ensemble does not have are
    left out.
    """
    rows = {}
    for i, name in enumerate(names):
        drawn = scores[name].to_numpy(np.float64)
        if np.isnan(drawn).any():
            continue
        row = {
            f"q{round(100 * q):02d}": float(value)
            for q, value in zip(
                QUANTILES, np.quantile(drawn, QUANTILES, method="inverted_cdf"), strict=True
            )
        }
        for plan, figures in plans.items():
            value = float(figures[i])
            row[plan] = value
            row[f"{plan}_place"] = _place(drawn, value)
        rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


def _place(drawn: FloatArray, value: float) -> float:
    """Return the share of figures below a value; NaN for none. Rounding makes no difference."""
    if np.isnan(value):
        return float("nan")
    near = np.isclose(drawn, value, rtol=1e-12, atol=1e-12)
    return float(((drawn < value) & ~near).mean() + near.mean() / 2)
