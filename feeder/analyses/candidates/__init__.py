"""Plans that are good and different, spread along the trade-offs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Unpack

from feeder.analyses.contract import Flag, Subject, analysis
from feeder.analyses.reading import EFFORT, listed_words
from feeder.partition.efforts import EffortName

if TYPE_CHECKING:
    from feeder.analyses.candidates.run import Candidates
    from feeder.measures.own import OwnMeasure
    from feeder.opening.keys import ScenarioKeys
    from feeder.opening.runs import DistrictLike
    from feeder.opening.stages import Progress


@analysis(
    Subject.DISTRICT,
    out="Output folder, or a CSV file for the table alone.",
    opens="candidates.html",
)
def candidates(
    district: DistrictLike = None,
    *,
    n: Annotated[int, Flag(least=1, most=26, help="How many plans to choose.")] = 5,
    compete_on: Annotated[
        Sequence[str],
        Flag(
            name="--compete-on",
            read=listed_words,
            metavar="MEASURES",
            help="More measures to compete on, with commas: capacity_deviation.",
        ),
    ] = (),
    measures: Sequence[OwnMeasure] = (),
    like: Annotated[  # noqa: ANN401 - a plan at hand, or a file
        Any,
        Flag(
            read=Path,
            metavar="PLAN",
            written=True,
            help="Plan whose names, numbers and colors they keep. [default: the one feeder plan "
            "wrote]",
        ),
    ] = None,
    effort: Annotated[EffortName, EFFORT] = "standard",
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **keys: Unpack[ScenarioKeys],
) -> Candidates:
    """Make plans that are good and different, each ahead of each other one at something.

    Every plan keeps every promise. Writes a table, a page with the frontier, a map that switches
    between the plans, and each plan as plan_A.csv, plan_B.csv ... Fewer plans come where no more
    differ so.

    Parameters
    ----------
    district
        District folder, a district that was read, or a plan of one; None is the embedded district.
    n
        How many plans to choose, 1 to 26. Fewer come where no more differ so.
    compete_on
        Measures to compete on as well as on the usual ones: ``capacity_deviation``.
    like
        A plan of the district, at hand or a file: its names, numbers and colors go to the
        communities that share most students, first of the best plan, then of every other.
    measures
        More measures, of one's own; plans are told by them, and do not compete on them.
    effort, scenario, progress, **keys
        As for :func:`~feeder.pipeline.runs.plan_district`, which raises the same errors.

    Notes
    -----
    Plans are made under many weights. Those that keep every promise compete on the measures that
    have a value (:mod:`feeder.analyses.candidates.aims`). The best by the scenario's own objective
    is chosen; then, of the plans that no other beats, those that are each ahead of every other
    chosen one at something and group the students differently.

    Examples
    --------
    >>> found = candidates(small, n=2, effort="quick", communities=2, schools=[10, 30])
    >>> next(iter(found.tables))
    'candidates'
    """
    from feeder.analyses.candidates.run import chosen_candidates

    return chosen_candidates(
        district,
        n=n,
        compete_on=compete_on,
        measures=measures,
        like=like,
        scenario=scenario,
        effort=effort,
        progress=progress,
        keys=keys,
    )
