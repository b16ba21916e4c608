"""Every dollar of a formula: what schools, communities and regions get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from feeder.analyses.contract import Flag, Subject, analysis

if TYPE_CHECKING:
    from feeder.analyses.funding.run import FundedPlan
    from feeder.opening.runs import PlanLike
    from feeder.opening.stages import Progress
    from feeder.planning import Assignment
    from feeder.telling.sections import Section


def _in_report(plan: Assignment) -> tuple[Section, ...]:
    from feeder.analyses.funding.run import told_in_report

    return told_in_report(plan)


@analysis(
    Subject.PLAN,
    out="Write every table as CSV into this folder; or, where the name ends in .csv, what each "
    "school gets into this file.",
    in_report=_in_report,
)
def funding(  # noqa: PLR0913 - one parameter a key of the formula
    plan: PlanLike,
    *,
    total: Annotated[
        float | None,
        Flag(
            metavar="DOLLARS",
            help="Budget to share: 1e9. Without one the formula's amounts stand as they are.",
        ),
    ] = None,
    held_centrally: Annotated[
        float | None,
        Flag(metavar="SHARE", help="Share of the total that stays central: 0.03."),
    ] = None,
    per_school: Annotated[
        float | None, Flag(metavar="DOLLARS", help="Fixed for each school.")
    ] = None,
    per_community: Annotated[
        float | None, Flag(metavar="DOLLARS", help="Fixed for each community's office.")
    ] = None,
    per_pupil: Annotated[
        float | None,
        Flag(
            metavar="DOLLARS",
            help="For each student. With a total, only its ratio to --per-need counts.",
        ),
    ] = None,
    per_need: Annotated[
        float | None, Flag(metavar="DOLLARS", help="For each unit of the need figure.")
    ] = None,
    hold_harmless: Annotated[
        float | None,
        Flag(metavar="SHARE", help="Share of last year's amount that each school keeps: 0.95."),
    ] = None,
    progress: Progress | None = None,
) -> FundedPlan:
    """Share a budget among the schools and communities of a plan, to the cent.

    The formula stands in [funding] of district.toml; options override it. Tells where every
    dollar goes, the communities beside today's under the same formula, and how even it is.

    Parameters
    ----------
    plan
        The plan.
    total, held_centrally, per_school, per_community, per_pupil, per_need, hold_harmless
        Keys of ``[funding]`` (dollars a year and shares); they override the folder's.
    progress
        Called with a stage's name and the share of it that is done.

    Raises
    ------
    InputError
        Where there is no formula, or it cannot be kept
        (:func:`feeder.analyses.funding.allocation.allocate`).

    Examples
    --------
    >>> found = funding(plan, hold_harmless=0.9)
    >>> round(float(found.ledger["share"].iloc[0]), 2)
    0.03
    """
    from feeder.analyses.funding.run import funded

    asked = {
        "total": total,
        "held_centrally": held_centrally,
        "per_school": per_school,
        "per_community": per_community,
        "per_pupil": per_pupil,
        "per_need": per_need,
        "hold_harmless": hold_harmless,
    }
    given = {key: value for key, value in asked.items() if value is not None}
    return funded(plan, given, progress=progress)
