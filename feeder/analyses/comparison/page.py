"""Plans side by side on one map."""

from __future__ import annotations

from feeder.analyses.comparison.comparison import Comparison
from feeder.measures.score import score
from feeder.opening.reading import TODAY
from feeder.opening.record import plan_id, run_date
from feeder.publishing.published import with_promises
from feeder.publishing.redact import redaction_note
from feeder.render.page.page import PageInfo, render_page
from feeder.render.page.views import PlanView, of_today, redacted_together


def comparison_page(found: Comparison) -> str:
    """Return the map that switches between the plans of a comparison, as one HTML file.

    Like every published file it is redacted first and then computed.
    """
    public = redacted_together(found.assignments)
    views = []
    for name, assignment, shown in zip(found.names, found.assignments, public, strict=True):
        card = with_promises(score(shown), score(assignment))
        today = name == TODAY
        told = of_today(card) if today else card
        views.append(
            PlanView(
                "Today" if today else name,
                shown,
                told,
                today=today,
                plan_id=plan_id(assignment),
            )
        )
    info = PageInfo(
        run_date=run_date(),
        plan_id="",
        suppressed=redaction_note(found.assignments[0], public[0]),
    )
    return render_page(views, info)
