"""Schools that stand far from their own attendance area: one of the two is misplaced."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from feeder.district.schools.places import EARTH_RADIUS_M, is_place
from feeder.errors import Findings
from feeder.wording import counted, warn_grouped

FAR_M: Final = 5_000.0
"""Many schools stand beside their area; none by mistake as near as this (metres)."""
_KM: Final = 1000.0


def warn_afield(
    areas: gpd.GeoDataFrame | None, schools: pd.DataFrame, file: str, findings: Findings
) -> None:
    """Warn of schools further from their own area than the area is wide, and over 5 km.

    ``schools`` has ``name``, ``lat`` and ``lon``; ``file`` is the table they stand in.
    """
    if areas is None:
        return
    named = areas[areas["school_id"].isin(schools.index)]
    own = schools.loc[named["school_id"]]
    placed = is_place(own["lat"], own["lon"]).to_numpy()
    named, own = named[placed], own[placed]
    if named.empty:
        return
    middle = float(np.radians(own["lat"].median()))
    shapes = _in_metres(named.geometry.to_numpy(), middle)
    points = _in_metres(shapely.points(own["lon"], own["lat"]), middle)
    away = shapely.distance(shapes, points)
    west, south, east, north = shapely.bounds(shapes).T
    far = (away > FAR_M) & (away > np.hypot(east - west, north - south))
    examples = [
        f"{name} ({metres / _KM:,.0f} km from its {level} area)"
        for name, metres, level in zip(
            own["name"][far], away[far], named["level"][far], strict=True
        )
    ]
    warn_grouped(
        findings,
        rule="far-from-area",
        before=f"{counted(len(examples), 'school')} far from the own attendance area",
        examples=examples,
        fix="Correct the coordinates, or the school of the area.",
        file=file,
    )


def _in_metres(shapes: npt.NDArray[np.object_], middle: float) -> npt.NDArray[np.object_]:
    """Bring degrees to metres, near enough over a district around a latitude (radians)."""
    scale = np.radians(1.0) * EARTH_RADIUS_M * np.array([np.cos(middle), 1.0])
    found: npt.NDArray[np.object_] = shapely.transform(shapes, lambda points: points * scale)
    return found
