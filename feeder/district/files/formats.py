"""What a file is: its name and its first bytes must agree before any library opens it.

GDAL decides by content alone, and some of its formats send it to other files or addresses, so
that a file is opened only as what a district folder may hold.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd

from feeder.district.files.contents import SPREADSHEETS, sheet_way_out
from feeder.errors import InputError, Problem
from feeder.wording import shown

TEXT: Final = frozenset({".csv", ".tsv", ".txt"})
WORKBOOK: Final = frozenset({".xlsx", ".xlsm"})
GEOJSON: Final = frozenset({".geojson", ".json"})
PARQUET: Final = frozenset({".parquet", ".geoparquet"})
SHAPEFILE: Final = ".shp"
GEOPACKAGE: Final = ".gpkg"
FLATGEOBUF: Final = ".fgb"
GEODATABASE: Final = ".gdb"
"""An Esri file geodatabase is a folder of this ending."""
KML: Final = frozenset({".kml", ".kmz"})
_LAYERED: Final = frozenset({GEOPACKAGE, SHAPEFILE, FLATGEOBUF, GEODATABASE})
KNOWN: Final = TEXT | WORKBOOK | GEOJSON | PARQUET | KML | _LAYERED
_JOURNALS: Final = ("-wal", "-journal")
_COMPANIONS: Final = (".dbf", ".shx", ".prj", ".cpg")
_NEEDED_COMPANIONS: Final = (".dbf", ".shx")
_MARKS: Final[Mapping[str, tuple[str, bytes]]] = MappingProxyType(
    {
        GEOPACKAGE: ("GeoPackage", b"SQLite format 3\x00"),
        SHAPEFILE: ("Shapefile", b"\x00\x00\x27\x0a"),
        FLATGEOBUF: ("FlatGeobuf file", b"fgb"),
        ".kmz": ("KMZ file", b"PK"),
        ".parquet": ("Parquet file", b"PAR1"),
        ".geoparquet": ("Parquet file", b"PAR1"),
    }
)
_ESRI: Final = frozenset(
    {"geometryType", "spatialReference", "rings", "objectIdFieldName", "layers"}
)
_MOST_UNPACKED: Final = 1 << 30
_GEOJSON_TYPES: Final = frozenset(
    {
        "FeatureCollection",
        "Feature",
        "GeometryCollection",
        *("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
    }
)
_FORMATS: Final = (
    "CSV, Excel (.xlsx), GeoJSON, GeoPackage, Shapefile, file geodatabase, KML or GeoParquet"
)
_CUT: Final = re.compile(rb'"exceededTransferLimit"\s*:\s*true')
"""What an ArcGIS server writes where it hands out a part of a layer only."""
_KML_ROOT: Final = re.compile(rb"<(?:\w+:)?kml[\s>]")
_ELSEWHERE: Final = (b"OGRVRTDataSource", b"<!ENTITY")
"""What makes a reader of XML look into other files."""
_LINK: Final = re.compile(rb"<NetworkLink.*?<href>(.*?)</href>|<NetworkLink", re.DOTALL)
_OUTWARD: Final = (b":", b"..", b"/", b"\\")
"""What a link within a KMZ has none of at its beginning."""
_TABLE_OF_TABLES: Final = "a00000001.gdbtable"
_SHORT: Final = 10
"""Letters of a name that a Shapefile keeps."""


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
        layer = _geojson(content, file)
        _check_geojson_crs(layer, file)
        if _CUT.search(content):
            raise InputError([_cut_by_server(layer, file)])
        return
    if suffix == ".kml":
        _check_kml(content, file)
        return
    name, mark = _MARKS[suffix]
    if not content.startswith(mark):
        message = f"this is no {name}, whatever its name says, or it is damaged."
        raise InputError([_problem(file, "not-its-format", message)])
    if suffix == ".kmz":
        _check_kmz(content, file)
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
        return "Unpack it into the folder and name the file, or the .gdb folder, inside."
    if suffix.startswith(".gdb"):
        return "Name the folder that ends in .gdb, and its layer with the key layer."
    if suffix in {".dbf", ".shx", ".prj", ".cpg", ".sbn"}:
        return "Name the file that ends in .shp; this one goes with it."
    return f"Save it as {_FORMATS}."


def companions(path: Path, file: str) -> list[Path]:
    """Return the files beside a layer's own that hold a part of it.

    They are those of a Shapefile, the files in the folder of a geodatabase, and the journal of a
    GeoPackage that another program has open, or left behind.

    Raises
    ------
    InputError
        Where one is missing that it cannot do without, or cut short.
    """
    if path.suffix.lower() == GEOPACKAGE:
        journals = (path.with_name(path.name + ending) for ending in _JOURNALS)
        return [journal for journal in journals if journal.is_file()]
    if path.suffix.lower() == GEODATABASE:
        return _inside_geodatabase(path, file)
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


def _inside_geodatabase(path: Path, file: str) -> list[Path]:
    """Return the files of a geodatabase in order of their names, but those that lock it."""
    found = sorted(part for part in path.iterdir() if part.is_file()) if path.is_dir() else []
    if not any(part.name.lower() == _TABLE_OF_TABLES for part in found):
        message = "this is no file geodatabase, whatever its name says, or it is not whole."
        fix = "Copy the whole folder that ends in .gdb, or save its layer as GeoPackage."
        raise InputError([Problem(rule="not-its-format", message=message, fix=fix, file=file)])
    return [part for part in found if part.suffix.lower() != ".lock"]


def dbf_encoding(path: Path) -> str | None:
    """Return the encoding of a Shapefile's table where its ``.cpg`` does not tell it, or lies.

    None leaves it to GDAL: the table has only ASCII, or is as it says.
    """
    beside = {part.suffix.lower(): part for part in companions(path, path.name)}
    dbf = beside[".dbf"].read_bytes()
    if dbf.isascii():
        return None
    is_utf8 = _is_utf8(dbf[int.from_bytes(dbf[8:10], "little") :])
    said = beside[".cpg"].read_text("latin-1").upper() if ".cpg" in beside else ""
    if "UTF" in said or "65001" in said:
        return None if is_utf8 else "cp1252"
    return "UTF-8" if is_utf8 and not said else None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def short_names(wanted: str, columns: Iterable[str]) -> list[str]:
    """Return the columns that a longer name may have become in a Shapefile: cut, or numbered."""
    if len(wanted) <= _SHORT:
        return []
    cut = wanted[:_SHORT].casefold()
    numbered = re.compile(rf"{re.escape(cut[:7])}\w?_\d+", re.IGNORECASE)
    return [name for name in columns if name.casefold() == cut or numbered.fullmatch(name)]


def _check_kml(content: bytes, file: str, *, packed: bool = False) -> None:
    """Refuse XML that is no KML, or sends its reader to files outside; a KMZ has files inside."""
    if not _KML_ROOT.search(content[:4096]):
        raise InputError([_problem(file, "not-its-format", "this is no KML, or it is damaged.")])
    links = [link.strip() for link in _LINK.findall(content)]
    inward = packed and all(
        link and b":" not in link and not link.startswith(_OUTWARD) for link in links
    )
    if any(word in content for word in _ELSEWHERE) or (links and not inward):
        message = "the KML takes its shapes from other files, which are not read."
        raise InputError([_problem(file, "kml-links", message)])


def _check_kmz(content: bytes, file: str) -> None:
    """Check the KML files in a KMZ."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for info in packed.infolist():
                if info.filename.lower().endswith(".kml"):
                    if info.file_size > _MOST_UNPACKED:
                        message = "the KMZ unpacks to more than 1 GB."
                        raise InputError([_problem(file, "too-large", message)])
                    _check_kml(packed.read(info), file, packed=True)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        raise InputError([_problem(file, "not-its-format", "the KMZ is damaged.")]) from error


