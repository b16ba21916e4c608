"""Plans side by side on one map."""

from __future__ import annotations

from feeder.analyses.comparison.comparison import Comparison
from feeder.measures.score import score
from feeder.opening.reading import TODAY
from feeder.publishing.digits import Digits
from feeder.publishing.published import publish_together
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView


def comparison_page(found: Comparison, *, decimals: Digits | None = None) -> str:
    """Return the map that switches between the plans of a comparison, as one HTML file.

    Like every published file it is made of published plans. ``decimals`` are those of headlines
    that stand in another file too; by default these plans are audited alone.
    """
    cards = [score(plan) for plan in found.assignments]
    published = publish_together(found.assignments, cards, decimals=decimals)
    views = [
        PlanView("Today" if name == TODAY else name, public, today=name == TODAY)
        for name, public in zip(found.names, published, strict=True)
    ]
    return render_page(views, PageInfo.of(published[0], plan_id=""))
