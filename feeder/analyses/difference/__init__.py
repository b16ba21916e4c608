"""What differs between two plans: who changes community, and who keeps whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from feeder.analyses.contract import Subject, analysis

if TYPE_CHECKING:
    from feeder.analyses.difference.between import Difference
    from feeder.opening.runs import PlanLike
    from feeder.opening.stages import Progress


@analysis(
    Subject.TWO_PLANS,
    command="diff",
    out="Write where every school comes to this CSV file, or every table into this folder.",
)
def difference(
    plan: PlanLike,
    before: PlanLike | Literal["today"] = "today",
    *,
    progress: Progress | None = None,
) -> Difference:
    """Say what differs between two plans: schools, students, classmates, and how to phase it in.

    A school changes where it is not in the community that carries on its own: the one that holds
    most of its students. Small counts of students are not left out here: this is for the desk.

    Parameters
    ----------
    plan
        The plan that comes.
    before
        The plan that is left; the word ``today`` is the plan of today.
    progress
        Called with a stage's name and the share of it that is done.

    Raises
    ------
    InputError
        Where the district has no plan of today and it is asked for, or a plan is compared with
        itself.

    Examples
    --------
    >>> found = difference(plan, "today")
    >>> bool(found.schools["moved"].any())
    True
    """
    from feeder.analyses.difference.run import differing

    return differing(plan, before, progress=progress)