def _cut_by_server(layer: dict[str, Any], file: str) -> Problem:
    features = layer.get("features")
    n = len(features) if isinstance(features, list) else 0
    message = (
        f"the map server cut the layer at {n:,} features, and says so in the file "
        "(exceededTransferLimit)."
    )
    fix = (
        f"Ask for the rest (resultOffset={n}) and put the parts together, or download the layer "
        "as a file. If it is whole now, take exceededTransferLimit out."
    )
    return Problem(rule="layer-cut", message=message, fix=fix, file=file)


def _is_cut_short(dbf: bytes) -> bool:
    """Return whether a dBASE table has fewer bytes than its header says."""
    records = int.from_bytes(dbf[4:8], "little")
    header, record = (int.from_bytes(dbf[at : at + 2], "little") for at in (8, 10))
    return len(dbf) < max(header, 1) + records * record


def _geojson(content: bytes, file: str) -> dict[str, Any]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError([_problem(file, "encoding", "the file is UTF-16; GeoJSON is UTF-8.")])
    if content.lstrip()[:1] == b"<":
        message = "this is a web page or XML, not GeoJSON: was the layer downloaded whole?"
        raise InputError([_problem(file, "not-json", message)])
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
        raise InputError([_other_json(value if isinstance(value, dict) else {}, file)])
    return value


def _other_json(value: dict[str, Any], file: str) -> Problem:
    """Return what JSON is that is no GeoJSON."""
    if value.get("type") == "Topology":
        return _problem(file, "topojson", "this is TopoJSON, not GeoJSON.")
    if "type" not in value and _ESRI & value.keys():
        message = "this is Esri's own JSON (f=json), not GeoJSON."
        fix = "Ask the map server for f=geojson, or export the layer as GeoJSON."
        return Problem(rule="esri-json", message=message, fix=fix, file=file)
    if "error" in value:
        said = shown(json.dumps(value["error"]))
        message = f"this is no layer, but the error that a map server answered with: {said}."
        fix = "Ask again, or download the layer as a file."
        return Problem(rule="server-error", message=message, fix=fix, file=file)
    message = "the file is JSON, but no GeoJSON: it has no FeatureCollection."
    return _problem(file, "not-its-format", message)


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
