"""From a size and a seed to the files of a district folder: the order of the stages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from feeder.district.synthetic import texts
from feeder.district.synthetic.budget import budget_total, make_budget
from feeder.district.synthetic.city import City, make_city
from feeder.district.synthetic.drawing import Drawing, make_drawing
from feeder.district.synthetic.facts import facts
from feeder.district.synthetic.goals import make_goals
from feeder.district.synthetic.mesh import degrees
from feeder.district.synthetic.names import Labels, make_labels
from feeder.district.synthetic.needs import make_needs
from feeder.district.synthetic.offices import make_offices
from feeder.district.synthetic.places import Places, make_places
from feeder.district.synthetic.roster import Roster, make_roster
from feeder.district.synthetic.students import Students, make_students
from feeder.district.synthetic.terrain import IntArray
from feeder.district.synthetic.today import make_today
from feeder.district.synthetic.writing import Feature, geojson_text, write_folder
from feeder.district.synthetic.zones import NOISE, Zones, make_zones
from feeder.writing.texts import csv_text

SMALLEST: Final = 20
"""Fewest schools: one community with every oddity."""
CELLS_PER_AREA: Final = 100
MOST_CELLS: Final = 120_000
"""Borders of districts of thousands of schools are drawn with a coarser pen."""
COMPASS: Final = (
    "East",
    "Northeast",
    "North",
    "Northwest",
    "West",
    "Southwest",
    "South",
    "Southeast",
)


def write_synthetic(
    folder: Path, *, schools: int = 130, seed: int = 0, noise: float = NOISE
) -> None:
    """Write an invented district as a complete district folder.

    Parameters
    ----------
    folder
        Where to; must not exist, or be empty. Written all or nothing.
    schools
        How many schools, 20 or more.
    seed
        The same size, seed and noise give the same bytes.
    noise
        Share of elementary areas that send a corner of their children across the border of
        their planted community, 0 to 1.

    Raises
    ------
    ValueError
        If the size or the noise is out of range.
    OutputError
        If the folder holds something already or cannot be written.

    Examples
    --------
    >>> write_synthetic(folder / "invented", schools=40, seed=3)
    >>> read_district(folder / "invented")
    District('Cormorant Bay Unified (invented district)', 40 schools, 22,735 students)
    """
    if schools < SMALLEST:
        raise ValueError(f"a synthetic district has {SMALLEST} schools or more, not {schools}.")
    if not 0 <= noise <= 1:
        raise ValueError(f"the noise is a share between 0 and 1, not {noise}.")
    made = _make(schools, seed, noise)
    write_folder(folder, _files(made, seed=seed, noise=noise))


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """Everything that was made up, stage by stage."""

    roster: Roster
    city: City
    zones: Zones
    places: Places
    students: Students
    labels: Labels
    needs: pd.DataFrame
    goals: pd.DataFrame
    today: IntArray
    drawing: Drawing
    capacity: pd.Series[float]
    offices: dict[int, int]
    budget: pd.Series[int]


def _make(schools: int, seed: int, noise: float) -> _Made:
    """Run the stages; each draws from a stream of its own."""
    streams = iter(np.random.default_rng(seed).spawn(12))
    roster = make_roster(schools, next(streams))
    n_cells = min(MOST_CELLS, CELLS_PER_AREA * len(roster.area_community))
    city = make_city(n_cells, schools, next(streams))
    zones = make_zones(city, roster, noise, next(streams))
    drawing = make_drawing(city, zones)
    places = make_places(city, roster, zones, drawing, next(streams))
    students = make_students(city, roster, zones, places, next(streams))
    labels = make_labels(city, roster, places, next(streams))
    needs = make_needs(city, roster, zones, places, students, next(streams))
    today = make_today(roster, places, next(streams))
    capacity = _capacity(roster, students, next(streams))
    offices = make_offices(today, places, next(streams))
    goals = make_goals(needs, next(streams))
    budget = make_budget(students.enrollment, next(streams))
    return _Made(
        roster=roster,
        city=city,
        zones=zones,
        places=places,
        students=students,
        labels=labels,
        needs=needs,
        goals=goals,
        today=today,
        drawing=drawing,
        capacity=capacity,
        offices=offices,
        budget=budget,
    )


def _capacity(roster: Roster, students: Students, rng: np.random.Generator) -> pd.Series[float]:
    """Return seats, some schools over-full; unknown for charters, which rent."""
    use = rng.uniform(0.66, 1.08, roster.n)
    seats = pd.Series(5 * np.ceil(students.enrollment / use / 5))
    return seats.where(roster.kind != "charter")


def _files(made: _Made, *, seed: int, noise: float) -> dict[str, str]:
    """Return the text of every file by name; tables are sorted by school."""
    roster, labels, drawing = made.roster, made.labels, made.drawing
    ids = np.array(labels.school_id)
    order = np.argsort(ids, kind="stable")
    told = facts(roster, made.places, made.students, labels, drawing, made.today)
    layers = {
        "elementary": _features(
            labels,
            [(i, drawing.elementary[roster.area[i]]) for i in order if roster.area[i] >= 0],
            [drawing.elementary[area] for area in roster.vacant],
        ),
        "middle": _features(labels, [(i, drawing.middle[i]) for i in order if i in drawing.middle]),
        "high": _features(labels, [(i, drawing.high[i]) for i in order if i in drawing.high]),
    }
    return {
        "README.md": texts.readme(schools=roster.n, seed=seed, noise=noise, facts=told),
        "district.toml": texts.manifest(
            schools=roster.n,
            seed=seed,
            noise=noise,
            communities=roster.n_communities,
            budget=budget_total(made.students.enrollment),
        ),
        "schools.csv": csv_text(_school_table(made).iloc[order]),
        "needs.csv": csv_text(pd.concat([_ids(labels), made.needs], axis=1).iloc[order]),
        "goals.csv": csv_text(pd.concat([_ids(labels), made.goals], axis=1).iloc[order]),
        "budget.csv": csv_text(pd.concat([_ids(labels), made.budget], axis=1).iloc[order]),
        "flows.csv": csv_text(_flow_table(made)),
        "existing_plan.csv": csv_text(_today_table(made).iloc[order].dropna()),
        "offices.csv": csv_text(_office_table(made)),
        "boundary.geojson": geojson_text([({"name": texts.NAME}, drawing.boundary)]),
        **{f"areas_{level}.geojson": geojson_text(layer) for level, layer in layers.items()},
    }


def _features(
    labels: Labels,
    areas: list[tuple[int, BaseGeometry]],
    vacant: Iterable[BaseGeometry] = (),
) -> list[Feature]:
    """Return areas with the id and the name of their school; the closed ones come last."""
    ids, names = (*labels.school_id, *labels.closed_id), (*labels.name, *labels.closed_name)
    numbered = [*areas, *enumerate(vacant, start=len(labels.school_id))]
    return [({"school_id": ids[i], "name": names[i]}, shape) for i, shape in numbered]


def _ids(labels: Labels) -> pd.Series[str]:
    """Return the ids of the schools in the roster's order."""
    return pd.Series(labels.school_id, name="school_id")


