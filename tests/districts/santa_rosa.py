"""Santa Rosa 2025-26: a small system whose high-school areas reach far beyond its elementary land.

Seven elementary areas lie in the middle of five high-school areas that also serve eight other
elementary districts; two high schools have taken in the middle grades. Two names are spelled
otherwise in the areas than in the list of sites. No enrollment is published: round figures stand
for it.
"""

import json
import shutil
from pathlib import Path

import pandas as pd

KINDS = {
    "Elementary School": ("K-6", 400, ""),
    "Middle School": ("7-8", 600, ""),
    "High School": ("9-12", 1300, ""),
    "Charter School": ("K-8", 400, "charter"),
    "Preschool": ("PK", 80, ""),
}
SPELLED = {
    "Hellen Lehman Elementary School": "Helen Lehman Elementary School",
    "Hillard Comstock Middle School": "Hilliard Comstock Middle School",
}
DISTRICT = """\
name = "Santa Rosa City Schools"
year = "2025-26"

[schools]
path = "schools.csv"
columns = { school_id = "name" }

[[attendance_areas]]
level = "elementary"
path = "zones_es_2025_26.geojson"
columns = { school_id = "school" }

[[attendance_areas]]
level = "middle"
path = "zones_ms_2025_26.geojson"
columns = { school_id = "school" }

[[attendance_areas]]
level = "high"
path = "zones_hs_2025_26.geojson"
columns = { school_id = "school" }

[scenario]
communities = 2
schools = [8, 16]
enrollment_tolerance = 0.3
"""


def build(data: Path, out: Path) -> Path:
    """Write the district folder from the shared files in ``data``."""
    for level in ("es", "ms", "hs"):
        shutil.copy(data / f"zones_{level}_2025_26.geojson", out)
    sites = json.loads((data / "school_locations.geojson").read_text(encoding="utf-8"))
    rows = []
    for site in sites["features"]:
        name, kind = site["properties"]["Name"], site["properties"]["Type"]
        lon, lat = site["geometry"]["coordinates"]
        grades, enrollment, choice = KINDS[kind]
        rows.append((SPELLED.get(name, name), lat, lon, grades, enrollment, choice))
    columns = ["name", "lat", "lon", "grades", "enrollment", "kind"]
    pd.DataFrame(rows, columns=columns).to_csv(out / "schools.csv", index=False)
    (out / "district.toml").write_text(DISTRICT, encoding="utf-8")
    return out
