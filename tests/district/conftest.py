"""A district of six schools that a person can check by eye.

Three elementary areas lie side by side, ``a`` ``b`` ``c`` from west to east, each 0.01 degrees
wide; ``m`` (6-8) and ``h`` (9-12) serve them all, ``p`` is a pre-school.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

SCHOOLS = """\
school_id,name,lat,lon,enrollment,grades,region
01,Alder,40.005,-75.005,60,K-5,W
02,Birch,40.005,-74.995,120,K-5,W
03,Cedar,40.005,-74.985,180,K-5,E
10,Maple Middle,40.006,-74.996,90,6-8,W
20,High,40.007,-74.997,200,9-12,E
30,Nest,40.004,-75.004,15,PK,W
"""
FLOWS = """\
from_id,to_id,students
01,10,9
02,10,18
03,10,27
10,20,30
"""
MANIFEST = """\
name = "Small"
year = "2024"

[schools]
path = "schools.csv"
"""


def square(west: float, south: float = 40.0, side: float = 0.01) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(properties: Mapping[str, Any], *rings: list[list[float]]) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": list(rings)} if rings else None
    return {"type": "Feature", "properties": dict(properties), "geometry": geometry}


def geojson(*features: dict[str, Any], crs: str | None = None) -> str:
    layer: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if crs is not None:
        layer["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(layer)


AREAS = geojson(
    feature({"school_id": "01"}, square(-75.01)),
    feature({"school_id": "02"}, square(-75.00)),
    feature({"school_id": "03"}, square(-74.99)),
)


@pytest.fixture
def small(tmp_path: Path) -> SimpleNamespace:
    """Give the texts of the small district, and ``write`` to put them into a folder.

    ``write(sections, areas_geojson=...)`` adds to ``district.toml`` and replaces a file.
    """
    folder = tmp_path / "small"
    folder.mkdir()

    def write(sections: str = "", **files: str | bytes) -> Path:
        texts: dict[str, str | bytes] = {
            "schools_csv": SCHOOLS,
            "flows_csv": FLOWS,
            "areas_geojson": AREAS,
            "district_toml": MANIFEST + sections,
        }
        for key, content in (texts | files).items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / ".".join(key.rsplit("_", 1))).write_bytes(data)
        return folder

    return SimpleNamespace(
        write=write,
        manifest=MANIFEST,
        schools=SCHOOLS,
        flows=FLOWS,
        areas=AREAS,
        square=square,
        feature=feature,
        geojson=geojson,
    )


@pytest.fixture
def replaced() -> Callable[..., str]:
    """Give a function that replaces a text which must be there."""

    def replace(text: str, *pairs: tuple[str, str]) -> str:
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return text

    return replace
