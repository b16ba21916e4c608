"""Counts, a rate and ratings of each school, alike in neighbouring schools."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from feeder.district.synthetic.city import City
from feeder.district.synthetic.places import Places
from feeder.district.synthetic.roster import Roster
from feeder.district.synthetic.students import Students
from feeder.district.synthetic.terrain import FloatArray, IntArray
from feeder.district.synthetic.zones import Zones

COUNTS: Final = (
    "english_learners",
    "free_or_reduced_meals",
    "students_with_disabilities",
    "homeless",
    "foster",
)
TURNOVER: Final = 1.06
"""Pupils who were enrolled at any time of the year, for each one on the day of the count."""


def make_needs(
    city: City,
    roster: Roster,
    zones: Zones,
    places: Places,
    students: Students,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the columns of the needs table, one row a school.

    Need follows the hardship of a school's area, with noise of its own. Homeless and foster
    pupils are few everywhere; schools without tested grades have no ratings.
    """
    n = roster.n
    hardship = _hardship(city, roster, zones, places)
    hardship += rng.normal(0.0, 0.25, n)
    enrolled = students.enrollment
    alternative = roster.kind == "alternative"
    upper = np.clip((roster.high - 5) / 7, 0.0, 1.0)
    meals = _logistic(-0.05 + 1.0 * hardship + rng.normal(0.0, 0.2, n))
    learners = 0.45 * _logistic(-0.9 + 1.1 * hardship + rng.normal(0.0, 0.35, n))
    disabled = np.clip(0.132 + 0.012 * hardship + rng.normal(0.0, 0.02, n), 0.05, 0.3)
    homeless = rng.poisson(0.011 * np.exp(0.7 * hardship) * enrolled)
    foster = rng.poisson(0.004 * np.exp(0.5 * hardship) * enrolled)
    absent = 7 + 17 * _logistic(0.9 * hardship - 0.4) + 5 * upper + rng.normal(0.0, 1.6, n)
    absent = np.clip(absent + 24 * alternative, 2.0, 70.0)
    table = pd.DataFrame(
        {
            "english_learners": _whole(learners * (1 - 0.5 * upper) * enrolled),
            "free_or_reduced_meals": _whole(meals * enrolled),
            "students_with_disabilities": _whole((disabled + 0.07 * alternative) * enrolled),
            "homeless": homeless,
            "foster": foster,
            "chronic_absence_percent": np.round(absent, 1),
            "enrolled_in_the_year": _whole(TURNOVER * enrolled),
        }
    )
    tested = ~alternative & (roster.high >= 3)  # noqa: PLR2004 - first tested grade
    for subject, lift in (("english", 3.3), ("mathematics", 2.95)):
        score = np.clip(np.rint(lift - 0.85 * hardship + rng.normal(0.0, 0.45, n)), 1, 5)
        table[subject] = pd.Series(score).where(tested).astype("Int64")
    return table


def _hardship(city: City, roster: Roster, zones: Zones, places: Places) -> FloatArray:
    """Return the mean hardship of each school's area, or of the site of a school without one."""
    value = city.hardship[places.cell] * 0.5
    for role, layer, schools in (
        ("elementary", zones.elementary, roster.area),
        ("middle", zones.middle, np.arange(roster.n)),
        ("high", zones.high, np.arange(roster.n)),
    ):
        weight = np.bincount(layer, city.children)
        mean = np.bincount(layer, city.children * city.hardship) / np.maximum(weight, 1e-300)
        here = roster.role == role
        value[here] = mean[schools[here]]
    return value


def _logistic(x: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-x)))


def _whole(x: npt.NDArray[np.floating[Any]]) -> IntArray:
    return np.asarray(np.rint(x), dtype=np.int64)
