"""From labelled cells to areas: dissolved, smoothed, and the same corners where they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from feeder.district.synthetic.city import City
from feeder.district.synthetic.terrain import IntArray
from feeder.district.synthetic.zones import Zones

SMOOTHING_DEGREES: Final = 0.0016
"""Corners whose triangle is smaller than the square of this (some 160 m) are smoothed away."""

Polygons = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Areas in degrees; each layer covers the boundary once.

    Attributes
    ----------
    boundary
        The outline.
    elementary
        Index of the elementary area to its polygon.
    middle, high
        Index of the school to its polygon.
    """

    boundary: BaseGeometry
    elementary: dict[int, BaseGeometry]
    middle: dict[int, BaseGeometry]
    high: dict[int, BaseGeometry]


def make_drawing(city: City, zones: Zones) -> Drawing:
    """Dissolve the cells into the areas of each level.

    The finest pieces, cells alike in all three layers, are smoothed together as a coverage.
    Areas of every level are then unions of these pieces, so that borders which follow each
    other do so exactly.
    """
    layers = np.stack([zones.elementary, zones.middle, zones.high], axis=1)
    kinds, piece = np.unique(layers, axis=0, return_inverse=True)
    dissolved = np.array(list(_united(city.cells, piece.ravel()).values()), dtype=object)
    smooth = np.asarray(shapely.coverage_simplify(dissolved, SMOOTHING_DEGREES))
    boundary = _united(smooth, np.zeros(len(smooth), dtype=np.int64))
    elementary, middle, high = (_united(smooth, kinds[:, i]) for i in range(3))
    return Drawing(boundary[0], elementary, middle, high)


def _united(parts: Polygons, label: IntArray) -> dict[int, BaseGeometry]:
    """Unite the parts of each label; rings start and turn in one standard way."""
    order = np.argsort(label, kind="stable")
    labels, start = np.unique(label[order], return_index=True)
    whole = [shapely.coverage_union_all(group) for group in np.split(parts[order], start[1:])]
    standard = shapely.orient_polygons(shapely.normalize(np.array(whole, dtype=object)))
    return dict(zip(labels.tolist(), standard, strict=True))
