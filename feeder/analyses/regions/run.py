"""Regions of a plan: made, or kept as they are."""

from __future__ import annotations

from feeder.analyses.contract import OptionsError
from feeder.analyses.regions.grouped import Regions, keep_regions, make_regions, usual_number
from feeder.opening.runs import PlanLike, assignment_of
from feeder.opening.stages import Progress, quiet, timed
from feeder.partition.search import warm_up


def found_regions(
    plan: PlanLike, *, number: int | None, keep: str | None, progress: Progress | None
) -> Regions:
    """Make or keep regions (:func:`feeder.analyses.regions.regions`)."""
    if number is not None and keep is not None:
        raise OptionsError("give either a number of regions (--regions) or --keep, not both.")
    report, assignment = progress or quiet, assignment_of(plan)
    if keep is not None:
        return keep_regions(assignment, keep)
    timings: dict[str, float] = {}
    with timed("prepare", timings, report):
        warm_up()
    with timed("search", timings, report):
        wanted = usual_number(assignment.n_communities) if number is None else number
        return make_regions(assignment, wanted, seed=assignment.scenario.seed)
