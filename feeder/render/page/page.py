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

from jinja2 import Environment
from markupsafe import Markup
from xstatic.pkg import leaflet

from feeder.district.model import SOURCES
from feeder.language import languages, words
from feeder.opening.record import run_date
from feeder.publishing.published import PublishedPlan
from feeder.render.frame import asset, left_out, policy_hash
from feeder.render.page.bundle import bundle
from feeder.render.page.payload import LEFT_OUT, inert_json, page_data
from feeder.render.page.static_page import static_html, static_page
from feeder.render.page.views import PlanView, checked
from feeder.render.spoken import spoken
from feeder.telling.figures import plan_facts


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
        As :func:`feeder.publishing.withheld.withheld` returns it.
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

    @classmethod
    def of(cls, published: PublishedPlan, *, plan_id: str | None = None) -> PageInfo:
        """Return what a page says of a published plan, made today.

        ``plan_id`` overrides the plan's own; empty where a page holds several.
        """
        return cls(
            run_date=run_date(),
            plan_id=published.plan_id if plan_id is None else plan_id,
            suppressed=published.suppressed,
        )


def render_page(views: Sequence[PlanView], info: PageInfo, *, language: str = "en") -> str:
    """Return the shareable map as the text of one HTML file.

    Parameters
    ----------
    views
        The plan, or the plans to switch between, all of one network (see
        :func:`feeder.publishing.published.publish_together`). The page opens with the first, and
        tells what differs from today's plan, or from the first where today's is not in the page.
    info
        Date, plan id, sources and what was suppressed.
    language
        Tag of the language that the page opens in; readers switch to any other.

    Raises
    ------
    ValueError
        Where there is no plan, two have one name, or they stand on different networks.
    """
    views = checked(views)
    style = Markup(_leaflet_style() + asset("page.css") + asset("static.css"))  # noqa: S704 - our own text
    code = bundle("main.mjs", lambda path: asset(f"page/{path}"))
    codes = (asset("page.first.js"), _leaflet_code(), code)
    scripts = [Markup(text) for text in codes]  # noqa: S704 - as above
    first = views[0].assignment
    district = first.district
    present = set(first.network.graph.flow_source.tolist())
    own = spoken(language, district.grade_system)
    tags = sorted(languages(), key=lambda tag: tag != language)
    suppressed = {tag: left_out(info.suppressed, words(tag)) for tag in tags}
    below = info.suppressed.get("below", 0)
    data = page_data(views, tags=tags, below=below, left_out=suppressed)
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(
        asset("page.html.j2")
    )
    return template.render(
        words=own,
        title=" ".join(filter(None, [district.name, district.year])),
        name=district.name,
        year=district.year,
        synthetic=district.synthetic,
        background=district.background,
        facts=plan_facts(first, views[0].scorecard, own),
        plans=[view.name for view in views],
        flow_sources=[source for source in SOURCES if source in present],
        sources=info.sources or tuple(file.path for file in district.inputs),
        suppressed=suppressed[language],
        left_out_key=LEFT_OUT,
        info=info,
        static=static_html(static_page(first, views[0].scorecard, own), own),
        style=style,
        style_hash=policy_hash(style),
        scripts=scripts,
        script_hashes=[policy_hash(script) for script in scripts],
        data=Markup(inert_json(data)),  # noqa: S704 - escaped by inert_json
        leaflet_licence=asset("leaflet-licence.txt"),
    )


def _leaflet_code() -> str:
    text = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S*", "", text)


def _leaflet_style() -> str:
    """Return Leaflet's style sheet without its images, which nothing here uses."""
    text = (Path(leaflet.BASE_DIR) / "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"url\([^)]*\)", "none", text)
