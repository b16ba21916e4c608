"""The streets of a district from OpenStreetMap, as the bytes of a file for its folder.

What is downloaded is osmnx's ``drive`` network: streets open to cars, each edge from crossing to
crossing. osmnx keeps every answer of the server in its own cache.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import shapely
from platformdirs import user_cache_path
from shapely.geometry.base import BaseGeometry

from feeder.district.model import WGS84, District
from feeder.errors import InputError, Problem
from feeder.network.streets.reading import timed


def district_outline(district: District, margin_km: float) -> BaseGeometry:
    """Return the outline within which streets are wanted, in EPSG:4326.

    The district's boundary, or else the hull of its schools, and a margin around it: the
    quickest way between two schools may lead through a neighboring district.

    Parameters
    ----------
    district
        The district.
    margin_km
        Width of the margin in kilometres.
    """
    lon, lat = (district.schools[name].to_numpy(np.float64) for name in ("lon", "lat"))
    hull = shapely.convex_hull(shapely.multipoints(np.column_stack([lon, lat])))
    inside = hull if district.boundary is None else shapely.union(district.boundary, hull)
    shape = gpd.GeoSeries([inside], crs=WGS84)
    wide = shape.to_crs(shape.estimate_utm_crs()).buffer(margin_km * 1000)
    outline: BaseGeometry = wide.to_crs(WGS84).iloc[0]
    return outline


def download_streets(outline: BaseGeometry, speed_km_h: float) -> bytes:
    """Download the streets within an outline.

    Parameters
    ----------
    outline
        A polygon in EPSG:4326.
    speed_km_h
        Speed where OpenStreetMap tells no speed of any street.

    Returns
    -------
    bytes
        GraphML with speeds and travel times.

    Raises
    ------
    InputError
        Where the server cannot be reached, or there are no streets.
    """
    import osmnx

    answers = user_cache_path("feeder", appauthor=False) / "osmnx"
    with suppress(OSError):
        answers.mkdir(parents=True, exist_ok=True)
    osmnx.settings.use_cache = os.access(answers, os.W_OK)
    osmnx.settings.cache_folder = answers
    try:
        graph = osmnx.graph.graph_from_polygon(outline, network_type="drive")
        graph = timed(graph, speed_km_h)
    except (OSError, ValueError) as error:  # requests' failures and osmnx's own are of these kinds
        message = f"the streets could not be downloaded ({type(error).__name__})."
        fix = (
            "They come over the internet: try again on a machine that has it, and copy the file "
            "into the district folder. Without streets, minutes are reckoned from distances."
        )
        raise InputError([Problem(rule="no-download", message=message, fix=fix)]) from error
    for *_, edge in graph.edges(data=True):
        edge.pop("geometry", None)  # the minutes stay the same, the file is a third
    with TemporaryDirectory() as folder:
        path = Path(folder) / "streets.graphml"
        osmnx.io.save_graphml(graph, path)
        return path.read_bytes()
