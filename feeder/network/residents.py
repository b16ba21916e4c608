"""How many residents live on a piece of land, from blocks, planning units or points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from feeder.network.coverage import GeometryArray, total_by
from feeder.network.graph import FloatArray

_POLYGON: Final = 2
_WHOLE: Final = 0.995
"""Share of a block on a piece of land from which on it lies there whole: lines of two layers
that should be one differ by a little."""


@dataclass(frozen=True, slots=True, eq=False)
class Residents:
    """Where residents live, in metres.

    Attributes
    ----------
    places
        Shape (n_places,): polygons or points.
    students
        Shape (n_places,): residents of each.
    parts
        Residents by grade (``K`` to ``12``) or level, where the district counts them so.
    tree
        An index over ``places``.
    """

    places: GeometryArray
    students: FloatArray
    parts: dict[str, FloatArray]
    tree: shapely.STRtree

    def on(self, pieces: GeometryArray, names: Sequence[str]) -> FloatArray:
        """Return shape (n_pieces,): residents on each piece of land.

        The first of ``names`` (a grade, a level) that the district counts is counted, else all. A
        polygon's residents are spread evenly over it: areal interpolation (Goodchild and Lam 1980).
        """
        counted = (self.parts[name] for name in names if name in self.parts)
        students = next(counted, self.students)
        piece, place = self.tree.query(pieces, predicate="intersects")
        share = np.ones(len(piece))
        size = shapely.area(self.places[place])
        flat = size > 0
        common = shapely.area(shapely.intersection(self.places[place[flat]], pieces[piece[flat]]))
        share[flat] = common / size[flat]
        share[share > _WHOLE] = 1.0
        return total_by(piece, share * students[place], len(pieces))


def residents_of(frame: gpd.GeoDataFrame | None, crs: str) -> Residents | None:
    """Return a district's residents in metres; None where it does not say where they live.

    Parameters
    ----------
    frame
        As :attr:`feeder.district.model.District.residents`.
    crs
        A metric CRS.
    """
    if frame is None or not len(frame):
        return None
    places = frame.geometry.to_crs(crs).to_numpy()
    parts = {str(name): frame[name].to_numpy(np.float64) for name in frame.columns.drop("geometry")}
    return Residents(places, parts.pop("students"), parts, shapely.STRtree(places))


def block_polygons(frame: gpd.GeoDataFrame | None, crs: str) -> GeometryArray:
    """Return the polygons among a district's residents in metres; none where they are points."""
    if frame is None:
        return np.empty(0, dtype=object)
    places: GeometryArray = frame.geometry.to_crs(crs).to_numpy()
    flat: GeometryArray = places[shapely.get_dimensions(places) == _POLYGON]
    return flat
