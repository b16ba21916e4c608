"""A town of fourteen schools that a person can check by eye, as the texts of a district folder.

Eight elementary areas of 0.01 degrees lie four by two, ``e1`` to ``e4`` from west to east in the
south, ``e5`` to ``e8`` above them. ``m1`` and ``h1`` serve the west half, ``m2`` and ``h2`` the
east; ``k8`` is a charter school in the east, ``p`` a pre-school in the west.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WEST, SOUTH, SIDE = -75.0, 40.0, 0.01

DISTRICT = """\
name = "Town"
year = "2024"

[schools]
path = "schools.csv"

[[attendance_areas]]
level = "elementary"
path = "areas.geojson"

[[attendance_areas]]
level = "high"
path = "highs.geojson"
columns = { school_id = "high" }

[boundary]
path = "outline.geojson"

[flows]
path = "flows.csv"
use = ["table"]
source = "observed"
suppressed_range = [1, 9]

[measures]
path = "measures.csv"
counts = { learners = "learners" }
rates = { absence = { column = "absent", denominator = "counted", unit = "percent" } }
ratings = { reading = "reading" }
need = { learners = 1.0 }

[existing_plan]
path = "plan.csv"

[offices]
path = "offices.csv"

[scenario]
communities = 2
schools = [3, 11]
enrollment_tolerance = 0.5
keep_apart = [["h1", "h2"]]
"""
SCHOOLS = """\
school_id,name,lat,lon,enrollment,grades,region,kind,k
e1,Alder,40.005,-74.995,240,K-5,West,,40
e2,Birch,40.005,-74.985,300,K-5,West,,50
e3,Cedar,40.005,-74.975,180,K-5,East,,30
e4,Dogwood,40.005,-74.965,360,K-5,East,,60
e5,Elm,40.015,-74.995,300,K-5,West,,50
e6,Fir,40.015,-74.985,240,K-5,West,,40
e7,Ginkgo,40.015,-74.975,300,K-5,East,,50
e8,Hazel,40.015,-74.965,240,K-5,East,,40
h1,West High,40.011,-74.989,700,9-12,West,,
h2,East High,40.011,-74.969,680,9-12,East,,
k8,Juniper Charter,40.013,-74.974,270,K-8,East,charter,30
m1,West Middle,40.009,-74.992,480,6-8,West,,
m2,East Middle,40.009,-74.972,500,6-8,East,,
p,Nest,40.006,-74.986,60,PK,West,,
"""
FLOWS = """\
from_id,to_id,students
e1,m1,36
e2,m1,45
e3,m2,27
e4,m2,55
e5,m1,44
e6,m1,38
e7,m2,46
e8,m2,37
k8,h2,28
m1,h1,150
m2,h2,155
"""
MEASURES = """\
school_id,learners,absent,counted,reading
e1,60,12.5,240,3
e2,20,8,300,4
e3,50,20,180,1
e4,30,10,360,2
e5,90,15,300,3
e6,10,5,240,5
e7,40,11,300,3
e8,25,9,240,4
h1,80,18,700,3
h2,90,21,680,2
k8,20,7,270,5
m1,60,14,480,3
m2,70,16,500,2
p,5,10,60,
"""
PLAN = """\
school_id,community_id
e1,A
e2,A
e3,B
e4,B
e5,A
e6,A
e7,B
e8,B
h1,A
h2,B
k8,B
m1,A
m2,B
p,A
"""
OFFICES = """\
office_id,name,lat,lon
o1,Town hall,40.01,-74.98
"""


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """Return the ring of a rectangle."""
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(properties: Mapping[str, Any], *rings: list[list[float]]) -> dict[str, Any]:
    """Return a GeoJSON feature: a polygon, or no geometry without rings."""
    geometry = {"type": "Polygon", "coordinates": list(rings)} if rings else None
    return {"type": "Feature", "properties": dict(properties), "geometry": geometry}


def layer(*features: dict[str, Any], **members: Any) -> str:
    """Return a GeoJSON text."""
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members})


def cell(number: int) -> list[list[float]]:
    """Return the ring of the area of ``e1`` to ``e8``."""
    column, row = (number - 1) % 4, (number - 1) // 4
    west, south = round(WEST + SIDE * column, 3), round(SOUTH + SIDE * row, 3)
    return box(west, south, round(west + SIDE, 3), round(south + SIDE, 3))


AREAS = layer(*(feature({"school_id": f"e{n}"}, cell(n)) for n in range(1, 9)))
HIGHS = layer(
    feature({"high": "h1"}, box(-75.0, 40.0, -74.98, 40.02)),
    feature({"high": "h2"}, box(-74.98, 40.0, -74.96, 40.02)),
)
OUTLINE = layer(feature({}, box(-75.0, 40.0, -74.96, 40.02)))

TEXTS: Mapping[str, str] = {
    "district.toml": DISTRICT,
    "schools.csv": SCHOOLS,
    "areas.geojson": AREAS,
    "highs.geojson": HIGHS,
    "outline.geojson": OUTLINE,
    "flows.csv": FLOWS,
    "measures.csv": MEASURES,
    "plan.csv": PLAN,
    "offices.csv": OFFICES,
}


def write_town(folder: Path, changed: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the town into a folder, with some files changed, added or (None) left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**TEXTS, **(changed or {})}.items():
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name).write_bytes(data)
    return folder
