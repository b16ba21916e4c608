"""Zones of choice: one area that several schools of the same grades serve, divided among them.

Schools that share an area and split its grades (K-2 and 3-5) are two halves of one school, and one
campus. Where their grades overlap, families choose among them; the zone is land to divide, and no
reason for all of its schools to share a community.
"""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd

from feeder.district.model import K12_MASK
from feeder.errors import Problem
from feeder.network.coverage import as_geometries, connected
from feeder.network.graph import FloatArray, IntArray
from feeder.network.tiles import same_land
from feeder.network.voronoi import voronoi_tiles
from feeder.wording import counted, listed


def divide_zones(
    layer: gpd.GeoDataFrame, schools: pd.DataFrame, points: FloatArray
) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """Divide every zone of choice of a layer: each point of it goes to the nearest of its schools.

    Parameters
    ----------
    layer
        The areas of one level in metres: ``school_id`` (None is vacant), ``geometry``.
    schools
        Indexed by ``school_id``; uses ``grades`` and ``name``.
    points
        Shape (n_schools, 2), metres.

    Returns
    -------
    The layer with the divided areas, in the same order, and a warning that names the zones.
    """
    shapes = layer.geometry.to_numpy()
    owner = schools.index.get_indexer(pd.Index(layer["school_id"], dtype=object))
    zone = connected(len(layer), *same_land(shapes).T)
    divided, told = as_geometries(list(shapes)), []
    for one in np.flatnonzero(np.bincount(zone, minlength=1) > 1):
        rows = np.flatnonzero((zone == one) & (owner >= 0))
        members = np.unique(owner[rows])
        if not _overlap(schools["grades"].to_numpy(np.int64)[members]):
            continue
        names = schools["name"].iloc[members].tolist()
        land = voronoi_tiles(points[members], shapes[rows[0]], names).whole()
        divided[rows] = land[np.searchsorted(members, owner[rows])]
        told.append(f"{' and '.join(names[:2])}{_more(len(names) - 2)}")
    if not told:
        return layer, ()
    warning = Problem(
        rule="zone-of-choice",
        message=f"{counted(len(told), 'area')} served by several schools of the same grades, "
        f"divided among them by distance: {listed(told)}.",
        fix="Give each school an area of its own, or a common campus_id if they are one school.",
    )
    return layer.set_geometry(divided, crs=layer.crs), (warning,)


def _overlap(grades: IntArray) -> bool:
    """Return whether two of the schools teach a common grade of K-12."""
    return any(int(a & b) & K12_MASK for a, b in combinations(grades.tolist(), 2))


def _more(number: int) -> str:
    return f" and {number} more" if number > 0 else ""
