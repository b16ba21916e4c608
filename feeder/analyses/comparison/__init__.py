"""Plans side by side with each other and with today's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from feeder.analyses.contract import OutFile, Subject, analysis

if TYPE_CHECKING:
    from feeder.analyses.comparison.comparison import Comparison
    from feeder.measures.own import OwnMeasure
    from feeder.opening.runs import PlanLike
    from feeder.opening.stages import Progress


@analysis(
    Subject.PLANS,
    out="Write the whole comparison to this CSV file, or table and map into this folder.",
    files=(OutFile("--map", "map.html", "Write a map that switches between the plans: HTML."),),
)
def compare(
    plans: PlanLike | Mapping[str, PlanLike],
    others: Mapping[str, PlanLike] | None = None,
    *,
    measures: Sequence[OwnMeasure] = (),
    progress: Progress | None = None,
) -> Comparison:
    """Compare plans with each other and with today's.

    Communities are matched, so that a community keeps its name from plan to plan. One row a
    measure, one column a plan; * marks the best. Then the schools that change from the first plan.

    Parameters
    ----------
    plans
        Plans of one district by name, or one plan, which is called ``plan``. Today's goes first
        where there is one.
    others
        More plans by name.
    measures
        More measures, of one's own.
    progress
        Called with a stage's name and the share of it that is done.

    Examples
    --------
    >>> compare(plan).names
    ('existing', 'plan')
    """
    from feeder.analyses.comparison.comparison import compare_plans
    from feeder.opening.runs import assignment_of
    from feeder.opening.stages import quiet, timed

    given = plans if isinstance(plans, Mapping) else {"plan": plans}
    named = {name: assignment_of(plan) for name, plan in {**given, **(others or {})}.items()}
    report = progress or quiet
    with timed("score", {}, report):
        return compare_plans(
            named, measures=measures, progress=lambda share: report("score", share)
        )
