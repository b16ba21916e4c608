"""The city on the land: where children live, where hardship is, what stands in the way.

Everything later is drawn on the cells of the mesh, so that every border in every layer is made
of the same rounded vertices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from feeder.district.synthetic.mesh import Mesh, make_mesh
from feeder.district.synthetic.terrain import FloatArray, IntArray, Terrain, lay_out

RIVER_COST: Final = 6.0
AVENUE_COST: Final = 1.7
"""How much dearer it is for an attendance area to grow across a river or an avenue."""
BY_THE_SEA_KM: Final = 1.6
"""Water so near in the west makes a place part of the coast."""
TOWN_SHARE: Final = 0.4
"""Share of the cells, the busiest, that count as town."""


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """Cells of land and the children who live there.

    Attributes
    ----------
    xy
        Shape (n, 2): cell centres, kilometres east and north of the middle.
    cells
        Shape (n,): polygons in degrees (longitude, latitude), rounded to ``DECIMALS``.
    area
        Shape (n,): square kilometres.
    children
        Shape (n,): share of the district's children, sums to 1.
    hardship
        Shape (n,): smooth field, mean 0 and deviation 1, from which need is derived.
    setting
        Shape (n,), text: ``coast``, ``town`` or ``country``, for the names.
    a, b
        Shape (n_edges,): cells that share a border, ``a < b``.
    cost
        Shape (n_edges,): how hard it is to grow from one to the other, in the unit in which a
        disc of radius 1 holds as many children everywhere.
    """

    xy: FloatArray
    cells: npt.NDArray[np.object_]
    area: FloatArray
    children: FloatArray
    hardship: FloatArray
    setting: npt.NDArray[np.str_]
    a: IntArray
    b: IntArray
    cost: FloatArray

    @property
    def n(self) -> int:
        """Number of cells."""
        return len(self.xy)


def make_city(n_cells: int, schools: int, rng: np.random.Generator) -> City:
    """Invent the land of a district.

    Parameters
    ----------
    n_cells
        About how many cells.
    schools
        Number of schools, which the land and the number of town centres follow.
    rng
        Source of every choice.
    """
    terrain = lay_out(schools, rng)
    mesh = make_mesh(terrain, n_cells, rng)
    xy = mesh.xy
    density = terrain.density(xy)
    children = density * mesh.area * np.exp(rng.normal(0.0, 0.25, len(xy)))
    hardship = 0.7 * np.log(density) + 0.9 * terrain.field(xy, 1)
    return City(
        xy=xy,
        cells=mesh.cells,
        area=mesh.area,
        children=children / children.sum(),
        hardship=(hardship - hardship.mean()) / hardship.std(),
        setting=_setting(terrain, xy, density),
        a=mesh.a,
        b=mesh.b,
        cost=_cost(terrain, mesh, density) / np.sqrt(children.sum() / len(xy)),
    )


def _cost(terrain: Terrain, mesh: Mesh, density: FloatArray) -> FloatArray:
    """Return what growing across each border costs: crowded land is wide, and water a hurdle."""
    start, end = mesh.xy[mesh.a], mesh.xy[mesh.b]
    width = np.hypot(*(start - end).T) * np.sqrt((density[mesh.a] + density[mesh.b]) / 2)
    avenue = (terrain.quarter(start) != terrain.quarter(end)).any(axis=0)
    river = terrain.bank(start) != terrain.bank(end)
    return np.asarray(width * np.where(avenue, AVENUE_COST, 1.0) * np.where(river, RIVER_COST, 1.0))


def _setting(terrain: Terrain, xy: FloatArray, density: FloatArray) -> npt.NDArray[np.str_]:
    """Tell coast, town and country apart."""
    coast = terrain.land(xy - [BY_THE_SEA_KM, 0.0]) < 0
    town = density > np.quantile(density, 1 - TOWN_SHARE)
    return np.where(coast, "coast", np.where(town, "town", "country"))