def _school_table(made: _Made) -> pd.DataFrame:
    """Return the schools table, one row a school in the roster's order."""
    roster, students, places = made.roster, made.students, made.places
    regions = _region_names(made)
    lon, lat = degrees(places.xy).T
    grade_name = ["K", *map(str, range(1, 13))]
    served = pd.DataFrame(students.by_grade).where(students.by_grade > 0).astype("Int64")
    served.columns = pd.Index(texts.GRADE_COLUMNS[1:])
    pre_k = pd.Series(students.pre_k).where(students.pre_k > 0).astype("Int64")
    first = [
        "PK" if p else grade_name[low] for p, low in zip(students.pre_k, roster.low, strict=True)
    ]
    table = pd.DataFrame(
        {
            "school_id": made.labels.school_id,
            "name": made.labels.name,
            "grades": [f"{a}-{grade_name[b]}" for a, b in zip(first, roster.high, strict=True)],
            "kind": roster.kind,
            "region": [regions[roster.region_of[c]] for c in roster.community],
            "campus_id": [f"site-{c + 1}" if c >= 0 else "" for c in places.campus],
            "lat": lat,
            "lon": lon,
            "enrollment": students.enrollment,
            "capacity": made.capacity.astype("Int64"),
            "grade_PK": pre_k,
        }
    )
    planted = pd.Series([f"P{c + 1:02d}" for c in roster.community], name="planted_community")
    return pd.concat([table, served, planted], axis=1)


def _region_names(made: _Made) -> list[str]:
    """Name each region after where it lies from the middle of the district."""
    zones, city = made.zones, made.city
    names: list[str] = []
    for region in range(int(zones.region.max()) + 1):
        x, y = city.xy[zones.region == region].mean(axis=0) - city.xy.mean(axis=0)
        names.append(COMPASS[round(np.arctan2(y, x) / (np.pi / 4)) % 8])
    return [
        name if names.count(name) == 1 else f"{name} {names[: i + 1].count(name)}"
        for i, name in enumerate(names)
    ]


def _flow_table(made: _Made) -> pd.DataFrame:
    """Return ``from_id``, ``to_id`` and ``students``, sorted."""
    ids = np.array(made.labels.school_id)
    flows = made.students.flows
    table = pd.DataFrame(
        {
            "from_id": ids[flows["sender"]],
            "to_id": ids[flows["receiver"]],
            "students": flows["tenths"] / 10,
        }
    )
    return table.sort_values(["from_id", "to_id"], ignore_index=True)


def _today_table(made: _Made) -> pd.DataFrame:
    """Return today's community of each school, missing for the newest schools."""
    names = [f"Area {c + 1}" if c >= 0 else None for c in made.today]
    return pd.DataFrame({"school_id": made.labels.school_id, "community_id": names})


def _office_table(made: _Made) -> pd.DataFrame:
    """Return today's offices: at which school each stands, and which community it serves."""
    rows = [
        {
            "office_id": f"office-{community + 1}",
            "name": f"Area {community + 1} office",
            "school_id": made.labels.school_id[school],
            "community_id": f"Area {community + 1}",
        }
        for community, school in made.offices.items()
    ]
    return pd.DataFrame(rows)
