"""What communities are to reach, and where the schools at the bottom are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from feeder.analyses.contract import Flag, OutFile, Subject, analysis

if TYPE_CHECKING:
    from feeder.analyses.goals.run import PlanGoals
    from feeder.opening.runs import PlanLike
    from feeder.opening.stages import Progress
    from feeder.planning import Assignment
    from feeder.telling.sections import Section


def _in_report(plan: Assignment) -> tuple[Section, ...]:
    from feeder.analyses.goals.run import goals_of

    return goals_of(plan).sections


@analysis(
    Subject.PLAN,
    out="Write the goals of the district, regions, communities and schools to this CSV file, or "
    "every table into this folder.",
    files=(OutFile("--bottom-out", "bottom", "Write the schools at the bottom to this CSV file."),),
    in_report=_in_report,
)
def goals(
    plan: PlanLike,
    *,
    bottom: Annotated[
        float | None,
        Flag(
            metavar="SHARE",
            help="Call this share of the rated schools the bottom, such as 0.05. "
            "[default: the lowest grade that occurs]",
        ),
    ] = None,
    by: Annotated[
        str,
        Flag(
            metavar="COLUMN",
            help="List the schools at the bottom by this column of the schools table, "
            "such as a board district, beside the communities.",
        ),
    ] = "region",
    progress: Progress | None = None,
) -> PlanGoals:
    """Sum up the goals of the schools, and list the schools at the bottom of the ratings.

    Needs goals or ratings.

    Parameters
    ----------
    plan
        The plan.
    bottom
        Share of the rated schools to call the bottom; None for those of the lowest grade that
        occurs.
    by
        Column of the schools table by which the schools at the bottom are listed beside the
        communities.
    progress
        Called with a stage's name and the share of it that is done.

    Raises
    ------
    InputError
        As :func:`feeder.analyses.goals.performance.performance`.
    FeederError
        Where the district has neither goals nor ratings.

    Examples
    --------
    >>> found = goals(plan)
    >>> sorted(found.goals["goal"].unique())
    ['chronic_absence', 'on_track']
    """
    from feeder.analyses.goals.run import told_goals

    return told_goals(plan, bottom=bottom, by=by, progress=progress)
