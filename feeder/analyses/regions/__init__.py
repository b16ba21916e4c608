"""A plan's communities in regions with a headquarters each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from feeder.analyses.contract import Flag, OutFile, Subject, analysis

if TYPE_CHECKING:
    from feeder.analyses.regions.grouped import Regions
    from feeder.opening.runs import PlanLike
    from feeder.opening.stages import Progress


@analysis(
    Subject.PLAN,
    out="Write community_id,region_id,headquarters_id to this CSV file, or every table and a map "
    "into this folder.",
    files=(
        OutFile(
            "--map",
            "regions.html",
            "Write a map that switches between communities and regions: HTML.",
        ),
    ),
)
def regions(
    plan: PlanLike,
    *,
    number: Annotated[
        int | None,
        Flag(
            name="--regions",
            least=1,
            help="Regions to make. [default: one per 6 communities, 2 at least]",
        ),
    ] = None,
    keep: Annotated[
        str | None, Flag(metavar="COLUMN", help="Keep the regions of this column of the schools.")
    ] = None,
    progress: Progress | None = None,
) -> Regions:
    """Group a plan's communities into regions, each with one headquarters.

    Regions are contiguous and as even in enrollment as can be found, or kept as given. The
    headquarters is the member school that its schools reach with the least travel.

    Parameters
    ----------
    plan
        The plan.
    number
        How many regions to make; None makes one per 6 communities.
    keep
        Column of the schools table whose regions are kept instead.
    progress
        Called with a stage's name and the share of it that is done.

    Raises
    ------
    InputError
        Where there are fewer communities than regions, or the column cannot be used.
    OptionsError
        Where both ``number`` and ``keep`` are given.

    Examples
    --------
    >>> found = regions(plan, number=2)
    >>> found.table["region_id"].nunique()
    2
    """
    from feeder.analyses.regions.run import found_regions

    return found_regions(plan, number=number, keep=keep, progress=progress)
