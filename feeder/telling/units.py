"""Tables that say what their columns count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

TEXT: Final = ""
"""The unit of a column of texts, or of yes and no."""


def with_units(frame: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """Return a table whose ``attrs["units"]`` gives the unit of each column, in their order.

    Raises
    ------
    ValueError
        Where a column has no unit, or a unit no column: a figure without a unit is no figure.
    """
    named, given = set(map(str, frame.columns)), set(units)
    if named != given:
        odd = ", ".join(sorted(named ^ given))
        raise ValueError(f"columns and units differ: {odd}")
    told = frame.copy()
    told.attrs["units"] = {str(name): units[str(name)] for name in frame.columns}
    return told


def units_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return the unit of each column of a table made by :func:`with_units`."""
    units: dict[str, str] = frame.attrs["units"]
    return units
