"""A plan as it may be published: its figures true or absent, its counts as ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.publishing.figures import published_card
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
    """

    assignment: Assignment
    scorecard: Scorecard
    plan_id: str
    suppressed: Mapping[str, int]
    worlds: Worlds


def publish(
    assignment: Assignment, scorecard: Scorecard, *, worlds: Worlds | None = None
) -> PublishedPlan:
    """Return a plan as it may be published.

    Parameters
    ----------
    assignment, scorecard
        The plan and its scorecard, of the whole data.
    worlds
        What may be known of its district, where several plans share one.
    """
    known = worlds_of(assignment) if worlds is None else worlds
    return PublishedPlan(
        assignment=known.of(assignment),
        scorecard=published_card(assignment, scorecard, known),
        plan_id=assignment.plan_id,
        suppressed=withheld(known.told),
        worlds=known,
    )


def publish_together(
    assignments: Sequence[Assignment], scorecards: Sequence[Scorecard]
) -> tuple[PublishedPlan, ...]:
    """Return plans of one district and network as they may be published in one file.

    What is known as a range does not depend on the plan, so comparing totals of one school set
    under several divisions gives away no count.
    """
    worlds = worlds_of(assignments[0])
    return tuple(
        publish(plan, card, worlds=worlds)
        for plan, card in zip(assignments, scorecards, strict=True)
    )
