"""The page of the candidates: what each plan is chosen for, the figures and the frontier.

Like the report it is published: made from redacted plans, it runs nothing and asks for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from feeder.analyses.candidates import plots
from feeder.analyses.candidates.aims import Aim, figure, level
from feeder.analyses.candidates.frontier import Frontier
from feeder.language import ENGLISH
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.scorecard import Value
from feeder.planning import Assignment
from feeder.render.frame import asset, left_out, policy_hash
from feeder.render.page.page import PageInfo
from feeder.telling.figures import figures
from feeder.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How many plans were asked for, tried, and kept: every promise holds, no two alike."""

    asked: int
    tried: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure: a figure of each chosen plan, which of them are best, and today's."""

    label: str
    texts: tuple[str, ...]
    best: tuple[bool, ...]
    today: str


def render_candidates(
    first: Assignment,
    frontier: Frontier,
    ids: Mapping[str, str],
    making: Making,
    info: PageInfo,
) -> str:
    """Return the page as the text of one HTML file.

    Parameters
    ----------
    first
        The first of the chosen plans, redacted.
    frontier
        Its scorecards are computed from redacted plans.
    ids
        Plan id of each chosen plan by its name, in the order of ``frontier.chosen``.
    making
        What was asked for and made.
    info
        Date, sources and what was suppressed.
    """
    district, names = first.district, tuple(ids)
    today = frontier.chosen_cards[0].existing
    style = Markup(asset("report.css") + asset("candidates.css"))  # noqa: S704 - our own text
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(asset("candidates.html.j2")).render(
        name=district.name,
        year=district.year,
        synthetic=district.synthetic,
        info=info,
        style=style,
        style_hash=policy_hash(style),
        intro=introduction(frontier, making),
        plans=list(zip(names, frontier.sentences(names), ids.values(), strict=True)),
        names=names,
        rows=aim_rows(frontier, today),
        others=_other_rows(first, frontier),
        has_today=today is not None,
        size=plots,
        plots=plots.frontier_plots(frontier, names, today),
        duels=list(zip(names, frontier.duels(), strict=True)),
        promises=[str(promise.definition) for promise in frontier.chosen_cards[0].constraints],
        definitions=[
            (aim.label, str(DEFINITIONS[aim.measure].definition)) for aim in frontier.aims
        ],
        left_out=left_out(info.suppressed, ENGLISH),
        sources=info.sources or tuple(file.path for file in district.inputs),
    )


def introduction(frontier: Frontier, making: Making) -> tuple[str, ...]:
    """Return what these plans are, for somebody who sees them for the first time."""
    number, unbeaten = len(frontier.chosen), int(frontier.unbeaten.sum())
    kept = counted(making.kept, "plan that keeps", "different plans that keep")
    made = (
        f"{counted(making.tried, 'search', 'searches')} under different weights made {kept} every "
        f"promise. {counted(unbeaten, 'of them is', 'of them are')} on the frontier: no other is "
        "as good at every measure and better at one."
    )
    told = [made]
    if number > 1:
        told.append(
            f"The {number} plans here are chosen to be good and different: the best by the "
            "scenario's own weights, then plans of the frontier, each ahead of each other one at "
            "something."
        )
    if number < making.asked:
        told.append(
            f"{making.asked} were asked for; no other plan that was made is ahead of each of these "
            "at something and grouped differently."
        )
    return tuple(told)


def aim_rows(frontier: Frontier, today: Mapping[str, Value] | None) -> tuple[Row, ...]:
    """Return one row a measure that the plans compete on."""
    return tuple(_aim_row(aim, frontier, today) for aim in frontier.aims)


def _aim_row(aim: Aim, frontier: Frontier, today: Mapping[str, Value] | None) -> Row:
    values = [card.plan[aim.measure] for card in frontier.chosen_cards]
    levels = [aim.sign * level(aim, value) for value in values]
    return Row(
        label=aim.label,
        texts=tuple(figure(aim, value) for value in values),
        best=tuple(one == max(levels) > min(levels) for one in levels),
        today="" if today is None else figure(aim, today[aim.measure]),
    )


def _other_rows(first: Assignment, frontier: Frontier) -> tuple[Row, ...]:
    """Return the measures that nobody competes on, as the report words them."""
    told = [
        {
            entry["name"]: entry
            for entry in figures(first, card, ENGLISH)
            if entry["name"] in card.plan
        }
        for card in frontier.chosen_cards
    ]
    aims = {aim.measure for aim in frontier.aims}
    return tuple(
        Row(
            label=entry["label"],
            texts=tuple(entries[name]["text"] if name in entries else "" for entries in told),
            best=(False,) * len(told),
            today=entry.get("today", ""),
        )
        for name, entry in told[0].items()
        if name not in aims
    )
