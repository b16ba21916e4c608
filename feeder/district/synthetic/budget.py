"""Money: a budget for the year, and what each school had last year."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from feeder.district.synthetic.terrain import IntArray

PER_STUDENT: Final = 15_000
"""Dollars a year, all told."""
STEP: Final = 1_000_000
"""Budgets are voted in whole millions."""
PER_SCHOOL: Final = 400_000
PER_COMMUNITY: Final = 600_000
LAST_YEAR: Final = 12_900
"""Dollars that a student brought last year, beside what came with the building."""
SPREAD: Final = 0.09
"""Staffing of the past, which followed neither enrollment nor need."""


def budget_total(enrollment: IntArray) -> int:
    """Return the budget to share, in dollars."""
    return STEP * round(PER_STUDENT * int(enrollment.sum()) / STEP)


def make_budget(enrollment: IntArray, rng: np.random.Generator) -> pd.Series[int]:
    """Return last year's dollars of each school."""
    staffing = np.exp(rng.normal(0.0, SPREAD, len(enrollment)))
    dollars = np.round(PER_SCHOOL + LAST_YEAR * staffing * enrollment, -2)
    return pd.Series(dollars, name="last_year").astype(np.int64)
