"""The report on an ensemble: where today's plan and a candidate stand, who is firm, who swings.

It rests on every count as it was read, so it is for the desk, and says so; the map of the
consensus is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from feeder.analyses.ensemble.plots import Histogram, histogram
from feeder.ensembles.agreement import FIRM, GOOD_SHARE, SWING, percent
from feeder.ensembles.diagnostics import LEAST_ESS, MOST_RHAT, mixing_told
from feeder.ensembles.model import DrawnEnsemble
from feeder.ensembles.places import QUANTILES
from feeder.language import Fact, Message, Words
from feeder.measures.scorecard import Scorecard
from feeder.render.frame import asset, other_languages, policy_hash
from feeder.render.page.page import PageInfo
from feeder.telling.figures import figure_text
from feeder.terms import COUNTED_UNITS

MOST_SCHOOLS: Final = 60
"""Least certain schools that are listed; ``schools.csv`` has them all."""


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


def render_ensemble(ensemble: DrawnEnsemble, card: Scorecard, info: PageInfo, words: Words) -> str:
    """Return the report on an ensemble as the text of one HTML file.

    Parameters
    ----------
    ensemble
        What was drawn.
    card
        Scorecard of its consensus, whose promises every plan of it keeps.
    info
        Date and id of the consensus.
    words
        The reader's language; the page links to its like in every other one.
    """
    district = ensemble.prepared.district
    style = Markup(asset("report.css") + asset("ensemble.css"))  # noqa: S704 - our own text
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    schools = ensemble.schools.sort_values(["certainty", "school_id"], kind="stable")
    listed = schools.head(MOST_SCHOOLS)
    listed = listed.assign(percent=percent(listed["certainty"].to_numpy()))
    return environment.from_string(asset("ensemble.html.j2")).render(
        t=words,
        others=other_languages("ensemble", words.tag),
        name=district.name,
        year=district.year,
        synthetic=district.synthetic,
        info=info,
        style=style,
        style_hash=policy_hash(style),
        warnings=[words.say(caution) for caution in ensemble.cautions],
        summary=[" ".join(map(words.say, part)) for part in _summary(ensemble)],
        names=tuple(ensemble.figures),
        quantiles=QUANTILES,
        rows=_rows(ensemble, words),
        promises=[words.say(one.definition) for one in card.constraints if one.satisfied],
        schools=listed.to_dict("records"),
        n_schools=len(schools),
        firm=FIRM,
        swing=SWING,
        method=ensemble.store.recipe.method,
        how=" ".join(map(words.say, _how(ensemble))),
        compared=words.say(_compared(ensemble)),
    )


def _summary(ensemble: DrawnEnsemble) -> tuple[list[Message], list[Message]]:
    """Return what was drawn, and what its good plans say of the schools."""
    recipe, standing = ensemble.store.recipe, ensemble.schools["standing"].value_counts()
    drawn: dict[str, Fact] = {
        "n": len(ensemble.scores),
        "method": Message(f"ensemble.name_{recipe.method}"),
        "chains": Message("ensemble.chains", {"n": recipe.chains}),
        "steps": Message("ensemble.steps", {"n": recipe.every}),
    }
    good = {"share": GOOD_SHARE, "n": ensemble.agreement.good}
    counts = {name: int(standing.get(name, 0)) for name in ("firm", "between", "swing")}
    return (
        [
            Message("ensemble.drawn", drawn),
            Message("ensemble.preferred" if recipe.pull else "ensemble.any"),
        ],
        [
            Message("ensemble.good", good),
            Message("ensemble.standings", {**counts, "all": len(ensemble.schools)}),
            *([Message("identity.like")] if ensemble.like else []),
        ],
    )


def _how(ensemble: DrawnEnsemble) -> list[Message]:
    """Return how the plans were drawn."""
    recipe = ensemble.store.recipe
    pull = [Message("ensemble.pull", {"pull": str(recipe.pull)})] if recipe.pull else []
    divided: dict[str, Fact] = {
        "n": ensemble.done.splits,
        "steps": Message("ensemble.steps", {"n": recipe.burn_in}),
        "seed": str(recipe.seed),
    }
    how = Message(f"ensemble.how_{recipe.method}")
    return [how, *pull, Message("ensemble.divided", divided)]


def _compared(ensemble: DrawnEnsemble) -> Message:
    """Return what the diagnostics compare."""
    chains = ensemble.store.recipe.chains
    return Message(
        "ensemble.rhat_chains" if chains > 1 else "ensemble.rhat_halves",
        {"most": MOST_RHAT, "least": LEAST_ESS * chains},
    )


def _rows(ensemble: DrawnEnsemble, words: Words) -> list[Row]:
    rows, names = [], list(ensemble.measures)
    for name, place in ensemble.places.iterrows():
        measure = ensemble.measures[str(name)]
        plans = {
            plan: float(figures[names.index(measure.name)])
            for plan, figures in ensemble.figures.items()
        }
        found = ensemble.diagnostics.loc[measure.name].to_dict()
        drawn = ensemble.scores[measure.name].to_numpy(np.float64)
        plot = histogram(drawn, plans, counted=measure.unit in COUNTED_UNITS)
        rows.append(
            Row(
                label=words.say(measure.label),
                definition=words.say(measure.definition),
                quantiles=tuple(
                    figure_text(place[f"q{round(100 * share):02d}"], measure.unit, words)
                    for share in QUANTILES
                ),
                plans=tuple(
                    (plan, "", "")
                    if np.isnan(value)
                    else (
                        plan,
                        figure_text(value, measure.unit, words),
                        words.say(place_told(place[f"{plan}_place"])),
                    )
                    for plan, value in plans.items()
                ),
                mixing=words.say(mixing_told(found["rhat"], found["ess"])),
                mixed=bool(found["mixed"]),
                plot=plot,
                ticks=tuple(
                    (at, figure_text(value, measure.unit, words)) for at, value in plot.ticks
                ),
            )
        )
    return rows


def place_told(place: float) -> Message:
    """Return a plan's place among the drawn ones in words."""
    if place <= 0:
        return Message("ensemble.below_all")
    if place >= 1:
        return Message("ensemble.above_all")
    return Message("ensemble.above", {"share": place})
