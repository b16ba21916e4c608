"""What a file is: its name and its first bytes must agree before any library opens it.

GDAL decides by content alone, and some of its formats send it to other files or addresses, so
that a file is opened only as what a district folder may hold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd

from feeder.district.contents import SPREADSHEETS, sheet_way_out
from feeder.errors import InputError, Problem
from feeder.wording import shown

TEXT: Final = frozenset({".csv", ".tsv", ".txt"})
WORKBOOK: Final = frozenset({".xlsx", ".xlsm"})
GEOJSON: Final = frozenset({".geojson", ".json"})
PARQUET: Final = frozenset({".parquet", ".geoparquet"})
SHAPEFILE: Final = ".shp"
GEOPACKAGE: Final = ".gpkg"
KNOWN: Final = TEXT | WORKBOOK | GEOJSON | PARQUET | {GEOPACKAGE, SHAPEFILE}
_JOURNALS: Final = ("-wal", "-journal")
_COMPANIONS: Final = (".dbf", ".shx", ".prj", ".cpg")
_NEEDED_COMPANIONS: Final = (".dbf", ".shx")
_MARKS: Final[Mapping[str, tuple[str, bytes]]] = MappingProxyType(
    {
        GEOPACKAGE: ("GeoPackage", b"SQLite format 3\x00"),
        SHAPEFILE: ("Shapefile", b"\x00\x00\x27\x0a"),
        ".fgb": ("FlatGeobuf file", b"fgb"),
        ".parquet": ("Parquet file", b"PAR1"),
        ".geoparquet": ("Parquet file", b"PAR1"),
    }
)
_GEOJSON_TYPES: Final = frozenset(
    {
        "FeatureCollection",
        "Feature",
        "GeometryCollection",
        *("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
    }
)
_FORMATS: Final = "CSV, Excel (.xlsx), GeoJSON, GeoPackage, Shapefile, GeoParquet or Parquet"


def check_format(content: bytes, file: str) -> None:
    """Refuse a layer whose content is not what its name says.

    Parameters
    ----------
    content
        The file's bytes.
    file
        Its path inside the district folder.

    Raises
    ------
    InputError
        Where it is empty, of another format, or GeoJSON that is none or has an unknown CRS.
    """
    suffix = Path(file).suffix.lower()
    if not content:
        raise InputError([_problem(file, "empty-file", "the file is empty.")])
    if suffix in GEOJSON:
        _check_geojson_crs(_geojson(content, file), file)
        return
    name, mark = _MARKS[suffix]
    if not content.startswith(mark):
        message = f"this is no {name}, whatever its name says, or it is damaged."
        raise InputError([_problem(file, "not-its-format", message)])
    if suffix == SHAPEFILE and len(content) < 2 * int.from_bytes(content[24:28], "big"):
        raise InputError([_problem(file, "cut-short", "the Shapefile is cut short.")])


def unknown_format(path: str, content: bytes = b"") -> str:
    """Return why a file of this name cannot be read, or the way out; empty where it can be.

    Parameters
    ----------
    path
        Its name.
    content
        Its bytes: what is called a spreadsheet is often something else.
    """
    suffix = Path(path).suffix.lower()
    if suffix in KNOWN:
        return ""
    if suffix in SPREADSHEETS:
        return sheet_way_out(content)
    if suffix in {".zip", ".gz", ".7z", ".tar"}:
        return "Unpack it into the folder and name the file inside."
    return f"Save it as {_FORMATS}."


def companions(path: Path, file: str) -> list[Path]:
    """Return the files beside a layer's own that hold a part of it.

    They are those of a Shapefile, and the journal of a GeoPackage that another program has
    open, or left behind.

    Raises
    ------
    InputError
        Where one is missing that it cannot do without, or cut short.
    """
    if path.suffix.lower() == GEOPACKAGE:
        journals = (path.with_name(path.name + ending) for ending in _JOURNALS)
        return [journal for journal in journals if journal.is_file()]
    if path.suffix.lower() != SHAPEFILE:
        return []
    beside = {
        other.suffix.lower(): other
        for other in sorted(path.parent.iterdir())
        if other.stem == path.stem and other.is_file()
    }
    missing = [f"{path.stem}{suffix}" for suffix in _NEEDED_COMPANIONS if suffix not in beside]
    if missing:
        be = "is" if len(missing) == 1 else "are"
        message = f"{' and '.join(missing)} {be} missing beside the Shapefile."
        fix = "Copy all files of the Shapefile into the folder."
        problem = Problem(rule="shapefile-incomplete", message=message, fix=fix, file=file)
        raise InputError([problem])
    if _is_cut_short(beside[".dbf"].read_bytes()):
        message = f"{beside['.dbf'].name} is cut short."
        raise InputError([_problem(file, "cut-short", message)])
    return [beside[suffix] for suffix in _COMPANIONS if suffix in beside]


def _is_cut_short(dbf: bytes) -> bool:
    """Return whether a dBASE table has fewer bytes than its header says."""
    records = int.from_bytes(dbf[4:8], "little")
    header, record = (int.from_bytes(dbf[at : at + 2], "little") for at in (8, 10))
    return len(dbf) < max(header, 1) + records * record


def _geojson(content: bytes, file: str) -> dict[str, Any]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError([_problem(file, "encoding", "the file is UTF-16; GeoJSON is UTF-8.")])
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start:,})."
        raise InputError([_problem(file, "encoding", message)]) from error
    except json.JSONDecodeError as error:
        message = f"the file is no JSON ({error.msg})."
        raise InputError([_problem(file, "not-json", message, row=error.lineno)]) from error
    except (RecursionError, ValueError) as error:
        message = "the file is nested too deeply, or holds a number too long, to be a layer."
        raise InputError([_problem(file, "not-json", message)]) from error
    if b"\\u0000" in content:
        raise InputError([_problem(file, "nul-bytes", "texts of the layer hold NUL bytes.")])
    if not isinstance(value, dict) or value.get("type") not in _GEOJSON_TYPES:
        message = "the file is JSON, but no GeoJSON: it has no FeatureCollection."
        raise InputError([_problem(file, "not-its-format", message)])
    return value


def _check_geojson_crs(layer: dict[str, Any], file: str) -> None:
    """Refuse a ``crs`` member that names nothing known, where GDAL would assume degrees."""
    member = layer.get("crs")
    if member is None:
        return
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not _is_known_crs(name):
        told = f'"{shown(name)}" ' if isinstance(name, str) else ""
        message = f"the CRS {told}is not known."
        fix = "Export the layer in EPSG:4326."
        raise InputError([Problem(rule="unknown-crs", message=message, fix=fix, file=file)])


def _is_known_crs(name: object) -> bool:
    try:
        return isinstance(name, str) and gpd.GeoSeries([], crs=name).crs is not None
    except (RuntimeError, ValueError):
        return False


def _problem(file: str, rule: str, message: str, row: int | None = None, fix: str = "") -> Problem:
    way_out = fix or "Export the layer again as GeoJSON in UTF-8 or as GeoPackage."
    return Problem(rule=rule, message=message, fix=way_out, file=file, row=row)
