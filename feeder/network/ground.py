"""What a district drew: its attendance areas by level, with the grades that they serve."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from feeder.district.model import LEVELS
from feeder.network.coverage import GeometryArray
from feeder.network.graph import BoolArray, FloatArray, IntArray
from feeder.network.residents import Residents


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What a district drew, in metres.

    Attributes
    ----------
    points
        Shape (n_schools, 2): the schools.
    areas
        The attendance areas: ``level``, ``school_id`` (None is vacant), ``geometry`` (valid
        polygons).
    zone
        Shape (n_areas,): areas of one number are the same land, a zone of choice.
    residents
        Where residents live; None counts land.
    """

    points: FloatArray
    areas: gpd.GeoDataFrame
    zone: IntArray
    residents: Residents | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """The areas of one level that name a school.

    ``school`` (n_areas,) are rows of the schools, ``zone`` (n_areas,) numbers areas that are the
    same land alike: a zone of choice, whose residents are zoned for all of its schools.
    ``elsewhere`` are its areas of schools that the district's table lacks, and ``serves`` (13,)
    tells the grades that most of its schools serve.
    """

    level: str
    areas: GeometryArray
    school: IntArray
    zone: IntArray
    tree: shapely.STRtree
    elsewhere: GeometryArray
    serves: BoolArray


def home_zones(schools: pd.DataFrame, ground: Ground) -> IntArray:
    """Return, by the grade that ends, the area of a later step in which each school stands.

    A later step is one whose layer's schools mostly open after the next grade: high schools, for
    a school whose pupils leave for a middle school. Of several the earliest counts.

    Returns
    -------
    Shape (12, n_schools): number of the zone, alike for schools of one; -1 is none.
    """
    home = np.full((12, len(schools)), -1, dtype=np.int64)
    points = shapely.points(ground.points)
    lowest = schools["grade_low"].to_numpy(np.int64)
    for layer in reversed(layers_of(schools, ground)):
        opens = float(np.median(lowest[layer.school]))
        there = np.full(len(schools), -1, dtype=np.int64)
        school, area = layer.tree.query(points, predicate="intersects")
        there[school[::-1]] = layer.zone[area[::-1]]
        for grade in range(12):
            if opens > grade + 1:
                home[grade] = there
    return home


def layers_of(schools: pd.DataFrame, ground: Ground) -> list[Layer]:
    """Return the layers from the lowest level to the highest, areas without a school left out."""
    areas, zone = ground.areas, ground.zone
    masks = schools["grades"].to_numpy(np.int64)
    owner = schools.index.get_indexer(pd.Index(areas["school_id"], dtype=object))
    found = []
    for level in LEVELS:
        rows = np.flatnonzero((areas["level"] == level).to_numpy() & (owner >= 0))
        if len(rows):
            shapes = areas.geometry.to_numpy()[rows]
            nobody = (areas["level"] == level).to_numpy() & (owner < 0)
            grades = (masks[owner[rows]][:, None] >> np.arange(13)) & 1 == 1
            found.append(
                Layer(
                    level,
                    shapes,
                    owner[rows],
                    zone[rows],
                    shapely.STRtree(shapes),
                    areas.geometry.to_numpy()[nobody],
                    2 * grades.sum(axis=0) > len(rows),
                )
            )
    return found
