"""The files of a synthetic district, written all or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from feeder.errors import OutputError
from feeder.writing.places import place_of
from feeder.writing.whole import output_told, replace_folder

Feature = tuple[Mapping[str, str], BaseGeometry]
"""Properties and a geometry in degrees."""


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write text files into a new folder, atomically.

    Parameters
    ----------
    folder
        Must not exist, or be empty; missing parents are made.
    files
        File name to text.

    Raises
    ------
    OutputError
        If the folder holds something already or cannot be written; nothing is left behind.
    """
    with output_told(folder):
        there = folder.is_symlink() or (folder.exists() and not folder.is_dir())
        if there or (folder.is_dir() and any(folder.iterdir())):
            raise OutputError(f"{folder} is there already. Give a folder that is new or empty.")
        replace_folder(place_of(folder), {name: text.encode() for name, text in files.items()})


def geojson_text(features: Iterable[Feature]) -> str:
    """Return properties and geometries as GeoJSON, one feature a line."""
    lines = (
        json.dumps(
            {"type": "Feature", "properties": dict(properties), "geometry": mapping(shape)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, shape in features
    )
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
