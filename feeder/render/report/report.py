"""The report: a plan's scorecard to read, print and hand out.

Like the map it is made of a published plan, holds its own style by its hash, runs nothing and asks
for nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from feeder.errors import Problem
from feeder.language import ENGLISH, Words
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.publishing.published import PublishedPlan
from feeder.render.colours import community_colours
from feeder.render.frame import asset, left_out, other_languages, policy_hash
from feeder.render.page.page import PageInfo
from feeder.render.report.locator import locator
from feeder.render.report.notices import notices
from feeder.render.report.plots import BandPlot, band_plot, ladders
from feeder.render.report.words import definitions, measure_rows, methods, summary
from feeder.telling.figures import community_figures, community_shares, promises
from feeder.telling.sections import Section, headings, rows
from feeder.terms import TERMS


def render_report(
    published: PublishedPlan,
    info: PageInfo,
    warnings: tuple[Problem, ...],
    words: Words,
    sections: tuple[Section, ...] = (),
) -> str:
    """Return the report as the text of one HTML file.

    Parameters
    ----------
    published
        The plan.
    info
        Date, plan id, sources and what was suppressed.
    warnings
        What was repaired or left out, as told while the district was read. Only messages that
        cannot hold a figure of students are quoted (:mod:`feeder.render.report.notices`).
    words
        The reader's language; the page links to its like in every other one.
    sections
        What else may be told of the plan.
    """
    assignment, scorecard = published.assignment, published.scorecard
    district, colours = assignment.district, community_colours(assignment)
    told = published.worlds.told.enrollment
    students = (told.low["enrollment"], told.high["enrollment"])
    style = Markup(asset("report.css"))  # noqa: S704 - our own text
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(asset("report.html.j2")).render(
        t=words,
        others=other_languages("report", words.tag),
        foreign=words.tag != ENGLISH.tag,
        name=district.name,
        year=district.year,
        synthetic=district.synthetic,
        info=info,
        style=style,
        style_hash=policy_hash(style),
        summary=summary(assignment, scorecard, words),
        map=locator(assignment, colours),
        promises=promises(scorecard, words),
        measures=measure_rows(assignment, scorecard, words),
        has_today=scorecard.existing is not None,
        communities=_community_rows(assignment, scorecard, colours, words),
        shares=[(name, words(TERMS[name].short)) for name in community_shares(scorecard)],
        regions="region" in scorecard.communities,
        nested_in=assignment.scenario.nested_in or "",
        enrollment=_plot(assignment, scorecard, colours, info, words, "enrollment"),
        need=_plot(assignment, scorecard, colours, info, words, "need"),
        ladders=ladders(assignment, students, colours, info.suppressed.get("below", 0), words),
        notices=notices(warnings, words),
        left_out=left_out(info.suppressed, words),
        definitions=definitions(scorecard, words),
        sections=[_told(section, words) for section in sections],
        methods=methods(assignment, scorecard, words),
        sources=info.sources or tuple(file.path for file in district.inputs),
    )


def _told(section: Section, words: Words) -> dict[str, Any]:
    """Return a section put into words."""
    return {
        "title": words.say(section.title),
        "sentences": [words.say(sentence) for sentence in section.sentences],
        "tables": [
            {
                "caption": words.say(shown.caption),
                "headings": headings(shown, words),
                "rows": rows(shown, words),
            }
            for shown in section.tables
        ],
    }


def _plot(
    assignment: Assignment,
    scorecard: Scorecard,
    colours: tuple[str, ...],
    info: PageInfo,
    words: Words,
    column: str,
) -> BandPlot | None:
    """Return the plot of one column of the communities; None where there is nothing to draw."""
    if column not in scorecard.communities:
        return None
    low, high = (
        end.reindex(list(assignment.community_ids)).to_numpy(np.float64)
        for end in scorecard.ends(column)
    )
    scenario = assignment.scenario
    tolerances = {
        "enrollment": scenario.enrollment_tolerance,
        "need": scenario.need_tolerance,
    }
    return band_plot(
        (low, high),
        tolerances[column],
        names=assignment.community_names,
        colours=colours,
        below=info.suppressed.get("below", 0),
        words=words,
    )


def _community_rows(
    assignment: Assignment, scorecard: Scorecard, colours: tuple[str, ...], words: Words
) -> list[dict[str, object]]:
    """Return one row of texts a community, in the plan's order."""
    columns = community_figures(assignment, scorecard, words)
    table = scorecard.communities.reindex(list(assignment.community_ids))
    regions = table["region"].tolist() if "region" in table else [""] * len(table)
    return [
        {
            "number": k + 1,
            "name": name,
            "colour": colours[k],
            "region": regions[k],
            **{key: values[k] for key, values in columns.items()},
        }
        for k, name in enumerate(assignment.community_names)
    ]
