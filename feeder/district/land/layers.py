"""Polygon layers in any format GDAL reads, brought to valid polygons in EPSG:4326."""

from __future__ import annotations

import shutil
import struct
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import pyogrio.raw
import shapely

from feeder.district.files.formats import (
    GEODATABASE,
    GEOPACKAGE,
    PARQUET,
    SHAPEFILE,
    check_format,
    companions,
    dbf_encoding,
)
from feeder.district.land.whereabouts import misreading
from feeder.district.model import WGS84
from feeder.district.schools.places import on_globe
from feeder.errors import Findings, InputError, Problem
from feeder.wording import counted, listed, shown, warn_grouped

_STYLES: Final = "layer_styles"
"""Where QGIS keeps how the layers of a GeoPackage look."""
_NAN: Final = struct.pack("<d", float("nan"))
_NUMPY_NOISE: Final = "invalid value encountered"


def read_layer(path: Path, file: str, layer: str | None, findings: Findings) -> pd.DataFrame:
    """Read one layer as it stands: geometry unchecked, CRS as given.

    Parameters
    ----------
    path, file
        Where the file lies, and its path inside the district folder for messages.
    layer
        Name of the layer; None where the file has only one.
    findings
        Collects what the format's driver had to remark.

    Returns
    -------
    DataFrame
        A GeoDataFrame where the layer has geometry.

    Raises
    ------
    InputError
        When it cannot be read, its CRS is unknown, it has several layers and none is named,
        or it has no layer of that name.
    """
    if path.suffix.lower() != GEODATABASE:
        check_format(path.read_bytes(), file)
    companions(path, file)
    try:
        with warnings.catch_warnings(record=True) as caught, _at_rest(path, file) as source:
            warnings.simplefilter("always")
            frame = _read(source, file, layer)
    except InputError:
        raise
    except Exception as error:  # GDAL, GEOS, PROJ and Arrow raise what they like
        message = f"the layer cannot be read ({shown(str(error))})."
        fix = "Save it again as GeoJSON or GeoPackage."
        raise InputError([_problem(file, "layer-unreadable", message, fix)]) from error
    notes = [str(note.message) for note in caught if issubclass(note.category, RuntimeWarning)]
    warn_grouped(
        findings,
        rule="layer-notes",
        before="the layer was read with remarks",
        examples=list(dict.fromkeys(note for note in notes if _NUMPY_NOISE not in note)),
        file=file,
    )
    return frame


