"""Goals of each school: an older baseline, the past year, and a target of its own."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

HARDER: Final = 1.25
"""Absence of the baseline year over that of the past year."""
EASIEST: Final = 0.9
"""Largest target over the baseline: schools that did better since then ask for less than that."""


def make_goals(needs: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the columns of the table of goals, one row a school as in the table of needs.

    Absence fell since the baseline, in some schools below the target that they set themselves.
    Students are on track the less, the more are absent.
    """
    n = len(needs)
    past = needs["chronic_absence_percent"].to_numpy(np.float64)
    enrolled = needs["enrolled_in_the_year"].to_numpy(np.float64)
    baseline = np.clip(HARDER * past + rng.normal(0.0, 2.5, n), 3.0, 80.0)
    before = np.rint(enrolled * rng.uniform(0.97, 1.08, n))
    target = np.maximum(np.rint(baseline * rng.uniform(0.4, EASIEST, n)), 2.0)
    on_track = np.clip(88.0 - 1.2 * past + rng.normal(0.0, 5.0, n), 10.0, 98.0)
    return pd.DataFrame(
        {
            "absent_2022_23": _of(before, baseline),
            "enrolled_2022_23": before.astype(np.int64),
            "absent_2024_25": _of(enrolled, past),
            "enrolled_2024_25": enrolled.astype(np.int64),
            "absence_target_percent": target.astype(np.int64),
            "on_track_2024_25": _of(enrolled, on_track),
        }
    )


def _of(
    students: npt.NDArray[np.floating[Any]], percent: npt.NDArray[np.floating[Any]]
) -> npt.NDArray[np.int64]:
    """Return that many percent of the students, as whole students."""
    return np.asarray(np.rint(students * percent / 100.0), dtype=np.int64)
