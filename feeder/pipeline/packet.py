"""The board packet of a scored plan."""

from __future__ import annotations

from feeder.language import words
from feeder.measures.score import score
from feeder.opening.record import run_date
from feeder.pipeline.plan import Plan
from feeder.publishing.published import with_promises
from feeder.publishing.redact import redacted, redaction_note
from feeder.render.packet import render_packet
from feeder.render.page.page import PageInfo


def board_packet(made: Plan, *, language: str = "en", paper: str = "letter") -> bytes:
    """Return a plan's board packet as the bytes of a PDF file.

    Like every published file it is redacted first and then computed.

    Parameters
    ----------
    made
        A scored plan.
    language
        Tag of one of :func:`feeder.language.languages`.
    paper
        ``letter`` or ``a4``.
    """
    public = redacted(made.assignment)
    info = PageInfo(
        run_date=run_date(),
        plan_id=made.plan_id,
        suppressed=redaction_note(made.assignment, public),
    )
    card = with_promises(score(public), made.scorecard)
    return render_packet(public, card, info, words(language), paper=paper)
