"""Plans as they are published, for tests."""

from collections.abc import Sequence

from feeder.measures.score import score
from feeder.measures.scorecard import Scorecard
from feeder.planning import Assignment
from feeder.publishing.cells import every_cell
from feeder.publishing.published import PublishedPlan, publish
from feeder.publishing.worlds import worlds_of


def published(
    plan: Assignment, card: Scorecard | None = None, *, whole: bool = False
) -> PublishedPlan:
    """Return a plan as it is published; ``whole`` tells every count, however small."""
    told = every_cell(plan.district, plan.network) if whole else None
    worlds = worlds_of(plan, told)
    return publish(plan, score(plan) if card is None else card, worlds=worlds)


def published_together(plans: Sequence[Assignment]) -> tuple[PublishedPlan, ...]:
    """Return plans of one district as they are published in one file."""
    worlds = worlds_of(plans[0])
    return tuple(publish(plan, score(plan), worlds=worlds) for plan in plans)
