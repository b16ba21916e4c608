"""Plans as a notebook shows them; every text is neutralised."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from feeder.language import ENGLISH, Words
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.telling.figures import community_figures, figures, promises

_COLUMNS = ("schools", "enrollment", "deviation", "feeder_continuity", "land")
_HEADINGS = (
    "terminal.community",
    "terminal.schools",
    "terminal.students",
    "terminal.of_the_mean",
    "terminal.flow_kept",
    "table.land",
)
"""Keys of what stands above the name and the columns."""


def plan_html(assignment: Assignment, scorecard: Scorecard, words: Words = ENGLISH) -> str:
    """Return a plan in short: what it is, its main figures, its communities, broken promises."""
    columns = community_figures(assignment, scorecard, words)
    rows = [
        (one.label, *(str(columns[column][k]) for column in _COLUMNS))
        for k, one in enumerate(assignment.communities)
    ]
    main = [one for one in figures(assignment, scorecard, words) if one["main"]]
    told = "; ".join(f"{one['label']}: {one['text']}" for one in main)
    broken = [one for one in promises(scorecard, words) if not one["kept"]]
    title = f"{assignment.district.name} {assignment.district.year}".strip()
    return (
        f"<h4>{escape(title)} <code>{assignment.plan_id}</code></h4><p>{escape(told)}</p>"
        f"{_table([*map(words, _HEADINGS)], rows)}{_broken(broken, words)}"
    )


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in headings)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _broken(broken: list[dict[str, object]], words: Words) -> str:
    if not broken:
        return f"<p>{escape(words('terminal.all_promises_kept'))}</p>"
    told = "".join(f"<li>{escape(str(one['text']))}</li>" for one in broken)
    return f"<p>{escape(words('terminal.promises_broken_are'))}</p><ul>{told}</ul>"
