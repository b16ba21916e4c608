"""The map of regions."""

from __future__ import annotations

from typing import Final

from feeder.analyses.comparison.comparison import Comparison
from feeder.analyses.comparison.page import comparison_page
from feeder.analyses.regions.grouped import Regions
from feeder.measures.score import score

COMMUNITIES: Final = "Communities"
REGIONS: Final = "Regions"
"""What the map calls its two plans."""


def regions_page(regions: Regions) -> str:
    """Return a map that switches between the communities and the regions, as one HTML file."""
    plan = regions.assignment
    plans = (plan, regions.as_plan())
    cards = tuple(score(one) for one in plans)
    return comparison_page(Comparison((COMMUNITIES, REGIONS), plans, cards))
