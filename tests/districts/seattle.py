"""Seattle 2015-16: areas of every level that do not nest, and no enrollment anywhere.

Schools go by the names of their areas. Two elementary areas have no school in the table
(both stood on interim sites), sixteen option schools have no area, and the enrollment is a round
figure of each grade, since none is published with the areas.
"""

import shutil
from pathlib import Path

import pandas as pd

SEATS = {"K-5": 6 * 65, "K-8": 9 * 60, "6-8": 3 * 250, "9-12": 4 * 300}
GRADES = {"ELEM": "K-5", "MS": "6-8", "HS": "9-12", "Option ELEM": "K-5", "Option HS": "9-12"}
DISTRICT = """\
name = "Seattle Public Schools"
year = "2015-16"

[schools]
path = "schools.csv"
columns = { school_id = "name" }

[[attendance_areas]]
level = "elementary"
path = "zones_es_2015_16.geojson"
columns = { school_id = "ES_ZONE" }

[[attendance_areas]]
level = "middle"
path = "zones_ms_2015_16.geojson"
columns = { school_id = "MS_ZONE" }

[[attendance_areas]]
level = "high"
path = "zones_hs_2015_16.geojson"
columns = { school_id = "HS_ZONE" }

[flows]
path = "zone_overlap_2015_16.csv"
source = "zoned"
columns = { from_id = "from", to_id = "to", share = "share_of_from_area" }
where = { link = ["es->ms", "ms->hs"] }

[scenario]
communities = 5
schools = [12, 24]
enrollment_tolerance = 0.2
"""


def build(data: Path, out: Path) -> Path:
    """Write the district folder from the shared files in ``data``."""
    for name in ("zones_es", "zones_ms", "zones_hs"):
        shutil.copy(data / f"{name}_2015_16.geojson", out)
    shutil.copy(data / "zone_overlap_2015_16.csv", out)
    sites = pd.read_csv(data / "schools_2015_16.csv", dtype=str, keep_default_na=False)
    schools = sites[sites["status"].isin(list(GRADES))].copy()
    schools["grades"] = schools["status"].map(GRADES)
    schools.loc[schools["name"].str.contains("K-8"), "grades"] = "K-8"
    schools["enrollment"] = schools["grades"].map(SEATS)
    schools["kind"] = schools["status"].str.contains("Option").map({True: "option", False: ""})
    columns = ["name", "lat", "lon", "grades", "enrollment", "kind"]
    schools[columns].to_csv(out / "schools.csv", index=False)
    (out / "district.toml").write_text(DISTRICT, encoding="utf-8")
    return out
