"""The two texts that explain a synthetic district: its manifest and its README."""

from __future__ import annotations

from typing import Final

from feeder.district.synthetic.needs import COUNTS
from feeder.district.synthetic.roster import FEWEST, MOST
from feeder.district.synthetic.zones import NOISE

NAME: Final = "Cormorant Bay Unified (invented district)"
YEAR: Final = "2025-26"
GRADE_COLUMNS: Final = tuple(f"grade_{g}" for g in ("PK", "K", *range(1, 13)))


def manifest(*, schools: int, seed: int, noise: float, communities: int) -> str:
    """Return the text of ``district.toml``."""
    by_grade = ", ".join(f"{c.removeprefix('grade_')} = {c!r}" for c in GRADE_COLUMNS)
    counts = ", ".join(f"{count} = {count!r}" for count in COUNTS)
    return _MANIFEST.format(
        command=command(schools=schools, seed=seed, noise=noise),
        name=NAME,
        year=YEAR,
        by_grade=by_grade.replace("'", '"'),
        counts=counts.replace("'", '"'),
        communities=communities,
        fewest=FEWEST,
        most=MOST,
    )


def readme(*, schools: int, seed: int, noise: float, facts: dict[str, str]) -> str:
    """Return the text of ``README.md``; ``facts`` are the lines on what is in the tables."""
    lines = "\n".join(f"- **{what}**: {text}" for what, text in facts.items())
    return _README.format(
        command=command(schools=schools, seed=seed, noise=noise),
        name=NAME,
        noise=f"{100 * noise:g} %",
        facts=lines,
    )


def command(*, schools: int, seed: int, noise: float) -> str:
    """Return the command that makes the district."""
    other = "" if noise == NOISE else f" --noise {noise}"
    return f"feeder synth --schools {schools} --seed {seed}{other} --out DIR"


_MANIFEST: Final = """\
# An invented district: no place, school or person in it is real. Made by
#   {command}
# README.md beside this file says how, and which oddities of real files it holds on purpose.
name = "{name}"
year = "{year}"
synthetic = true

[schools]
path = "schools.csv"
columns = {{ school_id = "school_id", name = "name", lat = "lat", lon = "lon", grades = "grades", \
enrollment = "enrollment", capacity = "capacity", campus_id = "campus_id", region = "region", \
kind = "kind" }}
enrollment_by_grade = {{ {by_grade} }}

[[attendance_areas]]
level = "elementary"
path = "areas_elementary.geojson"
columns = {{ school_id = "school_id" }}

[[attendance_areas]]
level = "middle"
path = "areas_middle.geojson"
columns = {{ school_id = "school_id" }}

[[attendance_areas]]
level = "high"
path = "areas_high.geojson"
columns = {{ school_id = "school_id" }}

[boundary]
path = "boundary.geojson"

# Students a year by the school they leave and the school they are zoned for, or choose.
[flows]
path = "flows.csv"
source = "zoned"
columns = {{ from_id = "from_id", to_id = "to_id", students = "students" }}

[existing_plan]
path = "existing_plan.csv"
columns = {{ school_id = "school_id", community_id = "community_id" }}

[offices]
path = "offices.csv"
columns = {{ office_id = "office_id", name = "name", school_id = "school_id", \
community_id = "community_id" }}

[measures]
path = "needs.csv"
columns = {{ school_id = "school_id" }}
counts = {{ {counts} }}
rates = {{ chronic_absence = {{ column = "chronic_absence_percent", \
denominator = "enrolled_in_the_year", unit = "percent" }} }}
ratings = {{ english = "english", mathematics = "mathematics" }} # 1 lowest to 5 highest
need = {{ english_learners = 1.0, free_or_reduced_meals = 1.0, homeless = 1.0, foster = 1.0 }}

[goals]
path = "goals.csv"
columns = {{ school_id = "school_id" }}

[goals.measures.chronic_absence]
numerator = "absent_2022_23"
denominator = "enrolled_2022_23"
past_numerator = "absent_2024_25"
past_denominator = "enrolled_2024_25"
target = "absence_target_percent"
unit = "percent"
better = "lower"

[goals.measures.on_track]
numerator = "on_track_2024_25"
denominator = "enrolled_2024_25"
target = 80 # one for all schools
unit = "percent"
better = "higher"

[scenario]
communities = {communities}
schools = [{fewest}, {most}]
enrollment_tolerance = 0.15
"""

_README: Final = """\
# {name}

Everything here is invented: no place, school or person is real, and the coordinates lie in
open ocean. The folder is a district folder like any other, made by

    {command}

The same number of schools and the same seed give the same bytes.

## How it was made
1. **Land**: an outline with a bay, town centres around it, density falling away from them, a
   river and avenues; cut into small cells, each with its share of the children.
2. **Planted communities**: regions, in them communities of equal shares of children, in them
   elementary areas: each grown contiguous and balanced on the cells. Rivers and avenues are dear
   to cross, so borders tend to follow them.
3. **Middle and high school areas**: unions of elementary areas of one community, but for some that
   a border cuts (split feeders) and {noise} of the areas that send a corner of their
   children across the border of their community.
4. **Enrollment and flows**: every cell is served by one school in every grade. Enrollment counts
   its children; a flow is the children whose next grade is at another school, plus what schools of
   choice draw and send. The flows of a school sum to its highest grade.
5. **Need**: a smooth field of hardship, with noise for every school.
6. **Goals**: absence was higher two years before the past year; each school's target lies
   somewhere below that, and some schools have passed theirs already.
7. **Today's plan**: the nearest of some old area offices, placed without a thought for enrollment
   or for where pupils go next; each of its communities has an office at one of its schools.

The planted communities keep the limits in `district.toml`, and nest in the regions; no plan needs
to find them. They stand in the column `planted_community` of `schools.csv`, which planning does not
read.

## What is in it
{facts}

## Files
| file | content |
| --- | --- |
| `district.toml` | names the tables, maps their columns, gives the scenario's defaults |
| `schools.csv` | one row a school: place, grades, enrollment by grade, seats, campus, kind |
| `areas_elementary.geojson`, `areas_middle.geojson`, `areas_high.geojson` | attendance areas; \
every layer covers the boundary once (paired schools have the same area) |
| `boundary.geojson` | the outline |
| `flows.csv` | students a year from school to school, by zone; fractions are shares of zones |
| `existing_plan.csv` | today's communities |
| `offices.csv` | today's offices, one a community, each at a school |
| `needs.csv` | counts, a rate with its denominator, ratings |
| `goals.csv` | chronic absence with a target of each school's own; students on track |
"""
