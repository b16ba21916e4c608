"""What each step of a constraint costs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Unpack

from feeder.analyses.contract import Flag, OutFile, Subject, analysis
from feeder.analyses.reading import EFFORT, numbers
from feeder.partition.efforts import EffortName

if TYPE_CHECKING:
    from feeder.analyses.prices.run import Prices
    from feeder.opening.keys import ScenarioKeys
    from feeder.opening.runs import DistrictLike
    from feeder.opening.stages import Progress


@analysis(
    Subject.DISTRICT,
    out="Write the table to this CSV file, or table and drawing into this folder.",
    files=(OutFile("--plot", "price.svg", "Write the cost over the limit to this SVG file."),),
)
def price(
    district: DistrictLike = None,
    *,
    of: Annotated[
        str,
        Flag(
            metavar="LIMIT",
            help="Key of [scenario]: enrollment_tolerance, need_tolerance, capacity_tolerance or "
            "max_office_minutes.",
        ),
    ],
    steps: Annotated[
        Sequence[float],
        Flag(metavar="A,B,...", help="Values of it, such as 0.30,0.20,0.15,0.10.", read=numbers),
    ],
    effort: Annotated[EffortName, EFFORT] = "standard",
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **keys: Unpack[ScenarioKeys],
) -> Prices:
    """Tell what each step of a limit costs in students who stay in their community.

    Searches once a step, all with the same seed. A step takes the best plan found at it or at any
    tighter one, which keeps the looser limit too. Steps without a plan are told as such.

    Parameters
    ----------
    district
        District folder, a district that was read, or a plan of one; None is the embedded district.
    of
        Key of ``[scenario]`` that is a limit, such as ``"need_tolerance"``.
    steps
        Its values, in any order.
    effort, scenario, progress, **keys
        As for :func:`~feeder.pipeline.runs.plan_district`.

    Raises
    ------
    InputError
        As :func:`~feeder.pipeline.runs.plan_district`, and where there is no such limit or the
        steps name none. That limits cannot hold together, or that no plan is found, is told in the
        table.

    Examples
    --------
    >>> sizes = {"communities": 2, "schools": [10, 30]}
    >>> found = price(small, of="enrollment_tolerance", steps=[0.4], effort="quick", **sizes)
    >>> found.table["step"].tolist()
    [0.4]
    """
    from feeder.analyses.prices.run import priced

    return priced(
        district,
        of=of,
        steps=steps,
        scenario=scenario,
        effort=effort,
        progress=progress,
        keys=keys,
    )
