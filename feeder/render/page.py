"""The one file to mail: a map that opens anywhere, asks for nothing and runs only its own code.

Code and style of the page stand in it by their hashes (Content-Security-Policy), so that no
text of a table can ever run, whatever it looks like. Data comes as inert JSON, and the page
writes it as text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import Environment
from markupsafe import Markup
from xstatic.pkg import leaflet

from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.render.payload import inert_json, page_data

SCRIPTS: Final = (
    "elements.js",
    "topology.js",
    "symbols.js",
    "map.js",
    "labels.js",
    "layers.js",
    "card.js",
    "panel.js",
    "search.js",
    "main.js",
)
"""The page's own code in the order it runs, as one script."""
SOURCE_WORDS: Final = (
    ("observed", "counted from student records"),
    ("zoned", "from attendance areas: where students live and which school they are zoned to"),
    ("estimated", "estimated from locations, grades and enrollment; not counts"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInfo:
    """What the page says about itself.

    Parameters
    ----------
    run_date
        Day of the run, as ISO text.
    plan_id
        Hash that names the plan.
    suppressed
        As :func:`feeder.render.redact.redaction_note` returns it.
    sources
        Where the data comes from, one text each; the files that were read where empty.
    warnings
        What a reader must know before trusting the plan; texts without figures of students.
    """

    run_date: str
    plan_id: str
    suppressed: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def render_page(assignment: Assignment, scorecard: Scorecard, info: PageInfo) -> str:
    """Return the shareable map as the text of one HTML file.

    Parameters
    ----------
    assignment
        The plan, redacted (see :func:`feeder.render.redact.redacted`).
    scorecard
        Computed from the redacted plan.
    info
        Date, plan id, sources and what was suppressed.
    """
    style = Markup(_leaflet_style() + _asset("page.css"))  # noqa: S704 - our own text
    scripts = [Markup(text) for text in (_leaflet_code(), _own_code())]  # noqa: S704 - as above
    district = assignment.district
    present = set(assignment.network.graph.flow_source.tolist())
    data = page_data(assignment, scorecard, below=info.suppressed.get("below", 0))
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(
        _asset("page.html.j2")
    )
    return template.render(
        name=district.name,
        year=district.year,
        synthetic=district.synthetic,
        facts=_facts(assignment),
        flow_sources=[words for source, words in SOURCE_WORDS if source in present],
        sources=info.sources or tuple(file.path for file in district.inputs),
        suppressed=_suppressed(info.suppressed),
        info=info,
        style=style,
        style_hash=_hash(style),
        scripts=scripts,
        script_hashes=[_hash(script) for script in scripts],
        data=Markup(inert_json(data)),  # noqa: S704 - escaped by inert_json
        leaflet_licence=_asset("leaflet-licence.txt"),
    )


def _facts(assignment: Assignment) -> str:
    schools = assignment.district.schools.loc[list(assignment.network.graph.school_ids)]
    return (
        f"{len(schools):,} schools in {assignment.n_communities} communities, "
        f"{int(schools['enrollment'].sum()):,} students"
    )


def _suppressed(note: Mapping[str, int]) -> str:
    """Return what was left out as one sentence; empty where nothing is known about it."""
    if "below" not in note:
        return ""
    kinds = {
        "enrollment": "school enrollments",
        "grade": "grade enrollments",
        "count": "other counts of students",
        "rate": "rates",
        "flow": "flows between two schools",
    }
    parts = [f"{note[kind]:,} {words}" for kind, words in kinds.items() if note.get(kind)]
    limit = f"Counts under {note['below']} students are left out before anything is added up"
    if not parts:
        return f"{limit}; there were none."
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return (
        f"{limit}, with those that would give them away: {listed}. "
        "Figures here may therefore differ from the planner's own."
    )


def _asset(name: str) -> str:
    return files("feeder.render").joinpath("assets", name).read_text(encoding="utf-8")


def _own_code() -> str:
    body = "\n".join(_asset(name) for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}}})();\n'


def _leaflet_code() -> str:
    text = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S*", "", text)


def _leaflet_style() -> str:
    """Return Leaflet's style sheet without its images, which nothing here uses."""
    text = (Path(leaflet.BASE_DIR) / "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"url\([^)]*\)", "none", text)


def _hash(text: str) -> str:
    """Return a text's source expression for a Content-Security-Policy."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
