"""The registry: every analysis, a line each."""

from __future__ import annotations

from typing import Final

from feeder.analyses.candidates import candidates
from feeder.analyses.comparison import compare
from feeder.analyses.contract import Analysis
from feeder.analyses.difference import difference
from feeder.analyses.ensemble import ensemble
from feeder.analyses.explanation import explain
from feeder.analyses.funding import funding
from feeder.analyses.goals import goals
from feeder.analyses.models import models
from feeder.analyses.offices import offices
from feeder.analyses.prices import price
from feeder.analyses.regions import regions


class Analyses:
    """Every analysis as a method of a plan; :class:`~feeder.pipeline.plan.Plan` has them all."""

    __slots__ = ()

    candidates = candidates
    compare = compare
    difference = difference
    explain = explain
    models = models
    regions = regions
    offices = offices
    funding = funding
    goals = goals
    price = price
    ensemble = ensemble


ANALYSES: Final[tuple[Analysis, ...]] = tuple(
    run.analysis for run in vars(Analyses).values() if hasattr(run, "analysis")
)
"""Every analysis, in the order in which commands are listed and the report tells of them."""
