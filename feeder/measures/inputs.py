"""What the measures of one run share: schools, flow readings and tiles, looked up once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from feeder.measures.flow_variants import Flows, flow_variants
from feeder.measures.grouping import Grouping
from feeder.measures.shape import GeometryArray, Land, community_land, onshore, school_points
from feeder.network.graph import FloatArray, IntArray
from feeder.network.travel import Travel
from feeder.planning import Assignment


@dataclass(frozen=True, slots=True, eq=False)
class MeasureInputs:
    """MeasureInputs that do not depend on a plan.

    Attributes
    ----------
    schools
        Rows of the district's schools in the order of the graph's schools.
    flows
        The flows as used, then every variant of the estimate.
    need
        Shape (n_schools,): need figure; None where the district has none.
    tiles, onshore
        Shape (n_tiles,): the tiles with and without their offshore parts.
    tile_node
        Shape (n_tiles,): node of each tile.
    points
        Shape (n_schools,): the schools' points in the metric CRS.
    travel
        Minutes between places, the schools first.
    """

    schools: pd.DataFrame
    flows: tuple[Flows, ...]
    need: FloatArray | None
    tiles: GeometryArray
    onshore: GeometryArray
    tile_node: IntArray
    points: GeometryArray
    travel: Travel

    @property
    def enrollment(self) -> FloatArray:
        """Shape (n_schools,): students."""
        return self.schools["enrollment"].to_numpy(np.float64)

    @property
    def capacity(self) -> FloatArray:
        """Shape (n_schools,): for how many students a school has room; NaN is unknown."""
        return self.schools["capacity"].to_numpy(np.float64)

    def land(self, grouping: Grouping) -> Land:
        """Return the land of each community of a grouping."""
        by_tile = grouping.node[self.tile_node]
        return Land(
            whole=community_land(self.tiles, by_tile, grouping.n),
            onshore=community_land(self.onshore, by_tile, grouping.n),
        )


def measure_inputs(assignment: Assignment) -> MeasureInputs:
    """Look up the facts of an assignment's district and network."""
    district, network = assignment.district, assignment.network
    ids = list(network.graph.school_ids)
    schools = district.schools.loc[ids]
    need = district.statistics.need
    return MeasureInputs(
        schools=schools,
        flows=flow_variants(network),
        need=None if need is None else np.asarray(need.loc[ids].fillna(0.0), dtype=np.float64),
        tiles=network.tiles.geometry.to_numpy(),
        onshore=onshore(network),
        tile_node=network.tiles["node"].to_numpy(np.int64),
        points=school_points(schools, network.crs),
        travel=network.travel,
    )
