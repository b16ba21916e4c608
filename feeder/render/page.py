"""The one file to mail: a map that opens anywhere, asks for nothing and runs only its own code.

Code and style of the page stand in it by their hashes (Content-Security-Policy), so that no
text of a table can ever run, whatever it looks like. Data comes as inert JSON, and the page
writes it as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jinja2 import Environment
from markupsafe import Markup
from xstatic.pkg import leaflet

from feeder.district.model import SOURCES
from feeder.language import ENGLISH
from feeder.render.figures import plan_facts
from feeder.render.frame import asset, left_out, policy_hash
from feeder.render.payload import inert_json, page_data
from feeder.render.views import PlanView, checked

SCRIPTS: Final = (
    "elements.js",
    "topology.js",
    "symbols.js",
    "map.js",
    "labels.js",
    "layers.js",
    "changes.js",
    "switch.js",
    "card.js",
    "panel.js",
    "search.js",
    "main.js",
)
"""The page's own code in the order it runs, as one script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInfo:
    """What the page says about itself.

    Parameters
    ----------
    run_date
        Day of the run, as ISO text.
    plan_id
        Hash that names the plan; empty where the page holds several.
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


def render_page(views: Sequence[PlanView], info: PageInfo) -> str:
    """Return the shareable map as the text of one HTML file.

    Parameters
    ----------
    views
        The plan, or the plans to switch between, all redacted on one network (see
        :func:`feeder.render.views.redacted_together`). The page opens with the first, and tells
        what differs from it in the others.
    info
        Date, plan id, sources and what was suppressed.

    Raises
    ------
    ValueError
        Where there is no plan, two have one name, or they stand on different networks.
    """
    views = checked(views)
    style = Markup(_leaflet_style() + asset("page.css"))  # noqa: S704 - our own text
    scripts = [Markup(text) for text in (_leaflet_code(), _own_code())]  # noqa: S704 - as above
    first = views[0].assignment
    district = first.district
    present = set(first.network.graph.flow_source.tolist())
    data = page_data(views, below=info.suppressed.get("below", 0))
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(
        asset("page.html.j2")
    )
    return template.render(
        name=district.name,
        year=district.year,
        synthetic=district.synthetic,
        facts=plan_facts(first, ENGLISH),
        plans=[view.name for view in views],
        flow_sources=[ENGLISH(f"source.{source}") for source in SOURCES if source in present],
        sources=info.sources or tuple(file.path for file in district.inputs),
        suppressed=left_out(info.suppressed, ENGLISH),
        info=info,
        style=style,
        style_hash=policy_hash(style),
        scripts=scripts,
        script_hashes=[policy_hash(script) for script in scripts],
        data=Markup(inert_json(data)),  # noqa: S704 - escaped by inert_json
        leaflet_licence=asset("leaflet-licence.txt"),
    )


def _own_code() -> str:
    body = "\n".join(asset(name) for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}}})();\n'


def _leaflet_code() -> str:
    text = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S*", "", text)


def _leaflet_style() -> str:
    """Return Leaflet's style sheet without its images, which nothing here uses."""
    text = (Path(leaflet.BASE_DIR) / "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"url\([^)]*\)", "none", text)
