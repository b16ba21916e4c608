"""The report on an ensemble: where today's plan and a candidate stand, who is firm, who swings.

It rests on every count as it was read, so it is for the desk, and says so; the map of the
consensus is redacted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from feeder.analyses.ensemble.plots import Histogram, histogram
from feeder.ensembles.agreement import FIRM, GOOD_SHARE, SWING, percent
from feeder.ensembles.diagnostics import LEAST_ESS, MOST_RHAT, mixing_words
from feeder.ensembles.model import DrawnEnsemble
from feeder.language import ENGLISH
from feeder.measures.scorecard import Scorecard
from feeder.partition.sampling.walk import REVERSIBLE
from feeder.render.frame import asset, policy_hash
from feeder.render.page.page import PageInfo
from feeder.telling.figures import figure_text
from feeder.terms import COUNTED_UNITS

MOST_SCHOOLS: Final = 60
"""Least certain schools that are listed; ``schools.csv`` has them all."""
METHOD_NAMES: Final = {"recom": "ReCom", "reversible": "reversible ReCom"}
_METHOD_WORDS: Final = {
    "recom": "Two neighboring communities are merged and divided anew along a random tree, again "
    "and again. There is no formula for how likely a plan is; compact plans come more often.",
    "reversible": "Two neighboring communities are merged and divided anew along a random tree, "
    "by a rule that makes each plan as likely as the product over its communities of their "
    "numbers of spanning trees: compact plans come more often, and by how much is known.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A measure as text: the ensemble's quantiles, and each plan's name, figure and place."""

    label: str
    definition: str
    quantiles: tuple[str, ...]
    plans: tuple[tuple[str, str, str], ...]
    mixing: str
    mixed: bool
    plot: Histogram
    ticks: tuple[tuple[float, str], ...]


def render_ensemble(ensemble: DrawnEnsemble, card: Scorecard, info: PageInfo) -> str:
    """Return the report on an ensemble as the text of one HTML file.

    Parameters
    ----------
    ensemble
        What was drawn.
    card
        Scorecard of its consensus, whose promises every plan of it keeps.
    info
        Date and id of the consensus.
    """
    district, recipe = ensemble.prepared.district, ensemble.store.recipe
    style = Markup(asset("report.css") + asset("ensemble.css"))  # noqa: S704 - our own text
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    schools = ensemble.schools.sort_values(["certainty", "school_id"], kind="stable")
    listed = schools.head(MOST_SCHOOLS)
    listed = listed.assign(percent=percent(listed["certainty"].to_numpy()))
    counts = schools["standing"].value_counts()
    return environment.from_string(asset("ensemble.html.j2")).render(
        name=district.name,
        year=district.year,
        synthetic=district.synthetic,
        info=info,
        style=style,
        style_hash=policy_hash(style),
        warnings=ensemble.cautions,
        recipe=recipe,
        method=METHOD_NAMES[recipe.method],
        method_words=_METHOD_WORDS[recipe.method],
        reversible=recipe.method == REVERSIBLE,
        plans=len(ensemble.scores),
        good=ensemble.agreement.good,
        good_share=ENGLISH.number(GOOD_SHARE, ".0%"),
        splits=ensemble.done.splits,
        names=tuple(ensemble.figures),
        rows=_rows(ensemble),
        promises=[str(one.definition) for one in card.constraints if one.satisfied],
        schools=listed.to_dict("records"),
        n_schools=len(schools),
        counts={name: int(counts.get(name, 0)) for name in ("firm", "between", "swing")},
        firm=ENGLISH.number(FIRM, ".0%"),
        swing=ENGLISH.number(SWING, ".0%"),
        most_rhat=f"{MOST_RHAT:g}",
        least_ess=LEAST_ESS * recipe.chains,
    )


def _rows(ensemble: DrawnEnsemble) -> list[Row]:
    rows, names = [], list(ensemble.measures)
    for name, place in ensemble.places.iterrows():
        measure = ensemble.measures[str(name)]
        plans = {
            plan: float(figures[names.index(measure.name)])
            for plan, figures in ensemble.figures.items()
        }
        said = ensemble.diagnostics.loc[measure.name].to_dict()
        drawn = ensemble.scores[measure.name].to_numpy(np.float64)
        plot = histogram(drawn, plans, counted=measure.unit in COUNTED_UNITS)
        rows.append(
            Row(
                label=ENGLISH.say(measure.label),
                definition=str(measure.definition),
                quantiles=tuple(
                    figure_text(place[quantile], measure.unit, ENGLISH)
                    for quantile in ("q05", "q50", "q95")
                ),
                plans=tuple(
                    (plan, "", "")
                    if np.isnan(value)
                    else (
                        plan,
                        figure_text(value, measure.unit, ENGLISH),
                        place_text(place[f"{plan}_place"]),
                    )
                    for plan, value in plans.items()
                ),
                mixing=mixing_words(said["rhat"], said["ess"]),
                mixed=bool(said["mixed"]),
                plot=plot,
                ticks=tuple(
                    (at, figure_text(value, measure.unit, ENGLISH)) for at, value in plot.ticks
                ),
            )
        )
    return rows


def place_text(place: float) -> str:
    """Return a plan's place among the drawn ones in words."""
    if place <= 0:
        return "below every plan"
    if place >= 1:
        return "above every plan"
    return f"above {ENGLISH.number(place, '.1%')} of the plans"
