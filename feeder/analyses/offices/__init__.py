"""Where the offices of a plan stand, and how far its schools have to go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from feeder.analyses.contract import Flag, Subject, analysis
from feeder.analyses.reading import amount_or_name, listed_words, number_or_word

if TYPE_CHECKING:
    from feeder.analyses.offices.office_plan import OfficePlan
    from feeder.opening.runs import PlanLike
    from feeder.opening.stages import Progress
    from feeder.planning import Assignment
    from feeder.telling.sections import Section

Weigh = Literal["schools", "enrollment", "visits"]


def _in_report(plan: Assignment) -> tuple[Section, ...]:
    return offices(plan).sections


@analysis(
    Subject.PLAN,
    out="Write one row a community to this CSV file, or every table into this folder.",
    in_report=_in_report,
)
def offices(
    plan: PlanLike,
    *,
    weigh: Annotated[Weigh, Flag(help="What the minutes of each school count by.")] = "schools",
    hosts: Annotated[
        Iterable[str],
        Flag(
            help="Levels whose schools may hold an office, such as high,middle. [default: all]",
            metavar="LEVELS",
            read=listed_words,
        ),
    ] = (),
    offices: Annotated[
        int | None, Flag(help="Also place so many offices that communities share.", least=1)
    ] = None,
    headquarters: Annotated[
        int | str | None,
        Flag(
            help="Also place so many regional headquarters, or one a region of a nested plan.",
            metavar="NUMBER|regions",
            read=number_or_word,
        ),
    ] = None,
    visits: Annotated[
        float | str | None,
        Flag(
            help="Visits a year of a crew at each school, or the count of [measures] that holds "
            "them. [default: visits in [access], 12]",
            metavar="NUMBER|COUNT",
            read=amount_or_name,
        ),
    ] = None,
    progress: Progress | None = None,
) -> OfficePlan:
    """Place an office at a school of each community, beside today's offices.

    Tells the minutes from the schools and the hours of a crew that calls at them, by community and
    for other ways to place offices.

    Parameters
    ----------
    plan
        The plan.
    weigh
        ``schools`` (each counts once), ``enrollment`` or ``visits``.
    hosts
        Levels whose schools may hold an office, such as ``high`` and ``middle``; none for all.
    offices
        Also place so many offices that communities share.
    headquarters
        Also place so many regional headquarters, or one for each of the ``regions`` of a nested
        plan.
    visits
        Visits a year of a crew at each school, or the name of a count of ``[measures]`` that holds
        them; None for that of ``[access]``.
    progress
        Called with a stage's name and the share of it that is done.

    Raises
    ------
    InputError
        Where an option cannot be understood.
    InfeasibleError
        Where too few schools may hold what is asked for, or have too little room.

    Examples
    --------
    >>> found = offices(plan, weigh="enrollment")
    >>> found.communities.attrs["units"]["minutes_mean"]
    'minutes'
    """
    from feeder.analyses.offices.run import placed_offices

    return placed_offices(
        plan,
        weigh=weigh,
        hosts=hosts,
        offices=offices,
        headquarters=headquarters,
        visits=visits,
        progress=progress,
    )
