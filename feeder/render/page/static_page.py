"""The page as it is mailed, before any script runs: a map, figures, a table and a list.

Mail previews on phones run no script. What stands here is plain HTML; the page's script hides
it once it runs. Text of tables is escaped by the template.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from feeder.district.schools.grades import span_label
from feeder.language import Words
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.planning.identity import Community
from feeder.render.frame import asset
from feeder.render.page.static_map import static_svg
from feeder.telling.figures import community_figures, figures

WIDTH: Final = 640
"""Pixels of the map where no style sheet is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRow:
    """One community in texts: its number, its color, and its figures."""

    number: int
    color: str
    ink: str
    name: str
    schools: str
    students: str
    continuity: str
    land: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolGroup:
    """The schools of one community, or of none (number 0): name and grades of each."""

    number: int
    name: str
    schools: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticPage:
    """What the page says without a script.

    ``svg`` is ready for HTML; everything else is text still to be escaped. ``figures`` are pairs
    of what it is and its value.
    """

    svg: Markup
    figures: tuple[tuple[str, str], ...]
    communities: tuple[CommunityRow, ...]
    schools: tuple[SchoolGroup, ...]


def static_page(assignment: Assignment, scorecard: Scorecard, words: Words) -> StaticPage:
    """Return the page's part that needs no script, for a plan as it is drawn and its scorecard."""
    columns = community_figures(assignment, scorecard, words)
    main = [one for one in figures(assignment, scorecard, words) if one["main"]]
    svg = static_svg(assignment, words, width=WIDTH)
    return StaticPage(
        svg=Markup(svg),  # noqa: S704 - static_svg escapes what is data
        figures=tuple((one["label"], one["text"]) for one in main),
        communities=tuple(
            CommunityRow(
                number=one.number,
                color=one.color,
                ink=one.ink,
                name=one.name,
                schools=str(columns["schools"][k]),
                students=columns["enrollment"][k],
                continuity=columns["feeder_continuity"][k],
                land=columns["land"][k],
            )
            for k, one in enumerate(assignment.communities)
        ),
        schools=_groups(assignment, words),
    )


def static_html(page: StaticPage, words: Words) -> Markup:
    """Return the inside of ``<section id="static">``; its style is ``static.css``."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(asset("static.html.j2"))
    return Markup(template.render(static=page, t=words))  # noqa: S704 - the template escapes


def _groups(assignment: Assignment, words: Words) -> tuple[SchoolGroup, ...]:
    schools = assignment.district.schools.loc[list(assignment.network.graph.school_ids)]
    names, masks = schools["name"].tolist(), schools["grades"].tolist()
    system = assignment.district.grade_system
    outside = Community("", name=words("static.outside"))
    homes = [*enumerate(assignment.communities), (-1, outside)]
    found = []
    for home, one in homes:
        members = np.flatnonzero(assignment.school_community == home).tolist()
        listed = sorted(
            (names[i], span_label(masks[i], system) if masks[i] else "") for i in members
        )
        if listed or home >= 0:
            found.append(SchoolGroup(number=one.number, name=one.name, schools=tuple(listed)))
    return tuple(found)
