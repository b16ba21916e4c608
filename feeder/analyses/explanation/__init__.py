"""Why a school is where it is, and what a move of it would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from feeder.analyses.contract import Flag, Subject, analysis

if TYPE_CHECKING:
    from feeder.analyses.explanation.explanation import Explanation
    from feeder.opening.runs import PlanLike
    from feeder.opening.stages import Progress


@analysis(
    Subject.PLAN,
    out="Write every change of every move to this CSV file, or every table into this folder.",
)
def explain(
    plan: PlanLike,
    school: Annotated[
        str,
        Flag(
            argument=True,
            metavar="SCHOOL",
            help="A school: its id, or a part of its name that no other has.",
        ),
    ],
    *,
    progress: Progress | None = None,
) -> Explanation:
    """Say why a school is in its community, and what each possible move of it would change.

    A move takes the whole campus to a community next to it. Every figure is the one that feeder
    score gives for the plan after the move; promises that it would break are told one by one.

    Parameters
    ----------
    plan
        The plan.
    school
        The id of a school, or a part of its name that no other has.
    progress
        Called with a stage's name and the share of it that is done.

    Raises
    ------
    InputError
        Where the school is not there or could be several.

    Examples
    --------
    >>> explain(plan, "0101").tables["outcomes"].attrs["units"]["newly_kept"]
    'students a year'
    """
    from feeder.analyses.explanation.explanation import explain_school
    from feeder.opening.runs import assignment_of
    from feeder.opening.schools import find_school
    from feeder.opening.stages import quiet, timed

    assignment = assignment_of(plan)
    ids = assignment.network.graph.school_ids
    school_id = find_school(assignment.district.schools["name"], school, among=ids)
    with timed("score", {}, progress or quiet):
        return explain_school(assignment, school_id)
