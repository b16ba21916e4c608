"""A plan as it may be published: its figures true or absent, its counts as ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.publishing.audit import audited
from feeder.publishing.audit.headlines import earlier_plans
from feeder.publishing.digits import Digits
from feeder.publishing.figures import published_card, usual_digits
from feeder.publishing.withheld import withheld
from feeder.publishing.worlds import Worlds, worlds_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublishedPlan:
    """A plan that may leave the desk; whatever is drawn for the public is drawn from it.

    Attributes
    ----------
    assignment
        The plan with every range at its middle: what is drawn.
    scorecard
        Its figures, true with the digits that can be told, or absent.
    plan_id
        Hash that names the plan.
    suppressed
        How many counts are told as a range only (:func:`feeder.publishing.withheld.withheld`).
    worlds
        What may be known of its district, whatever the plan.
    decimals
        Of each headline, as the audit lets it be told; None where it is told as its range only.
    """

    assignment: Assignment
    scorecard: Scorecard
    plan_id: str
    suppressed: Mapping[str, int]
    worlds: Worlds
    decimals: Digits


def publish(
    assignment: Assignment,
    scorecard: Scorecard,
    *,
    worlds: Worlds | None = None,
    decimals: Digits | None = None,
) -> PublishedPlan:
    """Return a plan as it may be published.

    Parameters
    ----------
    assignment, scorecard
        The plan and its scorecard, of the whole data.
    worlds
        What may be known of its district, where several plans share one.
    decimals
        Of each headline, where several plans in one file were audited together; by default this
        plan and today's are.
    """
    known = worlds_of(assignment) if worlds is None else worlds
    digits = told_decimals([assignment], known) if decimals is None else decimals
    usual = usual_digits(assignment)
    return PublishedPlan(
        assignment=known.of(assignment),
        scorecard=published_card(assignment, scorecard, known, digits),
        plan_id=assignment.plan_id,
        suppressed={
            **withheld(known.told),
            "coarser": sum(digits[name] != usual[name] for name in usual),
        },
        worlds=known,
        decimals=digits,
    )


def publish_together(
    assignments: Sequence[Assignment],
    scorecards: Sequence[Scorecard],
    *,
    decimals: Digits | None = None,
) -> tuple[PublishedPlan, ...]:
    """Return plans of one district and network as they may be published in one file.

    What is known as a range does not depend on the plan, so comparing totals of one school set
    under several divisions gives away no count. Their headlines are audited together, unless
    ``decimals`` say how an audit of more plans lets them be told.
    """
    worlds = worlds_of(assignments[0])
    digits = told_decimals(assignments, worlds) if decimals is None else decimals
    return tuple(
        publish(plan, card, worlds=worlds, decimals=digits)
        for plan, card in zip(assignments, scorecards, strict=True)
    )


def told_decimals(plans: Sequence[Assignment], worlds: Worlds) -> Digits:
    """Return the decimals of headlines with which some plans, told together, narrow no count.

    Today's plan is told beside any other, and so are the plans of the folders that the district
    names as published earlier.
    """
    first = plans[0]
    usual = usual_digits(first)
    if not worlds.is_open:
        return usual
    earlier = earlier_plans(first.district, first.network, first.scenario)
    verdict = audited(worlds.told, [(plan, None) for plan in (*plans, *earlier)], digits=usual)
    return {**usual, **{one.measure: one.digits for one in verdict.coarsen}}