def clean_polygons(
    frame: pd.DataFrame,
    labels: pd.Series[str],
    file: str,
    findings: Findings,
    schools: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the features that have a polygon, valid, two-dimensional, in EPSG:4326.

    Parameters
    ----------
    frame
        A layer as read.
    labels
        What each feature is called in messages, same index.
    file
        Where it was read from.
    findings
        Collects features without a polygon and repaired rings (warnings), coordinates that
        are no numbers and a CRS that is missing or wrong (errors).
    schools
        ``lat`` and ``lon`` of each school, by which a CRS is suggested; None suggests none.
    """
    placed = clean_shapes(frame, labels, file, findings, schools)
    shapes = placed.geometry.to_numpy()
    valid = shapely.is_valid(shapes) | shapely.is_missing(shapes)
    parts = _polygon_parts(shapes, valid)
    empty = shapely.is_missing(parts) | shapely.is_empty(parts)
    kept = placed.set_geometry(parts, crs=WGS84)
    kept = kept[~empty] if empty.any() else kept
    warn_grouped(
        findings,
        rule="no-polygon",
        before=f"{counted(int(empty.sum()), 'feature')} without a polygon, left out",
        examples=list(labels.loc[placed.index[empty]]),
        file=file,
    )
    repaired = placed.index[~valid & ~empty]
    warn_grouped(
        findings,
        rule="ring-repaired",
        before=f"{counted(len(repaired), 'polygon')} with invalid rings, repaired",
        examples=list(labels.loc[repaired]),
        after="Look at these on the map.",
        file=file,
    )
    return kept


def clean_shapes(
    frame: pd.DataFrame,
    labels: pd.Series[str],
    file: str,
    findings: Findings,
    schools: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the features with finite coordinates, two-dimensional, in EPSG:4326.

    Parameters are those of :func:`clean_polygons`; rings are not repaired.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        message = "the layer has no geometry."
        findings.errors.append(_problem(file, "no-geometry", message, "Name a layer with shapes."))
        return gpd.GeoDataFrame(frame.iloc[:0], geometry=[], crs=WGS84)
    whole = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    finite = _finite(whole.geometry.to_numpy())
    if not finite.all():
        findings.errors.append(_nan_problem(file, labels[~finite]))
        whole = whole[finite]
    return _in_wgs84(whole, file, findings, schools)


def layer_names(path: Path) -> list[str]:
    """Return the names of a file's layers; none where it cannot be read."""
    try:
        with _at_rest(path, path.name) as source:
            return [str(name) for name in pyogrio.list_layers(source)[:, 0] if name != _STYLES]
    except (RuntimeError, OSError, ValueError, InputError):
        return []


@contextmanager
def _at_rest(path: Path, file: str) -> Iterator[Path]:
    """Yield where to read a layer so that its files stay as they are.

    SQLite finishes what another program has begun, even when it only reads: a GeoPackage with
    a journal is therefore read from a copy.
    """
    journals = companions(path, file) if path.suffix.lower() == GEOPACKAGE else []
    if not journals:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        for part in (path, *journals):
            shutil.copyfile(part, Path(folder) / part.name)
        yield Path(folder) / path.name


def _read(path: Path, file: str, layer: str | None) -> pd.DataFrame:
    if path.suffix.lower() in PARQUET:
        return _read_parquet(path)
    names = [name for name in pyogrio.list_layers(path)[:, 0].tolist() if name != _STYLES]
    if layer is None and len(names) > 1:
        message = f"the file has several layers: {listed(names, limit=20)}."
        raise InputError([_problem(file, "several-layers", message, 'Add layer = "...".')])
    if layer is not None and layer not in names:
        message = f"there is no layer {layer}; the file has {listed(names, limit=20)}."
        raise InputError([_problem(file, "missing-layer", message, "Correct the key layer.")])
    encoding = dbf_encoding(path) if path.suffix.lower() == SHAPEFILE else None
    frame: pd.DataFrame = gpd.read_file(
        path, layer=layer, engine="pyogrio", on_invalid="fix", encoding=encoding
    )
    _check_lost(frame, path, file, layer)
    return frame


def _check_lost(frame: pd.DataFrame, path: Path, file: str, layer: str | None) -> None:
    """Refuse shapes that were lost in reading since a ring starts with a NaN.

    Such a ring never closes, so no geometry comes of it, and it would pass for a feature
    that has none.
    """
    if not isinstance(frame, gpd.GeoDataFrame) or not frame.geometry.isna().any():
        return
    raw = pyogrio.raw.read(path, layer=layer, columns=[])[2]
    lost = [
        f"feature {position + 1}"
        for position in np.flatnonzero(frame.geometry.isna()).tolist()
        if raw[position] is not None and _NAN in raw[position]
    ]
    if lost:
        raise InputError([_nan_problem(file, lost)])


def _nan_problem(file: str, names: Iterable[str]) -> Problem:
    message = f"coordinates are no numbers: {listed(names)}."
    fix = "Export the layer again without empty coordinates."
    return _problem(file, "nan-coordinates", message, fix)


def _read_parquet(path: Path) -> pd.DataFrame:
    """Read GeoParquet, or Parquet without geometry."""
    try:
        frame: pd.DataFrame = gpd.read_parquet(path)
    except ValueError as error:
        if "geo metadata" not in str(error).lower():
            raise
        return pd.read_parquet(path)
    return frame


def _finite(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[owner[~np.isfinite(points).all(axis=1)]] = False
    return finite


def _in_wgs84(
    frame: gpd.GeoDataFrame, file: str, findings: Findings, schools: pd.DataFrame | None
) -> gpd.GeoDataFrame:
    """Bring a layer to degrees; what is no degree is an error, a CRS assumed a warning."""
    lon, lat = shapely.get_coordinates(frame.geometry.to_numpy()).T
    points = np.column_stack([on_globe(lon), lat])
    degrees = bool((np.abs(points) <= (180.0, 90.0)).all())
    if frame.crs is None and degrees:
        message = "the layer has no CRS; its numbers look like degrees, so EPSG:4326 was taken."
        findings.warnings.append(_problem(file, "crs-assumed", message))
        return frame.set_crs(WGS84)
    if frame.crs is None or (frame.crs.is_geographic and not degrees):
        said = "has no CRS" if frame.crs is None else "says it is in degrees"
        message = f"the layer {said}, yet its numbers are no degrees."
        fix = misreading(frame, schools) or "Give its CRS, or export it in EPSG:4326."
        findings.errors.append(_problem(file, "crs-missing", message, fix))
        return frame.iloc[:0].set_crs(WGS84, allow_override=True)
    return frame.to_crs(WGS84)


def _polygon_parts(
    shapes: npt.NDArray[np.object_], valid: npt.NDArray[np.bool_]
) -> npt.NDArray[np.object_]:
    """Return valid polygons or multipolygons; lines and points are left out (None).

    Shapes that are valid already keep every vertex as it is.
    """
    found = shapes.copy()
    found[~valid] = shapely.make_valid(shapes[~valid], method="structure", keep_collapsed=False)
    mixed = shapely.get_type_id(found) == shapely.GeometryType.GEOMETRYCOLLECTION
    for position in np.flatnonzero(mixed).tolist():
        parts = shapely.get_parts(found[position])
        areal = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - a surface
        found[position] = shapely.union_all(areal) if len(areal) else None
    found[shapely.get_dimensions(found) != 2] = None  # noqa: PLR2004 - as above
    return found


def _problem(file: str, rule: str, message: str, fix: str = "") -> Problem:
    return Problem(rule=rule, message=message, fix=fix, file=file)
