"""The invented land before it is cut up: outline, bay, river, avenues and town centres.

Everything is a function of the place, in kilometres from the middle of the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

REACH_KM: Final = 14.5
"""Half the width of a district of 130 schools; land grows in proportion to the schools."""
INLAND: Final = 0.12
"""How far from the outline a town centre lies at least, as a share of the reach."""
AVENUES_KM: Final = 2.2
"""Distance from one avenue to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """What the land looks like, as functions of places of shape (n, 2).

    Attributes
    ----------
    reach
        Half the width of the district in kilometres.
    phase
        Random angles that shape the outline.
    centres, strength, decay
        Town centres (kilometres), how busy each is, and over how many kilometres that fades.
    waves
        Shape (2, 3, n_waves): two smooth random fields as sums of waves.
    """

    reach: float
    phase: FloatArray
    centres: FloatArray
    strength: FloatArray
    decay: FloatArray
    waves: FloatArray

    def land(self, xy: FloatArray) -> FloatArray:
        """Return a signed measure of the place, positive on land, in units of ``reach``."""
        x, y = (xy / self.reach).T
        p = self.phase
        angle, radius = np.arctan2(y / 0.86, x), np.hypot(x, y / 0.86)
        ripple = sum(
            size * np.cos(k * angle + p[i])
            for i, (k, size) in enumerate(((2, 0.05), (3, 0.05), (5, 0.035), (8, 0.02)))
        )
        outline = 1.0 + ripple - radius
        rough = sum(
            size * np.sin(k * (x * np.cos(p[i]) + y * np.sin(p[i])) + p[i + 1])
            for i, (k, size) in enumerate(((5, 0.055), (9, 0.04), (17, 0.022), (31, 0.012)))
        )
        coast = x + 0.76 + rough
        narrowing = np.clip((x + 0.85) / 0.75, 0.0, 1.0)
        axis = self.bay + 0.3 * narrowing * np.sin(2.6 * narrowing + p[7])
        width = 0.20 * (1 - narrowing) ** 0.7 + 0.05 * np.sin(np.pi * narrowing)
        bay = np.where(narrowing < 1, np.abs(y - axis) - width + 0.8 * rough * narrowing, 1.0)
        neighbour = np.maximum(0.52 + 0.1 * np.sin(p[8]) - x, y + 0.45 + 0.08 * np.sin(p[9]))
        return np.asarray(np.minimum.reduce([outline + 0.3 * rough, coast, bay, neighbour]))

    @property
    def bay(self) -> float:
        """Latitude of the bay's mouth in units of ``reach``."""
        return float(0.08 * np.sin(self.phase[10]))

    def density(self, xy: FloatArray) -> FloatArray:
        """Return children a square kilometre, relative to the busiest centre."""
        nearby = min(len(self.centres), 6)
        away, which = cKDTree(self.centres).query(xy, k=np.arange(1, nearby + 1))
        towns = (self.strength[which] * np.exp(-away / self.decay[which])).max(axis=1)
        return np.asarray(towns * np.exp(0.25 * self.field(xy, 0)) + 0.035)

    def field(self, xy: FloatArray, which: int) -> FloatArray:
        """Return a smooth random field of deviation 1 over the place."""
        waves = self.waves[which].T
        total = np.zeros(len(xy))
        for kx, ky, shift in waves:
            total += np.cos(xy[:, 0] * kx + xy[:, 1] * ky + shift)
        return np.asarray(total * np.sqrt(2 / len(waves)))

    def bank(self, xy: FloatArray) -> BoolArray:
        """Tell the northern bank of the river, which runs from the hills into the bay."""
        x, y = xy.T
        inland = np.maximum(x / self.reach + 0.35, 0.0)
        bends = 0.14 * np.sin(4.2 * inland + self.phase[11]) * np.minimum(inland, 0.6)
        return np.asarray(y / self.reach > self.bay + 0.1 + 0.28 * inland + bends)

    def quarter(self, xy: FloatArray) -> IntArray:
        """Return two numbers that tell the quarters between gently bent avenues apart."""
        x, y = xy.T
        east = x + 0.25 * y + 0.7 * np.sin(y / 4.1 + self.phase[12])
        north = y - 0.25 * x + 0.7 * np.sin(x / 3.7 + self.phase[13])
        return np.floor_divide([east, north], AVENUES_KM).astype(np.int64)


def lay_out(schools: int, rng: np.random.Generator) -> Terrain:
    """Choose the outline, the town centres and the smooth fields."""
    reach = REACH_KM * np.sqrt(schools / 130)
    wave_km = rng.uniform(6.0, 16.0, (2, 24))
    heading = rng.uniform(0.0, 2 * np.pi, (2, 24))
    waves = np.stack(
        [
            2 * np.pi / wave_km * np.cos(heading),
            2 * np.pi / wave_km * np.sin(heading),
            rng.uniform(0.0, 2 * np.pi, (2, 24)),
        ],
        axis=1,
    )
    phase = rng.uniform(0.0, 2 * np.pi, 14)
    n_centres = max(3, schools // 40)
    plan = Terrain(reach, phase, np.zeros((1, 2)), np.ones(1), np.ones(1), waves)
    spots = rng.uniform(-reach, reach, (60 * n_centres, 2))
    spots = spots[plan.land(spots) > INLAND]
    head = np.array([[-0.18 * reach, (plan.bay + 0.12) * reach]])
    centres = spread(np.concatenate([head, spots]), n_centres)
    return Terrain(
        reach=reach,
        phase=phase,
        centres=centres,
        strength=np.concatenate([[1.0], rng.uniform(0.25, 0.6, n_centres - 1)]),
        decay=np.concatenate([[5.0], rng.uniform(2.4, 4.0, n_centres - 1)]),
        waves=waves,
    )


def spread(spots: FloatArray, count: int) -> FloatArray:
    """Return the first spot and those that lie far from all chosen before, but not farthest."""
    chosen = [0]
    away = np.hypot(*(spots - spots[0]).T)
    while len(chosen) < min(count, len(spots)):
        pick = int(np.argsort(away, kind="stable")[int(0.8 * len(away))])
        chosen.append(pick)
        away = np.minimum(away, np.hypot(*(spots - spots[pick]).T))
    return spots[chosen]
