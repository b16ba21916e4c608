"""Network: the graph of a district together with the land it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from feeder.errors import Problem
from feeder.network.graph import FeederGraph
from feeder.network.travel import Travel
from feeder.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A district as a graph on its land.

    Attributes
    ----------
    graph
        Campuses, vacant tiles, contacts and flows as arrays.
    tiles
        One row a landed node, in node order, in the metric ``crs``: ``tile_id``,
        ``school_id`` (first school of the campus; None when vacant), ``node`` (int64),
        ``geometry`` (polygon or multipolygon). The tiles cover the district once and share
        exact vertices: a border between two tiles is the same coordinates in both.
    offshore
        Same CRS: parts of the outline without a school, ``tile_id`` and ``geometry``. Each is
        also part of its tile's geometry, and is left out of contiguity, compactness and the
        opening view.
    crs
        The metric CRS of all geometry here (a UTM zone), such as ``EPSG:32618``.
    flows
        ``from_id``, ``to_id``, ``students``, ``students_low``, ``students_high``, ``source``
        in the order of the graph's flows. For estimated rows low and high are the range of
        the method's variants.
    flow_report
        JSON-ready: per source the number of rows and students; for an estimate its
        parameters, receivers left out, senders without a receiver, ``entries / leavers`` by
        grade and each sender's certainty (``sure``, ``likely``, ``open``).
    flow_variants
        Columns are the variants of the estimate, rows those of the estimate's pairs
        (MultiIndex ``from_id``, ``to_id``): students. None where nothing is estimated.
    warnings
        What was mended, bridged or left out while the network was made.
    travel
        Minutes between places: the schools in the graph's order, then the district's offices.
    choice_schools
        The policy for schools of choice it was made under: ``place``, ``flow`` or ``apart``.
    virtual_schools
        The policy for virtual schools it was made under: ``apart`` or ``place``.

    Examples
    --------
    >>> plan.network.flows["source"].unique().tolist()
    ['zoned']
    """

    graph: FeederGraph
    tiles: gpd.GeoDataFrame
    offshore: gpd.GeoDataFrame
    crs: str
    flows: pd.DataFrame
    flow_report: dict[str, Any]
    flow_variants: pd.DataFrame | None
    warnings: tuple[Problem, ...]
    travel: Travel
    choice_schools: str = "place"
    virtual_schools: str = "apart"

    def is_for(self, scenario: Scenario) -> bool:
        """Whether it was made under the policies that a scenario asks for."""
        own = (self.choice_schools, self.virtual_schools)
        return own == (scenario.choice_schools, scenario.virtual_schools)

    def land(self) -> BaseGeometry:
        """Return the land of the district without its offshore parts."""
        whole: BaseGeometry = self.tiles.geometry.union_all("coverage")
        onshore: BaseGeometry = whole.difference(self.offshore.geometry.union_all())
        return onshore
