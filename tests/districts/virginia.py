"""Three of Virginia's divisions, of different size and character.

- Virginia Beach: 81 schools, areas of every level, an ocean coast.
- Floyd: five schools, four of them K-7 and one 8-12, every area of an "unknown" level.
- Accomack: eleven schools on a peninsula and two islands, invalid rings, "unassigned" areas, a
  K-12 school of 38 pupils far out in the bay.

Areas are of 2015-16, enrollment is of 2024-25. The tables give no grades, only pupils by grade.
"""

import shutil
from pathlib import Path

import pandas as pd

GRADES = ("PK", "KG", *(f"{grade:02d}" for grade in range(1, 13)))
BY_GRADE = ", ".join(f'{g.lstrip("0").replace("KG", "K")} = "enr_{g}"' for g in GRADES)
SCHOOLS = f"""\
name = "{{name}}"
year = "2024-25"

[schools]
path = "schools.csv"
columns = {{{{ name = "school_name", enrollment = "enr_TOTAL" }}}}
enrollment_by_grade = {{{{ {BY_GRADE} }}}}
"""
AREAS = """
[[attendance_areas]]
level = "{level}"
path = "zones.geojson"
columns = {{ school_id = "nces_school_id" }}
where = {{ {where} }}
"""
BY_LEVEL = "".join(
    AREAS.format(level=level.lower(), where=f'level = "{level}"')
    for level in ("Elementary", "Middle", "High")
)
DIVISIONS = {
    "virginia_beach": (
        "5103840",
        BY_LEVEL,
        "communities = 5\nschools = [12, 24]\nenrollment_tolerance = 0.15\n",
    ),
    "floyd": (
        "5101350",
        AREAS.format(level="elementary", where='grades_hi = "07"')
        + AREAS.format(level="high", where='grades_hi = "12"'),
        "communities = 1\nschools = [1, 5]\n",
    ),
    "accomack": (
        "5100060",
        AREAS.format(level="elementary", where='grades_lo = ["PK", "KG"]')
        + AREAS.format(level="middle", where='grades_lo = "06"')
        + AREAS.format(level="high", where='grades_lo = ["06", "09"], grades_hi = "12"'),
        "communities = 2\nschools = [3, 8]\nenrollment_tolerance = 0.3\n",
    ),
}


def build(division: str, data: Path, out: Path) -> Path:
    """Write the folder of one division from the shared files in ``data``."""
    number, areas, limits = DIVISIONS[division]
    shutil.copy(data / "zones" / f"{number}.geojson", out / "zones.geojson")
    table = pd.read_csv(data / "schools_2024_25.csv", dtype=str, keep_default_na=False)
    schools = table[table["division_id"] == number].copy()
    pupils = schools[[f"enr_{grade}" for grade in GRADES]].replace("", "0").astype(float) > 0
    pupils.columns = pd.Index(GRADES)
    schools["grades"] = [" ".join(row.index[row]) for _, row in pupils.iterrows()]
    schools.to_csv(out / "schools.csv", index=False)
    head = SCHOOLS.format(name=schools["division_name"].iloc[0])
    text = f"{head}{areas}\n[scenario]\n{limits}"
    (out / "district.toml").write_text(text, encoding="utf-8")
    return out
