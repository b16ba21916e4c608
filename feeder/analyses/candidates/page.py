"""The page of the candidates: what each plan is chosen for, the figures and the frontier.

Like the report it is made of published plans, runs nothing and asks for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from feeder.analyses.candidates import plots
from feeder.analyses.candidates.aims import Aim, figure, figure_today, level
from feeder.analyses.candidates.frontier import Frontier
from feeder.language import Message, Words
from feeder.measures.definitions import DEFINITIONS
from feeder.measures.scorecard import Value
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.render.frame import asset, left_out, other_languages, policy_hash
from feeder.render.page.page import PageInfo
from feeder.telling.figures import figures


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
    published: Sequence[PublishedPlan],
    frontier: Frontier,
    making: Making,
    info: PageInfo,
    words: Words,
) -> str:
    """Return the page as the text of one HTML file.

    Parameters
    ----------
    published
        Every plan that was made, in the order of ``frontier.cards``.
    frontier
        What they compete on and which are chosen, to be called A, B, C ...; figures are those of
        the published plans.
    making
        What was asked for and made.
    info
        Date, sources and what was suppressed.
    words
        The reader's language; the page links to its like in every other one.
    """
    frontier = frontier.told_by([plan.scorecard for plan in published])
    chosen = [published[k] for k in frontier.chosen]
    first, names = chosen[0].assignment, ascii_uppercase[: len(chosen)]
    district = first.district
    today = frontier.chosen_cards[0].existing
    style = Markup(asset("report.css") + asset("candidates.css"))  # noqa: S704 - our own text
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(asset("candidates.html.j2")).render(
        t=words,
        others_of_it=other_languages("candidates", words.tag),
        name=district.name,
        year=district.year,
        synthetic=district.synthetic,
        info=info,
        style=style,
        style_hash=policy_hash(style),
        intro=[words.say(told) for told in introduction(frontier, making)],
        plans=[
            (name, words.say(told), plan.plan_id)
            for name, told, plan in zip(names, frontier.sentences(names), chosen, strict=True)
        ],
        names=names,
        rows=aim_rows(frontier, today, words),
        others=_other_rows(first, frontier, words),
        has_today=today is not None,
        size=plots,
        plots=plots.frontier_plots(frontier, names, today, words),
        duels=[
            (name, ["" if lead is None else words.say(lead) for lead in leads])
            for name, leads in zip(names, frontier.duels(), strict=True)
        ],
        promises=[words.say(one.definition) for one in frontier.chosen_cards[0].constraints],
        definitions=[
            (words.say(aim.label), words.say(DEFINITIONS[aim.measure].definition))
            for aim in frontier.aims
        ],
        left_out=left_out(info.suppressed, words),
        sources=info.sources or tuple(file.path for file in district.inputs),
    )


def introduction(frontier: Frontier, making: Making) -> tuple[Message, ...]:
    """Return what these plans are, for somebody who sees them for the first time."""
    number = len(frontier.chosen)
    searches = Message("candidates.searches", {"n": making.tried})
    kept = Message("candidates.kept", {"n": making.kept, "searches": searches})
    unbeaten = Message("candidates.unbeaten", {"n": int(frontier.unbeaten.sum())})
    told = [Message("candidates.made", {"kept": kept, "unbeaten": unbeaten})]
    if number > 1:
        told.append(Message("candidates.chosen", {"n": number}))
        told.append(Message("identity.candidates"))
    if number < making.asked:
        told.append(Message("candidates.fewer", {"n": making.asked}))
    return tuple(told)


def aim_rows(
    frontier: Frontier, today: Mapping[str, Value] | None, words: Words
) -> tuple[Row, ...]:
    """Return one row a measure that the plans compete on."""
    return tuple(_aim_row(aim, frontier, today, words) for aim in frontier.aims)


def _aim_row(aim: Aim, frontier: Frontier, today: Mapping[str, Value] | None, words: Words) -> Row:
    values = [card.plan[aim.measure] for card in frontier.chosen_cards]
    levels = [aim.sign * level(aim, value) for value in values]
    now = None if today is None else figure_today(aim, today)
    return Row(
        label=words.say(aim.label),
        texts=tuple(words.say(figure(aim, value)) for value in values),
        best=tuple(one == max(levels) > min(levels) for one in levels),
        today="" if now is None else words.say(now),
    )


def _other_rows(first: Assignment, frontier: Frontier, words: Words) -> tuple[Row, ...]:
    """Return the measures that nobody competes on, as the report words them."""
    told = [
        {
            entry["name"]: entry
            for entry in figures(first, card, words)
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
