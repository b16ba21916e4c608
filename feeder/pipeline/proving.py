"""The certificate of a plan as a file of its own."""

from __future__ import annotations

from feeder.pipeline.plan import Plan
from feeder.writing.texts import json_text


def certificate_text(plan: Plan) -> str:
    """Return what is proven about a plan, as JSON: the certificate, and which plan it is of."""
    district = plan.assignment.district
    return json_text(
        {
            "district": district.name,
            "year": district.year,
            "plan_id": plan.plan_id,
            "every_promise_kept": plan.scorecard.satisfied,
            "weights": dict(plan.assignment.scenario.weights),
            **plan.scorecard.certificate,
        }
    )
