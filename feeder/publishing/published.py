"""A plan as it may be published: redacted first, then computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from feeder.measures.own import own_measures
from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.publishing.redact import SMALLEST, redacted, redaction_note


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublishedPlan:
    """A plan that may leave the desk; whatever is drawn for the public is drawn from it.

    Attributes
    ----------
    assignment
        The plan, redacted.
    scorecard
        Computed from the redacted plan; its promises are as the whole data keep them.
    plan_id
        Hash that names the plan.
    suppressed
        What was left out (:func:`feeder.publishing.redact.redaction_note`).
    """

    assignment: Assignment
    scorecard: Scorecard
    plan_id: str
    suppressed: Mapping[str, int]


def publish(
    assignment: Assignment, scorecard: Scorecard, *, public: Assignment | None = None
) -> PublishedPlan:
    """Redact a plan and score what is left.

    Parameters
    ----------
    assignment, scorecard
        The plan and its scorecard, of the whole data.
    public
        The plan redacted already, where several plans share one redacted network.
    """
    shown = redacted(assignment) if public is None else public
    return PublishedPlan(
        assignment=shown,
        scorecard=with_promises(score(shown, measures=own_measures(scorecard)), scorecard),
        plan_id=assignment.plan_id,
        suppressed=redaction_note(assignment, shown),
    )


def redacted_together(
    assignments: Sequence[Assignment], *, below: int = SMALLEST
) -> tuple[Assignment, ...]:
    """Return plans of one district and network on one redacted district and network.

    What is left out does not depend on the plan: every plan's totals are sums of the same
    published cells. Comparing totals of one school set under several divisions therefore gives
    away no cell that is not in the page already.
    """
    first = redacted(assignments[0], below=below)
    return tuple(
        replace(plan, district=first.district, network=first.network) for plan in assignments
    )


def with_promises(public: Scorecard, full: Scorecard) -> Scorecard:
    """Return the published scorecard with the promises as the whole data keeps them.

    That a promise is kept tells no count; where one is broken, its figures are the redacted ones.
    """
    told = {constraint.name: constraint for constraint in public.constraints}
    return replace(
        public,
        constraints=tuple(
            constraint if constraint.satisfied else replace(told[constraint.name], satisfied=False)
            for constraint in full.constraints
        ),
    )
