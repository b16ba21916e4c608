"""Regions of a plan, from its files to a table and a map."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from feeder.analyses.comparison.comparison import Comparison
from feeder.analyses.comparison.page import comparison_page
from feeder.analyses.regions.regions import Regions, keep_regions, make_regions, usual_number
from feeder.measures.score import score
from feeder.opening.runs import open_plan
from feeder.opening.stages import Progress, quiet, timed
from feeder.partition.search import warm_up

COMMUNITIES: Final = "Communities"
REGIONS: Final = "Regions"
"""What the map calls its two plans."""


def plan_regions(
    folder: Path | str | None,
    plan: Path | str,
    *,
    regions: int | None = None,
    keep: str | None = None,
    scenario: Path | str | None = None,
    progress: Progress | None = None,
    **overrides: Any,  # noqa: ANN401 - the keys of [scenario], checked below
) -> Regions:
    """Group the communities of a plan into regions with a headquarters each.

    Parameters
    ----------
    folder, plan, scenario, progress, **overrides
        As for :func:`~feeder.pipeline.open_plan`, which raises the same errors.
    regions
        How many regions to make, contiguous and even in enrollment; None makes one per 6
        communities.
    keep
        Column of the schools table whose regions are kept instead.

    Raises
    ------
    InputError
        Where there are fewer communities than regions, or the column cannot be used.
    ValueError
        Where both ``regions`` and ``keep`` are given.
    """
    if regions is not None and keep is not None:
        raise ValueError("give either a number of regions or a column to keep, not both.")
    report = progress or quiet
    found = open_plan(folder, plan, scenario=scenario, progress=report, **overrides)
    if keep is not None:
        return keep_regions(found, keep)
    timings: dict[str, float] = {}
    with timed("prepare", timings, report):
        warm_up()
    with timed("search", timings, report):
        number = usual_number(found.n_communities) if regions is None else regions
        return make_regions(found, number, seed=found.scenario.seed)


def regions_page(regions: Regions) -> str:
    """Return a map that switches between the communities and the regions, as one HTML file."""
    plan = regions.assignment
    plans = (plan, regions.as_plan())
    cards = tuple(score(one) for one in plans)
    return comparison_page(Comparison((COMMUNITIES, REGIONS), plans, cards))
