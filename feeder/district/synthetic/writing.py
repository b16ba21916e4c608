"""The files of a synthetic district, written all or nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from feeder.errors import OutputError

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
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow a link
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise OutputError(f"{folder} is there already. Give a folder that is new or empty.")
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        draft.mkdir(parents=True)
        for name, text in files.items():
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        if folder.is_dir():
            folder.rmdir()
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise OutputError(
            f"the folder {folder} cannot be written ({error.strerror}). "
            "Give another folder, or make room and the right to write there."
        ) from error


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as CSV; missing values are blank."""
    return str(table.to_csv(index=False, lineterminator="\n"))


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
